//! Every error code: what it means, what to do, and a text that is refused with it.
//!
//! Codes are stable: programs may rely on them. `explain CODE` shows the card; a test asks every example.

use crate::answer::Card;

/// An error code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// The code.
    pub word: &'static str,
    /// The exit code of a command that ends with it.
    pub exit: u8,
    /// What it means, one sentence.
    pub meaning: &'static str,
    /// What to do about it, one sentence.
    pub advice: &'static str,
    /// A script that is refused with it; empty if no question is.
    pub example: &'static str,
}

const fn code(
    word: &'static str,
    exit: u8,
    meaning: &'static str,
    advice: &'static str,
    example: &'static str,
) -> Code {
    Code { word, exit, meaning, advice, example }
}

/// Every code, by word.
pub const CODES: &[Code] = &[
    code(
        "clause",
        2,
        "A clause has no place in this question, stands twice, or cannot be meant this way.",
        "Leave the clause out or ask the question that takes it; `help WORD` says what takes what.",
        "reach from cloud-role to cluster-admin",
    ),
    code(
        "contradiction",
        2,
        "Two clauses of the question exclude each other.",
        "Drop the thing from one of the two clauses.",
        "path from cloud-role to cluster-admin avoiding cloud-role",
    ),
    code(
        "empty-set",
        2,
        "The names are known, but together they mean nothing.",
        "Join names with `,` to mean all of them; `&` keeps only what is both.",
        "path to layer:platform & layer:application",
    ),
    code(
        "format",
        2,
        "The answer cannot be written in the format asked for.",
        "Ask for `text`, `table`, `csv`, `markdown` or `json`; only plans and replays can be drawn.",
        "positions | as dot",
    ),
    code(
        "graphviz",
        3,
        "Graphviz is not installed, failed, or took too long.",
        "Ask for `--format svg`, which needs nothing else.",
        "",
    ),
    code(
        "impossible",
        2,
        "The foothold or the objective exists on none of the hosting options asked.",
        "Ask for hosting options on which both exist; the message names them.",
        "path from cloud-role to cluster-admin on k8s@on-prem",
    ),
    code(
        "late-stage",
        2,
        "Something follows `as`, which ends a question.",
        "Put `as FORMAT` at the end.",
        "positions | as csv | count",
    ),
    code(
        "limit",
        2,
        "A limit is zero, too large, or no whole number.",
        "Ask for between 1 and 10000 plans.",
        "paths to cluster-admin limit 0",
    ),
    code("nothing-yet", 2, "The command needs an answer, and nothing has been asked yet.", "Ask a question first.", ""),
    code(
        "retired-code",
        2,
        "The publisher withdrew the code, and what followed it is not in this catalogue.",
        "List the techniques with `techniques`, and choose one that is current.",
        "",
    ),
    code(
        "stage",
        2,
        "The rows have nothing that the stage could work on.",
        "Take the things out that the rows name; the message lists them.",
        "tactics | hostings",
    ),
    code(
        "syntax",
        2,
        "The text is not a question of the language.",
        "Look at the place that is underlined; `help language` is the reference.",
        "path from",
    ),
    code(
        "too-deep",
        2,
        "Parentheses and complements are nested deeper than 64 levels.",
        "Write the set with fewer parentheses.",
        "path to !!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!internet",
    ),
    code("too-long", 2, "The text is longer than 65536 bytes.", "Use globs and facets in place of long lists.", ""),
    code(
        "too-many",
        2,
        "The question has, or would make, more questions, rows, goals or parts than are allowed at once.",
        "Name fewer members after `each` or `all`, or ask for fewer plans.",
        "path from each * to each * on each *",
    ),
    code(
        "unknown-column",
        2,
        "The rows have no column of that name.",
        "Use one of the columns that the message lists.",
        "positions | sort colour",
    ),
    code("unknown-command", 2, "The prompt has no command of that name.", "`:help` lists the commands.", ""),
    code(
        "unknown-field",
        2,
        "Things of this sort have no field of that name.",
        "Use one of the fields that the message lists.",
        "positions colour:red",
    ),
    code(
        "unknown-name",
        2,
        "Nothing of the sort expected has that name.",
        "Take the name that is suggested, or list the names there are.",
        "path from cloud-rol to cluster-admin",
    ),
    code(
        "unknown-parameter",
        2,
        "The stored query has no parameter of that name.",
        "`queries` lists the stored queries with their parameters.",
        "",
    ),
    code("unknown-topic", 2, "There is no help on that topic.", "`help` lists the topics.", ""),
    code(
        "unknown-value",
        2,
        "Nothing has that value in that field.",
        "Take one of the values that the message lists.",
        "positions class:god",
    ),
    code("unreadable", 3, "A file or standard input cannot be read.", "Name a text file that you may read.", ""),
    code(
        "unwritable",
        3,
        "A file or standard output cannot be written.",
        "Name a file in a folder that exists and that you may write.",
        "",
    ),
    code(
        "usage",
        2,
        "The arguments are not those of a command.",
        "`tmq help` lists the commands, `tmq COMMAND --help` the arguments of one.",
        "",
    ),
    code(
        "wrong-sort",
        2,
        "The clause takes another sort of thing than the name is of.",
        "Put the name into the clause that takes it; the message says which.",
        "path to cluster-admin with cloud-role",
    ),
    code(
        "wrong-type",
        2,
        "The column cannot be compared in this way.",
        "Compare numbers with numbers, words with `=`, `~`, `has` or `in`.",
        "positions | where name < 3",
    ),
];

/// The card of an error code, if the name is one.
pub(super) fn card(name: &str) -> Option<Card> {
    let code = CODES.iter().find(|code| code.word == name)?;
    let mut card =
        Card { id: code.word.to_owned(), sort: "error".to_owned(), name: code.meaning.to_owned(), fields: Vec::new() };
    card.add("what to do", code.advice);
    card.add("refused, for example", code.example);
    card.add("exit code", usize::from(code.exit));
    Some(card)
}
