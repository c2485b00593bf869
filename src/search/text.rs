//! Sanitized HTML and plain text → the words that are searched.
//!
//! Only what sanitizing writes is read: lower-case names, quoted attributes without `<` or `>`, three
//! references. Reading stops as soon as there are words enough, so a long text costs no more than a
//! short one.
//!
//! Pagefind keeps `_` in words and drops other signs; a question is read by the same rule (`spaced` in
//! `search.js`), and `tests/fixtures/search/identifiers.json` holds the two together.
//!
//! Pagefind parts words at white space, but Chinese and Japanese are written without any: there,
//! each character becomes a word, as it does in a query (`search.js`).

use std::collections::BTreeSet;

/// The longest word, in characters: more is data, not language.
const LONGEST: usize = 80;
/// What Pagefind's own marks start with: a word must not be one.
const MARK: &str = "___";

/// Words that are collected, with a space between them.
#[derive(Debug, Default)]
pub(super) struct Words {
    text: String,
    word: String,
    count: usize,
}

impl Words {
    /// All words.
    pub(super) fn finish(mut self) -> String {
        self.end_word();
        self.text
    }

    /// Adds plain text.
    pub(super) fn plain(&mut self, text: &str) {
        self.characters(text);
        self.end_word();
    }

    /// Adds the text of sanitized HTML, as far as there are this many more words.
    pub(super) fn html(&mut self, html: &str, limit: usize) {
        let full = self.count.saturating_add(limit);
        let mut rest = html;
        while self.count < full {
            let Some(tag) = rest.find('<') else { break };
            self.run(&rest[..tag], full);
            let end = rest[tag..]
                .find('>')
                .map_or(rest.len(), |end| tag + end + 1);
            if !is_inline(&rest[tag..end]) {
                self.end_word();
            }
            rest = &rest[end..];
        }
        if self.count < full {
            self.run(rest, full);
        }
        self.end_word();
    }

    /// Adds text between two tags, as far as there is room.
    fn run(&mut self, escaped: &str, full: usize) {
        // Most runs are short or whole; a long one is cut where it certainly is enough.
        for piece in escaped.split_inclusive(char::is_whitespace) {
            if self.count >= full {
                return;
            }
            if piece.contains('&') {
                self.characters(&decode(piece));
            } else {
                self.characters(piece);
            }
        }
    }

    fn characters(&mut self, text: &str) {
        for character in text.chars() {
            if character.is_whitespace() {
                self.end_word();
            } else if stands_alone(character) {
                self.end_word();
                self.word.push(character);
                self.end_word();
            } else {
                self.word.push(character);
            }
        }
    }

    fn end_word(&mut self) {
        if self.word.is_empty() {
            return;
        }
        let word = match self.word.starts_with(MARK) {
            true => self.word.trim_start_matches('_'),
            false => &self.word,
        };
        if !word.is_empty() {
            if !self.text.is_empty() {
                self.text.push(' ');
            }
            self.text.extend(word.chars().take(LONGEST));
            self.count += 1;
        }
        self.word.clear();
    }
}

/// The text with a hair space beside each character that is a word of its own: it parts words for
/// Pagefind, and a page takes it out again.
pub(super) fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before: Option<char> = None;
    for character in text.chars() {
        let touches = before.is_some_and(|before| {
            (stands_alone(before) || stands_alone(character))
                && !before.is_whitespace()
                && !character.is_whitespace()
        });
        if touches {
            out.push('\u{200a}');
        }
        out.push(character);
        before = Some(character);
    }
    out
}

/// Words under which texts are found beside those that Pagefind makes of them, each once, in order:
/// words with umlauts as they are typed without them ([`spelled_out`]), identifiers from each of
/// their parts on ([`tails`]), and names that end in signs ([`signed`]).
pub(super) fn also(texts: &[&str]) -> String {
    let mut found = BTreeSet::new();
    for word in texts.iter().flat_map(|text| text.split_whitespace()) {
        found.extend(spelled_out(word));
        found.extend(tails(word));
        found.extend(signed(word));
    }
    Vec::from_iter(found).join(" ")
}

/// Words with German umlauts or ß as they are typed without them (`Brötchen`: `broetchen`): Pagefind
/// itself only takes the dots away (`brotchen`).
fn spelled_out(word: &str) -> impl Iterator<Item = String> {
    let parts = word.split(|c: char| !c.is_alphanumeric());
    let is_spelled =
        |part: &&str| !part.is_ascii() && part.contains(['ä', 'ö', 'ü', 'Ä', 'Ö', 'Ü', 'ß', 'ẞ']);
    parts.filter(is_spelled).map(|part| {
        let part = part.to_lowercase();
        let part = part.replace('ä', "ae").replace('ö', "oe");
        part.replace('ü', "ue").replace('ß', "ss")
    })
}

/// The longest word of which the ends are indexed, in bytes: longer ones are addresses and data.
const LONGEST_COMPOUND: usize = 64;
/// How many ends of one word are indexed.
const MOST_TAILS: usize = 6;

