//! The bytes of a response → whether they are a feed, and whether they say something new.
//!
//! New is what differs from what was said last of the same entry: a changed `updated` alone is not,
//! for many feeds set it anew in every response; nor is an entry that is gone, or another title of
//! the feed. What cannot be read is new if it was not there before: a later Gleaner may read it.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use url::Url;

use super::layers::layers;
use super::named::named_feeds;
use super::stored::{Place, Stored, TOLERANCE};
use crate::diag::{Code, Diagnostic, Place as SourcePlace, Severity};
use crate::ingest;
use crate::load;
use crate::model::{Hash, Sighting, SourceFile, Text};

/// What a response is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is no feed, but this, in words.
    NotAFeed(String),
    /// It is larger than what is stored, as it came or unpacked.
    TooLarge,
    /// It says what is stored already.
    NothingNew,
    /// It says something new.
    New {
        /// Entries that no snapshot has.
        new: usize,
        /// Entries of which it says something else than was said last.
        changed: usize,
    },
}

/// A response, judged.
#[derive(Debug)]
pub struct Judgement {
    /// What it is worth.
    pub verdict: Verdict,
    /// Where it is to be stored: a path of the site.
    pub path: String,
    /// The feeds that it names, if it is a page: their addresses.
    pub named: Vec<Url>,
    /// What there is to tell of it.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether it is whole, as far as it says itself.
    pub whole: bool,
    /// The address of the archive document before it, which will never change.
    pub archive: Option<String>,
    /// The address of its next page.
    pub page: Option<String>,
    pub(super) place: Place,
    pub(super) sightings: Vec<Arc<Sighting>>,
    pub(super) unreadable: BTreeSet<String>,
}

/// What makes two sightings of a feed the same entry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Guid(Box<str>),
    Link(String),
    /// It has no name: by what it says.
    Content(Hash),
}

impl Key {
    pub(super) fn of(sighting: &Sighting) -> Self {
        match (&sighting.guid, &sighting.link) {
            (Some(guid), _) => Key::Guid(guid.clone()),
            (None, Some(link)) => Key::Link(link.as_str().to_owned()),
            (None, None) => Key::Content(content(sighting)),
        }
    }
}

fn content(sighting: &Sighting) -> Hash {
    let title = sighting.title.as_ref().map(Text::as_str);
    let date = sighting.published.map(|date| date.to_string());
    let text = sighting.content.or(sighting.summary);
    let text = text.map(|html| *html.hash().as_bytes());
    Hash::of_parts([
        title.unwrap_or_default().as_bytes(),
        date.as_deref().unwrap_or_default().as_bytes(),
        text.as_ref().map_or(&[][..], |bytes| &bytes[..]),
    ])
}

/// The date that tells how far back an entry can stand. What was changed since may have stood there
/// before, but then it says something new either way. A date after the response is wrong, or that of a
/// scheduled post, and tells nothing.
fn date(sighting: &Sighting, now: Timestamp) -> Option<Timestamp> {
    let date = sighting.published.or(sighting.updated);
    date.filter(|date| date.duration_since(now) <= TOLERANCE)
}

/// Whether two sightings say the same. Texts are compared by their handles, which are made of what
/// they say.
fn says_the_same(one: &Sighting, other: &Sighting) -> bool {
    // All fields are named, so that a new one is not forgotten.
    let Sighting {
        slice: _,
        guid,
        link,
        title,
        authors,
        published,
        updated: _,
        tags,
        content,
        summary,
        base,
        language,
        source,
        share,
        frozen: _,
    } = one;
    *guid == other.guid
        && *link == other.link
        && *title == other.title
        && *authors == other.authors
        && *published == other.published
        && *tags == other.tags
        && *content == other.content
        && *summary == other.summary
        && *base == other.base
        && *language == other.language
        && *source == other.source
        && *share == other.share
}

/// Whether one of several sightings says the same.
pub(super) fn says_the_same_as_any<'a>(
    mut sightings: impl Iterator<Item = &'a Arc<Sighting>>,
    other: &Sighting,
) -> bool {
    sightings.any(|one| says_the_same(one, other))
}

/// The entries that could not be read, by what was told of them, wherever they stand in the file.
pub(super) fn unreadable(told: &[Diagnostic]) -> BTreeSet<String> {
    let lost = told
        .iter()
        .filter(|it| matches!(it.code, Code::EntryUnreadable | Code::EntryTooLarge));
    lost.map(|it| {
        let excerpt = it.place.as_ref().and_then(|place| place.excerpt.as_ref());
        let excerpt = excerpt.map(|excerpt| excerpt.text.as_str());
        format!("{}\n{}", it.message, excerpt.unwrap_or_default())
    })
    .collect()
}

