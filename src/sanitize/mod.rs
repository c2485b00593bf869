//! An archive of strangers' HTML → the same archive with HTML that is safe, valid, and readable.
//!
//! Each body goes through these passes, all linear in its length:
//!
//! 1. [`prepare`] and [`widgets`]: tokens → the few elements and attributes that [`policy`] names,
//!    each closed, under caps; what is raw text, foreign or a comment is gone. It protects the
//!    parser, not the reader.
//! 2. ammonia: parses as browsers do, filters by the same tables, writes canonical HTML.
//! 3. [`tree`]: canonical HTML → a small tree; an element without a name in the tables is not read.
//! 4. [`convert`]: each element with attributes built anew ([`links`], [`images`], [`embeds`],
//!    [`code`], [`colours`], [`values`]).
//! 5. [`fit`], [`tables`]: each element where HTML allows it.
//! 6. [`tidy`]: ids and inner links, empty elements, headings.
//! 7. [`excerpt`], [`keywords`]: the facts that planning needs.
//! 8. [`tree::write`]: everything is escaped here, and nowhere else.
//!
//! Of a text that the owner may not republish, only its beginning leaves this stage ([`beginning`]):
//! what never becomes safe HTML can stand in no page, feed or index.
//!
//! Invariants: nothing that a stranger wrote is copied into markup, it is text or a value that a
//! pass understood; sanitizing twice changes nothing; no other module stores safe HTML.

mod beginning;
mod code;
mod colours;
mod convert;
mod embeds;
mod excerpt;
mod fit;
mod images;
mod keywords;
mod links;
mod own;
mod policy;
mod prepare;
mod references;
mod tables;
mod tidy;
mod token;
mod tree;
mod values;
mod widgets;

use std::collections::{BTreeMap, BTreeSet};

use encoding_rs::UTF_8;
use rayon::prelude::*;

use crate::config::{Config, Extent};
use crate::diag::{Code, Diagnostic, Place};
use crate::model::{
    Archive, Base, Bodies, Entry, Facts, OwnPage, RawBody, Revision, Role, SafeBody, SafeUrl, Share,
};

pub(crate) use embeds::frame_hosts;
pub(crate) use own::OwnPages;
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
    let origin = Origin {
        base,
        resolver: &Base::new(base),
        role,
        here: None,
    };
    sanitize_from(policy, html, origin)
}

