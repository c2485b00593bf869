//! An archive of strangers' HTML → the same archive with HTML that is safe, valid, and readable.
//!
//! Each body goes through these passes, all linear in its length:
//!
//! 1. [`prepare`], [`treatment`], [`widgets`]: tokens → the few elements and attributes that [`policy`] names,
//!    each closed, under caps; what is raw text, foreign or a comment is gone. It protects the
//!    parser, not the reader. Formulas become text here ([`formula`]), and what its page did not
//!    show goes ([`hidden`]).
//! 2. ammonia: parses as browsers do, filters by the same tables, writes canonical HTML.
//! 3. [`tree`]: canonical HTML → a small tree; an element without a name in the tables is not read.
//!    [`bidi`]: what turns the direction of text ends with its element.
//! 4. [`convert`]: each element with attributes built anew ([`links`], [`images`], [`embeds`],
//!    [`code`], [`colours`], [`values`]).
//! 5. [`fit`], [`tables`]: each element where HTML allows it.
//! 6. [`headings`], [`tidy`]: ids and inner links, empty elements, headings.
//! 7. [`excerpt`], [`keywords`]: the facts that planning needs.
//! 8. [`tree::write`], [`escape`]: everything is escaped here, and nowhere else.
//!
//! Of a text that the owner may not republish, only its beginning leaves this stage ([`beginning`]):
//! what never becomes safe HTML can stand in no page, feed or index.
//!
//! Invariants: nothing that a stranger wrote is copied into markup, it is text or a value that a
//! pass understood; sanitizing twice changes nothing; no other module stores safe HTML.

mod beginning;
mod bidi;
mod census;
mod change;
mod code;
mod colours;
mod convert;
mod css;
mod decode;
mod embeds;
mod emoji;
mod entry;
mod escape;
mod excerpt;
mod fit;
mod formula;
mod headings;
mod hidden;
mod images;
mod keywords;
mod links;
mod mathml;
mod nesting;
mod open;
mod own;
mod policy;
mod prepare;
mod references;
mod style;
mod tables;
mod tidy;
mod token;
mod treatment;
mod tree;
mod values;
mod widgets;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use encoding_rs::UTF_8;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::config::{Config, Extent, Extents};
use crate::diag::{Diagnostic, Place};
use crate::memo::Memo;
use crate::model::{
    Archive, Base, Bodies, Entry, EntryId, Facts, Hash, OwnPage, RawBody, Role, SafeBody, SafeHtml,
    SafeUrl,
};

pub(crate) use embeds::frame_hosts;
pub(crate) use own::OwnPages;
pub(crate) use policy::Policy;

use entry::too_complex;
use links::Origin;
use prepare::{Prepared, Unseen};

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

/// Sanitizes one body that is no part of an archive. Links are resolved against `base`; its role decides on ids, and whether
/// relative links may stay without a base.
#[cfg(test)]
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

/// What its page hid goes. If nothing else is in a stranger's text, a script was to show it, and it
/// stays.
fn sanitize_from(policy: &Policy, html: &str, origin: Origin) -> Sanitized {
    let prepared = prepare::prepare(html, Unseen::Goes);
    let hid = prepared.hid;
    let sanitized = sanitize_prepared(policy, &prepared, origin);
    if sanitized.html.is_empty() && hid && !origin.role.is_owned() {
        let prepared = prepare::prepare(html, Unseen::Stays);
        return sanitize_prepared(policy, &prepared, origin);
    }
    sanitized
}

fn sanitize_prepared(policy: &Policy, prepared: &Prepared, origin: Origin) -> Sanitized {
    let mut clean = Vec::with_capacity(room(&prepared.html));
    // Into memory, writing does not fail; and nothing would be left to show if it did.
    let _ = policy::AMMONIA.clean(&prepared.html).write_to(&mut clean);
    let clean = UTF_8.decode_without_bom_handling_and_without_replacement(&clean);
    let clean = clean.as_deref().unwrap_or_default();
    let mut nodes = tree::read(clean);
    let turns = bidi::has_controls(clean);
    if turns {
        bidi::balance(&mut nodes);
    }
    convert::convert(&mut nodes, policy, origin);
    fit::fit(&mut nodes);
    if turns {
        bidi::balance(&mut nodes);
    }
    headings::name(&mut nodes, origin);
    tidy::tidy(&mut nodes, origin.role);
    let mut html = String::with_capacity(room(clean));
    tree::write(&nodes, &mut html);
    html.truncate(html.trim_end().len());
    Sanitized {
        html,
        facts: excerpt::facts(&nodes),
        flattened: prepared.flattened,
    }
}

/// How much room a text needs after a pass that writes references and attributes, most times.
fn room(html: &str) -> usize {
    html.len() + html.len() / 4
}

/// What became of a body: what the next run need not do again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Known {
    /// None if nothing is left to show.
    body: Option<SafeBody>,
    /// Whether a cap was reached.
    flattened: bool,
}

impl Known {
    /// The HTML, which must be there wherever this is remembered.
    pub(crate) fn html(&self) -> Option<SafeHtml> {
        self.body.as_ref().map(|body| body.html)
    }
}

/// What sanitizing reads, and what it remembers by the key of [`Sanitizer::key`].
struct Sanitizer<'a> {
    /// The HTML, before and after.
    bodies: &'a Bodies,
    /// The rules.
    rules: &'a Rules,
    /// What this run, or an earlier one, sanitized.
    memo: &'a Memo<Known>,
}

/// What decides what is left of a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rules {
    policy: Policy,
    /// How much of which feed may be published.
    extents: Extents,
    /// What links of notes may name.
    own: OwnPages,
}

