//! The name of a tag → what becomes of the tag, by the tables of [`policy`](super::policy) and those
//! that stand here.
//!
//! Names are read in any case, as browsers read them. A tag without a rule goes, and its content
//! stays: words are never lost because an element is unknown.

use super::policy::{Kept, element};
use super::prepare::is_void;

/// Elements that are read as another: obsolete ones, and those that would claim a place in the
/// page's own structure.
pub(super) const RENAMED: &[(&str, &str)] = &[
    ("acronym", "abbr"),
    ("address", "div"),
    ("amp-anim", "img"),
    ("amp-audio", "audio"),
    ("amp-img", "img"),
    ("amp-video", "video"),
    ("article", "div"),
    ("aside", "div"),
    ("center", "div"),
    ("dir", "ul"),
    ("fieldset", "div"),
    ("footer", "div"),
    ("form", "div"),
    ("header", "div"),
    ("hgroup", "div"),
    ("image", "img"),
    ("listing", "pre"),
    ("main", "div"),
    ("menu", "ul"),
    ("nav", "div"),
    ("search", "div"),
    ("section", "div"),
    ("strike", "s"),
    ("tt", "code"),
];

/// Elements that go with their content, and whose content the parser does not read as HTML.
const DROPPED_RAW: &[&str] = &["noembed", "noframes", "script", "style", "title"];
/// Elements that go with their content.
pub(super) const DROPPED: &[&str] = &[
    "amp-ad",
    "amp-analytics",
    "amp-auto-ads",
    "amp-consent",
    "amp-embed",
    "amp-pixel",
    "amp-sidebar",
    "amp-sticky-ad",
    "amp-user-notification",
    "canvas",
    "datalist",
    "select",
    "svg",
    "template",
];

/// Elements of scripts that draw a frame: the name, the attribute that says which, and what makes an
/// address of it.
const WIDGETS: &[(&str, &str, &str)] = &[
    (
        "amp-dailymotion",
        "data-videoid",
        "https://www.dailymotion.com/video/",
    ),
    ("amp-facebook", "data-href", ""),
    ("amp-gist", "data-gistid", "https://gist.github.com/"),
    (
        "amp-instagram",
        "data-shortcode",
        "https://www.instagram.com/p/",
    ),
    ("amp-reddit", "data-src", ""),
    (
        "amp-twitter",
        "data-tweetid",
        "https://platform.twitter.com/embed/Tweet.html?id=",
    ),
    (
        "amp-vimeo",
        "data-videoid",
        "https://player.vimeo.com/video/",
    ),
    (
        "amp-youtube",
        "data-videoid",
        "https://www.youtube.com/embed/",
    ),
    ("lite-vimeo", "videoid", "https://player.vimeo.com/video/"),
    ("lite-youtube", "videoid", "https://www.youtube.com/embed/"),
];

/// What becomes of a start tag.
#[derive(Debug, Clone, Copy)]
pub(super) enum Treatment {
    /// The element stays.
    Keep(&'static Kept),
    /// The tag goes, the content stays.
    Unwrap,
    /// Everything up to the end tag goes; up to the end of the text if it is raw.
    Drop { name: &'static str, raw: bool },
    /// The content is text, shown in this element: (its own name, the element).
    Text(&'static str, &'static str),
    /// A frame to be replaced by a link; its content goes if the parser does not read it as HTML.
    Frame {
        /// The attribute with its address.
        source: &'static str,
        /// What stands before it, if it is only the last part of an address.
        before: &'static str,
        raw: bool,
    },
    /// A field of a form.
    Input,
    /// A button of a form or of a widget.
    Button,
    /// A formula, of which its source text stays.
    Math,
    /// What is shown where no script runs, so here; often the picture that stands before it.
    Noscript,
}

impl Treatment {
    /// Whether `/>` may end an element that would else have content.
    pub(super) fn may_end_itself(self) -> bool {
        match self {
            Treatment::Keep(kept) => !is_void(kept),
            Treatment::Input => false,
            _ => true,
        }
    }
}

/// What becomes of a start tag, by its name.
pub(super) fn treatment(name: &str) -> Treatment {
    // Most names are those of the table, and in lower case.
    if let Some(kept) = element(name).filter(|kept| kept.name != "iframe") {
        return Treatment::Keep(kept);
    }
    let mut buffer = [0; LONGEST_NAME];
    match lower_case(name, &mut buffer) {
        Some(name) => treatment_of_lower_case(name),
        None => Treatment::Unwrap,
    }
}

fn treatment_of_lower_case(name: &str) -> Treatment {
    if name != "iframe"
        && let Some(kept) = element(name)
    {
        return Treatment::Keep(kept);
    }
    if let Some((_, today)) = RENAMED.iter().find(|(old, _)| *old == name) {
        return element(today).map_or(Treatment::Unwrap, Treatment::Keep);
    }
    let find = |names: &[&'static str]| names.iter().find(|dropped| **dropped == name).copied();
    if let Some(name) = find(DROPPED_RAW) {
        return Treatment::Drop { name, raw: true };
    }
    if let Some(name) = find(DROPPED) {
        return Treatment::Drop { name, raw: false };
    }
    match name {
        "iframe" => frame("src", "", true),
        "embed" | "amp-iframe" => frame("src", "", false),
        "object" => frame("data", "", false),
        "textarea" => Treatment::Text("textarea", "p"),
        "xmp" => Treatment::Text("xmp", "pre"),
        "plaintext" => Treatment::Text("plaintext", "pre"),
        "input" => Treatment::Input,
        "button" => Treatment::Button,
        "math" => Treatment::Math,
        "noscript" => Treatment::Noscript,
        _ => match WIDGETS.iter().find(|(widget, ..)| *widget == name) {
            Some((_, source, before)) => frame(source, before, false),
            None => Treatment::Unwrap,
        },
    }
}

fn frame(source: &'static str, before: &'static str, raw: bool) -> Treatment {
    Treatment::Frame {
        source,
        before,
        raw,
    }
}

/// The longest name in any of the tables.
const LONGEST_NAME: usize = 24;

fn lower_case<'a>(name: &str, buffer: &'a mut [u8; LONGEST_NAME]) -> Option<&'a str> {
    let lower = buffer.get_mut(..name.len())?;
    lower.copy_from_slice(name.as_bytes());
    lower.make_ascii_lowercase();
    std::str::from_utf8(lower).ok()
}

/// The element that an end tag closes, by its name.
pub(super) fn closes(name: &str) -> Option<&'static str> {
    match treatment(name) {
        Treatment::Keep(kept) => Some(kept.name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_renamed_is_named_by_the_policy() {
        for (_, today) in RENAMED {
            assert!(element(today).is_some(), "{today}");
        }
    }

    #[test]
    fn names_are_read_in_any_case_and_unknown_ones_lose_their_tag() {
        assert_eq!(closes("STRIKE"), Some("s"));
        assert!(matches!(
            treatment("ScRiPt"),
            Treatment::Drop { raw: true, .. }
        ));
        for name in [
            "my-element",
            "body",
            "a-name-that-is-longer-than-any-of-ours",
            "ſcript",
        ] {
            assert!(matches!(treatment(name), Treatment::Unwrap), "{name}");
        }
    }
}
