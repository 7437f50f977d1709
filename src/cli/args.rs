//! The arguments: every subcommand is a thin spelling of a query.

use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::catalogue::Noun;
use crate::graph::Measure;
use crate::model::Effort;
use crate::query::{Clause, Quantifier, Query, QueryError, Question, Selector, Through, parse_selector};
use crate::render::Format;

const EXIT_CODES: &str = "Exit codes: 0 answered (an empty answer with its reason is an answer), \
2 usage or query error, 3 a file is wrong or cannot be written, 4 undecided within the search limit. \
1 is kept for assertions, and for a catalogue check that fails.";

/// The whole command. Subcommands are built only when they are asked for.
pub(super) fn command() -> Command {
    Command::new("tmq")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Attack paths to container platforms, computed from a compiled-in knowledge graph")
        .after_help(EXIT_CODES)
        .disable_help_subcommand(true)
        .subcommand(Command::new("repl").about("The prompt: questions in the query language, one after the other"))
        .subcommand(
            Command::new("path").about("The best attack plan, and its effort on every hosting option").defer(graph),
        )
        .subcommand(Command::new("paths").about("The k best attack plans").defer(graph))
        .subcommand(Command::new("reach").about("Everything obtainable from a foothold (blast radius)").defer(graph))
        .subcommand(Command::new("exposure").about("Every position from which an objective is obtainable").defer(graph))
        .subcommands(
            DEFENCES.map(|(question, about)| Command::new(question.word()).about(about).defer(defence(question))),
        )
        .subcommand(
            Command::new("replay")
                .about("Whether published attacks would go under the mitigations in force, move by move")
                .defer(replay),
        )
        .subcommand(Command::new("cases").about("Published attacks: all of them, or those that fit").defer(cases))
        .subcommand(Command::new("list").about("Things of one sort, with the columns people need").defer(list))
        .subcommand(Command::new("explain").about("Cards about things of any sort, old codes included").defer(explain))
        .subcommand(
            Command::new("query").about("Questions in the query language, as text or from a file").defer(language),
        )
        .subcommand(Command::new("queries").about("Stored queries: all of them, or the answer of one").defer(stored))
        .subcommand(Command::new("catalogue").about("The catalogue itself").defer(catalogue))
        .subcommand(
            Command::new("help")
                .about("Help on a command, on the query language, or on one of its words")
                .arg(Arg::new("topic").value_name("TOPIC").help("A command, `language`, or a word such as `through`")),
        )
        .subcommand(Command::new("completions").about("Completions for a shell").defer(completions))
}

fn set(name: &'static str, short: Option<char>, help: &'static str) -> Arg {
    let arg = Arg::new(name).long(name).help(help).num_args(1..).action(ArgAction::Append).value_name("SELECTOR");
    match short {
        Some(short) => arg.short(short),
        None => arg,
    }
}

/// Questions about what stops the attacker.
const DEFENCES: [(Question, &str); 9] = [
    (Question::Cuts, "The cheapest further mitigations after which no plan is left, with what proves it"),
    (Question::Rank, "What each further mitigation would do by itself, the most useful first"),
    (Question::Roadmap, "Sets of mitigations, each within the next, for ever dearer cheapest plans"),
    (Question::Curve, "What every sum buys: the least cost of each effort that can be had"),
    (Question::Chokes, "Positions, steps and techniques that every plan has"),
    (Question::Why, "Why there is no plan, and what would have to change"),
    (Question::Fragile, "What comes back when one mitigation in force fails"),
    (Question::Watch, "The cheapest sensors that see every plan in time"),
    (Question::Gaps, "Steps open to the attacker that nothing prevents or sees"),
];

/// The clauses of a question about defences, by its word: a function without state, as `defer` wants it.
fn defence(question: Question) -> fn(Command) -> Command {
    match question {
        Question::Rank => |command| further(command, Question::Rank),
        Question::Roadmap => |command| further(command, Question::Roadmap),
        Question::Curve => |command| further(command, Question::Curve),
        Question::Chokes => |command| further(command, Question::Chokes),
        Question::Why => |command| further(command, Question::Why),
        Question::Fragile => |command| further(command, Question::Fragile),
        Question::Watch => |command| further(command, Question::Watch),
        Question::Gaps => |command| further(command, Question::Gaps),
        _ => |command| further(command, Question::Cuts),
    }
}

