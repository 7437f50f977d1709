//! Links what steps stand on: kinds, links, hosting options, sources, vectors, sensors,
//! mitigations, positions; and the profiles that name them.

use super::super::{condition, schema};
use super::{Doc, File, Linker};
use crate::model::{
    Advice, Class, Effort, Explained, Hosting, HostingSet, Kind, KindId, Layer, Link, Mitigation, Nature, Pair,
    Position, Profile, Sensor, Source, Topic, Unmodelled, Vector,
};

pub(super) type Knowledge<'a> = [Doc<'a, schema::Knowledge>];

/// Records of one section with their files, sorted by id, duplicates left out.
pub(super) fn section<'d, R>(
    docs: &'d Knowledge<'d>,
    records: impl Fn(&'d schema::Knowledge) -> &'d [R],
    id: impl Fn(&R) -> &str,
) -> Vec<(&'d File, &'d R)> {
    let mut all: Vec<(&File, &R)> = docs.iter().flat_map(|d| records(&d.body).iter().map(|r| (d.file, r))).collect();
    all.sort_by(|(_, a), (_, b)| id(a).cmp(id(b)));
    all.dedup_by(|(_, a), (_, b)| id(a) == id(b));
    all
}

/// Points as hundredths; `None` if negative, too large or finer than a hundredth.
pub(super) fn hundredths(points: f64) -> Option<Effort> {
    let scaled = points * 100.0;
    let whole = scaled.round();
    let fits = (0.0..=1e6).contains(&whole) && (scaled - whole).abs() < 1e-6;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "range checked")]
    fits.then_some(Effort(whole as u32))
}

impl<'a> Linker<'a> {
    /// Links everything that positions and steps refer to.
    pub(super) fn put_foundation(&mut self, docs: &'a Knowledge<'a>) {
        for doc in docs {
            for kind in &doc.body.kinds {
                let record = Kind {
                    id: self.out.put(&kind.id),
                    name: self.out.put(&kind.name),
                    summary: self.out.put(&kind.summary),
                    hosted: kind.hosted,
                    positions: 0,
                };
                self.out.kinds.push(record);
            }
        }
        for doc in docs {
            for link in &doc.body.links {
                self.put_link(doc.file, link);
            }
            for hosting in &doc.body.hostings {
                self.put_hosting(hosting);
            }
        }
        for (_, source) in section(docs, |d| &d.sources, |r| &r.id) {
            let record = Source {
                id: self.out.put(&source.id),
                name: self.out.put(&source.name),
                reference: self.out.put(&source.reference),
                licence: self.out.put(&source.licence),
                summary: self.out.put(&source.summary),
            };
            self.out.sources.push(record);
        }
        for (file, vector) in section(docs, |d| &d.vectors, |r| &r.id) {
            let refs = self.entry_ids(file, &vector.id, &vector.refs);
            let record = Vector {
                id: self.out.put(&vector.id),
                name: self.out.put(&vector.name),
                layer: vector.layer.into(),
                summary: self.out.put(&vector.summary),
                refs: self.out.entry_ids(refs),
            };
            self.out.vectors.push(record);
        }
        self.put_sensors(docs);
        self.put_mitigations(docs);
    }

    fn put_link(&mut self, file: &File, link: &schema::Link) {
        let (from, to) = (self.kind_of(file, &link.id, &link.from), self.kind_of(file, &link.id, &link.to));
        let record =
            Link { id: self.out.put(&link.id), from, to, apart: link.apart, summary: self.out.put(&link.summary) };
        self.out.links.push(record);
    }

    fn put_hosting(&mut self, hosting: &schema::Hosting) {
        let record = Hosting {
            id: self.out.put(&hosting.id),
            name: self.out.put(&hosting.name),
            flavour: self.out.put(&hosting.flavour),
            provider: self.out.put(&hosting.provider),
            groups: self.out.put_all(&hosting.groups),
            summary: self.out.put(&hosting.summary),
        };
        self.out.hostings.push(record);
    }

    fn put_sensors(&mut self, docs: &'a Knowledge<'a>) {
        for (file, sensor) in section(docs, |d| &d.sensors, |r| &r.id) {
            let kind = self.kind_of(file, &sensor.id, &sensor.kind);
            let refs = self.entry_ids(file, &sensor.id, &sensor.refs);
            let cost = self.points(file, &sensor.id, sensor.cost);
            let record = Sensor {
                id: self.out.put(&sensor.id),
                name: self.out.put(&sensor.name),
                kind,
                cost,
                summary: self.out.put(&sensor.summary),
                refs: self.out.entry_ids(refs),
            };
            self.out.sensors.push(record);
        }
    }

    fn put_mitigations(&mut self, docs: &'a Knowledge<'a>) {
        for (file, mitigation) in section(docs, |d| &d.mitigations, |r| &r.id) {
            let kind = self.kind_of(file, &mitigation.id, &mitigation.kind);
            let refs = self.entry_ids(file, &mitigation.id, &mitigation.refs);
            let cost = self.points(file, &mitigation.id, mitigation.cost);
            let record = Mitigation {
                id: self.out.put(&mitigation.id),
                name: self.out.put(&mitigation.name),
                kind,
                nature: mitigation.nature.into(),
                cost,
                summary: self.out.put(&mitigation.summary),
                refs: self.out.entry_ids(refs),
                formerly: self.out.put_all(&mitigation.formerly),
                aliases: self.out.put_all(&mitigation.aliases),
            };
            self.out.mitigations.push(record);
        }
    }

