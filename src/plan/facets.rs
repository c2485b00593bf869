//! What a list is about: the tags and sources that its entries have most, and the tags that are
//! near to a tag.
//!
//! Invariant: what stands on the page of a list depends on the list's own entries, and on what was
//! in the archive when the newest of them came. A new entry elsewhere changes nothing here; that is
//! why names are those that the list's own entries give, and counts of other tags stop at that
//! entry.

use std::cell::RefCell;
use std::cmp::{Ordering, Reverse};

use super::Planner;
use super::context::{Link, Term};
use super::lists::{List, Terms};

/// How many tags or sources a list names.
const LENGTH: usize = 12;

/// The tags and sources of each entry, as indices into [`Terms`].
pub(super) struct Facets<'a> {
    pub(super) planner: &'a Planner,
    terms: &'a Terms,
    tags: ByEntry,
    sources: ByEntry,
}

/// The terms of each entry, one entry behind the other.
struct ByEntry {
    terms: Vec<u32>,
    /// Where those of each entry begin, and where the last end.
    starts: Vec<usize>,
    /// How many different terms there are.
    count: usize,
}

impl ByEntry {
    fn of(lists: &[List], entries: usize) -> Self {
        let pairs = || {
            (0_u32..)
                .zip(lists)
                .flat_map(|(term, list)| list.entries.iter().map(move |entry| (term, *entry)))
        };
        let mut starts = vec![0; entries + 1];
        for (_, entry) in pairs() {
            starts[entry + 1] += 1;
        }
        for entry in 0..entries {
            starts[entry + 1] += starts[entry];
        }
        let mut next = starts.clone();
        let mut terms = vec![0; starts[entries]];
        for (term, entry) in pairs() {
            terms[next[entry]] = term;
            next[entry] += 1;
        }
        ByEntry {
            terms,
            starts,
            count: lists.len(),
        }
    }

    fn terms(&self, entry: usize) -> &[u32] {
        &self.terms[self.starts[entry]..self.starts[entry + 1]]
    }

    /// How often each term occurs in these entries, which are sorted.
    fn tally(&self, entries: &[usize]) -> Vec<Tally> {
        PLACES.with_borrow_mut(|places| {
            if places.len() < self.count {
                places.resize(self.count, 0);
            }
            let mut tallies: Vec<Tally> = Vec::new();
            for entry in entries {
                for term in self.terms(*entry) {
                    let term = *term as usize;
                    if let Some(tally) = tallies.get_mut(places[term]).filter(|it| it.term == term)
                    {
                        tally.count += 1;
                        tally.newest = *entry;
                    } else {
                        places[term] = tallies.len();
                        tallies.push(Tally {
                            term,
                            count: 1,
                            newest: *entry,
                        });
                    }
                }
            }
            tallies
        })
    }
}

thread_local! {
    /// Where the tally of each term is in the list that is being made; of older lists, too, so it
    /// has to be asked whether that is right. One for each thread, because there are many lists.
    static PLACES: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// How often a tag or source occurs in a list.
struct Tally {
    /// Its index in [`Terms`].
    term: usize,
    count: usize,
    /// The newest of the list's entries that has it.
    newest: usize,
}

impl<'a> Facets<'a> {
    pub(super) fn new(planner: &'a Planner, terms: &'a Terms) -> Self {
        let entries = planner.entries.len();
        Facets {
            planner,
            terms,
            tags: ByEntry::of(&terms.tags, entries),
            sources: ByEntry::of(&terms.sources, entries),
        }
    }

    /// The tags that most of these entries have.
    pub(super) fn tags(&self, entries: &[usize]) -> Vec<Term> {
        let mut tallies = self.tags.tally(entries);
        // The index of a tag is its place in the alphabet.
        tallies.sort_unstable_by_key(|tally| (Reverse(tally.count), tally.term));
        tallies.truncate(LENGTH);
        self.tag_terms(&tallies)
    }

    /// The sources that most of these entries have. Of equal ones, by host: what a source is
    /// called can change.
    pub(super) fn sources(&self, entries: &[usize]) -> Vec<Term> {
        let path = |tally: &Tally| &self.terms.sources[tally.term].path;
        let mut tallies = self.sources.tally(entries);
        tallies.sort_unstable_by(|a, b| {
            let by_count = b.count.cmp(&a.count);
            by_count.then_with(|| path(a).cmp(path(b)))
        });
        tallies.truncate(LENGTH);
        let term = |tally: &Tally| {
            let view = &self.planner.entries[tally.newest];
            let Link { title, href } = view.source.as_deref()?;
            Some(Term {
                name: title.clone(),
                href: href.clone(),
                count: tally.count,
                hue: Some(view.hue),
                aliases: Vec::new(),
            })
        };
        tallies.iter().filter_map(term).collect()
    }

    /// The tags that are nearest to a tag: of the entries that have either, the largest share has
    /// both (the index of Jaccard). So the commonest tag is not related to all others.
    pub(super) fn related(&self, tag: &List) -> Vec<Term> {
        let Some(newest) = tag.entries.last() else {
            return Vec::new();
        };
        let mut near: Vec<(Tally, usize)> = self
            .tags
            .tally(&tag.entries)
            .into_iter()
            .filter(|tally| self.terms.tags[tally.term].path != tag.path)
            .map(|tally| {
                let all = &self.terms.tags[tally.term].entries;
                let known = all.partition_point(|entry| entry <= newest);
                let either = tag.entries.len() + known - tally.count;
                (tally, either)
            })
            .collect();
        near.sort_unstable_by(|(a, a_either), (b, b_either)| {
            larger(b.count, *b_either, a.count, *a_either)
                .then(b.count.cmp(&a.count))
                .then(a.term.cmp(&b.term))
        });
        near.truncate(LENGTH);
        let tallies: Vec<Tally> = near.into_iter().map(|(tally, _)| tally).collect();
        self.tag_terms(&tallies)
    }

    fn tag_terms(&self, tallies: &[Tally]) -> Vec<Term> {
        let names = &self.planner.names.tags;
        let term = |tally: &Tally| {
            let path = &self.terms.tags[tally.term].path;
            let numbers = names.numbers(tally.newest).iter().flatten();
            let mut of_entry = numbers.map(|number| &names.names[*number as usize]);
            let link = &of_entry.find(|name| name.path == *path)?.link;
            Some(Term {
                name: link.title.clone(),
                href: link.href.clone(),
                count: tally.count,
                hue: None,
                aliases: Vec::new(),
            })
        };
        tallies.iter().filter_map(term).collect()
    }
}

/// How the fractions `a / of_a` and `b / of_b` compare, without rounding.
fn larger(a: usize, of_a: usize, b: usize, of_b: usize) -> Ordering {
    let wide = |number: usize| number as u128;
    (wide(a) * wide(of_b)).cmp(&(wide(b) * wide(of_a)))
}