/// The ends of an identifier that are made of several parts: `to_string` of `read_to_string`,
/// `fsread` of `std::fs::read`. Pagefind indexes the whole and each part, and finds beginnings; with
/// these, every run of parts is the beginning of something. They are written as Pagefind writes
/// words: in small letters, without signs other than `_`.
fn tails(word: &str) -> Vec<String> {
    let is_outside = |c: char| !c.is_alphanumeric() && c != '_';
    let word = word.trim_matches(is_outside);
    if word.len() > LONGEST_COMPOUND || word.contains("://") {
        return Vec::new();
    }
    let starts = part_starts(word);
    // The last part alone is indexed already.
    let several = starts.split_last().map_or(&[][..], |(_, several)| several);
    let tails = several.iter().take(MOST_TAILS).map(|start| {
        let letters = word[*start..].chars().filter(|c| !is_outside(*c));
        letters.flat_map(char::to_lowercase).collect()
    });
    tails.collect()
}

/// Where the parts of a word begin, but for one at its very beginning.
fn part_starts(word: &str) -> Vec<usize> {
    let mut before: Option<char> = None;
    let mut starts = Vec::new();
    for (at, character) in word.char_indices() {
        let begins = before.is_some_and(|before| {
            let is_version = at == 1 && matches!(before, 'v' | 'V') && character.is_ascii_digit();
            character.is_alphanumeric()
                && (!before.is_alphanumeric()
                    || (before.is_lowercase() && character.is_uppercase())
                    || is_version)
        });
        if begins {
            starts.push(at);
        }
        before = Some(character);
    }
    starts
}

/// A name that ends in signs which tell it from others, with the signs as words: `csharp` for `C#`,
/// `cplusplus` for `C++`. Pagefind drops signs, so `C#` would be found by everything that begins
/// with a `c`.
fn signed(word: &str) -> Option<String> {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '#' | '+'));
    let name = word.trim_end_matches(['#', '+']);
    let is_name = name.starts_with(char::is_alphabetic) && name.chars().all(char::is_alphanumeric);
    (is_name && name.len() < word.len()).then(|| {
        let signs = word[name.len()..]
            .replace('#', "sharp")
            .replace('+', "plus");
        name.to_lowercase() + &signs
    })
}

/// Chinese and Japanese characters.
fn stands_alone(character: char) -> bool {
    matches!(character, '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Whether a word goes on from before this tag to behind it.
fn is_inline(tag: &str) -> bool {
    let name = tag.trim_start_matches(['<', '/']);
    let name = name.split([' ', '>']).next().unwrap_or_default();
    matches!(
        name,
        "a" | "abbr"
            | "b"
            | "bdi"
            | "bdo"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "i"
            | "ins"
            | "kbd"
            | "mark"
            | "q"
            | "rp"
            | "rt"
            | "ruby"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
    )
}

/// The references that sanitizing writes.
fn decode(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">");
    text.replace("&quot;", "\"").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(html: &str, limit: usize) -> String {
        let mut words = Words::default();
        words.html(html, limit);
        words.finish()
    }

    #[test]
    fn a_text_is_its_words() {
        for (html, limit, expected) in [
            ("<p>One <em>tw</em>o</p><p>three</p>", 99, "One two three"),
            ("<p>One two</p><p>three four</p>", 3, "One two three"),
            ("a &amp;lt; b &lt;d&gt;", 99, "a &lt; b <d>"),
            ("x<br>y<img src=\"a.png\" alt=\"z\">w", 99, "x y w"),
            ("<a href=\"https://e.org/\">link</a>s", 99, "links"),
            ("没有 spaces我们", 99, "没 有 spaces 我 们"),
            ("___PAGEFIND_WEIGHT___9 ___ x", 99, "PAGEFIND_WEIGHT___9 x"),
            ("<p>cut off", 0, ""),
        ] {
            assert_eq!(words(html, limit), expected, "{html}");
        }
        assert_eq!(words(&"x".repeat(500), 1).len(), LONGEST);
    }

    #[test]
    fn what_was_enough_stays_enough() {
        let mut both = Words::default();
        both.plain("a comment");
        both.html("<p>one two three</p>", 2);
        assert_eq!(both.finish(), "a comment one two");
    }

    #[test]
    fn umlauts_are_spelled_out_once() {
        let text = "Die Brötchen, die BRÖTCHEN: Straße über Äpfel";
        let found = also(&[text, "Fußballverein"]);
        assert_eq!(found, "aepfel broetchen fussballverein strasse ueber");
        assert_eq!(also(&["naïve café"]), "");
    }

    /// A test in browsers asks the questions of the same table.
    #[test]
    fn identifiers_are_found_by_their_parts() {
        #[derive(serde::Deserialize)]
        struct Case {
            text: String,
            also: Vec<String>,
        }
        let table = include_str!("../../tests/fixtures/search/identifiers.json");
        let cases: Vec<Case> = serde_json::from_str(table).unwrap();
        for Case { text, also: words } in cases {
            assert_eq!(also(&[&text]), words.join(" "), "{text}");
        }
        assert_eq!(
            also(&["https://e.org/a/b_c/d"]),
            "",
            "an address is no identifier"
        );
    }

    #[test]
    fn characters_that_are_words_are_parted_invisibly() {
        assert_eq!(spaced("Rust 中文版"), "Rust 中\u{200a}文\u{200a}版");
        assert_eq!(spaced("plain"), "plain");
    }
}
