//! Entries → the lists in which they stood by the frozen reading, and no longer stand: each keeps its
//! address as a redirect, and its feed.
//!
//! Invariant: nothing here takes an address from a list that exists.

use std::collections::BTreeMap;

use super::dates::{self, UNDATED_PATH, month_path, year_path};
use super::lists::{List, Terms, numbered_pages, sharer_path, source_path, tag_path};
use super::{Page, Planner, terms};
use crate::model::{FormerLists, PagePath};

/// A list that may have lost all of its entries, or enough for one of its pages.
pub(super) struct FormerList {
    /// The list as it was, under the name of the one that its address leads to.
    pub(super) list: List,
    /// The page that its address leads to.
    target: PagePath,
}

/// The former lists of all entries, in the order of their paths.
pub(super) fn collect(planner: &Planner, terms: &Terms) -> Vec<FormerList> {
    let mut lists = BTreeMap::new();
    let entries = planner.archive.entries.iter().enumerate();
    let moved = entries.filter(|(_, entry)| entry.former != FormerLists::default());
    for (index, entry) in moved {
        for (tag, now) in &entry.former.tags {
            let now = now.as_deref().and_then(tag_path);
            add(&mut lists, index, "tag", tag_path(tag), now, terms::TAGS);
        }
        if let Some(host) = &entry.former.host {
            let now = entry.source.host.as_deref().and_then(source_path);
            add(
                &mut lists,
                index,
                "source",
                source_path(host),
                now,
                terms::SOURCES,
            );
        }
        let now = || entry.shares.iter().find_map(|share| share.sharer.as_ref());
        for sharer in &entry.former.sharers {
            let now = now().and_then(sharer_path);
            add(
                &mut lists,
                index,
                "sharer",
                sharer_path(sharer),
                now,
                terms::SHARERS,
            );
        }
        if let Some(date) = entry.former.date {
            let day = date.map(|date| planner.date(date).date());
            let now = planner.days[index].and_then(month_path);
            let paths = match day {
                Some(day) => [month_path(day), year_path(day)],
                None => [PagePath::new(UNDATED_PATH), None],
            };
            for path in paths {
                add(&mut lists, index, "month", path, now.clone(), dates::INDEX);
            }
        }
    }
    let mut lists: Vec<FormerList> = lists.into_values().collect();
    lists
        .iter_mut()
        .for_each(|former| former.complete(planner, terms));
    lists
}

/// Adds an entry to a former list, which leads to where the first of its entries is listed now, or to
/// the index.
fn add(
    lists: &mut BTreeMap<PagePath, FormerList>,
    index: usize,
    kind: &'static str,
    path: Option<PagePath>,
    now: Option<PagePath>,
    all: &str,
) {
    let (Some(path), Some(target)) = (path, now.or_else(|| PagePath::new(all))) else {
        return;
    };
    if path == target {
        return;
    }
    let former = lists.entry(path.clone()).or_insert_with(|| FormerList {
        list: List::new(kind, String::new(), path, Vec::new()),
        target,
    });
    if former.list.entries.last() != Some(&index) {
        former.list.entries.push(index);
    }
}

impl FormerList {
    /// Adds the entries that the list has kept, its name, and whether it has a feed.
    fn complete(&mut self, planner: &Planner, terms: &Terms) {
        let (lists, feed) = match self.list.kind {
            "tag" => (&terms.tags, planner.layout.syndication.tags),
            "source" => (&terms.sources, planner.layout.syndication.sources),
            "sharer" => (&terms.sharers, planner.layout.syndication.sharers),
            _ => return self.list.name.push_str("Archive"),
        };
        let list = |path: &PagePath| lists.iter().find(|list| list.path == *path);
        if let Some(kept) = list(&self.list.path) {
            self.list.entries.extend(&kept.entries);
            self.list.entries.sort_unstable();
            self.list.entries.dedup();
        }
        let name = list(&self.target).map_or("Archive", |list| &list.name);
        self.list.name.push_str(name);
        self.list.feed = feed;
    }

    /// The redirects of its pages, the numbered ones among them.
    pub(super) fn redirects(&self, planner: &Planner) -> Vec<Page> {
        let list = &self.list;
        let numbered = numbered_pages(list.entries.len(), planner.layout.lists.page);
        let numbers = (1..=numbered).filter_map(|number| list.path.below(&number.to_string()));
        let paths = std::iter::once(list.path.clone()).chain(numbers);
        let redirect = |from: PagePath| planner.redirect(&from, &self.target, list.name.as_str());
        paths.map(redirect).collect()
    }
}