    /// Links the positions.
    pub(super) fn put_positions(&mut self, docs: &'a Knowledge<'a>) {
        for (file, position) in section(docs, |d| &d.positions, |r| &r.id) {
            let kind = self.kind_of(file, &position.id, &position.kind);
            let on = self.condition(file, &position.id, &position.on);
            let hosted = self.out.kinds.get(kind.index()).is_some_and(|k| k.hosted);
            if !hosted && on != HostingSet::first(self.names.hostings.len()) {
                self.error(
                    file,
                    &position.id,
                    format!("assets of kind `{}` have no hosting, so `on` cannot be judged", position.kind),
                );
            }
            let local = self.out.kinds.get(kind.index()).map_or(0, |k| k.positions);
            if let Some(kind) = self.out.kinds.get_mut(kind.index()) {
                kind.positions += 1;
            }
            let record = Position {
                id: self.out.put(&position.id),
                name: self.out.put(&position.name),
                kind,
                local,
                layer: position.layer.into(),
                class: position.class.into(),
                on,
                summary: self.out.put(&position.summary),
                ambient: position.ambient,
                start: self.out.put(position.start.as_deref().unwrap_or_default()),
                end: self.out.put(position.end.as_deref().unwrap_or_default()),
                formerly: self.out.put_all(&position.formerly),
                aliases: self.out.put_all(&position.aliases),
            };
            self.out.positions.push(record);
        }
    }

    /// Links the profiles and the list of techniques that no step uses.
    pub(super) fn put_profiles(&mut self, docs: &'a Knowledge<'a>) {
        for (file, profile) in section(docs, |d| &d.profiles, |r| &r.id) {
            let mut advice = Vec::new();
            for (name, text) in &profile.mitigations {
                match self.names.mitigation(name) {
                    Some(mitigation) => {
                        advice.push(Advice { mitigation, advice: self.out.put(text) });
                    }
                    None => self.error(file, &profile.id, format!("no mitigation `{name}`")),
                }
            }
            let record = Profile {
                id: self.out.put(&profile.id),
                name: self.out.put(&profile.name),
                summary: self.out.put(&profile.summary),
                mitigations: self.out.advice(advice),
            };
            self.out.profiles.push(record);
        }
        for doc in docs {
            for unmodelled in &doc.body.unmodelled {
                let record = unmodelled.codes.first().map_or("", String::as_str);
                let techniques = self.entry_ids(doc.file, record, &unmodelled.codes);
                let reason = self.out.put(&unmodelled.reason);
                let rows = techniques.into_iter().map(|technique| Unmodelled { technique, reason });
                self.out.unmodelled.extend(rows);
            }
        }
    }

    /// Links what the examination of the catalogue is told.
    pub(super) fn put_examination(&mut self, docs: &'a Knowledge<'a>) {
        for doc in docs {
            for pair in &doc.body.pairs {
                let (from, to) = (self.names.position(&pair.from), self.names.position(&pair.to));
                let summary = self.out.put(&pair.summary);
                match (from, to) {
                    (Some(from), Some(to)) => self.out.pairs.push(Pair { from, to, summary }),
                    (None, _) => self.error(doc.file, &pair.from, format!("no position `{}`", pair.from)),
                    (_, None) => self.error(doc.file, &pair.to, format!("no position `{}`", pair.to)),
                }
            }
            for topic in &doc.body.topics {
                self.put_topic(doc.file, topic);
            }
            for explained in &doc.body.explained {
                let record = Explained {
                    examination: self.out.put(&explained.examination),
                    subject: self.out.put(&explained.subject),
                    reason: self.out.put(&explained.reason),
                };
                self.out.explained.push(record);
            }
        }
    }

    fn put_topic(&mut self, file: &File, topic: &schema::Topic) {
        let unknown: Vec<&String> = topic.covers.iter().filter(|name| !self.names.has(name)).collect();
        for name in unknown {
            self.error(file, name, format!("nothing is called `{name}`"));
        }
        match self.names.source(&topic.source) {
            Some(source) => {
                let record = Topic {
                    source,
                    title: self.out.put(&topic.title),
                    tag: self.out.put(&topic.tag),
                    covers: self.out.put_all(&topic.covers),
                };
                self.out.topics.push(record);
            }
            None => self.error(file, &topic.title, format!("no source `{}`", topic.source)),
        }
    }

    /// The id of a kind; an unknown one is an error of the record.
    pub(super) fn kind_of(&mut self, file: &File, record: &str, kind: &str) -> KindId {
        self.names.kind(kind).unwrap_or_else(|| {
            self.error(file, record, format!("no asset kind `{kind}`"));
            KindId(0)
        })
    }

    /// The options a hosting condition admits; an unknown word is an error of the record.
    pub(super) fn condition(&mut self, file: &File, record: &str, condition: &str) -> HostingSet {
        let options: Vec<schema::Hosting> = self.names.hostings.iter().map(|h| (*h).clone()).collect();
        condition::hosting_set(condition, &options).unwrap_or_else(|word| {
            self.error(file, record, format!("no flavour, provider, group or hosting option `{word}`"));
            HostingSet::NONE
        })
    }

    /// Points as hundredths; anything else is an error of the record.
    pub(super) fn points(&mut self, file: &File, record: &str, points: f64) -> Effort {
        hundredths(points).unwrap_or_else(|| {
            self.error(file, record, format!("{points} is not between 0 and 10000 in hundredths"));
            Effort::ZERO
        })
    }
}

macro_rules! same_words {
    ($($name:ident { $($variant:ident),+ })+) => { $(impl From<schema::$name> for $name {
        fn from(word: schema::$name) -> Self {
            match word { $(schema::$name::$variant => Self::$variant,)+ }
        }
    })+ };
}
pub(super) use same_words;

same_words! {
    Layer { Infrastructure, Integration, Platform, Application }
    Class { Vantage, Knowledge, Credential, Identity, Execution, Control, Data, Admin, Impact }
    Nature { State, Programme }
}
