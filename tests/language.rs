//! The printed form of a question parses back to it; no text makes the parser panic; what is asked
//! in words is what the value asks.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod support;

use proptest::prelude::*;
use support::{ask, environment, table};
use tmq::catalogue::Noun;
use tmq::graph::Measure;
use tmq::model::Effort;
use tmq::query::{
    CODES, Clause, Comparison, Predicate, Quantifier, Query, QueryError, Question, Role, Selector, Session, Stage,
    Through, Value, WORDS as WORDS_OF_THE_LANGUAGE, columns as columns_of, execute, parse_question, parse_script,
    reference, stored, stored_named, words_of,
};
use tmq::render::{Format, Style, render};

fn selectors() -> impl Strategy<Value = Selector> {
    let leaf = prop_oneof![
        "[a-z][a-z0-9-]{0,8}|T1[0-9]{3}|eks@\\*|2fa".prop_map(|word| Selector::word(&word)),
        "[ -~é]{1,8}".prop_map(Selector::Quoted),
        "[a-z][a-z0-9-]{0,5}".prop_map(Selector::Variable),
        ("[a-z][a-z-]{0,6}", "[a-z0-9*.-]{1,8}").prop_map(|(field, value)| Selector::Facet { field, value }),
    ];
    // Operators alternate: a list within a list of its kind is one list.
    let not = leaf.clone().prop_map(|part| Selector::Not(Box::new(part)));
    let meet = prop::collection::vec(prop_oneof![leaf.clone(), not], 2..4).prop_map(Selector::Meet);
    let union = prop::collection::vec(prop_oneof![leaf.clone(), meet.clone()], 2..4).prop_map(Selector::Union);
    prop_oneof![3 => leaf, 1 => meet, 1 => union]
}

fn quantifiers() -> impl Strategy<Value = Option<Quantifier>> {
    prop::option::of(prop_oneof![Just(Quantifier::Any), Just(Quantifier::All), Just(Quantifier::Each)])
}

fn clauses() -> impl Strategy<Value = Option<Clause>> {
    prop::option::of((quantifiers(), selectors()).prop_map(|(quantifier, selector)| Clause { quantifier, selector }))
}

fn columns() -> impl Strategy<Value = String> {
    "[a-z][a-z_]{0,6}"
        .prop_filter("words of conditions come first", |c| !["not", "desc", "asc", "by"].contains(&c.as_str()))
}

fn predicates() -> impl Strategy<Value = Predicate> {
    let value =
        prop_oneof![(0_i64..100_000).prop_map(Value::Number), "[a-z][a-z0-9*-]{0,6}|[ -~]{0,6}".prop_map(Value::Text),];
    let signs = prop_oneof![
        Just(Comparison::Equal),
        Just(Comparison::Unequal),
        Just(Comparison::Less),
        Just(Comparison::AtMost),
        Just(Comparison::More),
        Just(Comparison::AtLeast),
        Just(Comparison::Like),
        Just(Comparison::Has),
    ];
    let one = (columns(), signs, value.clone()).prop_map(|(column, comparison, value)| Predicate::Test {
        column,
        comparison,
        values: vec![value],
    });
    let many = (columns(), prop::collection::vec(value, 1..3)).prop_map(|(column, values)| Predicate::Test {
        column,
        comparison: Comparison::In,
        values,
    });
    let test = prop_oneof![3 => one, 1 => many];
    let not = test.clone().prop_map(|part| Predicate::Not(Box::new(part)));
    let and = prop::collection::vec(prop_oneof![test.clone(), not], 2..4).prop_map(Predicate::And);
    let or = prop::collection::vec(prop_oneof![test.clone(), and.clone()], 2..4).prop_map(Predicate::Or);
    let negated = or.clone().prop_map(|part| Predicate::Not(Box::new(part)));
    prop_oneof![test, and, or, negated]
}

