//! One entry, as a function of its feed and its number.

use super::Size;
use super::body::body;
use super::chance::{Chance, spell};
use super::words::TAGS;

/// When the first entry was shared: 2010-01-01T00:00:00Z.
const BEGIN: i64 = 1_262_304_000;
/// Seconds between two entries of a large feed: about two a day.
const PACE: i64 = 43_000;
/// Seconds in a year.
const YEAR: i64 = 31_557_600;
/// The most years that an archive spans.
const YEARS: i64 = 20;
/// The most tags that an archive has.
const MOST_TAGS: usize = 2_000;
/// The most sources that an archive has.
const MOST_SOURCES: usize = 2_000;
/// One entry of so many is edited between two snapshots.
const EDITED: usize = 30;
/// What tells the chances of edits from those of entries.
const EDITS: u64 = 1 << 10;

/// An entry of a feed.
pub(crate) struct Entry {
    pub(crate) number: usize,
    pub(crate) host: String,
    pub(crate) title: String,
    pub(crate) shared: i64,
    pub(crate) tags: Vec<String>,
    pub(crate) body: String,
    pub(crate) comment: bool,
}

impl Entry {
    /// The entry with this number in a feed that has so many.
    pub(crate) fn new(stream: u64, number: usize, in_feed: usize, size: &Size) -> Self {
        let mut chance = Chance::of(stream, number, size.vocabulary);
        let before = number * (size.entries / in_feed.max(1)).max(1);
        let words = 4 + chance.below(8);
        let title = chance.sentence(words);
        let known = known_tags(before);
        let mut tags: Vec<String> = (0..chance.below(5))
            .map(|_| tag(chance.zipf(known)))
            .collect();
        tags.dedup();
        let host = format!("site-{}.example", chance.zipf(known_sources(before)));
        Entry {
            number,
            host,
            title,
            shared: BEGIN + number as i64 * pace(in_feed, size),
            tags,
            comment: chance.below(6) == 0,
            body: body(&mut chance, size.body),
        }
    }

    /// The same entry, as it stands in the snapshots after the one that it first stood in.
    pub(crate) fn edit(&mut self, stream: u64) {
        let mut chance = Chance::of(stream + EDITS, self.number, 0);
        if chance.below(2) == 0 {
            self.title.push_str(" (updated)");
        }
        let words = 5 + chance.below(40);
        let update = chance.sentence(words);
        self.body.push_str(&format!("<p>Update: {update}.</p>\n"));
    }

    /// Whether the entry with this number is ever edited.
    pub(crate) fn is_edited(stream: u64, number: usize) -> bool {
        // After the draws of `edit`, so that which are edited says nothing about how.
        Chance::of(stream + 2 * EDITS, number, 0).below(EDITED) == 0
    }
}

/// How many tags are known when so many entries stand in the archive: as in texts, where the words
/// grow with the root of the length.
fn known_tags(entries: usize) -> usize {
    (TAGS.len() + 4 * entries.isqrt()).min(MOST_TAGS)
}

fn known_sources(entries: usize) -> usize {
    (100 + 2 * entries.isqrt()).min(MOST_SOURCES)
}

fn tag(rank: usize) -> String {
    match TAGS.get(rank) {
        Some(tag) => (*tag).to_owned(),
        None => {
            let mut name = String::new();
            spell(rank, &mut name);
            name
        }
    }
}

/// Seconds between two entries of a feed that has so many.
fn pace(in_feed: usize, size: &Size) -> i64 {
    let half = (size.entries / 2).max(1) as i64;
    let span = match size.years {
        Some(years) => years * YEAR,
        None => (half * PACE).min(YEARS * YEAR),
    };
    span / (in_feed as i64).max(1)
}
