//! Sets of hosting options for people: `all 21 hosting options`, `managed`, `k8s, eks@aws`.

use crate::catalogue::Catalogue;
use crate::model::{HostingId, HostingSet};

/// The options in few words; empty if there is none.
pub(super) fn compact(catalogue: &Catalogue, options: &[HostingId]) -> String {
    let set: HostingSet = options.iter().copied().collect();
    if options.len() > 1 && set == catalogue.all_hostings() {
        return format!("all {} hosting options", set.len());
    }
    catalogue.hosting_words(set).join(", ")
}
