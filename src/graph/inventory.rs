//! Assets, their links and the mitigations set on them.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::catalogue::Catalogue;
use crate::model::{HostingSet, KindId, LinkId, MitigationId};

/// Index of an asset; ids follow the order of the names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AssetId(pub u32);

/// How far a mitigation is deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum State {
    /// Not at all.
    #[default]
    Off,
    /// In part: prevention becomes hindrance by 400 per cent, hindrance keeps half its excess.
    Partial,
    /// Everywhere.
    On,
}

/// One thing that an attacker can hold positions on.
#[derive(Debug, Clone)]
pub struct Asset {
    /// Name, unique in the inventory.
    pub name: String,
    /// Kind.
    pub kind: KindId,
    /// Hosting options it may stand for: one for a cluster of a real inventory.
    pub hosting: HostingSet,
    /// Tags.
    pub tags: Vec<String>,
    /// Mitigations whose state is known for this asset.
    pub mitigations: Vec<(MitigationId, State)>,
}

/// What is wrong with an inventory.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InventoryError {
    /// Two assets share a name.
    #[error("two assets are called `{0}`")]
    Twice(String),
    /// A link names an asset that is not there.
    #[error("no asset is called `{0}`")]
    NoAsset(String),
    /// The catalogue has no such kind.
    #[error("no asset kind `{0}`")]
    NoKind(String),
    /// The catalogue does not link these kinds so.
    #[error("no link `{link}` leads from `{from}` to `{to}`")]
    NoLink {
        /// Slug of the link.
        link: String,
        /// Asset at its start.
        from: String,
        /// Asset at its end.
        to: String,
    },
    /// More assets or positions than ids.
    #[error("the inventory has more than {0} positions")]
    TooLarge(u32),
}

/// Assets and links, checked and in canonical order.
#[derive(Debug, Clone)]
pub struct Inventory {
    assets: Vec<Asset>,
    links: Vec<(AssetId, LinkId, AssetId)>,
    bare: bool,
}

/// Collects assets and links in any order.
#[derive(Debug, Default)]
pub struct InventoryBuilder {
    assets: Vec<(Asset, bool)>,
    links: Vec<(String, String, String)>,
}

impl Inventory {
    /// The bare catalogue: one asset of each kind, all linked, on every hosting option.
    #[must_use]
    pub fn bare(catalogue: &Catalogue) -> Self {
        let slug = |kind: KindId| catalogue.str(catalogue.kind(kind).id);
        let mut kinds: Vec<KindId> = (0..catalogue.kinds.len()).map(KindId::from_index).collect();
        kinds.sort_by_key(|&kind| slug(kind));
        let mut asset = vec![AssetId(0); kinds.len()];
        for (index, kind) in (0..).zip(&kinds) {
            asset[kind.index()] = AssetId(index);
        }
        let assets = (kinds.iter())
            .map(|&kind| Asset {
                name: slug(kind).to_owned(),
                kind,
                hosting: catalogue.all_hostings(),
                tags: Vec::new(),
                mitigations: Vec::new(),
            })
            .collect();
        let links = (catalogue.links.iter().enumerate())
            .map(|(index, link)| (asset[link.from.index()], LinkId::from_index(index), asset[link.to.index()]))
            .collect();
        Self { assets, links, bare: true }
    }

    /// Whether this is the bare catalogue, whose hosting is chosen by the question.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.bare
    }

    /// The assets, by name.
    #[must_use]
    pub fn assets(&self) -> &[Asset] {
        &self.assets
    }

    /// The links.
    #[must_use]
    pub fn links(&self) -> &[(AssetId, LinkId, AssetId)] {
        &self.links
    }

    /// The asset of an id.
    #[must_use]
    pub fn asset(&self, id: AssetId) -> &Asset {
        &self.assets[id.0 as usize]
    }

    /// Says how far a mitigation is deployed on an asset.
    ///
    /// # Errors
    /// No asset has the name.
    pub fn set(&mut self, asset: &str, mitigation: MitigationId, state: State) -> Result<(), InventoryError> {
        let index = self.assets.iter().position(|a| a.name == asset);
        let index = index.ok_or_else(|| InventoryError::NoAsset(asset.to_owned()))?;
        let known = &mut self.assets[index].mitigations;
        known.retain(|(known, _)| *known != mitigation);
        known.push((mitigation, state));
        Ok(())
    }

    /// The asset of a name.
    #[must_use]
    pub fn asset_named(&self, name: &str) -> Option<AssetId> {
        let index = self.assets.iter().position(|a| a.name == name)?;
        u32::try_from(index).ok().map(AssetId)
    }
}

