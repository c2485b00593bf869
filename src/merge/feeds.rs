//! What merging knows of each feed: what its snapshots say of it, with the owner's word above.
//!
//! Of each thing that a feed says of itself, the newest snapshot that says it counts.

use std::collections::{BTreeMap, HashMap};

use super::{FeedRules, Rules};
use crate::model::{FeedName, SafeUrl, Snapshot, Text};

/// A feed, as far as its entries need it.
#[derive(Debug)]
pub(super) struct Feed<'a> {
    /// What it is called in the site's folder.
    pub(super) name: &'a FeedName,
    /// What makes its guids unique: the owner's key, else its name.
    pub(super) key: &'a str,
    /// The number of its key: feeds with the same key are one space of guids.
    pub(super) scope: usize,
    /// The owner's title for it, else its own.
    pub(super) title: Option<&'a Text>,
    /// The host of the site that it belongs to.
    home: Option<String>,
    /// Who shares what stands in it, where an entry does not say: the owner's word, else its
    /// author, if it has one and no more.
    pub(super) sharer: Option<&'a Text>,
    /// Its language, unchecked.
    pub(super) language: Option<&'a Text>,
    /// Whether it is left out of the site.
    pub(super) hidden: bool,
}

/// All feeds that have snapshots.
#[derive(Debug)]
pub(super) struct Feeds<'a>(BTreeMap<&'a FeedName, Feed<'a>>);

impl<'a> Feeds<'a> {
    /// The feeds of these snapshots, which come from the oldest to the newest.
    pub(super) fn of(oldest_first: &[&'a Snapshot], rules: &'a Rules) -> Self {
        let mut heard: BTreeMap<&FeedName, Vec<&Snapshot>> = BTreeMap::new();
        for snapshot in oldest_first {
            heard.entry(&snapshot.feed).or_default().push(snapshot);
        }
        let mut scopes: HashMap<&str, usize> = HashMap::new();
        let mut feeds = BTreeMap::new();
        for (name, snapshots) in heard {
            let setting = rules.feeds.get(name);
            let key = setting.and_then(|setting| setting.key.as_deref());
            let key = key.unwrap_or(name.as_str());
            let next = scopes.len();
            let scope = *scopes.entry(key).or_insert(next);
            feeds.insert(name, Feed::of(name, key, scope, &snapshots, setting));
        }
        Feeds(feeds)
    }

    /// The feed of this name.
    pub(super) fn get(&self, name: &FeedName) -> Option<&Feed<'a>> {
        self.0.get(name)
    }
}

impl<'a> Feed<'a> {
    fn of(
        name: &'a FeedName,
        key: &'a str,
        scope: usize,
        oldest_first: &[&'a Snapshot],
        setting: Option<&'a FeedRules>,
    ) -> Self {
        let newest_first = || oldest_first.iter().rev();
        let author = newest_first().find_map(|snapshot| match snapshot.authors.as_slice() {
            [] => None,
            [author] => Some(Some(author)),
            // Of several authors, none can be said to have shared an entry.
            _ => Some(None),
        });
        let title = newest_first().find_map(|snapshot| snapshot.title.as_ref());
        let home = newest_first().find_map(|snapshot| snapshot.link.as_ref());
        Feed {
            name,
            key,
            scope,
            title: setting.and_then(|setting| setting.title.as_ref()).or(title),
            home: home.and_then(SafeUrl::host),
            sharer: setting
                .and_then(|setting| setting.sharer.as_ref())
                .or(author.flatten()),
            language: newest_first().find_map(|snapshot| snapshot.language.as_ref()),
            hidden: setting.is_some_and(|setting| setting.hidden),
        }
    }

    /// Whether an original on this host lives on the site that the feed belongs to, so that what
    /// the feed says of itself is true of the original, too.
    pub(super) fn is_home_of(&self, host: Option<&str>) -> bool {
        host.is_some() && self.home.as_deref() == host
    }
}
