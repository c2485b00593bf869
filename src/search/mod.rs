//! Search: from the entries of one year to the files of that year's index, by Pagefind.
//!
//! 1. [`year`] says what a year is made of, without reading a text: a year that is the same stays.
//! 2. [`index()`] makes a [`Record`] of each entry ([`record`], [`text`]): what can be found, and what
//!    a result shows. It hands them to Pagefind and takes back its files.
//! 3. [`core()`] gives what all years share: the script and the WebAssembly that read an index.
//!
//! An archive has one index for each year, so that a finished year never changes, memory holds one
//! year at a time, and a reader fetches the years that they ask. All are in one language: stemming
//! is a property of the WebAssembly that reads an index, and that is one.
//!
//! Invariants: files depend on the entries and on Pagefind's version alone, not on threads or on
//! the order of years, so a year with the same [`Year::key`] has the same files; nothing is in a
//! record that is not on a page of the site.

mod index;
mod record;
mod text;

use std::sync::Arc;

use rayon::prelude::*;

use crate::model::{Archive, Bodies, Hash, OutPath, Parts, SafeBody};
use crate::plan::{EntryKey, EntryView, SearchYear};
use record::Record;

pub(crate) use index::{core, index};

/// Counts up when the files of an index change though records and Pagefind's version do not.
const FORMAT: &str = "gleaner 3, pagefind 1.6.0";

/// What search reads.
pub(crate) struct Input<'a> {
    /// The entries.
    pub(crate) archive: &'a Archive<SafeBody>,
    /// The same as templates see them.
    pub(crate) entries: &'a [Arc<EntryView>],
    /// Their keys.
    pub(crate) keys: &'a [EntryKey],
    /// Their texts.
    pub(crate) bodies: &'a Bodies,
    /// The language of the site, which all records are stemmed in (BCP 47).
    pub(crate) language: &'a str,
    /// Whether all of each text is searched, or only its beginning.
    pub(crate) whole_text: bool,
}

/// A year, of which no text was read yet.
pub(crate) struct Year<'a> {
    /// Where its files stand.
    pub(crate) folder: OutPath,
    /// A hash of all that the files are made of: equal keys, equal files.
    pub(crate) key: Hash,
    input: &'a Input<'a>,
    entries: &'a [usize],
}

impl Year<'_> {
    fn language(&self) -> String {
        primary_language(self.input.language)
    }

    /// What is indexed.
    fn records(&self) -> Vec<Record> {
        let input = self.input;
        let record = |index: &usize| {
            let entry = input.archive.entries.get(*index)?;
            let view = input.entries.get(*index)?;
            Some(Record::new(entry, view, input.bodies, input.whole_text))
        };
        self.entries.par_iter().filter_map(record).collect()
    }
}

/// A file of an index.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct File {
    /// Its place in the output.
    pub(crate) path: OutPath,
    /// What is in it.
    pub(crate) bytes: Vec<u8>,
}

/// One year. Its key is made of handles, so that the texts of a year that stays are never read.
pub(crate) fn year<'a>(input: &'a Input<'a>, planned: &'a SearchYear) -> Year<'a> {
    let mut parts = Parts::default();
    parts.add(&(FORMAT, primary_language(input.language), input.whole_text));
    for index in &planned.entries {
        let entry = input.archive.entries.get(*index);
        // All else that a record is made of is in the view.
        let body = entry.and_then(|entry| entry.body.as_ref());
        let body = body.map(|body| body.html);
        let date = entry.and_then(|entry| entry.date);
        let view = input.keys.get(*index).map(|key| key.view);
        parts.add(&(view, date, body));
    }
    Year {
        folder: planned.folder.clone(),
        key: parts.hash(),
        input,
        entries: &planned.entries,
    }
}

/// The key of the files that all years share.
pub(crate) fn core_key(language: &str) -> Hash {
    Hash::of_parts([FORMAT.as_bytes(), primary_language(language).as_bytes()])
}

