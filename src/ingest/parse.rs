//! One slice and its environment → a sighting, or the reason why there is none.
//!
//! 1. the entities of the DOCTYPE are put in;
//! 2. [`fields`](super::fields) reads what the slice says, mending it on the way;
//! 3. feed-rs judges what takes judgement: dates in most of the forms that feeds have
//!    ([`dates`] knows the rest), links, people and categories, from a small Atom entry that is
//!    always well-formed;
//! 4. dialects take apart what a service wrote into the body.
//!
//! feed-rs has a few inputs on which it panics. None of them can be in that small entry (no person
//! is parsed from one string, no media), and it runs under [`guarded`] all the same. A fresh
//! parser is made for each slice: after an error, its state would make the next parse panic.
//!
//! Invariant: a slice that went in is a sighting or a [`Lost`] that comes out.

use std::sync::Arc;

use feed_rs::model::Entry;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::author;
use super::bounds::Shears;
use super::characters::element;
use super::children::{MAX_DEPTH, TooDeep};
use super::dates;
use super::environment::Environment;
use super::fields::{Fields, fields};
use super::json_item;
use super::kind::Format;
use super::links;
use super::reading::Reading;
use super::repair::{Lost, Mended, Repair};
use super::split_careful::fault;
use super::texts::Texts;
use super::wrapping;
use crate::diag::Code;
use crate::guard::guarded;
use crate::model::{Bodies, Frozen, Hash, RawHtml, RawShare, RawSource, SafeUrl, Sighting, Text};

/// What became of a slice.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub(super) sighting: Result<Arc<Sighting>, Lost>,
    /// Offsets are bytes of the slice.
    pub(super) mended: Vec<Mended>,
}

impl Outcome {
    /// The texts of the entry, which must be there wherever this is remembered.
    pub(crate) fn texts(&self) -> impl Iterator<Item = RawHtml> {
        let sighting = self.sighting.as_deref().ok();
        let share = sighting.and_then(|sighting| sighting.share.as_ref());
        let comment = share.and_then(|share| share.comment);
        let texts = sighting.map(|sighting| [sighting.content, sighting.summary]);
        texts.into_iter().flatten().flatten().chain(comment)
    }

    /// The entry that an earlier run found, whose texts are of use still.
    pub(crate) fn recalled(&self, bodies: &Bodies) -> Option<Arc<Sighting>> {
        self.texts().for_each(|html| bodies.reuse_raw(html));
        self.sighting.as_ref().ok().map(Arc::clone)
    }
}

/// Reads one slice.
pub(super) fn parse(slice: &str, environment: &Environment, key: Hash, bodies: &Bodies) -> Outcome {
    let (expanded, bomb) = environment.entities.expand(slice);
    let mut mended = Vec::new();
    if bomb {
        mended.push(Mended {
            repair: Repair::EntityBomb,
            at: 0,
        });
    }
    let mut shears = Shears::default();
    let reading = Reading::current();
    let meant = wrapping::repaired(&expanded, &reading);
    let sighting = read_fields(&meant, environment, &reading).and_then(|mut fields| {
        mended.append(&mut fields.mended);
        let judged = judge(&fields, environment, &mut shears, &reading);
        if judged.as_ref().is_ok_and(|judged| judged.unread_date) {
            mended.push(Mended {
                repair: Repair::Date,
                at: 0,
            });
        }
        if judged.as_ref().is_ok_and(|judged| judged.private_link) {
            mended.push(Mended {
                repair: Repair::PrivateLink,
                at: 0,
            });
        }
        judged
            .map(|judged| {
                let around = Around {
                    environment,
                    reading: &reading,
                    bodies,
                };
                assemble(fields, judged, &around, key, &mut shears)
            })
            .map(|sighting| with_frozen(sighting, &expanded, environment, &reading))
            .and_then(unless_empty)
            .map_err(|why| with_place(why, slice, environment))
    });
    if shears.used {
        mended.push(Mended {
            repair: Repair::Shortened,
            at: 0,
        });
    }
    if sighting.is_err() {
        // What was mended in an entry that is lost all the same is not worth telling.
        mended.clear();
    }
    if meant.len() != slice.len() {
        // Offsets in the expanded text mean nothing in the file.
        mended.iter_mut().for_each(|mended| mended.at = 0);
    }
    let sighting = sighting.map_err(|lost| Lost {
        at: lost.at.min(slice.len()),
        ..lost
    });
    Outcome {
        sighting: sighting.map(Arc::new),
        mended,
    }
}

