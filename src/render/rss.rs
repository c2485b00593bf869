//! RSS 2.0 (the RSS Advisory Board's specification), by `rss`.

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use rss::extension::atom::{AtomExtension, Link};
use rss::{Category, Channel, Guid, Item, Source};

use super::Input;
use super::feed::{content, id, is_excerpted, rights, url};
use crate::plan::OutFeed;

/// Renders one RSS feed.
pub(super) fn render(input: &Input, feed: &OutFeed) -> Result<Vec<u8>, String> {
    let site = &input.config.site;
    let itself = Link {
        href: feed.url.clone(),
        rel: "self".to_owned(),
        mime_type: Some("application/rss+xml".to_owned()),
        ..Link::default()
    };
    let newest = feed
        .entries
        .iter()
        .filter_map(|index| input.archive.entries[*index].date)
        .max();
    let channel = Channel {
        title: feed.title.clone(),
        link: feed.home.clone(),
        description: site.description.as_ref().unwrap_or(&site.title).to_string(),
        language: Some(site.language.clone()),
        generator: Some("Gleaner".to_owned()),
        copyright: rights(input),
        pub_date: newest.map(date).transpose()?,
        items: feed
            .entries
            .iter()
            .map(|index| item(input, *index))
            .collect::<Result<_, _>>()?,
        atom_ext: Some(AtomExtension {
            links: vec![itself],
        }),
        namespaces: [("atom".to_owned(), "http://www.w3.org/2005/Atom".to_owned())].into(),
        ..Channel::default()
    };
    let mut bytes = Vec::new();
    channel
        .write_to(&mut bytes)
        .map_err(|error| error.to_string())?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn item(input: &Input, index: usize) -> Result<Item, String> {
    let entry = &input.archive.entries[index];
    let view = &input.plan.entries[index];
    let tags = entry.tags.iter();
    let site = entry.source.feed.as_ref().or(entry.source.link.as_ref());
    let source = site.zip(view.source.as_ref());
    let html = content(input, index);
    let excerpt = view.excerpt.as_ref().map(ToString::to_string);
    // `content:encoded` promises the whole text; its beginning is a description.
    let (description, content) = if is_excerpted(input, index) {
        (html.or(excerpt), None)
    } else {
        (excerpt, html)
    };
    Ok(Item {
        title: Some(view.title.to_string()),
        link: Some(url(input, index)),
        guid: Some(Guid {
            value: id(input, index),
            permalink: false,
        }),
        description,
        content,
        categories: tags
            .map(|tag| Category {
                name: tag.name.to_string(),
                domain: None,
            })
            .collect(),
        pub_date: entry.date.map(date).transpose()?,
        // The specification wants the address of the source's feed: where it is not known, the site's.
        source: source.map(|(url, name)| Source {
            url: url.to_string(),
            title: Some(name.title.clone()),
        }),
        ..Item::default()
    })
}

fn date(instant: Timestamp) -> Result<String, String> {
    let printer = rfc2822::DateTimePrinter::new();
    printer
        .timestamp_to_string(&instant)
        .map_err(|error| error.to_string())
}