fn further(command: Command, question: Question) -> Command {
    let points = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).value_parser(clap::value_parser!(Effort)).help(help)
    };
    let whole = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name("N").value_parser(clap::value_parser!(usize)).help(help)
    };
    let mut command = clauses(command);
    for word in question.takes() {
        let arg = match *word {
            "beyond" => points("beyond", "EFFORT", "It is enough that every plan costs more effort than this"),
            "spending" => points("spending", "COST", "What a set of mitigations may cost at most"),
            "including" => set("including", None, "Mitigations that every set must have"),
            "costing" => Arg::new("cost")
                .long("cost")
                .value_name("SET=N")
                .action(ArgAction::Append)
                .help("What something costs where it is not what the catalogue says, such as mfa=3"),
            "surviving" => whole("surviving", "The set must hold when any one mitigation fails: 1"),
            "early" => whole("early", "Plans are seen with so many attacks still to come [default: 1]"),
            _ => Arg::new("limit").long("limit").short('k').value_name("N").help(match question {
                Question::Rank => "How many rows [default: 20]",
                Question::Roadmap => "How many rungs [default: 12]",
                Question::Chokes => "How many of the best plans are looked at [default: 20]",
                Question::Why => "How many of each sort of reason [default: 5]",
                _ => "How many sets [default: 1]; `optimal` for every set of the least cost, at most 1000",
            }),
        };
        command = command.arg(arg);
    }
    output(command)
}

fn graph(command: Command) -> Command {
    let command = clauses(command)
        .arg(
            Arg::new("by")
                .long("by")
                .value_name("MEASURE")
                .value_parser(Measure::ALL.map(Measure::word))
                .help("What plans are ordered by [default: effort]"),
        )
        .arg(
            Arg::new("limit")
                .long("limit")
                .short('k')
                .value_name("N")
                .value_parser(clap::value_parser!(usize))
                .help("How many plans [default: 1 for path, 5 for paths]"),
        );
    output(command)
}

fn clauses(command: Command) -> Command {
    command
        .arg(set("from", Some('f'), "What the attacker holds at the start (all of it) [default: internet]"))
        .arg(set("to", Some('t'), "The objective: any of these; `all a, b` for all; `each …` for one question each"))
        .arg(set("on", None, "Hosting options, flavours, providers or groups; `each` compares them"))
        .arg(set("with", None, "Mitigations or profile:NAME taken to be on"))
        .arg(set("without", None, "Mitigations taken to be off, after --with"))
        .arg(set("through", None, "Positions, steps or techniques that plans must pass; `a then b` in this order"))
        .arg(set("avoiding", None, "Positions, steps, techniques or tactics removed from the graph"))
        .arg(set("within", None, "The only positions that may be held on the way, beside what everybody holds"))
        .arg(set("assuming", None, "Positions held that do not count as a foothold"))
        .arg(
            Arg::new("search-limit")
                .long("search-limit")
                .value_name("N")
                .value_parser(clap::value_parser!(u64))
                .help("Most expansions of the plan search"),
        )
}

fn output(command: Command) -> Command {
    command
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("FORMAT")
                .value_parser(Format::ALL.map(Format::word))
                .help("How the answer is written [default: text]"),
        )
        .arg(
            Arg::new("render")
                .long("render")
                .value_name("PICTURE")
                .value_parser(["svg", "png", "pdf"])
                .conflicts_with("format")
                .help("Draw the plans with Graphviz, if it is installed; `--format svg` needs nothing"),
        )
        .arg(
            Arg::new("theme")
                .long("theme")
                .value_name("THEME")
                .value_parser(["light", "dark"])
                .help("Colours of a drawing [default: light]"),
        )
        .arg(Arg::new("stops").long("stops").action(ArgAction::SetTrue).help("Show in a drawing what stops each step"))
        .arg(Arg::new("output").long("output").short('o').value_name("FILE").help("Write the answer to a file"))
        .arg(
            Arg::new("verbose")
                .long("verbose")
                .short('v')
                .action(ArgAction::SetTrue)
                .help("Show evidence and all columns"),
        )
        .arg(
            Arg::new("show-query")
                .long("show-query")
                .action(ArgAction::SetTrue)
                .help("Print the question in canonical form instead of answering it"),
        )
}

