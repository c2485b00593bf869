//! Elements that do something in a browser → what they say to a reader: frames, fields, buttons, and
//! what stands in for scripts.
//!
//! Each function looks at one start tag and a bounded stretch behind it, so that
//! [`prepare`](super::prepare) stays linear.

use std::borrow::Cow;

use super::images::whole_number;
use super::token::{Token, Tokens};

/// How much of a button is looked at for the word "copy", in bytes.
const BUTTON_PEEK: usize = 64;
/// How far a `noscript` is looked into, and how far back its picture is looked for, in bytes.
const NOSCRIPT_PEEK: usize = 8 * 1024;

/// The address and the title of a frame; none without an address. A lazy loader's address comes
/// first, and an element that knows the id of a film alone gets one.
pub(super) fn frame<'a>(
    source: &str,
    before: &str,
    tokens: &Tokens<'a>,
) -> Option<(Cow<'a, str>, Option<&'a str>)> {
    let title = tokens
        .attribute("title")
        .or_else(|| tokens.attribute("playlabel"));
    if before.is_empty() {
        let url = ["data-src", "data-lazy-src", source]
            .iter()
            .find_map(|name| tokens.attribute(name))?;
        return Some((url.into(), title));
    }
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let id: String = tokens.attribute(source)?.chars().filter(plain).collect();
    Some((format!("{before}{id}").into(), title))
}

/// Whether a frame is too small to show anything: it counts readers.
pub(super) fn is_pixel(tokens: &Tokens<'_>) -> bool {
    let length = |name| whole_number(tokens.attribute(name)?.trim_end_matches("px"));
    ["width", "height"]
        .into_iter()
        .any(|name| length(name).is_some_and(|length| length <= 1))
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
