//! A text → the words by which it can be compared with other texts, as hashes and counts.
//!
//! Sanitizing keeps them for each body, planning makes them of titles, and both must agree on what
//! a word is ([`words`]) and which ones say nothing ([`common`]); so it stands here.
//!
//! Invariants: a pure function of the text; its time and its result are bounded, whatever the text.

mod common;
mod packed;
mod words;

use std::fmt;

use serde::{Deserialize, Serialize};

use common::is_common;

/// How much of a text is looked at, in bytes: its first 400 words or so tell what it is about.
pub(crate) const READ: usize = 2_500;
/// How many words characterize a text.
const KEPT: usize = 40;
/// Places in the table of words: more than [`READ`] bytes can hold words, and a power of two.
const PLACES: usize = 1_024;
/// So few words are found without a table.
const FEW: usize = 24;

/// A word as a hash: FNV-1a of 32 bits. It is made for short keys, is stable on every machine and
/// takes a few lines; a collision makes two words one, and costs no more than a weaker choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Keyword(u32);

impl Keyword {
    /// The keyword of a name as it stands: a tag, a host.
    pub(crate) fn of_name(name: &str) -> Self {
        Keyword::of_bytes(name.as_bytes())
    }

    /// The hash itself.
    pub(crate) fn number(self) -> u32 {
        self.0
    }

    pub(super) fn of_bytes(word: &[u8]) -> Self {
        const BASIS: u32 = 0x811c_9dc5;
        const PRIME: u32 = 0x0100_0193;
        let mix = |hash: u32, byte: &u8| (hash ^ u32::from(*byte)).wrapping_mul(PRIME);
        Keyword(word.iter().fold(BASIS, mix))
    }

    fn place(self) -> usize {
        // The low bits of FNV are its weaker ones.
        (self.0 ^ (self.0 >> 16)) as usize % PLACES
    }
}

/// The words that characterize a text.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Keywords {
    /// The most frequent words with their counts; of equal ones, those that come first.
    #[serde(with = "packed")]
    pub(crate) words: Vec<(Keyword, u16)>,
    /// How many words were looked at, the common ones too.
    pub(crate) read: usize,
}

impl Keywords {
    /// The keywords of a plain text, of which no more than the beginning is read.
    pub(crate) fn of(text: &str) -> Self {
        let mut counts = Counts::default();
        words::read(beginning(text), &mut |word| counts.add(word));
        let read = counts.read;
        Keywords {
            words: counts.most_frequent(),
            read,
        }
    }
}

impl fmt::Debug for Keywords {
    /// Short, for it stands in snapshots of tests.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} of {} words", self.words.len(), self.read)
    }
}

fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(READ)]
}

/// Counts words; in the order in which they come, so that the table's order is nowhere seen.
#[derive(Default)]
struct Counts {
    /// For each place in the table, the index of its word and one more; 0 is an empty place. A title
    /// has so few words that it needs none.
    table: Vec<u16>,
    words: Vec<(Keyword, u16)>,
    read: usize,
}

impl Counts {
    fn add(&mut self, word: Keyword) {
        self.read += 1;
        if self.words.len() < FEW {
            match self.words.iter_mut().find(|(known, _)| *known == word) {
                Some((_, count)) => *count += 1,
                None => self.words.push((word, 1)),
            }
            return;
        }
        if self.table.is_empty() {
            self.table = vec![0; PLACES];
            for index in 0..self.words.len() {
                let place = self.place(self.words[index].0);
                self.table[place] = u16::try_from(index + 1).unwrap_or(u16::MAX);
            }
        }
        let place = self.place(word);
        if let Some((_, count)) = self.at(place) {
            *count += 1;
            return;
        }
        // A text of `READ` bytes has fewer words than there are places.
        self.words.push((word, 1));
        self.table[place] = u16::try_from(self.words.len()).unwrap_or(u16::MAX);
    }

    /// Where a word is in the table, or would be.
    fn place(&mut self, word: Keyword) -> usize {
        let mut place = word.place();
        while self.at(place).is_some_and(|(known, _)| *known != word) {
            place = (place + 1) % PLACES;
        }
        place
    }

