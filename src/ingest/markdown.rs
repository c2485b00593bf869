//! The owner's Markdown → notes and pages.
//!
//! CommonMark with tables, footnotes, strikethrough, task lists and heading attributes; smart
//! punctuation stays off, for an archive does not change what was typed. The HTML is the owner's,
//! but it goes through sanitizing like everything else.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::foreign::{self, Nav};
use super::front_matter::{Format, Head, head};
use crate::config::spanned::{Said, Table, read_toml};
use crate::diag::{Code, Diagnostic, Place};
use crate::model::{Bodies, Note, OwnPage, PagePath, SourceFile, Text};

/// Where pages are kept.
const PAGES: &str = "content/pages/";
/// What a note needs, told where it is missing.
const ENTRY_HINT: &str = "name the entry by its permalink, its id, or the link of the original";

/// What the front matter of a note says.
struct NoteHead {
    entry: Option<Said<String>>,
    title: Option<Text>,
    tags: Vec<Text>,
    hidden: bool,
    draft: bool,
}

/// What the front matter of a page says.
struct PageHead {
    title: Option<Text>,
    description: Option<Text>,
    nav: Option<i64>,
    draft: bool,
}

/// Reads a note about an entry (`content/notes/*.md`). What its front matter says wrongly is told
/// and left out; without a front matter, or an entry that it names, there is no note.
pub(crate) fn note(file: &SourceFile, bodies: &Bodies) -> (Option<Note>, Vec<Diagnostic>) {
    let (text, toml, body) = match parts(file) {
        Ok((text, Some(Front::Toml(toml, body)))) => (text, toml, body),
        Ok((text, _)) => return (None, vec![missing(file, text)]),
        Err(diagnostic) => return (None, vec![*diagnostic]),
    };
    let (head, diagnostics) = read_toml(&file.path, text, toml, note_head);
    // What a broken line seems to name would only be reported a second time, as an entry not found.
    let is_broken = |entry: &Said<String>| {
        let line = |place: &Place| place.position.map(|position| position.line);
        let named_at = line(&Place::span(&*file.path, text, entry.span.clone()));
        let mut errors = diagnostics.iter().filter_map(|one| one.place.as_ref());
        errors.any(|place| line(place) == named_at)
    };
    let note = head.entry.filter(|entry| !is_broken(entry)).map(|entry| {
        // Of a draft, nothing is said yet; but what it hides is hidden.
        let comment = match head.draft {
            true => String::new(),
            false => to_html(parser(&text[body..])),
        };
        Note {
            path: file.path.clone(),
            entry: entry.value,
            place: Place::span(&*file.path, text, entry.span),
            comment: (!comment.trim().is_empty()).then(|| bodies.store_raw(&comment)),
            tags: if head.draft { Vec::new() } else { head.tags },
            title: head.title.filter(|_| !head.draft),
            hidden: head.hidden,
        }
    });
    (note, diagnostics)
}

fn note_head(root: &Table<'_>) -> NoteHead {
    let tags = root.strings("tags").into_iter();
    NoteHead {
        entry: root
            .required("entry", ENTRY_HINT, Table::text)
            .map(|entry| Said {
                value: entry.value.to_string(),
                span: entry.span,
            }),
        title: root.text("title").map(|title| title.value),
        tags: tags.filter_map(|tag| Text::new(tag.value)).collect(),
        // Who tried to hide an entry and mistyped the value does not want it published.
        hidden: root.boolean("hidden").unwrap_or(root.has("hidden")),
        draft: draft(root),
    }
}

