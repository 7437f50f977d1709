//! A Mermaid flow chart: left to right, a subgraph per onion layer, steps as boxes.

use std::fmt::Write;

use super::Style;
use super::drawing::{Drawing, Move, Spot, drawing, provenance};
use super::page::clean;
use crate::answer::{Answer, Plans};
use crate::model::Layer;

/// The plans as a flow chart.
pub(super) fn mermaid(answer: &Answer<'_>, plans: &Plans, style: Style) -> String {
    let drawing = drawing(answer, plans, style);
    let palette = style.theme.palette();
    let mut out = format!(
        "%% {}\nflowchart LR\n",
        clean(&format!("{}, {}", answer.query, provenance(answer))).replace('%', "per cent ")
    );
    for &layer in Layer::ALL {
        subgraph(&mut out, &drawing, layer);
    }
    for (index, step) in drawing.moves.iter().enumerate() {
        for &need in &step.needs {
            let _ = writeln!(out, "  p{need} --> s{index}");
        }
        let _ = writeln!(out, "  s{index} --> p{}", step.grants);
    }
    let _ = writeln!(out, "  linkStyle default stroke:{}", palette.wire);
    // Thicker arrows for what more of the plans use; Mermaid counts arrows in the order they are written.
    let arrows = drawing.moves.iter().flat_map(|step| std::iter::repeat_n(step.plans, step.needs.len() + 1));
    for (index, plans) in arrows.enumerate().filter(|_| drawing.plans > 1) {
        let _ = writeln!(out, "  linkStyle {index} stroke-width:{}px", 1 + 4 * plans / drawing.plans);
    }
    for &layer in Layer::ALL.iter().filter(|&&layer| drawing.spots.iter().any(|s| s.layer == layer)) {
        let (lane, fill, ink) = (palette.lane(layer), palette.fill(layer), palette.on_layer);
        let _ = writeln!(out, "  style {layer} fill:{lane},stroke:{lane},color:{fill}");
        let _ = writeln!(out, "  classDef {layer}s fill:{fill},stroke:{fill},color:{ink}");
        classes(&mut out, &format!("{layer}s"), drawing.spots.iter().map(|s| s.layer == layer), 'p');
    }
    let _ = writeln!(out, "  classDef step fill:{},stroke:{},color:{}", palette.step, palette.dim, palette.ink);
    classes(&mut out, "step", drawing.moves.iter().map(|_| true), 's');
    let _ = writeln!(out, "  classDef start stroke:{},stroke-width:3px", palette.ink);
    let _ = writeln!(out, "  classDef goal stroke:{},stroke-width:5px", palette.ink);
    let _ = writeln!(out, "  classDef all stroke:{},stroke-width:3px", palette.ink);
    out.push_str("  classDef open stroke-dasharray:4\n");
    classes(&mut out, "start", drawing.spots.iter().map(|s| s.start), 'p');
    classes(&mut out, "goal", drawing.spots.iter().map(|s| s.goal), 'p');
    classes(&mut out, "all", drawing.moves.iter().map(|m| m.needs.len() > 1), 's');
    classes(&mut out, "open", drawing.moves.iter().map(|m| !m.attack), 's');
    out
}

fn subgraph(out: &mut String, drawing: &Drawing, layer: Layer) {
    let spots = || drawing.spots.iter().enumerate().filter(|(_, s)| s.layer == layer);
    let moves = || drawing.moves.iter().enumerate().filter(|(_, m)| m.layer == layer);
    if spots().next().is_none() && moves().next().is_none() {
        return;
    }
    let _ = writeln!(out, "  subgraph {layer}");
    for (index, spot) in spots() {
        let _ = writeln!(out, "    p{index}([\"{}\"])", spot_label(spot));
    }
    for (index, step) in moves() {
        let _ = writeln!(out, "    s{index}[\"{}\"]", step_label(step));
    }
    out.push_str("  end\n");
}

fn spot_label(spot: &Spot) -> String {
    let mut parts: Vec<String> = spot.name.split('\n').map(escaped).collect();
    if spot.start || spot.goal {
        parts.push(if spot.start { "(start)".to_owned() } else { "(objective)".to_owned() });
    }
    parts.join("<br/>")
}

fn step_label(step: &Move) -> String {
    let mut parts = vec![escaped(&step.title)];
    if !step.techniques.is_empty() {
        parts.push(escaped(&step.techniques.join(" ")));
    }
    if step.attack {
        parts.push(format!("effort {}", step.effort));
    } else {
        parts.push("no intrusion needed".to_owned());
    }
    if step.needs.len() > 1 {
        parts.push("needs all".to_owned());
    }
    parts.extend(step.stops.iter().map(|stop| escaped(stop)));
    parts.join("<br/>")
}

fn classes(out: &mut String, class: &str, members: impl Iterator<Item = bool>, prefix: char) {
    let ids: Vec<String> = members.enumerate().filter(|(_, m)| *m).map(|(i, _)| format!("{prefix}{i}")).collect();
    if !ids.is_empty() {
        let _ = writeln!(out, "  class {} {class}", ids.join(","));
    }
}

/// The one door for text: letters, digits and harmless marks as they are, the rest by number.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        if c.is_alphanumeric() || " -_.,:/()+@×".contains(c) {
            out.push(c);
        } else {
            let _ = write!(out, "#{};", c as u32);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_with_a_meaning_are_written_by_number() {
        assert_eq!(escaped("a\"]<b>`c`#;"), "a#34;#93;#60;b#62;#96;c#96;#35;#59;");
    }
}