    /// The word at a place of the table.
    fn at(&mut self, place: usize) -> Option<&mut (Keyword, u16)> {
        let index = usize::from(self.table[place]);
        self.words.get_mut(index.checked_sub(1)?)
    }

    fn most_frequent(mut self) -> Vec<(Keyword, u16)> {
        self.words
            .sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let mut words: Vec<_> = self
            .words
            .into_iter()
            .filter(|(word, _)| !is_common(*word))
            .take(KEPT)
            .collect();
        words.shrink_to_fit();
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<(Keyword, u16)> {
        Keywords::of(text).words
    }

    #[track_caller]
    fn assert_same(one: &str, other: &str) {
        assert_eq!(words(one), words(other), "{one} / {other}");
        assert!(!words(one).is_empty(), "{one}");
    }

    #[test]
    fn the_forms_of_a_word_are_one() {
        for (one, other) in [
            ("Archive", "archives"),
            ("archive archive", "archived archiving"),
            ("server", "SERVERS"),
            ("library", "libraries"),
            ("process", "processes"),
            ("Datenbank", "Datenbanken"),
            ("Stra\u{df}e", "stra\u{df}en"),
            ("caf\u{e9}", "cafe\u{301}"),
            ("Daten\u{ad}bank", "datenbank"),
            ("Москва", "МОСКВА"),
        ] {
            assert_same(one, other);
        }
        for (one, other) in [("rust", "rest"), ("port", "porto"), ("class", "clay")] {
            assert_ne!(words(one), words(other), "{one} / {other}");
        }
    }

    #[test]
    fn what_says_nothing_is_no_keyword() {
        for text in [
            "the and which with from",
            "Und wenn nicht, dann doch",
            "C’est pour vous",
            "1 22 2025 3.14",
            "x y z",
            "https://example.org/a/b?c=d www.example.net ann@example.org",
            "这是我们的",
            "これはそのまま",
            "— … 🚀",
            &"y".repeat(100),
            "",
        ] {
            assert!(words(text).is_empty(), "{text}: {:?}", words(text));
        }
    }

    #[test]
    fn an_address_ends_at_a_space() {
        assert_same("see https://example.org/rust/a.b, borrow", "see, borrow");
        assert_same("(www.example.org/x borrow)", "borrow");
    }

    #[test]
    fn chinese_japanese_and_korean_are_read_in_pairs() {
        assert_eq!(words("数据库").len(), 2);
        assert_eq!(words("数据库")[0], words("数据")[0]);
        assert_eq!(words("东京 rust")[0], words("东京")[0]);
        assert_eq!(words("データ").len(), 2);
        assert_eq!(words("데이터를")[0], words("데이터가")[0]);
        // A single character between others is no word.
        assert!(words("字 a 字").is_empty());
    }

    #[test]
    fn the_most_frequent_come_first_then_the_first() {
        let found = Keywords::of("harvest field gleaner field the the the");
        let counts: Vec<u16> = found.words.iter().map(|(_, count)| *count).collect();
        assert_eq!(counts, [2, 1, 1]);
        assert_eq!(found.words[1], words("harvest")[0]);
        assert_eq!(found.read, 7);
    }

    #[test]
    fn however_long_a_text_is_its_keywords_are_few() {
        for text in [
            (0..5_000).map(|n| format!("w{n:x}q ")).collect::<String>(),
            "ab ".repeat(100_000),
            (0x4e00..0x6000)
                .filter_map(char::from_u32)
                .collect::<String>(),
            "é".repeat(READ),
        ] {
            let found = Keywords::of(&text);
            assert!(found.words.len() <= KEPT && found.read < PLACES);
        }
    }

    #[test]
    fn hashes_never_change() {
        // Published vectors of FNV-1a, 32 bits.
        assert_eq!(Keyword::of_name(""), Keyword(0x811c_9dc5));
        assert_eq!(Keyword::of_name("a"), Keyword(0xe40c_292c));
        assert_eq!(Keyword::of_name("foobar"), Keyword(0xbf9c_f968));
    }
}