/// Reads a page of the owner's (`content/pages/**/*.md`), with or without a front matter.
pub(crate) fn page(file: &SourceFile, bodies: &Bodies) -> (Option<OwnPage>, Vec<Diagnostic>) {
    let (text, front) = match parts(file) {
        Ok(parts) => parts,
        Err(diagnostic) => return (None, vec![*diagnostic]),
    };
    let (head, mut diagnostics, body) = match front {
        Some(Front::Foreign(format, head, body)) => {
            let (found, told) = foreign::read(file, text, format, head);
            (found.into(), vec![told], body)
        }
        front => {
            let (toml, body) = match front {
                Some(Front::Toml(toml, body)) => (toml, body),
                _ => (0..0, 0),
            };
            let may_be_draft = text[toml.clone()].contains("draft");
            let (mut head, told) = read_toml(&file.path, text, toml, page_head);
            // Of what cannot be read, nobody knows what it says.
            let is_read = told.iter().all(|one| one.code != Code::ConfigSyntax);
            head.draft |= !is_read && may_be_draft;
            (head, told, body)
        }
    };
    if head.draft {
        return (None, diagnostics);
    }
    let place = file.path.strip_prefix(PAGES).unwrap_or(&file.path);
    let place = place.strip_suffix(".md").unwrap_or(place);
    let Some(page) = PagePath::new(place) else {
        let message = format!("a name that cannot be a page: `{place}`");
        let problem = Diagnostic::error(Code::PathInvalid, message);
        let hint = "rename it: at most 250 bytes, without a backslash or control characters";
        diagnostics.push(problem.at(Place::file(&*file.path)).hint(hint));
        return (None, diagnostics);
    };
    let (heading, html) = titled(&text[body..]);
    let name = place.rsplit('/').next().unwrap_or(place);
    let title = head.title.or(heading).or_else(|| Text::new(name));
    let page = OwnPage {
        path: file.path.clone(),
        page,
        title: title.unwrap_or_default(),
        description: head.description,
        nav: head.nav,
        body: bodies.store_raw(&html),
    };
    (Some(page), diagnostics)
}

fn page_head(root: &Table<'_>) -> PageHead {
    PageHead {
        title: root.text("title").map(|title| title.value),
        description: root
            .text("description")
            .map(|description| description.value),
        nav: nav(root),
        draft: draft(root),
    }
}

impl From<foreign::Foreign> for PageHead {
    fn from(head: foreign::Foreign) -> Self {
        let text = |said: Option<String>| Text::new(said?.as_str());
        PageHead {
            title: text(head.title),
            description: text(head.description),
            nav: match head.nav {
                None => Some(0),
                Some(Nav::Nowhere) => None,
                Some(Nav::At(place)) => Some(place),
            },
            draft: head.draft,
        }
    }
}

/// Whether a file is not to be published: it is not, unless it plainly says so.
fn draft(root: &Table<'_>) -> bool {
    root.plain("draft").is_some_and(|said| match said.value {
        toml::Value::Boolean(draft) => draft,
        _ => {
            let message = format!("`{}`: expected `true` or `false`", root.path("draft"));
            root.invalid(&said.span, message, None);
            true
        }
    })
}

/// A place in the navigation: a whole number, `false` for none, 0 if the page does not say.
fn nav(root: &Table<'_>) -> Option<i64> {
    match root.plain("nav") {
        None => Some(0),
        Some(said) => match said.value {
            toml::Value::Boolean(false) => None,
            toml::Value::Integer(place) => Some(place),
            _ => {
                let message = format!("`{}`: expected a whole number or `false`", root.path("nav"));
                root.invalid(&said.span, message, None);
                Some(0)
            }
        },
    }
}

/// A front matter, and where the body begins.
enum Front {
    Toml(Range<usize>, usize),
    Foreign(Format, Range<usize>, usize),
}

/// A file as text, and its front matter, if it has one.
type Parts<'a> = (&'a str, Option<Front>);

fn parts(file: &SourceFile) -> Result<Parts<'_>, Box<Diagnostic>> {
    let text = std::str::from_utf8(&file.bytes).map_err(|error| {
        let at = error.valid_up_to();
        let place = Place::span_in_bytes(&*file.path, &file.bytes, at..at + 1);
        Box::new(Diagnostic::error(Code::NotUtf8, "a byte that is no UTF-8").at(place))
    })?;
    match head(text) {
        Head::Closed(toml, body) => Ok((text, Some(Front::Toml(toml, body)))),
        Head::Foreign(format, head, body) => Ok((text, Some(Front::Foreign(format, head, body)))),
        Head::Open(span) => Err(Box::new(not_closed(file, text, span))),
        Head::None => Ok((text, None)),
    }
}

