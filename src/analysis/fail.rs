//! Smallest sets of defences whose failure lets a plan through: the mirror image of `cut.rs`.
//!
//! A set of defences in force that blocks every plan by itself is a conflict: every failing set has one of its members.
//! So failing sets are the minimal hitting sets of the minimal blocking sets, and the other way round (model.md, law 7).

use super::cut::End;
use super::field::{Arena, Field, Passage};
use super::hitting::Pool;
use super::problem::Limits;
use crate::graph::Guards;
use crate::model::Effort;

/// A search for failing sets, which can be asked for one after the other: fewest members first, then by members.
#[derive(Debug)]
pub struct Failing<'a> {
    fields: Vec<Field<'a>>,
    deployed: Vec<bool>,
    pool: Pool,
    limits: Limits,
    /// Blocking sets met so far, each ascending.
    blocking: Vec<Vec<u32>>,
    /// Whether a plan goes with nothing failed: then no other set is minimal.
    open: bool,
}

impl<'a> Failing<'a> {
    /// A search over some worlds in which a plan of at most `budget`, or any, is to go.
    #[must_use]
    pub fn new(
        arenas: &'a [Arena<'a>],
        guards: &'a Guards,
        deployed: Vec<bool>,
        budget: Option<Effort>,
        limits: Limits,
    ) -> Self {
        let fields = arenas.iter().map(|arena| Field::new(arena, guards, deployed.clone(), budget)).collect();
        let pool = Pool::new(deployed.iter().map(|on| on.then_some(1)).collect());
        Self { fields, deployed, pool, limits, blocking: Vec::new(), open: false }
    }

    /// Sets in force that block every plan by themselves; every failing set has a member of each.
    #[must_use]
    pub fn blocking(&self) -> &[Vec<u32>] {
        &self.blocking
    }

    /// The next failing set.
    ///
    /// # Errors
    /// Why there is none: `Exhausted` if no further set of failures lets a plan through.
    pub fn seek(&mut self) -> Result<Vec<u32>, End> {
        if self.open {
            return Err(End::Exhausted);
        }
        loop {
            let members = match self.pool.first(self.limits) {
                Ok(Some(members)) => members,
                Ok(None) => return Err(End::Exhausted),
                Err(()) => return Err(End::Stopped),
            };
            for &member in &members {
                self.set(member, false);
            }
            let open = self.is_open();
            let blocking = if open == Some(false) { self.least_blocking() } else { Vec::new() };
            for field in &mut self.fields {
                field.put(&self.deployed);
            }
            match open {
                None => return Err(End::Stopped),
                Some(true) => {
                    self.pool.forbid(&members);
                    self.open = members.is_empty();
                    return Ok(members);
                }
                Some(false) => {
                    if blocking.is_empty() {
                        return Err(End::Exhausted);
                    }
                    self.pool.add(&blocking);
                    self.blocking.push(blocking);
                }
            }
        }
    }

    fn set(&mut self, defence: u32, on: bool) {
        self.fields.iter_mut().for_each(|field| field.set(defence, on));
    }

    /// Whether a plan goes in some world; `None` if a search stopped before it could tell.
    fn is_open(&mut self) -> Option<bool> {
        let mut known = true;
        for field in &mut self.fields {
            match field.passage(self.limits) {
                Passage::Open(_) => return Some(true),
                Passage::Closed => {}
                Passage::Unknown => known = false,
            }
        }
        known.then_some(false)
    }

    /// Of what is in force, a set that blocks and that no member can be spared of: halves are taken away as long as the
    /// rest blocks.
    fn least_blocking(&mut self) -> Vec<u32> {
        let on: Vec<u32> = (0..).zip(&self.deployed).filter(|(_, on)| **on).map(|(d, _)| d).collect();
        let on: Vec<u32> = on.into_iter().filter(|&d| self.fields.iter().any(|field| field.is_on(d))).collect();
        let mut kept = Vec::new();
        self.spare(&on, &mut kept);
        kept.sort_unstable();
        kept
    }

    fn spare(&mut self, block: &[u32], kept: &mut Vec<u32>) {
        if block.is_empty() {
            return;
        }
        for &defence in block {
            self.set(defence, false);
        }
        // What a search cannot tell is kept.
        if self.is_open() == Some(false) {
            return;
        }
        for &defence in block {
            self.set(defence, true);
        }
        if let [only] = block {
            kept.push(*only);
            return;
        }
        let (first, second) = block.split_at(block.len() / 2);
        self.spare(first, kept);
        self.spare(second, kept);
    }
}
