//! Snapshots → everything that was seen, from the earliest to the latest, each with the dates that
//! can be believed.
//!
//! All of merging reads this one list, in this one order; where a module says "earlier" or
//! "newer", it means positions in it.
//!
//! [`credible`](super::credible) decides which dates those are.
//!
//! Invariants: the order depends on what the snapshots say, never on the order in which they were
//! read; what a sighting's dates are depends on the sighting and its own snapshot alone, because
//! permalinks are made of them.

use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;

use super::credible::{Judgement, frozen, moment};
use super::feeds::{Feed, Feeds};
use super::name::Named;
use crate::model::{ByHash, Sighting, Snapshot};

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
    /// The date of the frozen reading, by its own rules of credibility: permalinks are computed
    /// from it.
    pub(super) frozen_date: Option<Timestamp>,
}

impl<'a> Seen<'a> {
    fn of(
        sighting: &'a Sighting,
        feed: &'a Feed<'a>,
        named: usize,
        snapshot: &Judgement,
        frozen: &frozen::Judgement,
    ) -> Self {
        let parts = sighting.address_parts();
        let frozen = |date: Option<Timestamp>| date.filter(|date| frozen.believes(*date));
        let believed = |date: Option<Timestamp>| date.filter(|date| snapshot.believes(*date));
        Seen {
            feed,
            sighting,
            named,
            time: snapshot.time,
            published: believed(sighting.published),
            updated: believed(sighting.updated),
            frozen_date: frozen(parts.published).or_else(|| frozen(parts.updated)),
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
            let (judgement, frozen) = (Judgement::of(snapshot), frozen::Judgement::of(snapshot));
            let start = seen.len();
            for sighting in &snapshot.sightings {
                let named = *known.entry(sighting.slice).or_insert_with(|| {
                    different.push(sighting);
                    feed_of.push(feed);
                    different.len() - 1
                });
                seen.push(Seen::of(sighting, feed, named, &judgement, &frozen));
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
