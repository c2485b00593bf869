//! A picture of an emoji → the character that it is a picture of; of a formula, its source.
//!
//! Such pictures stand in words, are loaded from somebody else, and say nothing once their server
//! is gone. The character is in their description, or its code points are the name of their file.
//! Pictures for which there is no character, such as a site's own faces, stay pictures.

use percent_encoding::percent_decode_str;

use super::formula::described;
use super::tree::Element;

/// Classes of pictures of emoji, and of the smileys before them.
const CLASSES: [&str; 13] = [
    "emoji",
    "emojione",
    "emoticon",
    "gemoji",
    "icon-emoji",
    "joypixels",
    "ql-emoji",
    "smile",
    "smiley",
    "smilie",
    "smilies",
    "twemoji",
    "wp-smiley",
];
/// Parts of addresses below which a file is named by its code points.
const FOLDERS: [&str; 8] = [
    "/emoji/",
    "/emojis/",
    "/emojione/",
    "/emoji.php/",
    "/twemoji",
    "/noto-emoji",
    "/openmoji",
    "/joypixels",
];
/// Classes of pictures of formulas.
const FORMULAS: [&str; 7] = [
    "latex",
    "tex",
    "mwe-math-fallback-image-inline",
    "mwe-math-fallback-image-display",
    "ql-img-inline-formula",
    "ql-img-displayed-formula",
    "Wirisformula",
];
/// Parts of addresses of services that draw formulas.
const DRAWERS: [&str; 4] = [
    "/latex.php?",
    "://latex.codecogs.com/",
    "/chart?cht=tx",
    "/media/math/render/",
];
/// Most characters of one emoji: a family with skin tones has eleven, a flag of a region seven.
const LENGTH: usize = 12;
/// Most characters of a smiley, such as `:-)`.
const SMILEY: usize = 6;

/// The character that a picture shows, or the signs of a smiley.
pub(super) fn character(image: &Element<'_>) -> Option<String> {
    let src = address(image);
    let named = image.classes().any(|class| CLASSES.contains(&class));
    let stored = FOLDERS.iter().any(|folder| src.contains(folder));
    if !named && !stored {
        return None;
    }
    let alt = image.attribute("alt").unwrap_or_default().trim();
    if is_emoji(alt) || (named && is_smiley(alt)) {
        return Some(alt.to_owned());
    }
    of_file(src)
}

/// The source of the formula that a picture shows.
pub(super) fn formula(image: &Element<'_>) -> Option<String> {
    let src = address(image);
    let named = image.classes().any(|class| FORMULAS.contains(&class));
    if !named && !DRAWERS.iter().any(|drawer| src.contains(drawer)) {
        return None;
    }
    let alt = described(image.attribute("alt").unwrap_or_default());
    if !alt.is_empty() {
        return Some(alt.to_owned());
    }
    let (_, query) = src
        .split_once("?latex=")
        .or_else(|| src.split_once("&latex="))?;
    let query = query.split('&').next()?.replace('+', " ");
    let source = percent_decode_str(&query).decode_utf8().ok()?;
    let source = described(&source);
    (!source.is_empty()).then(|| source.to_owned())
}

fn address<'e>(image: &'e Element<'_>) -> &'e str {
    let names = ["data-src", "data-lazy-src", "src"];
    let mut addresses = names.iter().filter_map(|name| image.attribute(name));
    addresses
        .find(|src| !src.starts_with("data:"))
        .unwrap_or_default()
}

/// The emoji whose code points name a file: `1f469-200d-1f4bb.png`, `emoji_u1f600.svg`.
fn of_file(src: &str) -> Option<String> {
    let path = src.split(['?', '#']).next()?;
    let stem = path.rsplit('/').next()?.split('.').next()?;
    let stem = stem.strip_prefix("emoji_u").unwrap_or(stem);
    let code = |part: &str| {
        let part = part.trim_start_matches(['u', 'U', '+']);
        (2..=6).contains(&part.len()).then_some(())?;
        char::from_u32(u32::from_str_radix(part, 16).ok()?)
    };
    let emoji: Option<String> = stem.split(['-', '_']).map(code).collect();
    emoji.filter(|emoji| is_emoji(emoji))
}

