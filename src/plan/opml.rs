//! The list of sources for feed readers: one outline for each source, by name.
//!
//! Invariants: it changes only when a source comes, goes, or is called otherwise, so it has neither
//! counts nor dates; it names only what entries say in public, never the address of a feed in
//! site.toml, which may hold a secret.

use super::Planner;
use super::context::FeedLink;
use super::lists::{List, Terms};
use crate::config::{SiteConfig, SyndicationConfig};
use crate::model::{OutPath, SafeUrl};

/// Where it stands.
const FILE: &str = "sources.opml";
/// Its media type, by custom: none is registered.
const MIME: &str = "text/x-opml";

/// A list of sources to write.
#[derive(Debug, Clone)]
pub(crate) struct Opml {
    /// Its file.
    pub(crate) path: OutPath,
    /// Its title.
    pub(crate) title: String,
    /// The sources, by name.
    pub(crate) outlines: Vec<Outline>,
}

/// A source in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outline {
    /// Its name.
    pub(crate) title: String,
    /// Its home page.
    pub(crate) home: SafeUrl,
    /// Its feed, where an entry names it.
    pub(crate) feed: Option<SafeUrl>,
}

/// The link to the list, as every page names it.
pub(super) fn link(settings: SyndicationConfig) -> Option<FeedLink> {
    settings.opml.then(|| FeedLink {
        title: "Sources (OPML)".to_owned(),
        href: FILE.to_owned(),
        mime: MIME,
    })
}

/// The list of sources, if it is wanted.
pub(super) fn plan(planner: &Planner, site: &SiteConfig, terms: &Terms) -> Option<Opml> {
    let path = OutPath::new(FILE).filter(|_| planner.layout.syndication.opml)?;
    let outlines = terms.sources.iter();
    Some(Opml {
        path,
        title: format!("{}: sources", site.title),
        outlines: outlines
            .filter_map(|source| outline(planner, source))
            .collect(),
    })
}

/// A source as its newest entry names it; its feed as the newest entry that knows it.
fn outline(planner: &Planner, list: &List) -> Option<Outline> {
    let entries = &planner.archive.entries;
    let mut newest_first = list
        .entries
        .iter()
        .rev()
        .map(|index| &entries[*index].source);
    let is_web = |url: &&SafeUrl| url.is_web();
    Some(Outline {
        title: list.name.clone(),
        home: list.link.as_ref().filter(is_web)?.clone(),
        feed: newest_first
            .find_map(|source| source.feed.as_ref().filter(is_web))
            .cloned(),
    })
}
