//! Character data: escaped text, CDATA sections and inline markup → plain strings.
//!
//! Two readings of the same bytes. [`text`] gives what an XML parser gives: references resolved,
//! once. [`markup`] gives HTML for what stands unescaped in a feed: tags lose their prefixes,
//! `<a/>` becomes `<a></a>`, `<br></br>` becomes `<br>`, references stay, for HTML reads them the
//! same way.
//!
//! Invariants: nothing fails, what is not understood stays as it was written; no forbidden
//! character comes out; time and size are linear in what came in.

use std::ops::Range;

use memchr::{memchr, memmem};
use quick_xml::escape::{resolve_html5_entity, resolve_xml_entity};

use super::repair::{Mends, Repair, mend};
use super::scan::{Kind, Next, Scanner, Token, split_name};

/// The longest name of an entity of HTML has 31 letters.
const REFERENCE_LENGTH: usize = 36;

/// What windows-1252 has where Unicode has control characters, 0x80 to 0x9F: what is meant by
/// `&#146;` (the HTML standard, section 13.2.5.80). A NUL stands for an empty place.
const WINDOWS_1252: &str = "€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ";

/// The text in a range: references resolved, CDATA taken over, tags and comments left out.
pub(super) fn text(source: &str, range: Range<usize>, out: &mut String, mends: &mut Mends) {
    let mut scanner = Scanner::new(&source[range.clone()]);
    let mut at = range.start;
    loop {
        let next = scanner.next();
        let (start, end, cdata) = match &next {
            Next::Token(token) => (
                range.start + token.range.start,
                range.start + token.range.end,
                token.kind == Kind::Cdata,
            ),
            _ => (range.end, range.end, false),
        };
        run(source, at..start, out, mends);
        if cdata {
            literal(source, start + 9..end - 3, out, mends);
        }
        at = end;
        if !matches!(next, Next::Token(_)) {
            return;
        }
    }
}

/// A run of escaped text.
fn run(source: &str, range: Range<usize>, out: &mut String, mends: &mut Mends) {
    let mut at = range.start;
    // Escaped HTML is full of references: forbidden characters are looked for once, not between
    // every two of them.
    let clean = !has_forbidden(&source.as_bytes()[range.clone()]);
    let copy = |range: Range<usize>, out: &mut String, mends: &mut Mends| {
        if clean {
            out.push_str(&source[range]);
        } else {
            literal(source, range, out, mends);
        }
    };
    while let Some(found) = memchr(b'&', &source.as_bytes()[at..range.end]) {
        let ampersand = at + found;
        copy(at..ampersand, out, mends);
        at = ampersand + reference(&source[ampersand..range.end], ampersand, out, mends);
    }
    copy(at..range.end, out, mends);
}

/// Whether any byte is forbidden. Counted without an early end, which compiles to vector code.
fn has_forbidden(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .fold(false, |found, byte| found | is_forbidden(*byte))
}

/// The references that escaped HTML is made of: the character, and the length.
fn usual(text: &str) -> Option<(char, usize)> {
    // Patterns instead of a list: this runs for every tag of every text.
    Some(match text.as_bytes() {
        [b'&', b'l', b't', b';', ..] => ('<', 4),
        [b'&', b'g', b't', b';', ..] => ('>', 4),
        [b'&', b'a', b'm', b'p', b';', ..] => ('&', 5),
        [b'&', b'q', b'u', b'o', b't', b';', ..] => ('"', 6),
        _ => return None,
    })
}

/// Characters as they are, but for those that XML forbids.
fn literal(source: &str, range: Range<usize>, out: &mut String, mends: &mut Mends) {
    let part = &source[range.clone()];
    let Some(bad) = part.bytes().position(is_forbidden) else {
        out.push_str(part);
        return;
    };
    mend(mends, Repair::ControlCharacter, range.start + bad);
    out.extend(
        part.chars()
            .filter(|c| !u8::try_from(*c).is_ok_and(is_forbidden)),
    );
}