fn sanitize_from(policy: &Policy, html: &str, origin: Origin) -> Sanitized {
    let prepared = prepare::prepare(html);
    let mut clean = Vec::with_capacity(prepared.html.len());
    // Into memory, writing does not fail; and nothing would be left to show if it did.
    let _ = policy::AMMONIA.clean(&prepared.html).write_to(&mut clean);
    let clean = UTF_8
        .decode_without_bom_handling_and_without_replacement(&clean)
        .unwrap_or_default();
    let nodes = convert::convert(tree::read(&clean), policy, origin);
    let nodes = tidy::tidy(fit::fit(nodes), origin.role);
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
/// none. Of an entry that may not be republished, the text becomes its beginning, and earlier texts
/// go; what its sharers and the owner say of it stays.
pub(crate) fn sanitize(
    archive: Archive<RawBody>,
    bodies: &mut Bodies,
    policy: &Policy,
    config: &Config,
) -> (Archive<SafeBody>, Vec<Diagnostic>) {
    let wanted: BTreeSet<Wanted> = archive
        .entries
        .iter()
        .flat_map(|entry| wanted(entry, extent(entry, config)))
        .map(|(raw, extent)| (raw.clone(), extent))
        .collect();
    let wanted: Vec<Wanted> = wanted.into_iter().collect();
    let sanitized: Vec<Sanitized> = wanted
        .par_iter()
        .map(|(raw, extent)| {
            let html = bodies.raw(raw.html);
            let whole = sanitize_one(policy, &html, raw.base.as_ref(), raw.role);
            match extent {
                Extent::Full => whole,
                Extent::Excerpt => beginning::of(whole),
            }
        })
        .collect();
    let mut safe = Safe::default();
    for (wanted, sanitized) in wanted.into_iter().zip(sanitized) {
        if sanitized.flattened {
            safe.flattened.insert(wanted.clone());
        }
        let html = bodies.store_safe(&sanitized.html);
        let body = (!sanitized.html.is_empty()).then_some(SafeBody {
            html,
            facts: sanitized.facts,
        });
        safe.bodies.insert(wanted, body);
    }
    let diagnostics = archive
        .entries
        .iter()
        .filter_map(|entry| safe.complaint(entry, extent(entry, config)))
        .collect();
    let entries = archive
        .entries
        .into_iter()
        .map(|entry| {
            let extent = extent(&entry, config);
            safe.entry(entry, extent)
        })
        .collect();
    (Archive { entries }, diagnostics)
}

/// Sanitizes a page that the owner wrote: its ids are its own, and its relative links lead to what
/// they name beside its file. A page that was cut or flattened is told.
pub(crate) fn sanitize_page(
    page: &OwnPage,
    among: &OwnPages,
    bodies: &mut Bodies,
    policy: &Policy,
) -> (SafeBody, Option<Diagnostic>) {
    let origin = Origin {
        base: None,
        resolver: &Base::new(None),
        role: Role::Page,
        here: Some(own::Here {
            page: &page.page,
            among,
        }),
    };
    let sanitized = sanitize_from(policy, &bodies.raw(page.body), origin);
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

/// A body, and how much of it is published.
type Wanted = (RawBody, Extent);

/// How much of the text of an entry is published.
fn extent(entry: &Entry<RawBody>, config: &Config) -> Extent {
    config.extent(entry.shares.iter().map(|share| &share.feed))
}

/// The bodies of an entry that are published, and how much of each.
fn wanted(entry: &Entry<RawBody>, extent: Extent) -> impl Iterator<Item = (&RawBody, Extent)> {
    let text = entry.body.iter().map(move |raw| (raw, extent));
    let words = entry
        .shares
        .iter()
        .filter_map(|share| share.comment.as_ref())
        .chain(&entry.notes);
    let earlier = entry
        .revisions
        .iter()
        .filter(move |_| extent == Extent::Full)
        .map(|revision| &revision.body);
    text.chain(words.chain(earlier).map(|raw| (raw, Extent::Full)))
}

/// What became of each raw body.
#[derive(Default)]
struct Safe {
    bodies: BTreeMap<Wanted, Option<SafeBody>>,
    flattened: BTreeSet<Wanted>,
}

impl Safe {
    /// None, too, if this much of it was not wanted: what was not asked for is not published.
    fn body(&self, raw: &RawBody, extent: Extent) -> Option<SafeBody> {
        self.bodies.get(&(raw.clone(), extent)).cloned().flatten()
    }

    fn complaint(&self, entry: &Entry<RawBody>, extent: Extent) -> Option<Diagnostic> {
        let flattened = wanted(entry, extent)
            .any(|(raw, extent)| self.flattened.contains(&(raw.clone(), extent)));
        flattened.then(|| {
            too_complex(entry.permalink.as_str()).hint("the snapshot keeps the whole text")
        })
    }

    fn entry(&self, entry: Entry<RawBody>, extent: Extent) -> Entry<SafeBody> {
        let full = |raw: &RawBody| self.body(raw, Extent::Full);
        let share = |share: Share<RawBody>| Share {
            comment: share.comment.as_ref().and_then(full),
            feed: share.feed,
            sharer: share.sharer,
            permalink: share.permalink,
            date: share.date,
        };
        let revision = |revision: Revision<RawBody>| {
            Some(Revision {
                body: full(&revision.body)?,
                title: revision.title,
                first_seen: revision.first_seen,
            })
        };
        Entry {
            body: entry.body.as_ref().and_then(|raw| self.body(raw, extent)),
            notes: entry.notes.iter().filter_map(full).collect(),
            shares: entry.shares.into_iter().map(share).collect(),
            revisions: match extent {
                Extent::Full => entry.revisions.into_iter().filter_map(revision).collect(),
                Extent::Excerpt => Vec::new(),
            },
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
