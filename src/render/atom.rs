//! Atom 1.0 (RFC 4287), by `atom_syndication`.
//!
//! An entry's id is a URN made of what names it, never its URL, so that feed readers know it again
//! wherever the site is published. Its links say who is who (RFC 4287, section 4.2.7.2):
//!
//! - `alternate` is our permalink: the entry is what the archive keeps and says of an original;
//! - `related` is the original, which readers of link blogs open from there;
//! - `via` is where it was found: the page of each share, else the original itself.
//!
//! An entry that is only the beginning of its text has a `summary` in place of a `content`.
//!
//! 1. The crate writes the document with a [`PLACE`] in each entry where its HTML belongs;
//! 2. [`fill`] copies that and escapes the HTML into its places. Nearly all bytes of a feed are such
//!    HTML, and they are looked at once: the crate would be given a copy of each, make a second one
//!    that is escaped, and copy that.

use atom_syndication::{
    Category, Content, Entry, Feed, FixedDateTime, Generator, Link, Person, Source, Text,
};
use jiff::Timestamp;

use super::feed::{authors, has_content, id, is_excerpted, rights, url, write_content};
use super::{Input, escape};
use crate::model::SafeUrl;
use crate::plan::OutFeed;

/// Stands in a document where the HTML of an entry belongs: a character that XML does not allow, and
/// that no text of an entry has.
const PLACE: u8 = 1;
/// Stands where no time is known: 1990-01-01, before there were pages to link to. No feed changed
/// earlier.
const EARLIEST: Timestamp = Timestamp::constant(631_152_000, 0);
/// What the rest of an entry takes in a feed, beside its HTML.
const FRAME: usize = 2 << 10;

/// Renders one Atom feed.
pub(super) fn render(input: &Input, feed: &OutFeed) -> Result<Vec<u8>, String> {
    let site = &input.config.site;
    let entries: Vec<Entry> = feed
        .entries
        .iter()
        .map(|index| entry(input, *index))
        .collect::<Result<_, _>>()?;
    let newest = feed.entries.iter().map(|index| changed(input, *index));
    let newest = newest.max().unwrap_or(EARLIEST).max(EARLIEST);
    let document = Feed {
        title: Text::plain(feed.title.clone()),
        // The feed is named by where it is (RFC 4287 section 4.2.6 asks for any IRI).
        id: feed.url.clone(),
        updated: date(newest)?,
        authors: vec![Person {
            name: site.author.as_ref().unwrap_or(&site.title).to_string(),
            uri: Some(site.base_url.to_string()),
            ..Person::default()
        }],
        generator: Some(Generator {
            value: "Gleaner".to_owned(),
            ..Generator::default()
        }),
        links: feed_links(input, feed),
        rights: rights(input).map(Text::plain),
        subtitle: site
            .description
            .as_ref()
            .map(|text| Text::plain(text.to_string())),
        lang: Some(site.language.clone()),
        entries,
        ..Feed::default()
    };
    let frame = Vec::with_capacity(FRAME * (feed.entries.len() + 1));
    let mut frame = document
        .write_to(frame)
        .map_err(|error| error.to_string())?;
    frame.push(b'\n');
    fill(input, feed, &frame)
}

/// The document with the HTML of its entries in their places.
fn fill(input: &Input, feed: &OutFeed, frame: &[u8]) -> Result<Vec<u8>, String> {
    let filled = feed.entries.iter().copied();
    let mut filled = filled.filter(|index| has_content(input, *index));
    let mut pieces = frame.split(|byte| *byte == PLACE);
    let mut bytes = Vec::with_capacity(frame.len() * 8);
    bytes.extend_from_slice(pieces.next().unwrap_or_default());
    for piece in pieces {
        let index = filled.next().ok_or("more places than texts")?;
        write_content(input, index, &mut |html| escape::xml(html, &mut bytes));
        bytes.extend_from_slice(piece);
    }
    match filled.next() {
        None => Ok(bytes),
        Some(_) => Err("more texts than places".to_owned()),
    }
}

