//! Where snapshots leave gaps: told by a check, shown by the statistics, and no matter of a build.

use crate::fetch::feed;
use crate::site::Site;

/// A site with a feed that was asked on these days of November 2026, and said this.
fn fetched(snapshots: &[(u8, &[&str])]) -> Site {
    let mut site = Site::published();
    for (day, entries) in snapshots {
        let time = format!("2026-11-{day:02}T12:00:00Z");
        let path = format!("content/snapshots/blog/2026-11-{day:02}T12-00-00Z.xml");
        site = site.file(&path, feed(&time, entries));
    }
    site
}

#[test]
fn a_check_names_the_gap_and_says_how_often_to_fetch() {
    let site = fetched(&[(1, &["b", "a"]), (2, &["c", "b"]), (9, &["z", "y"])]);
    let checked = site.gleaner(&["check"]);
    assert_eq!(checked.code, 0, "{checked:?}");
    insta::assert_snapshot!(checked.stderr, @r"
    warning[feed-gap]: blog: something may be missing between 2026-11-02 and 2026-11-09: these snapshots have no entry in common
    --> content/snapshots/blog/2026-11-09T12-00-00Z.xml
     = hint: fetch it every 3 hours; what is missing, `gleaner fetch blog --history` may still find

    Checked 5 entries from 3 snapshots: 21 pages to write with 1 warning, in …
    blog: 3 snapshots, 1 gap; holds about 2 entries, 5 on its busiest day: fetch at least every 3 hours
    More: `gleaner explain feed-gap`
    ");
    assert_eq!(site.gleaner(&["check", "--deny-warnings"]).code, 1);
    site.build().clean();
}

#[test]
fn programs_are_told_the_figures() {
    let site = fetched(&[(1, &["b", "a"]), (9, &["z", "y"])]);
    let checked = site.gleaner(&["check", "--message-format", "json"]);
    let lines: Vec<&str> = checked.stdout.lines().collect();
    insta::assert_snapshot!(lines[..2].join("\n"), @r#"
    {"type":"diagnostic","severity":"warning","code":"feed-gap","message":"blog: something may be missing between 2026-11-01 and 2026-11-09: these snapshots have no entry in common","file":"content/snapshots/blog/2026-11-09T12-00-00Z.xml","hint":"fetch it every 6 hours; what is missing, `gleaner fetch blog --history` may still find"}
    {"type":"coverage","feed":"blog","snapshots":2,"first":"2026-11-01T12:00:00Z","last":"2026-11-09T12:00:00Z","gaps":[{"since":"2026-11-01T12:00:00Z","until":"2026-11-09T12:00:00Z","file":"content/snapshots/blog/2026-11-09T12-00-00Z.xml"}],"holds":2,"busiest":4,"advice":"every 6 hours"}
    "#);
    assert!(lines[2].starts_with("{\"type\":\"summary\",\"success\":true"));
}

#[test]
fn the_statistics_show_gaps_and_a_new_snapshot_changes_no_other_page() {
    let site = fetched(&[(1, &["b", "a"]), (2, &["c", "b"])]);
    let built = site.build().clean();
    let page = built.page("statistics/index.html");
    assert!(page.contains("Coverage") && page.contains("No gap was found"));
    assert!(!page.contains("where something may be missing</summary>"));

    let site = site.file(
        "content/snapshots/blog/2026-11-09T12-00-00Z.xml",
        feed("2026-11-01T12:00:00Z", &["a"]),
    );
    let built = site.build().clean();
    let page = built.page("statistics/index.html");
    assert!(
        page.contains("1 gap, where something may be missing</summary>"),
        "{page}"
    );
    assert!(
        page.contains("2 November 2026</time> to <time datetime=\"2026-11-09T12:00:00+00:00\"")
    );
    assert_eq!(built.wrote(), ["statistics/index.html"]);
}

#[test]
fn what_is_hidden_is_checked_and_not_shown() {
    let site = fetched(&[(1, &["a"]), (9, &["z"])]);
    let toml = site.read("site.toml").unwrap() + "[feeds.blog]\nhidden = true\n";
    let site = site.file("site.toml", toml);
    let page = site.build().clean().page("statistics/index.html");
    assert!(!page.contains("Coverage"));
    let checked = site.gleaner(&["check", "--message-format", "short"]);
    assert!(
        checked.stderr.contains("warning[feed-gap]: blog: "),
        "{checked:?}"
    );
}