fn is_forbidden(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')
}

/// Resolves the reference that begins this text, and says how many bytes it took.
fn reference(text: &str, at: usize, out: &mut String, mends: &mut Mends) -> usize {
    if let Some((character, length)) = usual(text) {
        out.push(character);
        return length;
    }
    let mut mend = |repair| mend(mends, repair, at);
    let Some(name) = reference_name(text) else {
        out.push('&');
        mend(Repair::BareAmpersand);
        return 1;
    };
    let length = name.len() + 2;
    match name.strip_prefix('#') {
        // `&#X41;` is no reference in XML, but is in HTML: it is left to HTML.
        Some(number) if number.starts_with('X') => out.push_str(&text[..length]),
        Some(number) => match character(number) {
            Some(character) => out.push(character),
            None => mend(Repair::BadReference),
        },
        None => match (resolve_xml_entity(name), resolve_html5_entity(name)) {
            (Some(resolved), _) => out.push_str(resolved),
            (None, Some(resolved)) => {
                out.push_str(resolved);
                mend(Repair::HtmlEntity);
            }
            (None, None) => {
                out.push('&');
                mend(Repair::BareAmpersand);
                return 1;
            }
        },
    }
    length
}

/// The name between `&` and `;`, with the `#` of a number; none if this is no reference.
pub(super) fn reference_name(text: &str) -> Option<&str> {
    let head = &text.as_bytes()[1..text.len().min(REFERENCE_LENGTH)];
    let end = memchr(b';', head)?;
    let name = &head[..end];
    let body = name.strip_prefix(b"#").unwrap_or(name);
    let plain = !body.is_empty() && body.iter().all(u8::is_ascii_alphanumeric);
    let number = body.len() == name.len()
        || body.iter().all(u8::is_ascii_digit)
        || (matches!(body[0], b'x' | b'X')
            && body.len() > 1
            && body[1..].iter().all(u8::is_ascii_hexdigit));
    (plain && number).then(|| &text[1..=end])
}

/// The character of a number, decimal or `x` and hexadecimal.
pub(super) fn character(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    let found = match code {
        0x80..=0x9f => {
            let place = usize::try_from(code - 0x80).ok()?;
            WINDOWS_1252.chars().nth(place)?
        }
        code => char::from_u32(code)?,
    };
    (found >= ' ' || matches!(found, '\t' | '\n' | '\r')).then_some(found)
}

/// The markup in a range, as HTML.
pub(super) fn markup(source: &str, range: Range<usize>, mends: &mut Mends) -> String {
    let part = &source[range.clone()];
    let mut out = String::with_capacity(part.len());
    let mut scanner = Scanner::new(part);
    let mut at = 0;
    loop {
        let next = scanner.next();
        let end = match &next {
            Next::Token(token) => token.range.clone(),
            _ => part.len()..part.len(),
        };
        let mut plain = String::new();
        literal(
            source,
            range.start + at..range.start + end.start,
            &mut plain,
            mends,
        );
        // What the scanner took for text is text, also for HTML.
        out.push_str(&plain.replace('<', "&lt;"));
        at = end.end;
        match next {
            Next::Token(token) => tag(part, &token, &mut out),
            _ => return out,
        }
    }
}

fn tag(part: &str, token: &Token, out: &mut String) {
    let name = split_name(&part[token.name.clone()]).1;
    let void = is_void(name);
    match token.kind {
        Kind::Start | Kind::Empty => {
            let attributes = part[token.name.end..token.range.end - 1].trim_end_matches('/');
            out.push('<');
            out.push_str(name);
            out.push_str(attributes.trim_end());
            out.push('>');
            if token.kind == Kind::Empty && !void {
                close(name, out);
            }
        }
        Kind::End if !void => close(name, out),
        Kind::Cdata => escape(&part[token.range.start + 9..token.range.end - 3], out),
        _ => {}
    }
}

