//! Text from a feed, made fit to be shown.

use std::fmt;
use std::sync::Arc;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::visible::visible;
use crate::diag::is_bidi_control;

/// One line of plain text (never HTML): no control characters, no noncharacters, none that change the
/// direction of what follows, white space folded and trimmed. Non-breaking spaces stay. Cloning is
/// cheap: the same title stands on many pages.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(transparent)]
pub(crate) struct Text(#[serde(deserialize_with = "shared_str")] Arc<str>);

impl Text {
    /// Text as a feed, a note or the configuration wrote it; none if nothing readable is left.
    pub(crate) fn new(raw: &str) -> Option<Self> {
        let mut out = String::with_capacity(raw.len());
        let mut gap = false;
        let mut rest = raw;
        while let Some(character) = rest.chars().next() {
            // Most text is ASCII, of which each visible character stays.
            let visible = rest.bytes().take_while(u8::is_ascii_graphic).count();
            if visible > 0 {
                if gap && !out.is_empty() {
                    out.push(' ');
                }
                gap = false;
                out.push_str(&rest[..visible]);
                rest = &rest[visible..];
                continue;
            }
            rest = &rest[character.len_utf8()..];
            if matches!(
                character,
                ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
            ) {
                gap = true;
            } else if !is_forbidden(character)
                && !is_bidi_control(character)
                && character != '\u{feff}'
            {
                if gap && !out.is_empty() {
                    out.push(' ');
                }
                gap = false;
                out.push(character);
            }
        }
        let trimmed = out.trim();
        (!trimmed.is_empty()).then(|| Text(trimmed.into()))
    }

    /// The same without the characters that nobody sees; none if nothing else is in it.
    pub(crate) fn visible(self) -> Option<Self> {
        match visible(&self.0) {
            Some(seen) => Text::new(&seen),
            None => Some(self),
        }
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Control characters but newline and tab, and noncharacters: what HTML may not hold (WHATWG HTML,
/// section 13.1.4), nor, as far as it has them, XML 1.0 (section 2.2).
pub(crate) fn is_forbidden(character: char) -> bool {
    let code = u32::from(character);
    (character.is_control() && !matches!(character, '\n' | '\t'))
        || (0xfdd0..=0xfdef).contains(&code)
        || code & 0xfffe == 0xfffe
}

/// A string that many will share, without a copy in between.
pub(super) fn shared_str<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<str>, D::Error> {
    struct Shared;

    impl Visitor<'_> for Shared {
        type Value = Arc<str>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a string")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Arc<str>, E> {
            Ok(text.into())
        }
    }

    deserializer.deserialize_str(Shared)
}

impl From<Text> for Arc<str> {
    fn from(text: Text) -> Self {
        text.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_one_visible_line() {
        for (raw, shown) in [
            ("  two \n\t words ", Some("two words")),
            ("GitHub\u{a0}Actions", Some("GitHub\u{a0}Actions")),
            ("a\u{202e}gnp.exe\u{0}", Some("agnp.exe")),
            ("\u{feff}\u{200f} ", None),
            ("Grüße – 🚀 ┌─┐", Some("Grüße – 🚀 ┌─┐")),
            (
                "\u{fdd0}non\u{fffe}char\u{ffff}ac\u{fdef}ter\u{1ffff}s",
                Some("noncharacters"),
            ),
            ("zero\u{200d}width", Some("zero\u{200d}width")),
        ] {
            assert_eq!(Text::new(raw).as_ref().map(Text::as_str), shown, "{raw:?}");
        }
    }
}
