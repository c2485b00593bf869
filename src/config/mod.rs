//! site.toml: from the file as it was written to a [`Config`] that every stage may trust.
//!
//! Invariants: everything but the title and the base URL has a default; unknown keys are refused
//! with a suggestion; all problems are reported in one run, each with its place in the file.

mod feeds;
pub(crate) mod language;
mod output;
mod permalink;
mod read;
pub(crate) mod spanned;
pub(crate) mod suggest;
mod tags;

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;

use crate::diag::{Code, Diagnostic, Place};
use crate::model::{FeedName, SafeUrl, Text, UrlStyle};

pub use read::is_folder_name;
pub(crate) use read::{Overrides, read};

/// A site's settings, checked.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// `[site]`
    pub(crate) site: SiteConfig,
    /// `[theme]`
    pub(crate) theme: ThemeConfig,
    /// `[output]`
    pub(crate) output: OutputConfig,
    /// `[lists]`
    pub(crate) lists: ListsConfig,
    /// `[merge]`
    pub(crate) merge: MergeConfig,
    /// `[content]`
    pub(crate) content: ContentConfig,
    /// `[syndication]`
    pub(crate) syndication: SyndicationConfig,
    /// `[search]`
    pub(crate) search: SearchConfig,
    /// `[tags]`
    pub(crate) tags: TagsConfig,
    /// `[fetch]`
    pub(crate) fetch: FetchConfig,
    /// `[feeds.NAME]`
    pub(crate) feeds: BTreeMap<FeedName, FeedConfig>,
}

/// `[site]`: what the archive is.
#[derive(Debug, Clone)]
pub(crate) struct SiteConfig {
    /// Its name. Required.
    pub(crate) title: Text,
    /// Where it will be published: http or https, ends with a slash. Required.
    pub(crate) base_url: SafeUrl,
    /// Where site.toml says so: bytes; none where the command line does.
    pub(crate) base_url_span: Option<std::ops::Range<usize>>,
    /// One sentence about it.
    pub(crate) description: Option<Text>,
    /// The language of the pages (BCP 47). Default: `en`.
    pub(crate) language: String,
    /// The time zone in which dates are shown and months begin. Default: UTC.
    pub(crate) timezone: TimeZone,
    /// Who keeps the archive.
    pub(crate) author: Option<Text>,
    /// How much of stored texts is published, unless `[feeds.NAME]` says otherwise. Default: full.
    pub(crate) text: Extent,
    /// Under which licence the owner's own words stand.
    pub(crate) license: Option<License>,
    /// What the owner has to say of the copies of other people's texts.
    pub(crate) copy_notice: Option<Text>,
}

/// How much of a stored text is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Extent {
    /// Its beginning, as plain text: two or three sentences.
    Excerpt,
    /// All of it.
    Full,
}

/// `site.license` and `site.license_url`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct License {
    /// Its name.
    pub(crate) name: Text,
    /// Where its words are.
    pub(crate) url: Option<SafeUrl>,
}

/// `[theme]`: how it looks.
#[derive(Debug, Clone)]
pub(crate) struct ThemeConfig {
    /// A folder under `themes/`, or a built-in theme. Default: `gleaner`.
    pub(crate) name: String,
    /// Where site.toml names it: bytes.
    pub(crate) name_span: Option<std::ops::Range<usize>>,
    /// `[theme.options]`: checked against the theme's `theme.toml` when the theme is loaded.
    pub(crate) options: BTreeMap<String, ThemeOption>,
}

/// A value that site.toml gives to an option of the theme.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ThemeOption {
    /// A boolean, integer, string, or list of these.
    pub(crate) value: toml::Value,
    /// Where site.toml says it: bytes.
    pub(crate) span: std::ops::Range<usize>,
}

/// `[output]`: what is written where.
#[derive(Debug, Clone)]
pub(crate) struct OutputConfig {
    /// The folder, relative to the site's. Default: `public`.
    pub(crate) folder: String,
    /// `urls = "files"` or `"folders"`. Default: files.
    pub(crate) urls: UrlStyle,
    /// The pattern of permalinks. Default: `{year}/{month}/{slug}-{id}`.
    pub(crate) permalinks: PermalinkPattern,
}

