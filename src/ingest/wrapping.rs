//! Texts that were wrapped once too often, or not well → the texts that were meant.
//!
//! Generators put HTML into CDATA sections without looking for `]]>` in it, escape what is escaped
//! already, write base64, or send plain text where HTML belongs. Each function here knows one such slip by
//! proof from the text itself, so that a text about markup stays as it is, and answers with nothing where
//! there is nothing to mend. The caller asks [`Reading::improves`] before it takes an answer.

use std::borrow::Cow;

use data_encoding::{BASE64, BASE64_NOPAD};

use super::characters::{character, reference_name};
use super::decode::decode;
use super::plain;
use super::reading::Reading;
use super::scan::{Kind, Next, Scanner};

/// How often the same slip is undone: generators make it twice, and nobody means more.
const ROUNDS: usize = 2;
/// The shortest text that is taken for base64 by its letters alone.
const BASE64_LENGTH: usize = 24;

/// The elements with which a text that was escaped twice begins.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "blockquote",
    "table",
    "figure",
    "section",
    "article",
    "img",
];
/// The elements that stand in lines of plain text.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "time", "tt", "u", "var", "wbr",
];

/// A text after a step, if that improves the reading.
pub(super) fn improved(
    text: String,
    step: impl Fn(&str) -> Option<String>,
    reading: &Reading,
) -> String {
    match step(&text) {
        Some(better) if reading.improves() => better,
        _ => text,
    }
}

/// HTML as it was meant.
pub(super) fn html(text: String, reading: &Reading) -> String {
    let text = improved(text, without_cdata, reading);
    let text = improved(text, paired, reading);
    improved(text, unescaped, reading)
}

/// A slice with the characters that were meant: those of windows-1252 in the place of control characters,
/// and whole characters in the place of two halves.
pub(super) fn repaired<'a>(slice: &'a str, reading: &Reading) -> Cow<'a, str> {
    let Some(better) = without_c1(slice) else {
        let paired = paired(slice).filter(|_| reading.improves());
        return paired.map_or(Cow::Borrowed(slice), Cow::Owned);
    };
    if !reading.improves() {
        return Cow::Borrowed(slice);
    }
    Cow::Owned(paired(&better).unwrap_or(better))
}

/// Control characters from U+0080 to U+009F as the characters of windows-1252 that they were.
pub(super) fn without_c1(text: &str) -> Option<String> {
    let is_c1 = |c: char| ('\u{80}'..='\u{9f}').contains(&c);
    // In UTF-8, they are the bytes C2 80 to C2 9F.
    let mut lead = memchr::memchr_iter(0xc2, text.as_bytes());
    lead.find(|at| text.as_bytes().get(at + 1).is_some_and(|next| *next < 0xa0))?;
    let meant = text.chars().filter_map(|c| {
        if is_c1(c) {
            character(&u32::from(c).to_string())
        } else {
            Some(c)
        }
    });
    Some(meant.collect())
}

/// Numbered halves of a character (`&#55357;&#56832;`) as the character.
pub(super) fn paired(text: &str) -> Option<String> {
    let half = |text: &str, range: std::ops::RangeInclusive<u32>| {
        let number = text.starts_with("&#").then(|| reference_name(text))??;
        let digits = &number[1..];
        let code = match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => digits.parse().ok()?,
        };
        range.contains(&code).then_some((code, number.len() + 2))
    };
    let mut out = String::new();
    let mut done = 0;
    for (at, _) in text.match_indices("&#") {
        if at < done {
            continue;
        }
        let Some((high, length)) = half(&text[at..], 0xD800..=0xDBFF) else {
            continue;
        };
        let second = at + length;
        let Some((low, more)) = half(&text[second..], 0xDC00..=0xDFFF) else {
            continue;
        };
        let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        out.push_str(&text[done..at]);
        out.extend(char::from_u32(code));
        done = second + more;
    }
    (done > 0).then(|| out + &text[done..])
}

