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
        let resolved = alias.map_or_else(|| key.clone(), |alias| tag_key(alias.as_str()));
        if resolved.is_empty()
            || [&key, &resolved]
                .iter()
                .any(|key| config.hidden.contains(*key))
        {
            continue;
        }
        match alias {
            Some(alias) => tags.insert(resolved, alias.clone()),
            None => Some(tags.entry(resolved).or_insert_with(|| name.clone()).clone()),
        };
    }
    tags.into_iter()
        .map(|(key, name)| Tag { key, name })
        .collect()
}
