//! An address that is a secret: read from the environment, and given to nobody.

use super::server::{Answer, Server};
use super::{feed, feed_with, gzip, site};
use crate::site::{Outcome, Site, files};

const TOKEN: &str = "s3cr3t-t0ken-4711";

/// A site whose one feed has the address of this path in `FEED_URL`.
fn secret_site(server: &Server, path: &str, settings: &str) -> Site {
    let url: &'static str = Box::leak(server.url(path).into_boxed_str());
    let settings = format!("url_env = \"FEED_URL\"\n{settings}");
    site(&[("starred", &settings)]).variable("FEED_URL", url)
}

/// Asserts that the token stands nowhere: neither in what was said, nor in what was written.
#[track_caller]
fn is_silent(site: &Site, outcomes: &[Outcome]) {
    for outcome in outcomes {
        let said = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(!said.contains(TOKEN), "{said}");
    }
    for file in files(site.path()) {
        let bytes = site.read_bytes(&file).unwrap();
        let found = memchr::memmem::find(&bytes, TOKEN.as_bytes());
        assert_eq!(found, None, "{file}");
    }
}

#[test]
fn a_secret_address_is_asked_and_never_told() {
    let server = Server::start();
    let path = format!("/feed?token={TOKEN}");
    let site = secret_site(&server, &path, "");
    let answer = Answer::ok(feed("2026-11-01T00:00:00Z", &["a"]));
    server.says(&path, [answer.clone().etag(&format!("\"{TOKEN}\""))]);
    let mut outcomes = vec![site.fetch_on(1, &[])];
    assert_eq!(
        (outcomes[0].code, site.snapshots().len()),
        (0, 1),
        "{outcomes:?}"
    );
    for answer in [
        Answer::new(403, TOKEN),
        Answer::new(410, TOKEN),
        Answer::new(500, TOKEN),
        Answer::ok(format!("<html>{TOKEN}</html>")),
        Answer::redirect(302, &path),
        Answer::redirect(301, &format!("gopher://x/{TOKEN}")),
        Answer::redirect(301, &format!("{TOKEN}:x")),
        Answer::redirect(301, &format!("/gone?token={TOKEN}")),
        Answer::redirect(301, &format!("http://256.256.256.256/{TOKEN}")),
        answer.cut(50),
    ] {
        server.says(&path, [answer]);
        for format in ["human", "json", "short"] {
            outcomes.push(site.fetch_on(2, &["--message-format", format]));
        }
    }
    // Moved for good: that is said, where to is not.
    let moved = format!("/moved?token={TOKEN}");
    server.says(&path, [Answer::redirect(301, &moved)]);
    server.says(&moved, [Answer::ok(feed("2026-11-01T00:00:00Z", &["b"]))]);
    let outcome = site.fetch_on(3, &[]);
    assert!(
        outcome
            .stderr
            .contains("moved for good to an address at 127.0.0.1"),
        "{outcome:?}"
    );
    outcomes.push(outcome);
    is_silent(&site, &outcomes);
}

#[test]
fn a_response_that_holds_the_secret_is_not_stored_unless_that_is_allowed() {
    let server = Server::start();
    let path = format!("/feed?user=1&token={TOKEN}");
    let link = format!(
        "<link rel='self' href='{}'/>",
        server.url(&path).replace('&', "&amp;")
    );
    let echo = feed_with("2026-11-01T00:00:00Z", &link, &["a"]);
    server.says(&path, [Answer::ok(&echo)]);
    let site = secret_site(&server, &path, "");
    let outcome = site.fetch_on(1, &[]);
    outcome.told(
        1,
        &["site.toml:7:11: error[fetch-secret]: starred: the response holds the secret address, or may hold it; it was not stored"],
    );
    is_silent(&site, &[outcome]);
    // Stored, if that is allowed; printed, never, not even where it is what is broken.
    let allowed = secret_site(&server, &path, "store_secret = true");
    let broken = format!(
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>&{TOKEN}</title><entry><id>urn:z</id></entry><entry><id>{TOKEN}"
    );
    server.says(&path, [Answer::ok(echo), Answer::ok(broken)]);
    for day in [1, 2] {
        let outcome = allowed.fetch_on(day, &["--message-format", "human"]);
        assert!(
            outcome.code == 0 && !outcome.stderr.contains(TOKEN),
            "{outcome:?}"
        );
    }
    assert!(allowed.snapshots().len() == 2, "{:?}", allowed.snapshots());
}

#[test]
fn a_variable_that_holds_no_address_is_an_error_and_a_build_never_reads_it() {
    let site = site(&[("starred", "url_env = \"FEED_URL\"")]);
    site.fetch_on(1, &[]).told(
        1,
        &["site.toml:7:11: error[fetch-no-address]: starred: no address in `FEED_URL`"],
    );
    let site = site.variable("FEED_URL", "s3cr3t-t0ken-4711");
    let outcome = site.fetch_on(1, &[]);
    outcome.told(
        1,
        &["site.toml:7:11: error[fetch-no-address]: starred: FEED_URL holds no address of a website"],
    );
    is_silent(&site, &[outcome]);
    let checked = site.gleaner(&["check"]);
    assert_eq!(checked.code, 0, "{checked:?}");
}

