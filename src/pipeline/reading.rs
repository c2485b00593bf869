//! A snapshot as it is remembered: what stands outside of its entries, and which entries it has.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::cache::Told;
use crate::diag::Diagnostic;
use crate::model::{FeedName, Hash, SafeUrl, Sighting, Snapshot, Text, instant};

/// What one file of snapshots gave.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Reading {
    /// None if the file is no feed.
    header: Option<Header>,
    told: Vec<Told>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Header {
    #[serde(with = "instant")]
    taken: Option<Timestamp>,
    #[serde(with = "instant")]
    updated: Option<Timestamp>,
    #[serde(with = "instant")]
    frozen_updated: Option<Timestamp>,
    title: Option<Text>,
    link: Option<SafeUrl>,
    authors: Vec<Text>,
    language: Option<Text>,
    /// The keys of its entries, in the order of the file.
    slices: Vec<Hash>,
}

impl Reading {
    /// What a reading depends on: the bytes of the file, and its path, which diagnostics name and
    /// which may hold the time.
    pub(super) fn key(hash: Hash, path: &str) -> Hash {
        Hash::of_parts([&hash.as_bytes()[..], path.as_bytes()])
    }

    /// What a file gave, and what was told of it.
    pub(super) fn of(snapshot: Option<&Snapshot>, told: &[Diagnostic]) -> Self {
        let header = snapshot.map(|snapshot| {
            let Snapshot {
                feed: _, // where the file lies says it
                path: _,
                taken,
                updated,
                frozen_updated,
                title,
                link,
                authors,
                language,
                sightings,
            } = snapshot;
            Header {
                taken: *taken,
                updated: *updated,
                frozen_updated: *frozen_updated,
                title: title.clone(),
                link: link.clone(),
                authors: authors.clone(),
                language: language.clone(),
                slices: sightings.iter().map(|sighting| sighting.slice).collect(),
            }
        });
        Reading {
            header,
            told: told.iter().map(Told::from).collect(),
        }
    }

    /// The snapshot again; none if one of its entries is remembered no more.
    pub(super) fn snapshot(
        &self,
        feed: &FeedName,
        path: &Arc<str>,
        sighting: impl Fn(&Hash) -> Option<Arc<Sighting>>,
    ) -> Option<(Option<Snapshot>, Vec<Diagnostic>)> {
        let told = self.told.iter().map(Diagnostic::from).collect();
        let Some(header) = &self.header else {
            return Some((None, told));
        };
        let sightings: Option<Vec<_>> = header.slices.iter().map(sighting).collect();
        let snapshot = Snapshot {
            feed: feed.clone(),
            path: Arc::clone(path),
            taken: header.taken,
            updated: header.updated,
            frozen_updated: header.frozen_updated,
            title: header.title.clone(),
            link: header.link.clone(),
            authors: header.authors.clone(),
            language: header.language.clone(),
            sightings: sightings?,
        };
        Some((Some(snapshot), told))
    }
}
