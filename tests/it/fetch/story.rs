//! A feed over some days, as feeds live: new entries, quiet days, edits, outages; and what is left.

use super::server::{Answer, Server};
use super::{feed, site};

#[test]
fn over_some_days_nothing_is_lost_and_nothing_needless_stored() {
    let server = Server::start();
    let site = site(&[
        ("blog", &server.url("/feed")),
        ("other", &server.url("/other")),
    ]);
    let says = |tag: &str, updated: &str, entries: &[&str]| {
        server.says("/feed", [Answer::ok(feed(updated, entries)).etag(tag)]);
    };
    server.says(
        "/other",
        [Answer::ok(feed("2026-11-01T00:00:00Z", &["x"])).etag("\"o\"")],
    );

    says("\"1\"", "2026-11-01T00:00:00Z", &["b", "a"]);
    let day = site.fetch_on(1, &[]);
    assert_eq!(day.code, 0, "{day:?}");
    let first = "blog: 2 new entries, stored content/snapshots/blog/2026-11-01T12-00-00Z.xml (";
    assert!(day.stderr.starts_with(first), "{day:?}");

    // Nothing has changed: the server need not even send it.
    site.fetch_on(2, &[])
        .told(0, &["blog: not modified", "other: not modified"]);

    // Another ETag and other times, but the same words.
    says("\"2\"", "2026-11-03T00:00:00Z", &["b", "a"]);
    site.fetch_on(3, &[])
        .told(0, &["blog: nothing new", "other: not modified"]);
    site.fetch_on(3, &[])
        .told(0, &["blog: not modified", "other: not modified"]);

    // A new entry, an edited one, and one that the feed has forgotten.
    says("\"3\"", "2026-11-04T00:00:00Z", &["c", "b edited"]);
    let day = site.fetch_on(4, &["blog"]);
    assert!(
        day.stderr
            .starts_with("blog: 1 new entry, 1 changed, stored "),
        "{day:?}"
    );

    // One is removed: nothing new. Then it is back: known from an earlier snapshot.
    says("\"4\"", "2026-11-05T00:00:00Z", &["c"]);
    site.fetch_on(5, &["blog"]).told(0, &["blog: nothing new"]);
    says("\"5\"", "2026-11-06T00:00:00Z", &["c", "b edited", "a"]);
    site.fetch_on(6, &["blog"]).told(0, &["blog: nothing new"]);

    // An edit is taken back: that is said anew.
    says("\"6\"", "2026-11-07T00:00:00Z", &["c", "b", "a"]);
    let day = site.fetch_on(7, &["blog"]);
    assert!(
        day.stderr.starts_with("blog: 1 changed entry, stored "),
        "{day:?}"
    );

    // An outage: told, and the other feed is fetched all the same.
    server.says("/feed", [Answer::new(503, "down")]);
    let day = site.fetch_on(8, &[]);
    day.told(
        1,
        &[
            "site.toml:7:7: error[fetch-failed]: blog: 127.0.0.1 answered 503 Service Unavailable",
            "other: not modified",
        ],
    );
    // An error that says that all is well: named, not stored, and not remembered as the feed.
    let page = Answer::ok("<html><body>Back soon</body></html>").etag("\"page\"");
    server.says("/feed", [page]);
    for _ in 0..2 {
        site.fetch_on(9, &["blog"]).told(
            1,
            &["site.toml:7:7: error[fetch-not-a-feed]: blog: the response is an HTML page, not a feed; it was not stored"],
        );
    }
    says("\"7\"", "2026-11-10T00:00:00Z", &["d", "c", "b"]);
    let day = site.fetch_on(10, &["blog"]);
    assert!(
        day.stderr.starts_with("blog: 1 new entry, stored "),
        "{day:?}"
    );

    assert_eq!(
        site.snapshots(),
        [
            "blog/2026-11-01T12-00-00Z.xml",
            "blog/2026-11-04T12-00-00Z.xml",
            "blog/2026-11-07T12-00-00Z.xml",
            "blog/2026-11-10T12-00-00Z.xml",
            "other/2026-11-01T12-00-00Z.xml",
        ]
    );
    let last = site
        .read("content/snapshots/blog/2026-11-10T12-00-00Z.xml")
        .unwrap();
    assert_eq!(last, feed("2026-11-10T00:00:00Z", &["d", "c", "b"]));
    let built = site.build().clean();
    assert_eq!(built.entries().len(), 5);
}

