//! HTML as text → its tags and the text between them, as a browser's tokenizer cuts them (WHATWG
//! HTML, section 13.2.5), but without meaning: nothing is decoded, nothing is matched.
//!
//! It runs before ammonia's parser sees anything, so it must be linear, whatever it is given:
//! each byte is looked at a constant number of times, and attributes beyond
//! [`ATTRIBUTES`] are passed over.

use memchr::{memchr, memmem};

use super::policy::ATTRIBUTES;

/// A piece of HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Text with its character references; may hold a `<` that begins nothing.
    Text(&'a str),
    /// A start tag's name, as it is written; its attributes are [`Tokens::attribute`].
    Start(&'a str),
    /// An end tag's name, as it is written.
    End(&'a str),
}

/// The tokens of a piece of HTML; comments, doctypes and what is cut off are left out.
pub(super) struct Tokens<'a> {
    html: &'a str,
    at: usize,
    attributes: Vec<(&'a str, &'a str)>,
    /// Whether the start tag that was read last ends in `/>`.
    self_closing: bool,
    /// Names of which no end tag follows any more, so that nobody looks for one twice.
    never_closed: Vec<&'static str>,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(html: &'a str) -> Self {
        Tokens {
            html,
            at: 0,
            attributes: Vec::new(),
            self_closing: false,
            never_closed: Vec::new(),
        }
    }

    /// The value of an attribute of the start tag that was read last, as it is written; the first
    /// one counts, as in a browser.
    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes
            .iter()
            .find(|(written, _)| written.eq_ignore_ascii_case(name))
            .map(|(_, value)| *value)
    }

    /// Whether the start tag that was read last has attributes.
    pub(super) fn has_attributes(&self) -> bool {
        !self.attributes.is_empty()
    }

    /// Whether the start tag that was read last ends in `/>`, as XML writes an empty element.
    pub(super) fn is_self_closing(&self) -> bool {
        self.self_closing
    }

    /// The whole text that is read.
    pub(super) fn html(&self) -> &'a str {
        self.html
    }

    /// How much of the text is read.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// All attributes of the start tag that was read last.
    pub(super) fn all_attributes(&self) -> &[(&'a str, &'a str)] {
        &self.attributes
    }

    /// Passes over everything up to and including the next end tag of this name, and returns what
    /// was passed over; none, and nothing is passed over, if there is no such end tag.
    pub(super) fn skip_past_end(&mut self, name: &'static str) -> Option<&'a str> {
        if self.never_closed.contains(&name) {
            return None;
        }
        let start = self.at;
        let mut from = start;
        while let Some(found) = memmem::find(&self.html.as_bytes()[from..], b"</") {
            let end = from + found;
            from = end + 2;
            let rest = &self.html.as_bytes()[from..];
            let follows = rest.get(name.len()).copied();
            if rest.len() >= name.len()
                && rest[..name.len()].eq_ignore_ascii_case(name.as_bytes())
                && follows.is_none_or(|byte| is_space(byte) || matches!(byte, b'/' | b'>'))
            {
                self.at = memchr(b'>', rest).map_or(self.html.len(), |close| from + close + 1);
                return Some(&self.html[start..end]);
            }
        }
        self.never_closed.push(name);
        None
    }

    /// Everything that is left.
    pub(super) fn skip_to_end(&mut self) -> &'a str {
        let rest = &self.html[self.at..];
        self.at = self.html.len();
        rest
    }

    /// The beginning of what is left.
    pub(super) fn peek(&self, length: usize) -> &'a str {
        let rest = &self.html[self.at..];
        &rest[..rest.floor_char_boundary(length)]
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.html.as_bytes().get(at).copied()
    }

    /// A comment, doctype, processing instruction or bogus comment at `at` (which holds `<!`, `<?`
    /// or `</` without a name): where it ends.
    fn end_of_comment(&self, at: usize) -> usize {
        let bytes = self.html.as_bytes();
        if !bytes[at..].starts_with(b"<!--") {
            return memchr(b'>', &bytes[at..]).map_or(bytes.len(), |end| at + end + 1);
        }
        let mut from = at + 4;
        for at_once in [&b">"[..], &b"->"[..]] {
            if bytes[from..].starts_with(at_once) {
                return from + at_once.len();
            }
        }
        while let Some(found) = memmem::find(&bytes[from..], b"--") {
            let dashes = from + found + 2;
            match (self.byte(dashes), self.byte(dashes + 1)) {
                (Some(b'>'), _) => return dashes + 1,
                (Some(b'!'), Some(b'>')) => return dashes + 2,
                _ => from = dashes - 1,
            }
        }
        bytes.len()
    }

    /// Reads the attributes from `at` on; returns where the tag ends, none if it never does.
    fn read_attributes(&mut self, mut at: usize) -> Option<usize> {
        self.attributes.clear();
        let bytes = self.html.as_bytes();
        loop {
            let gap = at;
            let mut rest = bytes[at..].iter();
            at += rest.position(|byte| !is_space(*byte) && *byte != b'/')?;
            if bytes[at] == b'>' {
                // A slash at the end of an unquoted value belongs to the value.
                self.self_closing = bytes[gap..at].ends_with(b"/");
                return Some(at + 1);
            }
            let name_start = at;
            // A `=` at the beginning belongs to the name.
            at += 1;
            let mut rest = bytes[at..].iter();
            at += rest.position(|byte| ENDS_NAME[usize::from(*byte)] || *byte == b'=')?;
            let name = &self.html[name_start..at];
            let value = self.read_value(&mut at)?;
            if self.attributes.len() < ATTRIBUTES {
                self.attributes.push((name, value));
            }
        }
    }

    /// The value after an attribute's name, empty if there is none; none if the text ends in it.
    fn read_value(&self, at: &mut usize) -> Option<&'a str> {
        let mut next = *at;
        while is_space(self.byte(next)?) {
            next += 1;
        }
        if self.byte(next)? != b'=' {
            return Some("");
        }
        next += 1;
        while is_space(self.byte(next)?) {
            next += 1;
        }
        let first = self.byte(next)?;
        if matches!(first, b'"' | b'\'') {
            let start = next + 1;
            let end = start + memchr(first, &self.html.as_bytes()[start..])?;
            *at = end + 1;
            return Some(&self.html[start..end]);
        }
        let start = next;
        while self.byte(next)? != b'>' && !is_space(self.byte(next)?) {
            next += 1;
        }
        *at = next;
        Some(&self.html[start..next])
    }

    fn end_of_name(&self, start: usize) -> usize {
        self.html.as_bytes()[start..]
            .iter()
            .position(|byte| ENDS_NAME[usize::from(*byte)])
            .map_or(self.html.len(), |length| start + length)
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let start = self.at;
        let bytes = self.html.as_bytes();
        let mut open = start;
        loop {
            // Often a tag follows a tag.
            if self.byte(open) != Some(b'<') {
                let Some(found) = memchr(b'<', &bytes[open..]) else {
                    break;
                };
                open += found;
            }
            let after = self.byte(open + 1);
            let closing = after == Some(b'/');
            let letter = if closing { self.byte(open + 2) } else { after };
            let is_tag = letter.is_some_and(|byte| byte.is_ascii_alphabetic());
            let is_comment = matches!(after, Some(b'!' | b'?')) || (closing && letter.is_some());
            if !is_tag && !is_comment {
                open += 1;
                continue;
            }
            if open > start {
                self.at = open;
                return Some(Token::Text(&self.html[start..open]));
            }
            if is_tag {
                return self.tag(open + 1 + usize::from(closing), closing);
            }
            self.at = self.end_of_comment(open);
            return self.next_after_comments();
        }
        self.at = self.html.len();
        (start < self.html.len()).then(|| Token::Text(&self.html[start..]))
    }
}

