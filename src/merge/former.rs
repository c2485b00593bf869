//! Sightings of an entry → the lists in which it stood by their frozen readings, and no longer stands.
//!
//! A tag that lost a character which nobody sees, a link that was repaired, a date that was recovered:
//! each moves the entry to another list, and the page of the old one may lose its last entry. Plan keeps
//! such addresses as redirects.
//!
//! Invariant: hidden tags appear nowhere, not even as an address.

use super::precedence;
use super::seen::Seen;
use super::tags;
use crate::config::TagsConfig;
use crate::model::{Entry, FormerLists, RawBody, SafeUrl, Text};

/// The former lists of an entry.
pub(super) fn lists<'a>(
    seen: &[&'a Seen<'a>],
    entry: &Entry<RawBody>,
    config: &TagsConfig,
) -> FormerLists {
    let has_moved = |seen: &&Seen<'_>| {
        seen.sighting.frozen.is_some() || seen.frozen_date != seen.published.or(seen.updated)
    };
    if !seen.iter().any(has_moved) {
        return FormerLists::default();
    }
    let link = precedence::newest(seen, |seen| seen.sighting.address_parts().link);
    let host = link.and_then(SafeUrl::host);
    let date = seen.iter().filter_map(|seen| seen.frozen_date).min();
    FormerLists {
        tags: former_tags(seen, entry, config),
        host: host.filter(|host| entry.source.host.as_ref() != Some(host)),
        sharers: sharers(seen, entry),
        date: (date != entry.date).then_some(date),
    }
}

/// Each tag that the entry had and has no more, with the one that it became.
fn former_tags<'a>(
    seen: &[&'a Seen<'a>],
    entry: &Entry<RawBody>,
    config: &TagsConfig,
) -> Vec<(String, Option<String>)> {
    let is_tag = |key: &String| entry.tags.iter().any(|tag| tag.key == *key);
    let mut former = Vec::new();
    let key = |tag: Option<&Text>| {
        let mut found = Vec::new();
        tags::add(&mut found, tag, config);
        found.pop().map(|tag| tag.key)
    };
    for sighting in seen.iter().map(|seen| seen.sighting) {
        let Some(frozen) = &sighting.frozen else {
            continue;
        };
        let is_paired = frozen.tags.len() == sighting.tags.len();
        for (number, tag) in frozen.tags.iter().enumerate() {
            let now = match is_paired {
                true => key(sighting.tags.get(number)),
                false => key(tag.clone().visible().as_ref()),
            };
            let gone = key(Some(tag)).filter(|key| !is_tag(key));
            former.extend(gone.map(|gone| (gone, now.filter(is_tag))));
        }
    }
    former.sort_unstable();
    former.dedup();
    former
}

fn sharers(seen: &[&Seen<'_>], entry: &Entry<RawBody>) -> Vec<Text> {
    let is_sharer = |name: &Text| {
        entry
            .shares
            .iter()
            .any(|share| share.sharer.as_ref() == Some(name))
    };
    let frozen = seen.iter().filter_map(|seen| seen.sighting.frozen.as_ref());
    let names = frozen.filter_map(|frozen| frozen.sharer.clone());
    let mut names: Vec<Text> = names.filter(|name| !is_sharer(name)).collect();
    names.sort_unstable();
    names.dedup();
    names
}