#[test]
fn what_is_remembered_is_a_hint() {
    let server = Server::start();
    let site = site(&[("blog", &server.url("/feed"))]);
    let answer = Answer::ok(feed("2026-11-01T00:00:00Z", &["a"]));
    server.says(
        "/feed",
        [answer
            .etag("\"1\"")
            .header("Last-Modified", "Sun, 01 Nov 2026 00:00:00 GMT")],
    );
    site.fetch_on(1, &[]);
    site.fetch_on(2, &[]).told(0, &["blog: not modified"]);
    let asked = server.asked();
    assert_eq!(asked[0].header("if-none-match"), None);
    assert_eq!(asked[1].header("if-none-match"), Some("\"1\""));
    assert_eq!(
        asked[1].header("if-modified-since"),
        Some("Sun, 01 Nov 2026 00:00:00 GMT")
    );
    let agent = asked[0].header("user-agent").unwrap();
    assert!(
        agent.starts_with(concat!("Gleaner/", env!("CARGO_PKG_VERSION"))),
        "{agent}"
    );

    // After a week, a server is no longer believed.
    site.fetch_on(8, &[]).told(0, &["blog: not modified"]);
    site.fetch_on(9, &[]).told(0, &["blog: nothing new"]);
    site.fetch_on(10, &[]).told(0, &["blog: not modified"]);

    // Damaged, gone, or not wanted: asked anew, and nothing is stored twice.
    let site = site.file(
        ".gleaner/fetch.json",
        "{\"version\": 1, \"feeds\": {\"blog\": 7}}",
    );
    site.fetch_on(11, &[]).told(0, &["blog: nothing new"]);
    site.fetch_on(11, &[]).told(0, &["blog: not modified"]);
    site.fetch_on(11, &["--no-cache"])
        .told(0, &["blog: nothing new"]);
    site.fetch_on(11, &["--cache-dir", "elsewhere"])
        .told(0, &["blog: nothing new"]);
    site.fetch_on(11, &["--cache-dir", "elsewhere"])
        .told(0, &["blog: not modified"]);
    assert_eq!(site.read("elsewhere/.gitignore").as_deref(), Some("*\n"));

    // The snapshot was lost, before it was pushed: the feed is asked for all of it again.
    std::fs::remove_dir_all(site.path().join("content")).unwrap();
    assert!(
        site.fetch_on(4, &[])
            .stderr
            .starts_with("blog: 1 new entry, stored ")
    );
    assert_eq!(site.snapshots(), ["blog/2026-11-04T12-00-00Z.xml"]);
}

#[test]
fn two_fetches_in_one_second_never_share_a_file() {
    let server = Server::start();
    let site = site(&[("blog", &server.url("/feed"))]);
    for entries in [&["a"][..], &["b", "a"], &["c", "b"]] {
        server.says("/feed", [Answer::ok(feed("2026-11-01T00:00:00Z", entries))]);
        assert_eq!(site.fetch_on(1, &[]).code, 0);
    }
    assert_eq!(
        site.snapshots(),
        [
            "blog/2026-11-01T12-00-00Z.xml",
            "blog/2026-11-01T12-00-01Z.xml",
            "blog/2026-11-01T12-00-02Z.xml"
        ]
    );
}

#[test]
fn what_stands_under_names_without_a_time_is_known_too() {
    let server = Server::start();
    let old = feed("2026-10-01T00:00:00Z", &["a", "b"]);
    let site = site(&[("blog", &server.url("/feed"))])
        .file("content/snapshots/blog/first.xml", &old)
        .file(
            "content/snapshots/blog.2026-10-05.xml",
            feed("2026-10-05T00:00:00Z", &["c"]),
        );
    server.says(
        "/feed",
        [Answer::ok(feed("2026-11-01T00:00:00Z", &["c", "b"]))],
    );
    site.fetch_on(1, &[]).told(0, &["blog: nothing new"]);
    server.says(
        "/feed",
        [Answer::ok(feed("2026-11-01T00:00:00Z", &["d", "c"]))],
    );
    assert!(
        site.fetch_on(2, &[])
            .stderr
            .starts_with("blog: 1 new entry, stored ")
    );
}
