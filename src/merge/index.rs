//! Entries → by what a note may name them: the permalink (or another address that leads there), the
//! id, the guid or the link of the original. A name is understood in this order.
//!
//! Each list is made when a note is not found in those before it, for most notes name a permalink,
//! and then kept: who writes a note saves it many times.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash};
use std::sync::{Arc, OnceLock};

use percent_encoding::percent_decode_str;

use super::name::{Named, page};
use super::places::Place;
use super::seen::Register;
use crate::model::{ByHash, PagePath, SafeUrl, Sighting, canonical_link};

/// What may name an entry. Each list is in the order of entries and free of repetition.
#[derive(Debug)]
pub(super) struct Index {
    /// For each entry, what was seen of it.
    entries: Vec<Vec<usize>>,
    /// For each thing that was seen, which of those that differ it is.
    seen: Vec<usize>,
    /// Those that differ, and their names.
    different: Vec<(Arc<Sighting>, Named)>,
    addresses: OnceLock<HashMap<PagePath, usize>>,
    ids: OnceLock<HashMap<String, Vec<usize>>>,
    guids: OnceLock<HashMap<Box<str>, Vec<usize>>>,
    pages: OnceLock<ByHash<Vec<usize>>>,
}

impl Index {
    pub(super) fn of(entries: Vec<Vec<usize>>, register: &Register<'_>) -> Self {
        let seen = register.seen.iter().map(|seen| seen.named);
        let sightings = register.different.iter().map(|one| Arc::clone(one));
        Index {
            entries,
            seen: seen.collect(),
            different: sightings.zip(register.named.iter().copied()).collect(),
            addresses: OnceLock::new(),
            ids: OnceLock::new(),
            guids: OnceLock::new(),
            pages: OnceLock::new(),
        }
    }

    fn addresses(places: &[Place]) -> HashMap<PagePath, usize> {
        let mut addresses = HashMap::with_capacity(places.len());
        for (entry, place) in places.iter().enumerate() {
            for address in &place.addresses {
                // One that several want leads to the earliest of them, as its redirect does.
                addresses.entry(address.clone()).or_insert(entry);
            }
        }
        // A page is its own address, whoever else would have liked it.
        for (entry, place) in places.iter().enumerate() {
            addresses.insert(place.permalink.clone(), entry);
        }
        addresses
    }

    fn ids(&self, places: &[Place]) -> HashMap<String, Vec<usize>> {
        let mut ids = HashMap::new();
        for (entry, place) in places.iter().enumerate() {
            note_down(&mut ids, place.id.short(), entry);
            for (_, names) in self.seen_of(entry) {
                note_down(&mut ids, names.id.short(), entry);
            }
        }
        ids
    }

    fn guids(&self) -> HashMap<Box<str>, Vec<usize>> {
        let mut guids = HashMap::new();
        for entry in 0..self.entries.len() {
            for guid in self
                .seen_of(entry)
                .filter_map(|(seen, _)| seen.guid.clone())
            {
                note_down(&mut guids, guid, entry);
            }
        }
        guids
    }

    fn pages(&self) -> ByHash<Vec<usize>> {
        let mut pages = ByHash::default();
        for entry in 0..self.entries.len() {
            for page in self.seen_of(entry).filter_map(|(_, names)| names.page) {
                note_down(&mut pages, page, entry);
            }
        }
        pages
    }

    /// What was seen of an entry.
    fn seen_of(&self, entry: usize) -> impl Iterator<Item = &(Arc<Sighting>, Named)> {
        let positions = self.entries[entry].iter();
        positions.map(|position| &self.different[self.seen[*position]])
    }

    /// The entries that this may name.
    pub(super) fn find(&self, name: &str, places: &[Place], base_url: &SafeUrl) -> Vec<usize> {
        let name = name.trim();
        let addresses = || self.addresses.get_or_init(|| Self::addresses(places));
        let at = PagePath::new(&address(name, base_url));
        if let Some(entry) = at.and_then(|at| addresses().get(&at)) {
            return vec![*entry];
        }
        let ids = || self.ids.get_or_init(|| self.ids(places));
        let guids = || self.guids.get_or_init(|| self.guids());
        let pages = || self.pages.get_or_init(|| self.pages());
        let page = || SafeUrl::parse(name).map(|link| page(&canonical_link(&link)));
        ids()
            .get(&name.to_ascii_lowercase())
            .or_else(|| guids().get(name))
            .or_else(|| pages().get(&page()?))
            .cloned()
            .unwrap_or_default()
    }
}

fn note_down<K: Hash + Eq, S: BuildHasher>(
    index: &mut HashMap<K, Vec<usize>, S>,
    key: K,
    entry: usize,
) {
    let entries = index.entry(key).or_default();
    // Entries come one after the other: a repetition can only be the last.
    if entries.last() != Some(&entry) {
        entries.push(entry);
    }
}

/// A permalink however it is written: as a path with or without a slash or an ending, or as a URL
/// of the site.
pub(super) fn address(name: &str, base_url: &SafeUrl) -> String {
    let path = name.strip_prefix(base_url.as_str()).unwrap_or(name);
    let path = path.split(['#', '?']).next().unwrap_or_default();
    let path = percent_decode_str(path.trim_matches('/')).decode_utf8_lossy();
    path.strip_suffix("/index.html")
        .or_else(|| path.strip_suffix(".html"))
        .unwrap_or(&path)
        .to_owned()
}
