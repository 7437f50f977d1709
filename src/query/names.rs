//! What a selector means in the clause it stands in, and what to say of names that mean nothing.

use std::collections::BTreeSet;

use super::environment::Environment;
use super::error::QueryError;
use super::facets::{self, facets_of, fits, has_value, slug};
use super::selector::Selector;
use super::suggest::{did_you_mean, nearest};
use crate::catalogue::{Catalogue, Noun, Thing};
use crate::graph::{AssetId, NodeId};
use crate::model::{AliasState, EntryId, EntryKind, MitigationId, PositionId, StepId};

/// A field with more values than this names things, not words of a short list.
const MANY: usize = 24;

/// Nodes and steps, each ascending.
#[derive(Debug, Clone, Default)]
pub(super) struct Sets {
    pub nodes: Vec<NodeId>,
    pub steps: Vec<StepId>,
}

/// Resolves selectors and collects remarks.
pub(super) struct Names<'e> {
    environment: &'e Environment<'e>,
    notes: BTreeSet<String>,
}

impl<'e> Names<'e> {
    pub(super) fn new(environment: &'e Environment<'e>) -> Self {
        Self { environment, notes: BTreeSet::new() }
    }

    pub(super) fn environment(&self) -> &'e Environment<'e> {
        self.environment
    }

    pub(super) fn into_notes(self) -> Vec<String> {
        self.notes.into_iter().collect()
    }

