//! Characters that change the direction of text → the same, ended with the element that they stand
//! in.
//!
//! A character such as U+202E turns all text around that follows. Authors use it for words of
//! another direction; left open, it would turn the words of the page around as well, and show an
//! address as another. So each is closed where its element ends, or where a block begins, and what
//! closes nothing goes.
//!
//! It comes before the passes that trim text, and again behind those that take elements apart.

use std::borrow::Cow;

use memchr::memchr_iter;

use super::policy::EMBED_CLASS;
use super::tree::{Element, Node, push};

/// Deepest nesting that a browser follows (UAX #9, `max_depth`).
const DEPTH: usize = 125;
const CLOSES_EMBEDDING: char = '\u{202c}';
const CLOSES_ISOLATE: char = '\u{2069}';

/// Ends every change of direction with its element.
pub(super) fn balance(nodes: &mut Vec<Node<'_>>) {
    element(nodes);
}

/// The same for a text that stands alone, such as the description of a picture.
pub(super) fn balanced(text: Cow<'_, str>) -> Cow<'_, str> {
    if !has_controls(&text) {
        return text;
    }
    let mut open = Vec::new();
    let mut out = read(&text, &mut open);
    close(&mut open, &mut out);
    out.into()
}

/// Whether one of U+202A to U+202E or U+2066 to U+2069 is in a text.
pub(super) fn has_controls(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr_iter(0xe2, bytes).any(|at| {
        matches!(
            bytes.get(at + 1..at + 3),
            Some([0x80, 0xaa..=0xae] | [0x81, 0xa6..=0xa9])
        )
    })
}

/// Returns whether a block is among the nodes, or in them.
fn element(nodes: &mut Vec<Node<'_>>) -> bool {
    let mut open = Vec::new();
    let mut any_block = false;
    for node in std::mem::take(nodes) {
        match node {
            Node::Text(text) if has_controls(&text) => {
                let read = read(&text, &mut open);
                if !read.is_empty() {
                    push(nodes, Node::text(read));
                }
            }
            Node::Text(text) => push(nodes, Node::Text(text)),
            Node::Element(mut child) => {
                if element(&mut child.children) || is_block(&child) {
                    any_block = true;
                    end(&mut open, nodes);
                }
                nodes.push(Node::Element(child));
            }
        }
    }
    end(&mut open, nodes);
    any_block
}

/// Whether an element is a block, or becomes one.
fn is_block(element: &Element<'_>) -> bool {
    !element.is_inline() || element.name() == "iframe" || element.has_class(EMBED_CLASS)
}

fn end(open: &mut Vec<char>, nodes: &mut Vec<Node<'_>>) {
    if !open.is_empty() {
        let mut closed = String::new();
        close(open, &mut closed);
        push(nodes, Node::text(closed));
    }
}

fn close(open: &mut Vec<char>, out: &mut String) {
    out.extend(open.drain(..).rev());
}

/// A text without what closes nothing; `open` are the characters that will close what is open.
fn read(text: &str, open: &mut Vec<char>) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\u{202a}' | '\u{202b}' | '\u{202d}' | '\u{202e}' | '\u{2066}'..='\u{2068}' => {
                if open.len() >= DEPTH {
                    continue;
                }
                let isolate = character >= '\u{2066}';
                open.push(if isolate {
                    CLOSES_ISOLATE
                } else {
                    CLOSES_EMBEDDING
                });
            }
            // The end of an isolate ends what is open in it as well.
            CLOSES_ISOLATE => {
                let Some(at) = open.iter().rposition(|end| *end == CLOSES_ISOLATE) else {
                    continue;
                };
                out.extend(open.drain(at + 1..).rev());
                open.pop();
            }
            CLOSES_EMBEDDING if open.pop_if(|end| *end == CLOSES_EMBEDDING).is_none() => continue,
            _ => {}
        }
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sanitize::tree;

    #[test]
    fn what_turns_the_text_around_ends_with_its_element() {
        for (html, ended) in [
            ("<p>a <b>{o}b</b> c</p>", "<p>a <b>{o}b{c}</b> c</p>"),
            ("<p>{o}a{c} b{c}</p>", "<p>{o}a{c} b</p>"),
            ("<p>{i}a{o}b{e} c</p>", "<p>{i}a{o}b{c}{e} c</p>"),
            ("{o}a<p>b</p>c{c}", "{o}a{c}<p>b</p>c"),
            ("<b>{o}a</b>{c}b", "<b>{o}a{c}</b>b"),
            ("{i}<b>a</b>b{e}", "{i}<b>a</b>b{e}"),
            ("“a” – b", "“a” – b"),
        ] {
            let signs = |html: &str| {
                html.replace("{o}", "\u{202e}")
                    .replace("{c}", "\u{202c}")
                    .replace("{i}", "\u{2067}")
                    .replace("{e}", "\u{2069}")
            };
            let html = signs(html);
            let mut nodes = tree::read(&html);
            balance(&mut nodes);
            let mut out = String::new();
            tree::write(&nodes, &mut out);
            assert_eq!(out, signs(ended));
            balance(&mut nodes);
            let mut again = String::new();
            tree::write(&nodes, &mut again);
            assert_eq!(again, out);
        }
    }
}