fn not_closed(file: &SourceFile, text: &str, span: Range<usize>) -> Diagnostic {
    Diagnostic::error(Code::FrontMatterMissing, "front matter that is not closed")
        .at(Place::span(&*file.path, text, span))
        .hint("end it with a line of `+++`")
}

fn missing(file: &SourceFile, text: &str) -> Diagnostic {
    Diagnostic::error(Code::FrontMatterMissing, "a note without front matter")
        .at(Place::span(&*file.path, text, 0..0))
        .hint("begin it with `+++`, `entry = \"…\"`, `+++`")
}

fn parser(markdown: &str) -> Parser<'_> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES;
    Parser::new_ext(markdown, options)
}

fn to_html<'a>(events: impl Iterator<Item = Event<'a>>) -> String {
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

/// The heading that a text begins with, if it is one of level 1, and the HTML of the rest.
fn titled(markdown: &str) -> (Option<Text>, String) {
    let mut events = parser(markdown).peekable();
    let is_title = |event: &Event<'_>| {
        matches!(
            event,
            Event::Start(Tag::Heading {
                level: HeadingLevel::H1,
                ..
            })
        )
    };
    if events.next_if(is_title).is_none() {
        return (None, to_html(events));
    }
    let mut title = String::new();
    for event in events.by_ref() {
        match event {
            Event::End(TagEnd::Heading(_)) => break,
            Event::Text(text) | Event::Code(text) => title.push_str(&text),
            Event::SoftBreak | Event::HardBreak => title.push(' '),
            _ => {}
        }
    }
    (Text::new(&title), to_html(events))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> SourceFile {
        SourceFile {
            path: path.into(),
            bytes: text.as_bytes().to_vec(),
        }
    }

    /// A problem as line, column and message.
    fn told(diagnostics: &[Diagnostic]) -> Vec<String> {
        diagnostics
            .iter()
            .map(|diagnostic| {
                let position = diagnostic.place.as_ref().and_then(|place| place.position);
                let (line, column) = position.map_or((0, 0), |at| (at.line, at.column));
                let hint = diagnostic.hint.as_deref().unwrap_or_default();
                format!("{line}:{column} {} {hint}", diagnostic.message)
                    .trim_end()
                    .to_owned()
            })
            .collect()
    }

    #[test]
    fn a_note_names_an_entry_and_says_something() {
        let bodies = Bodies::default();
        let text = "+++\nentry = \"https://example.org/a\"\ntags = [\"rust\", \"c\"]\n\
            title = \"Better\"\n+++\n\nWorth *every* minute -- \"yes\".\n";
        let (note, diagnostics) = note(&file("content/notes/a.md", text), &bodies);
        assert_eq!(told(&diagnostics), [""; 0]);
        let note = note.unwrap();
        assert_eq!(note.entry, "https://example.org/a");
        assert_eq!(note.place.position.unwrap().line, 2);
        assert_eq!(note.tags.len(), 2);
        assert_eq!(note.title.unwrap().as_str(), "Better");
        assert!(!note.hidden);
        let html = bodies.raw(note.comment.unwrap());
        assert_eq!(&*html, "<p>Worth <em>every</em> minute -- \"yes\".</p>\n");
    }

    #[test]
    fn a_note_may_be_silent_and_hide() {
        let text = "+++\r\nentry = 'x'\r\nhidden = true\r\n+++\r\n";
        let (note, _) = note(&file("n.md", text), &Bodies::default());
        let note = note.unwrap();
        assert!(note.hidden && note.comment.is_none());
    }

    #[test]
    fn every_problem_of_a_note_is_told_with_its_place() {
        for (text, problems, kept) in [
            (
                "no head",
                vec!["1:1 a note without front matter begin it with `+++`, `entry = \"…\"`, `+++`"],
                false,
            ),
            (
                "+++\nentry = 'x'\n",
                vec!["1:1 front matter that is not closed end it with a line of `+++`"],
                false,
            ),
            (
                "+++\ntitle = 'x'\n+++\n",
                vec![
                    "1:1 `entry` is missing name the entry by its permalink, its id, or the link of the original",
                ],
                false,
            ),
            (
                "+++\nentry = 'x'\ntag = []\nhidden = 1\ntags = ['a', 2]\n+++\n",
                vec![
                    "3:1 unknown key: `tag` did you mean `tags`?",
                    "4:10 `hidden`: expected `true` or `false`, found an integer write `hidden = true`",
                    "5:14 `tags`: expected a string, found an integer write `\"2\"`",
                ],
                true,
            ),
        ] {
            let (note, diagnostics) = note(&file("n.md", text), &Bodies::default());
            assert_eq!(told(&diagnostics), problems, "{text}");
            assert_eq!(note.is_some(), kept, "{text}");
        }
        // What a broken line seems to name is not looked for: that would be a second problem.
        let curly = file("n.md", "+++\nentry = “x”\n+++\n");
        let (none, diagnostics) = note(&curly, &Bodies::default());
        assert_eq!((none.is_none(), diagnostics.len()), (true, 1));
        // Who mistyped the value wanted the entry hidden all the same.
        for hidden in ["yes", "\"true\"", "1", "True"] {
            let text = format!("+++\nentry = 'x'\nhidden = {hidden}\n+++\n");
            let (note, diagnostics) = note(&file("n.md", &text), &Bodies::default());
            assert_eq!((note.unwrap().hidden, diagnostics.len()), (true, 1));
        }
        let (_, diagnostics) = note(&file("n.md", "+++\nentry = \n+++\n"), &Bodies::default());
        assert_eq!(diagnostics[0].code, Code::ConfigSyntax);
        assert_eq!(
            diagnostics[0]
                .place
                .as_ref()
                .unwrap()
                .position
                .unwrap()
                .line,
            2
        );
        let latin = SourceFile {
            path: "n.md".into(),
            bytes: b"a\n\xff".to_vec(),
        };
        let (_, diagnostics) = note(&latin, &Bodies::default());
        assert_eq!(told(&diagnostics), ["2:1 a byte that is no UTF-8"]);
    }

    #[test]
    fn a_page_has_a_title_a_place_and_a_body() {
        let front = "+++\ntitle = \"T\"\nnav = 3\ndescription = 'D'\n+++\n# Heading\n\nx";
        for (path, text, title, place, nav, body) in [
            (
                "content/pages/about.md",
                "# About *me*\n\nHi",
                "About me",
                "about",
                Some(0),
                "<p>Hi</p>\n",
            ),
            (
                "content/pages/a/b.md",
                "Hi\n\n# Later",
                "b",
                "a/b",
                Some(0),
                "<p>Hi</p>\n<h1>Later</h1>\n",
            ),
            ("content/pages/c.md", front, "T", "c", Some(3), "<p>x</p>\n"),
            (
                "content/pages/d.md",
                "+++\nnav = false\n+++\n~~x~~",
                "d",
                "d",
                None,
                "<p><del>x</del></p>\n",
            ),
        ] {
            let bodies = Bodies::default();
            let (page, diagnostics) = page(&file(path, text), &bodies);
            assert_eq!(told(&diagnostics), [""; 0], "{path}");
            let page = page.unwrap();
            assert_eq!(page.title.as_str(), title);
            assert_eq!(page.page.as_str(), place);
            assert_eq!(page.nav, nav);
            assert_eq!(&*bodies.raw(page.body), body);
        }
    }

    #[test]
    fn a_page_tells_what_is_wrong_and_stays() {
        let text = "+++\nnav = 'x'\ntitel = 'y'\n+++\n";
        let bodies = Bodies::default();
        let (page, diagnostics) = page(&file("content/pages/a.md", text), &bodies);
        assert_eq!(
            told(&diagnostics),
            [
                "2:7 `nav`: expected a whole number or `false`",
                "3:1 unknown key: `titel` did you mean `title`?",
            ]
        );
        assert!(page.is_some());
    }
}