impl<'a> Tokens<'a> {
    fn tag(&mut self, name_start: usize, closing: bool) -> Option<Token<'a>> {
        let name_end = self.end_of_name(name_start);
        let name = &self.html[name_start..name_end];
        if self.byte(name_end) == Some(b'>') {
            self.attributes.clear();
            self.self_closing = false;
            self.at = name_end + 1;
        } else {
            // A tag that the text ends in is no tag, nor text.
            self.at = self.read_attributes(name_end).unwrap_or(self.html.len());
            if self.byte(self.at.wrapping_sub(1)) != Some(b'>') || self.at <= name_end {
                return None;
            }
        }
        Some(if closing {
            Token::End(name)
        } else {
            Token::Start(name)
        })
    }

    /// The next token after a comment, without recursion: a text may be a million comments.
    fn next_after_comments(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = &self.html.as_bytes()[self.at..];
            let another = match (rest.first(), rest.get(1), rest.get(2)) {
                (Some(b'<'), Some(b'!' | b'?'), _) => true,
                (Some(b'<'), Some(b'/'), Some(letter)) => !letter.is_ascii_alphabetic(),
                _ => false,
            };
            if !another {
                return self.next();
            }
            self.at = self.end_of_comment(self.at);
        }
    }
}

/// Bytes that end the name of a tag, or of an attribute.
const ENDS_NAME: [bool; 256] = {
    let mut ends = [false; 256];
    let mut byte: u8 = 0;
    while byte.is_ascii() {
        ends[byte as usize] = is_space(byte) || matches!(byte, b'/' | b'>');
        byte += 1;
    }
    ends
};

