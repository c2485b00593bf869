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

use crate::model::{Archive, SafeBody};

use index::{Index, Mark, chance, shared};
use traits::Traits;

/// How many related entries an entry has at the most, and how many later ones.
const MOST: usize = 5;
/// By how many of its terms an entry looks for others: its strongest.
const STRONGEST: usize = 20;
/// How many entries it looks at by each of them: the most recent.
const REACH: usize = 128;
/// How many of those that it finds are compared in full.
const COMPARED: usize = 32;

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
        Relations::between(&traits)
    }

    fn between(entries: &[Traits]) -> Self {
        let index = Index::of(entries);
        let related: Vec<Vec<usize>> = (0..entries.len())
            .into_par_iter()
            .map_init(
                || Scores::new(entries.len()),
                |scores, entry| nearest(entry, &index, entries, scores),
            )
            .collect();
        let mut later = vec![Vec::new(); entries.len()];
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
fn nearest(entry: usize, index: &Index, entries: &[Traits], scores: &mut Scores) -> Vec<usize> {
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
            scores.add(posting.entry as usize, score);
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
    varied(near, entries)
}

/// The best of these, which are sorted; each that is chosen takes a quarter off what else comes
/// from its source, so that five of one source are chosen only where others are far behind.
fn varied(mut near: Vec<(u32, usize)>, entries: &[Traits]) -> Vec<usize> {
    let mut chosen = Vec::new();
    while chosen.len() < MOST && !near.is_empty() {
        let (_, best) = near.remove(0);
        chosen.push(best);
        let source = entries[best].source;
        for (common, other) in &mut near {
            if source.is_some() && entries[*other].source == source {
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
    found: Vec<usize>,
}

impl Scores {
    fn new(entries: usize) -> Self {
        Scores {
            scores: vec![0; entries],
            found: Vec::new(),
        }
    }

    fn add(&mut self, entry: usize, score: u32) {
        if self.scores[entry] == 0 && score > 0 {
            self.found.push(entry);
        }
        self.scores[entry] += score;
    }

    /// The entries with the most in common; of equals, the more recent. Then all is forgotten.
    fn take_best(&mut self, most: usize) -> Vec<usize> {
        let scores = &self.scores;
        let key = |entry: &usize| Reverse((scores[*entry], *entry));
        let mut best = std::mem::take(&mut self.found);
        let all = best.clone();
        if best.len() > most {
            best.select_nth_unstable_by_key(most, key);
            best.truncate(most);
        }
        for entry in all {
            self.scores[entry] = 0;
        }
        best
    }
}