fn close(name: &str, out: &mut String) {
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

/// The elements that have no end tag (the HTML standard, section 13.1.2).
fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Plain text as part of HTML.
pub(super) fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(character),
        }
    }
}

/// Plain text as HTML: an empty line separates paragraphs, a line's end is kept.
pub(super) fn paragraphs(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut out = String::with_capacity(text.len() + 16);
    let mut blank = true;
    for line in text.lines() {
        if line.trim().is_empty() {
            if !blank {
                out.push_str("</p>\n");
            }
            blank = true;
            continue;
        }
        out.push_str(if blank { "<p>" } else { "<br>\n" });
        escape(line.trim_end(), &mut out);
        blank = false;
    }
    if !blank {
        out.push_str("</p>");
    }
    out
}

/// Writes an element of our wrapper. CDATA, because feed-rs spends its time on references.
pub(super) fn element(name: &str, attributes: &str, text: &str, out: &mut String) {
    out.push('<');
    out.push_str(name);
    out.push_str(attributes);
    out.push('>');
    if !text.is_empty() {
        out.push_str("<![CDATA[");
        let mut rest = text;
        while let Some(end) = memmem::find(rest.as_bytes(), b"]]>") {
            out.push_str(&rest[..end + 2]);
            out.push_str("]]><![CDATA[");
            rest = &rest[end + 2..];
        }
        out.push_str(rest);
        out.push_str("]]>");
    }
    close(name, out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_once() {
        for (source, read, mended) in [
            ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c", None),
            ("&#8217;&#x2019;", "’’", None),
            ("&#X41;", "&#X41;", None),
            ("AT&T & co; &", "AT&T & co; &", Some(Repair::BareAmpersand)),
            ("a&nbsp;b&uuml;", "a\u{a0}bü", Some(Repair::HtmlEntity)),
            ("it&#146;s", "it’s", None),
            ("x&#0;y&#xD800;", "xy", Some(Repair::BadReference)),
            ("x\u{1}y\u{c}", "xy", Some(Repair::ControlCharacter)),
            (
                "<![CDATA[&amp; <b>]]> &amp;<!-- no -->!",
                "&amp; <b> &!",
                None,
            ),
            ("&nosuch;", "&nosuch;", Some(Repair::BareAmpersand)),
        ] {
            let (mut out, mut mends) = (String::new(), Mends::new());
            text(source, 0..source.len(), &mut out, &mut mends);
            assert_eq!(out, read, "{source}");
            assert_eq!(
                mends.first().map(|mended| mended.repair),
                mended,
                "{source}"
            );
        }
    }

    #[test]
    fn unescaped_markup_becomes_html() {
        for (source, html) in [
            ("a<br/>b<br></br>c", "a<br>b<br>c"),
            ("<x:p class='a'>y</x:p>", "<p class='a'>y</p>"),
            ("<a id=\"n\"/>x", "<a id=\"n\"></a>x"),
            ("1 < 2 &amp; <![CDATA[<i>]]>", "1 &lt; 2 &amp; &lt;i&gt;"),
            ("<img alt='&quot;a&quot;'/>", "<img alt='&quot;a&quot;'>"),
        ] {
            assert_eq!(
                markup(source, 0..source.len(), &mut Mends::new()),
                html,
                "{source}"
            );
        }
    }

    #[test]
    fn plain_text_keeps_its_paragraphs() {
        for (text, html) in [
            ("a\nb\n\n\nc <d>", "<p>a<br>\nb</p>\n<p>c &lt;d&gt;</p>"),
            ("", ""),
            ("\r\n x \r\n", "<p> x</p>"),
        ] {
            assert_eq!(paragraphs(text), html, "{text:?}");
        }
    }

    #[test]
    fn an_element_of_the_wrapper_cannot_be_left() {
        let mut out = String::new();
        element("a", "", "x]]><b>]]>", &mut out);
        let (mut read, mut mends) = (String::new(), Mends::new());
        text(&out, 0..out.len(), &mut read, &mut mends);
        assert_eq!(read, "x]]><b>]]>");
    }
}
