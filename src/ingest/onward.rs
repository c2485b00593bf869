//! The bytes of a feed → where it goes on: links to older entries that this document has not.
//!
//! Archived and paged feeds (RFC 5005) say so in Atom links of their header, in RSS, too; JSON Feed
//! (1.1, "Top-level") in `next_url`. Invariant: nothing of an entry is taken for the feed's word.

use serde_json::Value;

use super::kind::{Format, Kind, kind};
use super::repair::Notes;
use super::{decode, json, xml};
use crate::model::SafeUrl;

/// A document of a feed, looked at from the outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outside {
    /// How a file of this kind ends: `xml`, `json`.
    pub(crate) extension: &'static str,
    /// The archive document before this one (RFC 5005, section 4), which will never change.
    pub(crate) archive: Option<String>,
    /// The next page (section 3), as the feed is now.
    pub(crate) page: Option<String>,
}

/// What a document of a feed is, and where it goes on; an error, in words, if it is no feed.
/// `address` is where it came from.
pub(crate) fn outside(bytes: &[u8], address: &str) -> Result<Outside, String> {
    let decoded = decode::decode(bytes);
    let text = &*decoded.text;
    let (format, start) = match kind(text) {
        Kind::Feed(format, start) => (format, start),
        Kind::Export(what) => return Err(what.to_owned()),
        Kind::Other(what) => return Err(what),
    };
    let address = SafeUrl::parse(address);
    if format == Format::Json {
        return Ok(Outside {
            extension: "json",
            archive: None,
            page: next_url(text).and_then(|raw| resolve(address.as_ref(), &raw)),
        });
    }
    let header = xml::cut(text, format, start, &mut Notes::default()).header;
    let base = header.base.as_ref().or(address.as_ref());
    let link = |rel: &str| {
        let mut links = header.links.iter();
        let link = links.find(|link| link.rel.trim().eq_ignore_ascii_case(rel))?;
        resolve(base, link.href.trim())
    };
    Ok(Outside {
        extension: "xml",
        archive: link("prev-archive"),
        page: link("next"),
    })
}

/// The text of a document, in whatever encoding it is.
pub(crate) fn text(bytes: &[u8]) -> String {
    decode::decode(bytes).text.into_owned()
}

fn next_url(text: &str) -> Option<String> {
    let header: Value = serde_json::from_str(&json::split(text).header).ok()?;
    Some(header.get("next_url")?.as_str()?.trim().to_owned())
}

/// A link that can be followed; an empty one leads nowhere.
fn resolve(base: Option<&SafeUrl>, raw: &str) -> Option<String> {
    let url = (!raw.is_empty()).then(|| SafeUrl::resolve(base, raw))??;
    url.is_web().then(|| url.without_fragment().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "https://example.org/feeds/now.xml";

    fn onward(text: &str) -> (Option<String>, Option<String>) {
        let outside = outside(text.as_bytes(), ADDRESS).unwrap();
        (outside.archive, outside.page)
    }

    #[test]
    fn a_header_says_where_a_feed_goes_on() {
        let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title>\
            <link rel='prev-archive' href='2024.xml#top'/><link href='/'/>\
            <link rel='next' href='?page=2&amp;n=5'/>\
            <entry><id>a</id><link rel='next' href='/entry'/></entry></feed>";
        let (archive, page) = onward(atom);
        assert_eq!(
            archive.as_deref(),
            Some("https://example.org/feeds/2024.xml")
        );
        let second = "https://example.org/feeds/now.xml?page=2&n=5";
        assert_eq!(page.as_deref(), Some(second));
        let rss = "<rss version='2.0' xmlns:a='http://www.w3.org/2005/Atom'><channel>\
            <a:link rel='prev-archive' href='https://other.example/1'/><item>\
            <a:link rel='next' href='/x'/></item></channel></rss>";
        assert_eq!(
            onward(rss),
            (Some("https://other.example/1".to_owned()), None)
        );
        let based = "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://b.example/x/'>\
            <link rel='next' href='2'/></feed>";
        assert_eq!(onward(based).1.as_deref(), Some("https://b.example/x/2"));
    }

    #[test]
    fn a_json_feed_names_its_next_page() {
        let json = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "T",
            "next_url": "/2.json", "items": [{"id": "1", "next_url": "/no"}]}"#;
        assert_eq!(
            onward(json),
            (None, Some("https://example.org/2.json".to_owned()))
        );
        assert_eq!(outside(json.as_bytes(), ADDRESS).unwrap().extension, "json");
    }

    #[test]
    fn what_cannot_be_followed_is_no_link() {
        for href in [
            "",
            "mailto:a@b.example",
            "javascript:alert(1)",
            "file:///etc/passwd",
        ] {
            let atom = format!(
                "<feed xmlns='http://www.w3.org/2005/Atom'><link rel='next' href='{href}'/></feed>"
            );
            assert_eq!(onward(&atom), (None, None), "{href}");
        }
        assert_eq!(
            outside(b"<html><body>busy</body></html>", ADDRESS),
            Err("an HTML page".to_owned())
        );
    }
}
