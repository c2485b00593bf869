//! The pages of entries: one for each, one for the earlier versions of its text where there are
//! any, and a redirect for every other permalink that it could have had.

use std::sync::Arc;

use jiff::Timestamp;

use super::context::{
    EntryLink, EntryPage, HeadingView, Link, RedirectPage, RevisionView, ShareView,
};
use super::lists::{sharer_path, source_path, tag_path};
use super::related::Relations;
use super::{DateView, EntryView, Matter, Page, Planner};
use crate::config::Config;
use crate::model::{Archive, Entry, PagePath, SafeBody, Share, Text};

/// How fast people read, in words a minute: the usual figure for silent reading of prose.
pub(super) const WORDS_PER_MINUTE: usize = 230;
/// The longest title made from the first words of a text, in characters.
const TITLE_FROM_TEXT: usize = 80;
/// What stands for an entry of which nothing is known.
const NO_TITLE: &str = "Untitled";
/// The name of the page with earlier versions, below the entry's own.
const REVISIONS: &str = "revisions";
/// Where copies of the original are looked up (a prefix: time and URL follow).
const WAYBACK: &str = "https://web.archive.org/web/";

/// The views of all entries, in the order of the archive.
pub(super) fn views(archive: &Archive<SafeBody>, config: &Config) -> Vec<EntryView> {
    archive
        .entries
        .iter()
        .map(|entry| view(entry, config))
        .collect()
}

fn view(entry: &Entry<SafeBody>, config: &Config) -> EntryView {
    let date = |instant: Timestamp| DateView::new(instant, &config.site.timezone);
    let href = |page: Option<PagePath>| {
        let urls = config.output.urls;
        page.map(|page| page.file(urls).href(urls))
    };
    let link = |title: &str, page| {
        href(page).map(|href| Link {
            title: title.to_owned(),
            href,
        })
    };
    let shares: Vec<ShareView> = entry
        .shares
        .iter()
        .map(|share| share_view(share, &date, &link))
        .collect();
    let mut sharers: Vec<Link> = Vec::new();
    for sharer in shares.iter().filter_map(|share| share.sharer.as_ref()) {
        if !sharers.contains(sharer) {
            sharers.push(sharer.clone());
        }
    }
    let facts = entry.body.as_ref().map(|body| &body.facts);
    let direction = super::direction::of_entry(entry);
    let words = facts.map_or(0, |facts| facts.words);
    EntryView {
        id: entry.id.short(),
        title: entry
            .title
            .clone()
            .unwrap_or_else(|| title_from_text(entry)),
        titled: entry.title.is_some(),
        href: href(Some(entry.permalink.clone())).unwrap_or_default(),
        link: entry.link.clone(),
        host: entry.link.as_ref().and_then(crate::model::SafeUrl::host),
        date: entry.date.map(date),
        updated: entry.updated.map(date),
        authors: entry.authors.clone(),
        hue: entry.source.host.as_deref().map_or(0, super::hue::of_host),
        source: source_name(entry).and_then(|name| link(&name, source_path(entry))),
        tags: entry
            .tags
            .iter()
            .filter_map(|tag| link(tag.name.as_str(), tag_path(&tag.key)))
            .collect(),
        shares,
        sharers,
        notes: entry.notes.iter().map(|note| note.html).collect(),
        excerpt: facts.and_then(|facts| facts.excerpt.clone()),
        words,
        minutes: words.div_ceil(WORDS_PER_MINUTE),
        foreign: is_foreign(entry, direction, config),
        direction,
        language: entry.language.clone(),
    }
}

/// Whether its words need to say how they are written, because the page is in another language or
/// direction.
fn is_foreign(entry: &Entry<SafeBody>, direction: &str, config: &Config) -> bool {
    let site = &config.site.language;
    let elsewhere = |language: &String| language != site;
    entry.language.as_ref().is_some_and(elsewhere) || direction != super::direction::of_site(site)
}

fn share_view(
    share: &Share<SafeBody>,
    date: &impl Fn(Timestamp) -> DateView,
    link: &impl Fn(&str, Option<PagePath>) -> Option<Link>,
) -> ShareView {
    ShareView {
        feed: share.feed.to_string(),
        sharer: share
            .sharer
            .as_ref()
            .and_then(|name| link(name.as_str(), sharer_path(name))),
        permalink: share.permalink.clone(),
        date: share.date.map(date),
        comment: share.comment.as_ref().map(|comment| comment.html),
    }
}

/// What an entry calls its source: the title that the feed gives, else the host.
pub(super) fn source_name(entry: &Entry<SafeBody>) -> Option<String> {
    let title = entry.source.title.as_ref().map(ToString::to_string);
    title.or_else(|| entry.source.host.clone())
}

/// A title for an entry without one, as short posts are: its first words, else its host.
fn title_from_text(entry: &Entry<SafeBody>) -> Text {
    let excerpt = entry
        .body
        .as_ref()
        .and_then(|body| body.facts.excerpt.as_ref());
    let words = excerpt.and_then(|excerpt| Text::new(&first_words(excerpt.as_str())));
    let host = || entry.source.host.as_deref().and_then(Text::new);
    words
        .or_else(host)
        .or_else(|| Text::new(NO_TITLE))
        .unwrap_or_default()
}

