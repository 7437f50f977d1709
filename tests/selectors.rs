//! The printed form of a set expression parses back to the same expression; no text makes the parser panic.

use proptest::prelude::*;
use tmq::query::{Selector, parse_selector};

/// Selectors as the parser builds them: no list within a list of its kind, none of one member.
fn selectors() -> impl Strategy<Value = Selector> {
    let word = "[a-z][a-z0-9-]{0,8}|T1[0-9]{3}|eks@\\*|any|each|from";
    let leaf = prop_oneof![
        word.prop_map(Selector::Word),
        "[ -~é]{1,8}".prop_map(Selector::Quoted),
        ("[a-z][a-z-]{0,6}", "[a-z0-9*. \"\\\\-]{1,8}").prop_map(|(field, value)| Selector::Facet { field, value }),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let list = proptest::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            list.clone().prop_map(|parts| flat(parts, true)),
            list.prop_map(|parts| flat(parts, false)),
            inner.prop_map(|part| Selector::Not(Box::new(part))),
        ]
    })
}

fn flat(parts: Vec<Selector>, union: bool) -> Selector {
    let mut merged = Vec::new();
    for part in parts {
        match part {
            Selector::Union(inner) if union => merged.extend(inner),
            Selector::Meet(inner) if !union => merged.extend(inner),
            part => merged.push(part),
        }
    }
    if union { Selector::Union(merged) } else { Selector::Meet(merged) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_printed_form_of_a_selector_parses_back_to_it(selector in selectors()) {
        let printed = selector.to_string();
        let parsed = parse_selector("from", &printed);
        // A reserved word is printed in quotes and comes back as a quoted name.
        let plain = |text: &str| text.replace('"', "");
        match parsed {
            Ok(parsed) if parsed == selector => {}
            Ok(parsed) => prop_assert_eq!(plain(&parsed.to_string()), plain(&printed)),
            Err(error) => prop_assert!(false, "{}: {}", printed, error),
        }
    }

    #[test]
    fn no_text_makes_the_selector_parser_panic(text in any::<String>()) {
        let _ = parse_selector("from", &text);
    }
}
