//! Lists of entries: tags, sources, sharers; and how any list is cut into pages.
//!
//! Lists are numbered from the oldest: `tags/rust.html` is the newest page, `tags/rust/1.html` the
//! oldest. A numbered page is full and links only to what is older and to the newest page, so it
//! never changes again; the newest page holds at least as many entries as a full one, and alone
//! knows the count and the numbered pages.

use std::collections::BTreeMap;

use super::context::{FeedLink, Link, ListPage, Section, Term, TermSection, TermsPage};
use super::entries::source_name;
use super::feeds::{ATOM, feed_file};
use super::{Matter, Page, Planner};
use crate::model::{Entry, PagePath, SafeBody, SafeUrl, Text, host_name, path_name, tag_key};

/// A list of entries: a tag, a source, a sharer, a month.
pub(super) struct List {
    /// `tag`, `source`, `sharer`, `month`, `undated`.
    pub(super) kind: &'static str,
    /// Its name.
    pub(super) name: String,
    /// Where its newest page stands.
    pub(super) path: PagePath,
    /// Its entries, from the oldest to the newest; never empty.
    pub(super) entries: Vec<usize>,
    /// The home page of a source.
    pub(super) link: Option<SafeUrl>,
    /// Whether it has a feed of its own.
    pub(super) feed: bool,
}

impl List {
    /// The list as a term with its count.
    pub(super) fn term(&self, planner: &Planner) -> Term {
        Term {
            name: self.name.clone(),
            href: planner.href(&self.path),
            count: self.entries.len(),
            hue: None,
            aliases: Vec::new(),
        }
    }

    pub(super) fn link(&self, planner: &Planner) -> Link {
        Link {
            title: self.name.clone(),
            href: planner.href(&self.path),
        }
    }
}

/// All tags, sources and sharers, each sorted by name.
pub(super) struct Terms {
    pub(super) tags: Vec<List>,
    pub(super) sources: Vec<List>,
    pub(super) sharers: Vec<List>,
}

/// Where the page of a tag stands.
pub(super) fn tag_path(key: &str) -> Option<PagePath> {
    PagePath::new(&format!("tags/{}", path_name(key)))
}

/// Where the page of an entry's source stands; none for an entry without a host.
pub(super) fn source_path(entry: &Entry<SafeBody>) -> Option<PagePath> {
    PagePath::new(&format!(
        "sources/{}",
        host_name(entry.source.host.as_deref()?)
    ))
}

/// Where the page of a sharer stands.
pub(super) fn sharer_path(name: &Text) -> Option<PagePath> {
    PagePath::new(&format!("sharers/{}", path_name(&tag_key(name.as_str()))))
}

impl Terms {
    pub(super) fn collect(planner: &Planner) -> Self {
        let mut tags = Gather::default();
        let mut sources = Gather::default();
        let mut sharers = Gather::default();
        for (index, entry) in planner.archive.entries.iter().enumerate() {
            for tag in &entry.tags {
                tags.add(index, tag_path(&tag.key), tag.name.as_str());
            }
            if let Some(name) = source_name(entry) {
                sources.add(index, source_path(entry), &name);
            }
            for sharer in entry
                .shares
                .iter()
                .filter_map(|share| share.sharer.as_ref())
            {
                sharers.add(index, sharer_path(sharer), sharer.as_str());
            }
        }
        let mut sources = sources.lists("source");
        for source in &mut sources {
            let newest = source
                .entries
                .last()
                .map(|index| &planner.archive.entries[*index]);
            source.link = newest.and_then(|entry| entry.source.link.clone());
            source.feed = planner.config.syndication.sources;
        }
        let mut tags = tags.lists("tag");
        for tag in &mut tags {
            tag.feed = planner.config.syndication.tags;
        }
        let mut sharers = sharers.lists("sharer");
        for sharer in &mut sharers {
            sharer.feed = planner.config.syndication.sharers;
        }
        Terms {
            tags,
            sources,
            sharers,
        }
    }
}

/// Entries by the page of the list that they belong to, and the names that they give it.
#[derive(Default)]
struct Gather(BTreeMap<PagePath, (Vec<usize>, BTreeMap<String, usize>)>);

impl Gather {
    fn add(&mut self, entry: usize, path: Option<PagePath>, name: &str) {
        let Some(path) = path else { return };
        let (entries, names) = self.0.entry(path).or_default();
        if entries.last() != Some(&entry) {
            entries.push(entry);
        }
        *names.entry(name.to_owned()).or_default() += 1;
    }

    /// The lists, sorted by name; each is named as most of its entries name it.
    fn lists(self, kind: &'static str) -> Vec<List> {
        let mut lists: Vec<List> = self
            .0
            .into_iter()
            .filter_map(|(path, (entries, names))| {
                // Of names that are equally frequent, the first in the alphabet.
                let most = names.into_iter().rev().max_by_key(|(_, count)| *count)?;
                Some(List {
                    kind,
                    name: most.0,
                    path,
                    entries,
                    link: None,
                    feed: false,
                })
            })
            .collect();
        lists.sort_by_cached_key(|list| (tag_key(&list.name), list.path.clone()));
        lists
    }
}

