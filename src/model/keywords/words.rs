//! A text → its words, as keywords.
//!
//! A word is folded so that its usual forms are one: to lower case, and without the endings that
//! English and German use most. Chinese, Japanese and Korean are taken as pairs of characters,
//! which need no dictionary. Addresses, numbers and single letters are no words.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::Keyword;

/// The longest word, in bytes. What is longer is data, or a language written without spaces.
const LONGEST: usize = 48;
/// Shows where a word may be broken, and is no part of it.
const SOFT_HYPHEN: char = '\u{ad}';

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
        let places = self.word.get_mut(self.length..).unwrap_or_default();
        let room = places.len();
        let mut taken = 0;
        for (place, byte) in places.iter_mut().zip(rest) {
            let folded = FOLDED[usize::from(*byte)];
            if folded == 0 {
                break;
            }
            *place = folded;
            taken += 1;
        }
        if taken == room {
            let more = rest[taken..].iter();
            taken += more.take_while(|byte| byte.is_ascii_alphanumeric()).count();
        }
        self.length += taken;
        taken
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
        if is_punctuation(character) {
            self.before = None;
            self.end_word();
            return;
        }
        if is_small_letter(character) {
            self.before = None;
            let mut bytes = [0; 4];
            let bytes = character.encode_utf8(&mut bytes).as_bytes();
            bytes.iter().for_each(|byte| self.push(*byte));
            return;
        }
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
        if length == 0 {
            return;
        }
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
    let is_letter = |character| is_small_letter(character) || character.is_alphabetic();
    let is_word = word.chars().nth(1).is_some() && word.contains(is_letter);
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

/// Dashes, quotation marks and dots, for which no table must be searched either.
fn is_punctuation(character: char) -> bool {
    matches!(character, '\u{2010}'..='\u{2027}')
}

/// Small letters of European languages, for which no table must be searched.
fn is_small_letter(character: char) -> bool {
    matches!(character, 'ß'..='ö' | 'ø'..='ÿ' | 'а'..='џ')
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

    #[test]
    fn small_letters_are_letters_that_are_small() {
        for letter in ('\u{80}'..='\u{fff}').filter(|letter| is_small_letter(*letter)) {
            assert!(letter.is_alphabetic() && !is_written_without_spaces(letter));
            assert!(letter.to_lowercase().eq([letter]), "{letter}");
        }
        for sign in ('\0'..=char::MAX).filter(|sign| is_punctuation(*sign)) {
            assert!(
                !sign.is_alphanumeric() && !is_combining_mark(sign),
                "{sign}"
            );
            assert!(!is_written_without_spaces(sign), "{sign}");
        }
    }
}