/// What stands in CDATA that ends before its time: an end of a section outside of one proves it, for XML
/// forbids that. What follows the first end is part of the text all the same.
pub(super) fn closed_early(inner: &str) -> Option<String> {
    let text = inner.trim();
    let opened = text.strip_prefix("<![CDATA[")?;
    let mut scanner = Scanner::new(text);
    let (mut at, mut stray) = (0, false);
    loop {
        let next = scanner.next();
        let end = match &next {
            Next::Token(token) => token.range.start,
            _ => text.len(),
        };
        stray |= text[at..end].contains("]]>");
        match next {
            Next::Token(token) => at = token.range.end,
            _ => break,
        }
    }
    if !stray {
        return None;
    }
    let whole = opened.strip_suffix("]]>").unwrap_or(opened);
    // A section that was split by the rules is one again.
    Some(whole.replace("]]]]><![CDATA[>", "]]>"))
}

/// A text without the CDATA section that was escaped along with it, or written twice.
pub(super) fn without_cdata(text: &str) -> Option<String> {
    let mut inner = text;
    for _ in 0..ROUNDS {
        let Some(bare) = section(inner) else {
            break;
        };
        inner = bare;
    }
    (inner.len() < text.len()).then(|| inner.to_owned())
}

/// The inside of a text that is one CDATA section.
fn section(text: &str) -> Option<&str> {
    let bare = text.trim().strip_prefix("<![CDATA[")?.strip_suffix("]]>")?;
    (!bare.contains("<![CDATA[") || section(bare).is_some()).then_some(bare)
}

/// HTML that was escaped twice: a whole text that begins and ends with an escaped tag of an article and has
/// no real one. Prose that speaks of a tag begins with words, a sample of code has no sentence.
pub(super) fn unescaped(html: &str) -> Option<String> {
    let text = html.trim();
    if text.starts_with("&amp;lt;") && text.ends_with("&amp;gt;") && !has_tag(text) {
        let mut twice = String::with_capacity(text.len());
        plain::decode(text, &mut twice);
        return unescaped_once(&twice);
    }
    unescaped_once(text)
}

fn unescaped_once(text: &str) -> Option<String> {
    let is_escaped = text.starts_with("&lt;") && text.ends_with("&gt;");
    if !is_escaped || has_tag(text) {
        return None;
    }
    let mut candidate = String::with_capacity(text.len());
    plain::decode(text, &mut candidate);
    let mut scanner = Scanner::new(&candidate);
    let (mut first, mut ends, mut at, mut words) = (None, Vec::new(), 0, 0);
    while let Next::Token(token) = scanner.next() {
        let name = candidate[token.name].to_ascii_lowercase();
        words += candidate[at..token.range.start].split_whitespace().count();
        at = token.range.end;
        match token.kind {
            Kind::Start | Kind::Empty if first.is_none() && token.range.start == 0 => {
                first = Some(name);
            }
            Kind::End => ends.push(name),
            Kind::Start | Kind::Empty | Kind::Comment => {}
            Kind::Cdata | Kind::Instruction | Kind::Doctype => return None,
        }
    }
    let first = first.filter(|name| BLOCKS.contains(&&**name))?;
    let is_picture = first == "img";
    let is_closed = is_picture || ends.contains(&first);
    let is_article = at == candidate.len() && is_closed && (words > 1 || is_picture);
    is_article.then_some(candidate)
}

/// Whether there is any tag, comment or declaration.
fn has_tag(html: &str) -> bool {
    matches!(Scanner::new(html).next(), Next::Token(_))
}

/// Plain text with its paragraphs and line ends, where HTML would run them together. Text with blocks of
/// its own stays, and so do lines that are only indented as the source is.
pub(super) fn with_paragraphs(html: &str) -> Option<String> {
    let text = html.trim();
    if !text.contains(['\n', '\r']) {
        return None;
    }
    let (flat, has_tags) = only_lines(text)?;
    let flat = flat.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = flat.lines().map(str::trim_end).collect();
    let has_gap = lines.iter().any(|line| line.is_empty());
    let is_indented = lines[1..].iter().all(|line| line.starts_with([' ', '\t']));
    if !has_gap && (has_tags || is_indented) {
        return None;
    }
    let mut out = String::with_capacity(flat.len() + 16);
    let mut before: Option<&str> = None;
    for line in lines {
        match (before, line) {
            (Some(_), "") => out.push_str("</p>\n"),
            (None, "") => {}
            (None, line) => out.extend(["<p>", line]),
            (Some(before), line) if is_wrapped(before, line) => out.extend(["\n", line]),
            (Some(_), line) => out.extend(["<br>\n", line]),
        }
        before = Some(line).filter(|line| !line.is_empty());
    }
    if before.is_some() {
        out.push_str("</p>");
    }
    Some(out)
}