/// The pages of all lists, and their indexes.
pub(super) fn pages(planner: &Planner, terms: &Terms) -> Vec<Page> {
    let indexes = [
        ("tags", "Tags", &terms.tags),
        ("sources", "Sources", &terms.sources),
        ("sharers", "Sharers", &terms.sharers),
    ];
    let mut pages = Vec::new();
    for (name, title, lists) in indexes {
        for list in lists {
            pages.extend(list_pages(planner, list, None, None));
        }
        pages.extend(index_page(planner, name, title, lists));
    }
    pages
}

fn index_page(planner: &Planner, name: &'static str, title: &str, lists: &[List]) -> Option<Page> {
    let terms = lists.iter().map(|list| list.term(planner)).collect();
    let path = PagePath::new(&format!("{name}/index"))?;
    let link = Link {
        title: "By name".to_owned(),
        href: planner.href(&path),
    };
    let matter = TermsPage {
        list: name,
        order: "name",
        by_name: link.clone(),
        by_count: link,
        count: lists.len(),
        sections: vec![TermSection {
            title: None,
            id: None,
            terms,
        }],
    };
    Some(planner.page(&path, title, Matter::Terms(matter)))
}

/// How many full, numbered pages a list has: the newest page keeps at least one page's worth.
fn numbered_pages(entries: usize, page: usize) -> usize {
    (entries / page).saturating_sub(1)
}

/// The pages of one list: the newest, and the numbered ones.
pub(super) fn list_pages(
    planner: &Planner,
    list: &List,
    previous: Option<Link>,
    next: Option<Link>,
) -> Vec<Page> {
    let length = planner.config.lists.page;
    let numbered = numbered_pages(list.entries.len(), length);
    let (full, newest) = list.entries.split_at(numbered * length);
    let archive: Vec<(PagePath, &[usize])> = full
        .chunks(length)
        .zip(1_usize..)
        .filter_map(|(chunk, number)| Some((list.path.below(&number.to_string())?, chunk)))
        .collect();
    let links: Vec<Link> = archive
        .iter()
        .map(|(path, chunk)| Link {
            title: span_title(planner, chunk),
            href: planner.href(path),
        })
        .collect();

    let matter = |older: Option<&Link>| ListPage {
        list: list.kind,
        name: list.name.clone(),
        newest: list.link(planner),
        count: None,
        link: list.link.clone(),
        hue: None,
        aliases: Vec::new(),
        tags: Vec::new(),
        sources: Vec::new(),
        archive: Vec::new(),
        older: older.cloned(),
        previous: None,
        next: None,
    };
    let mut pages = vec![list_page(
        planner,
        list,
        &list.path,
        newest,
        ListPage {
            count: Some(list.entries.len()),
            archive: links.iter().rev().cloned().collect(),
            previous,
            next,
            ..matter(links.last())
        },
    )];
    for (number, (path, chunk)) in archive.iter().enumerate() {
        let older = number.checked_sub(1).and_then(|before| links.get(before));
        pages.push(list_page(planner, list, path, chunk, matter(older)));
    }
    pages
}

fn list_page(
    planner: &Planner,
    list: &List,
    path: &PagePath,
    entries: &[usize],
    matter: ListPage,
) -> Page {
    let is_newest = matter.count.is_some();
    let title = if is_newest {
        list.name.clone()
    } else {
        format!("{}: {}", list.name, span_title(planner, entries))
    };
    let mut page = planner.page(path, title, Matter::List(matter));
    page.sections = vec![Section {
        heading: None,
        groups: planner.days(entries.iter().rev().copied()),
    }];
    page.changed = planner.changed(entries.iter().copied());
    if list.feed && is_newest {
        page.view.feed = feed_file(&list.path).map(|file| FeedLink {
            title: list.name.clone(),
            href: file.href(planner.config.output.urls),
            mime: ATOM,
        });
    }
    page
}

/// From when to when these entries are: `3 May 2024 – 1 June 2024`.
fn span_title(planner: &Planner, entries: &[usize]) -> String {
    let mut days = entries
        .iter()
        .filter_map(|index| planner.entries[*index].date.as_ref());
    match (days.next(), days.next_back()) {
        (Some(first), Some(last)) if first.day != last.day => {
            format!("{} – {}", first.text, last.text)
        }
        (Some(first), _) => first.text.clone(),
        (None, _) => "Undated".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Each entry stands on one page, pages are full, and growth leaves full pages alone.
        #[test]
        fn pagination_covers_each_entry_once(entries in 0_usize..500, length in 1_usize..60) {
            let numbered = numbered_pages(entries, length);
            let newest = entries - numbered * length;
            prop_assert!(newest < 2 * length);
            prop_assert!(numbered == 0 || newest >= length);
            prop_assert!(numbered_pages(entries + 1, length) >= numbered);
        }
    }
}
