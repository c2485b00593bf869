//! Sightings → [`Archive`]: the archive is a memory, and merging is how it remembers.
//!
//! 1. [`seen`]: snapshots are brought into their order; whatever else the module does, it reads
//!    that one list of what was seen.
//! 2. [`identity`]: which sightings are one entry, by the names of [`name`].
//! 3. [`places`]: where each entry stands, for good, by the pattern of [`permalink`]; and [`coverage`]:
//!    what the snapshots of each feed cover, and where something may be missing.
//! 4. [`notes`]: what the owner says about it; all before this is [`Gathered`] without them.
//! 5. For each entry that is not hidden: [`precedence`] field by field, [`revisions`] of its text,
//!    [`shares`] and [`tags`].
//!
//! What is hidden is left out at step 5, not before: a setting of display must not move a page.
//!
//! Invariants, held by the property tests in `laws.rs`: merging does not depend on the order of
//! files, and merging twice changes nothing; the set of URLs only grows as snapshots arrive;
//! nothing that was seen is lost; notes and hidden feeds never change another entry's permalink.

mod coverage;
mod feeds;
mod identity;
mod name;
mod notes;
mod permalink;
mod places;
mod precedence;
mod revisions;
mod seen;
mod shares;
mod tags;

#[cfg(test)]
mod frozen;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod worlds;

use rayon::prelude::*;

use crate::config::Config;
use crate::diag::Diagnostic;
use crate::model::{Archive, Bodies, Coverage, Entry, Note, PagePath, RawBody, Snapshot};
use feeds::Feeds;
use notes::Word;
use permalink::Pattern;
use places::{Addresses, Place};
pub(crate) use seen::moment;
use seen::{Register, Seen};

/// Merges everything that was ever seen into one archive.
pub(crate) fn merge(
    snapshots: &[Snapshot],
    notes: &[Note],
    bodies: &Bodies,
    config: &Config,
) -> (Archive<RawBody>, Vec<Diagnostic>) {
    let snapshots = seen::in_order(snapshots);
    let feeds = Feeds::of(&snapshots, config);
    Gathered::of(&snapshots, &feeds, config).annotate(notes, bodies, config)
}

/// Everything that was ever seen, gathered into entries, each in its place. Notes have no part in
/// it: where they alone change, it stays.
struct Gathered<'a> {
    register: Register<'a>,
    /// For each entry, what was seen of it.
    entries: Vec<Vec<usize>>,
    /// For each entry, where it stands.
    places: Vec<Place>,
    /// What the snapshots of each feed cover.
    coverage: Vec<Coverage>,
}

impl<'a> Gathered<'a> {
    /// Gathers what these snapshots hold, which come from the oldest to the newest.
    fn of(oldest_first: &[&'a Snapshot], feeds: &'a Feeds<'a>, config: &Config) -> Self {
        let register = Register::of(oldest_first, feeds);
        let pattern = Pattern::of(&config.output.permalinks);
        let (identity, addresses) = rayon::join(
            || identity::identify(&register, config.merge.across_feeds),
            || Addresses::of(&register, &pattern),
        );
        let (places, coverage) = rayon::join(
            || places::assign(&register, &identity, &addresses),
            || coverage::of(oldest_first, feeds, &register, &identity.entries),
        );
        Gathered {
            register,
            entries: identity.entries,
            places,
            coverage,
        }
    }

    /// The archive, with what the owner says of its entries.
    fn annotate(
        &self,
        notes: &[Note],
        bodies: &Bodies,
        config: &Config,
    ) -> (Archive<RawBody>, Vec<Diagnostic>) {
        let Gathered {
            register,
            entries,
            places,
            coverage,
        } = self;
        let base_url = &config.site.base_url;
        let (words, diagnostics) = notes::words(notes, entries, places, register, base_url);
        let shown: Vec<Vec<&Seen<'_>>> = entries
            .iter()
            .zip(&words)
            .map(|(entry, word)| shown(entry, word, register))
            .collect();
        let redirects = places::redirects(places, |entry| !shown[entry].is_empty());
        let parts = shown.iter().zip(places).zip(redirects).zip(words);
        let parts: Vec<_> = parts
            .filter(|(((seen, _), _), _)| !seen.is_empty())
            .collect();
        let mut entries: Vec<Entry<RawBody>> = parts
            .into_par_iter()
            .map(|(((seen, place), aliases), word)| {
                entry(seen, place, aliases, word, bodies, config)
            })
            .collect();
        // The keys are sorted, then each entry is moved once: entries are large.
        entries.sort_by_cached_key(|entry| (entry.date, entry.id, entry.permalink.clone()));
        let coverage = coverage.clone();
        (Archive { entries, coverage }, diagnostics)
    }
}

/// What of an entry the site shows: what stands in feeds that are not hidden, unless a note hides
/// the entry.
fn shown<'a>(entry: &[usize], word: &Word, register: &'a Register<'a>) -> Vec<&'a Seen<'a>> {
    entry
        .iter()
        .filter_map(|position| register.seen.get(*position))
        .filter(|seen| !seen.feed.hidden && !word.hidden)
        .collect()
}

fn entry(
    seen: &[&Seen<'_>],
    place: &Place,
    aliases: Vec<PagePath>,
    word: Word,
    bodies: &Bodies,
    config: &Config,
) -> Entry<RawBody> {
    let title = precedence::newest(seen, |seen| seen.sighting.title.as_ref());
    let link = precedence::newest(seen, |seen| seen.sighting.link.as_ref());
    let authors = precedence::newest(seen, |seen| {
        let authors = seen.sighting.authors.as_slice();
        (!authors.is_empty()).then_some(authors)
    });
    let shares = shares::shares(seen);
    let date = shares.iter().filter_map(|share| share.date).min();
    let updated = precedence::newest(seen, |seen| seen.updated);
    let source = precedence::source(seen, link);
    let texts = revisions::texts(seen, title, bodies);
    Entry {
        id: place.id,
        permalink: place.permalink.clone(),
        aliases,
        title: word.title.or_else(|| title.cloned()),
        link: link.cloned(),
        date,
        updated: updated.filter(|updated| date.is_some_and(|date| *updated > date)),
        authors: authors.unwrap_or_default().to_vec(),
        tags: tags::tags(seen, &word.tags, &config.tags),
        language: precedence::language(seen, source.host.as_deref()),
        source,
        body: texts.body,
        shares,
        notes: word.comments,
        revisions: texts.revisions,
    }
}
