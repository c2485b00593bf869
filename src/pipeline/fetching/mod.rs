//! What `gleaner fetch` asks of a site: which feeds are to be fetched, what a response says that no
//! snapshot does ([`stored`], [`judge`]), and where it is stored.
//!
//! The network, the clock and the environment are the binary's: what comes from there is given to
//! these functions, and only files of the site are read and written here.
//!
//! A feed forgets what is older than its last few entries. So what is in doubt is stored: it costs a
//! file, and what is lost costs an entry.

mod judge;
mod layers;
mod named;
mod stored;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use crate::cache::{keep_aside, read_aside};
use crate::config::{self, Address, Config, FeedConfig, Overrides, suggest};
use crate::diag::{Code, Diagnostic, Place as SourcePlace};
use crate::load::{self, Bounds, SiteToml};
use crate::model::FeedName;
use crate::write;

use super::memory;

pub use judge::{Judgement, Verdict};
pub use layers::{LARGEST_RESPONSE, readable};
pub use stored::{Place, Stored};

/// What one fetch remembers for the next, in the folder of the cache.
const MEMORY: &str = "fetch.json";

/// Which site, and which of its feeds.
#[derive(Debug, Clone, Default)]
pub struct FetchOptions {
    /// The site's folder.
    pub root: PathBuf,
    /// The configuration, where it is not `site.toml` in the site's folder.
    pub config: Option<PathBuf>,
    /// The folder of the cache, where it is not `.gleaner` in the site's folder.
    pub cache: Option<PathBuf>,
    /// The names of the feeds; none means all that have an address.
    pub names: Vec<String>,
    /// Whether links among the files of the site may lead out of its folder: then snapshots may be
    /// stored there.
    pub follow_links_outside: bool,
}

/// A site whose feeds are to be fetched.
#[derive(Debug)]
pub struct Fetching {
    root: PathBuf,
    bounds: Bounds,
    cache: PathBuf,
    /// The feeds, in the order of their names.
    pub feeds: Vec<FeedToFetch>,
}

/// A feed that is to be fetched.
#[derive(Debug, Clone)]
pub struct FeedToFetch {
    /// Its name.
    pub name: String,
    /// Where it is fetched from.
    pub address: FeedAddress,
    /// Whether site.toml lets responses be stored that hold the secret address.
    pub store_secret: bool,
    /// Whether site.toml lets it be asked where only this machine or its network can reach.
    pub allow_private_addresses: bool,
    /// Where site.toml says its address.
    pub place: SourcePlace,
}

/// Where a feed is fetched from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedAddress {
    /// This address.
    Public(String),
    /// The address in this variable of the environment, which nobody else may see.
    Secret(String),
}

impl Fetching {
    /// Reads the settings of a site. None if they are not valid, or if a feed that is named cannot
    /// be fetched.
    #[must_use]
    pub fn open(options: &FetchOptions) -> (Option<Fetching>, Vec<Diagnostic>) {
        let bounds = Bounds::new(&options.root, options.follow_links_outside);
        let (toml, mut diagnostics) = load::site_toml(&bounds, options.config.as_deref());
        let Some(toml) = toml else {
            return (None, diagnostics);
        };
        let (config, found) = config::read(&toml.file, &toml.text, &Overrides::default());
        diagnostics.extend(found);
        let Some(config) = config else {
            return (None, diagnostics);
        };
        let cache = memory::folder(&options.root, options.cache.as_deref());
        let cache = cache.and_then(|folder| {
            // Told before anybody is asked for anything.
            match memory::foreign(&options.root, options.cache.as_deref()) {
                Some(foreign) => Err(foreign),
                None => Ok(folder),
            }
        });
        let cache = cache.map_err(|problem| diagnostics.push(problem));
        let feeds = chosen(&config, &toml, &options.names);
        let feeds = feeds.map_err(|unknown| diagnostics.extend(unknown));
        let (Ok(cache), Ok(mut feeds)) = (cache, feeds) else {
            return (None, diagnostics);
        };
        if feeds.is_empty() {
            diagnostics.push(nothing_to_fetch(&toml));
        }
        let refused = keep_within(&bounds, &mut feeds);
        diagnostics.extend(refused);
        let fetching = Fetching {
            root: options.root.clone(),
            bounds,
            cache,
            feeds,
        };
        (Some(fetching), diagnostics)
    }

    /// What is stored of a feed.
    #[must_use]
    pub fn stored(&self, feed: &FeedToFetch) -> Stored {
        let feed = FeedName::new(&feed.name);
        // What a killed fetch left would be committed with the snapshots.
        write::sweep_snapshots(&self.root, &feed);
        Stored::open(&self.root, &self.bounds, &feed)
    }