impl Judgement {
    /// Where it would be stored.
    #[must_use]
    pub fn place(&self) -> Place {
        self.place
    }

    /// Whether it has the entries of another document, and no others.
    #[must_use]
    pub fn repeats(&self, other: &Judgement) -> bool {
        let keys = |it: &Judgement| {
            it.sightings
                .iter()
                .map(|one| Key::of(one))
                .collect::<Vec<_>>()
        };
        keys(self) == keys(other)
    }

    /// Whether there is no entry in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sightings.is_empty() && self.unreadable.is_empty()
    }
}

impl Stored {
    /// Judges a response that came from this address, and that would be stored at this place.
    pub fn judge(&mut self, bytes: &[u8], address: &str, place: Place) -> Judgement {
        let is_small = layers(bytes).is_some();
        let (source, told) = match is_small {
            true => load::unpack(SourceFile {
                path: place.path(&self.feed, "xml").into(),
                bytes: bytes.to_vec(),
            }),
            false => (None, Vec::new()),
        };
        let mut judgement = Judgement {
            verdict: Verdict::NothingNew,
            path: String::new(),
            named: Vec::new(),
            whole: told.is_empty(),
            diagnostics: told,
            archive: None,
            page: None,
            place,
            sightings: Vec::new(),
            unreadable: BTreeSet::new(),
        };
        let Some(source) = source else {
            judgement.verdict = Verdict::TooLarge;
            judgement.diagnostics.clear();
            return judgement;
        };
        let outside = match ingest::outside(&source.bytes, address) {
            Ok(outside) => outside,
            Err(what) => {
                judgement.verdict = Verdict::NotAFeed(what);
                judgement.named = named_feeds(&ingest::text(&source.bytes), address);
                judgement.diagnostics.clear();
                return judgement;
            }
        };
        let packed = if load::is_packed(bytes) { ".gz" } else { "" };
        let extension = format!("{}{packed}", outside.extension);
        judgement.path = place.path(&self.feed, &extension);
        judgement.archive = outside.archive;
        judgement.page = outside.page;
        self.compare(source, &mut judgement);
        judgement
    }

    fn compare(&mut self, source: SourceFile, judgement: &mut Judgement) {
        let source = SourceFile {
            path: judgement.path.as_str().into(),
            bytes: source.bytes,
        };
        if let Some((snapshot, told)) = self.ingest(&source) {
            judgement.sightings = snapshot.sightings;
            judgement.diagnostics.extend(told);
        }
        let cut = |it: &Diagnostic| matches!(it.code, Code::FeedTruncated | Code::GzipBroken);
        judgement.whole &= !judgement.diagnostics.iter().any(cut);
        judgement.unreadable = unreadable(&judgement.diagnostics);
        let (mut new, mut changed) = (0, 0);
        for sighting in &judgement.sightings {
            let date = date(sighting, judgement.place.time);
            let latest = self.latest(&Key::of(sighting), date);
            let is_new = latest.is_none();
            if latest.is_some_and(|latest| says_the_same_as_any(latest.iter(), sighting)) {
                continue;
            }
            // An archive keeps what the feed has changed since: that is new only if it was never said.
            if judgement.place.back > 0 && self.was_said(sighting, date) {
                continue;
            }
            if is_new {
                new += 1;
            } else {
                changed += 1;
            }
        }
        let is_unread = !judgement.unreadable.is_subset(self.unreadable());
        if new + changed > 0 || is_unread {
            judgement.verdict = Verdict::New { new, changed };
        } else {
            self.tell_without_file(judgement);
        }
    }

    /// What is not stored has no file that could be looked at; and what was mended in it was mended
    /// in what is stored, and was told then.
    fn tell_without_file(&self, judgement: &mut Judgement) {
        let told = std::mem::take(&mut judgement.diagnostics).into_iter();
        let told =
            told.filter(|it| it.code != Code::FeedRepaired || it.severity == Severity::Error);
        judgement.diagnostics = told
            .map(|mut it| {
                let file = format!("the response of {}", self.feed);
                it.place = it.place.map(|place| SourcePlace { file, ..place });
                it
            })
            .collect();
    }
}