/// The text with no line ends inside of tags, and whether it has tags; none if one of them is a block.
fn only_lines(text: &str) -> Option<(String, bool)> {
    let mut flat = String::with_capacity(text.len());
    let mut scanner = Scanner::new(text);
    let mut at = 0;
    while let Next::Token(token) = scanner.next() {
        let name = text[token.name].to_ascii_lowercase();
        if !matches!(token.kind, Kind::Start | Kind::Empty | Kind::End) || !INLINE.contains(&&*name)
        {
            return None;
        }
        flat.push_str(&text[at..token.range.start]);
        flat.push_str(&text[token.range.clone()].replace(['\n', '\r'], " "));
        at = token.range.end;
    }
    flat.push_str(&text[at..]);
    Some((flat, at > 0))
}

/// Whether a line ends only because an editor wrapped it: in the middle of a sentence, at the usual width.
fn is_wrapped(line: &str, next: &str) -> bool {
    (50..=100).contains(&line.chars().count())
        && line.ends_with(|c: char| c.is_alphanumeric() || c == ',')
        && next.starts_with(char::is_lowercase)
}

/// Whether a text that stands alone has any word or number in it.
pub(super) fn has_words(html: &str) -> bool {
    plain::from_html(html, |_| true)
        .chars()
        .any(char::is_alphanumeric)
}

/// What base64 stands for.
pub(super) fn base64(text: &str) -> Option<String> {
    let letters: String = text.split_ascii_whitespace().collect();
    let bytes = BASE64.decode(letters.as_bytes());
    let bytes = bytes.or_else(|_| BASE64_NOPAD.decode(letters.trim_end_matches('=').as_bytes()));
    Some(decode(&bytes.ok()?).text.into_owned())
}

/// What a text stands for that is base64 by every letter of it: HTML or sentences in UTF-8.
pub(super) fn evident_base64(text: &str) -> Option<String> {
    let letters: String = text.split_ascii_whitespace().collect();
    if letters.len() < BASE64_LENGTH || text.trim().contains(' ') {
        return None;
    }
    let bytes = BASE64.decode(letters.as_bytes()).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let is_text = !text.contains(|c: char| c.is_control() && !c.is_whitespace());
    (is_text && text.contains([' ', '<'])).then_some(text)
}

