//! What `gleaner check --links` asks of a site: which originals its entries have, what was found out
//! before, and where what is found out is written.
//!
//! The network and the clock are the binary's. What a build needs to know, that an original is gone,
//! is an input like any other: a list among the owner's files, which they commit with their snapshots.
//! When each original was asked last is a hint, and lies in the cache.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{Options, memory};
use crate::cache::{keep_aside, read_aside};
use crate::config::{self, Overrides};
use crate::diag::{Code, Diagnostic, Place};
use crate::ingest::{OriginalLine, original};
use crate::load::{self, Bounds, ORIGINALS};
pub use crate::model::Gone as GoneOriginal;
use crate::model::{Archive, SafeBody};
use crate::write;

/// What one check remembers for the next, in the folder of the cache.
const MEMORY: &str = "originals.txt";
/// What a new list begins with.
const HEAD: &str = "\
# Originals that are gone, by address: what their server answers, and the day this was found out.
# `gleaner check --links` keeps this list; the pages of the entries say so. Commit it.
";

/// The original of an entry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Original {
    /// Its address, without a fragment.
    pub url: String,
    /// The page of the entry here, from the site's root; of several, the first.
    pub page: String,
}

/// The originals of an archive, each once, by address.
pub(super) fn of(archive: &Archive<SafeBody>) -> Vec<Original> {
    let entries = archive.entries.iter();
    let originals = entries.filter_map(|entry| {
        let link = entry.link.as_ref().filter(|link| link.is_web())?;
        Some(Original {
            url: link.without_fragment().to_owned(),
            page: entry.permalink.to_string(),
        })
    });
    let mut originals: Vec<Original> = originals.collect();
    originals.sort();
    originals.dedup_by(|a, b| a.url == b.url);
    originals
}

/// What is known of the originals of a site, and where that is kept.
#[derive(Debug)]
pub struct Originals {
    root: PathBuf,
    bounds: Bounds,
    /// None where nothing is remembered.
    cache: Option<PathBuf>,
    /// Whether addresses may be asked that only this machine or its network can reach.
    pub allow_private_addresses: bool,
}

impl Originals {
    /// Those of this site. None without valid settings, which a check has told.
    #[must_use]
    pub fn open(options: &Options) -> Option<Self> {
        let (toml, _) = load::site_toml(&options.bounds(), options.config.as_deref());
        let toml = toml?;
        let overrides = Overrides {
            base_url: options.base_url.clone(),
            base_path: options.base_path.clone(),
        };
        let (config, _) = config::read(&toml.file, &toml.text, &overrides);
        let cache = memory::folder(&options.root, options.cache.as_deref()).ok();
        Some(Originals {
            root: options.root.clone(),
            bounds: options.bounds(),
            cache: cache.filter(|_| !options.forgetful),
            allow_private_addresses: config?.fetch.allow_private_addresses,
        })
    }

    /// What the last check remembered, as it wrote it; none if that is lost.
    #[must_use]
    pub fn recall(&self) -> Option<String> {
        read_aside(self.cache.as_deref()?, MEMORY)
    }

    /// Remembers something for the next check.
    ///
    /// # Errors
    /// A warning if it cannot be written: then the next check asks for everything again.
    pub fn remember(&self, text: &str) -> Result<(), Diagnostic> {
        let Some(cache) = &self.cache else {
            return Ok(());
        };
        keep_aside(cache, MEMORY, text).map_err(|why| {
            let label = load::shown(cache.strip_prefix(&self.root).unwrap_or(cache));
            let cause = why.cause();
            let message = format!("when originals were asked cannot be remembered: {cause}");
            let hint = "nothing is lost, but the next check asks all of them anew".to_owned();
            Diagnostic::warning(Code::CacheFailed, message)
                .at(Place::file(label))
                .hint(why.hint().unwrap_or(hint))
        })
    }

