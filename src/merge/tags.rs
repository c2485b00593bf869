//! What was seen of an entry, and the owner's word → its tags.
//!
//! Each feed gives the tags that it gave last; together with those of notes they are the entry's.
//! The owner's aliases and hidden tags apply to all of them.

use std::collections::BTreeMap;

use super::seen::Seen;
use crate::config::TagsConfig;
use crate::model::{FeedName, Tag, Text, tag_key};

/// The tags of an entry, by key. Of several spellings, the owner's alias counts, else the first in
/// the order of feeds.
pub(super) fn tags<'a>(
    seen: &[&'a Seen<'a>],
    of_notes: &'a [Text],
    config: &TagsConfig,
) -> Vec<Tag> {
    let mut by_feed: BTreeMap<&FeedName, &[Text]> = BTreeMap::new();
    for seen in seen.iter().filter(|seen| !seen.sighting.tags.is_empty()) {
        by_feed.insert(seen.feed.name, &seen.sighting.tags);
    }
    let mut tags: BTreeMap<String, Text> = BTreeMap::new();
    for name in by_feed.into_values().flatten().chain(of_notes) {
        let key = tag_key(name.as_str());
        let alias = config.aliases.get(&key);
        let hidden = |key: &str| key.is_empty() || config.hidden.contains(key);
        let resolved = alias.map(|alias| tag_key(alias.as_str()));
        if hidden(resolved.as_deref().unwrap_or(&key)) || config.hidden.contains(&key) {
            continue;
        }
        let spelling = alias.unwrap_or(name);
        match (alias, tags.entry(resolved.unwrap_or(key))) {
            (Some(_), entry) => {
                entry.insert_entry(spelling.clone());
            }
            (None, entry) => {
                entry.or_insert_with(|| spelling.clone());
            }
        }
    }
    tags.into_iter()
        .map(|(key, name)| Tag { key, name })
        .collect()
}
