//! A text → the words by which it can be compared with other texts, as hashes and counts.
//!
//! Sanitizing keeps them for each body, planning makes them of titles, and both must agree on what
//! a word is; so it stands here. A word is folded so that its usual forms are one: to lower case,
//! and without the endings that English and German use most. Chinese, Japanese and Korean are
//! taken as pairs of characters, which need no dictionary. Web addresses, numbers, single letters
//! and words that say nothing ([`is_common`]) are none.
//!
//! Invariants: a pure function of the text; its time and its result are bounded, whatever the text.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::common_words::is_common;

/// How much of a text is looked at, in bytes: its first 400 words or so tell what it is about.
pub(crate) const READ: usize = 2_500;
/// How many words characterize a text.
const KEPT: usize = 40;
/// The longest word, in bytes. What is longer is data, or a language written without spaces.
const LONGEST: usize = 48;
/// Places in the table of words: more than [`READ`] bytes can hold words, and a power of two.
const PLACES: usize = 1_024;

/// ASCII letters and digits in lower case; 0 for every other byte.
const FOLDED: [u8; 256] = {
    let mut folded = [0; 256];
    let mut byte: u8 = 0;
    while byte.is_ascii() {
        if byte.is_ascii_alphanumeric() {
            folded[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    folded
};
/// Shows where a word may be broken, and is no part of it.
const SOFT_HYPHEN: char = '\u{ad}';

/// A word as a hash: FNV-1a of 32 bits. It is made for short keys, is stable on every machine and
/// takes a few lines; a collision makes two words one, and costs no more than a weaker choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Keyword(u32);

impl Keyword {
    /// The keyword of a name as it stands: a tag, a host.
    pub(crate) fn of_name(name: &str) -> Self {
        Keyword::of_bytes(name.as_bytes())
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
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Keywords {
    /// The most frequent words with their counts; of equal ones, those that come first.
    pub(crate) words: Vec<(Keyword, u16)>,
    /// How many words were looked at, the common ones too.
    pub(crate) read: usize,
}

impl Keywords {
    /// The keywords of a plain text, of which no more than the beginning is read.
    pub(crate) fn of(text: &str) -> Self {
        let mut counts = Counts::default();
        read(beginning(text), &mut |word| counts.add(word));
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
struct Counts {
    /// For each place in the table, the index of its word and one more; 0 is an empty place.
    table: Box<[u16; PLACES]>,
    words: Vec<(Keyword, u16)>,
    read: usize,
}

impl Default for Counts {
    fn default() -> Self {
        Counts {
            table: Box::new([0; PLACES]),
            words: Vec::new(),
            read: 0,
        }
    }
}

impl Counts {
    fn add(&mut self, word: Keyword) {
        self.read += 1;
        let mut place = word.place();
        loop {
            let index = usize::from(self.table[place]);
            match index
                .checked_sub(1)
                .and_then(|index| self.words.get_mut(index))
            {
                Some((known, count)) if *known == word => {
                    *count += 1;
                    return;
                }
                Some(_) => place = (place + 1) % PLACES,
                None => break,
            }
        }
        // A text of `READ` bytes has fewer words than there are places.
        self.words.push((word, 1));
        self.table[place] = u16::try_from(self.words.len()).unwrap_or(u16::MAX);
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

/// Reads a text and hands on each word.
pub(super) fn read(text: &str, each: &mut impl FnMut(Keyword)) {
    let mut reader = Reader {
        word: [0; LONGEST],
        length: 0,
        before: None,
        each,
    };
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        if byte.is_ascii_alphanumeric() {
            at += reader.ascii(&text.as_bytes()[at..]);
        } else if byte.is_ascii() {
            if reader.is_in_address(&text.as_bytes()[at..]) {
                reader.length = 0;
                at += address_length(&text[at..]);
            } else {
                reader.end_word();
                reader.before = None;
                at += 1;
            }
        } else {
            let Some(character) = text[at..].chars().next() else {
                return;
            };
            reader.character(character);
            at += character.len_utf8();
        }
    }
    reader.end_word();
}

/// How far it is to the next white space.
fn address_length(rest: &str) -> usize {
    rest.find(char::is_whitespace).unwrap_or(rest.len())
}

struct Reader<'a, F> {
    /// The beginning of the present word, in lower case.
    word: [u8; LONGEST],
    /// Its true length, which may be more than is kept.
    length: usize,
    /// The character before, if it is one of those that are taken in pairs.
    before: Option<char>,
    each: &'a mut F,
}

impl<F: FnMut(Keyword)> Reader<'_, F> {
    /// Takes the ASCII letters and digits at the beginning; returns how many there are.
    fn ascii(&mut self, rest: &[u8]) -> usize {
        self.before = None;
        let start = self.length;
        for byte in rest {
            match FOLDED[usize::from(*byte)] {
                0 => break,
                folded => self.push(folded),
            }
        }
        self.length - start
    }

    fn push(&mut self, byte: u8) {
        if let Some(place) = self.word.get_mut(self.length) {
            *place = byte;
        }
        self.length += 1;
    }

    /// Whether the word before this sign is the beginning of a web or mail address.
    fn is_in_address(&self, rest: &[u8]) -> bool {
        match rest {
            [b':', b'/', b'/', ..] | [b'@', ..] => self.length > 0,
            [b'.', ..] => self.length == 3 && self.word.starts_with(b"www"),
            _ => false,
        }
    }

    fn character(&mut self, character: char) {
        if character == SOFT_HYPHEN {
            return;
        }
        if is_written_without_spaces(character) {
            self.end_word();
            self.pair(character);
            return;
        }
        self.before = None;
        // Many scripts write vowels as marks: they are parts of words.
        if character.is_alphanumeric() || is_combining_mark(character) {
            let mut bytes = [0; 4];
            for lower in character.to_lowercase() {
                for byte in lower.encode_utf8(&mut bytes).bytes() {
                    self.push(byte);
                }
            }
        } else {
            self.end_word();
        }
    }

    fn pair(&mut self, character: char) {
        if is_grammar(character) {
            self.before = None;
        } else if let Some(before) = self.before.replace(character) {
            let mut bytes = [0; 8];
            let first = before.encode_utf8(&mut bytes).len();
            let second = character.encode_utf8(&mut bytes[first..]).len();
            (self.each)(Keyword::of_bytes(&bytes[..first + second]));
        }
    }

    fn end_word(&mut self) {
        let length = std::mem::take(&mut self.length);
        let Some(word) = self.word.get(..length) else {
            return;
        };
        let keyword = if word.is_ascii() {
            let is_word = length > 1 && word.iter().any(u8::is_ascii_alphabetic);
            is_word.then(|| Keyword::of_bytes(stem(word)))
        } else {
            beyond_ascii(word)
        };
        if let Some(keyword) = keyword {
            (self.each)(keyword);
        }
    }
}

fn beyond_ascii(word: &[u8]) -> Option<Keyword> {
    let word = std::str::from_utf8(word).ok()?;
    let is_word = word.chars().nth(1).is_some() && word.contains(char::is_alphabetic);
    // Letters with their accents apart (NFD) are rare; others are written in one way already.
    let keyword = if word.contains(is_accent) {
        Keyword::of_bytes(stem(word.nfc().collect::<String>().as_bytes()))
    } else {
        Keyword::of_bytes(stem(word.as_bytes()))
    };
    is_word.then_some(keyword)
}

/// The combining marks of European languages.
fn is_accent(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

/// A word without its ending, as far as that can be done without knowing the language: the plural's
/// `s`, then one of the endings that English and German use most. A stem must stay recognizable.
fn stem(word: &[u8]) -> &[u8] {
    const SHORTEST: usize = 4;
    let word = match word {
        [.., b's' | b'u' | b'i', b's'] => word,
        [stem @ .., b's'] if stem.len() >= 3 => stem,
        _ => word,
    };
    // Patterns instead of a list: this runs for every word of an archive.
    match word {
        [stem @ .., b'i', b'n', b'g']
        | [stem @ .., b'e', b'd' | b'n' | b'r' | b'm']
        | [stem @ .., b'i', b'e']
        | [stem @ .., b'e' | b'y']
            if stem.len() >= SHORTEST =>
        {
            stem
        }
        _ => word,
    }
}

/// Scripts that write words without spaces, or with endings grown onto them: Chinese and Japanese,
/// Korean.
fn is_written_without_spaces(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Characters of these scripts that part words: Hiragana writes mostly grammar, and some Chinese
/// characters nothing else.
fn is_grammar(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{309f}')
        || matches!(
            character,
            '的' | '了'
                | '是'
                | '在'
                | '和'
                | '也'
                | '就'
                | '都'
                | '而'
                | '及'
                | '与'
                | '與'
                | '着'
                | '这'
                | '這'
                | '那'
                | '有'
                | '我'
                | '你'
                | '他'
                | '她'
                | '它'
                | '们'
                | '們'
                | '个'
                | '個'
                | '一'
                | '不'
                | '很'
        )
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
