//! The compiled-in knowledge: schema, link, bake, lookup.
//!
//! `matrices/*.ron` → [`schema`] records → `link` (every name resolved or reported) → tables →
//! static tables of the program. Nothing is parsed when the program starts.

mod bake;
mod condition;
pub mod copies;
mod file;
pub mod link;
mod lookup;
pub mod schema;
mod tables;
mod wording;

pub use file::File;
pub use lookup::{Noun, Thing};
pub use tables::{Catalogue, Pooled};

#[allow(clippy::all, clippy::pedantic, clippy::nursery, reason = "written by the build")]
mod baked {
    use super::tables::Catalogue;
    use crate::model::*;
    use std::borrow::Cow;

    const fn t(start: u32, len: u32) -> Text {
        Text { start, len }
    }

    include!(concat!(env!("OUT_DIR"), "/tables.rs"));

    pub(super) static CATALOGUE: Catalogue = baked();
}

/// The catalogue that is compiled into the program.
#[must_use]
pub fn builtin() -> &'static Catalogue {
    &baked::CATALOGUE
}

/// Links a catalogue from the text of files, as the build does.
///
/// # Errors
/// Every broken record, in file order.
pub fn load(version: &str, files: &[File]) -> Result<Catalogue, Vec<link::LinkError>> {
    Ok(link::link(version, files)?.finish(String::new()))
}
