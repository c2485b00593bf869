//! What was seen → what the snapshots of each feed cover, and where something may be missing.
//!
//! 1. Documents of one feed and one moment are one *look*: a feed with the pages of its history.
//! 2. Two looks in a row that have no entry in common have a *gap* between them. What is an entry,
//!    [`identity`](super::identity) has told.
//! 3. A look that is all older than the one before is no step forward but a look back, at pages of a
//!    history: no gap lies before it.
//! 4. A look at a history that reaches an entry from before a gap has filled it.
//! 5. The *pace* is told by how many entries the last looks held, and how many the busiest day brought.
//!
//! Snapshots whose time nothing tells stand in no order, so no gap is told of them. Each sighting is
//! looked at once or twice, by its number, and no text is.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::Timestamp;

use super::credible::time_of;
use super::feeds::{Feed, Feeds};
use super::seen::Register;
use crate::model::{Coverage, FeedName, Gap, Pace, Snapshot};

/// How many of the last looks tell how many entries a feed holds.
const LAST_LOOKS: usize = 10;
/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;
/// What stands for no look.
const NEVER: u32 = 0;

/// What the snapshots of each feed cover, in the order of the feeds' names.
pub(super) fn of(
    feeds: &Feeds<'_>,
    register: &Register<'_>,
    entries: &[Vec<usize>],
) -> Vec<Coverage> {
    let mut by_feed: BTreeMap<&FeedName, Vec<Document<'_>>> = BTreeMap::new();
    for (snapshot, seen) in &register.snapshots {
        let document = Document {
            snapshot,
            time: time_of(snapshot),
            seen: seen.clone(),
        };
        by_feed.entry(&snapshot.feed).or_default().push(document);
    }
    let mut marks = Marks::of(register, entries);
    let covered = |(name, documents): (&FeedName, Vec<Document<'_>>)| {
        Some(marks.coverage(feeds.get(name)?, &documents))
    };
    by_feed.into_iter().filter_map(covered).collect()
}

/// A snapshot, and what was seen in it.
struct Document<'a> {
    snapshot: &'a Snapshot,
    time: Option<Timestamp>,
    /// Positions in the register.
    seen: Range<usize>,
}

/// The look that the next one is compared with.
struct Reference {
    number: u32,
    time: Timestamp,
    newest: Option<Timestamp>,
}

/// What a look shows.
#[derive(Default)]
struct Look {
    /// In which look the first known of its entries was seen first; none if it has no entries.
    first: Option<u32>,
    /// The date of the newest entry.
    newest: Option<Timestamp>,
    /// Whether an entry stood in the look before.
    shares: bool,
    /// Whether it has more than the feed itself.
    has_history: bool,
}

/// A gap, and the number of the look before it.
struct Found {
    after: u32,
    gap: Gap,
}

/// The looks at one feed, one after the other.
#[derive(Default)]
struct Walk {
    reference: Option<Reference>,
    gaps: Vec<Found>,
    /// How many entries the feed itself held each time.
    sizes: Vec<usize>,
}

impl Walk {
    fn step(&mut self, number: u32, document: &Document<'_>, time: Timestamp, seen: &Look) {
        let Some(first) = seen.first else { return };
        let is_older = |last: &Reference| {
            let order = seen.newest.zip(last.newest);
            order.is_some_and(|(newest, before)| newest < before)
        };
        let looks_back = !seen.shares && self.reference.as_ref().is_some_and(is_older);
        if looks_back || seen.has_history {
            self.gaps.retain(|found| first > found.after);
        }
        if looks_back {
            return;
        }
        if let Some(last) = &self.reference
            && !seen.shares
        {
            let gap = Gap {
                since: last.time,
                until: time,
                file: document.snapshot.path.clone(),
            };
            let after = last.number;
            self.gaps.push(Found { after, gap });
        }
        self.sizes.push(document.seen.len());
        self.reference = Some(Reference {
            number,
            time,
            newest: seen.newest,
        });
    }
}

/// In which looks each entry was seen. Looks are numbered through all feeds, so that the marks of one
/// feed mean nothing for the next.
struct Marks<'a> {
    register: &'a Register<'a>,
    /// The entry of each sighting.
    entry_of: Vec<usize>,
    first: Vec<u32>,
    last: Vec<u32>,
    /// The last look that was numbered.
    looks: u32,
}

impl<'a> Marks<'a> {
    fn of(register: &'a Register<'a>, entries: &[Vec<usize>]) -> Self {
        let mut entry_of = vec![0; register.seen.len()];
        for (entry, positions) in entries.iter().enumerate() {
            for position in positions {
                entry_of[*position] = entry;
            }
        }
        Marks {
            register,
            entry_of,
            first: vec![NEVER; entries.len()],
            last: vec![NEVER; entries.len()],
            looks: NEVER,
        }
    }

    fn coverage(&mut self, feed: &Feed<'_>, documents: &[Document<'_>]) -> Coverage {
        let before = self.looks;
        let mut walk = Walk::default();
        let mut days = Vec::new();
        for look in documents.chunk_by(|a, b| a.time.is_some() && a.time == b.time) {
            self.looks += 1;
            let seen = self.mark(look, before, walk.reference.as_ref(), &mut days);
            if let Some(document) = look.last()
                && let Some(time) = document.time
            {
                walk.step(self.looks, document, time, &seen);
            }
        }
        let times = || documents.iter().filter_map(|document| document.time);
        Coverage {
            feed: feed.name.clone(),
            title: feed.title.cloned(),
            hidden: feed.hidden,
            snapshots: documents.len(),
            first: times().min(),
            last: times().max(),
            gaps: walk.gaps.into_iter().map(|found| found.gap).collect(),
            pace: pace(&walk.sizes, days),
        }
    }

    /// Marks the entries of a look.
    fn mark(
        &mut self,
        look: &[Document<'_>],
        before: u32,
        reference: Option<&Reference>,
        days: &mut Vec<i64>,
    ) -> Look {
        let mut told = Look::default();
        // The feed's own document stands behind the pages of its history.
        for (back, document) in look.iter().rev().enumerate() {
            for position in document.seen.clone() {
                let entry = self.entry_of[position];
                let date = self.register.seen[position].date();
                told.newest = told.newest.max(date);
                told.shares |= reference.is_some_and(|it| it.number == self.last[entry]);
                told.has_history |= back > 0 && self.last[entry] != self.looks;
                if self.first[entry] <= before {
                    self.first[entry] = self.looks;
                    days.extend(date.map(|date| date.as_second().div_euclid(DAY)));
                }
                if document.time.is_some() {
                    self.last[entry] = self.looks;
                }
                let first = self.first[entry];
                told.first = Some(told.first.map_or(first, |oldest| oldest.min(first)));
            }
        }
        told
    }
}

/// How fast a feed forgets, by how much its looks held and the days of its entries. What it holds
/// is the middle one of its last looks: one that was cut off, or an edition with more, says nothing.
fn pace(sizes: &[usize], mut days: Vec<i64>) -> Option<Pace> {
    let mut last = sizes[sizes.len().saturating_sub(LAST_LOOKS)..].to_vec();
    last.sort_unstable();
    let holds = *last.get(last.len() / 2)?;
    days.sort_unstable();
    let days = days.chunk_by(|a, b| a == b);
    let busiest = days.map(<[i64]>::len).max()?;
    Some(Pace { holds, busiest })
}
