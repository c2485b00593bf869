//! What a response says that no snapshot does, judged case by case.

#![expect(
    clippy::disallowed_methods,
    reason = "tests make the sites that they judge"
)]

use std::path::Path;

use super::judge::{Judgement, Verdict};
use super::stored::{Place, Stored};
use crate::diag::Code;
use crate::load::Bounds;
use crate::model::FeedName;

const ADDRESS: &str = "https://example.org/feed";

fn place(day: u8) -> Place {
    let time = format!("2026-11-{day:02}T12:00:00Z").parse().unwrap();
    Place { time, back: 0 }
}

fn rss(items: &str) -> String {
    format!("<rss version=\"2.0\"><channel><title>T</title>{items}</channel></rss>")
}

fn item(guid: &str, rest: &str) -> String {
    format!("<item><guid isPermaLink=\"false\">{guid}</guid>{rest}</item>")
}

fn open(root: &Path) -> Stored {
    Stored::open(root, &Bounds::new(root, false), &FeedName::new("blog"))
}

/// Judges a response against one snapshot, by another run than that which stored it.
fn against(before: &str, now: &str) -> Judgement {
    let root = tempfile::tempdir().unwrap();
    let mut stored = open(root.path());
    let first = stored.judge(before.as_bytes(), ADDRESS, place(1));
    stored.store(&first, before.as_bytes()).unwrap();
    open(root.path()).judge(now.as_bytes(), ADDRESS, place(2))
}

const NOTHING: Verdict = Verdict::NothingNew;

fn news(new: usize, changed: usize) -> Verdict {
    Verdict::New { new, changed }
}

#[test]
fn new_is_what_an_entry_says_and_did_not_say_before() {
    let a = item("a", "<title>A</title><description>text</description>");
    let same = |rest: &str| rss(&item("a", &format!("<title>A</title>{rest}")));
    let before = rss(&a);
    for (now, verdict) in [
        (before.clone(), NOTHING),
        (rss(""), NOTHING),
        (
            before.replace(
                "<title>T",
                "<lastBuildDate>Sun, 01 Nov 2026 00:00:00 GMT</lastBuildDate><title>Other",
            ),
            NOTHING,
        ),
        (same("<description><![CDATA[text]]></description>"), NOTHING),
        (
            same(
                "<description>text</description><updated xmlns='http://www.w3.org/2005/Atom'>2026-11-02T00:00:00Z</updated>",
            ),
            NOTHING,
        ),
        (same("<description>other</description>"), news(0, 1)),
        (same(""), news(0, 1)),
        (
            same("<description>text</description><category>x</category>"),
            news(0, 1),
        ),
        (
            same("<description>text</description><link>https://example.org/</link>"),
            news(0, 1),
        ),
        (
            same("<description>text</description><pubDate>Sun, 01 Nov 2026 00:00:00 GMT</pubDate>"),
            news(0, 1),
        ),
        (rss(&(item("b", "<title>B</title>") + &a)), news(1, 0)),
        (
            rss(&(item("b", "<title>B</title>") + &item("a", "<title>Z</title>"))),
            news(1, 1),
        ),
    ] {
        assert_eq!(against(&before, &now).verdict, verdict, "{now}");
    }
}

#[test]
fn without_a_guid_the_link_is_the_name_and_without_that_the_words() {
    let before = rss(
        "<item><link>https://o.example/1</link><title>A</title></item><item><title>No name</title></item>",
    );
    assert_eq!(against(&before, &before).verdict, NOTHING);
    let edited = before.replace(">A<", ">B<");
    assert_eq!(against(&before, &edited).verdict, news(0, 1));
    let renamed = before.replace("No name", "A name");
    assert_eq!(against(&before, &renamed).verdict, news(1, 0));
}

#[test]
fn two_entries_under_one_guid_are_both_known() {
    let before = rss(&(item("a", "<title>A</title>") + &item("a", "<title>B</title>")));
    assert_eq!(against(&before, &before).verdict, NOTHING);
    let third = before.replace(">B<", ">C<");
    assert_eq!(against(&before, &third).verdict, news(0, 1));
}

