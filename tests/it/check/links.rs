//! `gleaner check --links` against a server on this machine: what is asked, what is believed, what is
//! kept, and what the archive shows of it.

use std::process::{Command, Stdio};
use std::time::Duration;

use crate::fetch::server::{Answer, Server};
use crate::site::{MINIMAL, Outcome, Site};

const LIST: &str = "content/originals.txt";

/// A site that may ask this machine, with an entry for each of these originals.
fn site(originals: &[String]) -> Site {
    let item = |(number, url): (usize, &String)| {
        format!(
            "<item><title>Entry {number}</title><link>{url}</link><guid>urn:{number}</guid>\
             <pubDate>Sun, 0{} Nov 2026 00:00:00 GMT</pubDate>\
             <description>Words</description></item>\n",
            number % 9 + 1
        )
    };
    let items: String = originals.iter().enumerate().map(item).collect();
    let site = Site::published();
    let toml = site.read("site.toml").unwrap_or_default();
    site.file(
        "site.toml",
        toml + "[fetch]\nallow_private_addresses = true\n",
    )
    .file(
        "content/snapshots/blog/2026-11-10T12-00-00Z.xml",
        format!("<rss version='2.0'><channel><title>B</title>\n{items}</channel></rss>"),
    )
}

/// A server that says this at these paths, and a site with entries about them.
fn served(answers: &[(&str, Answer)]) -> (Server, Site) {
    let server = Server::start();
    let mut originals = Vec::new();
    for (path, answer) in answers {
        server.says(path, [answer.clone()]);
        originals.push(server.url(path));
    }
    (server, site(&originals))
}

impl Site {
    /// Checks the originals on a day of November 2026.
    fn links_on(&self, day: u8, arguments: &[&str]) -> Outcome {
        let now = format!("2026-11-{day:02}T12:00:00Z");
        let fixed = ["check", "--links", "--wait", "1", "--now", &now];
        self.gleaner(&[&fixed, arguments].concat())
    }

    /// The lines of the list that name an original, without the server's address.
    fn gone(&self, server: &Server) -> Vec<String> {
        let list = self.read(LIST).unwrap_or_default();
        let lines = list.lines().filter(|line| !line.starts_with('#'));
        lines
            .map(|line| line.replace(&server.url(""), ""))
            .collect()
    }
}

/// The line with the figures.
#[track_caller]
fn figures(outcome: &Outcome) -> &str {
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let mut lines = outcome.stderr.lines();
    let found = lines.find(|line| line.starts_with("asked "));
    found.unwrap_or_else(|| panic!("{outcome:?}"))
}

#[test]
fn gone_is_only_what_says_so_twice() {
    let (server, site) = served(&[
        ("/alive", Answer::ok("a page")),
        ("/gone", Answer::new(404, "")),
        ("/for-good", Answer::new(410, "")),
        ("/forbidden", Answer::new(403, "")),
        ("/broken", Answer::new(500, "")),
        ("/moved", Answer::redirect(301, "/alive")),
        ("/moved-away", Answer::redirect(302, "/gone")),
        ("/circle", Answer::redirect(302, "/circle")),
        ("/no-head", Answer::ok("a page")),
        ("/no-head-gone", Answer::new(404, "")),
        ("/lies", Answer::ok("a page")),
        (
            "/late",
            Answer::new(200, "").late(Duration::from_millis(50)),
        ),
    ]);
    server.says("HEAD /no-head", [Answer::new(405, "")]);
    server.says("HEAD /no-head-gone", [Answer::new(405, "")]);
    server.says("HEAD /lies", [Answer::new(404, "")]);
    let outcome = site.links_on(11, &["-v"]);
    assert_eq!(
        figures(&outcome),
        "asked 12 of 12 originals; all in all, 5 alive, 4 gone, 3 unknown"
    );
    assert_eq!(
        site.gone(&server),
        [
            "/for-good 410 2026-11-11",
            "/gone 404 2026-11-11",
            "/moved-away 404 2026-11-11",
            "/no-head-gone 404 2026-11-11",
        ]
    );
    let unknown = format!(
        "unknown: {} (answered 403 Forbidden)",
        server.url("/forbidden")
    );
    assert!(outcome.stderr.contains(&unknown), "{outcome:?}");

    let asked = server.asked();
    let of = |path: &str| -> Vec<&str> {
        let asked = asked.iter().filter(|asked| asked.path == path);
        asked.map(|asked| &*asked.method).collect()
    };
    assert_eq!(of("/lies"), ["HEAD", "GET"]);
    assert_eq!(of("/no-head-gone"), ["HEAD", "GET", "GET"]);
    assert_eq!(of("/broken"), ["HEAD"]);
    assert_eq!(of("/late"), ["HEAD"]);
    assert_eq!(server.busiest(), 1, "one host is asked one thing at a time");
    let agent = asked[0].header("user-agent").unwrap();
    assert!(agent.starts_with("Gleaner/"), "{agent}");
}

