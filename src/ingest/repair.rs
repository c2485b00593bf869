//! What had to be mended before an entry could be read, and what could not be: as notes with an
//! offset, folded into one diagnostic for each file and kind.
//!
//! A feed that is wrong once is wrong in every entry; forty warnings of the same kind would hide
//! the one that matters. So a repair is told once, with a count and the first place. What was lost
//! is told each time, up to a limit that keeps a broken file from burying a report.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diag::{Code, Diagnostic, Place};

/// Unreadable entries of one file that are told one by one; the rest is counted.
const LOST_SHOWN: usize = 10;
/// The length of the span that marks the first place of a repair, at most.
const MARKED: usize = 60;

/// A kind of repair: the entry is kept, the owner is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Repair {
    /// Another encoding than declared, or none declared.
    Encoding,
    /// Text before the feed.
    Junk,
    /// RSS without `version`, or with one that nobody knows.
    Version,
    /// Atom 0.3, RSS 0.90 and other forms older than those of today.
    OldFormat,
    /// A prefix that is not declared.
    UndeclaredPrefix,
    /// A well-known namespace, misspelt.
    Namespace,
    /// `&` without an entity.
    BareAmpersand,
    /// An entity of HTML that XML does not know.
    HtmlEntity,
    /// A number that stands for no character.
    BadReference,
    /// A character that XML forbids.
    ControlCharacter,
    /// Tags that are not closed, or closed twice.
    Unbalanced,
    /// Markup where only text may stand.
    InlineMarkup,
    /// A `type` that Atom does not know.
    ContentType,
    /// JSON of another type than the specification says.
    JsonType,
    /// An entry outside the place for entries.
    Misplaced,
    /// Entities of the DOCTYPE that grow beyond all measure, left as they stand.
    EntityBomb,
    /// A date in no form that is known.
    Date,
    /// A title, name or list that is longer than what is kept.
    Shortened,
    /// More namespaces than are read.
    Declarations,
    /// A CDATA section with its own end mark in the text.
    ClosedEarly,
    /// A content that is no text.
    Binary,
    /// A link that holds a user name or a password.
    PrivateLink,
}

impl Repair {
    fn words(self) -> &'static str {
        match self {
            Repair::Encoding => "mended an encoding that is not declared, or wrongly",
            Repair::Junk => "mended text before the feed",
            Repair::Version => "mended a missing or unknown `version`",
            Repair::OldFormat => "mended names of an old format",
            Repair::UndeclaredPrefix => "mended a prefix without a namespace",
            Repair::Namespace => "mended a misspelt namespace",
            Repair::BareAmpersand => "mended `&` that begins no entity",
            Repair::HtmlEntity => "mended an entity of HTML that XML does not know",
            Repair::BadReference => "mended a reference to no character",
            Repair::ControlCharacter => "mended a character that XML forbids",
            Repair::Unbalanced => "mended tags that do not match",
            Repair::InlineMarkup => "mended markup that should be escaped",
            Repair::ContentType => "mended an unknown `type`",
            Repair::JsonType => "mended a JSON value of the wrong type",
            Repair::Misplaced => "mended an entry in the wrong place",
            Repair::EntityBomb => "left unexpanded: entities that grow too large",
            Repair::Date => "left out: a date that cannot be read",
            Repair::Shortened => "cut short: a title, a name, or a list of tags or authors",
            Repair::Declarations => "left out: more namespaces than are read",
            Repair::ClosedEarly => {
                "read to its real end: a CDATA section that an unescaped `]]>` closes too early"
            }
            Repair::Binary => "left out: content whose `type` says that it is not text",
            Repair::PrivateLink => "removed a user name or password from a link",
        }
    }
}

/// One repair, somewhere in a slice (or, once moved, in a file).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mended {
    pub(super) repair: Repair,
    /// Bytes from the start.
    pub(super) at: usize,
}

/// What was mended in a slice.
pub(super) type Mends = Vec<Mended>;

/// How many repairs of one slice are remembered: more would cost memory and tell nothing.
const MENDS: usize = 1_000;

/// Notes a repair.
pub(super) fn mend(mends: &mut Mends, repair: Repair, at: usize) {
    if mends.len() < MENDS {
        mends.push(Mended { repair, at });
    }
}

/// Something that was lost, with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Lost {
    pub(super) code: Code,
    pub(super) why: String,
    pub(super) at: usize,
}

/// Gathers what happened to one file.
#[derive(Default)]
pub(super) struct Notes {
    mended: BTreeMap<Repair, (usize, usize, Option<String>)>,
    lost: Vec<Lost>,
    /// How many more were lost.
    more_lost: usize,
    told: Vec<Lost>,
}

