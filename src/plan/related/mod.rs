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

use std::cmp::Reverse;

use rayon::prelude::*;

use crate::model::{Archive, Keyword, SafeBody};

use index::{Index, Mark, chance, shared};
use traits::Traits;

/// How many related entries an entry has at the most, and how many later ones.
const MOST: usize = 5;
/// By how many of its terms an entry looks for others: its strongest.
const STRONGEST: usize = 16;
/// How many entries it looks at by each of them: the most recent.
const REACH: usize = 64;
/// How many of those that it finds are compared in full.
const COMPARED: usize = 16;

/// What is related to what, by the entries' indices.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Relations {
    /// For each entry, the older ones that are about the same, the nearest first.
    pub(super) related: Vec<Vec<usize>>,
    /// For each entry, the first newer ones that have it among their related ones.
    pub(super) later: Vec<Vec<usize>>,
}

impl Relations {
    /// Relates all entries of an archive, which are in the order in which they came.
    pub(super) fn of(archive: &Archive<SafeBody>) -> Self {
        let traits: Vec<Traits> = archive.entries.par_iter().map(Traits::of).collect();
        Relations::between(traits)
    }

    fn between(entries: Vec<Traits>) -> Self {
        let count = entries.len();
        let sources: Vec<_> = entries.iter().map(|traits| traits.source).collect();
        let index = Index::of(entries);
        let related: Vec<Vec<usize>> = (0..count)
            .into_par_iter()
            .map_init(
                || Scores::new(count),
                |scores, entry| nearest(entry, &index, &sources, scores),
            )
            .collect();
        let mut later = vec![Vec::new(); count];
        for (newer, related) in related.iter().enumerate() {
            for older in related {
                if later[*older].len() < MOST {
                    later[*older].push(newer);
                }
            }
        }
        Relations { related, later }
    }
}

/// The older entries that are about the same as this one, the nearest first.
fn nearest(
    entry: usize,
    index: &Index,
    sources: &[Option<Keyword>],
    scores: &mut Scores,
) -> Vec<usize> {
    let marks: Vec<(Mark, u32)> = index.marks(entry).collect();
    let mut strongest: Vec<_> = marks
        .iter()
        .filter(|(mark, told)| *told > 0 && index.leads(*mark))
        .map(|(mark, told)| (Reverse(told * index.weight(*mark)), *mark, *told))
        .collect();
    strongest.sort_by_key(|(strength, ..)| *strength);
    for (_, mark, told) in strongest.into_iter().take(STRONGEST) {
        for posting in index.older(mark, REACH) {
            let score = shared(told, index.weight(mark), posting.weight);
            scores.add(posting.entry, score);
        }
    }
    let least = chance(entry);
    let mut near: Vec<(u32, usize)> = scores
        .take_best(COMPARED)
        .into_iter()
        .map(|older| (index.in_common(&marks, older), older))
        .filter(|(common, _)| *common >= least)
        .collect();
    near.sort_unstable_by_key(|near| Reverse(*near));
    // What is far behind the best would only dilute it.
    let best = near.first().map_or(0, |(common, _)| *common);
    near.retain(|(common, _)| *common >= best * 2 / 5);
    varied(near, sources)
}

/// The best of these, which are sorted; each that is chosen takes a quarter off what else comes
/// from its source, so that five of one source are chosen only where others are far behind.
fn varied(mut near: Vec<(u32, usize)>, sources: &[Option<Keyword>]) -> Vec<usize> {
    let mut chosen = Vec::new();
    while chosen.len() < MOST && !near.is_empty() {
        let (_, best) = near.remove(0);
        chosen.push(best);
        let source = sources[best];
        for (common, other) in &mut near {
            if source.is_some() && sources[*other] == source {
                *common -= *common / 4;
            }
        }
        near.sort_by_key(|(common, _)| Reverse(*common));
    }
    chosen
}

/// What was found in common with each entry so far.
struct Scores {
    scores: Vec<u32>,
    found: Vec<u32>,
}

impl Scores {
    fn new(entries: usize) -> Self {
        Scores {
            scores: vec![0; entries],
            found: Vec::new(),
        }
    }

    fn add(&mut self, entry: u32, score: u32) {
        let sum = &mut self.scores[entry as usize];
        if *sum == 0 && score > 0 {
            self.found.push(entry);
        }
        *sum += score;
    }

    /// The entries with the most in common; of equals, the more recent. Then all is forgotten.
    fn take_best(&mut self, most: usize) -> Vec<usize> {
        let scores = &mut self.scores;
        let mut best: Vec<(u32, u32)> = self
            .found
            .drain(..)
            .map(|entry| (std::mem::take(&mut scores[entry as usize]), entry))
            .collect();
        if best.len() > most {
            best.select_nth_unstable_by_key(most, |one| Reverse(*one));
            best.truncate(most);
        }
        best.into_iter().map(|(_, entry)| entry as usize).collect()
    }
}
