//! An entry → what of it can be found, and what a result shows.
//!
//! What a result shows stands in the metadata, which Pagefind indexes, too: so only what may be
//! found is there. The date is no exception: `2025` finds what was shared in 2025.

use std::collections::BTreeMap;

use super::text::{Words, also, spaced};
use crate::model::{Bodies, Entry, SafeBody, Text};
use crate::plan::EntryView;

/// How many words of a text are searched, unless all are.
const WORDS: usize = 200;
/// Everything that results can be narrowed by is one filter, so that a reader fetches one file:
/// its values start with `tag:`, `source:` or `sharer:`.
pub(super) const FACET: &str = "facet";
/// The order of results by date.
pub(super) const DATE: &str = "date";

/// What Pagefind is told of one entry.
#[derive(Debug)]
pub(super) struct Record {
    /// The entry's page, from the site's root.
    pub(super) href: String,
    /// What is searched beside the metadata: comments, notes, then the text.
    pub(super) content: String,
    /// What a result shows.
    pub(super) meta: BTreeMap<String, String>,
    /// What results can be narrowed by.
    pub(super) facets: Vec<String>,
    /// When it was shared, in UTC, to the second; empty if that is unknown.
    pub(super) date: String,
}

impl Record {
    pub(super) fn new(
        entry: &Entry<SafeBody>,
        view: &EntryView,
        bodies: &Bodies,
        whole_text: bool,
    ) -> Self {
        let content = content(entry, view, bodies, whole_text);
        let title = view.title.as_str();
        let mut meta = BTreeMap::new();
        let mut set = |name: &str, value: String| {
            if !value.is_empty() {
                meta.insert(name.to_owned(), value);
            }
        };
        let tags = view.tags.iter().map(|tag| tag.title.as_str());
        let found: Vec<&str> = [title, content.as_str()].into_iter().chain(tags).collect();
        set("also", also(&found));
        set("author", joined(view.authors.iter().map(Text::as_str)));
        set(
            "date",
            view.date
                .map_or_else(String::new, |date| date.date().to_string()),
        );
        set("host", view.host.clone().unwrap_or_default());
        set(
            "sharer",
            joined(
                view.shares
                    .iter()
                    .filter_map(|share| Some(share.sharer.as_ref()?.title.as_str())),
            ),
        );
        let source = view.source.as_ref().map(|source| source.title.as_str());
        set("source", spaced(source.unwrap_or_default()));
        set(
            "tags",
            joined(view.tags.iter().map(|tag| tag.title.as_str())),
        );
        set("title", spaced(title));
        Record {
            href: view.href.to_string(),
            content,
            meta,
            facets: facets(view),
            date: entry.date.map_or_else(String::new, |date| {
                date.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
            }),
        }
    }

    /// A record of no entry, with one word.
    pub(super) fn nothing(word: &str) -> Self {
        Record {
            href: String::new(),
            content: word.to_owned(),
            meta: BTreeMap::new(),
            facets: Vec::new(),
            date: String::new(),
        }
    }
}

fn content(entry: &Entry<SafeBody>, view: &EntryView, bodies: &Bodies, whole_text: bool) -> String {
    let mut words = Words::default();
    let comments = entry
        .shares
        .iter()
        .filter_map(|share| share.comment.as_ref());
    for own in comments.chain(&entry.notes) {
        words.html(&bodies.safe(own.html), usize::MAX);
    }
    if let Some(body) = &entry.body {
        let limit = if whole_text { usize::MAX } else { WORDS };
        words.html(&bodies.safe(body.html), limit);
    }
    let content = words.finish();
    if content.contains(char::is_alphanumeric) {
        return content;
    }
    // Pagefind leaves out a record that has no word of its own.
    let mut words = Words::default();
    words.plain(view.title.as_str());
    let title = words.finish();
    match title.contains(char::is_alphanumeric) {
        true => title,
        false => view.id.short(),
    }
}

fn facets(view: &EntryView) -> Vec<String> {
    let tags = view.tags.iter().map(|tag| format!("tag:{}", tag.title));
    let source = view
        .source
        .iter()
        .map(|source| format!("source:{}", source.title));
    let sharers = view.shares.iter().filter_map(|share| share.sharer.as_ref());
    let sharers = sharers.map(|sharer| format!("sharer:{}", sharer.title));
    let mut facets: Vec<String> = tags.chain(source).chain(sharers).collect();
    facets.sort_unstable();
    facets.dedup();
    facets
}

fn joined<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<String> = names.map(spaced).collect();
    names.dedup();
    names.join(", ")
}
