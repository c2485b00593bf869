//! How much the output weighs: from the list of its files to what hosts have limits for.
//!
//! The sizes are those of the list that a build keeps anyway; nothing is looked at on the disk. What
//! a file is, is told by its path alone, so that a build with nothing to do can say it, too.

use crate::diag::{Code, Diagnostic, Place};
use crate::model::{Made, OutPath};

/// Bytes of a site from which its owner is warned: GitHub Pages publishes up to 1 GB, and what is
/// gathered day by day should be dealt with before that day.
const SITE: u64 = 800_000_000;
/// Bytes of one file from which its owner is warned: what git hosts take no more of.
const FILE: u64 = 100_000_000;
/// How many large files are named, each by a warning, and how many files a [`Weight`] names.
const NAMED: usize = 5;

/// What the files of a site weigh.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Weight {
    /// How many files there are.
    pub files: usize,
    /// Bytes in all of them.
    pub bytes: u64,
    /// The same by kind, the heaviest first; kinds without files are left out.
    pub kinds: Vec<KindWeight>,
    /// The heaviest files with their bytes, the heaviest first.
    pub largest: Vec<(String, u64)>,
}

/// What the files of one kind weigh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindWeight {
    /// What they are, as people are told.
    pub kind: &'static str,
    /// How many there are.
    pub files: usize,
    /// Bytes in all of them.
    pub bytes: u64,
}

/// Kinds of files, told apart by their paths; the last is for all others.
const KINDS: [&str; 5] = ["pages", "search", "feeds", "theme", "other files"];

fn kind(path: &str) -> usize {
    let ends = |ending: &str| path.ends_with(ending);
    if path == super::owned::LIST {
        4
    } else if path.starts_with("pagefind/") {
        1
    } else if path.starts_with("assets/") {
        3
    } else if ends(".html") {
        0
    } else if ends(".xml") || ends(".json") || ends(".opml") {
        2
    } else {
        4
    }
}

/// Weighs the files of an output.
pub(crate) fn weigh(files: &[(OutPath, Made)]) -> Weight {
    weigh_sizes(files.iter().map(|(path, made)| (path, made.stat.size)))
}

fn weigh_sizes<'a>(files: impl Iterator<Item = (&'a OutPath, u64)>) -> Weight {
    let mut weight = Weight::default();
    let mut kinds = KINDS.map(|kind| KindWeight {
        kind,
        files: 0,
        bytes: 0,
    });
    // Few enough that each is put in its place.
    let mut largest: Vec<(&OutPath, u64)> = Vec::with_capacity(NAMED + 1);
    for (path, bytes) in files {
        weight.files += 1;
        weight.bytes += bytes;
        let kind = &mut kinds[kind(path.as_str())];
        kind.files += 1;
        kind.bytes += bytes;
        let at = largest.partition_point(|(_, other)| *other >= bytes);
        if at < NAMED {
            largest.insert(at, (path, bytes));
            largest.truncate(NAMED);
        }
    }
    weight.kinds = kinds.into_iter().filter(|kind| kind.files > 0).collect();
    weight
        .kinds
        .sort_by_key(|kind| std::cmp::Reverse(kind.bytes));
    let named = largest.into_iter();
    weight.largest = named
        .map(|(path, bytes)| (path.to_string(), bytes))
        .collect();
    weight
}

impl Weight {
    /// What hosts may not take; `label` is how diagnostics name the output folder.
    pub(super) fn told(&self, label: &str) -> Vec<Diagnostic> {
        let large = |(_, bytes): &&(String, u64)| *bytes > FILE;
        let mut told: Vec<Diagnostic> = self
            .largest
            .iter()
            .filter(large)
            .map(|(path, bytes)| {
                let message = format!("a large file: {}", megabytes(*bytes));
                Diagnostic::warning(Code::SiteFileLarge, message)
                    .at(Place::file(format!("{label}/{path}")))
                    .hint("keep it elsewhere and link to it: many hosts take no file above 100 MB")
            })
            .collect();
        if self.bytes >= SITE {
            let message = format!(
                "the site is large: {}; most of it is {}",
                megabytes(self.bytes),
                self.heaviest()
            );
            let warning = Diagnostic::warning(Code::SiteLarge, message)
                .at(Place::file(label))
                .hint("GitHub Pages publishes up to 1,000 MB; `[site] text = \"excerpt\"` and `[search] text` make a site smaller");
            told.push(warning);
        }
        told
    }

