//! One plan told as a story: a spine of positions and steps, and below each step what else it
//! needs. Every step is told once; later mentions refer to it by its number.
//!
//! Numbers follow the plan's canonical order, in which every need is granted before it is used.

use super::facts::Facts;
use super::hosting::compact;
use super::page::{Page, Role};
use crate::analysis::Support;
use crate::answer::{Answer, Place, PlanRow, Plans, StepRow};
use crate::catalogue::Catalogue;
use crate::graph::Measure;
use crate::model::StepKind;

/// Where the efforts of the steps end, unless the terminal is narrower.
const EDGE: usize = 88;

/// A plan while it is told.
struct Story<'a> {
    catalogue: &'a Catalogue,
    row: &'a PlanRow,
    verbose: bool,
    /// Steps that are told, or about to be in the chain that is being told.
    told: Vec<bool>,
    page: &'a mut Page,
}

/// Tells one plan.
pub(super) fn tell(page: &mut Page, answer: &Answer<'_>, plans: &Plans, row: &PlanRow, verbose: bool) {
    heading(page, answer, plans, row);
    page.indent("  ");
    let told = vec![false; row.steps.len()];
    Story { catalogue: answer.catalogue, row, verbose, told, page }.tell();
    page.outdent("  ");
}

fn heading(page: &mut Page, answer: &Answer<'_>, plans: &Plans, row: &PlanRow) {
    page.put(Role::Head, &format!("path {}", row.rank));
    page.gap(3);
    page.hang_here();
    for (column, value) in plans.each.iter().zip(&row.group) {
        page.keep(Role::Plain, column);
        page.gap(1);
        page.keep(Role::Code, value);
        page.gap(3);
    }
    page.keep(Role::Effort, &format!("effort {}", row.effort));
    page.gap(3);
    if answer.by == Measure::Hardest {
        page.keep(Role::Effort, &format!("hardest {}", row.hardest));
        page.gap(3);
    }
    page.keep(Role::Plain, &counted(row.steps.len(), "step"));
    let grouped = plans.each.contains(&"on") && row.hosting.len() < 2;
    if !row.hosting.is_empty() && !grouped {
        page.gap(3);
        page.keep(Role::Dim, "on ");
        page.hang_here();
        page.flow(Role::Plain, &compact(answer.catalogue, &row.hosting));
    }
    if answer.exact {
        page.gap(3);
        page.keep(Role::Dim, "(exact)");
    }
    page.end();
}

