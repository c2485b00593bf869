//! A text → what somebody, or a program, may read in it: as it is written, with references resolved
//! again and again, and without the markup that may stand between two letters.
//!
//! References of XML and HTML, escapes of JSON and the percent signs of addresses are resolved in one
//! pass, and passes are repeated until nothing changes: a link in HTML in JSON has three layers.
//!
//! Invariant: a text that never comes to rest, or that grows, is not said to be harmless.

use std::collections::BTreeMap;

use memchr::memmem;

/// How often references are resolved. Feeds escape twice, and by mistake thrice.
const PASSES: usize = 16;
/// How much longer entities of its own may make a text.
const GROWTH: usize = 1 << 20;
/// How many entities of its own a text may have.
const ENTITIES: usize = 1_000;

/// Entities that a document declares itself.
type Entities<'a> = BTreeMap<&'a [u8], &'a [u8]>;

/// Whether one of the views of a text holds something. `holds` is given a text in lower case, and
/// whether blanks were taken out of it. True where nobody can say.
pub(super) fn any(text: &[u8], mut holds: impl FnMut(&[u8], bool) -> bool) -> bool {
    let Some(entities) = entities(text) else {
        return true;
    };
    let mut view = text.to_vec();
    for _ in 0..PASSES {
        if holds(&view.to_ascii_lowercase(), false) {
            return true;
        }
        let plain = without_markup(&view).to_ascii_lowercase();
        if holds(&plain, false) {
            return true;
        }
        let solid: Vec<u8> = plain
            .into_iter()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect();
        if holds(&solid, true) {
            return true;
        }
        let resolved = resolve(&view, &entities);
        if resolved == view {
            return false;
        }
        if resolved.len() > text.len() + GROWTH {
            return true;
        }
        view = resolved;
    }
    true
}

/// The entities that a document declares; none if there are more than anyone would.
fn entities(text: &[u8]) -> Option<Entities<'_>> {
    let mut entities = Entities::new();
    for at in memmem::find_iter(text, b"<!ENTITY") {
        let rest = text[at + b"<!ENTITY".len()..].trim_ascii_start();
        let end = rest
            .iter()
            .position(u8::is_ascii_whitespace)
            .unwrap_or_default();
        let (name, rest) = rest.split_at(end);
        let rest = rest.trim_ascii_start();
        let Some((quote @ (b'"' | b'\''), rest)) = rest.split_first() else {
            continue;
        };
        let end = memchr::memchr(*quote, rest).unwrap_or(rest.len());
        entities.entry(name).or_insert(&rest[..end]);
        if entities.len() > ENTITIES {
            return None;
        }
    }
    Some(entities)
}

/// One pass.
fn resolve(text: &[u8], entities: &Entities<'_>) -> Vec<u8> {
    let most = text.len() + 2 * GROWTH;
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr3(b'&', b'\\', b'%', rest) {
        let (before, from) = rest.split_at(at);
        out.extend(before);
        let resolved = match from[0] {
            b'&' => reference(from, entities, &mut out),
            b'\\' => escape(from, &mut out),
            _ => percent(from, &mut out),
        };
        let length = resolved.unwrap_or_else(|| {
            out.push(from[0]);
            1
        });
        rest = &from[length..];
        if out.len() > most {
            return out;
        }
    }
    out.extend(rest);
    out
}

/// `&amp;`, `&#97;`, `&#x61`: how long it is, if it is one.
fn reference(text: &[u8], entities: &Entities<'_>, out: &mut Vec<u8>) -> Option<usize> {
    let inner = &text[1..];
    if let Some(number) = inner.strip_prefix(b"#") {
        let (digits, base, before) = match number.first() {
            Some(b'x' | b'X') => (&number[1..], 16, 3),
            _ => (number, 10, 2),
        };
        let is_digit = |byte: &u8| char::from(*byte).is_digit(base);
        let count = digits.iter().take_while(|byte| is_digit(byte)).count();
        let (digits, after) = digits.split_at(count);
        push_char(value(digits, base)?, out)?;
        return Some(before + count + usize::from(after.starts_with(b";")));
    }
    let is_name =
        |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.:".contains(byte) || !byte.is_ascii();
    let count = inner
        .iter()
        .take(64)
        .take_while(|byte| is_name(byte))
        .count();
    let (name, after) = inner.split_at(count);
    let is_closed = after.starts_with(b";");
    let own = entities.get(name).copied().filter(|_| is_closed);
    let plain = own.or_else(|| named(name).map(str::as_bytes))?;
    out.extend(plain);
    Some(1 + count + usize::from(is_closed))
}

