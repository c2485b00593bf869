//! `gleaner fetch` against a server on this machine: what is asked, what is stored, what is told.

mod answers;
mod history;
mod secrets;
pub(crate) mod server;
mod story;

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::site::{MINIMAL, Outcome, Site, files};
use server::{Answer, Server};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A feed in Atom, which says that it was updated at this time.
pub(crate) fn feed(updated: &str, entries: &[&str]) -> String {
    feed_with(updated, "", entries)
}

/// The same, with more in its header. An entry is its name, or its name and what it says.
fn feed_with(updated: &str, header: &str, entries: &[&str]) -> String {
    let entry = |said: &&str| {
        let (name, words) = said.split_once(' ').unwrap_or((said, said));
        format!(
            "<entry><id>urn:{name}</id><title>{name}</title><updated>{updated}</updated>\
             <published>2026-11-01T00:00:00Z</published><link href='https://o.example/{name}'/>\
             <content type='html'>&lt;p>{words}&lt;/p></content></entry>\n"
        )
    };
    let entries: String = entries.iter().map(entry).collect();
    format!(
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>Blog</title><id>urn:blog</id>\
         <updated>{updated}</updated>{header}\n{entries}</feed>\n"
    )
}

/// A site that may ask this machine, with these feeds: name, then address or more settings.
fn site(feeds: &[(&str, &str)]) -> Site {
    let mut toml = format!("{MINIMAL}[fetch]\nallow_private_addresses = true\n");
    for (name, settings) in feeds {
        let settings = match settings.starts_with("http") {
            true => format!("url = \"{settings}\""),
            false => (*settings).to_owned(),
        };
        toml.push_str(&format!("[feeds.{name}]\n{settings}\n"));
    }
    Site::empty().file("site.toml", toml)
}

impl Site {
    /// Fetches on a day of November 2026, at noon.
    fn fetch_on(&self, day: u8, arguments: &[&str]) -> Outcome {
        let now = format!("2026-11-{day:02}T12:00:00Z");
        let format: &[&str] = match arguments.contains(&"--message-format") {
            true => &[],
            false => &["--message-format", "short"],
        };
        let fixed = ["fetch", "--wait", "10", "--now", &now];
        self.gleaner(&[&fixed, format, arguments].concat())
    }

    /// The snapshots, below their folder.
    fn snapshots(&self) -> Vec<String> {
        files(&self.path().join("content/snapshots"))
    }
}

impl Outcome {
    /// Asserts how it ended, and what was told, line by line, but for the closing one.
    #[track_caller]
    fn told(&self, code: i32, lines: &[&str]) {
        let told: Vec<&str> = self.stderr.lines().collect();
        let (_, told) = told.split_last().unwrap();
        assert_eq!((self.code, told), (code, lines));
    }
}

#[test]
fn an_address_of_this_machine_is_refused_unless_the_owner_allows_it() {
    let server = Server::start();
    server.says("/feed", [Answer::ok(feed("2026-11-01T00:00:00Z", &["a"]))]);
    let toml = format!("{MINIMAL}[feeds.blog]\nurl = \"{}\"\n", server.url("/feed"));
    let site = Site::empty().file("site.toml", toml);
    let outcome = site.fetch_on(1, &[]);
    outcome.told(
        1,
        &["site.toml:5:7: error[fetch-refused]: blog: refused: an address of this machine: 127.0.0.1"],
    );
    assert!(server.asked().is_empty() && site.snapshots().is_empty());
    let drawn = site.gleaner(&["fetch"]);
    assert!(
        drawn
            .stderr
            .contains("`allow_private_addresses = true` next to its `url`"),
        "{drawn:?}"
    );
}

#[test]
fn one_feed_at_home_lets_no_other_be_asked_there() {
    let server = Server::start();
    for path in ["/home", "/other"] {
        server.says(path, [Answer::ok(feed("2026-11-01T00:00:00Z", &["a"]))]);
    }
    let (home, other) = (server.url("/home"), server.url("/other"));
    let toml = format!(
        "{MINIMAL}[feeds.home]\nurl = \"{home}\"\nallow_private_addresses = true\n[feeds.other]\nurl = \"{other}\"\n"
    );
    let site = Site::empty().file("site.toml", toml);
    let outcome = site.fetch_on(1, &[]);
    assert!(
        outcome.stderr.contains("home: 1 new entry")
            && outcome
                .stderr
                .contains("site.toml:8:7: error[fetch-refused]: other: refused"),
        "{outcome:?}"
    );
    assert_eq!(server.paths(), ["/home"]);
}

