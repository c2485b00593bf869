//! What the snapshots of a feed cover: since when, how densely, and where something may be missing.
//!
//! A feed carries its last few entries only. Where two snapshots in a row have none in common, what
//! stood between them may never have been seen.

use std::sync::Arc;

use jiff::Timestamp;

use super::{FeedName, Text};

/// What the snapshots of one feed cover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Coverage {
    /// The feed.
    pub(crate) feed: FeedName,
    /// What it is called; none means by its name.
    pub(crate) title: Option<Text>,
    /// Whether it is left out of the site.
    pub(crate) hidden: bool,
    /// How many snapshots there are.
    pub(crate) snapshots: usize,
    /// When the first of them was made whose time is known.
    pub(crate) first: Option<Timestamp>,
    /// When the last of them was made.
    pub(crate) last: Option<Timestamp>,
    /// Where something may be missing, the oldest first.
    pub(crate) gaps: Vec<Gap>,
    /// How fast it forgets; none where nothing can be told.
    pub(crate) pace: Option<Pace>,
}

/// A time between two snapshots in a row that have no entry in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gap {
    /// When the earlier snapshot was made.
    pub(crate) since: Timestamp,
    /// When the later one was made.
    pub(crate) until: Timestamp,
    /// The file of the later one.
    pub(crate) file: Arc<str>,
}

/// How fast a feed forgets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pace {
    /// How many entries it holds at a time.
    pub(crate) holds: usize,
    /// How many entries the busiest day brought.
    pub(crate) busiest: usize,
}

/// How often to fetch, in hours: what schedulers can do, and people remember.
const INTERVALS: [(usize, &str); 9] = [
    (168, "every week"),
    (72, "every 3 days"),
    (48, "every 2 days"),
    (24, "every day"),
    (12, "every 12 hours"),
    (6, "every 6 hours"),
    (3, "every 3 hours"),
    (2, "every 2 hours"),
    (1, "every hour"),
];
/// A schedule is late now and then, and a server down: how often it may fail before anything is lost.
const SPARE: usize = 2;

impl Pace {
    /// How often to fetch at least, so that nothing is lost though every day were the busiest, and
    /// though one fetch failed.
    pub(crate) fn advice(self) -> &'static str {
        let hours = 24 * self.holds / (SPARE * self.busiest.max(1));
        let fitting = INTERVALS.iter().find(|(step, _)| *step <= hours);
        fitting.map_or("every hour", |(_, words)| words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_keeps_half_of_a_feed_in_reserve() {
        for (holds, busiest, advice) in [
            (25, 9, "every day"),
            (25, 12, "every day"),
            (25, 13, "every 12 hours"),
            (25, 1, "every week"),
            (25, 0, "every week"),
            (10, 1, "every 3 days"),
            (1, 1, "every 12 hours"),
            (10, 500, "every hour"),
        ] {
            assert_eq!(
                Pace { holds, busiest }.advice(),
                advice,
                "{holds}/{busiest}"
            );
        }
    }
}
