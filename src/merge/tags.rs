//! What was seen of an entry, and the owner's word → its tags.
//!
//! Each feed gives the tags that it gave last; together with those of notes they are the entry's.
//! The owner's aliases and hidden tags apply to all of them.

use super::seen::Seen;
use crate::config::TagsConfig;
use crate::model::{FeedName, Tag, Text, tag_key};

/// The tags that feeds give to an entry, by key.
pub(super) fn tags<'a>(seen: &[&'a Seen<'a>], config: &TagsConfig) -> Vec<Tag> {
    // Of each feed the last tags, in the order of feeds.
    let mut by_feed: Vec<(&FeedName, &[Text])> = Vec::new();
    for seen in seen.iter().filter(|seen| !seen.sighting.tags.is_empty()) {
        let (name, tags) = (seen.feed.name, seen.sighting.tags.as_slice());
        match by_feed.iter_mut().find(|(feed, _)| *feed == name) {
            Some((_, last)) => *last = tags,
            None => by_feed.push((name, tags)),
        }
    }
    by_feed.sort_unstable_by_key(|(feed, _)| *feed);
    let mut found = Vec::new();
    add(
        &mut found,
        by_feed.into_iter().flat_map(|(_, tags)| tags),
        config,
    );
    found
}

/// Adds tags to those of an entry. Of several spellings, the owner's alias counts, else the first
/// that was added.
pub(super) fn add<'a>(
    found: &mut Vec<Tag>,
    names: impl IntoIterator<Item = &'a Text>,
    config: &TagsConfig,
) {
    for name in names {
        let key = tag_key(name.as_str());
        let alias = config.aliases.get(&key);
        let hidden = |key: &str| key.is_empty() || config.hidden.contains(key);
        let resolved = alias.map(|alias| tag_key(alias.as_str()));
        if hidden(resolved.as_deref().unwrap_or(&key)) || config.hidden.contains(&key) {
            continue;
        }
        let key = resolved.unwrap_or(key);
        match (alias, found.iter_mut().find(|tag| tag.key == key)) {
            (Some(alias), Some(tag)) => tag.name = alias.clone(),
            (None, Some(_)) => {}
            (_, None) => found.push(Tag {
                key,
                name: alias.unwrap_or(name).clone(),
            }),
        }
    }
    found.sort_unstable();
}
