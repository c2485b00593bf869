//! Sightings → [`Archive`]: the archive is a memory, and merging is how it remembers.
//!
//! 1. [`seen`]: snapshots are brought into their order, and [`credible`] judges their dates ([`doubts`] warns about those that
//!    are left out); whatever
//!    else the module does, it reads that one list of what was seen.
//! 2. [`identity`]: which sightings are one entry, by the names of [`name`].
//! 3. [`places`]: where each entry stands, for good, by the pattern of [`permalink`]; and [`coverage`]:
//!    what the snapshots of each feed cover, and where something may be missing.
//! 4. For each entry that a feed shows: [`precedence`] field by field, [`revisions`] of its text,
//!    [`shares`] and [`tags`]. That is all that was seen: [`Gathered`].
//! 5. [`notes`]: what the owner says about it ([`Gathered::annotate`]).
//!
//! What is hidden is left out at the end, not before: a setting of display must not move a page.
//!
//! Incremental: who keeps what is gathered need not gather again where only notes changed.
//!
//! Invariants, held by the property tests in `laws.rs`: merging does not depend on the order of
//! files, and merging twice changes nothing; the set of URLs only grows as snapshots arrive;
//! nothing that was seen is lost; notes and hidden feeds never change another entry's permalink.

mod coverage;
mod credible;
mod doubts;
mod feeds;
mod former;
mod identity;
mod index;
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

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::{Config, FeedConfig, PermalinkPattern, TagsConfig};
use crate::diag::Diagnostic;
use crate::model::{
    Archive, Bodies, Coverage, Entry, FeedName, FormerLists, Note, PagePath, RawBody, SafeUrl,
    Snapshot, Text,
};
pub(crate) use credible::moment;
use feeds::Feeds;
use index::Index;
use permalink::Pattern;
use places::{Addresses, Place};
use seen::{Register, Seen};

/// Everything that was ever seen, as one archive.
pub(crate) struct Merged {
    /// What is shown of it.
    pub(crate) archive: Archive<RawBody>,
    /// The addresses of what is hidden.
    pub(crate) hidden: Vec<PagePath>,
    /// What the owner should know.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Merges everything that was ever seen into one archive.
pub(crate) fn merge(
    snapshots: &[Snapshot],
    notes: &[Note],
    bodies: &Bodies,
    config: &Config,
) -> Merged {
    let gathered = Gathered::of(snapshots, bodies, &Rules::of(config));
    let (archive, diagnostics) = gathered.annotate(notes, &config.site.base_url);
    Merged {
        hidden: gathered.hidden(&archive),
        archive,
        diagnostics,
    }
}

/// The settings that have a part in what is gathered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rules {
    feeds: BTreeMap<FeedName, FeedRules>,
    across_feeds: bool,
    permalinks: PermalinkPattern,
    tags: TagsConfig,
}

/// Those of a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct FeedRules {
    key: Option<String>,
    title: Option<Text>,
    sharer: Option<Text>,
    hidden: bool,
}

impl Rules {
    /// Those of a site.
    pub(crate) fn of(config: &Config) -> Self {
        let rules = |feed: &FeedConfig| FeedRules {
            key: feed.key.clone(),
            title: feed.title.clone(),
            sharer: feed.sharer.clone(),
            hidden: feed.hidden,
        };
        let feeds = config.feeds.iter();
        Rules {
            feeds: feeds
                .map(|(name, feed)| (name.clone(), rules(feed)))
                .collect(),
            across_feeds: config.merge.across_feeds,
            permalinks: config.output.permalinks.clone(),
            tags: config.tags.clone(),
        }
    }
}

/// Everything that was ever seen, gathered into entries, each in its place. Notes have no part in
/// it: where they alone change, it stays.
#[derive(Debug)]
pub(crate) struct Gathered {
    /// Where each entry stands, those of hidden feeds, too, in the order of their earliest sightings.
    places: Vec<Place>,
    /// By what a note may name it.
    index: Index,
    /// The entries that a feed shows, from the oldest to the newest, as they are without notes; each
    /// with the number of its place.
    entries: Vec<(usize, Arc<Entry<RawBody>>)>,
    /// The owner's order among tags, for those of notes.
    tags: TagsConfig,
    /// What the snapshots of each feed cover.
    coverage: Vec<Coverage>,
    /// Which dates were left out.
    doubts: Vec<Diagnostic>,
}

