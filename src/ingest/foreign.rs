//! The head of a page in the format of other generators → what Gleaner understands of it.
//!
//! Of YAML, lines of `key: value` are read, and of JSON the members of the object: that is all that a
//! page needs. The rest, which other generators know (`layout`, `date`, `tags`), is left out. The
//! head is reported with what it would be in TOML, so that nothing of it is lost silently.
//!
//! Invariant: a page that may be a draft is a draft. What a key says that keeps a page back is
//! believed unless it plainly says no.

use std::ops::Range;

use super::front_matter::{Format, key};
use crate::diag::{Code, Diagnostic, Place};
use crate::model::{SourceFile, Text};

/// What the head says that a page knows.
#[derive(Debug, Default)]
pub(super) struct Foreign {
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) nav: Option<Nav>,
    /// Whether the page is not to be published.
    pub(super) draft: bool,
    /// Other keys.
    left_out: Vec<String>,
}

/// What it says of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nav {
    Nowhere,
    At(i64),
}

/// Reads a head, and reports that it is not in Gleaner's format.
pub(super) fn read(
    file: &SourceFile,
    text: &str,
    format: Format,
    head: Range<usize>,
) -> (Foreign, Diagnostic) {
    let mut found = Foreign::default();
    let name = match format {
        Format::Yaml => {
            for (key, value) in lines(&text[head.clone()]) {
                found.take(&key, value);
            }
            "YAML"
        }
        Format::Json => {
            let object = serde_json::from_str(&text[head.clone()]).unwrap_or_default();
            let object: serde_json::Map<String, serde_json::Value> = object;
            for (key, value) in object {
                let value = match value {
                    serde_json::Value::String(text) => text,
                    other => other.to_string(),
                };
                found.take(&key, value);
            }
            "JSON"
        }
    };
    let message = match found.draft {
        true => format!("front matter in {name}; the page is a draft and is not published"),
        false => format!("front matter in {name}, of which only part is read"),
    };
    let line = head.start..head.start + text[head.clone()].lines().next().map_or(0, str::len);
    let told = Diagnostic::warning(Code::FrontMatterForeign, message)
        .at(Place::span(&*file.path, text, line))
        .hint(found.hint());
    (found, told)
}

/// The keys of YAML that are not indented, with their values: of a value that goes on over
/// several lines, all of it.
fn lines(yaml: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let lines = yaml.lines().map(str::trim_end);
    let is_said = |line: &&str| !line.is_empty() && !line.trim_start().starts_with('#');
    for line in lines.filter(is_said) {
        let is_indented = line.starts_with([' ', '\t', '-']);
        match key(line).filter(|_| !is_indented) {
            Some((key, value)) => found.push((key.to_owned(), scalar(value))),
            None => {
                let Some((_, value)) = found.last_mut() else {
                    continue;
                };
                if matches!(value.as_str(), "|" | ">" | "|-" | ">-" | "|+" | ">+") {
                    value.clear();
                }
                if !value.is_empty() {
                    value.push(' ');
                }
                value.push_str(line.trim());
            }
        }
    }
    found
}

/// The value of a line: without quotes, and without the comment behind it.
fn scalar(value: &str) -> String {
    let quoted = |quote: char| {
        let inner = value.strip_prefix(quote)?;
        let end = inner.rfind(quote)?;
        Some(&inner[..end])
    };
    if let Some(inner) = quoted('\'') {
        return inner.replace("\'\'", "\'");
    }
    if let Some(inner) = quoted('"') {
        return inner.replace("\\\"", "\"").replace("\\\\", "\\");
    }
    let value = value.split(" #").next().unwrap_or_default().trim_end();
    match value {
        "~" | "null" => String::new(),
        _ if value.starts_with('#') => String::new(),
        _ => value.to_owned(),
    }
}

impl Foreign {
    fn take(&mut self, key: &str, value: String) {
        let is = |words: &[&str]| words.iter().any(|word| value.eq_ignore_ascii_case(word));
        let says_no = is(&["", "false", "no", "off", "n", "0", "null"]);
        match key.to_ascii_lowercase().as_str() {
            "title" => self.title = Some(value),
            "description" => self.description = Some(value),
            "nav" => {
                let place = value.parse().map(Nav::At).ok();
                self.nav = place.or(says_no.then_some(Nav::Nowhere));
            }
            "draft" | "private" => self.draft |= !says_no,
            // Of Jekyll and Obsidian.
            "published" | "publish" => {
                self.draft |= !is(&["true", "yes", "on", "y", "1"]) && !value.is_empty();
            }
            _ => self.left_out.push(key.to_owned()),
        }
    }

