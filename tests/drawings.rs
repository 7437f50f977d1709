//! Names from outside cannot break out of a drawing, a table or a terminal.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation, reason = "a test may fail")]

mod support;

use std::io::Write;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use support::paths;
use tmq::analysis::Limits;
use tmq::answer::Answer;
use tmq::catalogue::builtin;
use tmq::graph::{AttackGraph, Inventory, InventoryBuilder};
use tmq::query::{Environment, Selector, execute};
use tmq::render::{Format, Style, render};

/// An inventory of one cluster whose assets carry hostile names.
fn hostile(name: &str) -> Inventory {
    let catalogue = builtin();
    let hosting = catalogue.hostings_named("eks@aws");
    let mut builder = InventoryBuilder::new();
    let called = |kind: &str| format!("{kind}{name}");
    for kind in catalogue.kinds.iter() {
        let kind_name = catalogue.str(kind.id);
        builder.asset(catalogue, called(kind_name), kind_name, kind.hosted.then_some(hosting)).unwrap();
    }
    for link in catalogue.links.iter() {
        let kind = |id| called(catalogue.str(catalogue.kind(id).id));
        builder.link(kind(link.from), catalogue.str(link.id), kind(link.to));
    }
    builder.build(catalogue).unwrap()
}

/// Draws the three best plans over an inventory with such names.
fn with_answer(name: &str, see: impl FnOnce(&Answer<'_>)) {
    let inventory = hostile(name);
    let graph = AttackGraph::ground(builtin(), &inventory);
    let environment =
        Environment { catalogue: builtin(), inventory: &inventory, graph: &graph, limits: Limits::default() };
    let mut query = paths("cloud-role", "cluster-admin", "any", 3);
    query.on = None;
    query.from = Some(tmq::query::Clause::of(Selector::word("cloud-role")));
    see(&execute(&environment, &query).unwrap());
}

fn drawn(answer: &Answer<'_>, format: Format) -> String {
    render(answer, format, Style::default()).unwrap()
}

fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[\"\\\\<>{}\\[\\];&#%|\n\r\t'`$ -]{0,12}",
        Just("\"];evil[label=\"x".to_owned()),
        Just("\\\" -> a; \\N \\G &lt;b&gt; <b>".to_owned()),
        Just("%%{init: {}}%% click x call alert()".to_owned()),
        Just("\u{1b}]0;title\u{7}\u{202e}".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_format_lets_control_characters_through(name in names()) {
        with_answer(&name, |answer| {
            for format in [Format::Text, Format::Table, Format::Markdown, Format::Jsonl, Format::Dot, Format::Mermaid] {
                let text = drawn(answer, format);
                let bad = text.chars().find(|c| c.is_control() && *c != '\n');
                assert_eq!(bad, None, "{format}");
            }
        });
    }

    #[test]
    fn quotes_of_a_dot_drawing_close_where_they_should(name in names()) {
        with_answer(&name, |answer| {
            let dot = drawn(answer, Format::Dot);
            // Outside quotes only the syntax of ours may stand.
            let mut outside = String::new();
            let (mut quoted, mut escaped) = (false, false);
            for c in dot.chars() {
                match c {
                    '\\' if quoted && !escaped => { escaped = true; continue }
                    '"' if !escaped => quoted = !quoted,
                    c if !quoted => outside.push(c),
                    _ => {}
                }
                escaped = false;
            }
            assert!(!quoted);
            assert!(outside.chars().all(|c| c.is_ascii_alphanumeric() || " \n{}[]=,;_->.\t".contains(c)), "{outside}");
        });
    }

    #[test]
    fn lines_of_a_mermaid_drawing_have_our_shape_only(name in names()) {
        with_answer(&name, |answer| {
            let text = drawn(answer, Format::Mermaid);
            for line in text.lines().skip(1) {
                let line = line.trim();
                // Only lines of ours name colours.
                let coloured = ["style ", "classDef ", "linkStyle "].iter().any(|word| line.starts_with(word));
                let marks = if coloured { " ,:>-#" } else { " ,:>-" };
                let plain = line.chars().all(|c| c.is_ascii_alphanumeric() || marks.contains(c));
                let label = line.split_once('"').and_then(|(_, rest)| rest.rsplit_once('"')).map(|(label, _)| label);
                let label = label.is_some_and(|l| !l.replace("<br/>", "").contains(['"', '<', '>', '`', '[', ']', '{', '}', '|', '%']));
                assert!(plain || label, "{line}");
            }
        });
    }

    #[test]
    fn elements_of_an_svg_picture_are_ours_and_close_in_order(name in names()) {
        with_answer(&name, |answer| {
            let text = drawn(answer, Format::Svg);
            let plain = tags(&text);
            // Names change texts and identities, never the elements and their other attributes.
            with_answer("-x", |other| assert_eq!(names_of(&plain), names_of(&tags(&drawn(other, Format::Svg)))));
            let mut open = Vec::new();
            for (element, _) in &plain {
                match element.strip_prefix('/') {
                    Some(closed) => assert_eq!(open.pop(), Some(closed.to_owned())),
                    None if element.ends_with('/') => {}
                    None => open.push(element.clone()),
                }
            }
            assert!(open.is_empty());
            assert!(!text.contains("href") || name.contains("href"));
        });
    }

    #[test]
    fn a_markdown_document_has_the_same_parts_whatever_the_names_are(name in names()) {
        let plain = std::cell::RefCell::new(Vec::new());
        with_answer("-x", |answer| *plain.borrow_mut() = parts(&drawn(answer, Format::Markdown)));
        with_answer(&name, |answer| assert_eq!(*plain.borrow(), parts(&drawn(answer, Format::Markdown))));
    }

    #[test]
    fn every_line_of_jsonl_is_an_object_and_the_first_counts_the_others(name in names()) {
        with_answer(&name, |answer| {
            let text = drawn(answer, Format::Jsonl);
            let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            assert_eq!(lines[0]["schema"], "tmq/1");
            assert_eq!(lines[0]["count"].as_u64(), u64::try_from(lines.len() - 1).ok());
            let whole: serde_json::Value = serde_json::from_str(&drawn(answer, Format::Json)).unwrap();
            assert_eq!(whole["rows"].as_array().unwrap().as_slice(), &lines[1..]);
        });
    }

    #[test]
    fn json_of_hostile_names_is_read_back(name in names()) {
        with_answer(&name, |answer| {
            let value: serde_json::Value = serde_json::from_str(&drawn(answer, Format::Json)).unwrap();
            assert!(value["rows"].as_array().is_some_and(|rows| !rows.is_empty()));
            let step = value["rows"][0]["steps"][0]["grants"].as_str().unwrap();
            assert!(step.contains(&name));
        });
    }
}

/// The parts of a Markdown document without their words: names may be code or text, nothing else.
fn parts(text: &str) -> Vec<String> {
    use pulldown_cmark::{Event, Options, Parser};
    let mut parts: Vec<String> = Vec::new();
    for event in Parser::new_ext(text, Options::all()) {
        let part = match event {
            Event::Text(_) | Event::Code(_) => "words".to_owned(),
            other => format!("{other:?}"),
        };
        if part != "words" || parts.last() != Some(&part) {
            parts.push(part);
        }
    }
    parts
}

/// The tags of a document: element (with its slash, if it has one) and attributes.
fn tags(text: &str) -> Vec<(String, Vec<String>)> {
    let mut tags = Vec::new();
    for piece in text.split('<').skip(1) {
        let (tag, _) = piece.split_once('>').expect("a tag ends");
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        let outside: String = tag.split('"').step_by(2).collect();
        let mut words = outside.split_whitespace();
        let element = words.next().unwrap().to_owned();
        let attributes: Vec<String> = words.map(str::to_owned).collect();
        let element = if attributes.last().is_some_and(|a| a.ends_with('/')) { format!("{element}/") } else { element };
        tags.push((element, attributes));
    }
    tags
}

/// The elements that do not depend on the length of a text: long ones are broken into lines.
fn names_of(tags: &[(String, Vec<String>)]) -> Vec<&(String, Vec<String>)> {
    tags.iter().filter(|(element, _)| !matches!(element.as_str(), "text" | "/text")).collect()
}

/// What Graphviz makes of a drawing: `dot -Tdot_json` as JSON.
fn graphviz(dot: &str, layout: &str) -> Vec<u8> {
    let mut child = Command::new("dot")
        .arg(layout)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Graphviz is installed");
    child.stdin.take().unwrap().write_all(dot.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && complaints.is_empty(), "{complaints}");
    output.stdout
}

#[test]
#[ignore = "needs Graphviz; the project's check installs it and runs this"]
fn graphviz_reads_hostile_names_as_labels_and_nothing_else() {
    let count = |name: &str| {
        let mut counts = (0, 0);
        with_answer(name, |answer| {
            let dot = drawn(answer, Format::Dot);
            let json: serde_json::Value = serde_json::from_slice(&graphviz(&dot, "-Tdot_json")).unwrap();
            counts = (json["objects"].as_array().unwrap().len(), json["edges"].as_array().unwrap().len());
            assert_eq!(json["name"], "tmq");
        });
        counts
    };
    let plain = count("-x");
    assert!(plain.0 > 4 && plain.1 > 3, "{plain:?}");
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..40 {
        let name = names().new_tree(&mut runner).unwrap().current();
        assert_eq!(count(&format!("-x{name}")), plain, "{name:?}");
    }
}

#[test]
#[ignore = "needs Graphviz; the project's check installs it and runs this"]
fn graphviz_draws_every_hosting_option() {
    for hosting in support::hostings(builtin()) {
        let answer = support::ask(&paths("internet", "cluster-admin", &hosting, 3)).unwrap();
        let svg = String::from_utf8(graphviz(&drawn(&answer, Format::Dot), "-Tsvg")).unwrap();
        assert!(svg.contains("cluster_platform"), "{hosting}");
    }
}