/// A licence among them covers the feed's own words, not those of its entries (RFC 4946,
/// section 2.4).
fn feed_links(input: &Input, feed: &OutFeed) -> Vec<Link> {
    let license = input.config.site.license.as_ref();
    let license = license.and_then(|license| license.url.as_ref());
    let mut links = vec![link("self", &feed.url), link("alternate", &feed.home)];
    links.extend(license.map(|url| link("license", url.as_str())));
    links
}

/// The links of an entry; see above.
fn links(input: &Input, index: usize) -> Vec<Link> {
    let view = &input.plan.entries[index];
    let original = view.link.as_ref().map(SafeUrl::as_str);
    let mut found: Vec<&str> = Vec::new();
    for share in &view.shares {
        let page = share.permalink.as_ref().map(SafeUrl::as_str);
        found.extend(page.filter(|page| !found.contains(page)));
    }
    if found.is_empty() {
        found.extend(original);
    }
    let mut links = vec![link("alternate", &url(input, index))];
    links.extend(original.map(|original| link("related", original)));
    links.extend(found.into_iter().map(|page| link("via", page)));
    links
}

fn entry(input: &Input, index: usize) -> Result<Entry, String> {
    let entry = &input.archive.entries[index];
    let view = &input.plan.entries[index];
    let place = || char::from(PLACE).to_string();
    let html = has_content(input, index).then(place);
    let (summary, content) = if is_excerpted(input, index) {
        (html.map(Text::html), None)
    } else {
        (None, html)
    };
    Ok(Entry {
        title: Text::plain(view.title.to_string()),
        id: id(input, index),
        updated: date(changed(input, index))?,
        published: entry.date.map(date).transpose()?,
        authors: authors(input, index)
            .into_iter()
            .map(|name| Person {
                name,
                ..Person::default()
            })
            .collect(),
        categories: entry
            .tags
            .iter()
            .map(|tag| Category {
                term: tag.key.clone(),
                label: Some(tag.name.to_string()),
                ..Category::default()
            })
            .collect(),
        links: links(input, index),
        source: source(input, index)?,
        summary,
        content: content.map(|html| Content {
            value: Some(html),
            content_type: Some("html".to_owned()),
            lang: view.language.clone(),
            ..Content::default()
        }),
        ..Entry::default()
    })
}

/// Where the original lives. RFC 4287 wants an id and a date in `source`: the home page of the
/// source, and the date of the entry.
fn source(input: &Input, index: usize) -> Result<Option<Source>, String> {
    let entry = &input.archive.entries[index];
    let (Some(name), Some(home)) = (&input.plan.entries[index].source, &entry.source.link) else {
        return Ok(None);
    };
    let feed = entry.source.feed.as_ref();
    let feed = feed.map(|feed| link("self", feed.as_str()));
    let home_page = link("alternate", home.as_str());
    Ok(Some(Source {
        title: Text::plain(name.title.clone()),
        id: home.to_string(),
        updated: date(changed(input, index))?,
        links: std::iter::once(home_page).chain(feed).collect(),
        ..Source::default()
    }))
}

/// When an entry last changed. Atom wants a date where we may know none: then the time of the
/// earliest snapshot that shows the entry, for it was there by then; else [`EARLIEST`], since a build
/// has no "now" to offer.
fn changed(input: &Input, index: usize) -> Timestamp {
    let entry = &input.archive.entries[index];
    let seen = || entry.first_seen.filter(|seen| *seen >= EARLIEST);
    let changed = entry.updated.max(entry.date).or_else(seen);
    changed.unwrap_or(EARLIEST)
}

fn link(rel: &str, href: &str) -> Link {
    Link {
        rel: rel.to_owned(),
        href: href.to_owned(),
        ..Link::default()
    }
}

fn date(instant: Timestamp) -> Result<FixedDateTime, String> {
    let text = instant.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string();
    text.parse().map_err(|_| format!("not a date: `{text}`"))
}
