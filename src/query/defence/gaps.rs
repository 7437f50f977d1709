//! `gaps`: attacks open to the foothold that nothing in the catalogue, or nothing in force, prevents or sees.

use super::super::error::QueryError;
use super::super::execute::{Asked, World};
use super::super::list::hosting_words;
use super::super::program::Program;
use super::{Ground, counted};
use crate::analysis::Forward;
use crate::answer::{Answer, Body, Cell, GAP_COLUMNS};
use crate::catalogue::Thing;
use crate::graph::DEAD;
use crate::model::{HostingSet, MitigationId, Relation, StepId, StepKind};

impl<'a> Asked<'_, 'a> {
    pub(in super::super) fn gaps(mut self) -> Result<Answer<'a>, QueryError> {
        let mut findings = self.findings(&GAP_COLUMNS, "step");
        findings.table.hidden = vec!["title", "hosting"];
        let mut notes = Vec::new();
        self.over_ground(&mut notes, |asked, program, worlds, notes| {
            let rows = asked.open_steps(program, worlds, notes);
            findings.table.rows.extend(rows);
        })?;
        Ok(self.answer("steps", Body::Findings(findings), notes))
    }

    fn open_steps(&self, program: &Program, worlds: &[World], notes: &mut Vec<String>) -> Vec<Vec<Cell>> {
        let catalogue = self.environment.catalogue;
        let ground = self.ground(program, worlds);
        let open = self.open(program, &ground);
        let any_in_force = ground.deployed.contains(&true);
        let (mut rows, mut seen, mut unmitigated) = (Vec::new(), 0, std::collections::BTreeSet::new());
        for (step, on) in &open {
            let record = catalogue.step(*step);
            if record.kind != StepKind::Attack {
                continue;
            }
            seen += 1;
            let sets = catalogue.get(record.prevented_by);
            let hinders = catalogue.get(record.hindered_by);
            let sensors = catalogue.get(record.detected_by);
            let techniques = catalogue.get(record.uses).iter().copied();
            let bare =
                |technique: &crate::model::EntryId| catalogue.links(*technique, Relation::MitigatedBy).is_empty();
            let published: Vec<String> =
                techniques.filter(bare).map(|t| catalogue.slug(Thing::Entry(t)).to_owned()).collect();
            unmitigated.extend(published.iter().cloned());
            let in_force = |m: MitigationId| ground.deployed[m.index()];
            let mut gap: Vec<String> = Vec::new();
            if sets.is_empty() {
                gap.push("unprevented".to_owned());
            }
            if sets.is_empty() && hinders.is_empty() {
                gap.push("unhindered".to_owned());
            }
            if sensors.is_empty() {
                gap.push("unseen".to_owned());
            }
            if any_in_force && !hinders.iter().any(|h| in_force(h.mitigation)) {
                gap.push("nothing-in-force".to_owned());
            }
            if gap.is_empty() {
                continue;
            }
            let name = |m: MitigationId| catalogue.slug(Thing::Mitigation(m));
            let prevented =
                sets.iter().map(|&set| catalogue.get(set).iter().map(|&m| name(m)).collect::<Vec<_>>().join("+"));
            let mut cells = Self::group(program);
            cells.extend([
                catalogue.slug(Thing::Step(*step)).into(),
                catalogue.str(record.title).into(),
                catalogue.effort_on(record, *on).into(),
                gap.into(),
                prevented.collect::<Vec<_>>().into(),
                hinders.iter().map(|h| name(h.mitigation).to_owned()).collect::<Vec<_>>().into(),
                sensors.iter().map(|s| catalogue.slug(Thing::Sensor(s.sensor)).to_owned()).collect::<Vec<_>>().into(),
                published.into(),
                hosting_words(catalogue, *on).into(),
            ]);
            rows.push(cells);
        }
        let effort = Self::group(program).len() + 2;
        rows.sort_by(|a: &Vec<Cell>, b| {
            let key = |row: &Vec<Cell>| if let Cell::Effort(effort) = row[effort] { effort.0 } else { 0 };
            key(a).cmp(&key(b))
        });
        let towards = if program.goals.is_empty() { "" } else { " and lead to the objective" };
        notes.push(format!(
            "{} of {} that are open to the foothold{towards} have a gap",
            rows.len(),
            counted(seen, "attack")
        ));
        if !unmitigated.is_empty() {
            let names: Vec<String> = unmitigated.into_iter().collect();
            notes.push(format!("ATT&CK publishes no mitigation for {}", names.join(", ")));
        }
        rows
    }

    /// The steps that go as things stand, with the hosting options where, in the order of steps.
    fn open(&self, program: &Program, ground: &Ground<'_>) -> Vec<(StepId, HostingSet)> {
        let graph = self.environment.graph;
        let mut found: std::collections::BTreeMap<StepId, HostingSet> = std::collections::BTreeMap::new();
        for (index, &world) in ground.worlds.iter().enumerate() {
            let stand = ground.stand_of(index, &ground.deployed, self.environment.limits);
            let useful = if program.goals.is_empty() { None } else { Some(stand.useful(ground)) };
            let field = &stand.fields[0];
            let problem = field.problem();
            let pass = Forward::complete(&problem);
            for arc in (0..graph.arcs()).map(|a| crate::graph::ArcId(u32::try_from(a).unwrap_or(u32::MAX))) {
                let variant = graph.variant_index(arc);
                let rooted = graph.needs(arc).any(|n| pass.cost(n) != DEAD) || problem.start.is_empty();
                let goes = problem.weight[variant] != DEAD
                    && !problem.blocked.get(graph.head(arc).0 as usize).copied().unwrap_or(false)
                    && rooted
                    && graph.needs(arc).all(|n| pass.any_cost(n) != DEAD)
                    && useful.as_ref().is_none_or(|useful| useful[variant]);
                if goes {
                    let on = world.map_or(program.on, HostingSet::only).and(graph.variants()[variant].on);
                    let known = found.entry(graph.step(arc)).or_insert(HostingSet(0));
                    known.0 |= on.0;
                }
            }
        }
        found.into_iter().collect()
    }
}