/// Plain text with references in it, which were meant as characters.
pub(super) fn without_references(text: &str) -> Option<String> {
    let text = paired(text).map_or(Cow::Borrowed(text), Cow::Owned);
    let mut out = String::with_capacity(text.len());
    plain::decode(&text, &mut out);
    (out != text || matches!(text, Cow::Owned(_))).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_that_ends_early_is_read_to_its_real_end() {
        for (inner, meant) in [
            (
                "<![CDATA[<p>[[ a ]]>b</p><p>c</p>]]>",
                Some("<p>[[ a ]]>b</p><p>c</p>"),
            ),
            ("<![CDATA[a ]]> b ]]>", Some("a ]]> b ")),
            ("\n<![CDATA[<pre>]]]]><![CDATA[></pre>]]>\n", None),
            (
                "<![CDATA[<pre>]]]]><![CDATA[></pre> ]]> x]]>",
                Some("<pre>]]></pre> ]]> x"),
            ),
            ("<![CDATA[<p>a</p>]]>", None),
            ("<![CDATA[<p>a</p>]]><b>c</b>", None),
            ("a ]]> b", None),
            ("<p>a</p>", None),
        ] {
            assert_eq!(closed_early(inner).as_deref(), meant, "{inner}");
        }
    }

    #[test]
    fn a_section_that_was_escaped_is_none() {
        for (text, meant) in [
            ("<![CDATA[<p>a</p>]]>", Some("<p>a</p>")),
            (" <![CDATA[<![CDATA[a]]>]]> ", Some("a")),
            ("<![CDATA[a]]> and <![CDATA[b]]>", None),
            ("a", None),
        ] {
            assert_eq!(without_cdata(text).as_deref(), meant, "{text}");
        }
    }

    #[test]
    fn what_was_escaped_twice_is_known_by_proof() {
        for (html, meant) in [
            (
                "&lt;p&gt;A &lt;a href=&#34;u&#34;&gt;b&lt;/a&gt; c.&lt;/p&gt;",
                Some("<p>A <a href=\"u\">b</a> c.</p>"),
            ),
            ("&amp;lt;p&amp;gt;A b&amp;lt;/p&amp;gt;", Some("<p>A b</p>")),
            (
                "&lt;p&gt;&amp;lt;b&amp;gt; is bold&lt;/p&gt;",
                Some("<p>&lt;b&gt; is bold</p>"),
            ),
            ("&lt;img src=\"u\"&gt;", Some("<img src=\"u\">")),
            ("Use &lt;p&gt; here", None),
            ("<pre>&lt;p&gt;a b&lt;/p&gt;</pre>", None),
            ("&lt;script&gt;a b&lt;/script&gt;", None),
            ("&lt;!doctype html&gt;&lt;p&gt;a b&lt;/p&gt;", None),
            ("&lt;p&gt; and &lt;div&gt;", None),
            ("&lt;p&gt;x&lt;/p&gt;", None),
        ] {
            assert_eq!(unescaped(html).as_deref(), meant, "{html}");
        }
    }

    #[test]
    fn plain_text_keeps_its_lines() {
        let wrapped =
            "The first line of a mail that an editor wrapped at seventy\ncolumns, and no more.";
        for (text, meant) in [
            (
                "a\n\nb:\n- c\n- d",
                Some("<p>a</p>\n<p>b:<br>\n- c<br>\n- d</p>"),
            ),
            ("a\r\nb", Some("<p>a<br>\nb</p>")),
            (
                "a\n\n\n<b>b\nc</b>",
                Some("<p>a</p>\n<p><b>b<br>\nc</b></p>"),
            ),
            (
                "a\n\n<a\nhref='u'>b</a>",
                Some("<p>a</p>\n<p><a href='u'>b</a></p>"),
            ),
            (wrapped, Some(&*format!("<p>{wrapped}</p>"))),
            ("a\n  b\n  c", None),
            ("a <b>b</b>\nc", None),
            ("<p>a\n\nb</p>", None),
            ("a<br>\n\nb", None),
            ("a\n\n<!-- b -->", None),
            ("\n a \n", None),
            ("", None),
        ] {
            assert_eq!(with_paragraphs(text).as_deref(), meant, "{text:?}");
        }
    }

    #[test]
    fn characters_that_were_meant() {
        assert_eq!(
            without_c1("It\u{92}s \u{93}a\u{94}").as_deref(),
            Some("It’s “a”")
        );
        assert_eq!(without_c1("É\u{a0}x"), None);
        assert_eq!(paired("a &#55357;&#56832; b").as_deref(), Some("a 😀 b"));
        assert_eq!(
            paired("&#xD83D;&#xDE00;&#xd83d;&#xde00;!").as_deref(),
            Some("😀😀!")
        );
        for text in [
            "&#55357; &#56832;",
            "&#55357;",
            "&#56832;&#55357;",
            "&#65;&#66;",
            "&#",
        ] {
            assert_eq!(paired(text), None, "{text}");
        }
        assert_eq!(
            without_references("It&#8217;s &amp; &lt;b>").as_deref(),
            Some("It’s & <b>")
        );
        assert_eq!(without_references("AT&T"), None);
    }

    #[test]
    fn base64_is_decoded() {
        assert_eq!(base64("PHA+\n VGhl").as_deref(), Some("<p>The"));
        assert_eq!(base64("YQ").as_deref(), Some("a"));
        assert_eq!(base64("not, at all!"), None);
        assert!(evident_base64("PHA+VGhlIGtpdGUgPGI+ZmxpZXM8L2I+LjwvcD4=").is_some());
        assert_eq!(evident_base64("ThisIsOneLongWordWithoutAnySpace"), None);
    }
}
