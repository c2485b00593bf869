//! Text or an attribute's value as it is written in HTML → what it says.
//!
//! For the passes before the parser, which have to understand a style or the sign of a formula.
//! What is decoded here is read, and never written without being escaped again.

use std::borrow::Cow;

use memchr::memchr;
use quick_xml::escape::resolve_html5_entity;

/// Longest name of a reference, in bytes; HTML's longest has 31.
const NAME_LENGTH: usize = 32;

/// Decodes the character references that end with a semicolon, and numbers without one.
pub(super) fn decode(raw: &str) -> Cow<'_, str> {
    let Some(first) = memchr(b'&', raw.as_bytes()) else {
        return Cow::Borrowed(raw);
    };
    let mut out = String::with_capacity(raw.len());
    let (plain, mut rest) = raw.split_at(first);
    out.push_str(plain);
    while let Some(body) = rest.strip_prefix('&') {
        let length = match reference(body, &mut out) {
            Some(length) => length,
            None => {
                out.push('&');
                0
            }
        };
        rest = &body[length..];
        let plain = memchr(b'&', rest.as_bytes()).unwrap_or(rest.len());
        out.push_str(&rest[..plain]);
        rest = &rest[plain..];
    }
    Cow::Owned(out)
}

/// Writes what a reference means; returns its length without the `&`.
fn reference(body: &str, out: &mut String) -> Option<usize> {
    if let Some(number) = body.strip_prefix('#') {
        let (digits, base, mark) = match number.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16, 2),
            None => (number, 10, 1),
        };
        let length = digits
            .bytes()
            .take_while(|byte| char::from(*byte).is_digit(base))
            .count();
        let code = u32::from_str_radix(digits.get(..length)?, base).ok()?;
        out.push(char::from_u32(code)?);
        let semicolon = digits[length..].starts_with(';');
        return Some(mark + length + usize::from(semicolon));
    }
    let end = memchr(b';', &body.as_bytes()[..body.len().min(NAME_LENGTH)])?;
    out.push_str(resolve_html5_entity(&body[..end])?);
    Some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_and_the_rest_stays() {
        for (raw, meant) in [
            ("display&#58;none", "display:none"),
            ("&#x2212;1 &lt; &InvisibleTimes;", "−1 < \u{2062}"),
            ("&#65b", "Ab"),
            (
                "a & b &unknown; &#; &#xD800; &",
                "a & b &unknown; &#; &#xD800; &",
            ),
            ("&ä;&amp", "&ä;&amp"),
        ] {
            assert_eq!(decode(raw), meant, "{raw}");
        }
    }
}