/// What HTML calls the ASCII characters that are no letters, and those that nobody sees.
fn named(name: &[u8]) -> Option<&'static str> {
    Some(match name {
        b"amp" | b"AMP" => "&",
        b"lt" | b"LT" => "<",
        b"gt" | b"GT" => ">",
        b"quot" | b"QUOT" => "\"",
        b"apos" => "'",
        b"sol" => "/",
        b"bsol" => "\\",
        b"quest" => "?",
        b"equals" => "=",
        b"percnt" => "%",
        b"num" => "#",
        b"colon" => ":",
        b"semi" => ";",
        b"period" => ".",
        b"comma" => ",",
        b"lowbar" | b"UnderBar" => "_",
        b"plus" => "+",
        b"commat" => "@",
        b"excl" => "!",
        b"dollar" => "$",
        b"ast" | b"midast" => "*",
        b"lpar" => "(",
        b"rpar" => ")",
        b"lsqb" | b"lbrack" => "[",
        b"rsqb" | b"rbrack" => "]",
        b"lcub" | b"lbrace" => "{",
        b"rcub" | b"rbrace" => "}",
        b"vert" | b"verbar" | b"VerticalLine" => "|",
        b"grave" | b"DiacriticalGrave" => "`",
        b"Hat" => "^",
        b"hyphen" | b"dash" => "-",
        b"Tab" => "\t",
        b"NewLine" => "\n",
        b"fjlig" => "fj",
        b"shy" | b"zwj" | b"zwnj" | b"lrm" | b"rlm" | b"NoBreak" | b"ZeroWidthSpace" => "",
        _ => return None,
    })
}

/// `\u0061`, `\x61`, `\/`: how long it is, if it is one.
fn escape(text: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    match text.get(1)? {
        b'u' if text.get(2) == Some(&b'{') => {
            let end = text.iter().take(12).position(|byte| *byte == b'}')?;
            push_char(value(&text[3..end], 16)?, out)?;
            Some(end + 1)
        }
        b'u' => {
            push_char(value(text.get(2..6)?, 16)?, out)?;
            Some(6)
        }
        b'x' => {
            push_char(value(text.get(2..4)?, 16)?, out)?;
            Some(4)
        }
        plain @ (b'/' | b'\\' | b'"' | b'\'') => {
            out.push(*plain);
            Some(2)
        }
        // A line that goes on, or a blank.
        b'n' | b'r' | b't' => {
            out.push(b' ');
            Some(2)
        }
        _ => None,
    }
}

/// `%61`, `%u0061`: how long it is, if it is one.
fn percent(text: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    if text.get(1) == Some(&b'u') {
        push_char(value(text.get(2..6)?, 16)?, out)?;
        return Some(6);
    }
    let byte = value(text.get(1..3)?, 16)?;
    out.push(u8::try_from(byte).ok()?);
    Some(3)
}

fn value(digits: &[u8], base: u32) -> Option<u32> {
    let text = std::str::from_utf8(digits).ok()?;
    // A number may have a sign for the standard library.
    let is_plain = text.chars().all(|c| c.is_digit(base));
    u32::from_str_radix(text, base).ok().filter(|_| is_plain)
}

fn push_char(code: u32, out: &mut Vec<u8>) -> Option<()> {
    let character = char::from_u32(code)?;
    out.extend(character.encode_utf8(&mut [0; 4]).as_bytes());
    Some(())
}

/// A text without tags, comments, the borders of CDATA, and characters that nobody sees.
fn without_markup(text: &[u8]) -> Vec<u8> {
    const BORDERS: [&[u8]; 2] = [b"<![CDATA[", b"]]>"];
    let ends = Ends::of(text);
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(next) = memchr::memchr2(b'<', b']', &text[at..]) {
        out.extend(&text[at..at + next]);
        at += next;
        let from = &text[at..];
        let border = BORDERS.into_iter().find(|border| from.starts_with(border));
        let length = border.map_or_else(|| ends.tag(from, at), <[u8]>::len);
        if length == 0 {
            out.push(from[0]);
        }
        at += length.max(1);
    }
    out.extend(&text[at..]);
    match out.is_ascii() {
        true => out,
        false => {
            let text = String::from_utf8_lossy(&out);
            let seen = text.chars().filter(|c| !is_unseen(*c));
            seen.map(narrow).collect::<String>().into_bytes()
        }
    }
}

