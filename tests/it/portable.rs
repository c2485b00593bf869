//! Names that Windows does not have: reported where somebody else chose them, and never chosen.

use crate::build::{atom, entry};
use crate::site::{MINIMAL, Outcome, Site};

/// The places that are reported, each once.
fn reported(outcome: &Outcome) -> Vec<&str> {
    let lines = outcome.stderr.lines();
    let lines = lines.filter(|line| line.contains("warning[name-not-portable]"));
    lines
        .filter_map(|line| Some(line.split_once(": ")?.0))
        .collect()
}

#[cfg(unix)]
#[test]
fn the_owners_names_are_reported_by_every_run_and_addresses_by_a_check() {
    let entry = entry("a", "2025-01-01", "<p>A.</p>");
    let entry = entry.replace("</entry>", "<category term='AUX'/></entry>");
    let short = ["--message-format", "short"];
    let site = Site::empty()
        .file(
            "site.toml",
            format!("{MINIMAL}[feeds.nul]\nhidden = true\n[output]\npermalinks = \"aux/{{slug}}-{{id}}\"\n"),
        )
        .file(
            "content/snapshots/con/2025-01-01T00-00-00Z.xml",
            atom(std::slice::from_ref(&entry)),
        )
        .file(
            "content/snapshots/con/2025-01-02T00-00-00Z.xml",
            atom(&[entry]),
        )
        .file("content/pages/con.md", "# Con")
        .file("content/pages/nul .md", "# Nul")
        .file("content/pages/trailing..md", "# Trailing")
        .file("content/pages/console.md", "# Console")
        .file("content/static/x?.html", "x")
        .file("content/static/lpt1/a.txt", "a");
    let own = [
        "content/pages/con.md",
        "content/pages/nul .md",
        "content/pages/trailing..md",
        "content/snapshots/con",
        "content/static/lpt1",
        "content/static/x?.html",
        "site.toml:4:8",
    ];
    let built = site.gleaner(&[&["build"][..], &short].concat());
    assert_eq!(
        (built.code, reported(&built)),
        (0, own.to_vec()),
        "{}",
        built.stderr
    );
    let checked = site.gleaner(&[&["check"][..], &short].concat());
    let mut all = own.to_vec();
    all.insert(0, "aux");
    assert_eq!(
        (checked.code, reported(&checked)),
        (0, all),
        "{}",
        checked.stderr
    );
    // Nothing is left out: addresses never move.
    for path in ["con.html", "nul .html", "x?.html", "lpt1/a.txt"] {
        assert!(site.path().join("public").join(path).is_file(), "{path}");
    }
}

#[test]
fn a_new_site_has_no_such_feed() {
    let site = Site::empty();
    let init = |arguments: &[&str]| {
        let fixed = ["init", "new", "--no-fetch", "--vcs", "none", "--feed"];
        site.gleaner(&[&fixed, arguments].concat())
    };
    let refused = init(&["con=https://e.org/feed.xml"]);
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    assert!(refused.stderr.contains("on Windows"), "{}", refused.stderr);
    let made = init(&["https://dev.to/feed/aux"]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    let toml = site.read("new/site.toml").unwrap();
    assert!(toml.contains("[feeds.aux-feed]"), "{toml}");
}
