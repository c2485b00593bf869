//! What merging knows of each feed: what its snapshots say of it, with the owner's word above.
//!
//! Of each thing that a feed says of itself, the newest snapshot that says it counts.

use std::collections::BTreeMap;

use crate::config::{Config, FeedConfig};
use crate::model::{FeedName, SafeUrl, Snapshot, Text};

/// A feed, as far as its entries need it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Feed<'a> {
    /// The owner's title for it, else its own.
    pub(super) title: Option<&'a Text>,
    /// The page that it belongs to.
    link: Option<&'a SafeUrl>,
    /// Who shares what stands in it, where an entry does not say: the owner's word, else its
    /// author, if it has one and no more.
    pub(super) sharer: Option<&'a Text>,
    /// Its language, unchecked.
    pub(super) language: Option<&'a Text>,
    /// Whether it is left out of the site.
    pub(super) hidden: bool,
}

/// All feeds that have snapshots.
#[derive(Debug, Default)]
pub(super) struct Feeds<'a>(BTreeMap<&'a FeedName, Feed<'a>>);

impl<'a> Feeds<'a> {
    /// The feeds of these snapshots, which come from the oldest to the newest.
    pub(super) fn of(oldest_first: &[&'a Snapshot], config: &'a Config) -> Self {
        let mut feeds: BTreeMap<&FeedName, Feed<'a>> = BTreeMap::new();
        for snapshot in oldest_first {
            feeds.entry(&snapshot.feed).or_default().hear(snapshot);
        }
        for (name, feed) in &mut feeds {
            if let Some(setting) = config.feeds.get(name) {
                feed.obey(setting);
            }
        }
        Feeds(feeds)
    }

    /// The feed of this name; one that says nothing if it has no snapshot.
    pub(super) fn get(&self, name: &FeedName) -> Feed<'a> {
        self.0.get(name).copied().unwrap_or_default()
    }
}

impl<'a> Feed<'a> {
    fn hear(&mut self, snapshot: &'a Snapshot) {
        self.title = snapshot.title.as_ref().or(self.title);
        self.link = snapshot.link.as_ref().or(self.link);
        self.language = snapshot.language.as_ref().or(self.language);
        self.sharer = match snapshot.authors.as_slice() {
            [] => self.sharer,
            [author] => Some(author),
            // Of several authors, none can be said to have shared this entry.
            _ => None,
        };
    }

    fn obey(&mut self, setting: &'a FeedConfig) {
        self.title = setting.title.as_ref().or(self.title);
        self.sharer = setting.sharer.as_ref().or(self.sharer);
        self.hidden = setting.hidden;
    }

    /// Whether an original lives on the site that this feed belongs to, so that what the feed says
    /// of itself is true of the original, too.
    pub(super) fn is_home_of(&self, link: &SafeUrl) -> bool {
        let home = self.link.and_then(SafeUrl::host);
        home.is_some() && home == link.host()
    }
}
