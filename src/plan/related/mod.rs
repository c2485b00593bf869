//! All entries → for each, the older entries that are about the same, and the newer ones that chose
//! it.
//!
//! 1. [`traits`]: the terms of an entry (words, tags, source), each with how much it is about them.
//! 2. [`index`]: how rare a term was when the entry came (TF-IDF), and who else had it by then.
//! 3. Candidates are the recent entries with its strongest terms; the best of them are compared in
//!    full; what tells no more than chance would, or far
//!    less than the best, is dropped; of equals, other sources come first.
//! 4. The first newer entries that chose an entry are its later ones.
//!
//! Everything is counted in bits of information, so it needs no setting: among more entries, more
//! is asked. Time is linear in the number of entries, for each looks at a bounded number of others.
//!
//! Invariants: an entry's related ones depend on older entries alone, so a new newest one changes
//! the pages of at most [`MOST`] others; integers only; ties go to the more recent.

mod index;
mod log2;
mod traits;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod stories;

use std::ops::Deref;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(test)]
use crate::model::Parts;
use crate::model::{Archive, Hash, Keyword, SafeBody};

use index::{Index, shared, told_by};
pub(super) use traits::Known;
use traits::Traits;

/// How many related entries an entry has at the most, and how many later ones.
const MOST: usize = 5;
/// By how many of its terms an entry looks for others: its strongest.
const STRONGEST: usize = 16;
/// How many entries it looks at by each of them: the most recent.
const REACH: u32 = 64;
/// How many of those that it finds are compared in full.
const COMPARED: usize = 16;
/// Counts up when entries choose otherwise though they are the same.
const RULES: u32 = 2;

/// What is related to what, by the entries' indices.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Relations {
    /// For each entry, the older ones that are about the same, the nearest first.
    pub(super) related: Vec<Few>,
    /// For each entry, the first newer ones that have it among their related ones.
    pub(super) later: Vec<Few>,
}

/// What one build remembers for the next: what each entry chose. An older entry that is filled in
/// later makes it forget all that come after.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Remembered {
    /// A hash for each entry of all that its choice depends on: of itself and all before it.
    chain: Vec<Hash>,
    /// What it chose.
    chosen: Vec<Few>,
}

/// At most [`MOST`] entries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Few {
    count: u8,
    entries: [u32; MOST],
}

impl Few {
    /// Adds one, if there is room.
    fn push(&mut self, entry: usize) {
        let Some(place) = self.entries.get_mut(usize::from(self.count)) else {
            return;
        };
        *place = u32::try_from(entry).unwrap_or(u32::MAX);
        self.count += 1;
    }
}

impl Deref for Few {
    type Target = [u32];

    fn deref(&self) -> &[u32] {
        let count = usize::from(self.count).min(MOST);
        &self.entries[..count]
    }
}

impl Relations {
    /// Relates all entries of an archive, which are in the order in which they came; and what to
    /// remember of it.
    pub(super) fn of(
        archive: &Archive<SafeBody>,
        before: &Remembered,
        known: &mut Known,
    ) -> (Self, Remembered) {
        let entries = archive.entries.par_iter();
        let matters = entries.map(|entry| traits::matter(entry)).collect();
        Relations::between(matters, before, || known.learn(archive))
    }

    /// Relates entries that are made of these matters. Where none of them is new, as after most
    /// edits, nobody asks for their traits.
    fn between(
        matters: Vec<Hash>,
        before: &Remembered,
        traits: impl FnOnce() -> Vec<Arc<Traits>>,
    ) -> (Self, Remembered) {
        let chain = chain(matters);
        let known = before.known(&chain);
        let mut related = before.chosen[..known].to_vec();
        if known < chain.len() {
            related.extend(choices(&traits(), known));
        }
        let mut later = vec![Few::default(); related.len()];
        for (newer, related) in related.iter().enumerate() {
            for older in related.iter() {
                later[*older as usize].push(newer);
            }
        }
        let remembered = Remembered {
            chain,
            chosen: related.clone(),
        };
        (Relations { related, later }, remembered)
    }

    /// Relates entries of which the tests make up the traits.
    #[cfg(test)]
    fn of_traits(entries: &[Traits], before: &Remembered) -> (Self, Remembered) {
        let matters = entries.iter().map(|traits| Parts::of(&traits.all));
        let traits = || entries.iter().cloned().map(Arc::new).collect();
        Relations::between(matters.collect(), before, traits)
    }
}

impl Remembered {
    /// How many entries, from the oldest on, are the same as they were.
    fn known(&self, chain: &[Hash]) -> usize {
        let both = self.chain.iter().zip(chain).zip(&self.chosen);
        let is_same = |(number, ((before, now), chosen)): &(usize, ((&Hash, &Hash), &Few))| {
            before == now && chosen.iter().all(|older| (*older as usize) < *number)
        };
        both.enumerate().take_while(is_same).count()
    }
}

