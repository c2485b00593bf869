//! A feed in XML, cut → its header, its environment and its entries.
//!
//! The header is everything outside of the entries. It is read as if it were an entry itself: it
//! has a title, a link, dates and authors, under the same names.

use std::ops::Range;

use super::bounds::Shears;
use super::environment::Environment;
use super::fields::{Fields, fields};
use super::kind::Format;
use super::parse::judge;
use super::private;
use super::reading::Reading;
use super::repair::{Notes, Repair};
use super::snapshot::Cut;
use super::split::{Flaw, MAX_ENTRIES, Split, split};
use super::wrapping;
use crate::diag::Code;

/// How much of a header is read: it has a few hundred bytes in most feeds.
const HEADER_LENGTH: usize = 256 * 1024;

/// Cuts a feed that begins at `start`.
pub(super) fn cut(text: &str, format: Format, start: usize, notes: &mut Notes) -> Cut {
    let split = split(text, format, start);
    tell(&split, notes);
    let mut environment = Environment::read(text, format, &split, notes);
    let reading = Reading::current();
    let header = read_header(text, &split, &environment, &reading, notes);
    let frozen_header = reading.improved().then(|| {
        let frozen = Reading::frozen();
        read_header(text, &split, &environment, &frozen, &mut Notes::default())
    });
    // The page is known only now, and what is relative in the entries may need it. Their addresses
    // depend on it, so it is that of the frozen reading.
    let frozen = frozen_header.as_ref().unwrap_or(&header);
    environment.page = judge(
        frozen,
        &environment,
        &mut Shears::default(),
        &Reading::frozen(),
    )
    .ok()
    .and_then(|judged| judged.link);
    environment.backup = private::is_backup(text, &environment, &header);
    environment.feed_language = header.language.clone();
    Cut {
        environment,
        header,
        frozen_header,
        entries: split.entries,
    }
}

/// Tells what is wrong with the whole.
fn tell(split: &Split, notes: &mut Notes) {
    let is_empty =
        split.entries.is_empty() && split.unclosed.is_empty() && split.damaged.is_empty();
    match &split.flaw {
        Some(Flaw::Truncated(at)) => {
            let kept = split.entries.len();
            let why = format!("a feed that was cut off; entries kept: {kept}");
            notes.tell(Code::FeedTruncated, *at, why);
        }
        Some(Flaw::Malformed(at, why)) => {
            notes.tell(
                Code::FeedMalformed,
                *at,
                if is_empty {
                    format!(
                        "a feed in which no entry is found, because it is not well-formed: {why}"
                    )
                } else {
                    format!("a feed that is not well-formed: {why}")
                },
            );
        }
        None if split.entries.is_empty() => {
            notes.tell(Code::FeedEmpty, split.root.start, "a feed without entries");
        }
        None => {}
    }
    for at in &split.misplaced {
        notes.mend(Repair::Misplaced, *at);
    }
    for at in &split.unclosed {
        notes.lose(Code::EntryUnreadable, *at, "an entry that is never closed");
    }
    for (at, what) in &split.damaged {
        notes.lose(Code::EntryUnreadable, *at, *what);
    }
    notes.lose_more(split.more_unclosed);
    if split.too_many {
        let at = split.entries.last().map_or(0, |last| last.end);
        let why = format!("more entries than are read from one file: {MAX_ENTRIES}");
        notes.tell(Code::FeedTooManyEntries, at, why);
    }
}

fn read_header(
    text: &str,
    split: &Split,
    environment: &Environment,
    reading: &Reading,
    notes: &mut Notes,
) -> Fields {
    let start = split.channel.as_ref().unwrap_or(&split.root).start;
    let header = outside(text, start, &holes(text, split));
    let (header, _) = environment.entities.expand(&header);
    let header = wrapping::repaired(&header, reading);
    match fields(&header, environment, reading) {
        Ok(fields) => {
            // Before the first entry, offsets are those of the file.
            let exact = split
                .entries
                .first()
                .map_or(text.len(), |entry| entry.start);
            for mended in &fields.mended {
                let at = start + mended.at;
                notes.mend(mended.repair, if at < exact { at } else { start });
            }
            fields
        }
        Err(deep) => {
            notes.tell(
                Code::FeedMalformed,
                start + deep.0,
                "a header that is nested too deeply",
            );
            Fields::default()
        }
    }
}

/// What is no header: the entries, and what would have been one.
fn holes(text: &str, split: &Split) -> Vec<Range<usize>> {
    let starts = split.entries.iter().map(|entry| entry.start);
    let mut starts: Vec<usize> = starts.chain(split.unclosed.iter().copied()).collect();
    starts.sort_unstable();
    let unclosed = split.unclosed.iter().map(|start| {
        let next = starts.partition_point(|other| other <= start);
        *start..starts.get(next).copied().unwrap_or(text.len())
    });
    let mut holes: Vec<_> = split.entries.iter().cloned().chain(unclosed).collect();
    if let Some(Flaw::Truncated(at)) = split.flaw {
        holes.push(at..text.len());
    }
    holes.sort_unstable_by_key(|hole| hole.start);
    holes
}

/// The text from `start` on, without the holes.
fn outside(text: &str, start: usize, holes: &[Range<usize>]) -> String {
    let mut out = String::new();
    let mut at = start;
    let ends = holes.iter().map(|hole| (hole.start, hole.end));
    for (end, next) in ends.chain([(text.len(), text.len())]) {
        if at < end {
            let room = HEADER_LENGTH.saturating_sub(out.len());
            let gap = &text[at..end];
            out.push_str(&gap[..gap.floor_char_boundary(room)]);
        }
        at = at.max(next);
    }
    out
}