    pub(super) fn catalogue(&self) -> &'e Catalogue {
        self.environment.catalogue
    }

    /// The name of a node: `position`, or `asset/position`.
    pub(super) fn node_name(&self, node: NodeId) -> String {
        let (asset, position) = self.environment.graph.place(node);
        let position = self.catalogue().slug(Thing::Position(position));
        if self.environment.inventory.is_bare() {
            return position.to_owned();
        }
        format!("{}/{position}", self.environment.inventory.asset(asset).name)
    }

    /// Nodes of the positions that everybody holds.
    pub(super) fn ambient(&self) -> Vec<NodeId> {
        let all = self.catalogue().positions.iter().enumerate().filter(|(_, p)| p.ambient);
        all.flat_map(|(i, _)| self.nodes_of(PositionId::from_index(i), "*")).collect()
    }

    /// Nodes of a position on all assets whose name fits.
    fn nodes_of(&self, position: PositionId, asset: &str) -> Vec<NodeId> {
        let kind = self.catalogue().position(position).kind;
        let inventory = self.environment.inventory;
        let assets = (0_u32..).zip(inventory.assets());
        assets
            .filter(|(_, a)| a.kind == kind && (asset == "*" || fits(asset, &a.name)))
            .filter_map(|(i, _)| self.environment.graph.node(self.catalogue(), AssetId(i), position))
            .collect()
    }

    fn all_nodes(&self) -> Vec<NodeId> {
        let count = u32::try_from(self.environment.graph.nodes()).unwrap_or(u32::MAX);
        (0..count).map(NodeId).collect()
    }

    /// Positions a selector names.
    pub(super) fn nodes(&mut self, clause: &str, selector: &Selector) -> Result<Vec<NodeId>, QueryError> {
        let nodes = self.node_set(clause, selector)?;
        if nodes.is_empty() {
            let text = selector.to_string();
            let error = QueryError::new("empty-set", format!("no position is `{text}`"), "see `tmq list positions`");
            return Err(error.at(clause, &text, &text));
        }
        Ok(nodes)
    }

    fn node_set(&mut self, clause: &str, selector: &Selector) -> Result<Vec<NodeId>, QueryError> {
        match selector {
            Selector::Union(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    all.extend(self.node_set(clause, part)?);
                }
                all.sort_unstable();
                all.dedup();
                Ok(all)
            }
            Selector::Meet(parts) => {
                let mut kept: Option<Vec<NodeId>> = None;
                for part in parts {
                    let set = self.node_set(clause, part)?;
                    kept = Some(
                        kept.map_or(set.clone(), |k| k.into_iter().filter(|n| set.binary_search(n).is_ok()).collect()),
                    );
                }
                Ok(kept.unwrap_or_default())
            }
            Selector::Not(inner) => {
                let set = self.node_set(clause, inner)?;
                Ok(self.all_nodes().into_iter().filter(|n| set.binary_search(n).is_err()).collect())
            }
            Selector::Facet { field, value } => self.node_facet(clause, field, value),
            Selector::Variable(name) => Err(unbound(clause, name)),
            Selector::Word(word) => self.node_word(clause, word, true),
            Selector::Quoted(word) => self.node_word(clause, word, false),
        }
    }

    fn node_facet(&mut self, clause: &str, field: &str, value: &str) -> Result<Vec<NodeId>, QueryError> {
        let inventory = self.environment.inventory;
        if field == "asset" || field == "tag" {
            let fits_asset = |n: &NodeId| {
                let asset = inventory.asset(self.environment.graph.place(*n).0);
                if field == "asset" { fits(value, &asset.name) } else { asset.tags.iter().any(|t| fits(value, t)) }
            };
            return Ok(self.all_nodes().into_iter().filter(fits_asset).collect());
        }
        let all = facets::members(self.catalogue(), Noun::Positions);
        let kept = self.facet(clause, Noun::Positions, field, value, &all)?;
        let mut nodes: Vec<NodeId> = (kept.into_iter())
            .filter_map(|t| if let Thing::Position(p) = t { Some(p) } else { None })
            .flat_map(|p| self.nodes_of(p, "*"))
            .collect();
        nodes.sort_unstable();
        Ok(nodes)
    }

    fn node_word(&mut self, clause: &str, word: &str, globs: bool) -> Result<Vec<NodeId>, QueryError> {
        let (asset, name) = word.rsplit_once('/').unwrap_or(("*", word));
        let mut nodes = Vec::new();
        if globs && name.contains(['*', '?']) {
            for (index, position) in self.catalogue().positions.iter().enumerate() {
                if fits(name, self.catalogue().str(position.id)) {
                    nodes.extend(self.nodes_of(PositionId::from_index(index), asset));
                }
            }
        } else {
            let position = match self.catalogue().position_named(name) {
                Some(position) => position,
                None => self.renamed_position(name).ok_or_else(|| self.unknown(clause, name, &[Noun::Positions]))?,
            };
            nodes = self.nodes_of(position, asset);
        }
        if nodes.is_empty() {
            let message = if asset == "*" {
                format!("no position fits `{word}`")
            } else {
                format!("no asset fits `{asset}` for `{name}`")
            };
            return Err(QueryError::new("unknown-name", message, "see `tmq list positions`").at(clause, word, word));
        }
        nodes.sort_unstable();
        Ok(nodes)
    }

    fn renamed_position(&mut self, name: &str) -> Option<PositionId> {
        let catalogue = self.catalogue();
        let position = |thing: Thing| if let Thing::Position(id) = thing { Some(id) } else { None };
        let id = catalogue.things_once_named(name).into_iter().find_map(position)?;
        self.notes.insert(format!("`{name}` is called `{}` now", catalogue.slug(Thing::Position(id))));
        Some(id)
    }

    /// Positions and steps a selector names, for clauses that take either; a technique or tactic
    /// means the steps that use it. Within a meet that mentions steps, positions mean the steps
    /// that grant them.
    pub(super) fn mixed(&mut self, clause: &str, selector: &Selector) -> Result<Sets, QueryError> {
        let sets = self.mixed_set(clause, selector)?;
        if sets.nodes.is_empty() && sets.steps.is_empty() {
            let text = selector.to_string();
            let error = QueryError::new(
                "empty-set",
                format!("nothing is `{text}`"),
                "see `tmq list steps` and `tmq list positions`",
            );
            return Err(error.at(clause, &text, &text));
        }
        Ok(sets)
    }

    fn mixed_set(&mut self, clause: &str, selector: &Selector) -> Result<Sets, QueryError> {
        if let Selector::Union(parts) = selector {
            let mut sets = Sets::default();
            for part in parts {
                let more = self.mixed_set(clause, part)?;
                sets.nodes.extend(more.nodes);
                sets.steps.extend(more.steps);
            }
            sets.nodes.sort_unstable();
            sets.nodes.dedup();
            sets.steps.sort_unstable();
            sets.steps.dedup();
            return Ok(sets);
        }
        if self.means_positions(selector) {
            return Ok(Sets { nodes: self.node_set(clause, selector)?, steps: Vec::new() });
        }
        let all = facets::members(self.catalogue(), Noun::Steps);
        let steps = steps_of(&self.keep(clause, Noun::Steps, selector, &all)?);
        Ok(Sets { nodes: Vec::new(), steps })
    }

    /// Whether every name in a selector is one of positions.
    fn means_positions(&self, selector: &Selector) -> bool {
        match selector {
            Selector::Union(parts) | Selector::Meet(parts) => parts.iter().all(|p| self.means_positions(p)),
            Selector::Not(inner) => self.means_positions(inner),
            // Steps have a kind too, but not one of assets.
            Selector::Facet { field, value } if field == "kind" => {
                !["attack", "open", "entails"].contains(&value.as_str()) && !value.contains(['*', '?'])
            }
            Selector::Facet { field, .. } => ["layer", "class", "asset"].contains(&field.as_str()),
            Selector::Variable(_) => false,
            Selector::Word(word) | Selector::Quoted(word) => {
                let name = word.rsplit_once('/').map_or(word.as_str(), |(_, name)| name);
                let globs = name.contains(['*', '?']);
                let fits_position =
                    || self.catalogue().positions.iter().any(|p| fits(name, self.catalogue().str(p.id)));
                self.catalogue().position_named(name).is_some() || (globs && fits_position())
            }
        }
    }

    /// Mitigations a selector names; a profile means its members.
    pub(super) fn mitigations(&mut self, clause: &str, selector: &Selector) -> Result<Vec<MitigationId>, QueryError> {
        let count = self.catalogue().mitigations.len();
        let all: Vec<Thing> = (0..count).map(|i| Thing::Mitigation(MitigationId::from_index(i))).collect();
        let kept = self.keep(clause, Noun::Mitigations, selector, &all)?;
        Ok(kept.into_iter().filter_map(|t| if let Thing::Mitigation(m) = t { Some(m) } else { None }).collect())
    }

    /// Things of a listing that a selector keeps.
    pub(super) fn filter(&mut self, noun: Noun, selector: &Selector, all: &[Thing]) -> Result<Vec<Thing>, QueryError> {
        self.keep(noun.word(), noun, selector, all)
    }

    fn keep(&mut self, clause: &str, noun: Noun, selector: &Selector, all: &[Thing]) -> Result<Vec<Thing>, QueryError> {
        Ok(match selector {
            Selector::Union(parts) => {
                let mut kept = BTreeSet::new();
                for part in parts {
                    kept.extend(self.keep(clause, noun, part, all)?);
                }
                all.iter().copied().filter(|t| kept.contains(t)).collect()
            }
            Selector::Meet(parts) => {
                let mut kept = all.to_vec();
                for part in parts {
                    kept = self.keep(clause, noun, part, &kept)?;
                }
                kept
            }
            Selector::Not(inner) => {
                let dropped: BTreeSet<Thing> = self.keep(clause, noun, inner, all)?.into_iter().collect();
                all.iter().copied().filter(|t| !dropped.contains(t)).collect()
            }
            Selector::Facet { field, value } => self.facet(clause, noun, field, value, all)?,
            Selector::Variable(name) => return Err(unbound(clause, name)),
            Selector::Word(word) => self.keep_word(clause, noun, word, true, all)?,
            Selector::Quoted(word) => self.keep_word(clause, noun, word, false, all)?,
        })
    }

    pub(super) fn facet(
        &mut self,
        clause: &str,
        noun: Noun,
        field: &str,
        value: &str,
        all: &[Thing],
    ) -> Result<Vec<Thing>, QueryError> {
        let coded = format!("{field}:{value}");
        if self.catalogue().entry_coded(&coded).is_some() {
            return self.keep_word(clause, noun, &coded, false, all);
        }
        if noun == Noun::Mitigations
            && field == "profile"
            && self.catalogue().profile_named(value).is_none()
            && !value.contains(['*', '?'])
        {
            let names =
                self.catalogue().profiles.iter().map(|p| (self.catalogue().str(p.id), self.catalogue().str(p.name)));
            let near: Vec<&str> = nearest(value, names);
            let error = QueryError::new(
                "unknown-name",
                format!("no profile `{value}`"),
                did_you_mean(&near, "see `tmq list profiles`"),
            );
            return Err(error.at(clause, &coded, value));
        }
        let value = if ["technique", "tactic"].contains(&field) {
            self.code_called(value).unwrap_or_else(|| self.current_code(value))
        } else {
            value.to_owned()
        };
        if !facets_of(noun).iter().any(|f| f.name == field) {
            let names = facets_of(noun).iter().map(|f| f.name).collect::<Vec<_>>();
            let near = nearest(field, names.iter().map(|n| (*n, "")));
            let known =
                if names.is_empty() { "select by name".to_owned() } else { format!("fields are {}", names.join(", ")) };
            let message = format!("{} have no field `{field}`", noun.word());
            return Err(
                QueryError::new("unknown-field", message, did_you_mean(&near, &known)).at(clause, &coded, field)
            );
        }
        let kept: Vec<Thing> =
            all.iter().copied().filter(|t| has_value(self.catalogue(), *t, field, &value) == Some(true)).collect();
        if kept.is_empty() {
            self.refuse_unknown_value(clause, noun, field, &value)?;
        }
        Ok(kept)
    }

    /// Refuses a value that nothing of the sort has: it is a slip, and its complement would be all.
    fn refuse_unknown_value(&self, clause: &str, noun: Noun, field: &str, value: &str) -> Result<(), QueryError> {
        let catalogue = self.catalogue();
        let mut known: BTreeSet<String> = BTreeSet::new();
        for thing in facets::members(catalogue, noun) {
            known.extend(facets::values(catalogue, thing, field).into_iter().flatten().map(String::from));
        }
        // The name of a thing of another sort is a slip where there are few values to choose from.
        let named = catalogue.things_named(value);
        let fitting = known.len() > MANY || named.iter().any(|&thing| catalogue.sort(thing) == field);
        if known.iter().any(|k| fits(value, k)) || value.contains(['*', '?']) || (!named.is_empty() && fitting) {
            return Ok(());
        }
        let near = nearest(value, known.iter().map(|k| (k.as_str(), "")));
        let few = known.iter().take(12).map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = if known.len() > 12 { ", …" } else { "" };
        let help = did_you_mean(&near, &format!("values are {few}{more}"));
        let text = format!("{field}:{value}");
        let message = format!("no {} have `{text}`", noun.word());
        Err(QueryError::new("unknown-value", message, help).at(clause, &text, value))
    }

    fn keep_word(
        &mut self,
        clause: &str,
        noun: Noun,
        word: &str,
        globs: bool,
        all: &[Thing],
    ) -> Result<Vec<Thing>, QueryError> {
        let catalogue = self.catalogue();
        if globs && word.contains(['*', '?']) {
            let kept: Vec<Thing> = all.iter().copied().filter(|t| fits(word, catalogue.slug(*t))).collect();
            return Ok(kept);
        }
        if noun == Noun::Hostings {
            let set = catalogue.hostings_named(word);
            if !set.is_empty() {
                return Ok(all.iter().copied().filter(|t| matches!(t, Thing::Hosting(h) if set.has(*h))).collect());
            }
        }
        // Nothing is in force: the base line of a comparison.
        if noun == Noun::Mitigations && word == "none" {
            return Ok(Vec::new());
        }
        let members = facets::members(catalogue, noun);
        if let Some(found) = catalogue.things_named(word).into_iter().find(|t| members.contains(t)) {
            return Ok(all.iter().copied().filter(|t| *t == found).collect());
        }
        if noun == Noun::Steps {
            if let Some(position) = catalogue.position_named(word) {
                let grants = |t: &Thing| matches!(t, Thing::Step(s) if catalogue.step(*s).grants == position);
                return Ok(all.iter().copied().filter(grants).collect());
            }
            if let Some(tactic) = catalogue.entry_coded(word).filter(|e| catalogue.entry(*e).kind == EntryKind::Tactic)
            {
                let in_tactic =
                    |technique: &EntryId| catalogue.get(catalogue.entry(*technique).tactics).contains(&tactic);
                let serves = |t: &Thing| matches!(t, Thing::Step(s) if catalogue.get(catalogue.step(*s).uses).iter().any(in_tactic));
                return Ok(all.iter().copied().filter(serves).collect());
            }
            if let Some(technique) = self.technique(word) {
                let uses = |t: &Thing| matches!(t, Thing::Step(s) if catalogue.get(catalogue.step(*s).uses).iter().any(|&u| catalogue.is_technique(u, technique)));
                return Ok(all.iter().copied().filter(uses).collect());
            }
        }
        if noun == Noun::Mitigations
            && let Some(published) = catalogue.entry_coded(word)
            && catalogue.entry(published).kind == EntryKind::Mitigation
        {
            let stands = |t: &Thing| matches!(t, Thing::Mitigation(m) if catalogue.get(catalogue.mitigation(*m).refs).contains(&published));
            return Ok(all.iter().copied().filter(stands).collect());
        }
        if let Some(found) = self.renamed(noun, word, &members) {
            return Ok(all.iter().copied().filter(|t| *t == found).collect());
        }
        Err(self.unknown(clause, word, &[noun]))
    }

    /// The code of the technique or tactic of a name: `Escape to Host`.
    fn code_called(&self, name: &str) -> Option<String> {
        let catalogue = self.catalogue();
        let wanted = slug(name);
        let called =
            |noun: Noun| facets::members(catalogue, noun).into_iter().find(|t| slug(catalogue.name(*t)) == wanted);
        if !name.contains(' ') {
            return None;
        }
        called(Noun::Techniques).or_else(|| called(Noun::Tactics)).map(|thing| catalogue.slug(thing).to_owned())
    }

    /// The technique of a current or retired code, with a remark if it was retired.
    fn technique(&mut self, code: &str) -> Option<EntryId> {
        let current = self.current_code(code);
        let entry = self.catalogue().entry_coded(&current)?;
        (self.catalogue().entry(entry).kind == EntryKind::Technique).then_some(entry)
    }

    /// The code that a retired one became, with a remark; otherwise the code itself.
    pub(super) fn current_code(&mut self, code: &str) -> String {
        let catalogue = self.catalogue();
        if catalogue.entry_coded(code).is_some() {
            return code.to_owned();
        }
        let retired = catalogue.aliases_of(code).iter().find(|a| a.state != AliasState::Announced && a.became.len > 0);
        let Some(alias) = retired else { return code.to_owned() };
        let became = catalogue.str(alias.became);
        self.notes.insert(format!(
            "{code} was {}; it is {became} {} now",
            alias.state,
            catalogue.str(alias.became_name)
        ));
        became.to_owned()
    }

    fn renamed(&mut self, noun: Noun, word: &str, members: &[Thing]) -> Option<Thing> {
        let catalogue = self.catalogue();
        let current = self.current_code(word);
        if current != word {
            return catalogue.things_named(&current).into_iter().find(|t| members.contains(t));
        }
        let tactic = |t: &&Thing| matches!(**t, Thing::Entry(id) if noun == Noun::Tactics && slug(catalogue.str(catalogue.entry(id).name)) == word);
        let found = match catalogue.things_once_named(word).into_iter().find(|t| members.contains(t)) {
            Some(thing) => thing,
            None => *members.iter().find(tactic)?,
        };
        if noun != Noun::Tactics {
            self.notes.insert(format!("`{word}` is called `{}` now", catalogue.slug(found)));
        }
        Some(found)
    }

    /// The error for a name that is not of the sorts expected.
    pub(super) fn unknown(&self, clause: &str, word: &str, nouns: &[Noun]) -> QueryError {
        let catalogue = self.catalogue();
        let expected = nouns.iter().map(|n| n.word()).collect::<Vec<_>>().join(" or ");
        let singular = expected.strip_suffix('s').unwrap_or(&expected);
        if nouns == [Noun::Mitigations] && catalogue.profile_named(word).is_some() {
            let message = format!("`{clause}` takes {expected}, and `{word}` is a profile");
            let help = format!("write `profile:{word}`");
            return QueryError::new("wrong-sort", message, help).at(clause, word, word);
        }
        if let Some(other) = catalogue.things_named(word).first() {
            let sort = catalogue.sort(*other);
            let article = if sort.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
            let message = format!("`{clause}` takes {expected}, and `{word}` is {article} {sort}");
            let facet = match sort {
                "technique" | "tactic" | "source" | "vector" => facets_of(nouns[0]).iter().find(|f| f.name == sort),
                _ => None,
            };
            let help = facet.map_or_else(|| place_for(*other).to_owned(), |f| format!("write `{}:{word}`", f.name));
            return QueryError::new("wrong-sort", message, help).at(clause, word, word);
        }
        if let Some(alias) = catalogue.aliases_of(word).first() {
            let message = match catalogue.str(alias.became) {
                "" => format!("{word} {} was {} without a successor", catalogue.str(alias.name), alias.state),
                became => format!(
                    "{word} was {}; its successor {became} {} is outside this catalogue",
                    alias.state,
                    catalogue.str(alias.became_name)
                ),
            };
            return QueryError::new("retired-code", message, "see `tmq list techniques`").at(clause, word, word);
        }
        if let Some((parent, _)) = word.split_once('.')
            && catalogue.entry_coded(parent).is_some()
        {
            let subs: Vec<&str> = catalogue
                .entries
                .iter()
                .map(|e| catalogue.str(e.code))
                .filter(|c| c.starts_with(&format!("{parent}.")))
                .collect();
            let message = format!("ATT&CK v{} has no technique {word} in this catalogue", catalogue.attack_version);
            let help =
                if subs.is_empty() { format!("write `{parent}`") } else { format!("{parent} has {}", subs.join(", ")) };
            return QueryError::new("unknown-name", message, help).at(clause, word, word);
        }
        let members: Vec<Thing> = nouns.iter().flat_map(|n| facets::members(catalogue, *n)).collect();
        let near = nearest(word, members.iter().map(|t| (catalogue.slug(*t), catalogue.name(*t))));
        let help = did_you_mean(&near, &format!("see `tmq list {}`", nouns.first().map_or("positions", |n| n.word())));
        QueryError::new("unknown-name", format!("no {singular} `{word}`"), help).at(clause, word, word)
    }
}