#[test]
fn what_was_asked_lately_is_not_asked_again() {
    let (server, site) = served(&[
        ("/alive", Answer::ok("")),
        ("/gone", Answer::new(404, "")),
        ("/unknown", Answer::new(403, "")),
    ]);
    site.links_on(1, &[]);
    server.asked();
    let outcome = site.links_on(2, &[]);
    assert_eq!(
        figures(&outcome),
        "asked 0 of 3 originals; all in all, 1 alive, 1 gone, 1 unknown"
    );
    // Of what nothing could be said is asked again after a week.
    site.links_on(8, &[]);
    let mut asked = server.paths();
    asked.dedup();
    assert_eq!(asked, ["/unknown"]);
    site.links_on(20, &["--older-than", "19"]);
    let mut asked = server.paths();
    asked.sort();
    asked.dedup();
    assert_eq!(asked, ["/alive", "/gone", "/unknown"]);

    // Where nothing is remembered, all are asked; the day in the list stays.
    site.links_on(21, &["--no-cache"]);
    assert!(server.paths().len() > 3);
    assert_eq!(site.gone(&server), ["/gone 404 2026-11-01"]);
}

#[test]
fn an_original_that_is_back_leaves_the_list_and_other_lines_stay() {
    let (server, site) = served(&[("/a", Answer::new(404, "")), ("/b", Answer::new(404, ""))]);
    let outcome = site.links_on(1, &[]);
    let gone = format!(
        "gone: {} (404), the original of 2026/11/entry-0-",
        server.url("/a")
    );
    assert!(outcome.stderr.starts_with(&gone), "{outcome:?}");
    let list = site.read(LIST).unwrap();
    let site = site.file(
        LIST,
        format!("# mine\nhttps://elsewhere.example/ 410 2020-01-01\n{list}"),
    );

    server.says("/a", [Answer::ok("")]);
    let outcome = site.links_on(2, &["--older-than", "0"]);
    let back = format!("back: {} (is there again)", server.url("/a"));
    assert!(outcome.stderr.starts_with(&back), "{outcome:?}");
    assert_eq!(
        site.gone(&server),
        [
            "/b 404 2026-11-01",
            "https://elsewhere.example/ 410 2020-01-01"
        ]
    );
    assert!(site.read(LIST).unwrap().starts_with("# mine\n"));

    // Unknown is not back: a server that is down for a day gives nothing up.
    server.says("/b", [Answer::new(503, "")]);
    site.links_on(3, &["--older-than", "0"]);
    assert_eq!(site.gone(&server).len(), 2);
}

#[test]
fn an_entry_says_that_its_original_is_gone_and_few_files_change() {
    let (server, site) = served(&[("/a", Answer::ok("")), ("/b", Answer::new(404, ""))]);
    let built = site.build().clean();
    let entries = built.entries();
    assert!(!built.page(&entries[1]).contains("is gone"));
    site.links_on(21, &[]);

    let built = site.build().clean();
    assert_eq!(built.wrote(), [&*entries[1], "statistics/index.html"]);
    let page = built.page(&entries[1]);
    assert!(
        page.contains("The original is gone (404, found on"),
        "{page}"
    );
    assert!(page.contains("21 November 2026"));
    let copy = format!(
        "https://web.archive.org/web/20261102000000/{}",
        server.url("/b")
    );
    let title = format!("<a class=\"p-name\" href=\"{copy}\"");
    assert!(page.contains(&title), "the title leads to the copy: {page}");
    assert!(
        page.contains(&format!("{}</a>", server.url("/b"))),
        "the address is readable"
    );
    let page = built.page("statistics/index.html");
    assert!(page.contains("Of 2 originals, 1 is gone"), "{page}");

    // The list is an input: taken away, all is as before.
    std::fs::remove_file(site.path().join(LIST)).unwrap();
    let built = site.build().clean();
    assert_eq!(built.wrote(), [&*entries[1], "statistics/index.html"]);
    assert!(!built.page(&entries[1]).contains("is gone"));
}

#[test]
fn a_line_that_says_nothing_is_told_and_costs_no_other() {
    let originals = ["https://example.org/a".to_owned()];
    let list = "https://example.org/a 404 2026-11-01\n<<<<<<< HEAD\n";
    let built = site(&originals).file(LIST, list).build();
    assert_eq!(
        built.diagnostics(),
        [
            "content/originals.txt:2:1: warning[originals-line]: no line of this list: an address, an answer and a day are expected"
        ]
    );
    assert!(
        built
            .page(&built.entries()[0])
            .contains("The original is gone")
    );
}

#[test]
fn a_limit_is_kept_and_the_next_check_goes_on() {
    let paths = ["/a", "/b", "/c", "/d", "/e"];
    let (server, site) = served(&paths.map(|path| (path, Answer::ok(""))));
    let outcome = site.links_on(1, &["--limit", "2"]);
    assert_eq!(
        figures(&outcome),
        "asked 2 of 5 originals; all in all, 2 alive, 0 gone, 0 unknown"
    );
    site.links_on(1, &["--limit", "2"]);
    site.links_on(1, &[]);
    assert_eq!(server.paths(), paths);
    assert_eq!(site.gleaner(&["check", "--limit", "2"]).code, 2);
}

