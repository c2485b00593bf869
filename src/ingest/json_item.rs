//! One item of a JSON Feed → fields.
//!
//! serde_json reads it, and we take the members ourselves: feed-rs would mix `url` with
//! `external_url`, and refuse the item for a number as its id. Types that the specification does
//! not allow but that everybody understands are taken, and told.

use serde_json::{Map, Value};

use super::body::Body;
use super::environment::language;
use super::fields::{AtomLink, Fields};
use super::plain::Writing;
use super::reading::Reading;
use super::repair::{Mended, Mends, Repair, mend};
use super::wrapping;

/// What a lone half of a surrogate pair is replaced by: as long as it, so that places stay true.
const REPLACEMENT: &str = "\\ufffd";

/// An item, or the header, as fields; the reason and place if it is no JSON object.
pub(super) fn fields(slice: &str, reading: &Reading) -> Result<Fields, (String, usize)> {
    let (value, mends) = value(slice);
    match value {
        Ok(Value::Object(object)) => Ok(Item {
            object,
            mends,
            reading,
        }
        .fields()),
        Ok(_) => Err(("an item that is no object".to_owned(), 0)),
        Err(error) => {
            let at = offset(slice, error.line(), error.column());
            let error = error.to_string();
            // Line and column are those of the slice; the place says those of the file.
            let cause = error.split(" at line ").next().unwrap_or_default();
            Err((format!("an item that is no JSON: {cause}"), at))
        }
    }
}

/// A value, and what had to be mended for it to be one.
pub(super) fn value(slice: &str) -> (serde_json::Result<Value>, Mends) {
    let error = match serde_json::from_str(slice) {
        Ok(value) => return (Ok(value), Mends::new()),
        Err(error) => error,
    };
    let mut mends = Mends::new();
    let paired = with_pairs_only(slice, &mut mends);
    let mended = without_controls(&paired);
    if mended != paired {
        mend(&mut mends, Repair::ControlCharacter, 0);
    }
    match serde_json::from_str(&mended) {
        Ok(value) => (Ok(value), mends),
        // Places are those of the slice as it was.
        Err(_) => (Err(error), Mends::new()),
    }
}

/// Escapes of half a character (`\ud83d`: an emoji that was cut), replaced.
fn with_pairs_only(slice: &str, mends: &mut Mends) -> String {
    let mut out = String::with_capacity(slice.len());
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &slice.as_bytes()[at..]) {
        let start = at + found;
        out.push_str(&slice[at..start]);
        let (length, is_whole) = match unit(slice, start) {
            Some(0xD800..=0xDBFF) => match unit(slice, start + REPLACEMENT.len()) {
                Some(0xDC00..=0xDFFF) => (2 * REPLACEMENT.len(), true),
                _ => (REPLACEMENT.len(), false),
            },
            Some(0xDC00..=0xDFFF) => (REPLACEMENT.len(), false),
            // An escaped backslash begins nothing.
            _ if slice[start..].starts_with("\\\\") => (2, true),
            _ => (1, true),
        };
        at = start + length;
        if is_whole {
            out.push_str(&slice[start..at]);
        } else {
            out.push_str(REPLACEMENT);
            mend(mends, Repair::BadReference, start);
        }
    }
    out.push_str(&slice[at..]);
    out
}

/// The UTF-16 unit that is escaped here.
fn unit(slice: &str, at: usize) -> Option<u16> {
    let digits = slice.get(at..)?.strip_prefix("\\u")?.get(..4)?;
    let are_digits = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u16::from_str_radix(digits, 16).ok().filter(|_| are_digits)
}

/// Line ends and tabs in strings, escaped; other control characters, left out.
fn without_controls(slice: &str) -> String {
    let (mut in_string, mut escaped) = (false, false);
    let mut out = String::with_capacity(slice.len());
    for character in slice.chars() {
        match character {
            '\n' if in_string => out.push_str("\\n"),
            '\t' if in_string => out.push_str("\\t"),
            _ if in_string && character < ' ' => {}
            _ => out.push(character),
        }
        if in_string {
            in_string = escaped || character != '"';
            escaped = !escaped && character == '\\';
        } else {
            (in_string, escaped) = (character == '"', false);
        }
    }
    out
}

fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    (before + column.saturating_sub(1)).min(text.len())
}

struct Item<'a> {
    object: Map<String, Value>,
    mends: Mends,
    reading: &'a Reading,
}

