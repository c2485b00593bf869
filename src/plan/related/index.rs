//! All entries → which of them share what: an inverted index that knows for each moment what was
//! known by then.
//!
//! Entries are added in their order, so the place of an entry among those with a term is the number
//! of older entries with that term: the document frequency at the moment when it came, without
//! counting anything twice.
//!
//! Only those terms are numbered and indexed that an entry has whose relations are asked for: a few
//! new entries need no more than a look at the old ones.

use std::sync::Arc;

use super::log2::log2;
use super::traits::{Term, Traits, WHOLE};

/// How many older entries an archive is taken to have at the least. Of five entries, two with the
/// same word tell little of how rare that word is.
const YOUTH: usize = 16;
/// What is taken off what a word tells, in bits: one that a third of the archive has tells nothing.
const WORD_TELLS: u32 = (3 << BITS) / 2;
/// Digits after the binary point, of all that is counted in bits.
pub(super) const BITS: u32 = 8;

/// An entry that has a term.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Posting {
    /// The entry.
    pub(super) entry: u32,
    /// How much the entry is about it.
    pub(super) weight: u32,
}

/// A term of an entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    /// The number of the term.
    pub(super) term: u32,
    /// How much the entry is about it.
    pub(super) weight: u32,
    /// How many older entries have it.
    rank: u32,
}

/// The index.
pub(super) struct Index {
    /// The entries of each term, in their order, one term behind the other.
    postings: Vec<Posting>,
    /// Where those of each term begin, and where the last end.
    starts: Vec<u32>,
    /// The terms and their numbers.
    terms: Numbers,
    /// The terms of each entry, one entry behind the other.
    marks: Vec<Mark>,
    /// Where those of each entry begin, and where the last end.
    entries: Vec<u32>,
    /// The logarithms of all numbers that are asked for.
    logs: Vec<u32>,
}

impl Index {
    /// The index of entries, which are in the order in which they came, for those from `first` on.
    pub(super) fn of(entries: &[Arc<Traits>], first: usize) -> Self {
        let most = entries.iter().map(|traits| traits.all.len()).sum();
        let mut index = Index {
            postings: Vec::new(),
            starts: vec![0],
            terms: Numbers::of(&entries[first..]),
            marks: Vec::with_capacity(most),
            entries: vec![0],
            logs: (0..=entries.len() + YOUTH).map(log2).collect(),
        };
        let counts = index.mark(entries);
        index.post(&counts);
        index
    }

    /// Marks all entries with the terms that are numbered, and counts who has each.
    fn mark(&mut self, entries: &[Arc<Traits>]) -> Vec<u32> {
        let mut counts = vec![0; self.terms()];
        for traits in entries {
            for one in &traits.all {
                let Some(term) = self.terms.get(one.term()) else {
                    continue;
                };
                let count = &mut counts[term as usize];
                self.marks.push(Mark {
                    term,
                    weight: one.weight(),
                    rank: *count,
                });
                *count += 1;
            }
            self.entries.push(small(self.marks.len()));
        }
        counts
    }

    /// Puts each entry into its place among those of its terms.
    fn post(&mut self, counts: &[u32]) {
        let mut end = 0;
        self.starts.extend(counts.iter().map(|count| {
            end += count;
            end
        }));
        self.postings = vec![Posting::default(); self.marks.len()];
        for (entry, marks) in (0..).zip(self.entries.windows(2)) {
            for mark in &self.marks[marks[0] as usize..marks[1] as usize] {
                let place = self.starts[mark.term as usize] + mark.rank;
                self.postings[place as usize] = Posting {
                    entry,
                    weight: mark.weight,
                };
            }
        }
    }

    /// How many different terms there are.
    pub(super) fn terms(&self) -> usize {
        self.terms.terms.len()
    }

    fn term(&self, mark: &Mark) -> Term {
        self.terms.terms[mark.term as usize]
    }

    /// The terms of an entry.
    pub(super) fn marks(&self, entry: usize) -> &[Mark] {
        &self.marks[self.entries[entry] as usize..self.entries[entry + 1] as usize]
    }

    /// What a term of an entry told, in bits, when the entry came.
    pub(super) fn told(&self, entry: usize, mark: &Mark) -> u32 {
        let told = self.log2(entry + YOUTH);
        let told = told.saturating_sub(self.log2(mark.rank as usize + 1));
        match self.term(mark).is_word() {
            true => told.saturating_sub(WORD_TELLS),
            false => told,
        }
    }

    /// Whether entries may be related by this term; otherwise it only tells which are more so.
    pub(super) fn leads(&self, mark: &Mark) -> bool {
        !self.term(mark).is_source()
    }

    /// The older entries with the same term, at most so many, the most recent ones.
    pub(super) fn older(&self, mark: &Mark, most: u32) -> &[Posting] {
        let start = self.starts[mark.term as usize];
        let (first, own) = (mark.rank.saturating_sub(most), mark.rank);
        &self.postings[(start + first) as usize..(start + own) as usize]
    }

    /// What a relation must tell, in bits, to be more than chance among so many entries: as much as
    /// it takes to name one of them, and one bit more.
    pub(super) fn chance(&self, older: usize) -> u32 {
        self.log2(older + YOUTH) + (1 << BITS)
    }

    fn log2(&self, number: usize) -> u32 {
        self.logs[number]
    }
}

/// The numbers of terms: their places.
struct Numbers {
    /// Each once, by two of its bytes, then in their order.
    terms: Vec<Term>,
    /// Where those begin that have the same two bytes, and where the last end: nearly all that have
    /// no number are known by that, and the others have few to be compared with.
    starts: Vec<u32>,
}

impl Numbers {
    /// Numbers the terms of these entries.
    fn of(entries: &[Arc<Traits>]) -> Self {
        let all = entries.iter().flat_map(|traits| &traits.all);
        let mut terms: Vec<Term> = all.map(|one| one.term()).collect();
        terms.sort_unstable_by_key(|term| (term.two_bytes(), *term));
        terms.dedup();
        let mut starts = vec![0; (1 << 16) + 1];
        for term in &terms {
            starts[term.two_bytes() + 1] += 1;
        }
        let mut end = 0;
        for start in &mut starts {
            end += *start;
            *start = end;
        }
        Numbers { terms, starts }
    }

    fn get(&self, term: Term) -> Option<u32> {
        let bytes = term.two_bytes();
        let (start, end) = (self.starts[bytes], self.starts[bytes + 1]);
        let near = &self.terms[start as usize..end as usize];
        let place = near.binary_search(&term).ok()?;
        Some(start + small(place))
    }
}

/// What a term tells of two entries, in bits: the more, the more both are about it. `told` by
/// [`told_by`] is what it tells of the one.
pub(super) fn shared(told: u32, other: u32) -> u32 {
    // At most 32 bits of information and weights of two wholes: no overflow.
    told * other / WHOLE
}

/// What a term tells, in bits, of an entry that is about it by so much.
pub(super) fn told_by(told: u32, weight: u32) -> u32 {
    told * weight / WHOLE
}

/// Archives have fewer entries and words than this holds.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