impl Notes {
    pub(super) fn mend(&mut self, repair: Repair, at: usize) {
        let (count, first, _) = self.mended.entry(repair).or_insert((0, at, None));
        *count += 1;
        *first = (*first).min(at);
    }

    /// A repair that needs a word of its own.
    pub(super) fn mend_as(&mut self, repair: Repair, at: usize, detail: String) {
        self.mended.insert(repair, (1, at, Some(detail)));
    }

    /// Takes over the repairs of a slice that begins at `offset`.
    pub(super) fn mend_all(&mut self, mended: &[Mended], offset: usize) {
        for Mended { repair, at } in mended {
            self.mend(*repair, offset + at);
        }
    }

    /// Something about the feed as a whole.
    pub(super) fn tell(&mut self, code: Code, at: usize, why: impl Into<String>) {
        self.told.push(Lost {
            code,
            why: why.into(),
            at,
        });
    }

    pub(super) fn lose(&mut self, code: Code, at: usize, why: impl Into<String>) {
        self.lost.push(Lost {
            code,
            why: why.into(),
            at,
        });
    }

    /// More that was lost, too much to be told one by one.
    pub(super) fn lose_more(&mut self, count: usize) {
        self.more_lost += count;
    }

    /// How many entries were lost.
    #[cfg(test)]
    pub(super) fn lost(&self) -> usize {
        self.lost.len() + self.more_lost
    }

    /// Leaves out what only follows from something else that is reported: a section that closes too
    /// early makes the feed malformed, and tags that do not match do, too.
    fn leave_out_consequences(&mut self) {
        let of = |notes: &Notes, repair| {
            notes
                .mended
                .get(&repair)
                .map(|(count, at, _)| (*count, *at))
        };
        let unbalanced = of(self, Repair::Unbalanced);
        let follows = |cause: (usize, usize)| {
            unbalanced.is_some_and(|(count, at)| count <= cause.0 && at >= cause.1)
        };
        if let Some(early) = of(self, Repair::ClosedEarly) {
            let is_cause = |told: &Lost| told.code != Code::FeedMalformed || told.at < early.1;
            self.told.retain(is_cause);
            if follows(early) {
                self.mended.remove(&Repair::Unbalanced);
            }
        }
        let malformed = self
            .told
            .iter()
            .find(|told| told.code == Code::FeedMalformed);
        if malformed.is_some_and(|told| unbalanced == Some((1, told.at))) {
            self.mended.remove(&Repair::Unbalanced);
        }
    }

    /// All of it, for one file with this text.
    pub(super) fn diagnostics(mut self, file: &str, text: &str) -> Vec<Diagnostic> {
        self.leave_out_consequences();
        let place = |at: usize| Place::span(file, text, at..marked_end(text, at));
        let mut out: Vec<Diagnostic> = self
            .mended
            .into_iter()
            .map(|(repair, (count, first, detail))| {
                let words = repair.words();
                let message = match (detail, count) {
                    (Some(detail), _) => format!("{words}: {detail}"),
                    (None, 1) => words.to_owned(),
                    (None, count) => format!("{words} ({count} times, first here)"),
                };
                Diagnostic::warning(Code::FeedRepaired, message).at(place(first))
            })
            .collect();
        let (withheld, lost): (Vec<Lost>, Vec<Lost>) = self
            .lost
            .into_iter()
            .partition(|lost| lost.code == Code::EntryWithheld);
        let mut reasons = BTreeMap::new();
        for Lost { why, at, .. } in withheld {
            let (count, _) = reasons.entry(why).or_insert((0, at));
            *count += 1;
        }
        for (why, (count, first)) in reasons {
            let message = format!("left out: {why} ({count}, first here)");
            out.push(Diagnostic::warning(Code::EntryWithheld, message).at(place(first)));
        }
        let hidden = lost.len().saturating_sub(LOST_SHOWN) + self.more_lost;
        for lost in self
            .told
            .into_iter()
            .chain(lost.into_iter().take(LOST_SHOWN))
        {
            out.push(Diagnostic::warning(lost.code, lost.why).at(place(lost.at)));
        }
        if hidden > 0 {
            let message = format!("more that could not be read: {hidden}");
            out.push(Diagnostic::warning(Code::EntryUnreadable, message).at(Place::file(file)));
        }
        out
    }
}

/// What is marked: to the end of the tag or line, but not far.
fn marked_end(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes().get(at..).unwrap_or_default();
    let length = bytes
        .iter()
        .take(MARKED)
        .position(|byte| matches!(byte, b'>' | b'\n' | b';'))
        .map_or(MARKED.min(bytes.len()), |found| found + 1);
    at + length
}