/// Whether a text is one or a few emoji, and nothing else.
fn is_emoji(text: &str) -> bool {
    let mut drawn = false;
    let known = text.chars().all(|c| {
        drawn |= is_picture(c) || c == '\u{20e3}';
        is_picture(c) || is_part(c)
    });
    known && drawn && text.chars().count() <= LENGTH
}

/// Characters that are drawn as pictures.
fn is_picture(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '←'..='⇿' | '⌀'..='⏿' | '①'..='⛿' | '✀'..='➿'
        | '⤀'..='⥿' | '⬀'..='⯿' | '©' | '®' | '‼' | '⁉' | '™' | 'ℹ' | '〰' | '〽' | '㊗' | '㊙')
}

/// What stands beside them: joiners, variants, flags of regions, keys.
fn is_part(c: char) -> bool {
    matches!(c, '\u{200d}' | '\u{fe0f}' | '\u{fe0e}' | '\u{20e3}' | '\u{e0020}'..='\u{e007f}'
        | '0'..='9' | '#' | '*')
}

/// Whether a text is signs such as `:-)`, `;P` or `:D`, and no name.
fn is_smiley(text: &str) -> bool {
    let signs = text.chars().filter(char::is_ascii_punctuation).count();
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    let length = text.chars().count();
    (2..=SMILEY).contains(&length) && signs > 0 && letters <= 1 && !text.contains(['<', '>', '&'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sanitize::tree::{Node, read};

    fn image(attributes: &str) -> (Option<String>, Option<String>) {
        let html = format!("<img {attributes}>");
        let nodes = read(&html);
        let Some(Node::Element(image)) = nodes.first() else {
            panic!("an image")
        };
        (character(image), formula(image))
    }

    #[test]
    fn pictures_of_emoji_are_their_characters() {
        let wordpress = "src=\"https://s.w.org/images/core/emoji/14.0.0/72x72";
        for (attributes, shown) in [
            ("class=\"wp-smiley\" alt=\"🙂\" src=\"x\"".to_owned(), Some("🙂")),
            ("class=\"wp-smiley\" alt=\":-)\" src=\"icon_smile.gif\"".to_owned(), Some(":-)")),
            (format!("{wordpress}/1f600.png\" alt=\"\""), Some("😀")),
            (format!("{wordpress}/1f1e9-1f1ea.png\""), Some("🇩🇪")),
            (format!("{wordpress}/31-20e3.png\""), Some("1⃣")),
            (
                "class=\"emoji\" alt=\":tada:\" src=\"https://github.githubassets.com/images/icons/emoji/unicode/1f389.png?v8\"".to_owned(),
                Some("🎉"),
            ),
            (
                "src=\"https://x.org/noto-emoji/svg/emoji_u1f469_200d_1f4bb.svg\"".to_owned(),
                Some("👩\u{200d}💻"),
            ),
            ("class=\"emoji\" alt=\"👍🏽\" src=\"/e.svg\"".to_owned(), Some("👍🏽")),
            ("class=\"emoji custom\" alt=\":blobcat:\" src=\"https://m.org/emoji/blobcat.png\"".to_owned(), None),
            ("alt=\"🙂\" src=\"https://x.org/photo.jpg\"".to_owned(), None),
            ("class=\"emoji\" alt=\"\" src=\"https://x.org/emoji/abc.png\"".to_owned(), None),
            ("class=\"emoji\" alt=\"A cat\" src=\"https://x.org/emoji/41.png\"".to_owned(), None),
        ] {
            let (character, _) = image(&attributes);
            assert_eq!(character.as_deref(), shown, "{attributes}");
        }
    }

    #[test]
    fn pictures_of_formulas_are_their_source() {
        for (attributes, source) in [
            (
                "class=\"latex\" alt=\"x^2\" src=\"https://s0.wp.com/latex.php?latex=x%5E2\"",
                Some("x^2"),
            ),
            (
                "src=\"https://s0.wp.com/latex.php?latex=x%5E2+%2B+1&amp;bg=fff\" alt=\"\"",
                Some("x^2 + 1"),
            ),
            (
                "class=\"mwe-math-fallback-image-inline\" alt=\"{\\displaystyle x^{2}}\" src=\"x\"",
                Some("x^{2}"),
            ),
            ("class=\"latest\" alt=\"x\" src=\"/a.png\"", None),
        ] {
            let (_, formula) = image(attributes);
            assert_eq!(formula.as_deref(), source, "{attributes}");
        }
    }
}
