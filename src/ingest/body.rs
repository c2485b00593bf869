//! The texts of an entry: what their `type` says they are, and how they become HTML.

use super::characters;

/// A text of an entry, as it was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Body {
    Html(String),
    /// XHTML, whose line ends are only those of the source.
    Xhtml(String),
    Text(String),
}

impl Body {
    /// Its length in bytes.
    pub(super) fn len(&self) -> usize {
        match self {
            Body::Html(text) | Body::Xhtml(text) | Body::Text(text) => text.len(),
        }
    }

    /// As HTML.
    pub(super) fn into_html(self) -> String {
        match self {
            Body::Html(html) | Body::Xhtml(html) => html,
            Body::Text(text) => characters::paragraphs(&text),
        }
    }
}

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyType {
    Text,
    Html,
    Xhtml,
    /// Other XML, unescaped.
    Inline,
}

/// Whether a `type` is one that Atom knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TypeSpelling {
    Known,
    Odd,
}

/// What an Atom text construct says it is (RFC 4287, sections 3.1 and 4.1.3; Atom 0.3 has MIME
/// types and a mode); none if there is nothing to read in it.
pub(super) fn body_type(
    raw: Option<&str>,
    markup: bool,
    looks_escaped: impl FnOnce() -> bool,
) -> (Option<BodyType>, TypeSpelling) {
    let kind = raw.unwrap_or("text").trim().to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or_default();
    let known = match kind {
        "text" | "text/plain" | "text/markdown" => Some(BodyType::Text),
        "html" | "text/html" => Some(BodyType::Html),
        "xhtml" => Some(BodyType::Xhtml),
        "application/xhtml+xml" if markup => Some(BodyType::Xhtml),
        _ if kind.ends_with("/xml") || kind.ends_with("+xml") => Some(if markup {
            BodyType::Inline
        } else {
            BodyType::Html
        }),
        _ if kind.contains("html") => return (Some(BodyType::Html), TypeSpelling::Odd),
        // Pictures and sounds in base64: nothing to read.
        _ if kind.contains('/') && !kind.starts_with("text/") => None,
        _ if looks_escaped() => return (Some(BodyType::Html), TypeSpelling::Odd),
        _ => return (Some(BodyType::Text), TypeSpelling::Odd),
    };
    (known, TypeSpelling::Known)
}

/// XHTML without the `div` that the specification wants around it (RFC 4287, section 3.1.1.3).
pub(super) fn unwrapped(html: &str) -> &str {
    let trimmed = html.trim();
    let inner = trimmed
        .strip_prefix("<div")
        .filter(|rest| rest.starts_with(['>', ' ', '\n', '\t', '\r']))
        .and_then(|rest| rest.strip_suffix("</div>"))
        .and_then(|rest| Some(&rest[rest.find('>')? + 1..]));
    match inner {
        // Another `div` beside it: then it is no wrapper.
        Some(inner) if is_balanced(inner) => inner.trim(),
        _ => trimmed,
    }
}

/// Whether no `</div>` closes something that was opened before.
fn is_balanced(html: &str) -> bool {
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'<', &html.as_bytes()[at..]) {
        let rest = &html[at + found..];
        if rest.starts_with("<div") {
            depth += 1;
        } else if rest.starts_with("</div") {
            match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return false,
            }
        }
        at += found + 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_div_around_xhtml_is_no_part_of_it() {
        for (html, inner) in [
            ("\n<div class='x'><p>a</p></div>\n", "<p>a</p>"),
            ("<div><div>a</div></div>", "<div>a</div>"),
            ("<div>a</div><div>b</div>", "<div>a</div><div>b</div>"),
            ("<p>a</p>", "<p>a</p>"),
            ("<divider>a</div>", "<divider>a</div>"),
        ] {
            assert_eq!(unwrapped(html), inner, "{html}");
        }
    }
}
