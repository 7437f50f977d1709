//! Near names for one that was not found: by edit distance with transpositions, and by words.

use super::error::Help;
use strsim::damerau_levenshtein;

/// The longest text, in bytes, that can be a slip of a name.
const LONGEST: usize = 80;

/// At most three names close to `wanted`, best first; `(name, other words for it)` to choose from.
pub(super) fn nearest<'a>(wanted: &str, names: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<&'a str> {
    // No name is so long, and the distance to one costs the product of the lengths.
    if wanted.len() > LONGEST {
        return Vec::new();
    }
    let lower = wanted.to_lowercase();
    let most = 1 + lower.len() / 4;
    let mut scored: Vec<(usize, &str)> = names
        .filter_map(|(name, words)| {
            let distance = damerau_levenshtein(&lower, &name.to_lowercase());
            if distance <= most {
                return Some((distance, name));
            }
            let holds = |text: &str| text.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|w| w == lower);
            let all = || {
                let text = format!("{} {}", name.to_lowercase(), words.to_lowercase());
                let known: Vec<&str> = parts(&text).collect();
                let joined = |text: &str| parts(text).collect::<String>();
                let said: Vec<&str> = parts(&lower).collect();
                (said.len() > 1 && said.iter().all(|part| known.contains(part)))
                    || (lower.len() > 5 && joined(&text).contains(&joined(&lower)))
            };
            let part = lower.len() >= 3 && (name.to_lowercase().contains(&lower) || holds(words) || all());
            part.then_some((most + 1, name))
        })
        .collect();
    // Of equals, words come before the codes that publishers gave.
    scored
        .sort_unstable_by_key(|&(distance, name)| (distance, name.starts_with(|c: char| c.is_ascii_uppercase()), name));
    scored.dedup();
    scored.into_iter().take(3).map(|(_, name)| name).collect()
}

/// The words of a text.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty())
}

/// The suggestion as a sentence, or `otherwise` if nothing is near.
pub(super) fn did_you_mean(near: &[&str], otherwise: &str) -> Help {
    let text = match near {
        [] => otherwise.to_owned(),
        [one] => format!("did you mean `{one}`?"),
        [first, rest @ ..] => {
            let also: Vec<String> = rest.iter().map(|n| format!("`{n}`")).collect();
            format!("did you mean `{first}`? (also: {})", also.join(", "))
        }
    };
    Help { text, suggestions: near.iter().map(|&name| name.to_owned()).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_come_before_names_that_hold_the_word() {
        let names = [("cloud-role", "Cloud role"), ("deploy-role", ""), ("imdsv2", "metadata service")];
        assert_eq!(nearest("cloud-rol", names.into_iter()), ["cloud-role"]);
        assert_eq!(nearest("metadata", names.into_iter()), ["imdsv2"]);
        assert_eq!(nearest("service metadata", names.into_iter()), ["imdsv2"]);
        assert_eq!(nearest("cloudrole", [("vm-x", "Cloud role")].into_iter()), ["vm-x"]);
        assert_eq!(nearest("zzz", names.into_iter()), Vec::<&str>::new());
    }
}
