//! Entries → by what a note may name them: the permalink (or another address that leads there), the
//! id, the guid, the link of the original, or the page of a share. A name is understood in this order.
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
    shares: OnceLock<ByHash<Vec<usize>>>,
}

/// How many letters a link may differ by from one that is known, to be a slip.
const SLIPS: usize = 3;
/// The longest link that is compared letter by letter.
const COMPARED: usize = 400;

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
            shares: OnceLock::new(),
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

    /// The pages of shares, such as a post of a blurblog: the entry's page links to them.
    fn shares(&self) -> ByHash<Vec<usize>> {
        let mut shares = ByHash::default();
        for entry in 0..self.entries.len() {
            for (seen, _) in self.seen_of(entry) {
                let share = seen.share.as_ref();
                if let Some(link) = share.and_then(|share| share.permalink.as_ref()) {
                    note_down(&mut shares, page(&canonical_link(link)), entry);
                }
            }
        }
        shares
    }

    /// The link of an original that differs from this one by a few letters.
    pub(super) fn near_link(&self, name: &str) -> Option<&SafeUrl> {
        let wanted = SafeUrl::parse(name.trim())?;
        let wanted = wanted.without_fragment();
        let links = self
            .different
            .iter()
            .filter_map(|(seen, _)| seen.link.as_ref());
        let near = links.filter_map(|link| {
            let slips = slips(wanted, link.without_fragment())?;
            Some((slips, link))
        });
        // Of equally near ones the first by its letters, whatever the order of snapshots.
        let (_, link) = near.min_by_key(|(slips, link)| (*slips, link.as_str()))?;
        Some(link)
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
        let shares = || self.shares.get_or_init(|| self.shares());
        let page = || SafeUrl::parse(name).map(|link| page(&canonical_link(&link)));
        ids()
            .get(&name.to_ascii_lowercase())
            .or_else(|| guids().get(name))
            .or_else(|| pages().get(&page()?))
            .or_else(|| shares().get(&page()?))
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

/// How many letters two links differ by; none if by more than a slip. Most pairs differ so much that
/// their ends tell, and comparing all letters of all links would take long.
fn slips(a: &str, b: &str) -> Option<usize> {
    let (longer, shorter) = (a.len().max(b.len()), a.len().min(b.len()));
    if longer > COMPARED || longer - shorter > SLIPS {
        return None;
    }
    let equal = |(a, b): &(u8, u8)| a == b;
    let begins = a.bytes().zip(b.bytes()).take_while(equal).count();
    let ends = a
        .bytes()
        .rev()
        .zip(b.bytes().rev())
        .take_while(equal)
        .count();
    if begins + ends + 4 * SLIPS < longer {
        return None;
    }
    let slips = strsim::osa_distance(a, b);
    (slips > 0 && slips <= SLIPS).then_some(slips)
}

/// The path of a page of this site that a URL names: as it is published, be it under another scheme,
/// or as the preview shows it, which may listen at any address that is no public name.
fn path_here(name: &str, base_url: &SafeUrl) -> Option<String> {
    let url = SafeUrl::parse(name).filter(SafeUrl::is_web)?;
    let is_ours = url.host() == base_url.host() || !url.has_public_name();
    let path = url.path().strip_prefix(base_url.path());
    Some(path.filter(|_| is_ours)?.to_owned())
}

/// A permalink however it is written: as a path with or without a slash or an ending, or as a URL
/// of the site or of its preview.
pub(super) fn address(name: &str, base_url: &SafeUrl) -> String {
    let here = path_here(name, base_url);
    let path = here.as_deref().unwrap_or(name);
    let path = path.split(['#', '?']).next().unwrap_or_default();
    let path = percent_decode_str(path.trim_matches('/')).decode_utf8_lossy();
    path.strip_suffix("/index.html")
        .or_else(|| path.strip_suffix(".html"))
        .unwrap_or(&path)
        .to_owned()
}
