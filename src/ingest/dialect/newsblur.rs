//! NewsBlur's blurblogs: a box above each article says who shared it.
//!
//! ```text
//! <table …><tr>
//!   <td …><img …avatar></td>
//!   <td …><b>SHARER <a href="PERMALINK">shared this story</a>
//!         [from [<img …icon>] SOURCE].</b></td>
//! </tr>
//! [<tr><td><p>COMMENT</p></td></tr>]      and then `:` instead of `.`
//! </table>
//! <hr …>
//! ARTICLE
//! ```
//!
//! In this dialect the entry's id is the original's link, and its date the time of sharing. The
//! box is known by its whole structure, so that an article which begins with a table of its own,
//! or quotes such a box further down, stays as it is. A missing article is written as `None`.

use super::Reading;
use crate::ingest::plain;
use crate::ingest::scan::{Kind, Next, Scanner, attribute};
use crate::model::{SafeUrl, Text};

/// The text of the link to the share.
const LINK_TEXT: &str = "shared this story";
/// The longest comment that is looked for, in bytes: NewsBlur's own limit is far below.
const COMMENT_LENGTH: usize = 64 * 1024;
/// What stands for an article that NewsBlur does not have.
const NO_ARTICLE: &str = "None";

/// Takes the box off a text.
pub(super) fn read(html: &str) -> Option<Reading<'_>> {
    let mut cursor = Cursor { rest: html };
    cursor.open("table")?;
    cursor.open("tr")?;
    cursor.open("td")?;
    cursor.open("img")?;
    cursor.close("td")?;
    cursor.open("td")?;
    cursor.open("b")?;
    let sharer = text(cursor.until("<a")?)?;
    let permalink = attribute(cursor.open("a")?, "href").and_then(url);
    if cursor.until("</a")?.trim() != LINK_TEXT {
        return None;
    }
    cursor.close("a")?;
    let source = cursor.source()?;
    cursor.close("b")?;
    cursor.close("td")?;
    cursor.close("tr")?;
    let comment = if cursor.close("table").is_some() {
        None
    } else {
        Some(cursor.comment()?)
    };
    cursor.open("hr")?;
    let body = cursor.rest.trim();
    Some(Reading {
        sharer,
        permalink,
        source,
        comment: comment.filter(|comment| !comment.is_empty()),
        body: if body == NO_ARTICLE { "" } else { body },
    })
}

/// Reads a text from its start.
struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    /// A start tag of this name, which must come next.
    fn open(&mut self, name: &str) -> Option<&'a str> {
        self.tag(name, |kind| matches!(kind, Kind::Start | Kind::Empty))
    }

    /// An end tag of this name, which must come next.
    fn close(&mut self, name: &str) -> Option<&'a str> {
        self.tag(name, |kind| kind == Kind::End)
    }

    /// Moves on only if the tag is there.
    fn tag(&mut self, name: &str, expected: impl Fn(Kind) -> bool) -> Option<&'a str> {
        let rest = self.rest.trim_start();
        if !rest.starts_with('<') {
            return None;
        }
        let Next::Token(token) = Scanner::new(rest).next() else {
            return None;
        };
        let fits = token.range.start == 0
            && expected(token.kind)
            && rest[token.name.clone()].eq_ignore_ascii_case(name);
        if !fits {
            return None;
        }
        self.rest = &rest[token.range.end..];
        Some(&rest[token.range])
    }

    /// What stands before a mark; the mark stays.
    fn until(&mut self, mark: &str) -> Option<&'a str> {
        let end = self.rest.find(mark)?;
        let (before, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(before)
    }

    /// `.` or `:`, with `from` and a title before it.
    fn source(&mut self) -> Option<Option<Text>> {
        let mut inner = Cursor {
            rest: self.until("</b")?,
        };
        let sentence = inner.rest.trim().strip_suffix(['.', ':'])?;
        let Some(origin) = sentence.strip_prefix("from") else {
            return sentence.trim().is_empty().then_some(None);
        };
        inner.rest = origin;
        let _icon = inner.open("img");
        Some(text(inner.rest))
    }

    /// The second row, and the end of the table.
    fn comment(&mut self) -> Option<&'a str> {
        self.open("tr")?;
        self.open("td")?;
        let start = self.rest;
        loop {
            let _before = self.until("</td")?;
            let end = start.len() - self.rest.len();
            if end > COMMENT_LENGTH {
                return None;
            }
            let mut after = Cursor { rest: self.rest };
            let ends = ["td", "tr", "table"]
                .iter()
                .all(|name| after.close(name).is_some());
            if ends && after.rest.trim_start().starts_with("<hr") {
                self.rest = after.rest;
                return Some(start[..end].trim());
            }
            self.rest = self.rest.get(1..)?;
        }
    }
}

