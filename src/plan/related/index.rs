//! All entries → which of them share what: an inverted index that knows for each moment what was
//! known by then.
//!
//! It is one sorted list of (term, entry). The entries of a term stand together there and in their
//! order, so the place of an entry among them is the number of older entries with that term: the
//! document frequency at the moment when it came, without counting anything twice.

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Posting {
    term: Term,
    /// The entry.
    pub(super) entry: u32,
    /// How much the entry is about it.
    pub(super) weight: u32,
}

/// A term of an entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    /// Where its postings begin: as good as a name of the term.
    first: u32,
    /// Where this entry's own posting is.
    own: u32,
}

/// The index.
pub(super) struct Index {
    postings: Vec<Posting>,
    /// The terms of each entry, in the order of `first`.
    marks: Vec<Vec<Mark>>,
}

impl Index {
    /// The index of entries, which are in the order in which they came.
    pub(super) fn of(entries: Vec<Traits>) -> Self {
        let mut marks = vec![Vec::new(); entries.len()];
        let mut postings: Vec<Posting> = Vec::new();
        for (entry, traits) in (0..).zip(entries) {
            let of_entry = traits.weights.into_iter();
            postings.extend(of_entry.map(|(term, weight)| Posting {
                term,
                entry,
                weight,
            }));
        }
        postings.sort_unstable();
        let mut first = 0;
        for (own, posting) in (0..).zip(&postings) {
            if postings[first as usize].term != posting.term {
                first = own;
            }
            marks[posting.entry as usize].push(Mark { first, own });
        }
        Index { postings, marks }
    }

    /// The terms of an entry with what each of them told, in bits, when the entry came.
    pub(super) fn marks(&self, entry: usize) -> impl Iterator<Item = (Mark, u32)> {
        let all = log2(entry + YOUTH);
        self.marks[entry].iter().map(move |mark| {
            let told = all.saturating_sub(log2((mark.own - mark.first) as usize + 1));
            match self.postings[mark.own as usize].term {
                Term::Word(_) => (*mark, told.saturating_sub(WORD_TELLS)),
                Term::Tag(_) | Term::Source(_) => (*mark, told),
            }
        })
    }

    /// Whether entries may be related by this term; otherwise it only tells which are more so.
    pub(super) fn leads(&self, mark: Mark) -> bool {
        !matches!(self.postings[mark.own as usize].term, Term::Source(_))
    }

    /// How much its entry is about a term.
    pub(super) fn weight(&self, mark: Mark) -> u32 {
        self.postings[mark.own as usize].weight
    }

    /// The older entries with the same term, at most so many, the most recent ones.
    pub(super) fn older(&self, mark: Mark, most: usize) -> &[Posting] {
        let own = mark.own as usize;
        &self.postings[own.saturating_sub(most).max(mark.first as usize)..own]
    }

    /// What an older entry has in common with a newer one whose marks these are, in bits.
    pub(super) fn in_common(&self, marks: &[(Mark, u32)], older: usize) -> u32 {
        let mut sum = 0;
        let mut theirs = self.marks[older].iter().peekable();
        for (mark, told) in marks {
            while theirs.next_if(|other| other.first < mark.first).is_some() {}
            if let Some(other) = theirs.next_if(|other| other.first == mark.first) {
                sum += shared(*told, self.weight(*mark), self.weight(*other));
            }
        }
        sum
    }
}

/// What a term tells of two entries, in bits: the more, the more both are about it.
pub(super) fn shared(told: u32, one: u32, other: u32) -> u32 {
    // At most 32 bits of information and weights of two wholes: no overflow.
    ((told * one / WHOLE) * other) / WHOLE
}

/// What a relation must tell, in bits, to be more than chance among so many entries: as much as it
/// takes to name one of them, and one bit more.
pub(super) fn chance(older: usize) -> u32 {
    log2(older + YOUTH) + (1 << BITS)
}
