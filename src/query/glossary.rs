//! Words of answers, each explained in a sentence or two: `explain effort`, `help hindered`.

use crate::answer::Card;

/// A word with its meaning, by word.
pub const GLOSSARY: &[(&str, &str)] = &[
    (
        "acts",
        "Of `cuts`: whether a mitigation prevents a step of the plan that comes back without it, or only hinders it.",
    ),
    ("adds", "What a rung or a point of a curve has that the one before has not; `drops` is what it no longer needs."),
    ("and-fails", "Of `cuts … surviving 1`: the mitigation whose failure, beside the one dropped, lets most through."),
    ("bounded", "The search stopped before it could prove its answer; nothing that is not listed is below the bound."),
    (
        "dearer-with",
        "Mitigations that make a step harder but not impossible; the factor says by how much its effort grows.",
    ),
    ("detoured", "Of a replayed attack: one of its moves does not go, and another way leads to the same goal."),
    (
        "effort",
        "An attacker's time, skill and luck for a step: 1 is one documented call in nearly every estate, 2 a few known steps, \
         3 must be searched or waited for, 5 needs a condition that few estates meet, 8 an exceptional one, 13 a vendor's own \
         flaw. A plan's effort is the sum of its steps'. Our judgement.",
    ),
    ("elsewhere", "Of a replayed attack: its moves do not exist on the hosting option asked."),
    ("cause", "Of `why`: the clause that would have to change, or `failing` for mitigations that would have to fail."),
    ("closes", "Of `rank`: objectives that are not obtainable any more."),
    (
        "conflict",
        "Defences without any of which some plan goes, whatever else is in force: every set that cuts has one of them.",
    ),
    (
        "dominated-by",
        "Of `rank`: a mitigation that does all of this one's work on the way, whatever else is in force, and costs no more.",
    ),
    ("exact", "Proven: no plan that is not listed is cheaper, and nothing was left out."),
    ("hindered", "Of a replayed attack: every move still goes, at more effort. It is not stopped."),
    ("fall", "Of `fragile`: by how much the cheapest plan gets cheaper when the mitigation fails."),
    (
        "gain",
        "By how much a mitigation raises the effort of the cheapest plan, alone; nothing stands there if no plan is left.",
    ),
    ("in-every", "Of `chokes`: whether every plan has it; then nothing is obtainable without it."),
    ("least", "Of `roadmap`: cost of the cheapest set that does as much and need not hold the rungs below."),
    ("nothing-in-force", "Of `gaps`: no mitigation in force prevents or hinders the step."),
    ("open", "A step that is no intrusion: what it needs is simply connected; effort 0."),
    ("entails", "A step that is no intrusion: whoever holds the one holds the other; effort 0."),
    ("failing", "Of `why`: a smallest set of mitigations in force whose failure would let a plan through."),
    ("foothold", "What the attacker holds at the start of a plan."),
    ("plan", "Steps that lead from the foothold to the objective, each with all that it needs, none superfluous."),
    ("programme", "A mitigation that is work without end, such as training: it hinders steps and never prevents one."),
    ("seen-by", "Sensors that would notice a step, with what they would see."),
    ("state", "A mitigation that can be checked to be in force: it may prevent steps."),
    ("stopped", "Of a replayed attack: one of its moves does not go, and no other way leads to its goal."),
    ("stopped-by", "Mitigations that make a step impossible: any of them, or those joined by `+` together."),
    ("per-cost", "Of `rank`: gain for each point of cost."),
    ("rise", "Of `chokes`: by how much the cheapest plan gets dearer without it."),
    ("rung", "Of `roadmap`: what is added next, and how dear the cheapest plan is then."),
    ("set-on", "The kind of asset that a mitigation or sensor is deployed on: who owns it."),
    ("share", "Of `chokes`: in how many of the best plans something stands, in per cent."),
    (
        "unhindered",
        "Of a replayed attack: every move goes at its published effort. Of `gaps`: no mitigation of the catalogue makes the step dearer.",
    ),
    ("unmitigated", "Of `gaps`: techniques of the step for which ATT&CK publishes no mitigation."),
    ("unprevented", "Of `gaps`: no mitigation of the catalogue prevents the step."),
    ("unseen", "Of `gaps`: no sensor of the catalogue sees the step."),
    ("without-it", "The effort of the cheapest plan that comes back, or is left, without the thing of the row."),
    ("verdict", "What the mitigations in force make of a replayed attack: unhindered, hindered, detoured or stopped."),
];

/// The meaning of a word, spelt with or without hyphens.
#[must_use]
pub fn meaning(word: &str) -> Option<&'static str> {
    let word = word.replace([' ', '_'], "-");
    GLOSSARY.iter().find(|(known, _)| *known == word).map(|(_, meaning)| *meaning)
}

/// The card of a word.
pub(super) fn card(word: &str) -> Option<Card> {
    let name = meaning(word)?.to_owned();
    Some(Card { id: word.to_owned(), sort: "word".to_owned(), name, fields: Vec::new() })
}