/// The pattern of permalinks: text and the fields `{year}`, `{month}`, `{day}`, `{slug}`, `{id}`.
/// Always contains `{id}`, and makes a valid path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PermalinkPattern(pub(crate) String);

/// `[lists]`: how long lists are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ListsConfig {
    /// Entries on the home page. Default: 30.
    pub(crate) home: usize,
    /// Entries on each page of a list. Default: 50.
    pub(crate) page: usize,
}

/// `[merge]`: what counts as the same entry.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MergeConfig {
    /// Whether the same link in two feeds is one entry with two shares. Default: true.
    pub(crate) across_feeds: bool,
}

/// `[content]`: what of a stored text is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ContentConfig {
    /// Images of stored texts. Default: remote.
    pub(crate) images: Images,
    /// Videos and other frames of stored texts. Default: link.
    pub(crate) embeds: Embeds,
}

/// What becomes of images in stored texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Images {
    /// Shown, loaded from where they are.
    Remote,
    /// A link that leads to the image; nothing is loaded before the reader clicks.
    Click,
    /// Their description alone.
    None,
}

/// What becomes of frames in stored texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Embeds {
    /// A still link to the original.
    Link,
    /// The same link; a click opens the frame in its place, for the providers that we know.
    Click,
    /// Nothing.
    None,
}

/// `[syndication]`: the feeds that we write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SyndicationConfig {
    /// Entries in each feed of the site. Default: 50.
    pub(crate) entries: usize,
    /// Entries in each feed of a tag, sharer or source. Default: 20.
    pub(crate) list_entries: usize,
    /// Atom feed of the site (`feed.xml`). Default: true.
    pub(crate) atom: bool,
    /// RSS feed of the site (`rss.xml`). Default: true.
    pub(crate) rss: bool,
    /// JSON Feed of the site (`feed.json`). Default: true.
    pub(crate) json: bool,
    /// An Atom feed for each tag. Default: true.
    pub(crate) tags: bool,
    /// An Atom feed for each sharer. Default: true.
    pub(crate) sharers: bool,
    /// An Atom feed for each source. Default: false: there are many, and each has a feed itself.
    pub(crate) sources: bool,
    /// A list of the sources for feed readers (`sources.opml`). Default: true.
    pub(crate) opml: bool,
}

/// `[search]`: the search page and its index.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SearchConfig {
    /// Whether there is a search page. Default: true.
    pub(crate) enabled: bool,
    /// How much of each text can be found. Default: excerpt.
    pub(crate) text: SearchText,
}

/// How much of each text can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SearchText {
    /// Its beginning: about 200 words.
    Excerpt,
    /// All of it.
    Full,
}

/// `[tags]`: the owner's order among other people's tags.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TagsConfig {
    /// Key of an alias → the tag that it stands for (`[tags.aliases]`).
    pub(crate) aliases: BTreeMap<String, Text>,
    /// Keys of tags that are never shown.
    pub(crate) hidden: BTreeSet<String>,
}

/// `[fetch]`: how feeds are fetched. Nothing that is built depends on it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct FetchConfig {
    /// Whether all feeds may be asked where only this machine or its network can reach. Default:
    /// false.
    pub(crate) allow_private_addresses: bool,
}

/// `[feeds.NAME]`: what Gleaner cannot know of a feed.
#[derive(Debug, Clone, Default)]
pub(crate) struct FeedConfig {
    /// What makes guids of this feed unique that are no URIs; never change it. Default: the name.
    pub(crate) key: Option<String>,
    /// What the feed is called, where its own title will not do.
    pub(crate) title: Option<Text>,
    /// Where it is fetched from.
    pub(crate) address: Option<Address>,
    /// Where site.toml says that: bytes.
    pub(crate) address_span: std::ops::Range<usize>,
    /// Whether responses are stored that hold the secret address.
    pub(crate) store_secret: bool,
    /// Whether it may be asked where only this machine or its network can reach.
    pub(crate) allow_private_addresses: bool,
    /// Who shares through it, where its entries do not say.
    pub(crate) sharer: Option<Text>,
    /// Whether its entries are left out of the site.
    pub(crate) hidden: bool,
    /// How much of the texts that came through it is published; none means `site.text`.
    pub(crate) text: Option<Extent>,
    /// Where site.toml names it: bytes.
    pub(crate) span: std::ops::Range<usize>,
}