impl Rules {
    /// Those of a site with these pages of the owner's.
    pub(crate) fn of(config: &Config, own: OwnPages) -> Self {
        Rules {
            policy: Policy::new(&config.content),
            extents: Extents::of(config),
            own,
        }
    }
}

/// An archive that was made safe, and what it was made of: a later one shares what is the same.
#[derive(Debug)]
pub(crate) struct Safe {
    /// The archive.
    pub(crate) archive: Arc<Archive<SafeBody>>,
    rules: Rules,
    /// For each entry, what it was made of, and what was told of it.
    made_of: Vec<Made>,
}

type Made = (Arc<Entry<RawBody>>, Option<Diagnostic>);

impl Safe {
    /// What was told of its entries.
    pub(crate) fn told(&self) -> impl Iterator<Item = &Diagnostic> {
        self.made_of.iter().filter_map(|(_, told)| told.as_ref())
    }

    /// What was made of each entry, by its id.
    fn by_id(&self) -> HashMap<EntryId, usize> {
        let ids = self.archive.entries.iter().map(|entry| entry.id);
        ids.zip(0..).collect()
    }
}

/// Sanitizes every body of an archive, each once, in parallel. A body of which nothing is left is
/// none. Of an entry that may not be republished, the text becomes its beginning, and earlier texts
/// go; what its sharers and the owner say of it stays. An entry that was made of the same by the
/// same rules `before` is used again.
pub(crate) fn sanitize(
    archive: Archive<RawBody>,
    bodies: &Bodies,
    memo: &Memo<Known>,
    rules: Rules,
    before: Option<&Safe>,
) -> Safe {
    let sanitizer = Sanitizer {
        bodies,
        rules: &rules,
        memo,
    };
    let before = before.filter(|before| before.rules == rules);
    let by_id = OnceLock::new();
    let again = |index: usize, entry: &Arc<Entry<RawBody>>| {
        let before = before?;
        // Most stand where they stood.
        let is_there = |(made_of, _): &&Made| made_of.id == entry.id;
        let there = before.made_of.get(index).filter(is_there);
        let elsewhere = || by_id.get_or_init(|| before.by_id()).get(&entry.id);
        let index = there.map(|_| &index).or_else(elsewhere)?;
        let (made_of, told) = &before.made_of[*index];
        let same = Arc::ptr_eq(made_of, entry) || made_of == entry;
        same.then(|| (Arc::clone(&before.archive.entries[*index]), told.clone()))
    };
    let Archive { entries, coverage } = archive;
    let entries = entries.into_par_iter().enumerate();
    let (entries, made_of) = entries
        .map(|(index, entry)| {
            let safe = again(index, &entry).unwrap_or_else(|| sanitizer.entry(&entry));
            (safe.0, (entry, safe.1))
        })
        .unzip();
    Safe {
        archive: Archive { entries, coverage }.into(),
        rules,
        made_of,
    }
}

/// Sanitizes a page that the owner wrote: its ids are its own, and its relative links lead to what
/// they name beside its file. A page that was cut or flattened is told.
pub(crate) fn sanitize_page(
    page: &OwnPage,
    among: &OwnPages,
    bodies: &Bodies,
    policy: &Policy,
) -> (SafeBody, Option<Diagnostic>) {
    let origin = Origin {
        base: None,
        resolver: &Base::new(None),
        role: Role::Page,
        here: Some(own::Here {
            page: Some(&page.page),
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
        facts: sanitized.facts.into(),
    };
    (body, told)
}

impl Sanitizer<'_> {
    /// A body, sanitized now or remembered.
    fn body(&self, raw: &RawBody, extent: Extent) -> Known {
        let make = || {
            let html = self.bodies.raw(raw.html);
            let base = raw.base.as_ref();
            let note = own::Here {
                page: None,
                among: &self.rules.own,
            };
            let origin = Origin {
                base,
                resolver: &Base::new(base),
                role: raw.role,
                here: (raw.role == Role::Note).then_some(note),
            };
            let whole = sanitize_from(&self.rules.policy, &html, origin);
            let sanitized = match extent {
                Extent::Full => whole,
                Extent::Excerpt => beginning::of(whole),
            };
            let body = (!sanitized.html.is_empty()).then(|| SafeBody {
                html: self.bodies.store_safe(&sanitized.html),
                facts: sanitized.facts.into(),
            });
            Known {
                body,
                flattened: sanitized.flattened,
            }
        };
        self.memo.recall(self.key(raw, extent), make, |known| {
            if let Some(html) = known.html() {
                self.bodies.reuse_safe(html);
            }
            known.clone()
        })
    }

    /// All that a sanitized body depends on.
    fn key(&self, raw: &RawBody, extent: Extent) -> Hash {
        let base = raw.base.as_ref().map(SafeUrl::as_str).unwrap_or_default();
        let own = match raw.role {
            Role::Note => self.rules.own.key(),
            Role::Text | Role::Aside | Role::Page => &[],
        };
        Hash::of_parts([
            &raw.html.hash().as_bytes()[..],
            base.as_bytes(),
            &[raw.role as u8, extent as u8],
            &self.rules.policy.key(),
            own,
        ])
    }
}

/// An archive, sanitized without a memory.
#[cfg(test)]
pub(crate) fn sanitize_alone(
    archive: Archive<RawBody>,
    bodies: &Bodies,
    config: &Config,
) -> (Arc<Archive<SafeBody>>, Vec<Diagnostic>) {
    let own = OwnPages::new(std::iter::empty(), config.output.urls);
    let rules = Rules::of(config, own);
    let safe = sanitize(archive, bodies, &Memo::default(), rules, None);
    let told = safe.told().cloned().collect();
    (safe.archive, told)
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod sharing;
#[cfg(test)]
mod tests;