    /// What the last fetch remembered, as it wrote it; none if that is lost.
    #[must_use]
    pub fn recall(&self) -> Option<String> {
        read_aside(&self.cache, MEMORY)
    }

    /// Remembers something for the next fetch.
    ///
    /// # Errors
    /// A warning if it cannot be written: then the next fetch asks for everything again.
    pub fn remember(&self, text: &str) -> Result<(), Diagnostic> {
        keep_aside(&self.cache, MEMORY, text).map_err(|why| {
            let label = load::shown(self.cache.strip_prefix(&self.root).unwrap_or(&self.cache));
            let message = format!("what was fetched cannot be remembered: {}", why.cause());
            let hint = "nothing is lost, but the next fetch asks for all feeds anew".to_owned();
            Diagnostic::warning(Code::CacheFailed, message)
                .at(SourcePlace::file(label))
                .hint(why.hint().unwrap_or(hint))
        })
    }
}

/// Leaves out the feeds whose snapshots would be stored behind a link that is not followed: an error
/// for each such link.
fn keep_within(bounds: &Bounds, feeds: &mut Vec<FeedToFetch>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    feeds.retain(|feed| {
        let reached = bounds.reach(&format!("content/snapshots/{}", feed.name));
        let refused = reached.err();
        problems.extend(refused.as_ref().map(|refused| bounds.diagnose(refused)));
        refused.is_none()
    });
    // A link above the folders of the feeds was found once for each.
    problems.dedup();
    problems
}

/// The feeds that are named, or all that have an address. Hidden ones, too: what they say is kept.
fn chosen(
    config: &Config,
    toml: &SiteToml,
    names: &[String],
) -> Result<Vec<FeedToFetch>, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    for name in names {
        match config.feeds.get(&FeedName::new(name)) {
            None => problems.push(unknown(config, toml, name)),
            Some(feed) if feed.address.is_none() => {
                problems.push(without_address(toml, name, feed));
            }
            Some(_) => {}
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let is_named = |name: &FeedName| names.is_empty() || names.iter().any(|it| it == name.as_str());
    let named = config.feeds.iter().filter(|(name, _)| is_named(name));
    Ok(named
        .filter_map(|(name, feed)| to_fetch(config, toml, name, feed))
        .collect())
}

fn to_fetch(
    config: &Config,
    toml: &SiteToml,
    name: &FeedName,
    feed: &FeedConfig,
) -> Option<FeedToFetch> {
    let address = match feed.address.as_ref()? {
        Address::Public(url) => FeedAddress::Public(url.without_fragment().to_owned()),
        Address::Secret(variable) => FeedAddress::Secret(variable.clone()),
    };
    Some(FeedToFetch {
        name: name.to_string(),
        address,
        store_secret: feed.store_secret,
        allow_private_addresses: feed.allow_private_addresses
            || config.fetch.allow_private_addresses,
        place: SourcePlace::span(&*toml.file, &toml.text, feed.address_span.clone()),
    })
}

fn place(toml: &SiteToml, feed: &FeedConfig) -> SourcePlace {
    SourcePlace::span(&*toml.file, &toml.text, feed.span.clone())
}

fn unknown(config: &Config, toml: &SiteToml, name: &str) -> Diagnostic {
    let known = config.feeds.keys().map(FeedName::as_str);
    let hint = suggest::did_you_mean(name, known.clone()).unwrap_or_else(|| {
        if config.feeds.is_empty() {
            format!("add `[feeds.{name}]` with its `url` to `{}`", toml.file)
        } else {
            format!("known here: {}", suggest::list(known))
        }
    });
    Diagnostic::error(Code::FetchUnknownFeed, format!("unknown feed: {name}")).hint(hint)
}

fn without_address(toml: &SiteToml, name: &str, feed: &FeedConfig) -> Diagnostic {
    Diagnostic::error(
        Code::FetchNoAddress,
        format!("feed without an address: {name}"),
    )
    .at(place(toml, feed))
    .hint("add `url = \"https://…\"`, or `url_env` if it is a secret")
}

fn nothing_to_fetch(toml: &SiteToml) -> Diagnostic {
    Diagnostic::warning(
        Code::FetchNoAddress,
        "no feed has an address: nothing to fetch",
    )
    .at(SourcePlace::file(&*toml.file))
    .hint("name a feed and say where it is: `[feeds.blog]`, then `url = \"https://…\"`")
}

/// Stores a response under a path of the site.
fn store(root: &Path, path: &str, bytes: &[u8]) -> Result<(), Diagnostic> {
    write::store_snapshot(root, path, bytes)
}