impl InventoryBuilder {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an asset; without a hosting it takes those of the assets it is linked to.
    ///
    /// # Errors
    /// The kind is unknown.
    pub fn asset(
        &mut self,
        catalogue: &Catalogue,
        name: impl Into<String>,
        kind: &str,
        hosting: Option<HostingSet>,
    ) -> Result<&mut Asset, InventoryError> {
        let kind = catalogue.kind_named(kind).ok_or_else(|| InventoryError::NoKind(kind.to_owned()))?;
        let known = hosting.is_some() || !catalogue.kind(kind).hosted;
        let asset = Asset {
            name: name.into(),
            kind,
            hosting: hosting.unwrap_or(if known { HostingSet::ALL } else { HostingSet::NONE }),
            tags: Vec::new(),
            mitigations: Vec::new(),
        };
        self.assets.push((asset, known));
        let last = self.assets.len() - 1;
        Ok(&mut self.assets[last].0)
    }

    /// Adds a link by the names of the assets.
    pub fn link(&mut self, from: impl Into<String>, link: impl Into<String>, to: impl Into<String>) {
        self.links.push((from.into(), link.into(), to.into()));
    }

    /// Checks everything and puts it in order.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn build(mut self, catalogue: &Catalogue) -> Result<Inventory, InventoryError> {
        self.assets.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
        if let Some(twice) = self.assets.windows(2).find(|w| w[0].0.name == w[1].0.name) {
            return Err(InventoryError::Twice(twice[0].0.name.clone()));
        }
        let limit = u32::MAX;
        let index: BTreeMap<&str, u32> = (self.assets.iter().enumerate())
            .map(|(i, (asset, _))| {
                Ok((asset.name.as_str(), u32::try_from(i).map_err(|_| InventoryError::TooLarge(limit))?))
            })
            .collect::<Result<_, _>>()?;
        let links = (self.links.iter())
            .map(|link| resolve_link(catalogue, &self.assets, &index, link))
            .collect::<Result<Vec<_>, _>>()?;
        inherit_hosting(&mut self.assets, &links);
        let assets = self.assets.into_iter().map(|(asset, _)| asset).collect();
        Ok(Inventory { assets, links, bare: false })
    }
}

fn resolve_link(
    catalogue: &Catalogue,
    assets: &[(Asset, bool)],
    index: &BTreeMap<&str, u32>,
    (from, link, to): &(String, String, String),
) -> Result<(AssetId, LinkId, AssetId), InventoryError> {
    let find = |name: &String| index.get(name.as_str()).copied().ok_or_else(|| InventoryError::NoAsset(name.clone()));
    let (start, end) = (find(from)?, find(to)?);
    let kinds = (assets[start as usize].0.kind, assets[end as usize].0.kind);
    let fits = |l: &crate::model::Link| catalogue.str(l.id) == link && (l.from, l.to) == kinds;
    let id = catalogue.links.iter().position(fits).ok_or_else(|| InventoryError::NoLink {
        link: link.clone(),
        from: from.clone(),
        to: to.clone(),
    })?;
    Ok((AssetId(start), LinkId::from_index(id), AssetId(end)))
}

/// Hosted assets without a hosting of their own take the union of their neighbours', nearest
/// first; those that nothing reaches may stand anywhere.
fn inherit_hosting(assets: &mut [(Asset, bool)], links: &[(AssetId, LinkId, AssetId)]) {
    loop {
        let mut learned: Vec<(usize, HostingSet)> = Vec::new();
        for (from, _, to) in links {
            let (a, b) = (from.0 as usize, to.0 as usize);
            for (known, unknown) in [(a, b), (b, a)] {
                let source = &assets[known];
                if source.1 && source.0.hosting != HostingSet::ALL && !assets[unknown].1 {
                    learned.push((unknown, source.0.hosting));
                }
            }
        }
        if learned.is_empty() {
            break;
        }
        for (index, hosting) in &learned {
            assets[*index].0.hosting = assets[*index].0.hosting.or(*hosting);
        }
        for (index, _) in learned {
            assets[index].1 = true;
        }
    }
    for (asset, known) in assets.iter_mut() {
        if !*known {
            asset.hosting = HostingSet::ALL;
        }
    }
}
