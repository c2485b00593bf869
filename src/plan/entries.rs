//! The pages of entries: one for each, one for the earlier versions of its text where there are
//! any, and a redirect for every other permalink that it could have had.

use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;

use super::context::{
    EntryLink, EntryPage, GoneView, HeadingView, Link, Ref, RevisionView, ShareView, Wayback, When,
};
use super::names::Names;
use super::related::Relations;
use super::{EntryView, Layout, Matter, Page, Planner};
use crate::model::{Archive, Entry, Hash, Parts, SafeBody, Share, Text, grouped};

/// How fast people read, in words a minute: the usual figure for silent reading of prose.
pub(super) const WORDS_PER_MINUTE: usize = 230;
/// The longest title made from the first words of a text, in characters.
const TITLE_FROM_TEXT: usize = 80;
/// What stands for an entry of which nothing is known.
const NO_TITLE: &str = "Untitled";
/// The name of the page with earlier versions, below the entry's own.
const REVISIONS: &str = "revisions";

/// What an entry is to pages: equal keys, equal words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EntryKey {
    /// The entry as templates see it.
    pub(crate) view: Hash,
    /// The entry as the page of another names it.
    pub(crate) link: Hash,
}

impl EntryKey {
    pub(crate) fn of(view: &EntryView) -> Self {
        EntryKey {
            view: Parts::of(view),
            link: Parts::of(&EntryLink::of(view)),
        }
    }
}

/// The views of all entries, in the order of the archive, and their keys.
pub(super) fn views(
    archive: &Archive<SafeBody>,
    names: &Names,
    layout: &Layout,
    before: Option<&Planner>,
) -> (Vec<Arc<EntryView>>, Vec<EntryKey>) {
    let entries = archive.entries.par_iter().enumerate();
    let before = before.filter(|before| before.layout == *layout);
    let keyed = entries.map(|(index, entry)| {
        if let Some(known) = before.and_then(|before| before.known(index, entry, names)) {
            return known;
        }
        let view = view(index, entry, names, layout);
        let key = EntryKey::of(&view);
        (Arc::new(view), key)
    });
    keyed.unzip()
}

impl Planner {
    /// The view of an entry that is the same at the same place, if its names lead where they led.
    fn known(
        &self,
        index: usize,
        entry: &Arc<Entry<SafeBody>>,
        names: &Names,
    ) -> Option<(Arc<EntryView>, EntryKey)> {
        let is_same = Arc::ptr_eq(self.archive.entries.get(index)?, entry);
        let has_same_names = || {
            let kinds = [&self.names.tags, &self.names.sources, &self.names.sharers];
            let now = [&names.tags, &names.sources, &names.sharers];
            let mut both = kinds.iter().zip(now);
            both.all(|(kind, now)| kind.links(index).eq(now.links(index)))
        };
        let known = || (Arc::clone(&self.entries[index]), self.keys[index]);
        (is_same && has_same_names()).then(known)
    }
}

/// The entry at this place of the archive. Of all planning, this alone reads notes.
pub(super) fn view(
    index: usize,
    entry: &Entry<SafeBody>,
    names: &Names,
    layout: &Layout,
) -> EntryView {
    let date = |instant: Timestamp| When::new(instant, &layout.timezone);
    let urls = layout.urls;
    let shares: Vec<ShareView> = entry
        .shares
        .iter()
        .zip(names.sharers.links(index))
        .map(|(share, sharer)| share_view(share, sharer, &date))
        .collect();
    let mut sharers: Vec<Arc<Link>> = Vec::new();
    for sharer in shares.iter().filter_map(|share| share.sharer.as_ref()) {
        if !sharers.contains(sharer) {
            sharers.push(Arc::clone(sharer));
        }
    }
    let facts = entry.body.as_ref().map(|body| &*body.facts);
    let direction = super::direction::of_entry(entry);
    let words = facts.map_or(0, |facts| facts.words);
    EntryView {
        id: entry.id,
        title: entry
            .title
            .clone()
            .unwrap_or_else(|| title_from_text(entry)),
        titled: entry.title.is_some(),
        href: entry.permalink.file(urls).href(urls).into(),
        link: entry.link.clone(),
        host: entry.link.as_ref().and(entry.source.host.clone()),
        date: entry.date.map(date),
        updated: entry.updated.map(date),
        authors: entry.authors.clone(),
        hue: entry.source.host.as_deref().map_or(0, super::hue::of_host),
        source: names.sources.links(index).next().flatten(),
        tags: names.tags.links(index).flatten().collect(),
        shares,
        sharers,
        notes: entry.notes.iter().map(|note| note.html).collect(),
        excerpt: facts.and_then(|facts| facts.excerpt.clone()),
        words,
        minutes: words.div_ceil(WORDS_PER_MINUTE),
        foreign: is_foreign(entry, direction, layout),
        direction,
        language: entry.language.clone(),
    }
}

