//! Entries → where each stands, for good, and which other addresses lead to it.
//!
//! Each sighting has a permalink that is a pure function of that sighting. An entry stands at the
//! permalink of its earliest sighting; the others' permalinks redirect to it. So the set of URLs
//! only grows, whatever snapshots arrive, early or late.
//!
//! What could break this is that two entries want the same permalink. They then have the same id,
//! thus the same name, and that name is [ambiguous](super::identity::Identity::ambiguous). Of such
//! entries the earliest keeps the plain permalink, and the others stand at one that is told apart
//! by a hash of their content. That one must not vanish, either, when the order changes: so *every*
//! sighting has one, as soon as
//!
//! - its name is ambiguous, and
//! - some sighting of different content has the same plain permalink.
//!
//! Both only ever become true. That makes the URLs of an archive a union over its sightings, each
//! of which only gains: they do not depend on what is merged with what.
//!
//! What hidden feeds add may go with them: an address that only a hidden sighting gave leads to the
//! entry that it was merged with, as long as it is.
//!
//! Invariants: no two entries share a permalink; no alias is a permalink; ids are unique.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use rayon::prelude::*;

use super::identity::Identity;
use super::name::Named;
use super::permalink::{Pattern, told_apart};
use super::seen::{Register, Seen};
use crate::model::{EntryId, Hash, PagePath};

/// Where an entry stands.
#[derive(Debug)]
pub(super) struct Place {
    /// What names it.
    pub(super) id: EntryId,
    /// Its page.
    pub(super) permalink: PagePath,
    /// Every address that belongs to one of its sightings, its own page's among them, sorted.
    pub(super) addresses: Vec<PagePath>,
}

/// Gives every entry its place, in their order: the earliest first.
pub(super) fn assign(
    register: &Register<'_>,
    identity: &Identity,
    addresses: &Addresses,
) -> Vec<Place> {
    let is_ambiguous = |names: &Named| identity.ambiguous.contains(&names.name);
    let ambiguous: Vec<bool> = register.named.iter().map(is_ambiguous).collect();
    let mut pages: HashSet<PagePath> = HashSet::with_capacity(identity.entries.len());
    let mut ids: HashSet<EntryId> = HashSet::with_capacity(identity.entries.len());
    let mut place = |entry: &Vec<usize>| {
        let names = register.names(&register.seen[entry[0]]);
        let permalink = unused(&pages, addresses.plain(entry[0]), names.content);
        pages.insert(permalink.clone());
        let mut id = names.id;
        if !ids.insert(id) {
            id = EntryId::of(&names.content.to_string());
            ids.insert(id);
        }
        let mut wanted = vec![permalink.clone()];
        for position in entry {
            let plain = addresses.plain(*position);
            // Most entries keep their title and their date.
            if wanted.last() != Some(plain) {
                wanted.push(plain.clone());
            }
            if ambiguous[register.seen[*position].named] {
                wanted.extend(addresses.told_apart(*position, register));
            }
        }
        wanted.sort_unstable();
        wanted.dedup();
        Place {
            id,
            permalink,
            addresses: wanted,
        }
    };
    identity.entries.iter().map(&mut place).collect()
}

/// The plain permalink, if it is free, else the one that is told apart; that one is free but for a
/// collision of hashes, and even then there is one more.
fn unused(pages: &HashSet<PagePath>, plain: &PagePath, content: Hash) -> PagePath {
    if !pages.contains(plain) {
        return plain.clone();
    }
    let short = told_apart(plain, content);
    if pages.contains(&short) {
        plain.with_suffix(&content.to_string())
    } else {
        short
    }
}

/// The addresses that redirect to each of the entries that are shown, in the order of `places`.
/// One that belongs to several leads to the earliest of them.
pub(super) fn redirects(places: &[Place], is_shown: impl Fn(usize) -> bool) -> Vec<Vec<PagePath>> {
    let shown = |entry: &usize| is_shown(*entry);
    let mut taken: HashSet<&PagePath> = HashSet::with_capacity(places.len());
    taken.extend(
        (0..places.len())
            .filter(shown)
            .map(|entry| &places[entry].permalink),
    );
    let mut redirects = vec![Vec::new(); places.len()];
    for entry in (0..places.len()).filter(shown) {
        for address in &places[entry].addresses {
            if taken.insert(address) {
                redirects[entry].push(address.clone());
            }
        }
    }
    redirects
}

/// The addresses of everything that was seen.
pub(super) struct Addresses {
    /// The different plain permalinks.
    paths: Vec<PagePath>,
    /// For each position of the register, its plain permalink.
    of_seen: Vec<usize>,
    /// For each plain permalink, whether sightings of different content have it.
    contested: Vec<bool>,
}

impl Addresses {
    /// Fills the pattern for all that was seen.
    pub(super) fn of(register: &Register<'_>, pattern: &Pattern) -> Self {
        // What a permalink is made of: the same sighting may have another date elsewhere.
        let mut known =
            HashMap::<(usize, Option<Timestamp>), usize>::with_capacity(register.named.len());
        let mut different: Vec<&Seen<'_>> = Vec::new();
        let of_seen: Vec<usize> = register
            .seen
            .iter()
            .map(|seen| {
                *known.entry((seen.named, seen.date())).or_insert_with(|| {
                    different.push(seen);
                    different.len() - 1
                })
            })
            .collect();
        let fill = |seen: &&Seen<'_>| {
            let id = register.names(seen).id;
            pattern.fill(seen.sighting.title.as_ref(), seen.date(), id)
        };
        let filled: Vec<PagePath> = different.par_iter().map(fill).collect();
        let mut same: HashMap<&PagePath, usize> = HashMap::with_capacity(filled.len());
        let mut paths: Vec<PagePath> = Vec::with_capacity(filled.len());
        let of_different: Vec<usize> = filled
            .iter()
            .map(|path| {
                *same.entry(path).or_insert_with(|| {
                    paths.push(path.clone());
                    paths.len() - 1
                })
            })
            .collect();
        let of_seen: Vec<usize> = of_seen.iter().map(|seen| of_different[*seen]).collect();
        let mut contested = vec![false; paths.len()];
        let mut owners: Vec<Option<Hash>> = vec![None; paths.len()];
        for (seen, path) in register.seen.iter().zip(&of_seen) {
            let content = register.names(seen).content;
            contested[*path] |= owners[*path].is_some_and(|owner| owner != content);
            owners[*path] = Some(content);
        }
        Addresses {
            paths,
            of_seen,
            contested,
        }
    }

    fn plain(&self, position: usize) -> &PagePath {
        &self.paths[self.of_seen[position]]
    }

    /// The second address of a sighting whose name is ambiguous, if it has one.
    fn told_apart(&self, position: usize, register: &Register<'_>) -> Option<PagePath> {
        let needed = self.contested[self.of_seen[position]];
        let content = register.names(&register.seen[position]).content;
        needed.then(|| told_apart(self.plain(position), content))
    }
}
