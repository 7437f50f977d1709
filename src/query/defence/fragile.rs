//! `fragile`: what comes back, or gets cheaper, when one mitigation in force fails.

use super::super::error::QueryError;
use super::super::execute::{Asked, World};
use super::super::program::Program;
use super::{Best, counted};
use crate::answer::{Answer, Body, Cell, FRAGILE_COLUMNS, PlanRow};
use crate::model::{Effort, MitigationId};

impl<'a> Asked<'_, 'a> {
    pub(in super::super) fn fragile(mut self) -> Result<Answer<'a>, QueryError> {
        let mut findings = self.findings(&FRAGILE_COLUMNS, "without");
        findings.table.hidden = vec!["name", "set_on"];
        let mut notes = Vec::new();
        self.over_ground(&mut notes, |asked, program, worlds, notes| {
            let (rows, plans, certain) = asked.failures(program, worlds, notes);
            asked.exact &= certain;
            findings.table.rows.extend(rows);
            findings.plans.rows.extend(plans);
        })?;
        Ok(self.answer("mitigations", Body::Findings(findings), notes))
    }

    fn failures(
        &self,
        program: &Program,
        worlds: &[World],
        notes: &mut Vec<String>,
    ) -> (Vec<Vec<Cell>>, Vec<PlanRow>, bool) {
        let ground = self.ground(program, worlds);
        let mut stand = ground.stand(&ground.deployed, self.environment.limits);
        let before = stand.best();
        let in_force: Vec<usize> = ground.in_force().collect();
        if in_force.is_empty() {
            notes.push("no mitigation is in force: say which with `with`".to_owned());
            return (Vec::new(), Vec::new(), true);
        }
        if before.is_none() && !stand.certain {
            notes.push(self.undecided());
            return (Vec::new(), Vec::new(), false);
        }
        let mut found: Vec<(usize, Best)> = Vec::new();
        for &mitigation in &in_force {
            stand.set(mitigation, false);
            let after = stand.best();
            stand.set(mitigation, true);
            let Some(after) = after else { continue };
            // Without a budget every plan that is cheaper counts; with one, what was closed and comes back.
            let counts = match (program.beyond, &before) {
                (Some(budget), Some(before)) => before.effort > budget && after.effort <= budget,
                (Some(budget), None) => after.effort <= budget,
                (None, Some(before)) => after.effort < before.effort,
                (None, None) => true,
            };
            if counts {
                found.push((mitigation, after));
            }
        }
        found.sort_by_key(|(mitigation, after)| (after.effort, *mitigation));
        let catalogue = self.environment.catalogue;
        let (mut rows, mut plans) = (Vec::new(), Vec::new());
        for (rank, (mitigation, after)) in found.iter().enumerate() {
            let mut cells = Self::group(program);
            let fall = before.as_ref().map(|before| Effort(before.effort.0.saturating_sub(after.effort.0)));
            cells.extend([
                self.name_of(*mitigation).into(),
                catalogue.str(catalogue.mitigation(MitigationId::from_index(*mitigation)).name).into(),
                before.as_ref().map_or(Cell::None, |before| before.effort.into()),
                after.effort.into(),
                fall.map_or(Cell::None, Cell::from),
                self.set_on(*mitigation),
                self.world_cell(ground.worlds[after.world]),
                self.step_names(program, &after.plan.arcs).into(),
            ]);
            rows.push(cells);
            plans.push(self.witness(program, &ground, after, rank + 1, self.name_of(*mitigation)));
        }
        notes.push(match &before {
            Some(before) => {
                format!(
                    "with {} in force the cheapest plan has effort {}",
                    counted(in_force.len(), "mitigation"),
                    before.effort
                )
            }
            None => format!("with {} in force no plan is left", counted(in_force.len(), "mitigation")),
        });
        let rest = in_force.len() - rows.len();
        let what = if before.is_none() || program.beyond.is_some() {
            "would bring nothing back"
        } else {
            "would make nothing cheaper"
        };
        if rest > 0 {
            notes.push(format!("{} {what} by failing alone", counted(rest, "other mitigation")));
        }
        if rows.is_empty() {
            notes.push("no single failure matters here".to_owned());
        } else {
            notes.push("ask `cuts … surviving 1` for a set that any one failure leaves good".to_owned());
        }
        (rows, plans, stand.certain)
    }
}
