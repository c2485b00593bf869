//! What was seen of an entry → its shares: who passed it on, when, with what words.
//!
//! One for each feed and sharer. The sharer is who the entry names; else who the other sightings
//! of the same entry in the same feed name; else the owner's setting for the feed; else the feed's
//! only author.
//!
//! Invariant: what was seen in a feed that is shown has a share.

use jiff::Timestamp;

use super::seen::Seen;
use crate::model::{FeedName, RawBody, RawShare, Role, Share, Text};

/// The shares of an entry, the earliest first, those without a date last.
pub(super) fn shares(seen: &[&Seen<'_>]) -> Vec<Share<RawBody>> {
    // Stable: within a feed, the order stays that in which its sightings were seen.
    let mut by_feed = seen.to_vec();
    by_feed.sort_by(|a, b| a.feed.name.cmp(b.feed.name));
    let mut shares = Vec::with_capacity(1);
    for seen in by_feed.chunk_by_mut(|a, b| a.feed.name == b.feed.name) {
        shares_in(seen, &mut shares);
    }
    // Stable: equal dates stay in the order of feeds and sharers.
    shares.sort_by_key(|share| (share.date.is_none(), share.date));
    shares
}

/// Adds the shares in one feed, in the order of their sharers.
fn shares_in<'a>(seen: &mut [&Seen<'a>], shares: &mut Vec<Share<RawBody>>) {
    let feed = seen[0].feed;
    let named = seen.iter().rev().find_map(|seen| sharer(seen));
    let fallback = named.or(feed.sharer);
    let sharer = |seen: &Seen<'a>| sharer(seen).or(fallback);
    // Stable, as above.
    seen.sort_by(|a, b| sharer(a).cmp(&sharer(b)));
    for seen in seen.chunk_by(|a, b| sharer(a) == sharer(b)) {
        shares.push(share(feed.name, sharer(seen[0]), seen));
    }
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