#[test]
fn what_cannot_be_read_is_new_once() {
    let good = item("a", "<title>A</title>");
    let bad = rss(&good).replace("<channel>", "<channel><item><title>never closed");
    let judged = against(&rss(&good), &bad);
    assert!(
        judged
            .diagnostics
            .iter()
            .any(|it| it.code == Code::EntryUnreadable),
        "{judged:?}"
    );
    assert_eq!(judged.verdict, news(0, 0));
    let again = against(&bad, &bad);
    assert_eq!(again.verdict, NOTHING);
    assert!(!again.diagnostics.is_empty(), "told all the same");
}

#[test]
fn what_is_no_feed_is_named() {
    for (bytes, what) in [
        (&b"<html><body>x"[..], "an HTML page"),
        (b"", "an empty file"),
        (b"{\"error\": 1}", "JSON of another kind"),
    ] {
        let root = tempfile::tempdir().unwrap();
        let judged = open(root.path()).judge(bytes, ADDRESS, place(1));
        assert_eq!(judged.verdict, Verdict::NotAFeed(what.to_owned()));
    }
}

#[test]
fn an_entry_that_was_away_is_known_and_one_of_the_future_no_riddle() {
    let root = tempfile::tempdir().unwrap();
    let future = item(
        "f",
        "<title>F</title><pubDate>Sat, 01 Nov 2036 00:00:00 GMT</pubDate>",
    );
    let (a, b) = (item("a", "<title>A</title>"), item("b", "<title>B</title>"));
    let days = [
        rss(&(a.clone() + &future)),
        rss(&(b.clone() + &future)),
        rss(&(a + &b + &future)),
    ];
    let verdicts = days.iter().zip(1..).map(|(text, day)| {
        let mut stored = open(root.path());
        let judged = stored.judge(text.as_bytes(), ADDRESS, place(day));
        if judged.verdict != NOTHING {
            stored.store(&judged, text.as_bytes()).unwrap();
        }
        judged.verdict
    });
    assert_eq!(
        verdicts.collect::<Vec<_>>(),
        [news(2, 0), news(1, 0), NOTHING]
    );
}

#[test]
fn documents_further_back_stand_before_and_change_nothing_that_is_newer() {
    let root = tempfile::tempdir().unwrap();
    let mut stored = open(root.path());
    let text = |title: &str| rss(&item("a", &format!("<title>{title}</title>")));
    for (back, title) in [(0, "now"), (1, "before"), (2, "first")] {
        let place = Place { back, ..place(1) };
        let judged = stored.judge(text(title).as_bytes(), ADDRESS, place);
        stored.store(&judged, text(title).as_bytes()).unwrap();
    }
    let mut names: Vec<_> = std::fs::read_dir(root.path().join("content/snapshots/blog"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let time = "2026-11-01T12-00-00Z";
    assert_eq!(
        names,
        [
            format!("{time}-998.xml"),
            format!("{time}-999.xml"),
            format!("{time}.xml")
        ]
    );
    let back = Place {
        back: 1,
        ..place(2)
    };
    assert_eq!(
        open(root.path())
            .judge(text("first").as_bytes(), ADDRESS, back)
            .verdict,
        NOTHING
    );
    let mut later = open(root.path());
    assert_eq!(
        later.newest(),
        Some(&*format!("content/snapshots/blog/{time}.xml"))
    );
    assert_eq!(
        later
            .judge(text("now").as_bytes(), ADDRESS, place(2))
            .verdict,
        NOTHING
    );
    assert_eq!(
        later
            .judge(text("first").as_bytes(), ADDRESS, place(2))
            .verdict,
        news(0, 1)
    );
    assert_eq!(
        later.place(place(1).time).time,
        "2026-11-01T12:00:01Z".parse().unwrap()
    );
}

#[test]
fn an_entry_from_the_future_is_not_new_each_time() {
    let root = tempfile::tempdir().unwrap();
    let mut stored = open(root.path());
    let far = item(
        "far",
        "<title>Far</title><pubDate>Thu, 01 Jan 2099 00:00:00 GMT</pubDate>",
    );
    for (day, items) in [(1, &*far), (2, &*item("a", "<title>A</title>"))] {
        let feed = rss(items);
        let judged = stored.judge(feed.as_bytes(), ADDRESS, place(day));
        stored.store(&judged, feed.as_bytes()).unwrap();
    }
    // It comes back.
    let judged = open(root.path()).judge(rss(&far).as_bytes(), ADDRESS, place(3));
    assert_eq!(judged.verdict, NOTHING);
}