#[test]
fn a_host_that_wants_peace_is_left_in_peace() {
    let (server, site) = served(&[
        ("/a", Answer::ok("")),
        ("/b", Answer::new(429, "")),
        ("/c", Answer::ok("")),
    ]);
    let outcome = site.links_on(1, &[]);
    assert_eq!(
        figures(&outcome),
        "asked 2 of 3 originals; all in all, 1 alive, 0 gone, 1 unknown"
    );
    assert!(
        outcome
            .stderr
            .contains("1 original lies where the server wants to be asked later")
    );
    assert_eq!(server.paths(), ["/a", "/b"]);
    site.links_on(1, &[]);
    assert_eq!(server.paths(), ["/c"], "the next check goes on");
}

#[test]
fn what_another_host_says_is_not_held_against_the_one_that_led_there() {
    // Another name of this machine, where nobody listens, and where somebody wants to be left alone.
    let busy = Server::start();
    busy.says("/", [Answer::new(429, "")]);
    let busy = busy.url("/").replace("127.0.0.1", "localhost");
    let (_server, site) = served(&[
        ("/1", Answer::redirect(301, "http://localhost:1/")),
        ("/2", Answer::redirect(301, "http://localhost:1/")),
        ("/3", Answer::redirect(301, &busy)),
        ("/4", Answer::ok("")),
    ]);
    assert_eq!(
        figures(&site.links_on(1, &[])),
        "asked 4 of 4 originals; all in all, 1 alive, 0 gone, 3 unknown"
    );
}

#[test]
fn a_machine_of_ones_own_network_is_not_asked_and_nobody_dead_is_waited_for() {
    let (server, site) = served(&[
        ("/a", Answer::ok("")),
        ("/b", Answer::ok("")),
        ("/c", Answer::ok("")),
    ]);
    let site = site.file("site.toml", MINIMAL);
    let outcome = site.links_on(1, &["-v"]);
    assert_eq!(
        figures(&outcome),
        "asked 3 of 3 originals; all in all, 0 alive, 0 gone, 3 unknown"
    );
    assert!(
        outcome
            .stderr
            .contains("refused: an address of this machine"),
        "{outcome:?}"
    );
    assert!(server.asked().is_empty() && site.read(LIST).is_none());
    let words = "nobody answered, so nothing was kept: is this machine connected?";
    assert!(outcome.stderr.contains(words), "{outcome:?}");
    let again = site.links_on(1, &[]);
    assert!(figures(&again).starts_with("asked 3 of 3"), "{again:?}");
}

#[test]
fn programs_are_told_in_json() {
    let (server, site) = served(&[("/a", Answer::ok("")), ("/b", Answer::new(410, ""))]);
    let outcome = site.links_on(1, &["--message-format", "json"]);
    let stdout = outcome.stdout.replace(&server.url(""), "http://host");
    let lines: Vec<&str> = stdout.lines().collect();
    assert_eq!((outcome.code, lines.len(), &*outcome.stderr), (0, 4, ""));
    assert!(lines[0].starts_with(
        "{\"type\":\"original\",\"state\":\"gone\",\"url\":\"http://host/b\",\"page\":\"2026/11/entry-1-"
    ));
    assert_eq!(
        lines[1],
        "{\"type\":\"links\",\"originals\":2,\"asked\":2,\"left\":0,\"alive\":1,\"gone\":1,\"unknown\":0,\"newly_gone\":1,\"back\":0,\"stopped\":false}"
    );
    assert!(lines[3].starts_with("{\"type\":\"summary\",\"success\":true"));
}

#[cfg(unix)]
#[test]
fn who_says_stop_keeps_what_was_found_out() {
    use std::os::unix::process::ExitStatusExt;

    let (server, site) = served(&[
        ("/a", Answer::new(404, "")),
        ("/b", Answer::ok("").late(Duration::from_secs(10))),
        ("/c", Answer::ok("")),
    ]);
    let child = Command::new(env!("CARGO_BIN_EXE_gleaner"))
        .env_remove("CI")
        .args(["check", "--links", "--wait", "1"])
        .current_dir(site.path())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut asked = Vec::new();
    while !asked.contains(&"/b".to_owned()) {
        std::thread::sleep(Duration::from_millis(10));
        asked.extend(server.paths());
    }
    std::thread::sleep(Duration::from_millis(300));
    let id = child.id().to_string();
    Command::new("kill").args(["-INT", &id]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.signal(), Some(2), "{words}");
    assert!(
        words.contains("stopped: 2 to go; the next check goes on from here"),
        "{words}"
    );
    assert_eq!(site.gone(&server).len(), 1);

    server.says("/b", [Answer::ok("")]);
    server.paths();
    let outcome = site.gleaner(&["check", "--links", "--wait", "1"]);
    assert_eq!(
        figures(&outcome),
        "asked 2 of 3 originals; all in all, 2 alive, 1 gone, 0 unknown"
    );
    assert_eq!(server.paths(), ["/b", "/c"]);
}