/// A number with its noun: `no steps`, `1 step`, `2 steps`.
pub(super) fn counted(number: usize, noun: &str) -> String {
    match number {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}

impl Story<'_> {
    fn tell(mut self) {
        let row = self.row;
        if row.steps.is_empty() {
            let held = if row.goals.is_empty() { &row.start } else { &row.goals };
            for place in held {
                self.place(place, "held already: nothing to do");
            }
            return;
        }
        if row.spine.iter().all(|&index| index < row.steps.len()) && !row.spine.is_empty() {
            self.chain(&row.spine, true);
        }
        for goal in &row.goals {
            self.further_goal(goal);
        }
        while let Some(last) = self.told.iter().rposition(|told| !told) {
            let chain = self.chain_to(last);
            self.chain(&chain, true);
        }
    }

    /// A goal that is not the end of the spine.
    fn further_goal(&mut self, goal: &Place) {
        let row = self.row;
        match row.steps.iter().position(|step| step.grants == *goal) {
            None => self.place(goal, "held at the start"),
            Some(index) if !self.told[index] => {
                let chain = self.chain_to(index);
                self.chain(&chain, true);
            }
            Some(index) if row.spine.last() != Some(&index) => {
                self.place(goal, &format!("a goal too, by step {}", index + 1));
            }
            Some(_) => {}
        }
    }

    /// A chain of steps, each supported by the one before; with the position at its end, if
    /// nothing else says it.
    fn chain(&mut self, chain: &[usize], with_end: bool) {
        let row = self.row;
        for &index in chain {
            self.told[index] = true;
        }
        let mut previous = None;
        for &index in chain {
            let main = main_need(&row.steps[index], previous);
            if let Some((place, support)) = main.and_then(|main| row.steps[index].needs.get(main)) {
                let remark = if previous.is_some() { String::new() } else { mention(*support) };
                self.place(place, &remark);
            }
            self.step(index, main);
            previous = Some(index);
        }
        if let (true, Some(last)) = (with_end, previous) {
            self.place(&row.steps[last].grants, "");
        }
    }

    /// The steps that lead to a step and are not told yet, one before the other, and the step.
    fn chain_to(&self, last: usize) -> Vec<usize> {
        let mut chain = vec![last];
        let mut first = last;
        while let Some(before) = self.row.steps[first].needs.iter().find_map(|(_, support)| match support {
            Support::Step(index) if *index < first && !self.told[*index] => Some(*index),
            _ => None,
        }) {
            chain.push(before);
            first = before;
        }
        chain.reverse();
        chain
    }

    fn step(&mut self, index: usize, main: Option<usize>) {
        let told = &self.row.steps[index];
        let step = self.catalogue.step(told.step);
        let digits = self.row.steps.len().to_string().len();
        self.page.indent("│ ");
        self.page.put(Role::Head, &format!("{:>digits$}", index + 1));
        self.page.gap(2);
        self.page.hang_here();
        self.page.flow(Role::Plain, self.catalogue.str(step.title));
        let effort = match step.kind {
            StepKind::Attack if told.base != told.effort => format!("effort {} (base {})", told.effort, told.base),
            StepKind::Attack => format!("effort {}", told.effort),
            kind => format!("{kind}, effort {}", told.effort),
        };
        let edge = self.page.width().unwrap_or(EDGE).min(EDGE);
        self.page.right(Role::Effort, &effort, edge);
        self.page.end();
        let inner = " ".repeat(digits + 2);
        self.page.indent(&inner);
        Facts { catalogue: self.catalogue, told, verbose: self.verbose, page: self.page }.tell();
        for (need, (place, support)) in told.needs.iter().enumerate() {
            if Some(need) != main {
                self.side_need(place, *support);
            }
        }
        self.page.outdent(&inner);
        self.page.outdent("│ ");
    }

    /// A need that the chain does not supply, with the steps that grant it if they are not told.
    fn side_need(&mut self, place: &Place, support: Support) {
        Facts::label(self.page, "also needs");
        self.name(place);
        self.page.gap(2);
        self.page.flow(Role::Dim, &mention(support));
        self.page.end();
        if let Support::Step(index) = support
            && self.told.get(index) == Some(&false)
        {
            let chain = self.chain_to(index);
            self.page.indent("  ");
            self.chain(&chain, false);
            self.page.outdent("  ");
        }
    }

    /// A line with a position.
    fn place(&mut self, place: &Place, remark: &str) {
        self.name(place);
        if !remark.is_empty() {
            self.page.gap(2);
            self.page.flow(Role::Dim, remark);
        }
        self.page.end();
    }

    fn name(&mut self, place: &Place) {
        let record = self.catalogue.position(place.position);
        self.page.keep(Role::Position, &place.name(self.catalogue));
        self.page.gap(2);
        self.page.hang_here();
        self.page.flow(Role::Dim, self.catalogue.str(record.name));
    }
}

/// The need of a step that the story comes from: granted by the step before it, or held.
fn main_need(step: &StepRow, previous: Option<usize>) -> Option<usize> {
    let by = |wanted: fn(Support, Option<usize>) -> bool| {
        step.needs.iter().position(|(_, support)| wanted(*support, previous))
    };
    by(|support, previous| previous.is_some_and(|index| support == Support::Step(index)))
        .or_else(|| by(|support, _| support == Support::Held))
        .or_else(|| by(|support, _| support == Support::Ambient))
        .or_else(|| (!step.needs.is_empty()).then_some(0))
}

/// How a need is met, for people.
fn mention(support: Support) -> String {
    match support {
        Support::Held => "(held at the start)".to_owned(),
        Support::Ambient => "(held by everybody)".to_owned(),
        Support::Step(index) => format!("<- step {}", index + 1),
    }
}
