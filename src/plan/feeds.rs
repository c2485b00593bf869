//! The feeds that we write: for the site in three formats, in Atom for each tag, sharer and source.

use super::Planner;
use super::context::FeedLink;
use super::former::FormerList;
use super::lists::{List, Terms};
use crate::config::{SiteConfig, SyndicationConfig};
use crate::model::{OutPath, PagePath};

/// Media type of an Atom feed (RFC 4287).
pub(super) const ATOM: &str = "application/atom+xml";
/// Media type of an RSS feed, by custom.
const RSS: &str = "application/rss+xml";
/// Media type of a JSON Feed (version 1.1).
const JSON: &str = "application/feed+json";

/// A feed to write.
#[derive(Debug, Clone)]
pub(crate) struct OutFeed {
    /// Its file.
    pub(crate) path: OutPath,
    /// Its format.
    pub(crate) format: Format,
    /// Its title.
    pub(crate) title: String,
    /// The absolute URL of the page that lists the same entries.
    pub(crate) home: String,
    /// Its own absolute URL.
    pub(crate) url: String,
    /// Its entries, the newest first.
    pub(crate) entries: Vec<usize>,
}

/// The format of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Format {
    /// Atom 1.0.
    Atom,
    /// RSS 2.0.
    Rss,
    /// JSON Feed 1.1.
    Json,
}

/// The feeds of the site that the settings ask for: format, file, media type, name.
fn site_feeds(
    settings: SyndicationConfig,
) -> impl Iterator<Item = (Format, &'static str, &'static str, &'static str)> {
    [
        (settings.atom, (Format::Atom, "feed.xml", ATOM, "Atom")),
        (settings.rss, (Format::Rss, "rss.xml", RSS, "RSS")),
        (
            settings.json,
            (Format::Json, "feed.json", JSON, "JSON Feed"),
        ),
    ]
    .into_iter()
    .filter_map(|(wanted, feed)| wanted.then_some(feed))
}

/// The feeds of the site, as every page names them.
pub(super) fn links(settings: SyndicationConfig) -> Vec<FeedLink> {
    site_feeds(settings)
        .map(|(_, file, mime, name)| FeedLink {
            title: name.to_owned(),
            href: file.to_owned(),
            mime,
        })
        .collect()
}

/// The file of a list's feed: `tags/rust.xml` beside `tags/rust.html`.
pub(super) fn feed_file(list: &PagePath) -> Option<OutPath> {
    OutPath::new(&format!("{list}.xml"))
}

/// All feeds to write.
pub(super) fn plan(planner: &Planner, site: &SiteConfig, terms: &Terms) -> Vec<OutFeed> {
    let settings = planner.layout.syndication;
    let all: Vec<usize> = (0..planner.entries.len()).collect();
    let site_feeds = site_feeds(settings).filter_map(|(format, file, _, _)| {
        let path = OutPath::new(file)?;
        Some(out_feed(
            planner,
            path,
            format,
            site.title.to_string(),
            site.base_url.to_string(),
            newest(&all, settings.entries),
        ))
    });
    let lists = terms
        .tags
        .iter()
        .chain(&terms.sharers)
        .chain(&terms.sources);
    site_feeds
        .chain(lists.filter_map(|list| list_feed(planner, site, list)))
        .collect()
}

/// The feeds of tags at the addresses that they had under their other names, before site.toml made
/// them aliases. A feed reader follows no page that leads on, so these are the feeds themselves, byte
/// for byte: each says where it is now, and a reader that heeds that goes there.
///
/// Those of lists that lost all of their entries to a better reading stay as they were.
pub(super) fn former(
    planner: &Planner,
    site: &SiteConfig,
    terms: &Terms,
    lists: &[FormerList],
) -> Vec<OutFeed> {
    let tags = terms.tags.iter().filter(|tag| !tag.former.is_empty());
    let feeds = tags.filter_map(|tag| Some((tag, list_feed(planner, site, tag)?)));
    let former = feeds.flat_map(|(tag, feed)| {
        let files = tag.former.iter().filter_map(feed_file);
        files.map(move |path| OutFeed {
            path,
            ..feed.clone()
        })
    });
    let lists = lists.iter();
    let of_lists = lists.filter_map(|former| list_feed(planner, site, &former.list));
    former.chain(of_lists).collect()
}

/// The feed of a list, if it has one.
fn list_feed(planner: &Planner, site: &SiteConfig, list: &List) -> Option<OutFeed> {
    let path = feed_file(&list.path).filter(|_| list.feed)?;
    Some(out_feed(
        planner,
        path,
        Format::Atom,
        format!("{}: {}", site.title, list.name),
        planner.url(&planner.file(&list.path)),
        newest(&list.entries, planner.layout.syndication.list_entries),
    ))
}

fn newest(oldest_first: &[usize], length: usize) -> Vec<usize> {
    oldest_first.iter().rev().take(length).copied().collect()
}

fn out_feed(
    planner: &Planner,
    path: OutPath,
    format: Format,
    title: String,
    home: String,
    entries: Vec<usize>,
) -> OutFeed {
    let url = planner.url(&path);
    OutFeed {
        path,
        format,
        title,
        home,
        url,
        entries,
    }
}