/// Whether its words need to say how they are written, because the page is in another language or
/// direction.
fn is_foreign(entry: &Entry<SafeBody>, direction: &str, layout: &Layout) -> bool {
    let site = &layout.language;
    let elsewhere = |language: &String| language != site;
    entry.language.as_ref().is_some_and(elsewhere) || direction != super::direction::of_site(site)
}

fn share_view(
    share: &Share<SafeBody>,
    sharer: Option<Arc<Link>>,
    date: &impl Fn(Timestamp) -> When,
) -> ShareView {
    ShareView {
        feed: share.feed.clone(),
        sharer,
        permalink: share.permalink.clone(),
        date: share.date.map(date),
        comment: share.comment.as_ref().map(|comment| comment.html),
    }
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

/// The page of each entry, and those of revisions.
pub(super) fn pages(planner: &Planner, relations: &Relations) -> (Vec<Arc<Page>>, Vec<Page>) {
    let count = planner.entries.len();
    // Room for all pages that come behind them: so many are not moved again.
    let mut pages = Vec::with_capacity(count + count / 2);
    let mut revisions: Vec<Option<Box<Page>>> = Vec::new();
    (0..count)
        .into_par_iter()
        .map(|index| {
            let revisions = revisions_page(planner, index);
            let page = entry_page(planner, index, relations, revisions.as_ref());
            (Arc::new(page), revisions.map(Box::new))
        })
        .unzip_into_vecs(&mut pages, &mut revisions);
    let revisions = revisions.into_iter().flatten().map(|page| *page);
    (pages, revisions.collect())
}

fn entry_page(
    planner: &Planner,
    index: usize,
    relations: &Relations,
    revisions: Option<&Page>,
) -> Page {
    let entry = &planner.archive.entries[index];
    let facts = entry.body.as_ref().map(|body| &*body.facts);
    let others = |others: &[u32]| others.iter().copied().map(Ref::new).collect();
    let matter = EntryPage {
        body: entry.body.as_ref().map(|body| body.html),
        headings: facts.map(HeadingView::all).unwrap_or_default(),
        image: facts.and_then(|facts| facts.image.clone()),
        wayback: wayback(entry),
        newer: neighbour(planner, Some(index + 1)),
        older: neighbour(planner, index.checked_sub(1)),
        revisions: revisions.map(|page| Link {
            title: earlier_versions(entry.revisions.len()),
            href: page.view.href.to_string(),
        }),
        related: others(&relations.related[index]),
        later: others(&relations.later[index]),
        excerpted: facts.is_some_and(|facts| facts.excerpted),
        gone: gone(planner, entry),
    };
    let view = &planner.entries[index];
    let matter = Matter::Entry(index, Box::new(matter));
    let path = planner.file(&entry.permalink);
    let href = Arc::clone(&view.href);
    let mut page = planner.page_of(path, href, view.title.clone().into(), matter);
    page.view.description.clone_from(&view.excerpt);
    page.changed = planner.changed([index]);
    page
}

/// What is known of the original of an entry, if it is gone.
pub(super) fn gone(planner: &Planner, entry: &Entry<SafeBody>) -> Option<GoneView> {
    let gone = planner.originals.gone(entry.link.as_ref()?)?;
    Some(GoneView {
        status: gone.status,
        since: planner.day(gone.since)?,
    })
}

fn neighbour(planner: &Planner, index: Option<usize>) -> Option<Ref<Link>> {
    let index = index.filter(|index| *index < planner.entries.len())?;
    u32::try_from(index).ok().map(Ref::new)
}

fn earlier_versions(count: usize) -> String {
    match count {
        1 => "1 earlier version".to_owned(),
        _ => format!("{} earlier versions", grouped(count as u64)),
    }
}

/// The copy at the Wayback Machine nearest to the time of the share.
fn wayback(entry: &Entry<SafeBody>) -> Option<Wayback> {
    let link = entry.link.as_ref().filter(|link| link.is_web())?;
    Some(Wayback {
        time: entry.date?,
        link: link.clone(),
    })
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
            let aliases = entry.aliases.iter();
            aliases.map(|alias| planner.redirect(alias, &entry.permalink, view.title.as_str()))
        })
}