/// Where the last comment, instruction and tag end: what begins behind that has no end, and need not
/// be searched for one.
struct Ends {
    comment: usize,
    instruction: usize,
    tag: usize,
}

impl Ends {
    fn of(text: &[u8]) -> Self {
        let last = |end: &[u8]| memmem::rfind(text, end).unwrap_or_default();
        Ends {
            comment: last(b"-->"),
            instruction: last(b"?>"),
            tag: last(b">"),
        }
    }

    /// How long the tag, comment or instruction is that begins here; 0 if there is none.
    fn tag(&self, text: &[u8], at: usize) -> usize {
        let (end, last): (&[u8], usize) = match text.get(1) {
            Some(b'!') if text.starts_with(b"<!--") => (b"-->", self.comment),
            Some(b'?') => (b"?>", self.instruction),
            Some(b'!' | b'/' | b'a'..=b'z' | b'A'..=b'Z') => (b">", self.tag),
            _ => return 0,
        };
        match at <= last {
            true => memmem::find(text, end).map_or(0, |found| found + end.len()),
            false => 0,
        }
    }
}

/// The ASCII character of a full-width one.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &[u8] = b"a1b2c3d4e5f6";

    fn holds(text: &str) -> bool {
        any(text.as_bytes(), |view, _| {
            memmem::find(view, TOKEN).is_some()
        })
    }

    #[test]
    fn a_token_is_found_behind_references_of_all_kinds() {
        for text in [
            "a1b2c3d4e5f6",
            "A1B2C3D4E5F6",
            "&#97;1b2c3d4e5f6",
            "&#x61;1b2c3d4e5f6",
            "&#x0000061;&#49;b2c3d4e5f&#54",
            "&amp;#97;1b2c3d4e5f6",
            "&amp;amp;#97;1b2c3d4e5f6",
            "\\u0061\\u0031b2c3d4e5f6",
            "\\\\u00611b2c3d4e5f6",
            "\\u0026#97;1b2c3d4e5f6",
            "\\u0026#37;611b2c3d4e5f6",
            "%61%31b2c3d4e5f6",
            "%2561%31b2c3d4e5f6",
            "%26%2397%3B1b2c3d4e5f6",
            "a1b2c3<!-- x -->d4e5f6",
            "a1b2c3]]><![CDATA[d4e5f6",
            "a1b2c3<b>d4e5f6</b>",
            "&lt;i>a1b2c3&lt;/i>d4e5f6",
            "a1b2c3&shy;d4e5f6",
            "a1b2c3\u{200b}d4e5f6",
            "a1b2c3&#8203;d4e5f6",
            "ａ１ｂ２c3d4e5f6",
            "a1b2c3\n  d4e5f6",
            "<!DOCTYPE rss [<!ENTITY x 'a1b2'><!ENTITY y \"&x;c3d4\">]><a>&y;e5f6",
        ] {
            assert!(holds(text), "{text}");
        }
        for text in [
            "",
            "&",
            "\\",
            "%",
            "&#",
            "&#x;",
            "%6",
            "\\u00",
            "a1b2c3 d4e5g6",
            "a1b2c3 &lt; d4e5f7 && x < y",
            "<",
            "<a",
            "]]",
        ] {
            assert!(!holds(text), "{text}");
        }
    }

    #[test]
    fn who_cannot_say_says_yes() {
        let bomb: String = (0..30)
            .map(|n| format!("<!ENTITY e{} '{}'>", n + 1, format!("&e{n};").repeat(50)))
            .collect();
        assert!(holds(&format!(
            "<!DOCTYPE a [<!ENTITY e0 'xxxxxxxxxx'>{bomb}]><a>&e30;"
        )));
        assert!(holds(&format!("&{}lt;", "amp;".repeat(20))));
    }
}