fn list(command: Command) -> Command {
    let nouns: Vec<&'static str> = Noun::ALL.iter().map(|(_, word)| *word).collect();
    let command =
        command.arg(Arg::new("noun").required(true).value_name("NOUN").value_parser(nouns).help("What to list")).arg(
            Arg::new("subject")
                .value_name("SELECTOR")
                .num_args(0..)
                .help("Which of them, for example `layer:platform & class:admin`"),
        );
    output(command)
}

fn cases(command: Command) -> Command {
    let which = Arg::new("subject")
        .value_name("SELECTOR")
        .num_args(0..)
        .help("Which of them, for example `kind:incident & provider:aws`");
    output(command.arg(which))
}

fn replay(command: Command) -> Command {
    let command = command
        .arg(
            Arg::new("subject")
                .value_name("SELECTOR")
                .num_args(1..)
                .required_unless_present("all")
                .help("Cases by name or by field, for example `kind:incident & on:eks`"),
        )
        .arg(
            Arg::new("all")
                .long("all")
                .action(ArgAction::SetTrue)
                .conflicts_with("subject")
                .help("Every case there is"),
        )
        .arg(set(
            "on",
            None,
            "Hosting options [default: the first on which the case happened]; `each` asks all of them",
        ))
        .arg(set("with", None, "Mitigations or profile:NAME taken to be on"))
        .arg(set("without", None, "Mitigations taken to be off, after --with"))
        .arg(
            Arg::new("search-limit")
                .long("search-limit")
                .value_name("N")
                .value_parser(clap::value_parser!(u64))
                .help("Most expansions of the search for another way"),
        );
    output(command)
}

fn explain(command: Command) -> Command {
    let command =
        command.arg(Arg::new("subject").required(true).value_name("ID").num_args(1..).help("Slugs, codes or names"));
    output(command)
}

fn language(command: Command) -> Command {
    let command = command.arg(
        Arg::new("text")
            .required(true)
            .value_name("TEXT")
            .help("The text, FILE.tmq, or `-` for standard input")
            .long_help(
                "The text itself, the name of a file that ends in `.tmq`, or `-` for standard input. \
                 Statements are parted by `;`. Example: \
                 `paths from cloud-role to cluster-admin on each managed limit 1 | sort effort`",
            ),
    );
    output(command)
}

fn stored(command: Command) -> Command {
    let command = command.arg(Arg::new("name").value_name("NAME").help("Which stored query to answer")).arg(
        Arg::new("param")
            .long("param")
            .value_name("NAME=VALUE")
            .action(ArgAction::Append)
            .help("A parameter of the query, such as `on=gke`"),
    );
    output(command)
}

fn catalogue(command: Command) -> Command {
    command
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(Command::new("check").about("Examine the catalogue as data").defer(output))
        .subcommand(
            Command::new("coverage").about("Show how much is known of each position on each provider").defer(output),
        )
        .subcommand(Command::new("notice").about("What the compiled-in sources ask to be said"))
}

fn completions(command: Command) -> Command {
    command.arg(
        Arg::new("shell")
            .required(true)
            .value_name("SHELL")
            .value_parser(clap::value_parser!(clap_complete::Shell))
            .help("Which shell"),
    )
}

/// The query that the arguments of a subcommand spell.
pub(super) fn query(name: &str, matches: &ArgMatches) -> Result<Query, QueryError> {
    let question = match name {
        "explain" => Question::Explain,
        "replay" => Question::Replay,
        "cases" => Question::List(Noun::Cases),
        _ => Question::from_word(name).unwrap_or_else(|| {
            let noun = matches.get_one::<String>("noun").and_then(|n| Noun::from_word(n));
            Question::List(noun.unwrap_or(Noun::Positions))
        }),
    };
    let mut query = Query::new(question);
    if matches!(question, Question::List(_) | Question::Explain) {
        query.subject = subject(matches, question)?;
        return Ok(query);
    }
    if question == Question::Replay {
        query.subject = if matches.get_flag("all") { Some(Selector::word("*")) } else { subject(matches, question)? };
        query.on = clause(matches, "on")?;
        query.with = clause(matches, "with")?;
        query.without = clause(matches, "without")?;
        return Ok(query);
    }
    let takes = |word: &str| question.takes().contains(&word);
    for (name, slot) in query.sets_mut() {
        if name != "including" || takes(name) {
            *slot = clause(matches, name)?;
        }
    }
    query.through = through(matches)?;
    let effort = |name: &str| matches.try_get_one::<Effort>(name).ok().flatten().copied();
    let whole = |name: &str| matches.try_get_one::<usize>(name).ok().flatten().copied();
    (query.beyond, query.spending) = (effort("beyond"), effort("spending"));
    (query.surviving, query.early) = (whole("surviving"), whole("early"));
    if takes("costing") {
        query.costing = prices(matches)?;
    }
    if takes("by") {
        query.by = matches.get_one::<String>("by").and_then(|word| Measure::from_word(word)).unwrap_or_default();
        query.limit = whole("limit");
    } else if takes("limit") {
        (query.limit, query.optimal) = at_most(matches)?;
    }
    Ok(query)
}

