//! An archive of strangers' HTML → the same archive with HTML that is safe, valid, and readable.
//!
//! Each body goes through these passes, all linear in its length:
//!
//! 1. [`prepare`] and [`widgets`]: tokens → the few elements and attributes that [`policy`] names, each closed,
//!    under caps; what is raw text, foreign or a comment is gone. It protects the parser, not the
//!    reader.
//! 2. ammonia: parses as browsers do, filters by the same tables, writes canonical HTML.
//! 3. [`tree`]: canonical HTML → a small tree; an element without a name in the tables is not read.
//! 4. [`convert`]: each element with attributes built anew ([`links`], [`images`], [`embeds`],
//!    [`code`], [`colours`], [`values`]).
//! 5. [`fit`], [`tables`]: each element where HTML allows it.
//! 6. [`tidy`]: ids and inner links, empty elements, headings.
//! 7. [`excerpt`]: the facts that planning needs.
//! 8. [`tree::write`]: everything is escaped here, and nowhere else.
//!
//! Invariants: nothing that a stranger wrote is copied into markup, it is text or a value that a
//! pass understood; sanitizing twice changes nothing; no other module stores safe HTML.

mod code;
mod colours;
mod convert;
mod embeds;
mod excerpt;
mod fit;
mod images;
mod links;
mod policy;
mod prepare;
mod tables;
mod tidy;
mod token;
mod tree;
mod values;
mod widgets;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::diag::{Code, Diagnostic, Place};
use crate::model::{
    Archive, Base, Bodies, Entry, Facts, OwnPage, RawBody, Revision, Role, SafeBody, SafeUrl, Share,
};

pub(crate) use embeds::frame_hosts;
pub(crate) use policy::Policy;

use links::Origin;

/// HTML that is safe to show, and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sanitized {
    /// The HTML; empty if nothing is left to show.
    pub(crate) html: String,
    /// What is in it.
    pub(crate) facts: Facts,
    /// Whether a cap was reached, and something was cut off or flattened.
    pub(crate) flattened: bool,
}

/// Sanitizes one body. Links are resolved against `base`; its role decides on ids, and whether
/// relative links may stay without a base.
pub(crate) fn sanitize_one(
    policy: &Policy,
    html: &str,
    base: Option<&SafeUrl>,
    role: Role,
) -> Sanitized {
    let prepared = prepare::prepare(html);
    let clean = policy::AMMONIA.clean(&prepared.html).to_string();
    let origin = Origin {
        base,
        resolver: &Base::new(base),
        role,
    };
    let nodes = convert::convert(tree::read(&clean), policy, origin);
    let nodes = tidy::tidy(fit::fit(nodes), role);
    let mut html = String::with_capacity(clean.len());
    tree::write(&nodes, &mut html);
    html.truncate(html.trim_end().len());
    Sanitized {
        html,
        facts: excerpt::facts(&nodes),
        flattened: prepared.flattened,
    }
}

/// Sanitizes every body of an archive, each once, in parallel. A body of which nothing is left is
/// none.
pub(crate) fn sanitize(
    archive: Archive<RawBody>,
    bodies: &mut Bodies,
    policy: &Policy,
) -> (Archive<SafeBody>, Vec<Diagnostic>) {
    let distinct: BTreeSet<RawBody> = archive
        .entries
        .iter()
        .flat_map(raw_bodies)
        .cloned()
        .collect();
    let distinct: Vec<RawBody> = distinct.into_iter().collect();
    let sanitized: Vec<Sanitized> = distinct
        .par_iter()
        .map(|raw| sanitize_one(policy, &bodies.raw(raw.html), raw.base.as_ref(), raw.role))
        .collect();
    let mut safe = Safe::default();
    for (raw, sanitized) in distinct.into_iter().zip(sanitized) {
        if sanitized.flattened {
            safe.flattened.insert(raw.clone());
        }
        let html = bodies.store_safe(&sanitized.html);
        let body = (!sanitized.html.is_empty()).then_some(SafeBody {
            html,
            facts: sanitized.facts,
        });
        safe.bodies.insert(raw, body);
    }
    let diagnostics = archive
        .entries
        .iter()
        .filter_map(|entry| safe.complaint(entry))
        .collect();
    let entries = archive
        .entries
        .into_iter()
        .map(|entry| safe.entry(entry))
        .collect();
    (Archive { entries }, diagnostics)
}

/// Sanitizes a page that the owner wrote: its ids are its own, and links without a base stay
/// relative to the page. A page that was cut or flattened is told.
pub(crate) fn sanitize_page(
    page: &OwnPage,
    bodies: &mut Bodies,
    policy: &Policy,
) -> (SafeBody, Option<Diagnostic>) {
    let sanitized = sanitize_one(policy, &bodies.raw(page.body), None, Role::Page);
    let told = sanitized.flattened.then(|| {
        too_complex(page.page.as_str())
            .at(Place::file(&*page.path))
            .hint("put it into several pages, or into simpler HTML")
    });
    let body = SafeBody {
        html: bodies.store_safe(&sanitized.html),
        facts: sanitized.facts,
    };
    (body, told)
}

fn too_complex(permalink: &str) -> Diagnostic {
    Diagnostic::warning(
        Code::BodyTooComplex,
        format!("text cut or flattened, too large or too deep: `{permalink}`"),
    )
}

fn raw_bodies(entry: &Entry<RawBody>) -> impl Iterator<Item = &RawBody> {
    entry
        .body
        .iter()
        .chain(
            entry
                .shares
                .iter()
                .filter_map(|share| share.comment.as_ref()),
        )
        .chain(&entry.notes)
        .chain(entry.revisions.iter().map(|revision| &revision.body))
}

/// What became of each raw body.
#[derive(Default)]
struct Safe {
    bodies: BTreeMap<RawBody, Option<SafeBody>>,
    flattened: BTreeSet<RawBody>,
}

impl Safe {
    fn body(&self, raw: &RawBody) -> Option<SafeBody> {
        self.bodies.get(raw).cloned().flatten()
    }

    fn complaint(&self, entry: &Entry<RawBody>) -> Option<Diagnostic> {
        let flattened = raw_bodies(entry).any(|raw| self.flattened.contains(raw));
        flattened.then(|| {
            too_complex(entry.permalink.as_str()).hint("the snapshot keeps the whole text")
        })
    }

    fn entry(&self, entry: Entry<RawBody>) -> Entry<SafeBody> {
        let share = |share: Share<RawBody>| Share {
            comment: share.comment.as_ref().and_then(|raw| self.body(raw)),
            feed: share.feed,
            sharer: share.sharer,
            permalink: share.permalink,
            date: share.date,
        };
        let revision = |revision: Revision<RawBody>| {
            Some(Revision {
                body: self.body(&revision.body)?,
                title: revision.title,
                first_seen: revision.first_seen,
            })
        };
        Entry {
            body: entry.body.as_ref().and_then(|raw| self.body(raw)),
            notes: entry
                .notes
                .iter()
                .filter_map(|raw| self.body(raw))
                .collect(),
            shares: entry.shares.into_iter().map(share).collect(),
            revisions: entry.revisions.into_iter().filter_map(revision).collect(),
            id: entry.id,
            permalink: entry.permalink,
            aliases: entry.aliases,
            title: entry.title,
            link: entry.link,
            date: entry.date,
            updated: entry.updated,
            authors: entry.authors,
            tags: entry.tags,
            source: entry.source,
            language: entry.language,
        }
    }
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
