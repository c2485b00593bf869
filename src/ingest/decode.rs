//! Bytes → text: a snapshot in whatever encoding becomes UTF-8, once, before anything reads it.
//!
//! What a file says of its encoding is a hint, not the truth: servers transcode and leave the
//! declaration, and authors copy it from elsewhere. So the bytes decide first (a byte order mark,
//! the pattern of UTF-16, well-formed UTF-8), then the declaration, then a guess by chardetng.
//! From here on the declaration means nothing: entries are read from our own wrapper.
//!
//! Invariants: UTF-8 is borrowed, never copied; no input fails; the result depends on the bytes
//! alone.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};

/// How many bytes at the start are searched for an XML declaration.
const DECLARATION_LENGTH: usize = 1_024;

/// A file's text, and what had to be assumed to read it.
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    /// What the file should have said of its encoding, where it said nothing or something wrong.
    pub(super) mended: Option<String>,
}

impl<'a> Decoded<'a> {
    fn well(text: impl Into<Cow<'a, str>>) -> Self {
        Decoded {
            text: text.into(),
            mended: None,
        }
    }
}

/// The text of a file.
pub(super) fn decode(bytes: &[u8]) -> Decoded<'_> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return in_encoding(&bytes[length..], encoding);
    }
    if let Some(encoding) = looks_like_utf16(bytes) {
        return in_encoding(bytes, encoding);
    }
    let declared = declared(bytes);
    // The one encoding of the web whose bytes are all ASCII.
    if declared == Some(ISO_2022_JP) && bytes.contains(&0x1b) {
        return in_encoding(bytes, ISO_2022_JP);
    }
    // Ten times as fast as the standard library, which tells more.
    if let Some(text) = UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
        return utf8(text, declared);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => utf8(text.into(), declared),
        Err(error) if error.error_len().is_none() => {
            // Cut off in the middle of a character: the rest is good.
            let text = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
            utf8(text.into(), declared)
        }
        Err(_) => other(bytes, declared),
    }
}

fn utf8<'a>(text: Cow<'a, str>, declared: Option<&'static Encoding>) -> Decoded<'a> {
    let wrong = declared.filter(|encoding| *encoding != UTF_8 && !text.is_ascii());
    Decoded {
        text,
        mended: wrong.map(|encoding| format!("declared as {}, read as UTF-8", encoding.name())),
    }
}

/// Bytes that are no UTF-8: as declared, if that works without a fault; as UTF-8 with a few broken
/// bytes; or as what they look like.
fn other<'a>(bytes: &'a [u8], declared: Option<&'static Encoding>) -> Decoded<'a> {
    let by_declaration = declared
        .filter(|encoding| *encoding != UTF_8)
        .and_then(|encoding| encoding.decode_without_bom_handling_and_without_replacement(bytes));
    if let Some(text) = by_declaration {
        return Decoded::well(text);
    }
    if is_mostly_utf8(bytes) {
        return Decoded {
            text: String::from_utf8_lossy(bytes),
            mended: Some("UTF-8 with broken bytes".to_owned()),
        };
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    Decoded {
        text,
        mended: Some(match declared {
            Some(declared) => {
                format!(
                    "declared as {}, read as {}",
                    declared.name(),
                    encoding.name()
                )
            }
            None => format!("not declared, read as {}", encoding.name()),
        }),
    }
}

/// Whether more characters beyond ASCII are well-formed UTF-8 than are not.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad
}

fn in_encoding<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Decoded<'a> {
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    Decoded {
        text,
        mended: broken.then(|| format!("{} with broken bytes", encoding.name())),
    }
}

/// UTF-16 without a mark shows by the zeros beside the first `<` or `{`.
fn looks_like_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [b'<' | b'{', 0, second, 0, ..] if *second != 0 => Some(UTF_16LE),
        [0, b'<' | b'{', 0, second, ..] if *second != 0 => Some(UTF_16BE),
        _ => None,
    }
}

/// The encoding that an XML declaration names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(DECLARATION_LENGTH)];
    let start = memchr::memmem::find(head, b"<?xml")?;
    let end = memchr::memmem::find(&head[start..], b"?>")?;
    let declaration = std::str::from_utf8(&head[start..start + end]).ok()?;
    let label = super::scan::attribute(&declaration[1..], "encoding")?;
    Encoding::for_label(label.as_bytes())
        // The declaration could be read byte by byte: it is no UTF-16, whatever it says.
        .filter(|encoding| *encoding != UTF_16LE && *encoding != UTF_16BE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, mark: bool) -> Vec<u8> {
        let start = if mark { "\u{feff}" } else { "" };
        format!("{start}{text}")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect()
    }

    #[test]
    fn the_bytes_decide_then_the_declaration_then_a_guess() {
        let latin1 = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>Gr\xfc\xdfe</a>".to_vec();
        let lying = "<?xml version='1.0' encoding='ISO-8859-1'?><a>Grüße</a>"
            .as_bytes()
            .to_vec();
        let silent = b"<a>Sch\xf6ne Gr\xfc\xdfe aus K\xf6ln, und viel Gl\xfcck dabei</a>".to_vec();
        for (bytes, holds, mended) in [
            ("<a>Grüße</a>".as_bytes().to_vec(), "Grüße", None),
            (b"\xef\xbb\xbf<a>x</a>".to_vec(), "<a>x", None),
            (utf16("<a>Grüße</a>", true), "<a>Grüße", None),
            (utf16("<a>Grüße</a>", false), "<a>Grüße", None),
            (latin1, "Grüße", None),
            (
                lying,
                "Grüße",
                Some("declared as windows-1252, read as UTF-8"),
            ),
            (silent, "Köln", Some("not declared, read as windows-1252")),
            (
                b"<a>\xc3\xbc\xc3\xb6 \xe4 \xc3\x9f</a>".to_vec(),
                "üö \u{fffd} ß",
                Some("UTF-8 with broken bytes"),
            ),
            (b"<a>cut \xe2\x82".to_vec(), "<a>cut ", None),
        ] {
            let decoded = decode(&bytes);
            assert!(decoded.text.contains(holds), "{}", decoded.text);
            assert_eq!(decoded.mended.as_deref(), mended, "{}", decoded.text);
            assert!(!decoded.text.starts_with('\u{feff}'));
        }
    }

    #[test]
    fn utf8_is_not_copied() {
        assert!(matches!(decode(b"<a/>").text, Cow::Borrowed(_)));
    }
}