/// What `--limit` says where it may be a word.
fn at_most(matches: &ArgMatches) -> Result<(Option<usize>, bool), QueryError> {
    let Some(text) = matches.get_one::<String>("limit") else { return Ok((None, false)) };
    if text == "optimal" {
        return Ok((None, true));
    }
    let number = text.parse().map(Some).map_err(|_| {
        let message = format!("`{text}` is no number of sets");
        QueryError::new("limit", message, "give a whole number, or `optimal`").at("limit", text, text)
    });
    Ok((number?, false))
}

/// What things cost: `mfa=3`, `kind:idp=2`.
fn prices(matches: &ArgMatches) -> Result<Vec<(Selector, Effort)>, QueryError> {
    let texts = matches.get_many::<String>("cost").into_iter().flatten();
    let price = |text: &String| {
        let wrong = |message: String| {
            QueryError::new("limit", message, "write what it is for and a number: `--cost mfa=3`")
                .at("cost", text, text)
        };
        let (what, cost) = text.rsplit_once('=').ok_or_else(|| wrong(format!("`{text}` says no cost")))?;
        let cost = cost.trim().parse().map_err(|_| wrong(format!("`{}` is no cost", cost.trim())))?;
        Ok((parse_selector("costing", what)?, cost))
    };
    texts.map(price).collect()
}

fn subject(matches: &ArgMatches, question: Question) -> Result<Option<Selector>, QueryError> {
    let words: Vec<&String> = matches.get_many::<String>("subject").into_iter().flatten().collect();
    if words.is_empty() {
        return Ok(None);
    }
    if question == Question::Explain {
        let names = words.iter().flat_map(|w| w.split(',')).map(str::trim).filter(|w| !w.is_empty());
        return Ok(Some(Selector::union(names.map(|n| Selector::Quoted(n.to_owned())).collect())));
    }
    let text = words.iter().map(|w| w.as_str()).collect::<Vec<_>>().join(" ");
    parse_selector(if question == Question::Replay { "replay" } else { "list" }, &text).map(Some)
}

/// The text of a flag: its words joined by spaces, its repetitions by commas.
fn text(matches: &ArgMatches, name: &str) -> Option<String> {
    let uses = matches.get_occurrences::<String>(name)?;
    let uses = uses.map(|words| words.map(String::as_str).collect::<Vec<_>>().join(" "));
    Some(uses.collect::<Vec<_>>().join(", "))
}

fn clause(matches: &ArgMatches, name: &str) -> Result<Option<Clause>, QueryError> {
    let Some(text) = text(matches, name) else { return Ok(None) };
    let (quantifier, rest) = quantified(&text);
    let selector = match (quantifier, rest.trim(), name) {
        (Some(Quantifier::Each), "", "on") => Selector::word("*"),
        _ => parse_selector(name, rest)?,
    };
    Ok(Some(Clause { quantifier, selector }))
}

/// A leading `any`, `all` or `each`, and the rest; a lone `any` or `all` is a name.
fn quantified(text: &str) -> (Option<Quantifier>, &str) {
    let trimmed = text.trim_start();
    for (word, quantifier) in [("each", Quantifier::Each), ("all", Quantifier::All), ("any", Quantifier::Any)] {
        if let Some(rest) = trimmed.strip_prefix(word)
            && (rest.starts_with(char::is_whitespace) || (rest.is_empty() && word == "each"))
        {
            return (Some(quantifier), rest.trim_start());
        }
    }
    (None, text)
}

fn through(matches: &ArgMatches) -> Result<Option<Through>, QueryError> {
    let Some(text) = text(matches, "through") else { return Ok(None) };
    let (quantifier, rest) = quantified(&text);
    let stages = rest.split(" then ").map(|stage| parse_selector("through", stage));
    Ok(Some(Through { quantifier, stages: stages.collect::<Result<_, _>>()? }))
}
