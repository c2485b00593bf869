//! An entry → the terms by which it is compared, each with how much the entry is about it.
//!
//! Words weigh as in BM25 (Robertson and others, 1994): the second and third time that a word
//! comes tells less than the first, and in a short text each time tells more.

use std::collections::HashMap;

use crate::model::{Archive, Entry, Hash, Keyword, Keywords, SafeBody};

/// The weight of a term that an entry is wholly about.
pub(super) const WHOLE: u32 = 256;
/// A shared tag tells twice what its rarity tells, for somebody chose it: √2 on each side. By this
/// alone two entries are related where no more of N entries carry the tag than about the root of N.
/// Words of titles are chosen with as much care, but they repeat, and many mean several things: √2
/// on what they weigh as words.
const CHOSEN: u32 = 362;
/// A shared source tells a quarter: it prefers, but never relates.
const SOURCE: u32 = 128;
/// How many times a word of the title counts.
const TITLE: u32 = 3;
/// How fast repetition tells less, and how much length matters: BM25's usual `k` of 1.2, and a
/// `b` of 0.75 for an average of 300 words, multiplied out, in thousandths.
const ONCE: u32 = 1_000;
const SATURATION: u32 = 300;
const LENGTH: u32 = 3;

/// What two entries may have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Term {
    Word(Keyword),
    Tag(Keyword),
    Source(Keyword),
}

impl Term {
    fn keyword(self) -> Keyword {
        match self {
            Term::Word(keyword) | Term::Tag(keyword) | Term::Source(keyword) => keyword,
        }
    }

    /// Two bytes that tell most terms apart, as a number.
    pub(super) fn two_bytes(self) -> usize {
        let [a, b, ..] = self.keyword().to_bytes();
        usize::from(u16::from_le_bytes([a, b]))
    }
}

/// The terms of an entry.
#[derive(Debug, Clone, Default)]
pub(super) struct Traits {
    /// Each term once, with its weight.
    pub(super) weights: Vec<(Term, u32)>,
    /// Where the original lives.
    pub(super) source: Option<Keyword>,
}

/// The words of each tag, by its key: few tags are on many entries.
pub(super) struct TagWords<'a>(HashMap<&'a str, (Keyword, Keywords)>);

impl<'a> TagWords<'a> {
    pub(super) fn of(archive: &'a Archive<SafeBody>) -> Self {
        let mut words = HashMap::default();
        for tag in archive.entries.iter().flat_map(|entry| &entry.tags) {
            words
                .entry(tag.key.as_str())
                .or_insert_with(|| (Keyword::of_name(&tag.key), Keywords::of(&tag.key)));
        }
        TagWords(words)
    }
}

impl Traits {
    pub(super) fn of(entry: &Entry<SafeBody>, tags_of: &TagWords) -> Self {
        let mut words = Words::default();
        let comments = entry
            .shares
            .iter()
            .filter_map(|share| share.comment.as_ref());
        for body in entry.body.iter().chain(comments).chain(&entry.notes) {
            words.text(&body.facts.keywords);
        }
        if let Some(title) = &entry.title {
            words.title(&Keywords::of(title.as_str()));
        }
        let tags = entry.tags.iter();
        let tags = tags.filter_map(|tag| tags_of.0.get(tag.key.as_str()));
        for (_, keywords) in tags.clone() {
            words.text(keywords);
        }
        let source = entry.source.host.as_deref().map(Keyword::of_name);
        Traits::new(words, tags.map(|(tag, _)| *tag), source)
    }

    /// A hash of all that others compare with.
    pub(super) fn hash(&self) -> Hash {
        let mut bytes = Vec::with_capacity(self.weights.len() * 9 + 5);
        for (term, weight) in &self.weights {
            let kind: u8 = match term {
                Term::Word(_) => 0,
                Term::Tag(_) => 1,
                Term::Source(_) => 2,
            };
            bytes.push(kind);
            bytes.extend_from_slice(&term.keyword().to_bytes());
            bytes.extend_from_slice(&weight.to_le_bytes());
        }
        // `source` is among the weights.
        Hash::of(&bytes)
    }

    pub(super) fn new(
        words: Words,
        tags: impl IntoIterator<Item = Keyword>,
        source: Option<Keyword>,
    ) -> Self {
        let mut weights: Vec<_> = words.weights().collect();
        weights.extend(tags.into_iter().map(|tag| (Term::Tag(tag), CHOSEN)));
        weights.extend(source.map(|source| (Term::Source(source), SOURCE)));
        // Two tags may be one keyword, by chance.
        weights.sort_unstable();
        weights.dedup_by_key(|(term, _)| *term);
        Traits { weights, source }
    }
}

/// The words of all that belongs to an entry.
#[derive(Debug, Default)]
pub(super) struct Words {
    counts: Vec<Count>,
    length: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Count {
    word: Keyword,
    times: u32,
    in_title: bool,
}

impl Words {
    /// Adds words of a text.
    pub(super) fn text(&mut self, keywords: &Keywords) {
        self.add(keywords, 1, false);
    }

    /// Adds the words of the title.
    pub(super) fn title(&mut self, keywords: &Keywords) {
        self.add(keywords, TITLE, true);
    }

    fn add(&mut self, keywords: &Keywords, times: u32, in_title: bool) {
        let read = u32::try_from(keywords.read).unwrap_or(u32::MAX);
        self.length = self.length.saturating_add(read.saturating_mul(times));
        let counts = keywords.words.iter().map(|(word, count)| Count {
            word: *word,
            times: u32::from(*count) * times,
            in_title,
        });
        self.counts.extend(counts);
    }

    fn weights(mut self) -> impl Iterator<Item = (Term, u32)> {
        self.counts.sort_unstable();
        self.counts.dedup_by(|other, first| {
            let same = other.word == first.word;
            if same {
                first.times += other.times;
                first.in_title |= other.in_title;
            }
            same
        });
        let damping = SATURATION.saturating_add(self.length.saturating_mul(LENGTH));
        self.counts.into_iter().map(move |count| {
            let whole = if count.in_title { CHOSEN } else { WHOLE };
            let times = u64::from(count.times) * u64::from(ONCE);
            let weight = u64::from(whole) * times / (times + u64::from(damping)).max(1);
            (
                Term::Word(count.word),
                u32::try_from(weight).unwrap_or(whole),
            )
        })
    }
}