/// The language that Pagefind stems in: `de` for `de-CH`. Where it has no stemmer for it, words are
/// found by their beginning.
fn primary_language(tag: &str) -> String {
    let primary = tag.split('-').next().unwrap_or_default();
    primary.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::config::{self, Overrides};
    use crate::model::{Entry, FeedName, RawBody, Role, Share, Text};
    use crate::plan::{Beside, Remembered, plan};
    use crate::sanitize::sanitize_alone;

    /// An entry with a comment.
    fn entry(number: i64, html: &str, bodies: &Bodies) -> Entry<RawBody> {
        let raw = |html: &str, role| RawBody {
            html: bodies.store_raw(html),
            base: None,
            role,
        };
        let title = format!("Entry {number}");
        let date = Timestamp::from_second(1_700_000_000 + number * 1_000).ok();
        Entry {
            title: Text::new(&title),
            date,
            body: Some(raw(html, Role::Text)),
            shares: vec![Share {
                feed: FeedName::new("shares"),
                sharer: Text::new("ada"),
                permalink: None,
                date,
                comment: Some(raw("<p>My words</p>", Role::Aside)),
            }],
            ..Entry::bare(&title, &format!("2023/{number}"))
        }
    }

    /// Asks something of the year of entries with these texts.
    fn of_year<T>(texts: &[&str], language: &str, ask: impl FnOnce(&Year) -> T) -> T {
        let site = "[site]\ntitle = 'T'\nbase_url = 'https://e.org/'";
        let config = config::read("site.toml", site, &Overrides::default())
            .0
            .unwrap();
        let bodies = Bodies::default();
        let entries = (0..).zip(texts);
        let entries = entries.map(|(number, html)| entry(number, html, &bodies).into());
        let entries = entries.collect();
        let archive = Archive {
            entries,
            coverage: Vec::new(),
        };
        let (archive, _) = sanitize_alone(archive, &bodies, &config);
        let beside = Beside {
            own: Vec::new(),
            statics: Vec::new(),
            assets: vec!["search.js".to_owned()],
            originals: Default::default(),
        };
        let plan = plan(&archive, &beside, &config, &Remembered::default()).0;
        let input = Input {
            archive: &archive,
            entries: &plan.entries,
            keys: &plan.keys,
            bodies: &bodies,
            language,
            whole_text: false,
        };
        let none = SearchYear {
            folder: OutPath::new("pagefind/2023").unwrap(),
            entries: Vec::new(),
        };
        let planned = plan.search.unwrap().years;
        ask(&year(&input, planned.first().unwrap_or(&none)))
    }

    fn key(texts: &[&str], language: &str) -> Hash {
        of_year(texts, language, |year| year.key)
    }

    fn core_folder() -> OutPath {
        OutPath::new("pagefind/core").unwrap()
    }

    fn files(texts: &[&str]) -> Vec<File> {
        of_year(texts, "en", |year| index(year, &core_folder()).unwrap())
    }

    #[test]
    fn equal_records_have_equal_keys_and_files_whatever_the_threads() {
        let texts: Vec<String> = (0..60)
            .map(|n| {
                format!(
                    "<p>Some words, number {n}, naïve and Über, word{}</p>",
                    n % 7
                )
            })
            .collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let of_threads = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            pool.unwrap().install(|| files(&texts))
        };
        assert_eq!(of_threads(1), of_threads(4));
        assert_eq!(key(&texts, "en"), key(&texts, "en-GB"));
        assert_ne!(key(&texts, "en"), key(&texts, "de"));
        assert_ne!(key(&texts, "en"), key(&texts[1..], "en"));
    }

    #[test]
    fn a_key_is_made_of_handles_and_files_of_what_is_searched() {
        let start = "word ".repeat(200);
        let long = |end: &str| format!("<p>{start}{end}</p>");
        let (one, other) = (long("one"), long("another"));
        assert_ne!(key(&[&one], "en"), key(&[&other], "en"));
        assert_eq!(files(&[&one]), files(&[&other]));
        assert_ne!(files(&[&one]), files(&["<p>word</p>"]));
    }

    #[test]
    fn entries_without_words_have_a_record_all_the_same() {
        let fragments = |texts: &[&str]| {
            let files = files(texts);
            let is_fragment = |file: &&File| file.path.as_str().ends_with(".pf_fragment");
            files.iter().filter(is_fragment).count()
        };
        assert_eq!(fragments(&["", "<p>…</p>", "<hr>"]), 3);
        assert_eq!(fragments(&[]), 0);
    }

    #[test]
    fn what_reads_an_index_stands_once() {
        let names = |language: &str| -> Vec<String> {
            let files = core(language, &core_folder()).unwrap();
            files.iter().map(|file| file.path.to_string()).collect()
        };
        assert_eq!(
            names("de-CH"),
            [
                "pagefind/core/pagefind.js",
                "pagefind/core/wasm.de.pagefind"
            ]
        );
        // No stemmer: words are found by their beginning.
        assert_eq!(
            names("zh-Hant"),
            [
                "pagefind/core/pagefind.js",
                "pagefind/core/wasm.unknown.pagefind"
            ]
        );
        for language in ["en", "zh"] {
            let year = of_year(&["<p>x</p>"], language, |year| {
                index(year, &core_folder()).unwrap()
            });
            let entry = year
                .iter()
                .find(|file| file.path.as_str().ends_with("pagefind-entry.json"));
            let entry: serde_json::Value = serde_json::from_slice(&entry.unwrap().bytes).unwrap();
            let wasm = entry["languages"][language]["wasm"].as_str().unwrap();
            let site = url::Url::parse("https://e.org/a/pagefind/2023/").unwrap();
            let file = site.join(&format!("wasm.{wasm}.pagefind")).unwrap();
            let file = file.path().strip_prefix("/a/").unwrap();
            assert!(names(language).iter().any(|name| name == file), "{file}");
            assert!(!year.iter().any(|file| file.path.as_str().ends_with(".js")));
        }
    }

    #[test]
    fn the_script_gives_away_what_the_page_needs() {
        let files = core("en", &core_folder()).unwrap();
        let script = std::str::from_utf8(&files[0].bytes).unwrap();
        for needed in ["var PagefindWrapper=class", "async enterPlaygroundMode("] {
            assert!(script.contains(needed), "{needed}");
        }
        assert!(script.ends_with("export { PagefindWrapper };\n"));
    }
}