fn text(html: &str) -> Option<Text> {
    let mut out = String::new();
    plain::decode(html, &mut out);
    Text::new(&out)
}

fn url(raw: &str) -> Option<SafeUrl> {
    let mut out = String::new();
    plain::decode(raw, &mut out);
    SafeUrl::parse(&out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A box as NewsBlur draws it.
    fn share(ending: &str, row: &str, article: &str) -> String {
        format!(
            "<table style=\"border: 1px\" width=\"100%\">\n <tr>\n  <td rowspan=\"2\">\
             <img src=\"https://avatars.example/1\" style=\"width: 36px\"></td>\n  <td>\n <b>\n \
             ada \n <a href=\"https://ada.newsblur.com/story/x/1:2?a=1&amp;b=2\">shared this story</a>\n \
             {ending}</b>\n </td>\n </tr>\n {row}\n</table>\n\n<hr style=\"clear: both\">\n\n{article}"
        )
    }

    const FROM: &str = "from <img src=\"https://icons.example/1.png\"> Ada &amp; Bob&#x27;s Inc.";

    #[test]
    fn the_box_becomes_a_share_and_leaves_the_body() {
        let row = "<tr><td><p>Worth it</p></td></tr>";
        let cell = "<tr><td><p>a</p><table><tr><td>b</td></tr></table></td></tr>";
        for (html, source, comment, body) in [
            (share(".", "", "<p>x</p>"), None, None, "<p>x</p>"),
            (
                share(&format!("{FROM}."), "", "x"),
                Some("Ada & Bob's Inc."),
                None,
                "x",
            ),
            (
                share(&format!("{FROM}:"), row, "x"),
                Some("Ada & Bob's Inc."),
                Some("<p>Worth it</p>"),
                "x",
            ),
            (share(":", row, "None"), None, Some("<p>Worth it</p>"), ""),
            (share(".", "", "\n"), None, None, ""),
            (
                share("from Somewhere.", "", "x"),
                Some("Somewhere"),
                None,
                "x",
            ),
            (
                share(":", cell, "x"),
                None,
                Some("<p>a</p><table><tr><td>b</td></tr></table>"),
                "x",
            ),
            (
                share(".", "", "<table><tr><td>own</td></tr></table><hr>y"),
                None,
                None,
                "<table><tr><td>own</td></tr></table><hr>y",
            ),
        ] {
            let reading = read(&html).unwrap();
            assert_eq!(reading.sharer.as_str(), "ada");
            assert_eq!(
                reading.permalink.unwrap().as_str(),
                "https://ada.newsblur.com/story/x/1:2?a=1&b=2"
            );
            assert_eq!(reading.source.as_ref().map(Text::as_str), source, "{html}");
            assert_eq!(reading.comment, comment, "{html}");
            assert_eq!(reading.body, body, "{html}");
        }
    }

    #[test]
    fn what_is_no_box_is_left_alone() {
        let whole = share(".", "", "x");
        for html in [
            "<table><tr><td>own</td></tr></table><hr>y".to_owned(),
            whole.replace("shared this story", "wrote this"),
            whole.replace("<hr style=\"clear: both\">", ""),
            whole.replace(".</b>", "</b>"),
            whole.replace("ada \n", "\n"),
            format!("<p>quoted:</p>{whole}"),
            String::new(),
        ] {
            assert_eq!(read(&html), None, "{html}");
        }
    }
}
