//! Everything that was seen → entries: which sightings are one and the same thing.
//!
//! 1. *Within a feed*: by the first of a sighting's names that is reliable there (see
//!    [`name`](super::name)). Two sightings that stand side by side in one snapshot are never the
//!    same, so a name that repeats there is no name, in no snapshot of that feed.
//! 2. *Across feeds*, if the owner does not turn it off, by name: a guid that is unique in the
//!    world (RFC 4287, section 4.2.6: "permanent, universally unique") is the same entry wherever
//!    it appears.
//! 3. *Across feeds*, by canonical link: where in each feed only one entry has that link. The
//!    oldest agreements first; one that would make two entries of one feed the same is refused.
//!
//! Invariants: a pure function of the register; never two entries of one feed in one; and what is
//! unreliable stays so, whatever snapshots arrive later: [`places`](super::places) builds on that.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::name::{Named, WORLD_KEYS};
use super::seen::{Register, Seen};
use crate::model::Hash;

/// Who is who.
#[derive(Debug)]
pub(super) struct Identity {
    /// For each entry, what was seen of it: positions in the register, ascending, never none. The
    /// entries stand in the order of their earliest sightings.
    pub(super) entries: Vec<Vec<usize>>,
    /// Names that may belong to several entries: those that are unreliable in some feed, and, where
    /// entries are not one across feeds, those that several feeds have.
    pub(super) ambiguous: HashSet<Hash>,
}

/// Tells which sightings are one entry.
pub(super) fn identify(register: &Register<'_>, across_feeds: bool) -> Identity {
    let unreliable = unreliable_keys(register);
    let mut groups = Groups::within_feeds(register, &unreliable);
    let mut ambiguous: HashSet<Hash> = unreliable.into_iter().map(|(_, key)| key).collect();
    if across_feeds {
        groups.join_by_name();
        groups.join_by_page(register);
    } else {
        ambiguous.extend(names_of_several(register));
    }
    Identity {
        entries: groups.entries(register),
        ambiguous,
    }
}

/// The keys that different sightings share side by side, with the scope where they do.
fn unreliable_keys(register: &Register<'_>) -> HashSet<(usize, Hash)> {
    let in_snapshot = |snapshot: &[Seen<'_>]| {
        let mut owners: Vec<(Hash, Hash, usize)> = Vec::with_capacity(snapshot.len() * 3);
        for names in snapshot.iter().map(|seen| register.names(seen)) {
            let keys = names.keys().into_iter().flatten();
            owners.extend(keys.map(|key| (key, names.content, names.scope)));
        }
        owners.sort_unstable();
        let shared = |two: &[(Hash, Hash, usize)]| two[0].0 == two[1].0 && two[0].1 != two[1].1;
        let shared = owners.windows(2).filter(|two| shared(two));
        shared.map(|two| (two[0].2, two[0].0)).collect::<Vec<_>>()
    };
    let snapshots: Vec<_> = register.side_by_side().collect();
    snapshots
        .into_par_iter()
        .flat_map_iter(in_snapshot)
        .collect()
}

/// The first key that is reliable in the sighting's feed, and whether it is one for the world.
fn best_key(names: &Named, unreliable: &HashSet<(usize, Hash)>) -> (Hash, bool) {
    let is_reliable = |key: &Hash| !unreliable.contains(&(names.scope, *key));
    let mut ranked = names.keys().into_iter().enumerate();
    ranked
        .find_map(|(rank, key)| Some((key.filter(is_reliable)?, rank < WORLD_KEYS)))
        .unwrap_or((names.content, false))
}

/// The names that stand in several scopes.
fn names_of_several(register: &Register<'_>) -> Vec<Hash> {
    let mut scopes: HashMap<Hash, usize> = HashMap::new();
    let is_elsewhere =
        |names: &&Named| *scopes.entry(names.name).or_insert(names.scope) != names.scope;
    let elsewhere = register.named.iter().filter(is_elsewhere);
    elsewhere.map(|names| names.name).collect()
}

/// Who has a canonical link, in a feed, since when.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Owner {
    page: Hash,
    scope: usize,
    since: usize,
    group: usize,
}