    /// `pages (640 MB in 21000 files), then search (120 MB in 900 files)`.
    fn heaviest(&self) -> String {
        let kinds = self.kinds.iter().take(2).map(|kind| {
            let (name, bytes) = (kind.kind, megabytes(kind.bytes));
            format!("{name} ({bytes} in {} files)", kind.files)
        });
        kinds.collect::<Vec<_>>().join(", then ")
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes / 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MB: u64 = 1_000_000;

    fn weight(files: &[(&str, u64)]) -> Weight {
        let files: Vec<_> = files
            .iter()
            .map(|(path, bytes)| (OutPath::new(path).unwrap(), *bytes))
            .collect();
        weigh_sizes(files.iter().map(|(path, bytes)| (path, *bytes)))
    }

    fn messages(weight: &Weight) -> Vec<String> {
        let told = weight.told("public").into_iter();
        told.map(|one| {
            let file = one.place.map(|place| place.file).unwrap_or_default();
            format!("{file}: {}: {}", one.code.as_str(), one.message)
        })
        .collect()
    }

    #[test]
    fn the_heaviest_kind_and_files_come_first() {
        let weight = weight(&[
            ("2026/a.html", 30),
            ("index.html", 20),
            ("feed.xml", 5),
            ("pagefind/2026/x.html", 90),
            ("assets/style.css", 1),
            ("photo.jpg", 70),
        ]);
        assert_eq!((weight.files, weight.bytes), (6, 216));
        let kinds: Vec<_> = weight.kinds.iter().map(|it| (it.kind, it.bytes)).collect();
        let expected = [
            ("search", 90),
            ("other files", 70),
            ("pages", 50),
            ("feeds", 5),
            ("theme", 1),
        ];
        assert_eq!(kinds, expected);
        let largest: Vec<_> = weight.largest.iter().map(|(path, _)| &**path).collect();
        assert_eq!(largest[..2], ["pagefind/2026/x.html", "photo.jpg"]);
        assert_eq!(largest.len(), NAMED);
    }

    #[test]
    fn from_800_mb_on_the_owner_is_warned_and_told_what_weighs_most() {
        let mut files = vec![
            ("a.html", 99 * MB),
            ("b.html", 99 * MB),
            ("pagefind/x", 99 * MB),
            ("c.jpg", 99 * MB),
            ("d.jpg", 99 * MB),
            ("e.jpg", 99 * MB),
            ("f.jpg", 99 * MB),
            ("g.jpg", 99 * MB),
        ];
        assert_eq!(messages(&weight(&files)), [""; 0]);
        files.push(("h.jpg", 8 * MB));
        assert_eq!(
            messages(&weight(&files)),
            [
                "public: site-large: the site is large: 800 MB; most of it is other files (503 MB \
              in 6 files), then pages (198 MB in 2 files)"
            ]
        );
    }

    #[test]
    fn a_file_above_100_mb_is_named() {
        let files = [("a.zip", 100 * MB), ("b/c.mp4", 100 * MB + 1)];
        assert_eq!(
            messages(&weight(&files)),
            ["public/b/c.mp4: site-file-large: a large file: 100 MB"]
        );
    }

    #[test]
    fn an_empty_site_weighs_nothing() {
        assert_eq!(weight(&[]), Weight::default());
        assert_eq!(messages(&Weight::default()), [""; 0]);
    }
}
