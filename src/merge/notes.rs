//! The owner's notes → what each entry gains by them.
//!
//! A note names its entry by its permalink (or another address that leads to it), its id, its guid
//! or its original link, and is understood in this order. A note that names none, or more than
//! one, is told with its place, and applied to none.
//!
//! Invariant: the order of notes is that of their paths, whatever the order they were read in.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;

use super::places::Place;
use super::seen::Register;
use crate::diag::{Code, Diagnostic};
use crate::model::{Note, PagePath, RawBody, SafeUrl, Text, canonical_link};

/// How similar (1 is equal) a permalink must be to be suggested.
const SIMILAR: f64 = 0.8;
/// How many candidates a message names.
const CANDIDATES: usize = 3;

/// What the owner says about one entry.
#[derive(Debug, Clone, Default)]
pub(super) struct Word {
    /// A better title.
    pub(super) title: Option<Text>,
    /// More tags.
    pub(super) tags: Vec<Text>,
    /// Comments.
    pub(super) comments: Vec<RawBody>,
    /// Whether it is gone from the site.
    pub(super) hidden: bool,
}

/// What the owner says about each of the entries; one that has no note has an empty word.
pub(super) fn words(
    notes: &[Note],
    entries: &[Vec<usize>],
    places: &[Place],
    register: &Register<'_>,
    base_url: &SafeUrl,
) -> (Vec<Word>, Vec<Diagnostic>) {
    let mut words = vec![Word::default(); entries.len()];
    let mut diagnostics = Vec::new();
    if notes.is_empty() {
        return (words, diagnostics);
    }
    let index = Index::of(entries, places, register);
    let mut notes: Vec<&Note> = notes.iter().collect();
    notes.sort_by(|a, b| (&a.path, &a.entry).cmp(&(&b.path, &b.entry)));
    for note in notes {
        match index.find(&note.entry, base_url).as_slice() {
            [] => diagnostics.push(unmatched(note, places, base_url)),
            [entry] => diagnostics.extend(words[*entry].add(note)),
            several => diagnostics.push(ambiguous(note, several, places)),
        }
    }
    (words, diagnostics)
}

impl Word {
    fn add(&mut self, note: &Note) -> Option<Diagnostic> {
        self.comments.extend(note.comment.map(|html| RawBody {
            html,
            base: None,
            owned: true,
        }));
        self.tags.extend(note.tags.iter().cloned());
        self.hidden |= note.hidden;
        match (&self.title, &note.title) {
            (Some(first), Some(second)) if first != second => Some(
                Diagnostic::warning(
                    Code::NoteConflict,
                    format!("another note gives this entry another title: `{first}`"),
                )
                .at(note.place.clone())
                .hint("the title of the note whose path comes first is shown"),
            ),
            (None, Some(title)) => {
                self.title = Some(title.clone());
                None
            }
            _ => None,
        }
    }
}

/// What may name an entry. Each list is in the order of entries and free of repetition.
struct Index<'a> {
    addresses: HashMap<&'a str, Vec<usize>>,
    ids: HashMap<String, Vec<usize>>,
    guids: HashMap<&'a str, Vec<usize>>,
    links: HashMap<String, Vec<usize>>,
}

impl<'a> Index<'a> {
    fn of(entries: &[Vec<usize>], places: &'a [Place], register: &'a Register<'a>) -> Self {
        let mut index = Index {
            addresses: HashMap::new(),
            ids: HashMap::new(),
            guids: HashMap::new(),
            links: HashMap::new(),
        };
        for (entry, (seen, place)) in entries.iter().zip(places).enumerate() {
            note_down(&mut index.ids, place.id.short(), entry);
            for address in &place.addresses {
                // One that several want leads to the earliest of them, as its redirect does.
                index
                    .addresses
                    .entry(address.as_str())
                    .or_insert_with(|| vec![entry]);
            }
            for position in seen {
                index.add(entry, *position, register);
            }
        }
        // A page is its own address, whoever else would have liked it.
        for (entry, place) in places.iter().enumerate() {
            index
                .addresses
                .insert(place.permalink.as_str(), vec![entry]);
        }
        index
    }

    fn add(&mut self, entry: usize, position: usize, register: &'a Register<'a>) {
        let Some(seen) = register.seen.get(position) else {
            return;
        };
        note_down(&mut self.ids, register.names(seen).id.short(), entry);
        if let Some(guid) = &seen.sighting.guid {
            note_down(&mut self.guids, guid, entry);
        }
        if let Some(link) = &seen.sighting.link {
            note_down(&mut self.links, canonical_link(link), entry);
        }
    }

    /// The entries that this may name.
    fn find(&self, name: &str, base_url: &SafeUrl) -> Vec<usize> {
        let name = name.trim();
        let link = SafeUrl::parse(name).map(|link| canonical_link(&link));
        self.addresses
            .get(address(name, base_url).as_str())
            .or_else(|| self.ids.get(&name.to_ascii_lowercase()))
            .or_else(|| self.guids.get(name))
            .or_else(|| self.links.get(&link?))
            .cloned()
            .unwrap_or_default()
    }
}

fn note_down<K: std::hash::Hash + Eq>(index: &mut HashMap<K, Vec<usize>>, key: K, entry: usize) {
    let entries = index.entry(key).or_default();
    // Entries come one after the other: a repetition can only be the last.
    if entries.last() != Some(&entry) {
        entries.push(entry);
    }
}

/// A permalink however it is written: as a path with or without a slash or an ending, or as a URL
/// of the site.
fn address(name: &str, base_url: &SafeUrl) -> String {
    let path = name.strip_prefix(base_url.as_str()).unwrap_or(name);
    let path = path.split(['#', '?']).next().unwrap_or_default();
    let path = percent_decode_str(path.trim_matches('/')).decode_utf8_lossy();
    path.strip_suffix("/index.html")
        .or_else(|| path.strip_suffix(".html"))
        .unwrap_or(&path)
        .to_owned()
}

fn unmatched(note: &Note, places: &[Place], base_url: &SafeUrl) -> Diagnostic {
    let warning = Diagnostic::warning(
        Code::NoteUnmatched,
        format!(
            "no entry of the archive is named by this note: `{}`",
            note.entry
        ),
    )
    .at(note.place.clone());
    let hint = match closest(&address(note.entry.trim(), base_url), places) {
        Some(permalink) => format!("there is one with a similar permalink: `{permalink}`"),
        None => "name it by its permalink, its id, its guid or the link of the original".to_owned(),
    };
    warning.hint(hint)
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
