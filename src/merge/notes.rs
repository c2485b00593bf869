//! The owner's notes → what each entry gains by them.
//!
//! A note names its entry ([`index`](super::index)). One that names none, or more than one, is told
//! with its place, and applied to none.
//!
//! Invariant: the order of notes is that of their paths, whatever the order they were read in.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::index::{Index, address};
use super::places::Place;
use super::tags;
use crate::config::TagsConfig;
use crate::diag::{Code, Diagnostic};
use crate::model::{Entry, Note, PagePath, RawBody, Role, SafeUrl, Text};

/// How similar (1 is equal) a permalink must be to be suggested.
const SIMILAR: f64 = 0.8;
/// How many candidates a message names.
const CANDIDATES: usize = 3;

/// What the owner says about one entry.
#[derive(Debug, Clone, Default)]
pub(super) struct Word {
    /// A better title, and the file of the note that gives it.
    pub(super) title: Option<(Text, Arc<str>)>,
    /// More tags.
    pub(super) tags: Vec<Text>,
    /// Comments.
    pub(super) comments: Vec<RawBody>,
    /// Whether it is gone from the site.
    pub(super) hidden: bool,
}

/// What the owner says about entries, by the number of their places.
pub(super) fn words(
    notes: &[Note],
    index: &Index,
    places: &[Place],
    base_url: &SafeUrl,
) -> (BTreeMap<usize, Word>, Vec<Diagnostic>) {
    let mut words: BTreeMap<usize, Word> = BTreeMap::new();
    let mut diagnostics = Vec::new();
    let mut notes: Vec<&Note> = notes.iter().collect();
    notes.sort_by(|a, b| (&a.path, &a.entry).cmp(&(&b.path, &b.entry)));
    for note in notes {
        match index.find(&note.entry, places, base_url).as_slice() {
            [] => diagnostics.push(unmatched(note, index, places, base_url)),
            [entry] => diagnostics.extend(words.entry(*entry).or_default().add(note, base_url)),
            several => diagnostics.push(ambiguous(note, several, places)),
        }
    }
    (words, diagnostics)
}

impl Word {
    fn add(&mut self, note: &Note, base_url: &SafeUrl) -> Option<Diagnostic> {
        self.comments.extend(note.comment.map(|html| RawBody {
            html,
            // A comment is shown at every depth of the site, and in feeds.
            base: Some(base_url.clone()),
            role: Role::Note,
        }));
        self.tags.extend(note.tags.iter().cloned());
        self.hidden |= note.hidden;
        match (&self.title, &note.title) {
            (Some((first, file)), Some(second)) if first != second => Some(
                Diagnostic::warning(
                    Code::NoteConflict,
                    format!("`{file}` gives this entry another title: `{first}`"),
                )
                .at(note.place.clone())
                .hint(format!(
                    "the title of `{file}` is shown; remove one of the two"
                )),
            ),
            (None, Some(title)) => {
                self.title = Some((title.clone(), note.path.clone()));
                None
            }
            _ => None,
        }
    }

    /// Adds it to the entry.
    pub(super) fn add_to(&self, entry: &mut Entry<RawBody>, config: &TagsConfig) {
        if let Some((title, _)) = &self.title {
            entry.title = Some(title.clone());
        }
        tags::add(&mut entry.tags, &self.tags, config);
        entry.notes.extend(self.comments.iter().cloned());
    }
}

fn unmatched(note: &Note, index: &Index, places: &[Place], base_url: &SafeUrl) -> Diagnostic {
    let message = format!("this note names no entry of the archive: `{}`", note.entry);
    let warning = Diagnostic::warning(Code::NoteUnmatched, message).at(note.place.clone());
    let address = address(note.entry.trim(), base_url);
    warning.hint(if let Some(permalink) = closest(&address, places) {
        format!("there is one with a similar permalink: `{permalink}`")
    } else if let Some(link) = index.near_link(&note.entry) {
        format!("did you mean `{}`?", link.as_str())
    } else {
        "name it by its permalink (its address in this archive), by its id (the eight characters \
         that end most permalinks), or by the link of the original"
            .to_owned()
    })
}

/// The most similar permalink among those in the same folder, or with the same name elsewhere: who
/// mistypes one part rarely mistypes the other, and comparing all would take long.
fn closest<'a>(wanted: &str, places: &'a [Place]) -> Option<&'a PagePath> {
    let (folder, name) = wanted.rsplit_once('/').unwrap_or(("", wanted));
    let mut best: Option<(f64, &PagePath)> = None;
    for place in places {
        let path = place.permalink.as_str();
        let (other_folder, other_name) = path.rsplit_once('/').unwrap_or(("", path));
        if folder != other_folder && name != other_name {
            continue;
        }
        let similarity = strsim::normalized_levenshtein(wanted, path);
        if similarity >= best.map_or(SIMILAR, |(most, _)| most) {
            best = Some((similarity, &place.permalink));
        }
    }
    best.map(|(_, permalink)| permalink)
}

