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
use super::repair::{Mended, Mends, Repair};

/// An item, or the header, as fields; the reason and place if it is no JSON object.
pub(super) fn fields(slice: &str) -> Result<Fields, (String, usize)> {
    let mut mends = Mends::new();
    let value = serde_json::from_str(slice).or_else(|_| {
        let mended = without_controls(slice);
        let value = serde_json::from_str::<Value>(&mended);
        if value.is_ok() && mended != slice {
            mends.push(Mended {
                repair: Repair::ControlCharacter,
                at: 0,
            });
        }
        value
    });
    match value {
        Ok(Value::Object(object)) => Ok(Item { object, mends }.fields()),
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

struct Item {
    object: Map<String, Value>,
    mends: Mends,
}

impl Item {
    fn fields(mut self) -> Fields {
        let page = self.string("external_url").or_else(|| self.string("url"));
        let page = page.or_else(|| self.string("home_page_url"));
        let html = self.string("content_html").map(Body::Html);
        let text = self.string("content_text").map(Body::Text);
        Fields {
            id: self.string("id"),
            permalink: true,
            title: self.string("title").map(|title| (title, Writing::Text)),
            links: page
                .map(|href| AtomLink {
                    rel: "alternate".to_owned(),
                    href,
                })
                .into_iter()
                .collect(),
            published: self.string("date_published").map(|date| (0, date)),
            updated: self.string("date_modified").map(|date| (0, date)),
            people: self.people(),
            tags: self.tags(),
            content: html.or(text),
            summary: self.string("summary").map(Body::Text),
            language: self.string("language").as_deref().and_then(language),
            mended: self.mends,
            ..Fields::default()
        }
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
            .map(str::to_owned)
            .collect()
    }

    fn tags(&mut self) -> Vec<String> {
        let tags = match self.object.get("tags") {
            Some(Value::Array(list)) => list
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            Some(Value::String(list)) => list.split(',').map(str::to_owned).collect(),
            _ => return Vec::new(),
        };
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
    fn types_that_everybody_understands() {
        let item = fields(
            "{\"id\": 7, \"tags\": \"a, b\", \"author\": {\"name\": \"Ada\"}, \"title\": \"x\ty\"}",
        );
        let item = item.unwrap();
        assert_eq!(item.id.as_deref(), Some("7"));
        assert_eq!(item.tags, ["a", " b"]);
        assert_eq!(item.people, ["Ada"]);
        assert_eq!(item.mended.len(), 3);
        let (why, at) = fields("{\"id\":\n 7,, }").unwrap_err();
        assert!(why.contains("no JSON") && at == 10, "{why} {at}");
    }
}
