//! Back through the archives of a feed.

use super::server::{Answer, Server};
use super::{feed_with, site};
use crate::site::Site;

const NOW: &str = "2026-11-01T00:00:00Z";

/// A feed with two archive documents, the oldest with an entry as it was at first.
fn archived(server: &Server) -> Site {
    let archive = |name: &str| format!("<link rel='prev-archive' href='{name}'/>");
    server.says(
        "/feed",
        [Answer::ok(feed_with(NOW, &archive("/2025"), &["e", "d edited"])).etag("\"1\"")],
    );
    server.says(
        "/2025",
        [Answer::ok(feed_with(NOW, &archive("/2024"), &["d", "c"]))],
    );
    server.says("/2024", [Answer::ok(feed_with(NOW, "", &["b", "a"]))]);
    site(&[("blog", &server.url("/feed"))])
}

#[test]
fn a_history_is_stored_and_the_feed_has_the_last_word() {
    let server = Server::start();
    let site = archived(&server);
    site.fetch_on(1, &[]);
    assert_eq!(server.paths(), ["/feed"]);
    let outcome = site.fetch_on(2, &["--history"]);
    assert!(
        outcome
            .stderr
            .starts_with("blog: 3 new entries, 1 changed, stored 3 snapshots"),
        "{outcome:?}"
    );
    assert_eq!(server.paths(), ["/feed", "/2025", "/2024"]);
    assert_eq!(
        site.snapshots(),
        [
            "blog/2026-11-01T12-00-00Z.xml",
            "blog/2026-11-02T12-00-00Z-998.xml",
            "blog/2026-11-02T12-00-00Z-999.xml",
            "blog/2026-11-02T12-00-00Z.xml",
        ]
    );
    let built = site.build().clean();
    assert_eq!(built.entries().len(), 5);
    let page = built
        .entries()
        .into_iter()
        .find(|path| path.contains("/d-"))
        .unwrap();
    let shown = built.page(&page);
    let (newest, older) = (shown.find("edited"), shown.find("<p>d</p>"));
    assert!(
        newest.is_some() && older.is_none_or(|older| Some(older) > newest),
        "{shown}"
    );

    // Once is enough: the archive is known.
    site.fetch_on(3, &["--history"])
        .told(0, &["blog: nothing new"]);
    assert_eq!(server.paths(), ["/feed"]);
    site.fetch_on(3, &[]).told(0, &["blog: not modified"]);
}

#[test]
fn a_walk_that_was_stopped_is_walked_again() {
    let server = Server::start();
    let site = archived(&server);
    server.says("/2024", [Answer::new(404, "")]);
    let outcome = site.fetch_on(1, &["--history"]);
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.stderr.contains(
            "error[fetch-failed]: blog: its history ends at document 2: 127.0.0.1 answered 404"
        ),
        "{outcome:?}"
    );
    assert_eq!(site.snapshots().len(), 2);
    server.says("/2024", [Answer::ok(feed_with(NOW, "", &["b", "a"]))]);
    let outcome = site.fetch_on(2, &["--history"]);
    assert!(
        outcome.stderr.starts_with(
            "blog: 2 new entries, stored content/snapshots/blog/2026-11-02T12-00-00Z-998.xml"
        ),
        "{outcome:?}"
    );
    assert_eq!(site.build().clean().entries().len(), 5);
}

#[test]
fn pages_are_followed_until_they_say_nothing_new() {
    let server = Server::start();
    let next = |name: &str| format!("<link rel='next' href='{name}'/>");
    let page = |header: &str, entries: &[&str]| Answer::ok(feed_with(NOW, header, entries));
    server.says("/feed", [page(&next("?page=2"), &["f", "e"])]);
    server.says("/feed?page=2", [page(&next("?page=3"), &["d", "c"])]);
    server.says("/feed?page=3", [page(&next("?page=3"), &["b", "a"])]);
    let site = site(&[("blog", &server.url("/feed"))]);
    let outcome = site.fetch_on(1, &["--history"]);
    assert!(
        outcome
            .stderr
            .starts_with("blog: 6 new entries, stored 3 snapshots"),
        "{outcome:?}"
    );
    server.asked();
    server.says("/feed", [page(&next("?page=2"), &["g", "f"])]);
    server.says("/feed?page=2", [page(&next("?page=3"), &["e", "d"])]);
    let outcome = site.fetch_on(2, &["--history"]);
    assert!(
        outcome.stderr.starts_with(
            "blog: 1 new entry, stored content/snapshots/blog/2026-11-02T12-00-00Z.xml"
        ),
        "{outcome:?}"
    );
    assert_eq!(server.paths(), ["/feed", "/feed?page=2"]);
    // Pages without end, all the same.
    server.says("/feed", [page(&next("?page=2"), &["g", "f"])]);
    for number in 2..9 {
        server.says(
            &format!("/feed?page={number}"),
            [page(&next(&format!("?page={}", number + 1)), &["z"])],
        );
    }
    std::fs::remove_file(site.path().join(".gleaner/fetch.json")).unwrap();
    assert_eq!(site.fetch_on(3, &["--history"]).code, 0);
    assert_eq!(server.paths().len(), 3);
}

#[test]
fn a_json_feed_has_pages_too() {
    let server = Server::start();
    let json = |id: &str, next: &str| {
        format!(
            r#"{{"version": "https://jsonfeed.org/version/1.1", "title": "T", {next} "items": [{{"id": "{id}", "content_html": "<p>x"}}]}}"#
        )
    };
    server.says("/feed", [Answer::ok(json("2", r#""next_url": "/older","#))]);
    server.says("/older", [Answer::ok(json("1", ""))]);
    let site = site(&[("blog", &server.url("/feed"))]);
    assert_eq!(site.fetch_on(1, &["--history"]).code, 0);
    assert_eq!(
        site.snapshots(),
        [
            "blog/2026-11-01T12-00-00Z-999.json",
            "blog/2026-11-01T12-00-00Z.json"
        ]
    );
}
