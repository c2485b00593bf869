//! Feeds made to stall or fill a machine: each is read in seconds even by a debug build, where a
//! cost that grows with the square of the input would take minutes, and memory stays bounded.

use super::bounds::{LIST_LENGTH, TEXT_LENGTH};
use super::kind::Format;
use super::split::{MAX_ENTRIES, split};
use super::{Alone, alone};
use crate::model::SourceFile;

fn read(text: String) -> Alone {
    let file = SourceFile {
        path: "f".into(),
        bytes: text.into_bytes(),
    };
    alone(&file)
}

/// RSS with these attributes at its root and these items.
fn rss(attributes: &str, items: &str) -> String {
    format!("<rss version='2.0'{attributes}><channel><title>t</title>{items}</channel></rss>")
}

fn told(ingested: &Alone, words: &str) -> bool {
    let mut told = ingested.diagnostics.iter();
    told.any(|diagnostic| diagnostic.message.contains(words))
}

#[test]
fn an_entry_with_a_flood_of_tags_and_authors() {
    let mut item = "<item><title>t</title>".to_owned();
    for n in 0..200_000 {
        item.push_str(&format!(
            "<category>c{n}</category><author>Jane {n}</author>"
        ));
    }
    item.push_str("</item>");
    let ingested = read(rss("", &item));
    let sighting = &ingested.snapshot.as_ref().unwrap().sightings[0];
    let counts = (sighting.tags.len(), sighting.authors.len());
    assert_eq!(counts, (LIST_LENGTH, LIST_LENGTH));
    assert!(told(&ingested, "cut short"));
}

#[test]
fn names_of_a_megabyte() {
    let long = "é".repeat(500_000);
    let item = format!(
        "<item><title>{long}</title><category>{long}</category><author>{long}</author>\
         <source url='u'>{long}</source></item>"
    );
    let ingested = read(rss("", &item));
    let sighting = &ingested.snapshot.as_ref().unwrap().sightings[0];
    let texts = [
        sighting.title.as_ref(),
        sighting.tags.first(),
        sighting.authors.first(),
        sighting.source.title.as_ref(),
    ];
    for text in texts {
        let length = text.unwrap().as_str().chars().count();
        assert_eq!(length, TEXT_LENGTH);
    }
    assert!(told(&ingested, "cut short"));
}

#[test]
fn authors_of_a_feed_that_each_item_would_copy() {
    let authors: Vec<String> = (0..5_000)
        .map(|n| format!("{{\"name\": \"{n}{}\"}}", "x".repeat(1_000)))
        .collect();
    let items: Vec<String> = (0..20_000)
        .map(|n| format!("{{\"id\": \"{n}\"}}"))
        .collect();
    let ingested = read(format!(
        "{{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"t\", \
         \"authors\": [{}], \"items\": [{}]}}",
        authors.join(","),
        items.join(",")
    ));
    let sightings = &ingested.snapshot.as_ref().unwrap().sightings;
    assert_eq!((sightings.len(), sightings[0].authors.len()), (20_000, 4));
    assert!(told(&ingested, "cut short"));
}

#[test]
fn a_root_with_a_flood_of_namespaces() {
    let mut root = " xmlns:c='http://purl.org/rss/1.0/modules/content/'".to_owned();
    for n in 0..100_000 {
        root.push_str(&format!(" xmlns:n{n}='urn:n'"));
    }
    let items: String = (0..20_000)
        .map(|n| format!("<item xmlns:m='urn:m'><guid xmlns:k='urn:k'>{n}</guid><c:encoded>x{n}</c:encoded></item>"))
        .collect();
    let ingested = read(rss(&root, &items));
    let sightings = &ingested.snapshot.as_ref().unwrap().sightings;
    assert_eq!(sightings.len(), 20_000);
    assert!(sightings.iter().all(|sighting| sighting.content.is_some()));
    assert!(told(&ingested, "more namespaces"));
}

#[test]
fn a_language_that_each_entry_would_copy() {
    let root = format!(" xml:lang='{}'", "a".repeat(4_000_000));
    let items: String = (0..20_000)
        .map(|n| format!("<item><guid>{n}</guid></item>"))
        .collect();
    let ingested = read(rss(&root, &items));
    let sightings = &ingested.snapshot.as_ref().unwrap().sightings;
    assert_eq!((sightings.len(), &sightings[0].language), (20_000, &None));
}

#[test]
fn short_entries_that_stand_for_gigabytes() {
    let doctype = format!("<!DOCTYPE rss [<!ENTITY big '{}'>]>", "x".repeat(60_000));
    let items: String = (0..20_000)
        .map(|n| {
            format!(
                "<item><guid>{n}</guid><description>{n}{}</description></item>",
                "&big;".repeat(17)
            )
        })
        .collect();
    let text = format!("{doctype}{}", rss("", &items));
    let length = text.len();
    let ingested = read(text);
    let snapshot = ingested.snapshot.as_ref().unwrap();
    let bodies = snapshot
        .sightings
        .iter()
        .filter_map(|sighting| sighting.content);
    let total: usize = bodies.map(|body| ingested.bodies.raw(body).len()).sum();
    assert!(total < 5 * length + 20_000 * 4_096, "{total} of {length}");
    assert!(told(&ingested, "entities that grow"));
}

#[test]
fn a_doctype_of_nothing_but_names_and_references_in_tags() {
    let names = "<!ENTITY".repeat(500_000);
    let doctype = format!(
        "<!DOCTYPE rss [<!ENTITY q \"{}\">{names} >]>",
        "'".repeat(60_000)
    );
    let item = format!("<item><guid a='{}'>1</guid></item>", "&q;".repeat(200_000));
    let ingested = read(format!("{doctype}{}", rss("", &item)));
    assert!(ingested.snapshot.is_some());
}

#[test]
fn nothing_but_the_beginnings_of_entries() {
    let text = rss("", &"<item>".repeat(2_000_000));
    let split = split(&text, Format::Rss, 0);
    let counts = (split.unclosed.len(), split.more_unclosed);
    assert_eq!(counts, (MAX_ENTRIES, 2_000_000 - MAX_ENTRIES));
    let ingested = read(text);
    assert!(told(&ingested, "never closed"));
    assert!(told(&ingested, "more that could not be read: 1999990"));
}

#[test]
fn as_many_entries_as_are_read_are_not_too_many() {
    for broken in ["", "</x>", "<x></y>"] {
        for (beyond, too_many) in [(0, false), (1, true), (3, true)] {
            let items = "<item/>".repeat(MAX_ENTRIES + beyond);
            let split = split(&rss("", &format!("{broken}{items}")), Format::Rss, 0);
            let found = (split.entries.len(), split.too_many);
            assert_eq!(found, (MAX_ENTRIES, too_many), "{broken} {beyond}");
        }
    }
}

#[test]
fn end_tags_that_end_nothing() {
    let open: String = (0..500).map(|n| format!("<b{n}>")).collect();
    let item = format!(
        "<item><a><title>t</title>{open}{}</item>",
        "</x>".repeat(500_000)
    );
    let ingested = read(rss("", &item));
    assert!(told(&ingested, "tags that do not match"));
    assert_eq!(ingested.snapshot.unwrap().sightings.len(), 1);
}