/// For each entry, a hash of its matter and of that of all before it.
fn chain(matters: Vec<Hash>) -> Vec<Hash> {
    let mut last = Hash::quick(&RULES.to_le_bytes());
    matters
        .into_iter()
        .map(|own| {
            let mut both = [0; 32];
            both[..16].copy_from_slice(last.as_bytes());
            both[16..].copy_from_slice(own.as_bytes());
            last = Hash::quick(&both);
            last
        })
        .collect()
}

/// What the entries from `first` on choose.
fn choices(entries: &[Arc<Traits>], first: usize) -> Vec<Few> {
    let index = Index::of(entries, first);
    (first..entries.len())
        .into_par_iter()
        .with_min_len(64)
        .map_init(
            || Scratch::new(entries.len(), index.terms()),
            |scratch, entry| nearest(entry, &index, entries, scratch),
        )
        .collect()
}

/// The older entries that are about the same as this one, the nearest first.
fn nearest(entry: usize, index: &Index, entries: &[Arc<Traits>], scratch: &mut Scratch) -> Few {
    let marks = index.marks(entry);
    let Scratch {
        strongest,
        told,
        scores,
        ..
    } = scratch;
    strongest.clear();
    for (place, mark) in (0..).zip(marks) {
        let bits = index.told(entry, mark);
        told[mark.term as usize] = told_by(bits, mark.weight);
        if bits > 0 && index.leads(mark) {
            let strength = u64::from(bits * mark.weight);
            // Of equals, the first.
            strongest.push((strength << 32) | u64::from(u32::MAX - place));
        }
    }
    greatest(strongest, STRONGEST);
    for strong in strongest.iter() {
        // The lower half alone is the place.
        #[expect(clippy::cast_possible_truncation, reason = "the upper half is cut off")]
        let mark = &marks[(u32::MAX - *strong as u32) as usize];
        let told = told[mark.term as usize];
        for posting in index.older(mark, REACH) {
            scores.add(posting.entry, shared(told, posting.weight));
        }
    }
    let least = index.chance(entry);
    let mut near: Vec<(u32, usize)> = scores
        .take_best(COMPARED)
        .map(|older| {
            let theirs = index.marks(older).iter();
            let common = theirs.map(|mark| shared(told[mark.term as usize], mark.weight));
            (common.sum(), older)
        })
        .filter(|(common, _)| *common >= least)
        .collect();
    for mark in marks {
        told[mark.term as usize] = 0;
    }
    near.sort_unstable_by(|a, b| b.cmp(a));
    // What is far behind the best would only dilute it.
    let best = near.first().map_or(0, |(common, _)| *common);
    near.retain(|(common, _)| *common >= best * 2 / 5);
    varied(near, |entry| entries[entry].source)
}

/// The best of these, which are sorted; each that is chosen takes a quarter off what else comes
/// from its source, so that five of one source are chosen only where others are far behind.
fn varied(mut near: Vec<(u32, usize)>, source: impl Fn(usize) -> Option<Keyword>) -> Few {
    let mut chosen = Few::default();
    while chosen.len() < MOST && !near.is_empty() {
        let (_, best) = near.remove(0);
        chosen.push(best);
        let from = source(best);
        for (common, other) in &mut near {
            if from.is_some() && source(*other) == from {
                *common -= *common / 4;
            }
        }
        near.sort_by(|(a, _), (b, _)| b.cmp(a));
    }
    chosen
}

/// Leaves the greatest, in no order.
fn greatest(numbers: &mut Vec<u64>, most: usize) {
    if numbers.len() > most {
        numbers.select_nth_unstable_by(most, |a, b| b.cmp(a));
        numbers.truncate(most);
    }
}

/// What a thread needs to relate one entry after the other.
struct Scratch {
    /// The strongest terms: strength, then place.
    strongest: Vec<u64>,
    /// What each term tells of the entry; nothing where it has not got it.
    told: Vec<u32>,
    scores: Scores,
}

impl Scratch {
    fn new(entries: usize, terms: usize) -> Self {
        Scratch {
            strongest: Vec::new(),
            told: vec![0; terms],
            scores: Scores {
                scores: vec![0; entries],
                found: Vec::new(),
                best: Vec::new(),
            },
        }
    }
}

/// What was found in common with each entry so far.
struct Scores {
    scores: Vec<u32>,
    found: Vec<u32>,
    best: Vec<u64>,
}

impl Scores {
    fn add(&mut self, entry: u32, score: u32) {
        let sum = &mut self.scores[entry as usize];
        if *sum == 0 && score > 0 {
            self.found.push(entry);
        }
        *sum += score;
    }

    /// The entries with the most in common; of equals, the more recent. Then all is forgotten.
    fn take_best(&mut self, most: usize) -> impl Iterator<Item = usize> {
        let scores = &mut self.scores;
        self.best.clear();
        self.best.extend(self.found.drain(..).map(|entry| {
            let score = std::mem::take(&mut scores[entry as usize]);
            (u64::from(score) << 32) | u64::from(entry)
        }));
        greatest(&mut self.best, most);
        let lower = u64::from(u32::MAX);
        self.best
            .iter()
            .filter_map(move |one| usize::try_from(one & lower).ok())
    }
}