#[test]
fn in_a_ci_only_the_command_line_or_the_environment_allows_private_addresses() {
    let server = Server::start();
    server.says("/feed", [Answer::ok(feed("2026-11-01T00:00:00Z", &["a"]))]);
    let in_ci = || site(&[("blog", &server.url("/feed"))]).variable("CI", "true");
    let outcome = in_ci().fetch_on(1, &["--message-format", "human"]);
    assert!(
        outcome.code == 1
            && outcome.stderr.contains("error[fetch-refused]")
            && outcome
                .stderr
                .contains("in a CI `--allow-private-addresses`"),
        "{outcome:?}"
    );
    let denied = in_ci().variable("GLEANER_ALLOW_PRIVATE_ADDRESSES", "0");
    assert_eq!(denied.fetch_on(1, &[]).code, 1);
    assert!(server.paths().is_empty());
    let said = in_ci().variable("GLEANER_ALLOW_PRIVATE_ADDRESSES", "1");
    assert_eq!(said.fetch_on(1, &[]).code, 0);
    assert_eq!(in_ci().fetch_on(1, &["--allow-private-addresses"]).code, 0);
    // `CI=false` is none.
    let none = site(&[("blog", &server.url("/feed"))]).variable("CI", "false");
    assert_eq!(none.fetch_on(1, &[]).code, 0);
}

#[test]
fn metadata_services_are_asked_by_nobody() {
    let addresses = [
        "http://169.254.169.254/latest/meta-data/",
        "http://[fe80::1]/feed",
        "http://[fd00:ec2::254]/latest/",
        "http://[::ffff:169.254.169.254]/latest/",
        "http://100.100.100.200/latest/",
        "http://metadata.google.internal/computeMetadata/v1/",
        "http://2852039166/latest/",
    ];
    let names = ["a", "b", "c", "d", "e", "f", "g"];
    let feeds: Vec<(&str, &str)> = names.into_iter().zip(addresses).collect();
    let outcome = site(&feeds).fetch_on(1, &["--allow-private-addresses"]);
    assert_eq!(
        outcome.stderr.matches("error[fetch-refused]").count(),
        addresses.len(),
        "{outcome:?}"
    );
    // Nor where a feed leads there.
    let server = Server::start();
    server.says("/feed", [Answer::redirect(302, addresses[0])]);
    let site = site(&[("blog", &server.url("/feed"))]);
    site.fetch_on(1, &[]).told(
        1,
        &["site.toml:7:7: error[fetch-refused]: blog: refused: a link-local address: 169.254.169.254"],
    );
}