    /// The list of originals that are gone, as it stands.
    #[must_use]
    pub fn gone(&self) -> BTreeMap<String, GoneOriginal> {
        let text = load::read_file(&self.bounds, ORIGINALS).ok().flatten();
        gone_in(&text.unwrap_or_default())
    }

    /// Writes into the list what was found out: what is gone, and what is back (none). All other lines
    /// stay as they are, and stand first; the day of what was gone before stays, too. Nothing is written where the list
    /// says all that already.
    ///
    /// # Errors
    /// Why it could not be written.
    pub fn keep(&self, found: &BTreeMap<String, Option<GoneOriginal>>) -> Result<(), Diagnostic> {
        let text = load::read_file(&self.bounds, ORIGINALS)?;
        let known = gone_in(text.as_deref().unwrap_or_default());
        let mut gone = known.clone();
        for (url, found) in found {
            match found {
                None => drop(gone.remove(url)),
                Some(found) => {
                    let gone = gone.entry(url.clone()).or_insert(*found);
                    gone.status = found.status;
                }
            }
        }
        if gone == known {
            return Ok(());
        }
        let mut out = match &text {
            Some(text) => words_of(text),
            None => HEAD.as_bytes().to_vec(),
        };
        for (url, GoneOriginal { status, since }) in &gone {
            out.extend_from_slice(format!("{url} {status} {since}\n").as_bytes());
        }
        write::replace(&self.root, ORIGINALS, &out)
    }
}

/// What a list says.
fn gone_in(text: &[u8]) -> BTreeMap<String, GoneOriginal> {
    let lines = text.split(|byte| *byte == b'\n');
    let gone = lines.filter_map(|line| match original(line) {
        OriginalLine::Gone(url, gone) => Some((url.to_owned(), gone)),
        OriginalLine::Comment | OriginalLine::Other => None,
    });
    gone.collect()
}

/// The lines that name no original: comments, and what somebody else must look at.
fn words_of(text: &[u8]) -> Vec<u8> {
    let mut words = Vec::new();
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        if !matches!(original(line), OriginalLine::Gone(..)) {
            words.extend_from_slice(line);
            if !line.ends_with(b"\n") {
                words.push(b'\n');
            }
        }
    }
    words
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests write what is read")]
mod tests {
    use super::*;

    fn gone(status: u16, since: &str) -> Option<GoneOriginal> {
        let since = since.parse().unwrap();
        Some(GoneOriginal { status, since })
    }

    #[test]
    fn the_list_changes_in_the_lines_that_changed() {
        let root = tempfile::tempdir().unwrap();
        let originals = Originals {
            root: root.path().to_path_buf(),
            bounds: Bounds::new(root.path(), false),
            cache: None,
            allow_private_addresses: false,
        };
        let keep = |found: &[(&str, Option<GoneOriginal>)]| {
            let found = found.iter().map(|(url, gone)| ((*url).to_owned(), *gone));
            originals.keep(&found.collect()).unwrap();
            std::fs::read_to_string(root.path().join(ORIGINALS)).unwrap_or_default()
        };
        let (a, b, c) = (
            "https://a.example/",
            "https://b.example/",
            "https://c.example/",
        );
        assert_eq!(keep(&[(a, None)]), "", "no list where nothing is gone");
        let text = keep(&[(c, gone(404, "2026-11-02")), (a, gone(410, "2026-11-01"))]);
        assert_eq!(
            text,
            format!("{HEAD}{a} 410 2026-11-01\n{c} 404 2026-11-02\n")
        );

        // Words of the owner's stay, and so does the day on which it was found.
        let edited = format!("# mine\n{text}<<<<<<< HEAD");
        std::fs::write(root.path().join(ORIGINALS), edited).unwrap();
        let found = [
            (a, gone(404, "2026-12-01")),
            (b, gone(404, "2026-12-01")),
            (c, None),
        ];
        let text = format!("# mine\n{HEAD}<<<<<<< HEAD\n{a} 404 2026-11-01\n{b} 404 2026-12-01\n");
        assert_eq!(keep(&found), text);
        assert_eq!(keep(&found), text);
    }
}
