//! How large the repository becomes: a snapshot a day, for a year or for ten.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use super::runner::git;

/// Entries that the feed carries at a time.
const ENTRIES: usize = 25;
/// Words of an entry.
const WORDS: usize = 500;

/// Numbers that look like chance, and are the same each time.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A word: rare ones are longer, as in any language.
    fn word(&mut self) -> String {
        let rank = (self.next() % 100) * (self.next() % 100);
        let mut seed = Chance(rank * 7_919 + 1);
        let length = 2 + rank / 1_500;
        let syllable = |_| {
            ["ka", "lo", "mi", "ne", "ru", "sa", "ti", "vo", "en", "st"]
                [(seed.next() % 10) as usize]
        };
        (0..length).map(syllable).collect()
    }
}

/// An entry of the feed.
fn entry(number: usize) -> String {
    let mut chance = Chance(number as u64 * 2_654_435_761 + 88_172_645_463_325_252);
    let words: Vec<String> = (0..WORDS).map(|_| chance.word()).collect();
    format!(
        "<entry><id>urn:{number}</id><title>{}</title><link href='https://o.example/{number}'/>\
         <content type='html'>&lt;p>{}&lt;/p></content></entry>\n",
        words[..6].join(" "),
        words.join(" ")
    )
}

/// A day's snapshot: one new entry a day.
fn snapshot(day: usize, entries: &[String]) -> String {
    let mut feed = format!(
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>Blog</title><updated>{day}</updated>\n"
    );
    for entry in entries[day..day + ENTRIES].iter().rev() {
        feed.push_str(entry);
    }
    feed + "</feed>\n"
}

/// Commits a snapshot a day, packs, and tells how much there is: of one year, or of as many as `YEARS`
/// says.
#[test]
fn a_repository_grows_slowly() {
    let years: usize = std::env::var("YEARS").map_or(1, |years| years.parse().unwrap());
    let days = 365 * years;
    let entries: Vec<String> = (0..days + ENTRIES).map(entry).collect();
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "--quiet", "--initial-branch=main"]);
    let mut import = Command::new("git")
        .args(["fast-import", "--quiet"])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = import.stdin.take().unwrap();
    let (mut all, mut one) = (0, 0);
    for day in 0..days {
        let feed = snapshot(day, &entries);
        (all, one) = (all + feed.len(), feed.len());
        let mut commit = String::new();
        let time = 1_800_000_000 + day * 86_400;
        write!(
            commit,
            "commit refs/heads/main\ncommitter Me <me@me.example> {time} +0000\n"
        )
        .unwrap();
        write!(
            commit,
            "data 14\nNew snapshots\n\nM 100644 inline content/snapshots/blog/{day:05}.xml\n"
        )
        .unwrap();
        write!(commit, "data {}\n{feed}\n", feed.len()).unwrap();
        input.write_all(commit.as_bytes()).unwrap();
    }
    drop(input);
    assert!(import.wait().unwrap().success());
    git(folder.path(), &["gc", "--quiet"]);
    let packs = folder.path().join(".git/objects/pack");
    let files = std::fs::read_dir(packs).unwrap().map(|file| file.unwrap());
    let packed: u64 = files.map(|file| file.metadata().unwrap().len()).sum();
    let megabytes = |bytes: f64| bytes / 1e6;
    let ten = megabytes(packed as f64) * 10.0 / years as f64;
    eprintln!(
        "{days} daily snapshots of {:.0} kB, {ENTRIES} entries in each, one new a day: {:.0} MB of files; \
         the repository is {:.1} MB after `git gc`, so {ten:.0} MB after ten years",
        one as f64 / 1e3,
        megabytes(all as f64),
        megabytes(packed as f64),
    );
}