/// Since when which two groups have the same page, of all that have it: the one entry of each feed;
/// none if two entries of one feed have it, because then it tells nothing.
fn agreements(owners: &[Owner]) -> Vec<(usize, usize, usize)> {
    let is_ambiguous = |two: &[Owner]| two[0].scope == two[1].scope && two[0].group != two[1].group;
    if owners.windows(2).any(is_ambiguous) {
        return Vec::new();
    }
    let feeds = owners.chunk_by(|a, b| a.scope == b.scope);
    let mut first: Vec<(usize, usize)> = feeds
        .filter_map(|feed| feed.first())
        .map(|owner| (owner.since, owner.group))
        .collect();
    first.sort_unstable();
    match first.split_first() {
        Some(((_, first), others)) => others
            .iter()
            .map(|(since, group)| (*since, *first, *group))
            .collect(),
        None => Vec::new(),
    }
}

/// The entries of each feed, and which of them are one across feeds: a forest of parents.
struct Groups {
    /// The group of each different sighting.
    of_named: Vec<usize>,
    /// The key that made each group, if it is one for the whole world.
    world_keys: Vec<Option<Hash>>,
    /// For each group, another one that it is the same as; itself at the root.
    parents: Vec<usize>,
    /// For each root, the scopes that it joins, beside the one that it was made in.
    scopes: Vec<(usize, Vec<usize>)>,
}

impl Groups {
    fn within_feeds(register: &Register<'_>, unreliable: &HashSet<(usize, Hash)>) -> Self {
        let mut groups = Groups {
            of_named: Vec::with_capacity(register.named.len()),
            world_keys: Vec::new(),
            parents: Vec::new(),
            scopes: Vec::new(),
        };
        let mut known = HashMap::with_capacity(register.named.len());
        for names in &register.named {
            let (key, is_world_key) = best_key(names, unreliable);
            let group = *known
                .entry((names.scope, key))
                .or_insert_with(|| groups.add(names.scope, is_world_key.then_some(key)));
            groups.of_named.push(group);
        }
        groups
    }

    /// A new group, on its own.
    fn add(&mut self, scope: usize, world_key: Option<Hash>) -> usize {
        let group = self.parents.len();
        self.parents.push(group);
        self.scopes.push((scope, Vec::new()));
        self.world_keys.push(world_key);
        group
    }

    fn join_by_name(&mut self) {
        let mut first: HashMap<Hash, usize> = HashMap::new();
        for group in 0..self.parents.len() {
            if let Some(key) = self.world_keys[group] {
                let other = *first.entry(key).or_insert(group);
                self.join(other, group);
            }
        }
    }

    fn join_by_page(&mut self, register: &Register<'_>) {
        // Sightings stand in the order in which they were first seen: `since` is an age.
        let mut owners: Vec<Owner> = register
            .named
            .iter()
            .enumerate()
            .filter_map(|(since, names)| {
                Some(Owner {
                    page: names.page?,
                    scope: names.scope,
                    since,
                    group: self.of_named[since],
                })
            })
            .collect();
        owners.par_sort_unstable();
        let pages = owners.chunk_by(|a, b| a.page == b.page);
        let shared = pages.filter(|owners| owners.len() > 1);
        let mut agreements: Vec<_> = shared.flat_map(agreements).collect();
        agreements.sort_unstable();
        for (_, first, other) in agreements {
            self.join(first, other);
        }
    }

    /// Makes two groups one, unless that would join two groups of one feed.
    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b
            || self
                .scopes(a)
                .any(|scope| self.scopes(b).any(|other| scope == other))
        {
            return;
        }
        let (small, large) = if self.scopes[a].1.len() < self.scopes[b].1.len() {
            (a, b)
        } else {
            (b, a)
        };
        let joined: Vec<usize> = self.scopes(small).collect();
        self.scopes[large].1.extend(joined);
        self.parents[small] = large;
    }

    /// The scopes that a root joins.
    fn scopes(&self, root: usize) -> impl Iterator<Item = usize> {
        let (first, others) = &self.scopes[root];
        std::iter::once(*first).chain(others.iter().copied())
    }

    fn root(&self, mut group: usize) -> usize {
        // Smaller ones hang under larger ones: the way up is short.
        while self.parents[group] != group {
            group = self.parents[group];
        }
        group
    }

    fn entries(&self, register: &Register<'_>) -> Vec<Vec<usize>> {
        let mut entries: Vec<Vec<usize>> = Vec::new();
        let mut of_root: Vec<Option<usize>> = vec![None; self.parents.len()];
        for (position, seen) in register.seen.iter().enumerate() {
            let root = self.root(self.of_named[seen.named]);
            let entry = *of_root[root].get_or_insert(entries.len());
            if entry == entries.len() {
                entries.push(Vec::new());
            }
            entries[entry].push(position);
        }
        entries
    }
}
