//! An entry with the HTML of strangers → the same entry with safe HTML.
//!
//! All fields are named, so that a new one is not forgotten.

use std::sync::Arc;

use super::Sanitizer;
use crate::config::Extent;
use crate::diag::{Code, Diagnostic};
use crate::model::{Entry, RawBody, Revision, SafeBody, Share};

impl Sanitizer<'_> {
    /// Sanitizes all texts of an entry, and reports one that had to be cut.
    pub(super) fn entry(
        &self,
        entry: &Entry<RawBody>,
    ) -> (Arc<Entry<SafeBody>>, Option<Diagnostic>) {
        let Entry {
            id,
            permalink,
            aliases,
            title,
            link,
            date,
            updated,
            first_seen,
            authors,
            tags,
            source,
            language,
            body,
            shares,
            notes,
            revisions,
            former,
        } = entry;
        let extent = self
            .rules
            .extents
            .extent(shares.iter().map(|one| &one.feed));
        let mut flattened = false;
        let mut safe = |raw: &RawBody, extent| {
            let known = self.body(raw, extent);
            flattened |= known.flattened;
            known.body
        };
        let body = body.as_ref().and_then(|raw| safe(raw, extent));
        let notes = notes.iter().filter_map(|raw| safe(raw, Extent::Full));
        let notes = notes.collect();
        let shares = shares.iter().map(|share| Share {
            comment: share
                .comment
                .as_ref()
                .and_then(|raw| safe(raw, Extent::Full)),
            feed: share.feed.clone(),
            sharer: share.sharer.clone(),
            permalink: share.permalink.clone(),
            date: share.date,
        });
        let shares = shares.collect();
        let revisions = match extent {
            Extent::Full => &revisions[..],
            Extent::Excerpt => &[],
        };
        let revisions = revisions.iter().filter_map(|revision| {
            Some(Revision {
                body: safe(&revision.body, Extent::Full)?,
                title: revision.title.clone(),
                first_seen: revision.first_seen,
            })
        });
        let revisions = revisions.collect();
        let told = flattened
            .then(|| too_complex(permalink.as_str()).hint("the snapshot keeps the whole text"));
        let entry = Entry {
            body,
            notes,
            shares,
            revisions,
            id: *id,
            permalink: permalink.clone(),
            aliases: aliases.clone(),
            title: title.clone(),
            link: link.clone(),
            date: *date,
            updated: *updated,
            first_seen: *first_seen,
            authors: authors.clone(),
            tags: tags.clone(),
            source: source.clone(),
            language: language.clone(),
            former: former.clone(),
        };
        (Arc::new(entry), told)
    }
}

/// The warning about a text that was cut.
pub(super) fn too_complex(permalink: &str) -> Diagnostic {
    Diagnostic::warning(
        Code::BodyTooComplex,
        format!("text cut or flattened, too large or too deep: `{permalink}`"),
    )
}