fn read_fields(slice: &str, environment: &Environment, reading: &Reading) -> Result<Fields, Lost> {
    let lost = |why, at| Lost {
        code: Code::EntryUnreadable,
        why,
        at,
    };
    if environment.format == Format::Json {
        let mut fields = json_item::fields(slice, reading).map_err(|(why, at)| lost(why, at))?;
        if fields.people.is_empty() {
            let authors = environment.authors.iter().map(Text::to_string);
            fields.people = authors.collect();
        }
        // The text belongs to the entry's own page, and so do its links.
        let own = fields.share.as_deref();
        fields.base = own.and_then(|own| links::resolve(environment.link_base(), own, reading));
        return Ok(fields);
    }
    let mut fields = fields(slice, environment, reading).map_err(|TooDeep(at)| {
        lost(
            format!("an entry nested deeper than {MAX_DEPTH} elements"),
            at,
        )
    })?;
    if let Some(why) = fields.privacy.withheld() {
        return Err(Lost {
            code: Code::EntryWithheld,
            why: why.to_owned(),
            at: 0,
        });
    }
    fields.id_as_link = environment.format == Format::Atom;
    Ok(fields)
}

/// The place and, if the slice is not well-formed, the cause of a loss.
fn with_place(why: String, slice: &str, environment: &Environment) -> Lost {
    let fault = (environment.format != Format::Json)
        .then(|| fault(slice))
        .flatten();
    let (at, why) = match fault {
        Some((at, cause)) => (at, format!("{why}: {cause}")),
        None => (0, why),
    };
    Lost {
        code: Code::EntryUnreadable,
        why,
        at,
    }
}

/// What feed-rs reads of an entry or a header.
pub(super) struct Judged {
    pub(super) link: Option<SafeUrl>,
    pub(super) published: Option<Timestamp>,
    pub(super) updated: Option<Timestamp>,
    pub(super) authors: Vec<Text>,
    pub(super) tags: Vec<Text>,
    /// Whether a date was written that cannot be read.
    unread_date: bool,
    /// Whether a link was written with a user name or a password.
    private_link: bool,
}

/// Lets feed-rs judge.
pub(super) fn judge(
    fields: &Fields,
    environment: &Environment,
    shears: &mut Shears,
    reading: &Reading,
) -> Result<Judged, String> {
    let entry = feed_rs(&small_entry(fields, shears))?;
    let base = fields.base.as_ref().or(environment.link_base());
    let language = fields
        .language
        .as_ref()
        .or(environment.feed_language.as_ref());
    let [published, updated] = [
        (entry.published, &fields.published),
        (entry.updated, &fields.updated),
    ]
    .map(|(date, written)| {
        let standard = date.and_then(|date| {
            let nanoseconds = i32::try_from(date.timestamp_subsec_nanos()).ok()?;
            Timestamp::new(date.timestamp(), nanoseconds).ok()
        });
        let written = written.as_ref().map(|(_, written)| written.as_str());
        dates::read(standard, written, language.map(Text::as_str), reading)
    });
    let link = links::link(&entry.links, fields, base, reading);
    Ok(Judged {
        private_link: fields.written_links().any(links::is_private),
        link,
        unread_date: fields.published.is_some() && published.is_none()
            || fields.updated.is_some() && updated.is_none(),
        published,
        updated,
        authors: author::names(
            entry
                .authors
                .iter()
                .filter_map(|person| person.name.as_deref()),
            reading,
        ),
        tags: tags(&entry, reading),
    })
}

/// The circumstances in which a sighting is put together.
pub(super) struct Around<'a> {
    environment: &'a Environment,
    pub(super) reading: &'a Reading,
    pub(super) bodies: &'a Bodies,
}

/// Puts a sighting together.
fn assemble(
    mut fields: Fields,
    mut judged: Judged,
    around: &Around<'_>,
    key: Hash,
    shears: &mut Shears,
) -> Sighting {
    let Around {
        environment,
        reading,
        ..
    } = *around;
    let mut texts = Texts::new(fields.content.take(), fields.summary.take(), shears, around);
    texts.substitute(fields.substitute.take(), shears);
    let resolved = |link: &String| SafeUrl::resolve(environment.link_base(), link.trim());
    let mut source = RawSource {
        title: fields
            .source_title
            .as_deref()
            .and_then(|title| shears.visible(title, reading)),
        link: fields.source_link.as_ref().and_then(resolved),
        feed: fields.source_feed.as_ref().and_then(resolved),
    };
    source.title = texts.source.take().or(source.title);
    if texts.share.is_none() {
        texts.share = own_share(&fields, &judged);
        if texts.share.is_some() {
            // Who wrote this item is who shares; of the original's author it says nothing.
            judged.authors.clear();
        }
    }
    let title = fields.title;
    let title = title.and_then(|(raw, writing)| shears.title(&raw, writing, reading));
    // The title of a film or recording, where the entry has none of its own.
    let title = title.or_else(|| {
        let (raw, writing) = fields.substitute_title?;
        let title = shears.title(&raw, writing, reading);
        title.filter(|_| reading.improves())
    });
    Sighting {
        slice: key,
        guid: fields.id.as_deref().map(Into::into),
        link: judged.link,
        title,
        authors: judged.authors,
        published: judged.published,
        updated: judged.updated,
        tags: judged.tags,
        content: texts.content,
        summary: texts.summary,
        base: fields.content_base.or(fields.base),
        language: fields.language,
        source,
        share: texts.share,
        frozen: None,
    }
}

