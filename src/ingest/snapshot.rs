//! A feed that was cut → a snapshot: every slice is parsed, or remembered, and what happened to it
//! is noted at its place in this file.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use super::bounds::Shears;
use super::environment::Environment;
use super::fields::Fields;
use super::parse::{Judged, Outcome, judge, parse};
use super::reading::Reading;
use super::repair::{Notes, Repair};
use crate::diag::Code;
use crate::memo::Memo;
use crate::model::{Bodies, FeedName, Hash, Snapshot};

/// The longest entry that is read, in bytes: a long book has a tenth of it.
const ENTRY_LENGTH: usize = 16 * 1024 * 1024;

/// A feed, cut into what is parsed separately.
pub(super) struct Cut {
    pub(super) environment: Environment,
    pub(super) header: Fields,
    /// The header by the frozen reading, where it differs.
    pub(super) frozen_header: Option<Fields>,
    /// Bytes of the text, in order.
    pub(super) entries: Vec<Range<usize>>,
}

/// Reads a feed's header and entries. Its name, path and time are the caller's to fill in.
pub(super) fn read(
    text: &str,
    cut: &Cut,
    memo: &Memo<Outcome>,
    bodies: &Bodies,
    notes: &mut Notes,
) -> Snapshot {
    let mut snapshot = header(cut, notes);
    let identity = cut.environment.identity();
    let mut seen = HashSet::new();
    for range in &cut.entries {
        let slice = &text[range.clone()];
        if slice.len() > ENTRY_LENGTH {
            let why = format!(
                "an entry of {} bytes; the most that is read: {ENTRY_LENGTH}",
                slice.len()
            );
            notes.lose(Code::EntryTooLarge, range.start, why);
            continue;
        }
        let key = Hash::of_parts(
            [Hash::of(slice.as_bytes()).as_bytes(), identity.as_bytes()].map(|part| &part[..]),
        );
        // Exact duplicates are one entry, and say nothing.
        if !seen.insert(key) {
            continue;
        }
        let make = || parse(slice, &cut.environment, key, bodies);
        memo.recall(key, make, |outcome| {
            notes.mend_all(&outcome.mended, range.start);
            match &outcome.sighting {
                Ok(sighting) => snapshot.sightings.push(Arc::clone(sighting)),
                Err(lost) => notes.lose(lost.code, range.start + lost.at, lost.why.clone()),
            }
        });
    }
    snapshot
}

fn header(cut: &Cut, notes: &mut Notes) -> Snapshot {
    let mut shears = Shears::default();
    let (fields, environment) = (&cut.header, &cut.environment);
    let reading = Reading::current();
    let judged = judge(fields, environment, &mut shears, &reading).ok();
    let frozen = cut.frozen_header.as_ref().unwrap_or(fields);
    let frozen = judge(
        frozen,
        environment,
        &mut Shears::default(),
        &Reading::frozen(),
    )
    .ok();
    let updated = |judged: &Judged| judged.updated.or(judged.published);
    let title = fields.title.as_ref();
    let title = title.and_then(|(raw, writing)| shears.title(raw, *writing, &reading));
    if shears.used {
        notes.mend(Repair::Shortened, 0);
    }
    Snapshot {
        feed: FeedName::new(""),
        path: "".into(),
        taken: None,
        updated: judged.as_ref().and_then(updated),
        frozen_updated: frozen.as_ref().and_then(updated),
        title,
        link: judged.as_ref().and_then(|judged| judged.link.clone()),
        authors: judged.map(|judged| judged.authors).unwrap_or_default(),
        language: fields.language.clone(),
        sightings: Vec::new(),
    }
}