#[test]
fn what_a_feed_said_is_remembered_when_it_has_ended() {
    let (slow, quick) = (Server::start(), Server::start());
    slow.says("/feed", [Answer::ok("").late(Duration::from_secs(60))]);
    let answer = Answer::ok(feed("2026-11-01T00:00:00Z", &["a"])).etag("\"quick\"");
    quick.says("/feed", [answer]);
    let site = site(&[("quick", &quick.url("/feed")), ("slow", &slow.url("/feed"))]);
    let mut running = Command::new(env!("CARGO_BIN_EXE_gleaner"))
        .args(["fetch", "--wait", "10"])
        .current_dir(site.path())
        .env_remove("CI")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let remembers = || {
        site.read(".gleaner/fetch.json")
            .is_some_and(|it| it.contains("quick"))
    };
    let began = Instant::now();
    while !remembers() && began.elapsed() < Duration::from_secs(50) {
        assert!(running.try_wait().unwrap().is_none());
        std::thread::sleep(Duration::from_millis(20));
    }
    running.kill().unwrap();
    running.wait().unwrap();
    assert!(remembers());
    let outcome = site.gleaner(&["fetch", "quick", "--wait", "10", "-q"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let asked = quick.asked();
    assert_eq!(asked[1].header("if-none-match"), Some("\"quick\""));
}

#[test]
fn feeds_are_chosen_by_name_hidden_ones_too() {
    let server = Server::start();
    for path in ["/a", "/b", "/c"] {
        server.says(path, [Answer::ok(feed("2026-11-01T00:00:00Z", &["a"]))]);
    }
    let hidden = format!("url = \"{}\"\nhidden = true", server.url("/b"));
    let (a, c) = (server.url("/a"), server.url("/c"));
    let site = site(&[
        ("a", &a),
        ("b", &hidden),
        ("c", &c),
        ("none", "hidden = true"),
    ]);
    let outcome = site.fetch_on(1, &["c", "b"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert_eq!(
        site.snapshots(),
        ["b/2026-11-01T12-00-00Z.xml", "c/2026-11-01T12-00-00Z.xml"]
    );
    let outcome = site.fetch_on(1, &["blog", "none", "a"]);
    outcome.told(
        1,
        &[
            "error[fetch-unknown-feed]: unknown feed: blog",
            "site.toml:13:8: error[fetch-no-address]: feed without an address: none",
        ],
    );
    assert_eq!(
        server.paths().len(),
        2,
        "nothing is asked if a name is wrong"
    );
}

#[test]
fn without_an_address_there_is_nothing_to_fetch() {
    let site = Site::new();
    let outcome = site.gleaner(&["fetch"]);
    assert_eq!(outcome.code, 0);
    assert!(
        outcome.stderr.contains("warning[fetch-no-address]"),
        "{outcome:?}"
    );
    assert_eq!(site.gleaner(&["fetch", "--deny-warnings"]).code, 1);
    assert_eq!(Site::empty().gleaner(&["fetch"]).code, 1);
}

#[test]
fn one_host_is_asked_one_thing_at_a_time() {
    let server = Server::start();
    let names = ["a", "b", "c", "d"];
    let urls: Vec<String> = names
        .iter()
        .map(|name| server.url(&format!("/{name}")))
        .collect();
    for name in names {
        let answer = Answer::ok(feed("2026-11-01T00:00:00Z", &[name]));
        server.says(&format!("/{name}"), [answer]);
    }
    let feeds: Vec<(&str, &str)> = names
        .into_iter()
        .zip(urls.iter().map(String::as_str))
        .collect();
    let site = site(&feeds);
    assert_eq!(site.fetch_on(1, &[]).code, 0);
    assert_eq!((server.busiest(), server.paths().len()), (1, 4));
}

#[test]
fn programs_are_told_in_json() {
    let server = Server::start();
    server.says(
        "/feed",
        [Answer::ok(feed("2026-11-01T00:00:00Z", &["a", "b"]))],
    );
    let site = site(&[
        ("blog", &server.url("/feed")),
        ("gone", &server.url("/gone")),
    ]);
    let outcome = site.gleaner(&[
        "fetch",
        "--message-format",
        "json",
        "--now",
        "2026-11-01T12:00:00Z",
    ]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""));
    let stdout = outcome
        .stdout
        .replace(&server.url(""), "http://127.0.0.1:12345");
    insta::assert_snapshot!(stdout, @r#"
    {"type":"feed","feed":"blog","outcome":"stored","success":true,"new":2,"changed":0,"stored":["content/snapshots/blog/2026-11-01T12-00-00Z.xml"],"bytes":540,"documents":0}
    {"type":"diagnostic","severity":"error","code":"fetch-failed","message":"gone: 127.0.0.1 answered 404 Not Found","file":"site.toml","line":9,"column":7,"excerpt":{"text":"url = \"http://127.0.0.1:12345/gone\"","marked":{"start":6,"end":35}},"hint":"look at the address in a browser: the feed may have moved"}
    {"type":"feed","feed":"gone","outcome":"failed","success":false,"new":0,"changed":0,"stored":[],"bytes":0,"documents":0}
    {"type":"summary","success":false,"errors":1,"warnings":0,"feeds":2,"failed":1,"new":2,"changed":0,"stored":1,"bytes":540}
    "#);
}

#[test]
fn a_workflow_is_told_in_annotations_and_in_a_summary() {
    let server = Server::start();
    let title = "a ::error::b ##[error]c";
    let header = format!("<subtitle>{title}</subtitle>");
    server.says(
        "/feed",
        [Answer::ok(feed_with("2026-11-01T00:00:00Z", &header, &["a", "b"])).etag("\"1\"")],
    );
    let site = site(&[
        ("::error::name", &format!("url = \"{}\"", server.url("/no"))),
        ("blog", &server.url("/feed")),
    ]);
    let toml = site.read("site.toml").unwrap();
    let toml = toml.replace("[feeds.::error::name]", "[feeds.\"::error::name\"]");
    let site = site.file("site.toml", toml);
    let told = |day| {
        let outcome = site.fetch_on(
            day,
            &["--message-format", "github", "--summary", "summary.md"],
        );
        assert_eq!(outcome.code, 1, "{outcome:?}");
        let commands = outcome.stderr.lines();
        let mut commands = commands.filter(|line| line.trim_start().starts_with("::"));
        assert_eq!(commands.next(), None, "{outcome:?}");
        outcome
    };
    let first = told(1);
    assert!(first.stderr.contains("blog: 2 new entries"), "{first:?}");
    insta::assert_snapshot!(first.stdout, @r"
    ::error file=site.toml,line=7,col=7,endLine=7,endColumn=34,title=fetch-failed::::error::name: 127.0.0.1 answered 404 Not Found%0Ahint: look at the address in a browser: the feed may have moved
    ");
    told(2);
    insta::assert_snapshot!(site.read("summary.md").unwrap(), @r"
    ### Failed to fetch 1 of 2 feeds

    | Feed | Outcome | New | Changed | Stored |
    | --- | --- | ---: | ---: | ---: |
    | ::error::name | **failed**: 127.0.0.1 answered 404 Not Found |  |  |  |
    | blog | stored | 2 |  | 584 bytes |

    | | Code | Times | Where |
    | --- | --- | ---: | --- |
    | **error** | `fetch-failed` | 1 | site.toml:7:7: ::error::name: 127.0.0.1 answered 404 Not Found |

    `gleaner explain CODE` tells more of each.

    ### Failed to fetch 1 of 2 feeds

    | Feed | Outcome | New | Changed | Stored |
    | --- | --- | ---: | ---: | ---: |
    | ::error::name | **failed**: 127.0.0.1 answered 404 Not Found |  |  |  |
    | blog | not modified |  |  |  |

    | | Code | Times | Where |
    | --- | --- | ---: | --- |
    | **error** | `fetch-failed` | 1 | site.toml:7:7: ::error::name: 127.0.0.1 answered 404 Not Found |

    `gleaner explain CODE` tells more of each.
    ");
}