fn first_words(text: &str) -> String {
    let Some((cut, _)) = text.char_indices().nth(TITLE_FROM_TEXT) else {
        return text.to_owned();
    };
    let words = text[..cut]
        .rsplit_once(' ')
        .map_or(&text[..cut], |(words, _)| words);
    format!(
        "{}…",
        words.trim_end_matches(|last: char| last.is_ascii_punctuation())
    )
}

/// What is related to what, and the links to it: one for each entry, which all pages share.
struct Kin {
    relations: Relations,
    links: Vec<Arc<EntryLink>>,
}

impl Kin {
    fn links(&self, entries: &[usize]) -> Vec<Arc<EntryLink>> {
        entries
            .iter()
            .map(|index| Arc::clone(&self.links[*index]))
            .collect()
    }
}

/// The page of each entry, and of its revisions.
pub(super) fn pages<'a>(planner: &'a Planner) -> impl Iterator<Item = Page> + 'a {
    let kin = Kin {
        relations: Relations::of(planner.archive),
        links: planner.entries.iter().map(entry_link).collect(),
    };
    (0..planner.archive.entries.len()).flat_map(move |index| {
        let revisions = revisions_page(planner, index);
        let page = entry_page(planner, index, &kin, revisions.as_ref());
        std::iter::once(page).chain(revisions)
    })
}

fn entry_page(planner: &Planner, index: usize, kin: &Kin, revisions: Option<&Page>) -> Page {
    let entry = &planner.archive.entries[index];
    let facts = entry.body.as_ref().map(|body| &body.facts);
    let matter = EntryPage {
        body: entry.body.as_ref().map(|body| body.html),
        headings: facts.map(HeadingView::all).unwrap_or_default(),
        image: facts.and_then(|facts| facts.image.clone()),
        wayback: wayback(entry),
        newer: neighbour(planner, Some(index + 1)),
        older: neighbour(planner, index.checked_sub(1)),
        revisions: revisions.map(|page| Link {
            title: earlier_versions(entry.revisions.len()),
            href: page.view.href.clone(),
        }),
        related: kin.links(&kin.relations.related[index]),
        later: kin.links(&kin.relations.later[index]),
        excerpted: facts.is_some_and(|facts| facts.excerpted),
    };
    let view = &planner.entries[index];
    let matter = Matter::Entry(index, Box::new(matter));
    let mut page = planner.page(&entry.permalink, view.title.to_string(), matter);
    page.view.description.clone_from(&view.excerpt);
    page.changed = planner.changed([index]);
    page
}

fn entry_link(entry: &EntryView) -> Arc<EntryLink> {
    Arc::new(EntryLink {
        title: entry.title.clone(),
        href: entry.href.clone(),
        source: entry.source.as_ref().map(|source| source.title.clone()),
        date: entry.date.clone(),
        hue: entry.hue,
        language: entry.language.clone(),
        direction: entry.direction,
    })
}

fn neighbour(planner: &Planner, index: Option<usize>) -> Option<Link> {
    let entry = planner.entries.get(index?)?;
    Some(Link {
        title: entry.title.to_string(),
        href: entry.href.clone(),
    })
}

fn earlier_versions(count: usize) -> String {
    match count {
        1 => "1 earlier version".to_owned(),
        _ => format!("{count} earlier versions"),
    }
}

/// The link to the copy at the Wayback Machine nearest to the time of the share.
fn wayback(entry: &Entry<SafeBody>) -> Option<String> {
    let link = entry.link.as_ref().filter(|link| link.host().is_some())?;
    let time = entry.date?.strftime("%Y%m%d%H%M%S").to_string();
    Some(format!("{WAYBACK}{time}/{link}"))
}

fn revisions_page(planner: &Planner, index: usize) -> Option<Page> {
    let entry = &planner.archive.entries[index];
    if entry.revisions.is_empty() {
        return None;
    }
    let revisions = entry.revisions.iter().map(|revision| RevisionView {
        title: revision.title.clone(),
        first_seen: revision.first_seen.map(|instant| planner.date(instant)),
        body: revision.body.html,
    });
    let title = format!("Earlier versions of {}", planner.entries[index].title);
    let matter = Matter::Revisions(index, revisions.collect());
    let mut page = planner.page(&entry.permalink.below(REVISIONS)?, title, matter);
    page.view.indexed = false;
    Some(page)
}

/// The redirects to each entry.
pub(super) fn redirects<'a>(planner: &'a Planner) -> impl Iterator<Item = Page> + 'a {
    planner
        .archive
        .entries
        .iter()
        .zip(&planner.entries)
        .flat_map(|(entry, view)| {
            entry.aliases.iter().map(|alias| {
                let target = Link {
                    title: view.title.to_string(),
                    href: view.href.clone(),
                };
                let matter = Matter::Redirect(RedirectPage { target });
                let mut page = planner.page(alias, view.title.to_string(), matter);
                page.view.indexed = false;
                page.view.url = planner.url(&planner.file(&entry.permalink));
                page
            })
        })
}
