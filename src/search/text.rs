//! Sanitized HTML and plain text → the words that are searched.
//!
//! Only what sanitizing writes is read: lower-case names, quoted attributes without `<` or `>`, three
//! references. Reading stops as soon as there are words enough, so a long text costs no more than a
//! short one.
//!
//! Pagefind parts words at white space, but Chinese and Japanese are written without any: there,
//! each character becomes a word, as it does in a query (`search.js`).

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

/// Words with German umlauts or ß as they are typed without them (`Brötchen`: `broetchen`), each
/// once, in order: Pagefind itself only takes the dots away (`brotchen`).
pub(super) fn spelled_out(texts: &[&str]) -> String {
    let mut found: Vec<String> = texts
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_ascii() && word.contains(['ä', 'ö', 'ü', 'Ä', 'Ö', 'Ü', 'ß', 'ẞ']))
        .map(|word| {
            let word = word.to_lowercase();
            let word = word.replace('ä', "ae").replace('ö', "oe");
            word.replace('ü', "ue").replace('ß', "ss")
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found.join(" ")
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
        assert_eq!(
            spelled_out(&[text, "Fußball-Verein"]),
            "aepfel broetchen fussball strasse ueber"
        );
        assert_eq!(spelled_out(&["naïve café"]), "");
    }

    #[test]
    fn characters_that_are_words_are_parted_invisibly() {
        assert_eq!(spaced("Rust 中文版"), "Rust 中\u{200a}文\u{200a}版");
        assert_eq!(spaced("plain"), "plain");
    }
}
