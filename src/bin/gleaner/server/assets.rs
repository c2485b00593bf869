//! Which style sheets, scripts, images and fonts changed, of those that a browser has asked for.
//!
//! A tab cannot know what became of them: the bytes of its page stay as they are. So the server
//! remembers what it gave away, and after which edition that was no longer true; a tab says which
//! edition its page is of, and is told what came later. Too much told costs a request, too little
//! leaves an old picture: in doubt, a file counts as changed.

use std::collections::BTreeMap;

use gleaner::pipeline::{Change, Edition};

/// The folder of the search index: it is made of the entries, a year takes seconds, and no page
/// shows it.
const INDEX: &str = "pagefind/";

/// What was given away.
#[derive(Debug, Default)]
pub(super) struct Assets {
    latest: u64,
    hashes: BTreeMap<String, String>,
    changed: BTreeMap<String, u64>,
}

impl Assets {
    /// Notes that a browser was given this file of this edition.
    pub(super) fn note(&mut self, path: &str, hash: &str, number: u64) {
        if path.starts_with(INDEX) {
            return;
        }
        let known = self
            .hashes
            .entry(path.to_owned())
            .or_insert_with(|| hash.to_owned());
        if number < self.latest || *known != hash {
            // It was made while the next edition came: the browser may hold what is no longer true.
            self.changed
                .insert(path.to_owned(), number.max(self.latest));
        }
        if number >= self.latest {
            hash.clone_into(known);
        }
    }

    /// Looks at all that was given away, if it may have changed.
    pub(super) fn follow(&mut self, edition: &Edition, changed: &[Change]) {
        let number = edition.number();
        if changed.iter().any(|change| may_be_asset(&change.file)) {
            for (path, hash) in &mut self.hashes {
                let now = edition
                    .file(path)
                    .map(|served| served.hash)
                    .unwrap_or_default();
                if now != *hash {
                    *hash = now;
                    self.changed.insert(path.clone(), number);
                }
            }
        }
        self.latest = number;
    }

    /// The files that are others than in this edition.
    pub(super) fn since(&self, number: u64) -> Vec<String> {
        let later = self
            .changed
            .iter()
            .filter(|(_, changed)| **changed > number);
        later.map(|(path, _)| path.clone()).collect()
    }
}

/// Whether a change of this file of the site can change an asset: entries, notes and pages cannot,
/// themes, static files and settings can.
fn may_be_asset(file: &str) -> bool {
    !file.starts_with("content/") || file.starts_with("content/static/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_given_away_late_counts_as_changed() {
        let mut assets = Assets::default();
        assets.note("a.css", "1", 1);
        assert!(assets.since(0).is_empty());
        assets.latest = 2;
        assets.note("a.css", "1", 1);
        assert_eq!(assets.since(1), ["a.css"]);
        assert!(assets.since(2).is_empty());
        assets.note("a.css", "2", 3);
        assert_eq!(assets.since(2), ["a.css"]);
        assets.note("pagefind/core/pagefind.js", "1", 1);
        assert_eq!(assets.since(0), ["a.css"]);
    }

    #[test]
    fn entries_are_no_assets() {
        for (file, expected) in [
            ("site.toml", true),
            ("themes/mine/static/a.css", true),
            ("content/static/a.png", true),
            ("content/snapshots/blog/a.xml", false),
            ("content/notes/a.md", false),
        ] {
            assert_eq!(may_be_asset(file), expected, "{file}");
        }
    }
}