fn stages() -> impl Strategy<Value = Stage> {
    let nouns: Vec<Noun> = Noun::ALL.iter().map(|(noun, _)| *noun).collect();
    prop_oneof![
        predicates().prop_map(Stage::Where),
        prop::collection::vec(columns(), 1..4).prop_map(Stage::Select),
        (columns(), any::<bool>()).prop_map(|(column, descending)| Stage::Sort { column, descending }),
        (0_usize..1000).prop_map(Stage::Limit),
        prop::collection::vec(columns(), 0..3).prop_map(Stage::Count),
        prop::sample::select(nouns).prop_map(Stage::Things),
    ]
}

fn questions() -> impl Strategy<Value = Query> {
    let ends = (clauses(), clauses(), clauses(), clauses());
    let sets = prop::collection::vec(clauses(), 4);
    let through = prop::option::of((quantifiers(), prop::collection::vec(selectors(), 1..3)));
    let by = prop_oneof![Just(Measure::Effort), Just(Measure::Steps), Just(Measure::Hardest)];
    let kinds = prop_oneof![
        Just(Question::Path),
        Just(Question::Paths),
        Just(Question::Reach),
        Just(Question::Exposure),
        Just(Question::Cuts)
    ];
    let numbers = (prop::option::of(0_usize..500), prop::option::of((0_u32..5_000).prop_map(Effort)));
    let shape = (prop::collection::vec(stages(), 0..4), prop::option::of("text|json|svg|dot"));
    (kinds, ends, sets, through, by, numbers, shape).prop_map(
        |(question, ends, sets, through, by, (limit, beyond), shape)| {
            let mut query = Query::new(question);
            (query.from, query.to, query.on, query.with) = ends;
            let mut sets = sets.into_iter();
            let mut next = || sets.next().flatten();
            (query.avoiding, query.within, query.without, query.assuming) = (next(), next(), next(), next());
            query.through = through.map(|(quantifier, stages)| Through { quantifier, stages });
            (query.by, query.limit, query.beyond) = (by, limit, beyond);
            (query.stages, query.form) = shape;
            query
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_printed_form_of_a_question_parses_back_to_it(query in questions()) {
        let printed = query.to_string();
        match parse_question(&printed) {
            Ok(parsed) => prop_assert_eq!(parsed, query, "{}", printed),
            Err(error) => prop_assert!(false, "{printed}: {error}"),
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        let _ = parse_script(&text);
    }

    #[test]
    fn no_text_of_words_of_the_language_panics_or_names_a_rule(
        words in prop::collection::vec(prop::sample::select(WORDS.to_vec()), 0..14)
    ) {
        let text = words.join(" ");
        let mut session = Session::default();
        for parsed in parse_script(&text).map_err(|error| told(&error)).into_iter().flatten() {
            if let Ok(Some(query)) = session.take(parsed.statement.clone()).map_err(|error| told(&error)) {
                let _ = execute(&environment(), &query).map_err(|error| told(&parsed.placed(error, &text)));
            }
        }
    }
}

const WORDS: [&str; 44] = [
    "path",
    "paths",
    "reach",
    "exposure",
    "explain",
    "steps",
    "positions",
    "techniques",
    "from",
    "to",
    "on",
    "with",
    "without",
    "through",
    "then",
    "avoiding",
    "within",
    "assuming",
    "by",
    "limit",
    "each",
    "all",
    "any",
    "|",
    "where",
    "select",
    "sort",
    "count",
    "as",
    "cloud-role",
    "cluster-admin",
    "eks",
    "profile:article",
    "T1611",
    "imdsv2",
    "effort",
    "3",
    ",",
    "&",
    "!",
    "(",
    ")",
    ";",
    "$x",
];

/// An error is for people: its words are not those of the grammar, its place lies in its text.
fn told(error: &QueryError) {
    for text in [&error.message, &error.help] {
        assert!(!text.contains('_') || text.contains('`'), "{text}");
        assert!(!text.is_empty());
    }
    if let Some(span) = &error.span {
        assert!(span.range.end <= span.text.len() && span.text.get(span.range.clone()).is_some(), "{error:?}");
    }
}

#[test]
fn stages_shape_a_listing() {
    let asked = |text: &str| ask(&parse_question(text).unwrap()).unwrap();
    let all = asked("steps grants:cluster-admin");
    let cheap = asked(
        "steps grants:cluster-admin | where effort <= 2 and not on has paas | sort effort desc | limit 4 | select id, effort",
    );
    assert!(table(&all).rows.len() > table(&cheap).rows.len());
    assert_eq!(table(&cheap).columns, ["id", "effort"]);
    assert_eq!(table(&cheap).rows.len(), 4);
    let counts = asked("positions | count by layer");
    let total = asked("positions | count");
    let number = |cell: &tmq::answer::Cell| match cell {
        tmq::answer::Cell::Number(number) => *number,
        cell => panic!("{cell:?} is no number"),
    };
    let sum: i64 = table(&counts).rows.iter().map(|row| number(&row[1])).sum();
    assert_eq!(sum, number(&table(&total).rows[0][0]));
}

#[test]
fn a_noun_takes_the_things_that_rows_name() {
    let answer =
        ask(&parse_question("paths from cloud-role to cluster-admin on eks limit 3 | techniques | count by id")
            .unwrap());
    let answer = answer.unwrap();
    assert!(table(&answer).rows.len() > 1);
    assert_eq!(answer.kind, "counts");
}

#[test]
fn what_let_and_assume_say_is_in_the_question() {
    let mut session = Session::default();
    let text = "let crown = cluster-admin, cloud-admin; assume on eks with mfa; path to each $crown on gke; path to node-root; assume nothing; path to node-root";
    let mut printed = Vec::new();
    for parsed in parse_script(text).unwrap() {
        if let Some(query) = session.take(parsed.statement).unwrap() {
            printed.push(query.to_string());
        }
    }
    let expected = [
        "path to each cluster-admin, cloud-admin on gke with mfa",
        "path to node-root on eks with mfa",
        "path to node-root",
    ];
    assert_eq!(printed, expected);
}

#[test]
fn every_example_of_the_vocabulary_is_answered() {
    for word in WORDS_OF_THE_LANGUAGE {
        let mut session = Session::default();
        let mut answered = 0;
        for parsed in parse_script(word.example).unwrap() {
            if let Some(query) = session.take(parsed.statement).unwrap() {
                let answer = ask(&query).unwrap_or_else(|error| panic!("{}: {error}", word.example));
                answered += 1;
                let empty = match &answer.body {
                    tmq::answer::Body::Plans(plans) => plans.rows.is_empty(),
                    tmq::answer::Body::Table(table) => table.rows.is_empty(),
                    tmq::answer::Body::Findings(findings) => findings.table.rows.is_empty(),
                    tmq::answer::Body::Cards(cards) => cards.is_empty(),
                    tmq::answer::Body::Replays(replays) => replays.rows.is_empty(),
                };
                assert!(!empty, "{} finds nothing", word.example);
            }
        }
        assert!(answered > 0 && word.example.contains(word.word), "{}", word.word);
        assert!(word.meaning.ends_with(['.', ')']) || word.meaning.ends_with("nothing."), "{}", word.meaning);
    }
}

#[test]
fn every_noun_and_every_format_is_in_the_vocabulary() {
    for (_, noun) in Noun::ALL {
        assert!(words_of(Role::Noun).any(|word| word.word == noun), "{noun}");
    }
    for format in tmq::render::Format::ALL {
        assert!(words_of(Role::Format).any(|word| word.word == format.word()), "{format}");
    }
}

#[test]
fn the_reference_page_is_the_vocabulary() {
    let path = "docs/LANGUAGE.md";
    if std::env::var_os("TMQ_BLESS").is_some() {
        std::fs::write(path, reference()).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(kept == reference(), "{path} is out of date: TMQ_BLESS=1 cargo test --test language");
}

#[test]
fn every_stored_query_is_answered_and_says_what_it_asks() {
    let all = stored();
    assert!(all.len() >= 40, "{}", all.len());
    for query in all {
        assert!(query.doc.ends_with('.') && query.doc.split(' ').count() > 3, "{}: {}", query.name, query.doc);
        let mut session = query.session(&[]).unwrap();
        let mut answered = 0;
        for parsed in parse_script(query.text).unwrap_or_else(|error| panic!("{}: {error}", query.name)) {
            if let Some(asked) = session.take(parsed.statement).unwrap() {
                let answer = ask(&asked).unwrap_or_else(|error| panic!("{}: {error}", query.name));
                assert!(answer.exact, "{}", query.name);
                let empty = match &answer.body {
                    tmq::answer::Body::Plans(plans) => plans.rows.is_empty(),
                    tmq::answer::Body::Table(table) => table.rows.is_empty(),
                    tmq::answer::Body::Findings(findings) => findings.table.rows.is_empty(),
                    tmq::answer::Body::Cards(cards) => cards.is_empty(),
                    tmq::answer::Body::Replays(replays) => replays.rows.is_empty(),
                };
                // No plan is an answer, if it says what blocks it.
                assert!(!empty || !answer.notes.is_empty(), "{} finds nothing", query.name);
                answered += 1;
            }
        }
        assert!(answered > 0, "{}", query.name);
    }
}

#[test]
fn parameters_of_stored_queries_are_bound_or_refused() {
    let query = stored_named("crown-jewels").unwrap();
    let mut session = query.session(&[("on".to_owned(), "gke".to_owned())]).unwrap();
    let asked: Vec<_> =
        parse_script(query.text).unwrap().into_iter().filter_map(|p| session.take(p.statement).unwrap()).collect();
    assert!(asked[0].to_string().contains(" on gke"), "{}", asked[0]);
    assert_eq!(query.session(&[("onn".to_owned(), "gke".to_owned())]).unwrap_err().help, "did you mean `on`?");
    assert_eq!(stored_named("crown-jewel").unwrap_err().help, "did you mean `crown-jewels`?");
}

/// The code with which a script is refused.
fn refused_with(text: &str) -> Option<&'static str> {
    let statements = match parse_script(text) {
        Ok(statements) => statements,
        Err(error) => return Some(error.code),
    };
    let mut session = Session::default();
    for parsed in statements {
        let answer =
            session.take(parsed.statement).and_then(|query| query.map(|q| ask(&q).map(|a| (q, a))).transpose());
        match answer {
            Ok(None) => {}
            Ok(Some((query, answer))) => {
                let form = query.form.as_deref().and_then(Format::from_word).unwrap_or(Format::Text);
                if render(&answer, form, Style::default()).is_err() {
                    return Some("format");
                }
            }
            Err(error) => return Some(error.code),
        }
    }
    None
}

#[test]
fn every_error_code_is_explained_and_its_example_refused_with_it() {
    assert!(CODES.is_sorted_by_key(|code| code.word));
    let unasked: Vec<&str> = CODES.iter().filter(|code| code.example.is_empty()).map(|code| code.word).collect();
    // These come of the command line, of files, of a prompt, of a length or of a code that is not current.
    let expected = [
        "graphviz",
        "nothing-yet",
        "retired-code",
        "too-long",
        "unknown-command",
        "unknown-parameter",
        "unknown-topic",
        "unreadable",
        "unwritable",
        "usage",
    ];
    assert_eq!(unasked, expected);
    for code in CODES {
        assert!(code.meaning.ends_with('.') && code.advice.ends_with('.'), "{}", code.word);
        if !code.example.is_empty() {
            assert_eq!(refused_with(code.example), Some(code.word), "{}", code.example);
        }
        let answer = ask(&parse_question(&format!("explain {}", code.word)).unwrap()).unwrap();
        let tmq::answer::Body::Cards(cards) = &answer.body else { panic!("no cards") };
        assert!(cards.iter().any(|card| card.sort == "error"), "{}", code.word);
    }
    let long = format!("explain \"{}\"", "x".repeat(70_000));
    assert_eq!(refused_with(&long), Some("too-long"));
}

#[test]
fn several_each_ask_the_product_in_the_order_of_their_columns() {
    let query = parse_question(
        "path from each ci-runner, cloud-role to cluster-admin avoiding each T1611, node-root on each eks, gke \
         with profile:article without each imdsv2, mfa | select from, avoiding, on, without, effort",
    )
    .unwrap();
    let answer = ask(&query).unwrap();
    let rows = &table(&answer).rows;
    assert!(rows.len() > 12 && rows.len() <= 16, "{}", rows.len());
    let keys: Vec<String> = rows.iter().map(|row| format!("{:?}", &row[..4])).collect();
    let mut once = keys.clone();
    once.dedup();
    assert_eq!(keys, once, "one plan for each question");
    for row in rows {
        let word = |cell: &tmq::answer::Cell| {
            if let tmq::answer::Cell::Text(text) = cell { text.clone() } else { String::new() }
        };
        let alone = format!(
            "path from {} to cluster-admin avoiding {} on {} with profile:article without {} | select effort",
            word(&row[0]),
            word(&row[1]),
            word(&row[2]),
            word(&row[3])
        );
        let single = ask(&parse_question(&alone).unwrap()).unwrap();
        assert_eq!(table(&single).rows[0][0], row[4], "{alone}");
    }
}

#[test]
fn columns_are_known_from_names_alone() {
    let accepted = std::fs::read_to_string("tests/corpus/accepted.txt").unwrap();
    let mut asked = 0;
    for line in accepted.lines().filter(|line| !line.is_empty()) {
        let mut session = Session::default();
        for parsed in parse_script(line).unwrap() {
            let Some(query) = session.take(parsed.statement).unwrap() else { continue };
            let answer = ask(&query).unwrap_or_else(|error| panic!("{line}: {error}"));
            assert_eq!(
                columns_of(tmq::catalogue::builtin(), &query).unwrap(),
                tmq::answer::flat(&answer).columns,
                "{line}"
            );
            asked += 1;
        }
    }
    assert!(asked > 100);
}

#[test]
fn a_wrong_column_is_told_before_anything_is_searched() {
    // A search that takes minutes, if it is begun.
    let query =
        parse_question("paths from internet to each class:impact on each * limit 50 | where efort < 3").unwrap();
    let start = std::time::Instant::now();
    assert_eq!(ask(&query).unwrap_err().code, "unknown-column");
    assert!(start.elapsed() < std::time::Duration::from_secs(20));
}

#[test]
fn a_value_that_no_row_has_is_remarked() {
    let answer = ask(&parse_question("steps | where not detected-by has runtime-detection").unwrap()).unwrap();
    assert!(answer.notes.iter().any(|note| note.contains("no row has `runtime-detection`")), "{:?}", answer.notes);
    let answer = ask(&parse_question("positions | where layer = platfrom").unwrap()).unwrap();
    assert!(answer.notes.iter().any(|note| note.contains("did you mean `platform`?")), "{:?}", answer.notes);
    let answer = ask(&parse_question("positions | where layer = platform").unwrap()).unwrap();
    assert!(answer.notes.is_empty());
}

#[test]
fn what_steps_name_is_taken_out_of_plans() {
    let asked = |noun: &str| {
        let text = format!("paths from cloud-role to cluster-admin on eks limit 3 | {noun} | count by id");
        let answer = ask(&parse_question(&text).unwrap()).unwrap();
        table(&answer).rows.iter().map(|row| format!("{:?}", row[0])).collect::<Vec<_>>()
    };
    for noun in
        ["steps", "techniques", "tactics", "mitigations", "detections", "positions", "vectors", "sources", "hostings"]
    {
        assert!(!asked(noun).is_empty(), "{noun}");
    }
    let on_the_way = asked("positions");
    assert!(on_the_way.iter().any(|id| id.contains("platform-api-reach")), "{on_the_way:?}");
}
