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

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::name::{Named, WORLD_KEYS};
use super::seen::Register;
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
    let mut unreliable = HashSet::new();
    for snapshot in register.side_by_side() {
        let mut owners: HashMap<Hash, Hash> = HashMap::new();
        for seen in snapshot {
            let names = register.names(seen);
            for key in names.keys().into_iter().flatten() {
                if *owners.entry(key).or_insert(names.content) != names.content {
                    unreliable.insert((names.scope, key));
                }
            }
        }
    }
    unreliable
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

/// A canonical link, and the one entry of each feed that has it.
#[derive(Default)]
struct Page {
    /// Scope → since when, and which group.
    owners: BTreeMap<usize, (usize, usize)>,
    /// Two entries of one feed have it: it tells nothing.
    ambiguous: bool,
}

impl Page {
    fn add(&mut self, since: usize, group: usize, scope: usize) {
        let (_, owner) = *self.owners.entry(scope).or_insert((since, group));
        self.ambiguous |= owner != group;
    }

    /// Since when which two groups have the same page.
    fn agreements(self) -> Vec<(usize, usize, usize)> {
        let mut owners: Vec<_> = self.owners.into_values().collect();
        owners.sort_unstable();
        match owners.split_first() {
            Some(((_, first), others)) if !self.ambiguous => others
                .iter()
                .map(|(since, group)| (*since, *first, *group))
                .collect(),
            _ => Vec::new(),
        }
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
    /// For each root, the scopes that it joins.
    scopes: Vec<BTreeSet<usize>>,
}

impl Groups {
    fn within_feeds(register: &Register<'_>, unreliable: &HashSet<(usize, Hash)>) -> Self {
        let mut groups = Groups {
            of_named: Vec::with_capacity(register.named.len()),
            world_keys: Vec::new(),
            parents: Vec::new(),
            scopes: Vec::new(),
        };
        let mut known: HashMap<(usize, Hash), usize> = HashMap::new();
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
        self.scopes.push(BTreeSet::from([scope]));
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
        let mut pages: BTreeMap<Hash, Page> = BTreeMap::new();
        // Sightings stand in the order in which they were first seen: `since` is an age.
        for (since, names) in register.named.iter().enumerate() {
            if let Some(page) = names.page {
                let group = self.of_named[since];
                pages
                    .entry(page)
                    .or_default()
                    .add(since, group, names.scope);
            }
        }
        let mut agreements: Vec<_> = pages.into_values().flat_map(Page::agreements).collect();
        agreements.sort_unstable();
        for (_, first, other) in agreements {
            self.join(first, other);
        }
    }

    /// Makes two groups one, unless that would join two groups of one feed.
    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b || !self.scopes[a].is_disjoint(&self.scopes[b]) {
            return;
        }
        let (small, large) = if self.scopes[a].len() < self.scopes[b].len() {
            (a, b)
        } else {
            (b, a)
        };
        let mut scopes = std::mem::take(&mut self.scopes[small]);
        self.scopes[large].append(&mut scopes);
        self.parents[small] = large;
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
        let mut of_root: HashMap<usize, usize> = HashMap::new();
        for (position, seen) in register.seen.iter().enumerate() {
            let root = self.root(self.of_named[seen.named]);
            let entry = *of_root.entry(root).or_insert(entries.len());
            if entry == entries.len() {
                entries.push(Vec::new());
            }
            entries[entry].push(position);
        }
        entries
    }
}