#[test]
fn a_login_is_sent_to_the_host_that_it_is_for() {
    let (server, other) = (Server::start(), Server::start());
    let url = server
        .url("/feed")
        .replace("http://", "http://ada:p4ssw0rd!@");
    let url: &'static str = Box::leak(url.into_boxed_str());
    let site = site(&[("starred", "url_env = \"FEED_URL\"")]).variable("FEED_URL", url);
    server.says("/feed", [Answer::redirect(302, "/here")]);
    server.says("/here", [Answer::redirect(302, &other.url("/feed"))]);
    other.says("/feed", [Answer::ok(feed("2026-11-01T00:00:00Z", &["a"]))]);
    assert_eq!(site.fetch_on(1, &[]).code, 0);
    let logins: Vec<_> = server.asked();
    let login = |it: &super::server::Asked| it.header("authorization").map(str::to_owned);
    assert!(
        logins
            .iter()
            .all(|it| login(it).as_deref() == Some("Basic YWRhOnA0c3N3MHJkIQ=="))
    );
    assert_eq!(other.asked().iter().map(login).collect::<Vec<_>>(), [None]);
}

/// A feed that says this somewhere.
fn saying(words: &str) -> String {
    feed(NOW, &[&format!("a {words}")])
}

const NOW: &str = "2026-11-01T00:00:00Z";

/// Asserts that what is said at this path is not stored.
#[track_caller]
fn is_refused(path: &str, body: impl AsRef<[u8]>) {
    let server = Server::start();
    server.says(path, [Answer::ok(body)]);
    let site = secret_site(&server, path, "");
    let outcome = site.fetch_on(1, &[]);
    assert!(
        outcome.code == 1 && outcome.stderr.contains("error[fetch-secret]"),
        "{path}: {outcome:?}"
    );
    assert!(site.snapshots().is_empty(), "{path}");
}

#[test]
fn a_secret_is_found_wherever_it_stands_in_an_address() {
    for (path, secret) in [
        ("/u/a1b2c3d4e5f6a7b8.xml?format=atom", "a1b2c3d4e5f6a7b8"),
        (
            "/u/a1b2c3d4e5f6a7b8.xml?format=atom",
            "/u/a1b2c3d4e5f6a7b8.xml",
        ),
        (
            "/u/12345678901234567890/rss?format=atom10",
            "12345678901234567890",
        ),
        (
            "/u/abcdefghijklmnopqrst/rss?format=atom10&n=100",
            "abcdefghijklmnopqrst",
        ),
        (
            "/u/correct-horse-battery/rss?include=subscriptions",
            "correct-horse-battery",
        ),
        ("/rss?a1b2c3d4e5f6&include=subscriptions", "a1b2c3d4e5f6"),
        ("/rss;key=a1b2c3d4/x?include=subscriptions", "a1b2c3d4"),
        ("/rss?pass=abc&include=subscriptions", "?pass=abc"),
        ("/u/ada4711/rss?include=subscriptions", "/u/ada4711/rss"),
        ("/rss?to=me%40mail.example%2Fs3cr3t-t0ken", "s3cr3t-t0ken"),
        (
            "/rss?u=https%253A%252F%252Fe.org%252Fs3cr3tt0ken",
            "s3cr3tt0ken",
        ),
    ] {
        is_refused(path, saying(&format!("x {secret} y")));
    }
}

