//! Lists of entries: tags, sources, sharers; and how any list is cut into pages.
//!
//! Lists are numbered from the oldest: `tags/rust.html` is the newest page, `tags/rust/1.html` the
//! oldest. A numbered page is full and links only to what is older and to the newest page, so it
//! never changes again; the newest page holds at least as many entries as a full one, and alone
//! knows the count and the numbered pages.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;
use rayon::prelude::*;

use super::context::{FeedLink, Link, ListPage, Section, Term};
use super::facets::Facets;
use super::feeds::{ATOM, feed_file};
use super::names::Kind;
use super::terms::folded;
use super::{Matter, Page, Planner, hue, sections};
use crate::config::TagsConfig;
use crate::model::{PagePath, SafeUrl, Text, host_name, path_name, tag_key};

/// A list of entries: a tag, a source, a sharer, a month, a day of all years.
pub(super) struct List {
    /// `tag`, `source`, `sharer`, `month`, `day`, `undated`.
    pub(super) kind: &'static str,
    /// Its name.
    pub(super) name: String,
    /// Where its newest page stands.
    pub(super) path: PagePath,
    /// Its entries, from the oldest to the newest; never empty.
    pub(super) entries: Vec<usize>,
    /// The home page of a source.
    pub(super) link: Option<SafeUrl>,
    /// The colour of a source.
    pub(super) hue: Option<u8>,
    /// Other names of a tag.
    pub(super) aliases: Vec<Text>,
    /// Where the pages of those names would stand.
    pub(super) former: Vec<PagePath>,
    /// Whether it has a feed of its own.
    pub(super) feed: bool,
}

impl List {
    /// A list of which nothing else is known.
    pub(super) fn new(
        kind: &'static str,
        name: String,
        path: PagePath,
        entries: Vec<usize>,
    ) -> Self {
        List {
            kind,
            name,
            path,
            entries,
            link: None,
            hue: None,
            aliases: Vec::new(),
            former: Vec::new(),
            feed: false,
        }
    }

    /// The list as a term with its count.
    pub(super) fn term(&self, planner: &Planner) -> Term {
        Term {
            name: self.name.clone(),
            href: planner.href(&self.path),
            count: self.entries.len(),
            hue: self.hue,
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

/// Where the page of the source with this host stands.
pub(super) fn source_path(host: &str) -> Option<PagePath> {
    PagePath::new(&format!("sources/{}", host_name(host)))
}

/// Where the page of a sharer stands.
pub(super) fn sharer_path(name: &Text) -> Option<PagePath> {
    PagePath::new(&format!("sharers/{}", path_name(&tag_key(name.as_str()))))
}

impl Terms {
    pub(super) fn collect(planner: &Planner) -> Self {
        let names = &planner.names;
        let mut sources = gather(&names.sources, planner.entries.len(), "source");
        for source in &mut sources {
            let newest = source
                .entries
                .last()
                .map(|index| &planner.archive.entries[*index]);
            source.link = newest.and_then(|entry| entry.source.link.clone());
            source.feed = planner.layout.syndication.sources;
            let host = newest.and_then(|entry| entry.source.host.as_deref());
            source.hue = host.map(hue::of_host);
        }
        let mut tags = gather(&names.tags, planner.entries.len(), "tag");
        let mut aliases = aliases(&planner.layout.tags);
        for tag in &mut tags {
            tag.feed = planner.layout.syndication.tags;
            tag.aliases = aliases.remove(&tag.path).unwrap_or_default();
            let former = tag.aliases.iter();
            let former = former.filter_map(|alias| tag_path(&tag_key(alias.as_str())));
            tag.former = former.filter(|path| *path != tag.path).collect();
        }
        let mut sharers = gather(&names.sharers, planner.entries.len(), "sharer");
        for sharer in &mut sharers {
            sharer.feed = planner.layout.syndication.sharers;
        }
        Terms {
            tags,
            sources,
            sharers,
        }
    }
}

/// The other names of each tag, by its page. A name that only writes the tag otherwise is none.
fn aliases(config: &TagsConfig) -> BTreeMap<PagePath, Vec<Text>> {
    let mut aliases: BTreeMap<PagePath, Vec<Text>> = BTreeMap::new();
    for (key, target) in &config.aliases {
        let target = tag_key(target.as_str());
        if let (true, Some(path), Some(name)) = (*key != target, tag_path(&target), Text::new(key))
        {
            aliases.entry(path).or_default().push(name);
        }
    }
    aliases
}

/// The lists with the most entries; of equal ones, by name.
pub(super) fn most(lists: &[List], length: usize) -> Vec<&List> {
    let mut most: Vec<&List> = lists.iter().collect();
    // The sort is stable, and lists come sorted by name.
    most.sort_by_key(|list| Reverse(list.entries.len()));
    most.truncate(length);
    most
}

/// The lists of all names of a kind, sorted by name; each is named as most of its entries name it.
fn gather(kind: &Kind, entries: usize, of: &'static str) -> Vec<List> {
    let mut numbers: BTreeMap<&PagePath, usize> = BTreeMap::new();
    let list_of: Vec<usize> = kind
        .names
        .iter()
        .map(|name| {
            let next = numbers.len();
            *numbers.entry(&name.path).or_insert(next)
        })
        .collect();
    let mut counts = vec![0_usize; kind.names.len()];
    let mut entries_of: Vec<Vec<usize>> = vec![Vec::new(); numbers.len()];
    for entry in 0..entries {
        for name in kind.numbers(entry).iter().flatten() {
            let name = *name as usize;
            counts[name] += 1;
            let list = &mut entries_of[list_of[name]];
            if list.last() != Some(&entry) {
                list.push(entry);
            }
        }
    }
    let mut titles: Vec<BTreeMap<&str, usize>> = vec![BTreeMap::new(); numbers.len()];
    for ((name, list), count) in kind.names.iter().zip(list_of).zip(counts) {
        *titles[list].entry(&name.link.title).or_default() += count;
    }
    let mut lists: Vec<List> = numbers
        .into_iter()
        .filter_map(|(path, list)| {
            // Of names that are equally frequent, the first in the alphabet.
            let titles = titles[list].iter().rev();
            let (title, _) = titles.max_by_key(|(_, count)| **count)?;
            let entries = std::mem::take(&mut entries_of[list]);
            Some(List::new(of, (*title).to_owned(), path.clone(), entries))
        })
        .collect();
    lists.sort_by_cached_key(|list| {
        let name = &list.name;
        (folded(name), tag_key(name), list.path.clone())
    });
    lists
}

/// The pages of all tags, sources and sharers.
pub(super) fn pages(facets: &Facets, terms: &Terms) -> Vec<Page> {
    let lists = [&terms.tags, &terms.sources, &terms.sharers];
    let lists: Vec<&List> = lists.into_iter().flatten().collect();
    lists
        .par_iter()
        .flat_map_iter(|list| list_pages(facets, list, None, None))
        .collect()
}

/// Pages that lead from where a tag stood under its other names, before site.toml made them aliases,
/// to where it stands now. Such a name had at most the entries of the tag, so at most as many pages.
pub(super) fn redirects<'a>(
    planner: &'a Planner,
    terms: &'a Terms,
) -> impl Iterator<Item = Page> + 'a {
    terms.tags.iter().flat_map(|tag| {
        let numbered = numbered_pages(tag.entries.len(), planner.layout.lists.page);
        let pages = move |former: &'a PagePath| {
            let numbers = (1..=numbered).filter_map(|number| former.below(&number.to_string()));
            std::iter::once(former.clone()).chain(numbers)
        };
        let former = tag.former.iter().flat_map(pages);
        former.map(|from| planner.redirect(&from, &tag.path, tag.name.as_str()))
    })
}

