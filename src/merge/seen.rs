//! Snapshots → everything that was seen, from the earliest to the latest, each with the dates that
//! can be believed.
//!
//! All of merging reads this one list, in this one order; where a module says "earlier" or
//! "newer", it means positions in it.
//!
//! Invariants: the order depends on what the snapshots say, never on the order in which they were
//! read; what a sighting's dates are depends on the sighting and its own snapshot alone, because
//! permalinks are made of them.

use std::ops::Range;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rayon::prelude::*;

use super::feeds::{Feed, Feeds};
use super::name::Named;
use crate::model::{ByHash, Sighting, Snapshot};

/// 1990-01-01, before there was a web page to link to: what is dated earlier is not dated.
const EARLIEST: Timestamp = Timestamp::constant(631_152_000, 0);
/// How far a date may lie after its snapshot: feeds are often wrong by hours, by their clocks or
/// by their time zones.
const TOLERANCE: SignedDuration = SignedDuration::from_hours(24);

/// One sighting in one snapshot.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen<'a> {
    /// The feed.
    pub(super) feed: &'a Feed<'a>,
    /// What was seen.
    pub(super) sighting: &'a Sighting,
    /// Its names, in [`Register::named`].
    pub(super) named: usize,
    /// When the snapshot was made, if that is known.
    pub(super) time: Option<Timestamp>,
    /// When it was published, if that can be believed.
    pub(super) published: Option<Timestamp>,
    /// When it was changed, if that can be believed.
    pub(super) updated: Option<Timestamp>,
}

impl<'a> Seen<'a> {
    fn of(
        sighting: &'a Sighting,
        feed: &'a Feed<'a>,
        named: usize,
        time: Option<Timestamp>,
    ) -> Self {
        Seen {
            feed,
            sighting,
            named,
            time,
            published: sighting.published.filter(|date| is_credible(*date, time)),
            updated: sighting.updated.filter(|date| is_credible(*date, time)),
        }
    }

    /// The date in the feed: of publishing, else of changing.
    pub(super) fn date(&self) -> Option<Timestamp> {
        self.published.or(self.updated)
    }
}

/// Everything that was seen.
#[derive(Debug)]
pub(super) struct Register<'a> {
    /// From the earliest to the latest.
    pub(super) seen: Vec<Seen<'a>>,
    /// The snapshots, each with its part of `seen`: these sightings stood side by side.
    pub(super) snapshots: Vec<(&'a Snapshot, Range<usize>)>,
    /// Each different sighting, in the order in which they were first seen.
    pub(super) different: Vec<&'a Arc<Sighting>>,
    /// The names of each of them.
    pub(super) named: Vec<Named>,
}

impl<'a> Register<'a> {
    /// Lists what these snapshots hold, which come from the oldest to the newest.
    pub(super) fn of(oldest_first: &[&'a Snapshot], feeds: &'a Feeds<'a>) -> Self {
        let count = oldest_first.iter().map(|one| one.sightings.len()).sum();
        let mut seen = Vec::with_capacity(count);
        let mut snapshots = Vec::with_capacity(oldest_first.len());
        let mut different = Vec::new();
        let mut feed_of: Vec<&Feed<'_>> = Vec::new();
        let mut known: Vec<ByHash<usize>> = Vec::new();
        for snapshot in oldest_first {
            let Some(feed) = feeds.get(&snapshot.feed) else {
                continue;
            };
            if known.len() <= feed.scope {
                known.resize_with(feed.scope + 1, ByHash::default);
            }
            let known = &mut known[feed.scope];
            let time = time_of(snapshot);
            let start = seen.len();
            for sighting in &snapshot.sightings {
                let named = *known.entry(sighting.slice).or_insert_with(|| {
                    different.push(sighting);
                    feed_of.push(feed);
                    different.len() - 1
                });
                seen.push(Seen::of(sighting, feed, named, time));
            }
            snapshots.push((*snapshot, start..seen.len()));
        }
        let named = different.par_iter().zip(feed_of);
        let named = named.map(|(sighting, feed)| Named::of(sighting, feed.scope, feed.key));
        Register {
            seen,
            snapshots,
            named: named.collect(),
            different,
        }
    }

    /// The names of what was seen.
    pub(super) fn names(&self, seen: &Seen<'_>) -> &Named {
        &self.named[seen.named]
    }

    /// What stood side by side: the sightings of each snapshot.
    pub(super) fn side_by_side(&self) -> impl Iterator<Item = &[Seen<'a>]> {
        let parts = self.snapshots.iter();
        parts.map(|(_, part)| &self.seen[part.clone()])
    }
}

/// Snapshots from the oldest to the newest: by time, else by the newest entry's date; those without
/// any time first; then by path.
pub(super) fn in_order(snapshots: &[Snapshot]) -> Vec<&Snapshot> {
    let mut keyed: Vec<_> = snapshots
        .iter()
        .map(|snapshot| {
            let time = moment(snapshot);
            (time, &*snapshot.path, &snapshot.feed, snapshot)
        })
        .collect();
    keyed.sort_by(|a, b| (a.0, a.1, a.2).cmp(&(b.0, b.1, b.2)));
    keyed
        .into_iter()
        .map(|(_, _, _, snapshot)| snapshot)
        .collect()
}

/// Where a snapshot stands in time, as far as its file's name or its words tell.
pub(crate) fn moment(snapshot: &Snapshot) -> Option<Timestamp> {
    time_of(snapshot).or_else(|| dates(snapshot).max())
}

/// When a snapshot was made: by its file's name, else by the feed's word, unless most of its
/// entries are newer than that. Some feeds carry the same `updated` for years; to believe it
/// would take the dates from all of their entries.
pub(super) fn time_of(snapshot: &Snapshot) -> Option<Timestamp> {
    snapshot.taken.or_else(|| {
        let updated = snapshot.updated.filter(|time| *time >= EARLIEST)?;
        let newer = dates(snapshot)
            .filter(|date| !is_credible(*date, Some(updated)))
            .count();
        (newer * 2 <= dates(snapshot).count()).then_some(updated)
    })
}

/// The dates of a snapshot's entries that are not too early to be true.
fn dates(snapshot: &Snapshot) -> impl Iterator<Item = Timestamp> {
    snapshot
        .sightings
        .iter()
        .filter_map(|sighting| sighting.published.or(sighting.updated))
        .filter(|date| is_credible(*date, None))
}

/// Whether a date can be true in a snapshot of this time.
fn is_credible(date: Timestamp, snapshot: Option<Timestamp>) -> bool {
    let too_late = snapshot.is_some_and(|time| date.duration_since(time) > TOLERANCE);
    date >= EARLIEST && !too_late
}
