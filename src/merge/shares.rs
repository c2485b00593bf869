//! What was seen of an entry → its shares: who passed it on, when, with what words.
//!
//! One for each feed and sharer. The sharer is who the entry names; else who the other sightings
//! of the same entry in the same feed name; else the owner's setting for the feed; else the feed's
//! only author.
//!
//! Invariant: what was seen in a feed that is shown has a share.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::seen::Seen;
use crate::model::{FeedName, RawBody, RawShare, Role, Share, Text};

/// The shares of an entry, the earliest first, those without a date last.
pub(super) fn shares(seen: &[&Seen<'_>]) -> Vec<Share<RawBody>> {
    let mut by_feed: BTreeMap<&FeedName, Vec<&Seen<'_>>> = BTreeMap::new();
    for seen in seen {
        by_feed.entry(seen.feed.name).or_default().push(seen);
    }
    let mut shares: Vec<_> = by_feed
        .into_iter()
        .flat_map(|(feed, seen)| shares_in(feed, &seen))
        .collect();
    // Stable: equal dates stay in the order of feeds and sharers.
    shares.sort_by_key(|share| (share.date.is_none(), share.date));
    shares
}

fn shares_in(feed: &FeedName, seen: &[&Seen<'_>]) -> Vec<Share<RawBody>> {
    let named = seen.iter().rev().find_map(|seen| sharer(seen));
    let fallback = named.or_else(|| seen.first().and_then(|seen| seen.feed.sharer));
    let mut by_sharer: BTreeMap<Option<&Text>, Vec<&Seen<'_>>> = BTreeMap::new();
    for seen in seen {
        by_sharer
            .entry(sharer(seen).or(fallback))
            .or_default()
            .push(seen);
    }
    by_sharer
        .into_iter()
        .map(|(sharer, seen)| share(feed, sharer, &seen))
        .collect()
}

fn sharer<'a>(seen: &Seen<'a>) -> Option<&'a Text> {
    seen.sighting.share.as_ref().map(|share| &share.sharer)
}

fn share(feed: &FeedName, sharer: Option<&Text>, seen: &[&Seen<'_>]) -> Share<RawBody> {
    let words = || {
        seen.iter()
            .rev()
            .filter_map(|seen| seen.sighting.share.as_ref())
    };
    Share {
        feed: feed.clone(),
        sharer: sharer.cloned(),
        permalink: words().find_map(|share| share.permalink.clone()),
        date: date(seen),
        comment: words().find_map(comment),
    }
}

/// The earliest date of publishing; only where there is none, the earliest of a change.
fn date(seen: &[&Seen<'_>]) -> Option<Timestamp> {
    let earliest =
        |date: fn(&Seen<'_>) -> Option<Timestamp>| seen.iter().filter_map(|seen| date(seen)).min();
    earliest(|seen| seen.published).or_else(|| earliest(|seen| seen.updated))
}

/// The sharer's words; their links start from the page where they were said.
fn comment(share: &RawShare) -> Option<RawBody> {
    Some(RawBody {
        html: share.comment?,
        base: share.permalink.clone(),
        role: Role::Aside,
    })
}
