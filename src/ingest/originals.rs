//! `content/originals.txt` → which originals are gone.
//!
//! One line for each: its address, what its server answered, and the day on which that was found out,
//! sorted by address. So two branches that both found something merge without a conflict, and a line
//! that cannot be read costs no other.
//!
//! ```text
//! # A comment.
//! https://example.org/a 404 2026-11-21
//! ```

use jiff::civil::Date;

use crate::diag::{Code, Diagnostic, Place};
use crate::model::{Gone, Originals, SourceFile};

/// Reads the list. What is no line of it is told with its place.
pub(crate) fn originals(file: &SourceFile) -> (Originals, Vec<Diagnostic>) {
    let mut gone = Vec::new();
    let mut diagnostics = Vec::new();
    let mut at = 0;
    for bytes in file.bytes.split_inclusive(|byte| *byte == b'\n') {
        let span = at..at + bytes.trim_ascii_end().len();
        at += bytes.len();
        match original(bytes) {
            Line::Gone(url, what) => gone.push((url, what)),
            Line::Comment => {}
            Line::Other => {
                let place = Place::span_in_bytes(&*file.path, &file.bytes, span);
                let problem = Diagnostic::warning(
                    Code::OriginalsLine,
                    "no line of this list: an address, an answer and a day are expected",
                );
                diagnostics.push(problem.at(place).hint(
                    "such as `https://example.org/a 404 2026-11-21`; a comment begins with `#`",
                ));
            }
        }
    }
    (gone.into_iter().collect(), diagnostics)
}

/// A line of the list.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    /// An original that is gone.
    Gone(&'a str, Gone),
    /// Nothing, or words for people.
    Comment,
    /// What means nothing here.
    Other,
}

/// Reads one line.
pub(crate) fn original(bytes: &[u8]) -> Line<'_> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Line::Other;
    };
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() || text.starts_with('#') {
        return Line::Comment;
    }
    gone(text).map_or(Line::Other, |(url, gone)| Line::Gone(url, gone))
}

fn gone(text: &str) -> Option<(&str, Gone)> {
    let mut words = text.split_ascii_whitespace();
    let (url, status, since) = (words.next()?, words.next()?, words.next()?);
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    let status = status.parse().ok().filter(|it| (100..600).contains(it))?;
    let since: Date = since.parse().ok()?;
    (is_web && words.next().is_none()).then_some((url, Gone { status, since }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SafeUrl;

    #[test]
    fn each_line_stands_for_itself() {
        let text = "\u{feff}# gone\r\n\nhttps://example.org/a 404 2026-11-21\r\n\
                    <<<<<<< HEAD\nhttps://example.org/b 410 2026-01-02";
        let file = SourceFile {
            path: "content/originals.txt".into(),
            bytes: text.as_bytes().to_vec(),
        };
        let (originals, told) = originals(&file);
        let gone = |url: &str| originals.gone(&SafeUrl::parse(url).unwrap());
        assert_eq!(gone("https://example.org/a#part").unwrap().status, 404);
        let since = gone("https://example.org/b").unwrap().since;
        assert_eq!(since.to_string(), "2026-01-02");
        assert_eq!(gone("https://example.org/c"), None);
        assert_eq!(told.len(), 1);
        let place = told[0].place.as_ref().unwrap();
        assert_eq!(place.position.unwrap().line, 4);
    }

    #[test]
    fn what_is_no_line_is_none() {
        for line in [
            &b"https://example.org/a"[..],
            b"https://example.org/a 404",
            b"https://example.org/a 404 yesterday",
            b"https://example.org/a 40400 2026-11-21",
            b"https://example.org/a 404 2026-11-21 more",
            b"example.org/a 404 2026-11-21",
            b"https://example.org/\xff 404 2026-11-21",
        ] {
            assert_eq!(original(line), Line::Other);
        }
    }
}