/// Which clause takes a thing.
fn place_for(thing: Thing) -> &'static str {
    match thing {
        Thing::Position(_) => {
            "positions stand in `from`, `to`, `within`, `through`, `avoiding`; `assuming` grants them"
        }
        Thing::Step(_) => "steps stand in `through` and `avoiding`",
        Thing::Mitigation(_) => "mitigations stand in `with` and `without`",
        Thing::Hosting(_) => "hosting options stand in `on`",
        Thing::Profile(_) => "write `with profile:NAME`",
        Thing::Vector(_) => "write `vector:NAME` in `through` or `avoiding`",
        Thing::Source(_) => "write `source:NAME` in `through` or `avoiding`",
        Thing::Sensor(_) => "write `detected-by:NAME` in `through` or `avoiding`",
        Thing::Case(_) => "replay it: `tmq replay NAME`",
        Thing::Entry(_) => "techniques and tactics stand in `through` and `avoiding`",
        Thing::Matrix(_) | Thing::Kind(_) => "see `tmq explain` for it",
    }
}

/// Ids of steps among things.
fn steps_of(things: &[Thing]) -> Vec<StepId> {
    things.iter().filter_map(|t| if let Thing::Step(id) = t { Some(*id) } else { None }).collect()
}

/// A variable outside a script, where nothing can be bound to it.
pub(super) fn unbound(clause: &str, name: &str) -> QueryError {
    let text = format!("${name}");
    let message = format!("nothing is bound to `{text}`");
    QueryError::new("unknown-name", message, format!("bind it in a script: `let {name} = …; …`"))
        .at(clause, &text, &text)
}
