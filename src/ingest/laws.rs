//! What holds for every input: entries read alone are what feed-rs reads of the whole; a cut costs
//! no entry that was complete; nothing panics, stalls, or vanishes without a word.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use feed_rs::model::Entry;
use proptest::prelude::*;
use proptest::sample::Index;

use super::kind::{Format, Kind, kind};
use super::repair::Notes;
use super::{Alone, alone, decode, json, remembered, snapshot, xml};
use crate::diag::Code;
use crate::memo::Memo;
use crate::model::{Bodies, Frozen, Sighting, SourceFile, Text};

fn read(bytes: &[u8]) -> Alone {
    let file = SourceFile {
        path: "f".into(),
        bytes: bytes.to_vec(),
    };
    alone(&file)
}

/// The fixtures, sorted by name.
#[expect(clippy::disallowed_methods, reason = "the fixtures are files")]
fn fixtures() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/feeds");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.retain(|path| path.is_file());
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect()
}

/// What an entry of a generated feed says.
#[derive(Debug, Clone)]
struct Made {
    number: usize,
    title: String,
    body: String,
    author: String,
    tags: Vec<String>,
    day: u8,
    cdata: bool,
}

fn made() -> impl Strategy<Value = Vec<Made>> {
    let words = "[A-Za-zäß<>&\"' éñ🚀–]{1,40}";
    let entry = (
        "[A-Za-zäöü –,.!?]{1,30}[a-z]",
        words,
        "[A-Za-zü]{1,10} [A-Za-zéü]{2,10}",
        proptest::collection::btree_set("[a-zü+]{1,8}", 0..4),
        1u8..28,
        any::<bool>(),
    );
    proptest::collection::vec(entry, 0..8).prop_map(|entries| {
        let made = |(number, (title, body, author, tags, day, cdata))| Made {
            number,
            title,
            body,
            author,
            tags: Vec::from_iter(tags),
            day,
            cdata,
        };
        entries.into_iter().enumerate().map(made).collect()
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn body(made: &Made) -> String {
    if made.cdata {
        format!("<![CDATA[<p>{}</p><item><entry>]]>", made.body)
    } else {
        escaped(&format!("<p>{}</p>", made.body))
    }
}

fn atom(entries: &[Made]) -> String {
    let mut out = "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>T</title>"
        .to_owned();
    for made in entries {
        let tags: String = made
            .tags
            .iter()
            .map(|tag| format!("<category term='{tag}'/>"))
            .collect();
        out.push_str(&format!(
            "\n<entry><title>{}</title><id>urn:{n}</id><link href='https://example.org/{n}'/>\
             <published>2025-03-{:02}T01:02:03Z</published><author><name>{}</name></author>{tags}\
             <content type='html'>{}</content></entry>",
            escaped(&made.title),
            made.day,
            made.author,
            body(made),
            n = made.number,
        ));
    }
    out + "</feed>"
}

fn rss(entries: &[Made]) -> String {
    let mut out = "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>T</title>".to_owned();
    for made in entries {
        let tags: String = made
            .tags
            .iter()
            .map(|tag| format!("<category>{tag}</category>"))
            .collect();
        out.push_str(&format!(
            "\n<item><title>{}</title><guid>https://example.org/{n}</guid><link>https://example.org/{n}</link>\
             <pubDate>{:02} Mar 2025 01:02:03 GMT</pubDate><author>{}</author>{tags}\
             <content:encoded>{}</content:encoded></item>",
            escaped(&made.title), made.day, made.author, body(made), n = made.number,
        ));
    }
    out + "</channel></rss>"
}

/// What both readers must agree on.
fn by_us(ingested: &Alone) -> Vec<[String; 7]> {
    let texts = |texts: &[Text]| {
        texts
            .iter()
            .map(Text::to_string)
            .collect::<Vec<_>>()
            .join("|")
    };
    let sightings = &ingested.snapshot.as_ref().unwrap().sightings;
    sightings
        .iter()
        .map(|one| {
            [
                one.guid.as_deref().unwrap_or_default().to_owned(),
                one.link
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                one.title.as_ref().map(Text::to_string).unwrap_or_default(),
                texts(&one.authors),
                one.published
                    .map(|date| date.as_second().to_string())
                    .unwrap_or_default(),
                texts(&one.tags),
                one.content
                    .map(|body| ingested.bodies.raw(body).to_string())
                    .unwrap_or_default(),
            ]
        })
        .collect()
}

fn by_feed_rs(entry: &Entry) -> [String; 7] {
    let title = entry
        .title
        .as_ref()
        .map(|title| title.content.as_str())
        .unwrap_or_default();
    let body = entry
        .content
        .as_ref()
        .and_then(|content| content.body.as_deref());
    let names = entry
        .authors
        .iter()
        .filter_map(|person| person.name.clone());
    let terms = entry
        .categories
        .iter()
        .map(|category| category.term.clone());
    [
        entry.id.clone(),
        entry.links[0].href.clone(),
        Text::new(title)
            .map(|title| title.to_string())
            .unwrap_or_default(),
        names.collect::<Vec<_>>().join("|"),
        entry.published.unwrap().timestamp().to_string(),
        terms.collect::<Vec<_>>().join("|"),
        body.unwrap_or_default().trim().to_owned(),
    ]
}

/// Every distinct slice is a sighting, or was told to be lost.
fn nothing_vanishes(bytes: &[u8]) {
    let decoded = decode::decode(bytes);
    let text = &*decoded.text;
    let Kind::Feed(format, start) = kind(text) else {
        assert!(
            read(bytes)
                .diagnostics
                .iter()
                .any(|told| told.code == Code::NotAFeed)
        );
        return;
    };
    let mut notes = Notes::default();
    let cut = match format {
        Format::Json => json::cut(text, &mut notes),
        _ => xml::cut(text, format, start, &mut notes),
    };
    let before = notes.lost();
    let slices: HashSet<&str> = cut
        .entries
        .iter()
        .map(|range| &text[range.clone()])
        .collect();
    let bodies = Bodies::default();
    let snapshot = snapshot::read(text, &cut, &Memo::default(), &bodies, &mut notes);
    for sighting in &snapshot.sightings {
        let today = Sighting {
            frozen: None,
            ..Sighting::clone(sighting)
        };
        // The frozen reading is kept only where it says something else.
        let frozen = sighting.frozen.as_deref();
        assert!(frozen.is_none_or(|frozen| *frozen != Frozen::current(&today)));
    }
    assert_eq!(
        snapshot.sightings.len() + notes.lost() - before,
        slices.len()
    );
    let told = read(bytes).diagnostics;
    assert!(
        !snapshot.sightings.is_empty() || !told.is_empty(),
        "silence: {text}"
    );
}

/// The entries of a text, as slices.
fn slices(text: &str) -> Vec<String> {
    let Kind::Feed(format, start) = kind(text) else {
        return Vec::new();
    };
    let mut notes = Notes::default();
    let cut = match format {
        Format::Json => json::cut(text, &mut notes),
        _ => xml::cut(text, format, start, &mut notes),
    };
    cut.entries
        .into_iter()
        .map(|range| text[range].to_owned())
        .collect()
}

#[test]
fn a_cut_at_any_byte_keeps_every_entry_that_was_complete() {
    for bytes in fixtures() {
        let broken = read(&bytes)
            .diagnostics
            .iter()
            .any(|told| told.code == Code::FeedMalformed || told.message.contains("too early"));
        let Ok(text) = std::str::from_utf8(&bytes) else {
            continue;
        };
        if broken || read(&bytes).snapshot.is_none() || text.len() > 6_000 {
            continue;
        }
        let whole = slices(text);
        let mut from = 0;
        let ends: Vec<usize> = whole
            .iter()
            .map(|slice| {
                from += text[from..].find(slice.as_str()).unwrap() + slice.len();
                from
            })
            .collect();
        for end in 0..text.len() {
            let decoded = decode::decode(&text.as_bytes()[..end]);
            let kept = slices(&decoded.text);
            // A bare number in JSON is complete only where something follows it.
            let closed = |slice: &str| usize::from(!slice.ends_with(['}', '>']));
            let complete = ends
                .iter()
                .zip(&whole)
                .filter(|(at, slice)| **at + closed(slice) <= end)
                .count();
            assert!(kept.len() >= complete, "{end} of {text}");
            assert_eq!(kept[..complete], whole[..complete], "{end} of {text}");
        }
    }
}

#[test]
fn what_was_made_to_stall_does_not() {
    let many = |piece: &str| piece.repeat(100_000 / piece.len());
    for start in [
        "",
        "<rss><channel>",
        "<rss><channel><item>",
        "<feed><entry><content type='xhtml'>",
    ] {
        for piece in [
            "<",
            "<a",
            "<a>",
            "</a>",
            "<!--",
            "<![CDATA[",
            "<!DOCTYPE",
            "<a b='",
            "<item>",
            "</item>",
            "<item/>",
            "&",
            "&amp;",
            "&#",
            "<link>",
            "]]>",
            "<?",
            "<a b=\"<\">",
            "<item><title>x</title></item>",
            "<entry xmlns:a='b'>",
            "<title>",
        ] {
            for end in ["", "</rss>", "</feed>"] {
                read(format!("{start}{}{end}", many(piece)).as_bytes());
            }
        }
    }
    for piece in ["{", "[", "\"", "\\", "{\"items\":[", "{\"a\":1},", ","] {
        read(format!("{{\"title\":\"x\",\"items\":[{}", many(piece)).as_bytes());
    }
    let row =
        "<table><tr><td><img></td><td><b>a<a href='x'>shared this story</a>:</b></td></tr><tr><td>";
    let evil = escaped(&format!("{row}{}", many("</td><!--")));
    read(
        format!("<rss><channel><item><description>{evil}</description></item></channel></rss>")
            .as_bytes(),
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn entries_read_alone_are_what_feed_rs_reads_of_the_whole(made in made()) {
        for feed in [atom(&made), rss(&made)] {
            let ours = read(feed.as_bytes());
            let theirs = feed_rs::parser::parse(feed.as_bytes()).unwrap();
            let theirs: Vec<_> = theirs.entries.iter().map(by_feed_rs).collect();
            prop_assert_eq!(by_us(&ours), theirs, "{}", feed);
            let sightings = &ours.snapshot.as_ref().unwrap().sightings;
            prop_assert!(sightings.iter().all(|one| one.frozen.is_none()), "{}", feed);
            let only_empty = ours.diagnostics.iter().all(|told| told.code == Code::FeedEmpty);
            prop_assert!(only_empty, "{:?}", ours.diagnostics);
        }
    }

    #[test]
    fn a_memory_changes_nothing(made in made()) {
        let (memo, bodies) = (Memo::default(), Arc::default());
        let feed = atom(&made);
        let file = SourceFile { path: "f".into(), bytes: feed.clone().into_bytes() };
        let first = remembered(&file, &memo, &bodies);
        let again = remembered(&file, &memo, &bodies);
        prop_assert_eq!(by_us(&first), by_us(&again));
        prop_assert_eq!(by_us(&again), by_us(&read(feed.as_bytes())));
    }

    #[test]
    fn a_generated_feed_survives_any_cut(made in made(), at in any::<Index>()) {
        for feed in [atom(&made), rss(&made)] {
            let end = at.index(feed.len());
            let ours = read(&feed.as_bytes()[..end]);
            let name = if feed.starts_with("<rss") { "</item>\n" } else { "</entry>\n" };
            let sightings = ours.snapshot.map_or(0, |snapshot| snapshot.sightings.len());
            prop_assert!(sightings >= feed[..feed.floor_char_boundary(end)].matches(name).count());
        }
    }

    #[test]
    fn no_bytes_are_too_odd(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        nothing_vanishes(&bytes);
    }

    #[test]
    fn no_markup_is_too_odd(pieces in proptest::collection::vec(proptest::sample::select(vec![
        "<rss version='2.0'>", "<channel>", "<item>", "</item>", "<item/>", "<title>", "</title>", "x",
        "<![CDATA[", "]]>", "<!--", "-->", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>",
        "</entry>", "</feed>", "&", "&amp;", "&nbsp;", "<content type='xhtml'>", "</content>", "<div>",
        "</div>", "<link>", "<link href='/a'/>", "\u{1}", "é", "<!DOCTYPE rss [", "]>", "<!ENTITY a '&a;'>",
        "<rdf:RDF>", "<author>", "é@x.example é", "</author>", "<pubDate>2025-01-01</pubDate>", "{", "}",
        "\"items\": [", "\"id\":", "7", ",", "]", "]]>", "&lt;![CDATA[", "\u{92}", "&#55357;", "&#56832;",
        "\u{200b}", "\n\n", "&lt;p&gt;", "&lt;/p&gt;", "<a:item xmlns:a='http://purl.org/rss/1.0/'>",
        "</a:item>", "<media:content>", "</media:content>", "<link>www.a.example/b</link>", "&lt;script&gt;",
        "&lt;/script&gt;", "<categories>", "</categories>", "<wp:status>", "</wp:status>",
    ]), 0..40)) {
        nothing_vanishes(pieces.concat().as_bytes());
        nothing_vanishes(format!("<rss version='2.0'><channel>{}", pieces.concat()).as_bytes());
        nothing_vanishes(format!("{{\"title\":\"x\",\"items\":[{}", pieces.concat()).as_bytes());
    }

    #[test]
    fn a_damaged_fixture_is_still_read(which in any::<Index>(), edits in
        proptest::collection::vec((any::<Index>(), any::<Index>(), any::<u8>()), 1..6)) {
        let fixtures = fixtures();
        let mut bytes = which.get(&fixtures).clone();
        for (at, other, byte) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match byte % 3 {
                0 => bytes[at] = byte,
                1 => drop(bytes.remove(at)),
                _ => bytes[at] = bytes[other.index(bytes.len())],
            }
        }
        nothing_vanishes(&bytes);
    }
}