/// White space between the parts of a tag (WHATWG HTML, section 13.2.5.32).
const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0xc)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> String {
        let mut tokens = Tokens::new(html);
        let mut out = Vec::new();
        while let Some(token) = tokens.next() {
            out.push(match token {
                Token::Text(text) => format!("{text:?}"),
                Token::End(name) => format!("/{name}"),
                Token::Start(name) => format!("{name}{:?}", tokens.attributes),
            });
        }
        out.join(" ")
    }

    #[test]
    fn tags_are_cut_as_browsers_cut_them() {
        for (html, tokens) in [
            ("a <b>c</b>", r#""a " b[] "c" /b"#),
            ("1 < 2 <3", r#""1 < 2 <3""#),
            (
                "<a href='x\"y' HREF=z>",
                r#"a[("href", "x\"y"), ("HREF", "z")]"#,
            ),
            (
                "<a\nhref = x/y disabled/>",
                r#"a[("href", "x/y"), ("disabled", "")]"#,
            ),
            ("<a =b=c>", r#"a[("=b", "c")]"#),
            ("<img/src=x>", r#"img[("src", "x")]"#),
            ("<a title='>'>x", r#"a[("title", ">")] "x""#),
            ("x<!-- <b> --><i>", r#""x" i[]"#),
            ("<!--><b><!---><i><!-- --!><u>", "b[] i[] u[]"),
            ("<?php <b> ?></ x><!x><i>", r#"" ?>" i[]"#),
            ("text <a href=", r#""text ""#),
            ("text <a href='x>more", r#""text ""#),
            ("end </", r#""end </""#),
            ("<!-- never closed <b>", ""),
        ] {
            assert_eq!(shown(html), tokens, "{html}");
        }
    }

    #[test]
    fn what_is_skipped_ends_at_its_own_end_tag() {
        let mut tokens = Tokens::new("<script>a</scripts></ScRipt >b");
        tokens.next();
        assert_eq!(tokens.skip_past_end("script"), Some("a</scripts>"));
        assert_eq!(tokens.next(), Some(Token::Text("b")));
        assert_eq!(Tokens::new("x").skip_past_end("svg"), None);
    }
}
