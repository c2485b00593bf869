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
const FORMAT: &str = "gleaner 1, pagefind 1.6.0";

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
mod tests;