fn ambiguous(note: &Note, entries: &[usize], places: &[Place]) -> Diagnostic {
    let mut named: Vec<String> = entries
        .iter()
        .filter_map(|entry| places.get(*entry))
        .take(CANDIDATES)
        .map(|place| format!("`{}`", place.permalink))
        .collect();
    if entries.len() > CANDIDATES {
        named.push("…".to_owned());
    }
    Diagnostic::warning(
        Code::NoteConflict,
        format!(
            "this note names {} entries: `{}`",
            entries.len(),
            note.entry
        ),
    )
    .at(note.place.clone())
    .hint(format!("name one by its permalink: {}", named.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::super::worlds::{Item, World};
    use crate::diag::Code;
    use crate::model::{Role, Text};

    /// Two entries: `…/first-ab77ad53`, once called `Early`, and one of the same link as a third.
    fn world() -> World {
        let mut world = World::new();
        let first = Item {
            guid: "https://example.org/a",
            link: "https://example.org/original",
            title: "First",
            published: "08-01",
            sharer: "ann",
            ..Item::default()
        };
        let twice = Item {
            guid: "2",
            link: "https://example.org/twice",
            title: "Second",
            sharer: "",
            ..first
        };
        let early = Item {
            title: "Early",
            ..first
        };
        let again = Item {
            guid: "3",
            title: "Third",
            ..twice
        };
        world.snapshot("blog", "08-02", &[first]);
        world.snapshot("blog", "08-03", &[early, twice, again]);
        world
    }

    #[test]
    fn an_entry_may_be_named_in_many_ways() {
        for name in [
            "2025/08/first-ab77ad53",
            "2025/08/first-ab77ad53.html",
            "/2025/08/first-ab77ad53/",
            " 2025/08/first-ab77ad53/index.html ",
            "https://site.example/archive/2025/08/first-ab77ad53.html#top",
            "2025/08/early-ab77ad53.html",
            "ab77ad53",
            "AB77AD53",
            "https://example.org/a",
            "http://www.example.org/original/?utm_source=x",
            "http://site.example/archive/2025/08/first-ab77ad53.html",
            "http://127.0.0.1:4747/archive/2025/08/first-ab77ad53.html",
            "http://localhost:4747/archive/2025/08/first-ab77ad53/index.html?x#y",
            "http://[::1]:4750/archive/2025/08/first-ab77ad53/",
            "http://192.168.1.20:4747/archive/2025/08/first-ab77ad53.html",
            "https://ann.example/story",
        ] {
            let mut world = world();
            world.note(name).hidden = true;
            let (archive, diagnostics) = world.merge();
            assert_eq!(diagnostics, [], "{name}");
            assert_eq!(archive.entries.len(), 2, "{name}");
        }
    }

    #[test]
    fn a_note_that_names_nothing_is_told_what_it_may_have_meant() {
        for (name, hint) in [
            ("2025/08/frist-ab77ad53", "`2025/08/first-ab77ad53`"),
            ("/2024/08/first-ab77ad53.html", "`2025/08/first-ab77ad53`"),
            ("https://example.org/other", "the link of the original"),
            (
                "https://example.org/orignal",
                "did you mean `https://example.org/original`?",
            ),
            ("", "by its id (the eight characters"),
        ] {
            let mut world = world();
            world.note(name);
            let (_, diagnostics) = world.merge();
            assert_eq!(diagnostics[0].code, Code::NoteUnmatched);
            let told = diagnostics[0].hint.as_deref().unwrap();
            assert!(told.contains(hint), "{name}: {told}");
            assert_eq!(
                diagnostics[0].place.as_ref().unwrap().file,
                "content/notes/0.md"
            );
        }
    }

    #[test]
    fn a_note_that_names_two_entries_is_applied_to_none() {
        let mut world = world();
        world.note("https://example.org/twice").hidden = true;
        let (archive, diagnostics) = world.merge();
        assert_eq!(archive.entries.len(), 3);
        assert_eq!(diagnostics[0].code, Code::NoteConflict);
        let hint = diagnostics[0].hint.as_deref().unwrap();
        assert!(
            hint.contains("/second-") && hint.contains("/third-"),
            "{hint}"
        );
    }

    #[test]
    fn of_two_titles_the_first_is_shown_and_all_comments_are_kept() {
        let mut world = world();
        for (title, comment) in [("One title", "<p>1</p>"), ("Other title", "<p>2</p>")] {
            let html = world.bodies.store_raw(comment);
            let note = world.note("ab77ad53");
            note.title = Text::new(title);
            note.comment = Some(html);
        }
        // Read in another order, they say the same.
        world.notes.reverse();
        let (archive, diagnostics) = world.merge();
        let entry = archive
            .entries
            .iter()
            .find(|entry| !entry.notes.is_empty())
            .unwrap();
        assert_eq!(entry.title, Text::new("One title"));
        let comments: Vec<_> = entry.notes.iter().map(|body| world.html(body)).collect();
        assert_eq!(comments, ["<p>1</p>", "<p>2</p>"]);
        assert!(entry.notes.iter().all(|body| body.role == Role::Note));
        assert_eq!(diagnostics.len(), 1);
        assert_eq!(diagnostics[0].code, Code::NoteConflict);
        assert!(diagnostics[0].message.starts_with("`content/notes/0.md` "));
        assert_eq!(
            diagnostics[0].place.as_ref().unwrap().file,
            "content/notes/1.md"
        );
    }

    #[test]
    fn a_hidden_entry_may_have_other_notes_and_leaves_no_redirect() {
        let mut world = world();
        world.note("ab77ad53").hidden = true;
        world.note("2025/08/early-ab77ad53").title = Text::new("Never shown");
        let (archive, diagnostics) = world.merge();
        assert_eq!(diagnostics, []);
        assert!(archive.entries.iter().all(|entry| entry.aliases.is_empty()));
    }
}
