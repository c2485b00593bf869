//! Search: from the entries of one year to the files of that year's index, by Pagefind.
//!
//! 1. [`year`] makes a [`Record`] of each entry ([`record`], [`text`]): what can be found, and what
//!    a result shows.
//! 2. [`index()`] hands them to Pagefind and takes back its files.
//! 3. [`core()`] gives what all years share: the script and the WebAssembly that read an index.
//!
//! An archive has one index for each year, so that a finished year never changes, memory holds one
//! year at a time, and a reader fetches the years that they ask. All are in one language: stemming
//! is a property of the WebAssembly that reads an index, and that is one.
//!
//! Invariants: files depend on the records and on Pagefind's version alone, not on threads or on
//! the order of years, so a year with the same [`Year::key`] has the same files; nothing is in a
//! record that is not on a page of the site.

mod index;
mod record;
mod text;

use crate::model::{Archive, Bodies, Hash, OutPath, SafeBody};
use crate::plan::{EntryView, SearchYear};
use record::Record;

pub(crate) use index::{core, index};

/// Counts up when the files of an index change though records and Pagefind's version do not.
const FORMAT: &str = "gleaner 2, pagefind 1.6.0";

/// What search reads.
pub(crate) struct Input<'a> {
    /// The entries.
    pub(crate) archive: &'a Archive<SafeBody>,
    /// The same as templates see them.
    pub(crate) entries: &'a [EntryView],
    /// Their texts.
    pub(crate) bodies: &'a Bodies,
    /// The language of the site, which all records are stemmed in (BCP 47).
    pub(crate) language: &'a str,
    /// Whether all of each text is searched, or only its beginning.
    pub(crate) whole_text: bool,
}

/// The records of one year, ready to be indexed.
#[derive(Debug)]
pub(crate) struct Year {
    /// Where its files stand.
    pub(crate) folder: OutPath,
    /// A hash of all that the files are made of: equal keys, equal files.
    pub(crate) key: Hash,
    language: String,
    records: Vec<Record>,
}

/// A file of an index.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct File {
    /// Its place in the output.
    pub(crate) path: OutPath,
    /// What is in it.
    pub(crate) bytes: Vec<u8>,
}

/// The records of one year.
pub(crate) fn year(input: &Input, planned: &SearchYear) -> Year {
    let records: Vec<Record> = planned
        .entries
        .iter()
        .filter_map(|index| {
            let entry = input.archive.entries.get(*index)?;
            let view = input.entries.get(*index)?;
            Some(Record::new(entry, view, input.bodies, input.whole_text))
        })
        .collect();
    let language = primary_language(input.language);
    let head = [FORMAT.as_bytes(), language.as_bytes()];
    let parts = records.iter().flat_map(Record::parts);
    Year {
        folder: planned.folder.clone(),
        key: Hash::of_parts(head.into_iter().chain(parts)),
        language,
        records,
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
    use crate::sanitize::{Policy, sanitize_alone};

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

    /// The year of entries with these texts.
    fn year_of(texts: &[&str], language: &str) -> Year {
        let site = "[site]\ntitle = 'T'\nbase_url = 'https://e.org/'";
        let config = config::read("site.toml", site, &Overrides::default())
            .0
            .unwrap();
        let bodies = Bodies::default();
        let entries = (0..).zip(texts);
        let entries = entries.map(|(number, html)| entry(number, html, &bodies));
        let entries = entries.collect();
        let policy = Policy::new(&config.content);
        let (archive, _) = sanitize_alone(Archive { entries }, &bodies, &policy, &config);
        let beside = Beside {
            own: Vec::new(),
            statics: Vec::new(),
            assets: vec!["search.js".to_owned()],
        };
        let plan = plan(&archive, &beside, &config, &Remembered::default()).0;
        let input = Input {
            archive: &archive,
            entries: &plan.entries,
            bodies: &bodies,
            language,
            whole_text: false,
        };
        let none = SearchYear {
            folder: OutPath::new("pagefind/2023").unwrap(),
            entries: Vec::new(),
        };
        let planned = plan.search.unwrap().years;
        year(&input, planned.first().unwrap_or(&none))
    }

    fn core_folder() -> OutPath {
        OutPath::new("pagefind/core").unwrap()
    }

    fn files(texts: &[&str]) -> Vec<File> {
        index(&year_of(texts, "en"), &core_folder()).unwrap()
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
        assert_eq!(year_of(&texts, "en").key, year_of(&texts, "en-GB").key);
        assert_ne!(year_of(&texts, "en").key, year_of(&texts, "de").key);
        assert_ne!(year_of(&texts, "en").key, year_of(&texts[1..], "en").key);
    }

    #[test]
    fn words_beyond_what_is_searched_do_not_change_a_year() {
        let start = "word ".repeat(200);
        let long = |end: &str| year_of(&[&format!("<p>{start}{end}</p>")], "en").key;
        assert_eq!(long("one"), long("another"));
        assert_ne!(long("one"), year_of(&["<p>word</p>"], "en").key);
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
            let year = index(&year_of(&["<p>x</p>"], language), &core_folder()).unwrap();
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
