//! The fixtures, whole and damaged, as another reader sees them: each entry that feedparser finds is one
//! of ours, or we say what was lost.
//!
//! feedparser (Debian's `python3-feedparser`) forgives other things than we do, so it finds what a test of
//! our own would not think of. Where it is missing, these tests say so and pass. The mutations are the same
//! in every run.

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;

use super::{Alone, alone};
use crate::diag::Code;
use crate::model::{SafeUrl, SourceFile, Text};

/// Pieces that change how a feed is read.
const PIECES: &[&str] = &[
    "<item>",
    "</item>",
    "<entry>",
    "</entry>",
    "<title>",
    "</title>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "&",
    "&lt;",
    "<",
    ">",
    "\"",
    "'",
    "</rss>",
    "</feed>",
    "<link/>",
    "<a:item xmlns:a='x'>",
    "\u{1}",
    "{",
    "}",
    "],",
];

/// What tells the owner that entries are missing.
const LOSSES: &[Code] = &[
    Code::NotAFeed,
    Code::EntryUnreadable,
    Code::EntryTooLarge,
    Code::EntryWithheld,
    Code::FeedTruncated,
    Code::FeedEmpty,
];

/// Numbers without a clock or a system behind them (xorshift64*).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).unwrap() % limit.max(1)
    }
}

/// The fixtures, with their names.
#[expect(clippy::disallowed_methods, reason = "the fixtures are files")]
fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/feeds");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(path).unwrap())
        })
        .collect()
}

/// A fixture, damaged in one to five places.
fn mutation(fixtures: &[(String, Vec<u8>)], number: usize) -> (String, Vec<u8>) {
    let seed = u64::try_from(number).unwrap() + 1;
    let mut numbers = Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let (name, mut bytes) = fixtures[number % fixtures.len()].clone();
    for _ in 0..=numbers.below(5) {
        let at = numbers.below(bytes.len());
        let end = (at + numbers.below(30)).min(bytes.len());
        match numbers.below(5) {
            0 if at < bytes.len() => bytes[at] = u8::try_from(numbers.below(256)).unwrap(),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let again = bytes[at..end].to_vec();
                let place = numbers.below(bytes.len());
                bytes.splice(place..place, again);
            }
            3 if numbers.below(4) == 0 => bytes.truncate(at),
            _ => {
                let piece = PIECES[numbers.below(PIECES.len())];
                let of_atom = memchr::memmem::find(&bytes, b"<entry").is_some();
                // feedparser takes the entries of one format in another for entries.
                let piece = match piece {
                    "<item>" if of_atom => "<entry>",
                    "<entry>" if !of_atom => "<item>",
                    piece => piece,
                };
                bytes.splice(at..at, piece.bytes());
            }
        }
    }
    (format!("{number:05}-{name}"), bytes)
}

/// What feedparser finds in each file: id, link and title of each entry. None where it is missing.
#[expect(clippy::disallowed_methods, reason = "feedparser reads files")]
fn found(files: &[(String, Vec<u8>)]) -> Option<Vec<(String, Vec<[String; 3]>)>> {
    let python = "/usr/bin/python3";
    let probe = Command::new(python)
        .args(["-c", "import feedparser"])
        .output();
    if !probe.is_ok_and(|probe| probe.status.success()) {
        println!("skipped: feedparser is not here; it is Debian's python3-feedparser");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/feedparser/entries.py");
    let run = Command::new(python)
        .arg(script)
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(run.status.success(), "{run:?}");
    let lines = String::from_utf8(run.stdout).unwrap();
    Some(
        lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect(),
    )
}

/// The letters and digits of a text: what two readers agree on.
fn letters(text: &str) -> String {
    let mut plain = String::new();
    super::plain::decode(text, &mut plain);
    plain.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Entries of feedparser that are none of ours, where we say nothing about a loss.
fn lost_in_silence(ours: &Alone, theirs: &[[String; 3]]) -> Vec<[String; 3]> {
    let told = ours.diagnostics.iter().any(|told| {
        let none_found = told.code == Code::FeedMalformed && told.message.contains("no entry");
        none_found || LOSSES.contains(&told.code)
    });
    if told {
        return Vec::new();
    }
    let sightings = ours
        .snapshot
        .iter()
        .flat_map(|snapshot| &snapshot.sightings);
    let mut ours: Vec<(HashSet<String>, bool)> = sightings
        .map(|one| {
            let title = one.title.as_ref().map(Text::as_str);
            let link = one.link.as_ref().map(SafeUrl::as_str);
            let parts = [title, link, one.guid.as_deref()];
            let parts = parts.into_iter().flatten().map(letters);
            (parts.collect(), false)
        })
        .collect();
    let mut lost = Vec::new();
    for entry in theirs {
        let parts = entry.iter().map(|part| letters(part));
        let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
        let mut found = parts.is_empty();
        for (known, claimed) in &mut ours {
            if parts.iter().any(|part| known.contains(part)) {
                (*claimed, found) = (true, true);
            }
        }
        if !found {
            lost.push(entry.clone());
        }
    }
    // One that both found and read differently is not lost.
    let unclaimed = ours.iter().filter(|(_, claimed)| !claimed).count();
    lost.truncate(lost.len().saturating_sub(unclaimed));
    lost
}

fn check(files: &[(String, Vec<u8>)]) {
    let Some(found) = found(files) else {
        return;
    };
    let (mut entries, mut faults) = (0, Vec::new());
    for (name, theirs) in found {
        let (_, bytes) = files.iter().find(|(known, _)| *known == name).unwrap();
        let file = SourceFile {
            path: name.clone().into(),
            bytes: bytes.clone(),
        };
        entries += theirs.len();
        let lost = lost_in_silence(&alone(&file), &theirs);
        if !lost.is_empty() {
            let text = String::from_utf8_lossy(bytes).into_owned();
            faults.push(format!("{name}: {lost:?}\n{text}\n"));
        }
    }
    assert!(
        faults.is_empty(),
        "{} files:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert!(entries > files.len(), "{entries} entries");
}

#[test]
fn no_entry_of_the_fixtures_is_lost_in_silence() {
    let fixtures = fixtures();
    let damaged = (0..100).map(|number| mutation(&fixtures, number));
    let files: Vec<_> = fixtures.iter().cloned().chain(damaged).collect();
    check(&files);
}

#[test]
#[ignore = "long: 2,000 damaged feeds"]
fn no_entry_of_2000_damaged_feeds_is_lost_in_silence() {
    let fixtures = fixtures();
    let files: Vec<_> = (0..2_000)
        .map(|number| mutation(&fixtures, number))
        .collect();
    check(&files);
}
