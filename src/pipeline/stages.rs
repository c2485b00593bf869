//! Pieces of the straight line: from files to what merging and planning are given.
//!
//! Each is a function of the files that it reads and of the settings; that some of it is remembered
//! (`memory`) changes nothing.

use rayon::prelude::*;

use super::api::{Observer, Stage};
use super::memory::Memory;
use crate::config::Config;
use crate::diag::Diagnostic;
use crate::ingest;
use crate::load::{self, FileRef, Listing};
use crate::model::{
    Archive, Bodies, Note, Originals, OwnPage, RawBody, SafeBody, Snapshot, SourceFile,
};
use crate::sanitize::{self, OwnPages, Policy, Rules, Safe};

/// All snapshots, read in parallel, one file at a time for each thread.
pub(super) fn snapshots(
    listing: &Listing,
    memory: &Memory,
    observer: &dyn Observer,
) -> (Vec<Snapshot>, Vec<Diagnostic>) {
    let read: Vec<_> = listing
        .snapshots
        .par_iter()
        .map(|(feed, file)| {
            let read = memory.snapshot(feed, file);
            observer.step(Stage::Ingest);
            read
        })
        .collect();
    gather(read)
}

/// All notes.
pub(super) fn notes(listing: &Listing, memory: &Memory) -> (Vec<Note>, Vec<Diagnostic>) {
    markdown(&listing.notes, memory, ingest::note)
}

/// The originals that are gone.
pub(super) fn originals(listing: &Listing, memory: &Memory) -> (Originals, Vec<Diagnostic>) {
    let (files, mut diagnostics) = memory.read_all(listing.originals.as_slice());
    let Some(file) = files.first() else {
        return (Originals::default(), diagnostics);
    };
    let (originals, found) = ingest::originals(file);
    diagnostics.extend(found);
    (originals, diagnostics)
}

/// The archive, made safe; what is the same as `before` is shared.
pub(super) fn sanitized(
    archive: Archive<RawBody>,
    own: OwnPages,
    memory: &Memory,
    config: &Config,
    before: Option<&Safe>,
) -> Safe {
    let rules = Rules::of(config, own);
    sanitize::sanitize(archive, memory.bodies(), memory.sanitized(), rules, before)
}

/// The owner's pages.
pub(super) fn pages(listing: &Listing, memory: &Memory) -> (Vec<OwnPage>, Vec<Diagnostic>) {
    markdown(&listing.pages, memory, ingest::page)
}

/// The owner's pages, made safe.
pub(super) fn own_pages(
    pages: Vec<OwnPage>,
    among: &OwnPages,
    memory: &Memory,
    config: &Config,
) -> (Vec<(OwnPage, SafeBody)>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let policy = Policy::new(&config.content);
    let own = pages
        .into_iter()
        .map(|page| {
            let (body, found) = sanitize::sanitize_page(&page, among, memory.bodies(), &policy);
            diagnostics.extend(found);
            (page, body)
        })
        .collect();
    (own, diagnostics)
}

/// Files in Markdown, each turned into something.
fn markdown<T>(
    files: &[FileRef],
    memory: &Memory,
    ingest: impl Fn(&SourceFile, &Bodies) -> (Option<T>, Vec<Diagnostic>),
) -> (Vec<T>, Vec<Diagnostic>) {
    let (files, mut diagnostics) = memory.read_all(files);
    let read = files.iter().map(|file| ingest(file, memory.bodies()));
    let (ingested, found) = gather(read);
    diagnostics.extend(found);
    (ingested, diagnostics)
}

/// Files as they are.
pub(super) fn read_all(files: &[FileRef]) -> (Vec<SourceFile>, Vec<Diagnostic>) {
    let read: Vec<_> = files.par_iter().map(load::read_plain).collect();
    gather(read)
}

/// What there is, and what is told of all of it.
fn gather<T>(
    read: impl IntoIterator<Item = (Option<T>, Vec<Diagnostic>)>,
) -> (Vec<T>, Vec<Diagnostic>) {
    let mut values = Vec::new();
    let mut diagnostics = Vec::new();
    for (value, found) in read {
        values.extend(value);
        diagnostics.extend(found);
    }
    (values, diagnostics)
}
