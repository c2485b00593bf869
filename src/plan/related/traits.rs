//! An entry → the terms by which it is compared, each with how much the entry is about it.
//!
//! Words weigh as in BM25 (Robertson and others, 1994): the second and third time that a word
//! comes tells less than the first, and in a short text each time tells more.

use std::collections::HashMap;
use std::iter;
use std::sync::Arc;

use rayon::prelude::*;

use crate::model::{Archive, Entry, Hash, Keyword, Keywords, Parts, SafeBody};

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
/// Room for the terms of an entry that are no words.
const ROOM: usize = 8;

/// What two entries may have in common: a word, a tag or a source, as one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Term(u64);

/// The kinds of terms, above the 32 bits of a keyword.
const WORD: u64 = 0;
const TAG: u64 = 1 << 32;
const HOST: u64 = 2 << 32;

impl Term {
    fn new(kind: u64, keyword: Keyword) -> Self {
        Term(kind | u64::from(keyword.number()))
    }

    pub(super) fn is_word(self) -> bool {
        self.0 < TAG
    }

    pub(super) fn is_source(self) -> bool {
        self.0 >= HOST
    }

    /// Two bytes that tell most terms apart, as a number.
    pub(super) fn two_bytes(self) -> usize {
        (self.0 & 0xffff) as usize
    }
}

/// A term of an entry with its weight, as one number: the term, then 16 bits of weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Trait(u64);

impl Trait {
    fn new(term: Term, weight: u32) -> Self {
        // No weight is greater than `CHOSEN`.
        Trait((term.0 << 16) | u64::from(weight.min(CHOSEN)))
    }

    pub(super) fn term(self) -> Term {
        Term(self.0 >> 16)
    }

    pub(super) fn weight(self) -> u32 {
        (self.0 & 0xffff) as u32
    }
}

/// The terms of an entry.
#[derive(Debug, Clone, Default)]
pub(super) struct Traits {
    /// Each term once, with its weight, in their order.
    pub(super) all: Vec<Trait>,
    /// Where the original lives.
    pub(super) source: Option<Keyword>,
}

/// The traits of entries, and what they are the traits of: as long as those are the same values, they
/// are not found out again.
#[derive(Debug, Clone, Default)]
pub(in crate::plan) struct Known(Vec<(Arc<Entry<SafeBody>>, Arc<Traits>)>);

impl Known {
    /// The traits of all entries of an archive.
    pub(super) fn learn(&mut self, archive: &Archive<SafeBody>) -> Vec<Arc<Traits>> {
        let tags = TagWords::of(archive);
        let entries = archive.entries.par_iter().enumerate();
        let traits = entries.map(|(index, entry)| match self.0.get(index) {
            // Most stand where they stood.
            Some((known, traits)) if Arc::ptr_eq(known, entry) => Arc::clone(traits),
            _ => Arc::new(Traits::of(entry, &tags)),
        });
        let traits: Vec<_> = traits.collect();
        let entries = archive.entries.iter().cloned();
        self.0 = entries.zip(traits.iter().cloned()).collect();
        traits
    }
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

/// A hash of what the traits of an entry are made of.
pub(super) fn matter(entry: &Entry<SafeBody>) -> Hash {
    let mut parts = Parts::default();
    parts.add(&(&entry.title, &entry.source.host));
    parts.add(&(entry.shares.len(), entry.tags.len()));
    let comments = entry.shares.iter().map(|share| &share.comment);
    for body in iter::once(&entry.body).chain(comments) {
        parts.add(&body.as_ref().map(|body| &body.facts.keywords));
    }
    for tag in &entry.tags {
        parts.add(&tag.key);
    }
    parts.hash()
}

impl Traits {
    pub(super) fn of(entry: &Entry<SafeBody>, tags_of: &TagWords) -> Self {
        let mut words = Words::default();
        let comments = entry
            .shares
            .iter()
            .filter_map(|share| share.comment.as_ref());
        // Not the notes: who edits one would move what all later entries are related to.
        for body in entry.body.iter().chain(comments) {
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

    pub(super) fn new(
        words: Words,
        tags: impl IntoIterator<Item = Keyword>,
        source: Option<Keyword>,
    ) -> Self {
        let mut all = words.weighed();
        let of_words = all.len();
        let tags = tags.into_iter().map(|tag| Term::new(TAG, tag));
        all.extend(tags.map(|tag| Trait::new(tag, CHOSEN)));
        // Two tags may be one keyword, by chance.
        all[of_words..].sort_unstable();
        all.dedup();
        all.extend(source.map(|source| Trait::new(Term::new(HOST, source), SOURCE)));
        Traits { all, source }
    }
}

/// The words of all that belongs to an entry.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// Each as one number: the word, how many times (31 bits), whether it is in the title.
    counts: Vec<u64>,
    length: u32,
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
        let counts = keywords.words.iter().map(|(word, count)| {
            let times = u64::from(*count) * u64::from(times);
            (u64::from(word.number()) << 32) | (times << 1) | u64::from(in_title)
        });
        self.counts.extend(counts);
    }

    /// Each word once, with its weight, in their order.
    fn weighed(mut self) -> Vec<Trait> {
        self.counts.sort_unstable();
        let damping = SATURATION.saturating_add(self.length.saturating_mul(LENGTH));
        let mut all = Vec::with_capacity(self.counts.len() + ROOM);
        for same in self.counts.chunk_by(|a, b| a >> 32 == b >> 32) {
            let times: u64 = same
                .iter()
                .map(|one| (one & u64::from(u32::MAX)) >> 1)
                .sum();
            let in_title = same.iter().any(|one| one & 1 == 1);
            let whole = if in_title { CHOSEN } else { WHOLE };
            let times = times * u64::from(ONCE);
            let weight = u64::from(whole) * times / (times + u64::from(damping)).max(1);
            let term = Term(WORD | (same[0] >> 32));
            all.push(Trait::new(term, u32::try_from(weight).unwrap_or(whole)));
        }
        all
    }
}
