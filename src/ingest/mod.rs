//! Ingest: the bytes of one snapshot → its sightings. **One bad entry costs at most itself.**
//!
//! 1. [`decode`]: bytes in any encoding become text;
//! 2. [`kind`]: the content says what the file is; what is no feed is named;
//! 3. [`split`] (and [`json`]): the text is cut into a header and entries;
//! 4. [`environment`]: what entries inherit from the document around them;
//! 5. [`memo`](crate::memo): equal slices are parsed once, in this run or in an earlier one;
//! 6. [`parse`]: a slice becomes a sighting ([`fields`] reads it, feed-rs judges it, a
//!    [`dialect`] takes the service's own words out of the text).
//!
//! The owner's own words come in here, too: [`markdown`] reads notes and pages.
//!
//! Invariants: pure in the bytes, the path and the feed's name; nothing panics or stalls, whatever
//! the bytes; every entry that was found becomes a sighting or a diagnostic with its place.

mod author;
mod body;
mod bounds;
mod characters;
mod children;
mod contents;
#[cfg(test)]
mod corpus;
mod dates;
mod decode;
mod dialect;
#[cfg(test)]
mod differential;
mod entities;
mod environment;
mod exports;
mod fields;
mod foreign;
mod front_matter;
#[cfg(test)]
mod hostile;
mod json;
mod json_item;
mod kind;
#[cfg(test)]
mod laws;
mod links;
mod markdown;
mod namespace;
mod onward;
mod originals;
mod parse;
mod plain;
mod private;
mod reading;
mod repair;
mod scan;
mod snapshot;
mod split;
mod split_careful;
mod split_quick;
mod split_salvage;
mod strings;
mod substitute;
mod taken;
mod texts;
mod vocabulary;
mod wrapping;
mod xml;

pub(crate) use markdown::{note, page};
pub(crate) use onward::{outside, text};
pub(crate) use originals::{Line as OriginalLine, original, originals};
pub(crate) use parse::Outcome;
pub(crate) use taken::taken;

use crate::diag::{Code, Diagnostic, Place};
use crate::memo::Memo;
use crate::model::{Bodies, FeedName, Snapshot, SourceFile};
use kind::{Format, Kind};
use repair::{Notes, Repair};

/// What one file of snapshots gave.
#[derive(Debug)]
pub(crate) struct Ingested {
    /// The snapshot; none if the file is no feed.
    pub(crate) snapshot: Option<Snapshot>,
    /// What the owner should know.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Reads one snapshot of a feed. Its texts are kept in `bodies`, its entries in `memo`.
pub(crate) fn ingest(
    file: &SourceFile,
    feed: &FeedName,
    memo: &Memo<Outcome>,
    bodies: &Bodies,
) -> Ingested {
    let decoded = decode::decode(&file.bytes);
    let text = &*decoded.text;
    let (format, start) = match kind::kind(text) {
        Kind::Feed(format, start) => (format, start),
        Kind::Export(what) => return export(file, what),
        Kind::Other(what) => return not_a_feed(file, &what),
    };
    let mut notes = Notes::default();
    if let Some(detail) = decoded.mended {
        notes.mend_as(Repair::Encoding, start, detail);
    }
    if !text[..start].trim().is_empty() {
        notes.mend(Repair::Junk, 0);
    }
    let cut = match format {
        Format::Json => json::cut(text, &mut notes),
        Format::Atom | Format::Rss | Format::Rdf => xml::cut(text, format, start, &mut notes),
    };
    let snapshot = snapshot::read(text, &cut, memo, bodies, &mut notes);
    Ingested {
        snapshot: Some(Snapshot {
            feed: feed.clone(),
            path: file.path.clone(),
            taken: taken::taken(&file.path),
            ..snapshot
        }),
        diagnostics: notes.diagnostics(&file.path, text),
    }
}

fn not_a_feed(file: &SourceFile, what: &str) -> Ingested {
    let message = format!("not a feed: {what}");
    let diagnostic = Diagnostic::warning(Code::NotAFeed, message)
        .at(Place::file(&*file.path))
        .hint("look into it: it may be the only copy of what it holds; to keep it, move it out of `content/snapshots`, for example to `unread/`");
    Ingested {
        snapshot: None,
        diagnostics: vec![diagnostic],
    }
}

fn export(file: &SourceFile, what: &str) -> Ingested {
    let diagnostic = Diagnostic::warning(Code::NotAFeed, format!("not a feed: {what}"))
        .at(Place::file(&*file.path))
        .hint(kind::EXPORT_HINT);
    Ingested {
        snapshot: None,
        diagnostics: vec![diagnostic],
    }
}

/// A file that was read by itself, with its texts.
#[cfg(test)]
struct Alone {
    snapshot: Option<Snapshot>,
    bodies: std::sync::Arc<Bodies>,
    diagnostics: Vec<Diagnostic>,
}

#[cfg(test)]
fn alone(file: &SourceFile) -> Alone {
    remembered(file, &Memo::default(), &std::sync::Arc::default())
}

#[cfg(test)]
fn remembered(file: &SourceFile, memo: &Memo<Outcome>, bodies: &std::sync::Arc<Bodies>) -> Alone {
    let ingested = ingest(file, &FeedName::new("x"), memo, bodies);
    Alone {
        snapshot: ingested.snapshot,
        bodies: std::sync::Arc::clone(bodies),
        diagnostics: ingested.diagnostics,
    }
}