/// Adds the frozen reading to a sighting, where an improvement made a difference.
fn with_frozen(
    mut sighting: Sighting,
    expanded: &str,
    environment: &Environment,
    reading: &Reading,
) -> Sighting {
    if reading.improved()
        && let Some((guid, frozen)) = frozen(expanded, environment, sighting.slice)
    {
        sighting.guid = guid;
        let differs = frozen != Frozen::current(&sighting);
        sighting.frozen = differs.then(|| Box::new(frozen));
    }
    sighting
}

/// The id, and what addresses are computed from, as version 0.1 read them; none if that gave no sighting,
/// so that no address depends on it.
fn frozen(
    expanded: &str,
    environment: &Environment,
    key: Hash,
) -> Option<(Option<Box<str>>, Frozen)> {
    let (reading, mut shears) = (Reading::frozen(), Shears::default());
    // Only their hashes are of use.
    let bodies = Bodies::default();
    let fields = read_fields(expanded, environment, &reading).ok()?;
    let judged = judge(&fields, environment, &mut shears, &reading).ok()?;
    let around = Around {
        environment,
        reading: &reading,
        bodies: &bodies,
    };
    let sighting = assemble(fields, judged, &around, key, &mut shears);
    (!is_empty(&sighting)).then(|| (sighting.guid.clone(), Frozen::current(&sighting)))
}

/// The sighting, unless there is nothing by which a reader could know the entry, today or in version
/// 0.1, whose addresses stay.
fn unless_empty(sighting: Sighting) -> Result<Sighting, String> {
    if is_empty(&sighting) && sighting.frozen.is_none() {
        return Err("an entry without id, link, title or text".to_owned());
    }
    Ok(sighting)
}

/// The share of an entry with a page of its own beside its link; nobody's share is none.
fn own_share(fields: &Fields, judged: &Judged) -> Option<RawShare> {
    let permalink = fields.base.clone().filter(|_| fields.share.is_some())?;
    if Some(&permalink) == judged.link.as_ref() {
        return None;
    }
    Some(RawShare {
        sharer: judged.authors.first()?.clone(),
        permalink: Some(permalink),
        comment: None,
    })
}

/// Whether there is nothing by which a reader could know the entry.
fn is_empty(sighting: &Sighting) -> bool {
    sighting.guid.is_none()
        && sighting.link.is_none()
        && sighting.title.is_none()
        && sighting.content.is_none()
        && sighting.share.is_none()
}

/// An Atom entry of what takes judgement.
fn small_entry(fields: &Fields, shears: &mut Shears) -> String {
    let mut out = "<entry xmlns=\"http://www.w3.org/2005/Atom\">".to_owned();
    for (name, date) in [
        ("published", &fields.published),
        ("updated", &fields.updated),
    ] {
        if let Some((_, date)) = date {
            element(name, "", date.trim(), &mut out);
        }
    }
    for person in shears.list(&fields.people) {
        out.push_str("<author>");
        element("name", "", person, &mut out);
        out.push_str("</author>");
    }
    for tag in shears.list(&fields.tags) {
        element("category", &attributes(&[("term", tag)]), "", &mut out);
    }
    for link in &fields.links {
        let pairs = [("rel", link.rel.as_str()), ("href", link.href.as_str())];
        element("link", &attributes(&pairs), "", &mut out);
    }
    out.push_str("</entry>");
    out
}

fn attributes(pairs: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (name, value) in pairs {
        out.push_str(&format!(" {name}=\""));
        super::characters::escape(value, &mut out);
        out.push('"');
    }
    out
}

/// feed-rs, with everything that could go wrong around it.
fn feed_rs(xml: &str) -> Result<Entry, String> {
    let parsed = guarded(|| {
        feed_rs::parser::Builder::new()
            .sanitize_content(false)
            // An id is never made up: one that is missing must be seen as missing.
            .id_generator(|_, _, _| String::new())
            .build()
            .parse(xml.as_bytes())
    });
    match parsed {
        Ok(Ok(feed)) => feed
            .entries
            .into_iter()
            .next()
            .ok_or_else(|| "an empty entry".to_owned()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(()) => Err("an entry that the parser gave up".to_owned()),
    }
}

fn tags(entry: &Entry, reading: &Reading) -> Vec<Text> {
    let terms = entry.categories.iter().map(|category| &category.term);
    let tags = terms.filter_map(|term| Text::new(term));
    author::distinct(tags.filter_map(|tag| reading.visible(tag)))
}
