//! Small worlds for the tests of merging: feeds, their snapshots, and what stands in them.

use std::sync::Arc;

use jiff::Timestamp;

use crate::config::{
    Config, ContentConfig, Embeds, Extent, FeedConfig, Images, ListsConfig, MergeConfig,
    OutputConfig, PermalinkPattern, SiteConfig, SyndicationConfig, TagsConfig, ThemeConfig,
};
use crate::diag::{Diagnostic, Place};
use crate::model::{
    Archive, Bodies, Entry, FeedName, Hash, Note, RawBody, RawShare, RawSource, SafeUrl, Sighting,
    Snapshot, Text, UrlStyle,
};

/// A site: what its owner set and wrote, and what its feeds said.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) config: Config,
    pub(super) snapshots: Vec<Snapshot>,
    pub(super) notes: Vec<Note>,
    pub(super) bodies: Arc<Bodies>,
}

impl World {
    pub(super) fn new() -> Self {
        World {
            config: config(),
            snapshots: Vec::new(),
            notes: Vec::new(),
            bodies: Arc::default(),
        }
    }

    /// A snapshot of a feed, taken at noon of a day of 2025 (`08-01`), with these entries.
    pub(super) fn snapshot(&mut self, feed: &str, day: &str, items: &[Item]) -> &mut Snapshot {
        let path = format!("content/snapshots/{feed}/2025-{day}.xml");
        let mut sightings = Vec::new();
        for item in items {
            let sighting = item.sighting(&self.bodies);
            if !sightings
                .iter()
                .any(|other: &Sighting| other.slice == sighting.slice)
            {
                sightings.push(sighting);
            }
        }
        self.snapshots.push(Snapshot {
            feed: FeedName::new(feed),
            path: path.into(),
            taken: Some(noon(day)),
            updated: None,
            frozen_updated: None,
            title: Text::new(&format!("The feed {feed}")),
            link: SafeUrl::parse(&format!("https://{feed}.example/")),
            authors: Vec::new(),
            language: None,
            sightings: sightings.into_iter().map(Into::into).collect(),
        });
        self.snapshots.last_mut().unwrap()
    }

    /// A note about the entry that this names.
    pub(super) fn note(&mut self, entry: &str) -> &mut Note {
        let path = format!("content/notes/{}.md", self.notes.len());
        self.notes.push(Note {
            path: path.as_str().into(),
            entry: entry.to_owned(),
            place: Place::file(path),
            comment: None,
            tags: Vec::new(),
            title: None,
            hidden: false,
        });
        self.notes.last_mut().unwrap()
    }

    /// The owner's settings for a feed.
    pub(super) fn setting(&mut self, feed: &str) -> &mut FeedConfig {
        self.config.feeds.entry(FeedName::new(feed)).or_default()
    }

    pub(super) fn merge(&self) -> (Archive<RawBody>, Vec<Diagnostic>) {
        let merged = super::merge(&self.snapshots, &self.notes, &self.bodies, &self.config);
        (merged.archive, merged.diagnostics)
    }

    /// The entries of the archive.
    pub(super) fn entries(&self) -> Vec<Entry<RawBody>> {
        let entries = self.merge().0.entries.into_iter();
        entries.map(Arc::unwrap_or_clone).collect()
    }

    /// The one entry of the archive.
    pub(super) fn entry(&self) -> Entry<RawBody> {
        let mut entries = self.entries();
        assert_eq!(entries.len(), 1, "{entries:#?}");
        entries.remove(0)
    }

    /// The HTML of a body.
    pub(super) fn html(&self, body: &RawBody) -> String {
        self.bodies.raw(body.html).to_string()
    }

    /// The HTML of the body that an entry shows.
    pub(super) fn shown(&self, entry: &Entry<RawBody>) -> Option<String> {
        entry.body.as_ref().map(|body| self.html(body))
    }
}

/// An entry as a feed has it; what is empty is missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) guid: &'static str,
    pub(super) link: &'static str,
    pub(super) title: &'static str,
    /// A day of 2025, or a whole time.
    pub(super) published: &'static str,
    pub(super) updated: &'static str,
    pub(super) content: &'static str,
    pub(super) summary: &'static str,
    pub(super) tags: &'static [&'static str],
    pub(super) author: &'static str,
    pub(super) sharer: &'static str,
    pub(super) comment: &'static str,
    pub(super) source: &'static str,
    pub(super) language: &'static str,
}

impl Item {
    fn sighting(&self, bodies: &Bodies) -> Sighting {
        let html = |text: &str| (!text.is_empty()).then(|| bodies.store_raw(text));
        Sighting {
            slice: Hash::of(format!("{self:?}").as_bytes()),
            guid: (!self.guid.is_empty()).then(|| self.guid.into()),
            link: SafeUrl::parse(self.link),
            title: Text::new(self.title),
            authors: Text::new(self.author).into_iter().collect(),
            published: time(self.published),
            updated: time(self.updated),
            tags: self.tags.iter().filter_map(|tag| Text::new(tag)).collect(),
            content: html(self.content),
            summary: html(self.summary),
            base: None,
            language: Text::new(self.language),
            source: RawSource {
                title: Text::new(self.source),
                ..RawSource::default()
            },
            share: Text::new(self.sharer).map(|sharer| RawShare {
                permalink: SafeUrl::parse(&format!("https://{sharer}.example/story")),
                sharer,
                comment: html(self.comment),
            }),
            frozen: None,
        }
    }
}

/// Noon of a day of 2025.
pub(super) fn noon(day: &str) -> Timestamp {
    format!("2025-{day}T12:00:00Z").parse().unwrap()
}

fn time(text: &str) -> Option<Timestamp> {
    match text.len() {
        0 => None,
        5 => Some(noon(text)),
        _ => Some(text.parse().unwrap()),
    }
}

fn config() -> Config {
    Config {
        site: SiteConfig {
            base_url_span: None,
            title: Text::new("A site").unwrap(),
            base_url: SafeUrl::parse("https://site.example/archive/").unwrap(),
            description: None,
            language: "en".to_owned(),
            timezone: jiff::tz::TimeZone::UTC,
            author: None,
            text: Extent::Full,
            license: None,
            copy_notice: None,
        },
        theme: ThemeConfig {
            name_span: None,
            name: "gleaner".to_owned(),
            options: Default::default(),
        },
        output: OutputConfig {
            folder: "public".to_owned(),
            urls: UrlStyle::Files,
            permalinks: PermalinkPattern("{year}/{month}/{slug}-{id}".to_owned()),
        },
        lists: ListsConfig { home: 30, page: 50 },
        merge: MergeConfig { across_feeds: true },
        content: ContentConfig {
            images: Images::Remote,
            embeds: Embeds::Link,
        },
        fetch: crate::config::FetchConfig::default(),
        search: crate::config::SearchConfig {
            enabled: true,
            text: crate::config::SearchText::Excerpt,
        },
        syndication: SyndicationConfig {
            list_entries: 20,
            entries: 50,
            atom: true,
            rss: true,
            json: true,
            tags: true,
            sharers: true,
            sources: false,
            opml: true,
        },
        tags: TagsConfig::default(),
        feeds: Default::default(),
    }
}
