//! What servers answer: packed, cut off, late, elsewhere, too much, or not now.

use std::time::{Duration, Instant};

use super::server::{Answer, Server};
use super::{feed, gzip, site};

const NOW: &str = "2026-11-01T00:00:00Z";

/// Brotli that packs nothing: one uncompressed block, then the end (RFC 7932, section 9).
fn brotli(bytes: &[u8]) -> Vec<u8> {
    let head = u32::try_from(bytes.len() - 1).unwrap() << 4 | 1 << 20;
    [&head.to_le_bytes()[..3], bytes, &[3]].concat()
}

#[test]
fn packed_responses_are_stored_as_the_feed_was() {
    let text = feed(NOW, &["a", "b"]);
    let server = Server::start();
    let urls = ["gzip", "br", "chunked", "file"].map(|path| server.url(&format!("/{path}")));
    server.says(
        "/gzip",
        [Answer::ok(gzip(text.as_bytes())).header("Content-Encoding", "gzip")],
    );
    server.says(
        "/br",
        [Answer::ok(brotli(text.as_bytes())).header("Content-Encoding", "br")],
    );
    server.says("/chunked", [Answer::ok(&text).chunked()]);
    // A file that is packed by itself is no matter of the connection: it stays as it is.
    server.says(
        "/file",
        [Answer::ok(gzip(text.as_bytes())).header("Content-Type", "application/gzip")],
    );
    let site = site(&[
        ("br", &urls[1]),
        ("chunked", &urls[2]),
        ("file", &urls[3]),
        ("gzip", &urls[0]),
    ]);
    let outcome = site.fetch_on(1, &[]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    for name in ["br", "chunked", "gzip"] {
        let stored = site.read(&format!(
            "content/snapshots/{name}/2026-11-01T12-00-00Z.xml"
        ));
        assert_eq!(stored.as_ref(), Some(&text), "{name}");
    }
    let packed = site.read_bytes("content/snapshots/file/2026-11-01T12-00-00Z.xml.gz");
    assert_eq!(packed, Some(gzip(text.as_bytes())));
    let accepts = server.asked()[0]
        .header("accept-encoding")
        .map(str::to_owned);
    assert_eq!(accepts.as_deref(), Some("gzip, br"));
    assert_eq!(site.build().clean().entries().len(), 2);
}

#[test]
fn a_json_feed_is_stored_under_its_own_ending() {
    let server = Server::start();
    let json = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": "1", "content_html": "<p>x"}]}"#;
    server.says("/feed", [Answer::ok(json)]);
    let site = site(&[("blog", &server.url("/feed"))]);
    assert_eq!(site.fetch_on(1, &[]).code, 0);
    assert_eq!(site.snapshots(), ["blog/2026-11-01T12-00-00Z.json"]);
}

#[test]
fn of_what_breaks_off_the_complete_entries_are_stored_and_the_rest_is_asked_for_again() {
    let server = Server::start();
    let text = feed(NOW, &["a", "b", "c"]);
    let whole = Answer::ok(&text).etag("\"1\"");
    server.says("/feed", [whole.clone().cut(text.len() - 100)]);
    let site = site(&[("blog", &server.url("/feed"))]);
    let outcome = site.fetch_on(1, &[]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert!(
        outcome
            .stderr
            .contains("warning[fetch-incomplete]: blog: the response broke off after"),
        "{outcome:?}"
    );
    assert!(
        outcome.stderr.contains("warning[feed-truncated]"),
        "{outcome:?}"
    );
    assert!(
        outcome.stderr.contains("blog: 2 new entries, stored"),
        "{outcome:?}"
    );
    assert_eq!(server.paths().len(), 3, "tried again");
    server.says("/feed", [whole]);
    let outcome = site.fetch_on(2, &[]);
    assert!(
        outcome.stderr.starts_with("blog: 1 new entry, stored"),
        "{outcome:?}"
    );
    assert_eq!(server.asked()[0].header("if-none-match"), None);

    // What breaks off and says nothing new is told all the same: something new may be in the rest.
    let text = feed(NOW, &["a", "b", "d"]);
    server.says("/feed", [Answer::ok(&text).cut(text.len() - 100)]);
    let outcome = site.fetch_on(3, &[]);
    assert!(
        outcome.stderr.contains("fetch-incomplete") && outcome.stderr.contains("blog: nothing new")
    );
    assert!(
        outcome.stderr.contains("the response of blog:"),
        "{outcome:?}"
    );
}

#[test]
fn of_what_cannot_be_unpacked_to_its_end_the_beginning_is_stored() {
    let server = Server::start();
    // Words that cannot be packed well, so that half of the bytes are half of the feed.
    let mut number = 1_u64;
    let mut words = || {
        number = number
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        format!("{number:x}")
    };
    let entries: Vec<String> = (0..200)
        .map(|n| format!("e{n} {}{}", words(), words()))
        .collect();
    let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
    let packed = gzip(feed(NOW, &entries).as_bytes());
    let half = &packed[..packed.len() / 2];
    server.says(
        "/feed",
        [Answer::ok(half)
            .header("Content-Encoding", "gzip")
            .etag("\"1\"")],
    );
    let site = site(&[("blog", &server.url("/feed"))]);
    let outcome = site.fetch_on(1, &[]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert!(
        outcome.stderr.contains("warning[fetch-incomplete]"),
        "{outcome:?}"
    );
    assert!(
        outcome.stderr.contains("new entries, stored"),
        "{outcome:?}"
    );
    server.asked();
    server.says(
        "/feed",
        [Answer::ok(packed).header("Content-Encoding", "gzip")],
    );
    let outcome = site.fetch_on(2, &[]);
    assert!(
        outcome.stderr.contains("new entries, stored"),
        "{outcome:?}"
    );
    assert_eq!(server.asked()[0].header("if-none-match"), None);
}

#[test]
fn a_feed_that_is_cut_at_its_source_is_stored_as_it_came() {
    let server = Server::start();
    let text = feed(NOW, &["a", "b"]);
    server.says(
        "/feed",
        [Answer::ok(&text[..text.len() - 60]).etag("\"1\"")],
    );
    let site = site(&[("blog", &server.url("/feed"))]);
    let outcome = site.fetch_on(1, &[]);
    assert!(
        outcome.stderr.contains("warning[feed-truncated]"),
        "{outcome:?}"
    );
    let stored = site.read("content/snapshots/blog/2026-11-01T12-00-00Z.xml");
    assert_eq!(stored.as_deref(), Some(&text[..text.len() - 60]));
    server.asked();
    site.fetch_on(2, &[]);
    assert_eq!(server.asked()[0].header("if-none-match"), None);
}

#[test]
fn a_move_for_good_is_reported_and_remembered() {
    let server = Server::start();
    let (old, new) = (server.url("/old"), server.url("/new"));
    server.says("/old", [Answer::redirect(301, "/new#top")]);
    server.says("/new", [Answer::ok(feed(NOW, &["a"])).etag("\"1\"")]);
    let site = site(&[("blog", &old)]);
    let warning = format!("site.toml:7:7: warning[fetch-moved]: blog: moved for good to {new}");
    let outcome = site.fetch_on(1, &[]);
    assert_eq!(outcome.code, 0);
    assert!(outcome.stderr.starts_with(&warning), "{outcome:?}");
    assert_eq!(server.paths(), ["/old", "/new"]);
    site.fetch_on(2, &[])
        .told(0, &[&warning, "blog: not modified"]);
    assert_eq!(server.paths(), ["/new"]);
    assert!(
        site.gleaner(&["fetch", "--wait", "10"])
            .stderr
            .contains(&format!("hint: change `url` to `{new}`"))
    );
    server.asked();

    // It was not for good after all.
    server.says("/old", [Answer::ok(feed(NOW, &["b", "a"]))]);
    server.says("/new", [Answer::new(404, "")]);
    let outcome = site.fetch_on(3, &[]);
    assert!(
        outcome.stderr.starts_with("blog: 1 new entry"),
        "{outcome:?}"
    );
    assert_eq!(server.paths(), ["/new", "/old"]);
    site.fetch_on(4, &[]);
    assert_eq!(server.paths(), ["/old"]);
}

#[test]
fn redirects_are_followed_so_far_and_no_further() {
    let server = Server::start();
    server.says("/feed", [Answer::ok(feed(NOW, &["a"]))]);
    for status in [302, 303, 307] {
        server.says("/short", [Answer::redirect(status, "/feed")]);
        let site = site(&[("blog", &server.url("/short"))]);
        let outcome = site.fetch_on(1, &[]);
        assert!(
            outcome.stderr.starts_with("blog: 1 new entry"),
            "{outcome:?}"
        );
    }
    server.says("/circle", [Answer::redirect(302, "/back")]);
    server.says("/back", [Answer::redirect(302, "/circle")]);
    for hop in 0..20 {
        server.says(
            &format!("/hop{hop}"),
            [Answer::redirect(302, &format!("/hop{}", hop + 1))],
        );
    }
    server.says("/file", [Answer::redirect(302, "file:///etc/passwd")]);
    server.says("/nowhere", [Answer::new(302, "")]);
    server.asked();
    for (path, message) in [
        (
            "/circle",
            format!(
                "failed]: blog: redirects lead in a circle: {}",
                server.url("/circle")
            ),
        ),
        ("/hop0", "failed]: blog: more than 10 redirects".to_owned()),
        (
            "/file",
            "refused]: blog: refused: a redirect to an address of the scheme file".to_owned(),
        ),
        (
            "/nowhere",
            "failed]: blog: 127.0.0.1 answered 302 Found without saying where to".to_owned(),
        ),
    ] {
        let site = site(&[("blog", &server.url(path))]);
        let line = format!("site.toml:7:7: error[fetch-{message}");
        site.fetch_on(1, &[]).told(1, &[&line]);
    }
    assert_eq!(server.paths().len(), 2 + 11 + 1 + 1);
}

#[test]
fn who_asks_for_patience_gets_it_within_reason() {
    let server = Server::start();
    let good = Answer::ok(feed(NOW, &["a"]));
    let site = site(&[("blog", &server.url("/feed"))]);
    server.says(
        "/feed",
        [
            Answer::new(429, "").header("Retry-After", "1"),
            good.clone(),
        ],
    );
    let began = Instant::now();
    let outcome = site.fetch_on(1, &[]);
    assert!(
        outcome.stderr.starts_with("blog: 1 new entry"),
        "{outcome:?}"
    );
    assert!(began.elapsed() >= Duration::from_secs(1));
    server.asked();

    for wait in ["3600", "Mon, 02 Nov 2026 13:00:00 GMT"] {
        server.says(
            "/feed",
            [
                Answer::new(503, "").header("Retry-After", wait),
                good.clone(),
            ],
        );
        site.fetch_on(2, &[]).told(
            1,
            &["site.toml:7:7: error[fetch-failed]: blog: 127.0.0.1 answered 503 Service Unavailable: \
               come again not before 2026-11-02T13:00:00Z"],
        );
        assert_eq!(server.paths().len(), 1);
    }
    // Beyond all measure is too long, not unsaid.
    for wait in [
        "4294967296",
        "99999999999999999999",
        "-1",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ] {
        server.says(
            "/feed",
            [
                Answer::new(429, "").header("Retry-After", wait),
                good.clone(),
            ],
        );
        let outcome = site.fetch_on(2, &[]);
        assert!(
            outcome.code == 1 && outcome.stderr.contains("Too Many Requests: come again "),
            "{wait}: {outcome:?}"
        );
        assert_eq!(server.paths().len(), 1, "{wait}");
    }
    server.says(
        "/feed",
        [Answer::new(500, ""), Answer::new(502, ""), good.clone()],
    );
    site.fetch_on(3, &[]).told(0, &["blog: nothing new"]);
    assert_eq!(server.paths().len(), 3);
    server.says(
        "/feed",
        [
            Answer::new(500, ""),
            Answer::new(500, ""),
            Answer::new(500, ""),
            good,
        ],
    );
    assert_eq!(site.fetch_on(4, &[]).code, 1);
    assert_eq!(server.paths().len(), 3);
}

#[test]
fn what_is_gone_is_said_to_be_gone() {
    let server = Server::start();
    let site = site(&[("blog", &server.url("/feed"))]);
    for (status, message) in [
        (
            410,
            "error[fetch-gone]: blog: gone for good, says 127.0.0.1 (410 Gone)",
        ),
        (
            404,
            "error[fetch-failed]: blog: 127.0.0.1 answered 404 Not Found",
        ),
        (
            304,
            "error[fetch-failed]: blog: 127.0.0.1 answered 304 Not Modified",
        ),
        (
            206,
            "error[fetch-failed]: blog: 127.0.0.1 answered 206 Partial Content",
        ),
    ] {
        server.says("/feed", [Answer::new(status, "")]);
        site.fetch_on(1, &[])
            .told(1, &[&format!("site.toml:7:7: {message}")]);
        assert_eq!(server.paths().len(), 1, "{status} is not asked again");
    }
}

#[test]
fn a_server_that_is_too_slow_does_not_stop_the_others() {
    let (slow, quick) = (Server::start(), Server::start());
    slow.says("/feed", [Answer::ok("").late(Duration::from_secs(5))]);
    quick.says("/feed", [Answer::ok(feed(NOW, &["a"]))]);
    let site = site(&[("quick", &quick.url("/feed")), ("slow", &slow.url("/feed"))]);
    let outcome = site.fetch_on(1, &["--timeout", "1"]);
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.stderr.starts_with("quick: 1 new entry"),
        "{outcome:?}"
    );
    assert!(
        outcome
            .stderr
            .contains("slow: 127.0.0.1 did not answer in time"),
        "{outcome:?}"
    );
}

#[test]
fn a_response_without_end_is_given_up() {
    let server = Server::start();
    let bomb = gzip(&vec![b' '; 70 << 20]);
    // Unpacked by the connection, as a file of its own, and as a file in a file.
    for answer in [
        Answer::ok(&bomb).header("Content-Encoding", "gzip"),
        Answer::ok(&bomb),
        Answer::ok(gzip(&bomb)),
        Answer::ok(gzip(&bomb)).header("Content-Encoding", "gzip"),
    ] {
        server.says("/feed", [answer]);
        let site = site(&[("blog", &server.url("/feed"))]);
        site.fetch_on(1, &[]).told(
            1,
            &["site.toml:7:7: error[fetch-too-large]: blog: larger than Gleaner stores: 64 MB"],
        );
        assert!(site.snapshots().is_empty());
    }
}

#[test]
fn a_host_that_is_not_there_is_named() {
    let server = Server::start();
    let url = server.url("/feed");
    drop(server);
    let site = site(&[("blog", &url), ("other", "https://nowhere.invalid/feed")]);
    site.fetch_on(1, &[]).told(
        1,
        &[
            "site.toml:7:7: error[fetch-failed]: blog: 127.0.0.1 could not be reached: the connection was refused",
            "site.toml:9:7: error[fetch-failed]: other: nowhere.invalid was not found",
        ],
    );
}

#[test]
fn a_feed_has_only_so_much_time_in_all() {
    let (patient, quick) = (Server::start(), Server::start());
    quick.says("/feed", [Answer::ok(feed(NOW, &["a"]))]);
    // Each of these waits is one that a server may ask for.
    for hop in 0..10 {
        let busy = Answer::new(503, "").header("Retry-After", "4");
        let onward = Answer::redirect(302, &format!("/{}", hop + 1));
        patient.says(&format!("/{hop}"), [busy, onward]);
    }
    patient.says("/10", [Answer::ok(feed(NOW, &["b"]))]);
    let site = site(&[
        ("patient", &patient.url("/0")),
        ("quick", &quick.url("/feed")),
    ]);
    let outcome = site.fetch_on(1, &["--feed-timeout", "6"]);
    let given_up = "site.toml:7:7: error[fetch-failed]: patient: given up after 6 seconds, as long as one feed may take";
    assert!(
        outcome.code == 1 && outcome.stderr.starts_with(given_up),
        "{outcome:?}"
    );
    assert!(outcome.stderr.contains("quick: 1 new entry"), "{outcome:?}");
    assert!(patient.paths().len() < 6);
    // A body that drips is cut off when the time is over, and so is what never begins.
    patient.says("/0", [Answer::ok("").late(Duration::from_secs(20))]);
    let outcome = site.fetch_on(2, &["patient", "--feed-timeout", "1"]);
    assert!(
        outcome.stderr.contains("given up after 1 second,"),
        "{outcome:?}"
    );
}

#[test]
fn a_page_that_names_its_feed_says_which() {
    let server = Server::start();
    let link = |kind: &str, href: &str| {
        format!("<link rel=\"alternate\" type=\"application/{kind}\" href=\"{href}\">")
    };
    let site = site(&[("blog", &server.url("/blog/index.html"))]);
    let page = |head: &str| {
        let page = format!("<!doctype html><html><head>{head}</head><body>Hello</body></html>");
        server.says("/blog/index.html", [Answer::ok(page)]);
        let outcome = site.fetch_on(1, &["--message-format", "human"]);
        assert_eq!(
            (outcome.code, site.snapshots().len()),
            (1, 0),
            "{outcome:?}"
        );
        assert!(
            outcome
                .stderr
                .contains("blog: the response is an HTML page, not a feed"),
            "{outcome:?}"
        );
        outcome.stderr
    };
    let said = page(&link("rss+xml", "../feed.xml?a=1&amp;b=2"));
    let feed = server.url("/feed.xml?a=1&b=2");
    assert!(
        said.contains(&format!(
            "this page names a feed: `{feed}`; put that into `url`"
        )),
        "{said}"
    );
    // What is wrong is underlined.
    assert!(said.contains("--> site.toml:7:7"), "{said}");
    let several = ["rss+xml", "atom+xml", "feed+json"]
        .map(|kind| link(kind, kind))
        .concat();
    let said = page(&format!("<base href='https://feeds.example/x/'>{several}"));
    let list = "this page names several feeds: `https://feeds.example/x/rss+xml`, \
                `https://feeds.example/x/atom+xml`, `https://feeds.example/x/feed+json`; put one of them into `url`";
    assert!(said.contains(list), "{said}");
    let said = page(&link("rss+xml", "javascript:alert(1)"));
    assert!(said.contains("look at it in a browser"), "{said}");
}