/// How many full, numbered pages a list has: the newest page keeps at least one page's worth.
pub(super) fn numbered_pages(entries: usize, page: usize) -> usize {
    (entries / page).saturating_sub(1)
}

/// The pages of one list: the newest, and the numbered ones.
pub(super) fn list_pages(
    facets: &Facets,
    list: &List,
    previous: Option<Link>,
    next: Option<Link>,
) -> Vec<Page> {
    let planner = facets.planner;
    let length = planner.layout.lists.page;
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
        link: None,
        hue: list.hue,
        aliases: list.aliases.clone(),
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
            link: list.link.clone(),
            tags: tags(facets, list),
            sources: sources(facets, list),
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
    let mut page = planner.page(path, title, Matter::List(Box::new(matter)));
    page.view.description = Text::new(&describe(list));
    page.sections = list_sections(planner, list, entries);
    page.changed = planner.changed(entries.iter().copied());
    if list.feed && is_newest {
        page.view.feed = feed_file(&list.path).map(|file| {
            Box::new(FeedLink {
                title: list.name.clone(),
                href: file.href(planner.layout.urls),
                mime: ATOM,
            })
        });
    }
    page
}

/// What a list has to say of itself. No count: it stands on numbered pages, too.
fn describe(list: &List) -> String {
    let name = &list.name;
    match list.kind {
        "tag" => format!("Entries tagged {name}"),
        "source" => format!("Entries from {name}"),
        "sharer" => format!("Entries shared by {name}"),
        "day" => format!("What was shared on {name}, in all years"),
        "undated" => "Entries without a date".to_owned(),
        _ => format!("What was shared in {name}"),
    }
}

fn list_sections(planner: &Planner, list: &List, entries: &[usize]) -> Vec<Section> {
    let newest_first = entries.iter().rev().copied();
    match list.kind {
        "month" => sections::days(planner, newest_first),
        "undated" => sections::plain(newest_first),
        _ => sections::years(planner, newest_first),
    }
}

fn tags(facets: &Facets, list: &List) -> Vec<Term> {
    match list.kind {
        "tag" => facets.related(list),
        "undated" => Vec::new(),
        _ => facets.tags(&list.entries),
    }
}

fn sources(facets: &Facets, list: &List) -> Vec<Term> {
    match list.kind {
        "tag" | "sharer" | "month" => facets.sources(&list.entries),
        _ => Vec::new(),
    }
}

/// A day for people: `28 August 2025`.
fn long(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

/// From when to when these entries are: `3 May 2024 – 1 June 2024`.
fn span_title(planner: &Planner, entries: &[usize]) -> String {
    let mut days = entries.iter().filter_map(|index| planner.days[*index]);
    match (days.next(), days.next_back()) {
        (Some(first), Some(last)) if first != last => {
            format!("{} – {}", long(first), long(last))
        }
        (Some(first), _) => long(first),
        (None, _) => sections::UNDATED.to_owned(),
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
