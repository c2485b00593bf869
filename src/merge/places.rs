//! Entries → where each stands, for good, and which other addresses lead to it.
//!
//! Each sighting has a permalink that is a pure function of that sighting. An entry stands at the
//! permalink of its earliest sighting; the others' permalinks redirect to it. So the set of URLs
//! only grows, whatever snapshots arrive, early or late. Where the best reading of a sighting differs
//! from the [frozen](crate::model::Frozen) one, it has a permalink by each: a better title or date adds
//! an address, and the old one redirects.
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
            for plain in addresses.plains(*position) {
                // Most entries keep their title and their date.
                if wanted.last() != Some(plain) {
                    wanted.push(plain.clone());
                }
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
    /// For each position of the register, the number of its plain permalink, and of the one that the
    /// frozen reading gives: often the same.
    of_seen: Vec<[usize; 2]>,
    /// For each plain permalink, whether sightings of different content have it.
    contested: Vec<bool>,
}

impl Addresses {
    /// Fills the pattern for all that was seen.
    pub(super) fn of(register: &Register<'_>, pattern: &Pattern) -> Self {
        // The parts of a permalink: the same sighting may have another date elsewhere.
        type Parts = (usize, Option<Timestamp>, Option<Timestamp>);
        let mut known = HashMap::<Parts, usize>::with_capacity(register.named.len());
        let mut different: Vec<&Seen<'_>> = Vec::new();
        let of_seen: Vec<usize> = register
            .seen
            .iter()
            .map(|seen| {
                let parts = (seen.named, seen.date(), seen.frozen_date);
                *known.entry(parts).or_insert_with(|| {
                    different.push(seen);
                    different.len() - 1
                })
            })
            .collect();
        let fill = |seen: &&Seen<'_>| permalinks(seen, register.names(seen).id, pattern);
        let filled: Vec<[PagePath; 2]> = different.par_iter().map(fill).collect();
        let mut same: HashMap<&PagePath, usize> = HashMap::with_capacity(filled.len());
        let mut paths: Vec<PagePath> = Vec::with_capacity(filled.len());
        let mut number = |path| {
            *same.entry(path).or_insert_with(|| {
                paths.push(path.clone());
                paths.len() - 1
            })
        };
        let of_different: Vec<[usize; 2]> = filled
            .iter()
            .map(|[path, frozen]| [number(path), number(frozen)])
            .collect();
        let of_seen: Vec<[usize; 2]> = of_seen.iter().map(|seen| of_different[*seen]).collect();
        Addresses {
            contested: contested(register, &of_seen, paths.len()),
            paths,
            of_seen,
        }
    }

    /// The permalink of a position, by the best reading.
    fn plain(&self, position: usize) -> &PagePath {
        &self.paths[self.of_seen[position][0]]
    }

    /// The permalinks of a position by each of its readings, without repetition.
    fn plains(&self, position: usize) -> impl Iterator<Item = &PagePath> {
        let [best, frozen] = self.of_seen[position];
        let frozen = (frozen != best).then_some(frozen);
        std::iter::once(best)
            .chain(frozen)
            .map(|number| &self.paths[number])
    }

    /// The second address for each permalink of a sighting whose name is ambiguous, where it has one.
    fn told_apart(
        &self,
        position: usize,
        register: &Register<'_>,
    ) -> impl Iterator<Item = PagePath> {
        let content = register.names(&register.seen[position]).content;
        let numbers = self.of_seen[position].into_iter();
        let contested = numbers.filter(|number| self.contested[*number]);
        contested.map(move |number| told_apart(&self.paths[number], content))
    }
}

/// The permalinks of a sighting: by the best reading, and by the frozen one.
fn permalinks(seen: &Seen<'_>, id: EntryId, pattern: &Pattern) -> [PagePath; 2] {
    let frozen = seen.sighting.address_parts();
    let title = seen.sighting.title.as_ref();
    let best = pattern.fill(title, seen.date(), id);
    if (title, seen.date()) == (frozen.title, seen.frozen_date) {
        return [best.clone(), best];
    }
    let frozen = pattern.fill(frozen.title, seen.frozen_date, id);
    [best, frozen]
}

/// For each of so many permalinks, whether sightings of different content have it.
fn contested(register: &Register<'_>, of_seen: &[[usize; 2]], paths: usize) -> Vec<bool> {
    let mut contested = vec![false; paths];
    let mut owners: Vec<Option<Hash>> = vec![None; paths];
    for (seen, numbers) in register.seen.iter().zip(of_seen) {
        let content = register.names(seen).content;
        for path in numbers {
            contested[*path] |= owners[*path].is_some_and(|owner| owner != content);
            owners[*path] = Some(content);
        }
    }
    contested
}
