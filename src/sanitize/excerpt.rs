//! A finished body → what planning needs to know of it, so that nobody reads it again.

use crate::model::{Facts, Heading, SafeUrl, Text};

use super::policy::{EMBED_CLASS, IMAGE_CLASS};
use super::tidy::level;
use super::tree::{Element, Node, text_of};

/// Longest excerpt, in characters: two or three sentences.
const LENGTH: usize = 280;

/// The facts of a body.
pub(super) fn facts(nodes: &[Node<'_>]) -> Facts {
    let mut survey = Survey::default();
    survey.nodes(nodes);
    Facts {
        excerpt: excerpt(nodes),
        keywords: super::keywords::keywords(nodes),
        ..survey.facts
    }
}

#[derive(Default)]
struct Survey {
    facts: Facts,
    in_word: bool,
}

impl Survey {
    fn nodes(&mut self, nodes: &[Node<'_>]) {
        for node in nodes {
            match node {
                Node::Text(text) => self.count(text),
                Node::Element(element) => self.element(element),
            }
        }
    }

    fn element(&mut self, element: &Element<'_>) {
        // Words do not go on from block to block.
        self.in_word &= element.is_inline() && element.name() != "br";
        if element.name() == "img" && self.facts.image.is_none() {
            self.facts.image = element.attribute("src").and_then(SafeUrl::parse);
        }
        if let Some(level) = level(element.name()) {
            let mut text = String::new();
            text_of(&element.children, &mut text);
            self.facts
                .headings
                .extend(Text::new(&text).map(|text| Heading {
                    level,
                    id: element.attribute("id").map(str::to_owned),
                    text,
                }));
        }
        self.nodes(&element.children);
        self.in_word &= element.is_inline();
    }

    /// Words are parted by white space; where none is written, each character counts.
    fn count(&mut self, text: &str) {
        let bytes = text.as_bytes();
        // Kept apart from the facts, so that the loops run without touching memory.
        let (mut words, mut in_word) = (0, self.in_word);
        let mut at = 0;
        loop {
            if in_word {
                at = end_of_letters(bytes, at);
            }
            let Some(byte) = bytes.get(at) else { break };
            if byte.is_ascii() {
                let begins = IS_LETTER[usize::from(*byte)] && !in_word;
                words += usize::from(begins);
                in_word = begins || (in_word && !byte.is_ascii_whitespace());
                at += 1;
            } else if in_word && goes_on(*byte) {
                let rest = bytes[at..].iter();
                at += rest.take_while(|byte| goes_on(**byte)).count();
            } else {
                let Some(character) = text[at..].chars().next() else {
                    break;
                };
                let (counts, inside) = read(character, in_word);
                words += usize::from(counts);
                in_word = inside;
                at += character.len_utf8();
            }
        }
        self.facts.words += words;
        self.in_word = in_word;
    }
}

/// Whether a character beyond ASCII counts as a new word, and whether a word goes on behind it.
fn read(character: char, in_word: bool) -> (bool, bool) {
    if is_space(character) {
        (false, false)
    } else if is_ideograph(character) {
        (true, false)
    } else {
        let begins = !in_word && is_alphanumeric(character);
        (begins, in_word || begins)
    }
}

/// Where the visible characters of ASCII end that begin at `at`. Eight bytes are looked at together,
/// which is longer than most words.
fn end_of_letters(bytes: &[u8], mut at: usize) -> usize {
    const HIGH_BITS: u64 = u64::from_ne_bytes([0x80; 8]);
    const FIRST_VISIBLE: u64 = u64::from_ne_bytes([b'!'; 8]);
    while let Some(eight) = bytes[at..].first_chunk() {
        let eight = u64::from_le_bytes(*eight);
        // A byte that is less borrows from the bytes behind it, so that the first one found is right.
        let found = (eight.wrapping_sub(FIRST_VISIBLE) | eight) & HIGH_BITS;
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let visible = bytes[at..]
        .iter()
        .take_while(|byte| matches!(byte, b'!'..=0x7f));
    at + visible.count()
}

/// Letters and digits of ASCII.
const IS_LETTER: [bool; 256] = {
    let mut letters = [false; 256];
    let mut byte: u8 = 0;
    while byte.is_ascii() {
        letters[byte as usize] = byte.is_ascii_alphanumeric();
        byte += 1;
    }
    letters
};

/// Whether a byte stands in, or begins, a character beyond ASCII that a word goes on with.
fn goes_on(byte: u8) -> bool {
    !byte.is_ascii() && !MAY_END_WORD[usize::from(byte)]
}

/// Bytes with which a character may begin that ends a word: white space, and ideographs. All others
/// begin, or stand in, characters that a word goes on with.
const MAY_END_WORD: [bool; 256] = {
    let mut ends = [false; 256];
    let mut byte = 0;
    while byte < ends.len() {
        ends[byte] = matches!(
            byte,
            0x9 | 0xa | 0xc | 0xd | 0x20 | 0xc2 | 0xe1..=0xe9 | 0xef..=0xff
        );
        byte += 1;
    }
    ends
};

/// White space; of ASCII, what HTML takes for it.
fn is_space(character: char) -> bool {
    if character.is_ascii() {
        character.is_ascii_whitespace()
    } else {
        character.is_whitespace()
    }
}

/// As `char::is_alphanumeric` says, which has to search its tables for what is common in texts.
fn is_alphanumeric(character: char) -> bool {
    match character {
        'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ɏ' | 'Ѐ'..='ѿ' => true,
        // Dashes, quotation marks, dots
        '\u{2010}'..='\u{2027}' => false,
        _ => character.is_alphanumeric(),
    }
}

/// Chinese and Japanese characters, which stand without spaces.
fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// The beginning as plain text: sentences if there are any, else whatever words there are.
fn excerpt(nodes: &[Node<'_>]) -> Option<Text> {
    [true, false]
        .into_iter()
        .find_map(|sentences| cut(&beginning(nodes, sentences)?))
}

/// More characters than an excerpt has, if there are so many.
fn beginning(nodes: &[Node<'_>], sentences: bool) -> Option<Text> {
    let read = |enough| {
        let mut out = String::new();
        collect(nodes, sentences, enough, &mut out);
        (Text::new(&out), out.len() <= enough)
    };
    let is_long = |text: &Text| text.as_str().chars().nth(LENGTH).is_some();
    // Characters take up to four bytes, and white space is folded; most texts need less.
    match read(LENGTH * 2) {
        (text, true) => text,
        (Some(text), false) if is_long(&text) => Some(text),
        _ => read(LENGTH * 8).0,
    }
}

fn collect(nodes: &[Node<'_>], sentences: bool, enough: usize, out: &mut String) {
    for node in nodes {
        if out.len() > enough {
            return;
        }
        match node {
            Node::Text(text) => {
                out.push_str(&text[..text.floor_char_boundary(enough + 4)]);
            }
            Node::Element(element) if is_skipped(element, sentences) => {}
            Node::Element(element) => {
                let parted = !element.is_inline() || element.name() == "br";
                if parted {
                    out.push(' ');
                }
                collect(&element.children, sentences, enough, out);
                if parted {
                    out.push(' ');
                }
            }
        }
    }
}

fn is_skipped(element: &Element<'_>, sentences: bool) -> bool {
    let name = element.name();
    name == "rt"
        || (sentences && (matches!(name, "pre" | "table" | "figcaption") || level(name).is_some()))
        || (sentences
            && name == "a"
            && (element.has_class(EMBED_CLASS) || element.has_class(IMAGE_CLASS)))
}

/// Cut at the end of a word, and marked where it is cut.
fn cut(text: &Text) -> Option<Text> {
    let text = text.as_str();
    if !text.contains(char::is_alphanumeric) {
        return None;
    }
    let Some((end, _)) = text.char_indices().nth(LENGTH) else {
        return Text::new(text);
    };
    let head = &text[..end];
    let ends_word = text[end..].starts_with(char::is_whitespace);
    let space = head.rfind(char::is_whitespace).filter(|_| !ends_word);
    // Where words stand without spaces, any character may end the excerpt.
    let head = space
        .filter(|space| *space > end / 2)
        .map_or(head, |space| &head[..space]);
    let head = head.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | ':' | '–' | '—' | '-' | '(')
    });
    Text::new(&format!("{head}…"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sanitize::tree::read as nodes;

    #[test]
    fn an_excerpt_is_sentences_and_ends_at_a_word() {
        let long = "word ".repeat(100);
        for (html, shown) in [
            (
                "<h2>Title</h2><p>One <b>tw</b>o.</p><pre>x = 1</pre><p>Three.</p>",
                Some("One two. Three."),
            ),
            ("<pre>x = 1</pre>", Some("x = 1")),
            ("<p>a<br>b</p>", Some("a b")),
            ("<p>…</p>", None),
            ("", None),
            (&long, Some(&*format!("{}…", "word ".repeat(56).trim_end()))),
            (&"字".repeat(300), Some(&*format!("{}…", "字".repeat(280)))),
        ] {
            let facts = facts(&nodes(html));
            assert_eq!(facts.excerpt.as_ref().map(Text::as_str), shown, "{html}");
        }
    }

    #[test]
    fn letters_are_those_that_unicode_names() {
        for character in '\0'..=char::MAX {
            assert_eq!(is_alphanumeric(character), character.is_alphanumeric());
            let mut bytes = [0; 4];
            let first = character.encode_utf8(&mut bytes).as_bytes()[0];
            let ends_word = is_space(character) || is_ideograph(character);
            assert!(
                !ends_word || MAY_END_WORD[usize::from(first)],
                "{character:?}"
            );
        }
    }

    #[test]
    fn words_are_counted_across_inline_elements() {
        for (html, words) in [
            ("<p>don't <b>sto</b>p</p><p>now</p>", 3),
            ("<p>a</p><p>b</p>c<br>d – e", 5),
            ("漢字 and more", 4),
            ("", 0),
        ] {
            assert_eq!(facts(&nodes(html)).words, words, "{html}");
        }
    }
}
