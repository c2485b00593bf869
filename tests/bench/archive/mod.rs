//! A generator of archives: the same numbers in, the same bytes out, on every machine.
//!
//! It writes three feeds, half of the entries as NewsBlur's Atom, most others as RSS, a few as JSON
//! Feed, each as many overlapping snapshots as its windows need. Some entries are edited between
//! two snapshots. Tags and sources follow Zipf's law, over vocabularies that grow with the archive;
//! bodies have a long tail of lengths, code with the classes of highlighters, and now and then
//! markup that is broken or hostile.
//!
//! Every entry is a function of its feed and number alone: snapshots are made in parallel, and of
//! an archive no more than some windows is in memory. (The peak of what is measured later could
//! otherwise be the generator's: a process inherits it from the one that started it.)

mod body;
mod chance;
mod dialects;
mod entry;
mod words;

use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

pub(crate) use dialects::time;
use dialects::{Dialect, atom, json, rss, shared_link};
pub(crate) use entry::Entry;

/// How many entries a feed carries at a time.
const WINDOW: usize = 25;
/// How many entries are new from one snapshot to the next: the windows overlap by 40 %.
const STEP: usize = 15;
/// How many snapshots are made by one thread, one after the other.
const STRETCH: usize = 16;
/// One entry of so many stands in the JSON Feed.
const IN_JSON: usize = 50;

/// The least that a site says of itself.
const SETTINGS: &str = "[site]\ntitle = \"Generated\"\nbase_url = \"https://example.org/\"\n";

/// What to generate.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    /// Distinct entries, over all feeds.
    pub(crate) entries: usize,
    /// Mean length of a body, in bytes.
    pub(crate) body: usize,
    /// Over how many years the entries are spread; none means as many as they take.
    pub(crate) years: Option<i64>,
    /// How many words their language has, the k-th about k times rarer than the first; 0 means a
    /// few that are equally frequent.
    pub(crate) vocabulary: u32,
}

struct Feed {
    name: &'static str,
    extension: &'static str,
    /// What tells its chances from those of other feeds.
    stream: u64,
    entries: usize,
    dialect: Dialect,
}

fn feeds(size: &Size) -> [Feed; 3] {
    let [blurblog, links] = [size.entries / 2, size.entries / IN_JSON];
    let feed = |name, extension, stream, entries, dialect| Feed {
        name,
        extension,
        stream,
        entries,
        dialect,
    };
    let posts = size.entries - blurblog - links;
    [
        feed("blurblog", "xml", 2, blurblog, atom as Dialect),
        feed("posts", "xml", 3, posts, rss),
        feed("links", "json", 5, links, json),
    ]
}

/// Writes a site of this size into a folder.
pub(crate) fn generate(root: &Path, size: &Size) -> io::Result<()> {
    fs::create_dir_all(root)?;
    fs::write(root.join("site.toml"), SETTINGS)?;
    for feed in &feeds(size) {
        fs::create_dir_all(folder(root, feed))?;
        let snapshots = feed.entries.div_ceil(STEP);
        let stretches: Vec<_> = (0..snapshots).step_by(STRETCH).collect();
        stretches.into_par_iter().try_for_each(|first| {
            let stretch = first..(first + STRETCH).min(snapshots);
            write_stretch(root, feed, stretch, size)
        })?;
    }
    Ok(())
}

/// Writes one more snapshot of the blurblog, in which the `more`-th entry after all others is new.
pub(crate) fn add_newest(root: &Path, size: &Size, more: usize) -> io::Result<PathBuf> {
    let [feed, ..] = &feeds(size);
    let last = feed.entries.div_ceil(STEP).saturating_sub(1);
    let end = feed.entries + more;
    let window = (end.saturating_sub(WINDOW)..end).map(|number| seen(feed, number, last, size));
    write(root, feed, &window.collect::<Vec<_>>())
}

/// The link of an entry in the middle of the blurblog.
pub(crate) fn some_link(size: &Size) -> String {
    let [feed, ..] = &feeds(size);
    shared_link(&seen(feed, feed.entries / 2, 0, size))
}

/// Every entry with its edit, if it has one, and the name of its feed.
pub(crate) fn each(
    size: &Size,
    with: impl Fn(&str, &Entry) -> io::Result<()> + Sync,
) -> io::Result<()> {
    for feed in &feeds(size) {
        let last = feed.entries.div_ceil(STEP);
        (0..feed.entries)
            .into_par_iter()
            .try_for_each(|number| with(feed.name, &seen(feed, number, last, size)))?;
    }
    Ok(())
}

fn folder(root: &Path, feed: &Feed) -> PathBuf {
    root.join("content/snapshots").join(feed.name)
}

/// Writes snapshots that follow each other: what stands in two of them is made once.
fn write_stretch(root: &Path, feed: &Feed, stretch: Range<usize>, size: &Size) -> io::Result<()> {
    let mut window: Vec<Entry> = Vec::new();
    for snapshot in stretch {
        let end = ((snapshot + 1) * STEP).min(feed.entries);
        let begin = end.saturating_sub(WINDOW);
        let mut before = window.into_iter().peekable();
        while before.next_if(|entry| entry.number < begin).is_some() {}
        window = (begin..end)
            .map(
                |number| match before.next_if(|entry| entry.number == number) {
                    Some(entry) => seen_again(feed, entry, snapshot),
                    None => seen(feed, number, snapshot, size),
                },
            )
            .collect();
        write(root, feed, &window)?;
    }
    Ok(())
}

/// An entry of the snapshot before this one.
fn seen_again(feed: &Feed, mut entry: Entry, snapshot: usize) -> Entry {
    let is_second = entry.number / STEP + 1 == snapshot;
    if is_second && Entry::is_edited(feed.stream, entry.number) {
        entry.edit(feed.stream);
    }
    entry
}

/// An entry as it stands in this snapshot of its feed.
fn seen(feed: &Feed, number: usize, snapshot: usize, size: &Size) -> Entry {
    let mut entry = Entry::new(feed.stream, number, feed.entries, size);
    if snapshot > number / STEP && Entry::is_edited(feed.stream, number) {
        entry.edit(feed.stream);
    }
    entry
}

fn write(root: &Path, feed: &Feed, window: &[Entry]) -> io::Result<PathBuf> {
    let newest = window.last().map_or(0, |entry| entry.shared);
    let taken = time(newest + 60).replace(':', "-");
    let path = folder(root, feed).join(format!("{taken}.{}", feed.extension));
    fs::write(&path, (feed.dialect)(window))?;
    Ok(path)
}
