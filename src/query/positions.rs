//! Blast radius and exposure as tables: the cheapest way to (or from) each position over all the
//! hosting options asked.

use super::ask::Question;
use super::error::QueryError;
use super::execute::{Asked, World, hosting_of, measured};
use super::list;
use super::program::Program;
use crate::analysis::{Reached, exposure, reach};
use crate::answer::{Answer, Body, Cell, Table, reach_columns};
use crate::graph::NodeId;
use crate::model::{HostingId, HostingSet};

impl<'a> Asked<'_, 'a> {
    /// What is obtainable from the foothold, or from where the objective is, with efforts.
    pub(super) fn positions(mut self) -> Result<Answer<'a>, QueryError> {
        let programs = std::mem::take(&mut self.resolved.programs);
        let each = self.resolved.each.clone();
        let mut table = Table { columns: each.clone(), ..Table::default() };
        table.columns.extend(reach_columns(self.query.by));
        table.hidden = vec!["name", "exact"];
        let mut notes = Vec::new();
        for program in &programs {
            let worlds = self.worlds(program);
            if let Err(error) = self.refuse_impossible(program, &worlds) {
                if each.is_empty() {
                    return Err(error);
                }
                notes.push(format!("{}: {}", program.group.join(", "), error.message));
                continue;
            }
            let rows = self.reached(program, &worlds);
            let least = rows.iter().filter(|(r, _)| !r.exact).map(|(r, _)| r.weight).min();
            if let Some(least) = least {
                self.exact = false;
                self.lower = Some(self.lower.map_or(least, |known| known.min(least)));
            }
            if rows.is_empty() {
                notes.push("nothing further is obtainable under this question".to_owned());
            }
            for (reached, hosting) in rows {
                table.rows.push(self.position_row(program, &reached, &hosting, worlds.len()));
            }
        }
        if !self.exact {
            // What is only bounded is told apart in the table itself.
            table.hidden.retain(|column| *column != "exact");
            notes.push(format!(
                "the search stopped {} for some positions: where `exact` is no, the figure is a lower bound",
                self.environment.limits.told()
            ));
        }
        Ok(self.answer("positions", Body::Table(table), notes))
    }

    /// The cheapest way to (or from) each position over all worlds, with the worlds that have any.
    fn reached(&self, program: &Program, worlds: &[World]) -> Vec<(Reached, Vec<HostingId>)> {
        let mut best: std::collections::BTreeMap<NodeId, (Reached, Vec<HostingId>)> = std::collections::BTreeMap::new();
        let scenario = self.scenario(program);
        let pricing = scenario.pricing(self.environment.catalogue, self.environment.graph);
        for &world in worlds {
            let weights = pricing.on(hosting_of(program, world));
            let problem = self.problem(program, &weights);
            let limits = self.environment.limits;
            let rows = if self.query.question == Question::Reach {
                reach(&problem, limits)
            } else {
                exposure(&problem, limits)
            };
            for row in rows {
                if self.query.question == Question::Exposure && !self.exists(row.node, world) {
                    continue;
                }
                let entry = best.entry(row.node).or_insert((row, Vec::new()));
                if row.weight < entry.0.weight {
                    entry.0 = row;
                }
                entry.1.extend(world);
            }
        }
        let mut rows: Vec<(Reached, Vec<HostingId>)> = best.into_values().collect();
        rows.sort_by_key(|(r, _)| (r.weight, r.node));
        rows
    }

    fn exists(&self, node: NodeId, world: World) -> bool {
        let position = self.environment.graph.place(node).1;
        world.is_none_or(|h| self.environment.catalogue.position(position).on.has(h))
    }

    fn position_row(&self, program: &Program, reached: &Reached, hosting: &[HostingId], asked: usize) -> Vec<Cell> {
        let catalogue = self.environment.catalogue;
        let place = self.place(reached.node);
        let position = catalogue.position(place.position);
        let options: HostingSet = hosting.iter().copied().collect();
        let everywhere = hosting.len() == asked;
        let mut row: Vec<Cell> = program.group.iter().map(|g| Cell::Text(g.clone())).collect();
        row.extend([
            Cell::Text(place.name(catalogue)),
            Cell::Effort(measured(program.by, reached.weight)),
            Cell::from(usize::try_from(crate::graph::steps_of(reached.weight)).unwrap_or(usize::MAX)),
            position.layer.word().into(),
            position.class.word().into(),
            if everywhere && asked > 1 {
                "all asked".into()
            } else {
                Cell::List(list::hosting_words(catalogue, options))
            },
            catalogue.str(position.name).into(),
            reached.exact.into(),
        ]);
        row
    }
}