    /// The same in Gleaner's format.
    fn hint(&self) -> String {
        let quoted = |name: &str, value: &Option<String>| {
            let value = Text::new(value.as_deref()?)?;
            Some(format!("{name} = {}", toml::Value::from(value.as_str())))
        };
        let nav = self.nav.map(|nav| match nav {
            Nav::Nowhere => "nav = false".to_owned(),
            Nav::At(place) => format!("nav = {place}"),
        });
        let lines = [
            quoted("title", &self.title),
            quoted("description", &self.description),
            nav,
            self.draft.then(|| "draft = true".to_owned()),
        ];
        let lines: Vec<String> = lines.into_iter().flatten().collect();
        let mut hint = match lines.is_empty() {
            true => "write it as TOML between two lines of `+++`".to_owned(),
            false => format!(
                "write it as TOML between two lines of `+++`: `{}`",
                lines.join("`, `")
            ),
        };
        if !self.left_out.is_empty() {
            hint += &format!("; a page has no {}", quoted_list(&self.left_out));
        }
        hint
    }
}

/// How many keys a hint names.
const NAMED: usize = 5;

fn quoted_list(names: &[String]) -> String {
    let mut named: Vec<String> = names
        .iter()
        .take(NAMED)
        .map(|name| format!("`{name}`"))
        .collect();
    if names.len() > NAMED {
        named.push("…".to_owned());
    }
    named.join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::markdown::{note, page};
    use super::*;
    use crate::model::Bodies;

    fn file(path: &str, text: &str) -> SourceFile {
        SourceFile {
            path: path.into(),
            bytes: text.as_bytes().to_vec(),
        }
    }

    /// Problems with their lines and hints.
    fn told(diagnostics: &[Diagnostic]) -> Vec<String> {
        let told = diagnostics.iter().map(|found| {
            let position = found.place.as_ref().and_then(|place| place.position);
            let at = position.map_or((0, 0), |at| (at.line, at.column));
            let hint = found.hint.as_deref().unwrap_or_default();
            format!("{}:{} {} {hint}", at.0, at.1, found.message)
        });
        told.collect()
    }

    #[test]
    fn front_matter_of_other_generators_is_read_and_reported() {
        let read = |text: &str| {
            let bodies = Bodies::default();
            let (page, told_of) = page(&file("content/pages/a.md", text), &bodies);
            let page = page.map(|page| {
                let html = bodies.raw(page.body).to_string();
                (page.title.to_string(), page.nav, html)
            });
            (page, told(&told_of))
        };
        let (page, problems) = read(
            "---\r\ntitle: 'It''s me'  # mine\r\nlayout: page\r\ntags:\r\n  - a\r\nnav: 3\r\n---\r\nHello",
        );
        let (title, nav, html) = page.unwrap();
        assert_eq!(
            (title.as_str(), nav, html.as_str()),
            ("It's me", Some(3), "<p>Hello</p>\n")
        );
        assert_eq!(
            problems,
            [
                "2:1 front matter in YAML, of which only part is read write it as TOML between two \
              lines of `+++`: `title = \"It's me\"`, `nav = 3`; a page has no `layout`, `tags`"
            ]
        );
        let (page, _) = read("---\ntitle: >-\n  A long\n  title\nnav: false\n...\nx");
        let (title, nav, _) = page.unwrap();
        assert_eq!((title.as_str(), nav), ("A long title", None));
        let (page, problems) = read("{\n\"title\": \"J\", \"weight\": 1\n}\n\nx");
        assert_eq!(
            page.unwrap(),
            ("J".to_owned(), Some(0), "<p>x</p>\n".to_owned())
        );
        assert!(problems[0].contains("front matter in JSON"), "{problems:?}");
    }

    #[test]
    fn a_draft_is_not_published_and_neither_is_what_may_be_one() {
        for text in [
            "---\ntitle: x\ndraft: true\n---\nx",
            "---\ndraft: Yes # for now\n---\nx",
            "---\ndraft: true\nbroken\n---\nx",
            "---\n\"draft\": \"true\"\n---\nx",
            "---\npublished: false\n---\nx",
            "{\"draft\": true}\nx",
            "+++\ndraft = true\n+++\nx",
            "+++\ndraft = \"no\"\n+++\nx",
            "+++\ndraft = true\nbroken\n+++\nx",
        ] {
            let (page, _) = page(&file("content/pages/a.md", text), &Bodies::default());
            assert!(page.is_none(), "{text}");
        }
        for text in [
            "---\ndraft: false\n# note\n---\nx",
            "---\npublished: true\n---\nx",
            "+++\ndraft = false\n+++\nx",
            "---\n\ndraft: a word\n",
        ] {
            let (page, _) = page(&file("content/pages/a.md", text), &Bodies::default());
            assert!(page.is_some(), "{text}");
        }
        let text =
            "+++\nentry = 'x'\ntitle = 'T'\ntags = ['a']\ndraft = true\nhidden = true\n+++\nx";
        let (note, problems) = note(&file("n.md", text), &Bodies::default());
        let note = note.unwrap();
        assert!(note.hidden && note.comment.is_none() && note.title.is_none());
        assert!(note.tags.is_empty() && problems.is_empty());
    }
}
