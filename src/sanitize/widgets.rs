//! Elements that do something in a browser → what they say to a reader: frames, fields, buttons,
//! formulas, and what stands in for scripts.
//!
//! Each function looks at one start tag and a bounded stretch behind it, so that
//! [`prepare`](super::prepare) stays linear.

use std::borrow::Cow;

use super::token::{Token, Tokens};

/// How much of a button is looked at for the word "copy", in bytes.
const BUTTON_PEEK: usize = 64;
/// How far a `noscript` is looked into, and how far back its picture is looked for, in bytes.
const NOSCRIPT_PEEK: usize = 8 * 1024;

/// The address and the title of a frame; none without an address. A lazy loader's address comes
/// first, and an element that knows a video's id alone gets one.
pub(super) fn frame<'a>(
    source: &str,
    tokens: &Tokens<'a>,
) -> Option<(Cow<'a, str>, Option<&'a str>)> {
    let url = ["data-src", "data-lazy-src", source]
        .iter()
        .find_map(|name| tokens.attribute(name))?;
    let title = tokens
        .attribute("title")
        .or_else(|| tokens.attribute("playlabel"));
    if source != "videoid" {
        return Some((url.into(), title));
    }
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let id: String = url.chars().filter(plain).collect();
    Some((format!("https://www.youtube.com/embed/{id}").into(), title))
}

/// A box to tick, as a sign; none for every other field.
pub(super) fn input(tokens: &Tokens<'_>) -> Option<char> {
    let is_box = tokens.attribute("type")?.eq_ignore_ascii_case("checkbox");
    let checked = tokens.attribute("checked").is_some();
    is_box.then_some(if checked { '☑' } else { '☐' })
}

/// Whether a `noscript` holds a picture whose address has just been written: a lazy loader says
/// it twice.
pub(super) fn shows_again(written: &str, tokens: &Tokens<'_>) -> bool {
    let ahead = tokens.peek(NOSCRIPT_PEEK);
    let Some(end) = ahead.find("</noscript") else {
        return false;
    };
    let from = written.len().saturating_sub(NOSCRIPT_PEEK);
    let written = &written[written.ceil_char_boundary(from)..];
    let mut inside = Tokens::new(&ahead[..end]);
    while let Some(token) = inside.next() {
        let is_image = matches!(token, Token::Start(name) if name.eq_ignore_ascii_case("img"));
        let src = inside
            .attribute("src")
            .filter(|src| is_image && !src.is_empty());
        if let Some(src) = src {
            return written.contains(src);
        }
    }
    false
}

/// Whether a button copies the code that it stands beside.
pub(super) fn copies(tokens: &Tokens<'_>) -> bool {
    let says = |text: &str| {
        let text = text.to_ascii_lowercase();
        text.contains("copy") || text.contains("clipboard")
    };
    ["class", "title", "aria-label"]
        .iter()
        .any(|name| tokens.attribute(name).is_some_and(says))
        || tokens.attribute("data-clipboard-text").is_some()
        || tokens.attribute("data-clipboard-target").is_some()
        || tokens
            .peek(BUTTON_PEEK)
            .trim_start()
            .to_ascii_lowercase()
            .starts_with("copy")
}

/// A formula as text: its TeX source if it has one, else its signs.
pub(super) fn formula_text(formula: &str) -> String {
    let tokens = Tokens::new(formula);
    let mut signs = String::new();
    let mut source = String::new();
    let mut in_source = false;
    for token in tokens {
        match token {
            Token::Start(name) => in_source = name.eq_ignore_ascii_case("annotation"),
            Token::End(_) => in_source = false,
            Token::Text(text) if in_source => source.push_str(text),
            Token::Text(text) => signs.push_str(text.trim_matches('\n')),
        }
    }
    let text = if source.trim().is_empty() {
        signs
    } else {
        source
    };
    text.trim().to_owned()
}