/// Where a feed is fetched from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Address {
    /// `url`: for everyone to read.
    Public(SafeUrl),
    /// `url_env`: a secret, in this variable of the environment, which `fetch` alone reads.
    Secret(String),
}

/// How much of which feed's texts is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Extents {
    /// `site.text`.
    of_site: Extent,
    /// Of the feeds that have their own.
    of_feeds: BTreeMap<FeedName, Extent>,
}

impl Extents {
    /// Those of a site.
    pub(crate) fn of(config: &Config) -> Self {
        let feeds = config.feeds.iter();
        Extents {
            of_site: config.site.text,
            of_feeds: feeds
                .filter_map(|(name, feed)| Some((name.clone(), feed.text?)))
                .collect(),
        }
    }

    /// How much may be published of a text that these feeds carried: as much as any of them allows,
    /// for what one may publish is public already.
    pub(crate) fn extent<'a>(&self, feeds: impl IntoIterator<Item = &'a FeedName>) -> Extent {
        let allowed = |name| *self.of_feeds.get(name).unwrap_or(&self.of_site);
        feeds.into_iter().map(allowed).max().unwrap_or(self.of_site)
    }
}

/// Top-level domains that never lead to a site on the internet (RFC 2606, RFC 6761).
const RESERVED_ENDINGS: &[&str] = &["example", "invalid", "localhost", "test"];
/// Domains that stand for any other in examples.
const EXAMPLE_DOMAINS: &[&str] = &["example.com", "example.edu", "example.net", "example.org"];

/// Warns of a base URL that is still that of an example: links in feeds and in the sitemap would lead
/// to somebody else. What the command line says is meant.
pub(crate) fn placeholder(config: &Config, file: &str, text: &str) -> Option<Diagnostic> {
    let span = config.site.base_url_span.clone()?;
    let url = &config.site.base_url;
    let host = url.host()?;
    let host = host.trim_end_matches('.');
    let is_below = |name: &&str| {
        let rest = host.strip_suffix(*name);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    let mut names = RESERVED_ENDINGS.iter().chain(EXAMPLE_DOMAINS);
    names.find(|name| is_below(name))?;
    let message = format!("`site.base_url` is still an example: {url}");
    let problem = Diagnostic::warning(Code::ConfigPlaceholder, message);
    let hint = "set it to the address where the site will be: feeds, the sitemap and canonical \
                links name it";
    Some(problem.at(Place::span(file, text, span)).hint(hint))
}

/// Warns of each `[feeds.NAME]` that has no snapshots: most often a slip in the name. `text` is
/// the site.toml that the configuration was read from.
pub(crate) fn unused_feeds<'a>(
    config: &Config,
    file: &str,
    text: &str,
    listed: impl Iterator<Item = &'a FeedName>,
) -> Vec<Diagnostic> {
    let listed: BTreeSet<&FeedName> = listed.collect();
    let unused = |name: &FeedName| !listed.contains(name);
    let warning = |name: &FeedName, feed: &FeedConfig| {
        let message = format!("feed without snapshots: {name}");
        let names = listed.iter().map(|name| name.as_str());
        let hint =
            suggest::did_you_mean(name.as_str(), names).unwrap_or_else(|| match &feed.address {
                Some(_) => "`gleaner fetch` stores what it sends".to_owned(),
                None => format!("snapshots belong in `content/snapshots/{name}/`"),
            });
        Diagnostic::warning(Code::ConfigUnusedFeed, message)
            .at(Place::span(file, text, feed.span.clone()))
            .hint(hint)
    };
    let feeds = config.feeds.iter().filter(|(name, _)| unused(name));
    feeds.map(|(name, feed)| warning(name, feed)).collect()
}

#[cfg(test)]
mod tests;