#[test]
fn a_secret_is_found_however_it_is_written() {
    let path = format!("/feed?token={TOKEN}");
    let plain = saying(TOKEN);
    let wide: Vec<u8> = format!("\u{feff}{plain}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let base = data_encoding::BASE64.encode(format!("https://e.org/?x={TOKEN}&y").as_bytes());
    let mut named = flate2::GzBuilder::new()
        .filename(TOKEN)
        .write(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut named, saying("harmless").as_bytes()).unwrap();
    for body in [
        gzip(plain.as_bytes()),
        gzip(&gzip(plain.as_bytes())),
        named.finish().unwrap(),
        [gzip(saying("harmless").as_bytes()), TOKEN.into()].concat(),
        wide,
        saying(&TOKEN.replace('s', "&amp;#115;")).into(),
        saying(&TOKEN.replace('s', "&#x73;")).into(),
        saying(&TOKEN.replace('s', "%73")).into(),
        saying(&TOKEN.to_uppercase()).into(),
        saying(&TOKEN.replace("r3t", "r3<!-- -->t")).into(),
        saying(&TOKEN.replace("r3t", "r3&lt;b>t&lt;/b>")).into(),
        saying(&data_encoding::HEXUPPER.encode(TOKEN.as_bytes())).into(),
        saying(&base).into(),
        json(&TOKEN.replace('s', "\\u0073")).into(),
        json(&TOKEN.replace('s', "\\u0026#115;")).into(),
    ] {
        is_refused(&path, body);
    }
}

fn json(words: &str) -> String {
    format!(
        r#"{{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{{"id": "1", "content_html": "<p>{words}"}}]}}"#
    )
}

#[test]
fn all_addresses_on_the_way_are_secrets() {
    let other = "/u/zz9z8z7z6z5z4z3z2y1.xml";
    // The secret address leads to another one, whose feed names itself.
    let server = Server::start();
    server.says("/u/a1b2c3d4e5f6.xml", [Answer::redirect(302, other)]);
    let link = format!("<link rel='self' href='{}'/>", server.url(other));
    server.says(other, [Answer::ok(feed_with(NOW, &link, &["a"]))]);
    let site = secret_site(&server, "/u/a1b2c3d4e5f6.xml", "");
    let outcome = site.fetch_on(1, &[]);
    assert!(
        outcome.stderr.contains("error[fetch-secret]"),
        "{outcome:?}"
    );
    assert!(site.snapshots().is_empty());

    // A document of the history names itself, though the feed names nothing.
    let first = format!("<link rel='prev-archive' href='{other}'/>");
    server.says(
        "/u/a1b2c3d4e5f6.xml",
        [Answer::ok(feed_with(NOW, &first, &["a"]))],
    );
    let outcome = site.fetch_on(2, &["--history"]);
    assert!(
        outcome.stderr.contains("error[fetch-secret]"),
        "{outcome:?}"
    );
    assert!(
        site.snapshots().is_empty(),
        "whoever has the feed would have its archive"
    );
    let harmless = "<link rel='prev-archive' href='/archive/2024.xml'/>";
    server.says(
        "/u/a1b2c3d4e5f6.xml",
        [Answer::ok(feed_with(NOW, harmless, &["a"]))],
    );
    server.says("/archive/2024.xml", [Answer::redirect(302, other)]);
    let outcome = site.fetch_on(3, &["--history"]);
    assert!(
        outcome.stderr.contains("error[fetch-secret]"),
        "{outcome:?}"
    );
    assert_eq!(site.snapshots(), ["starred/2026-11-03T12-00-00Z.xml"]);
}

#[test]
fn what_gives_nothing_away_is_stored() {
    let server = Server::start();
    for (number, path) in [
        "/starred/subscriptions/rss.xml?format=atom&token=s3cr3t-t0ken-4711",
        "/u/12345678901234567890/rss?include=highlights",
        "/a/b/c?key=s3cr3t-t0ken-4711#fragment",
    ]
    .into_iter()
    .enumerate()
    {
        let words = "starred subscriptions format=atom, all highlights &amp;amp; 1234567890 100%25";
        let asked = path.split('#').next().unwrap();
        server.says(asked, [Answer::ok(gzip(saying(words).as_bytes()))]);
        let site = secret_site(&server, path, "");
        let outcome = site.fetch_on(1, &[]);
        assert_eq!(
            (outcome.code, site.snapshots().len()),
            (0, 1),
            "{number}: {outcome:?}"
        );
    }
}

#[test]
fn in_a_ci_a_secret_is_stored_only_if_the_command_line_or_the_environment_says_so() {
    let server = Server::start();
    let path = format!("/feed?token={TOKEN}");
    server.says(&path, [Answer::ok(saying(TOKEN))]);
    let private = ("GLEANER_ALLOW_PRIVATE_ADDRESSES", "1");
    let site = || secret_site(&server, &path, "store_secret = true").variable("CI", "true");
    let site = || site().variable(private.0, private.1);
    let refused = site();
    let outcome = refused.fetch_on(1, &["--message-format", "human"]);
    assert!(
        outcome.code == 1 && outcome.stderr.contains("needs `--store-secret`"),
        "{outcome:?}"
    );
    is_silent(&refused, &[outcome]);
    for (site, arguments) in [
        (site(), &["--store-secret"][..]),
        (site().variable("GLEANER_STORE_SECRET", "1"), &[]),
    ] {
        assert_eq!(site.fetch_on(1, arguments).code, 0);
        assert_eq!(site.snapshots().len(), 1);
    }
    // It lets the setting count; it is not the setting.
    let other = secret_site(&server, &path, "");
    assert_eq!(other.fetch_on(1, &["--store-secret"]).code, 1);
}

#[test]
fn a_message_that_would_quote_the_secret_is_not_shown() {
    let server = Server::start();
    let path = format!("/feed?token={TOKEN}");
    let broken = saying("b").replace("</title><updated>", &format!("</{TOKEN}><updated>"));
    server.says(&path, [Answer::ok(broken)]);
    let site = secret_site(&server, &path, "store_secret = true");
    for format in ["human", "json", "short", "github"] {
        let outcome = site.fetch_on(1, &["--message-format", format, "--summary", "s.md"]);
        let said = format!(
            "{}{}{}",
            outcome.stdout,
            outcome.stderr,
            site.read("s.md").unwrap()
        );
        assert!(!said.contains(TOKEN), "{said}");
    }
}