impl Gathered {
    /// Gathers what these snapshots hold.
    pub(crate) fn of(snapshots: &[Snapshot], bodies: &Bodies, rules: &Rules) -> Self {
        let oldest_first = seen::in_order(snapshots);
        let feeds = Feeds::of(&oldest_first, rules);
        let register = Register::of(&oldest_first, &feeds);
        let pattern = Pattern::of(&rules.permalinks);
        let (identity, addresses) = rayon::join(
            || identity::identify(&register, rules.across_feeds),
            || Addresses::of(&register, &pattern),
        );
        let (places, coverage) = rayon::join(
            || places::assign(&register, &identity, &addresses),
            || coverage::of(&feeds, &register, &identity.entries),
        );
        let doubts = doubts::of(&register, &identity.entries);
        let seen = identity.entries.iter();
        let shown: Vec<Vec<&Seen<'_>>> = seen.map(|entry| shown(entry, &register)).collect();
        let redirects = places::redirects(&places, |entry| !shown[entry].is_empty());
        let parts: Vec<_> = (0..places.len())
            .zip(redirects)
            .filter(|(number, _)| !shown[*number].is_empty())
            .collect();
        let mut entries: Vec<(usize, Arc<Entry<RawBody>>)> = parts
            .into_par_iter()
            .map(|(number, aliases)| {
                let (seen, place) = (&shown[number], &places[number]);
                let entry = entry(seen, place, aliases, bodies, &rules.tags);
                (number, Arc::new(entry))
            })
            .collect();
        entries.par_sort_unstable_by(|(_, a), (_, b)| {
            (a.date, a.id, &a.permalink).cmp(&(b.date, b.id, &b.permalink))
        });
        Gathered {
            index: Index::of(identity.entries, &register),
            places,
            coverage,
            doubts,
            entries,
            tags: rules.tags.clone(),
        }
    }

    /// The addresses of the entries that an archive leaves out.
    fn hidden(&self, archive: &Archive<RawBody>) -> Vec<PagePath> {
        if archive.entries.len() == self.places.len() {
            return Vec::new();
        }
        let shown = archive.entries.iter().map(|entry| &entry.permalink);
        let shown: HashSet<&PagePath> = shown.collect();
        let hidden = self.places.iter();
        let hidden = hidden.filter(|place| !shown.contains(&place.permalink));
        hidden
            .flat_map(|place| place.addresses.iter().cloned())
            .collect()
    }

    /// The archive, with what the owner says of its entries.
    pub(crate) fn annotate(
        &self,
        notes: &[Note],
        base_url: &SafeUrl,
    ) -> (Archive<RawBody>, Vec<Diagnostic>) {
        let (words, told) = notes::words(notes, &self.index, &self.places, base_url);
        let diagnostics = self.doubts.iter().cloned().chain(told).collect();
        let is_hidden = |number: &usize| words.get(number).is_some_and(|word| word.hidden);
        let shown = || self.entries.iter().filter(|(number, _)| !is_hidden(number));
        // Of what is hidden, others may get the addresses.
        let redirects = words.keys().any(is_hidden).then(|| {
            let mut is_shown = vec![false; self.places.len()];
            shown().for_each(|(number, _)| is_shown[*number] = true);
            places::redirects(&self.places, |number| is_shown[number])
        });
        let entries = shown().map(|(number, entry)| {
            let mut entry = Arc::clone(entry);
            if let Some(word) = words.get(number) {
                word.add_to(Arc::make_mut(&mut entry), &self.tags);
            }
            if let Some(aliases) = redirects.as_ref().and_then(|all| all.get(*number))
                && *aliases != entry.aliases
            {
                Arc::make_mut(&mut entry).aliases.clone_from(aliases);
            }
            entry
        });
        let entries = entries.collect();
        let coverage = self.coverage.clone();
        (Archive { entries, coverage }, diagnostics)
    }
}

/// What of an entry feeds show: those that are not hidden.
fn shown<'a>(entry: &[usize], register: &'a Register<'a>) -> Vec<&'a Seen<'a>> {
    entry
        .iter()
        .filter_map(|position| register.seen.get(*position))
        .filter(|seen| !seen.feed.hidden)
        .collect()
}

fn entry(
    seen: &[&Seen<'_>],
    place: &Place,
    aliases: Vec<PagePath>,
    bodies: &Bodies,
    tags: &TagsConfig,
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
    let mut entry = Entry {
        id: place.id,
        permalink: place.permalink.clone(),
        aliases,
        title: title.cloned(),
        link: link.cloned(),
        date,
        updated: updated.filter(|updated| date.is_some_and(|date| *updated > date)),
        first_seen: seen.iter().filter_map(|seen| seen.time).min(),
        authors: authors.unwrap_or_default().to_vec(),
        tags: tags::tags(seen, tags),
        language: precedence::language(seen, source.host.as_deref()),
        source,
        body: texts.body,
        shares,
        notes: Vec::new(),
        revisions: texts.revisions,
        former: FormerLists::default(),
    };
    entry.former = former::lists(seen, &entry, tags);
    entry
}