impl Item<'_> {
    fn fields(mut self) -> Fields {
        let own = self.string("url").or_else(|| self.string("home_page_url"));
        let (page, share) = match (self.string("external_url"), own) {
            (Some(original), own) => (Some(original), own),
            (None, own) => (own, None),
        };
        let html = self.string("content_html");
        let html = html.map(|html| Body::Html(wrapping::html(html, self.reading)));
        let text = self.string("content_text").map(Body::Text);
        Fields {
            id: self.string("id"),
            permalink: true,
            title: self.plain("title").map(|title| (title, Writing::Text)),
            links: page
                .map(|href| AtomLink {
                    rel: "alternate".to_owned(),
                    href,
                })
                .into_iter()
                .collect(),
            share,
            published: self.string("date_published").map(|date| (0, date)),
            updated: self.string("date_modified").map(|date| (0, date)),
            people: self.people(),
            tags: self.tags(),
            content: html.or(text),
            summary: self.plain("summary").map(Body::Text),
            language: self.string("language").as_deref().and_then(language),
            mended: self.mends,
            ..Fields::default()
        }
    }

    /// A plain text, with references to characters resolved: some write them here, too.
    fn plain(&mut self, key: &str) -> Option<String> {
        let text = self.string(key)?;
        let text = wrapping::improved(text, wrapping::without_cdata, self.reading);
        Some(wrapping::improved(
            text,
            wrapping::without_references,
            self.reading,
        ))
    }

    /// A string; a number is taken for one. Nothing if it is empty.
    fn string(&mut self, key: &str) -> Option<String> {
        let text = match self.object.get(key)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => {
                let text = number.to_string();
                self.mend();
                text
            }
            Value::Null => return None,
            _ => {
                self.mend();
                return None;
            }
        };
        let text = wrapping::improved(text, wrapping::without_c1, self.reading);
        (!text.is_empty()).then_some(text)
    }

    /// `authors`, and the `author` of version 1.0.
    fn people(&mut self) -> Vec<String> {
        let list = [self.object.get("authors"), self.object.get("author")];
        let people = list.into_iter().flatten().flat_map(|value| match value {
            Value::Array(list) => list.iter().collect(),
            one => vec![one],
        });
        people
            .filter_map(|person| match person {
                Value::Object(person) => person.get("name")?.as_str(),
                Value::String(name) => Some(name.as_str()),
                _ => None,
            })
            .map(|name| {
                wrapping::improved(name.to_owned(), wrapping::without_references, self.reading)
            })
            .collect()
    }

    fn tags(&mut self) -> Vec<String> {
        let tags: Vec<String> = match self.object.get("tags") {
            Some(Value::Array(list)) => list
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            Some(Value::String(list)) => list.split(',').map(str::to_owned).collect(),
            _ => return Vec::new(),
        };
        let plain = |tag| wrapping::improved(tag, wrapping::without_references, self.reading);
        let tags = tags.into_iter().map(plain).collect();
        if self.object.get("tags").is_some_and(Value::is_string) {
            self.mend();
        }
        tags
    }

    fn mend(&mut self) {
        self.mends.push(Mended {
            repair: Repair::JsonType,
            at: 0,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_an_emoji_costs_itself() {
        for (text, title, mends) in [
            (r#"{"title": "a \ud83d"}"#, "a \u{fffd}", 1),
            (
                r#"{"title": "\ude00b\uD83D\uD83D"}"#,
                "\u{fffd}b\u{fffd}\u{fffd}",
                3,
            ),
            (
                r#"{"title": "\ud83d \ud83d\ude00"}"#,
                "\u{fffd} \u{1f600}",
                1,
            ),
            (r#"{"title": "\ud83d \\ud83d"}"#, "\u{fffd} \\ud83d", 1),
            (r#"{"title": "\ud83d\n"}"#, "\u{fffd}", 1),
            ("{\"title\": \"\\ud83dé\n\"}", "\u{fffd}é", 2),
        ] {
            let item = fields(text, &Reading::current()).unwrap();
            assert_eq!(item.title.unwrap().0, title, "{text}");
            assert_eq!(item.mended.len(), mends, "{text}");
            assert_eq!(item.mended[0].at, text.find("\\u").unwrap(), "{text}");
        }
        assert!(fields(r#"{"title": "\ud8"#, &Reading::current()).is_err());
    }

    #[test]
    fn the_external_url_is_the_original_and_the_url_the_page_of_the_share() {
        for (text, link, share) in [
            (r#"{"url": "u", "external_url": "e"}"#, "e", Some("u")),
            (r#"{"external_url": "e"}"#, "e", None),
            (r#"{"url": "u"}"#, "u", None),
        ] {
            let item = fields(text, &Reading::current()).unwrap();
            assert_eq!(item.links[0].href, link, "{text}");
            assert_eq!(item.share.as_deref(), share, "{text}");
        }
    }

    #[test]
    fn types_that_everybody_understands() {
        let item = fields(
            "{\"id\": 7, \"tags\": \"a, b\", \"author\": {\"name\": \"Ada\"}, \"title\": \"x\ty\"}",
            &Reading::current(),
        );
        let item = item.unwrap();
        assert_eq!(item.id.as_deref(), Some("7"));
        assert_eq!(item.tags, ["a", " b"]);
        assert_eq!(item.people, ["Ada"]);
        assert_eq!(item.mended.len(), 3);
        let (why, at) = fields("{\"id\":\n 7,, }", &Reading::current()).unwrap_err();
        assert!(why.contains("no JSON") && at == 10, "{why} {at}");
    }
}
