//! What a workflow is told: annotations, a summary in Markdown, what the site weighs.

use crate::site::{MINIMAL, Site};

/// A site whose feed has a hostile name, and a title that speaks to machines.
fn hostile() -> Site {
    let feed = "<rss version='2.0'><channel><title>::error::t</title><link>https://o.example/</link>\
        <item><title>a\n::error file=x::b ##[error]c | &lt;img src=x&gt;</title>\
        <link>https://o.example/1</link><guid>1</guid></item></channel></rss>";
    Site::new()
        .file("content/snapshots/::error::name/2026-11-01.xml", feed)
        .file("content/snapshots/ ##[add-mask]x/::debug::1.txt", "no feed")
        .file("content/notes/::stop-commands::x.txt", "")
}

#[test]
fn errors_become_annotations_and_the_log_stays_readable() {
    let site = Site::empty().file(
        "blog/site.toml",
        "[site]\ntitel = \"T\"\nbase_url = \"example.org\"\n",
    );
    let workspace: &'static str = site.path().to_str().unwrap().to_owned().leak();
    let site = site.variable("GITHUB_WORKSPACE", workspace);
    for command in ["build", "check"] {
        let outcome = site.gleaner(&[
            command,
            "--root",
            "blog",
            "--message-format",
            "github",
            "-q",
        ]);
        assert_eq!(outcome.code, 1);
        insta::allow_duplicates! {
            insta::assert_snapshot!(outcome.stdout, @r#"
            ::error file=blog/site.toml,line=2,col=1,endLine=2,endColumn=6,title=config-unknown-key::unknown key: `site.titel`%0Ahint: did you mean `title`?
            ::error file=blog/site.toml,line=3,col=12,endLine=3,endColumn=25,title=config-invalid-value::`site.base_url` is no URL of a website: example.org%0Ahint: did you mean `https://example.org`?
            "#);
        }
        assert!(
            outcome.stderr.contains("--> blog/site.toml:2:1"),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn nothing_that_is_quoted_is_a_command() {
    let site = hostile();
    for format in ["github", "human", "short"] {
        let outcome = site.gleaner(&["build", "--message-format", format, "-v"]);
        assert_eq!(outcome.code, 0, "{outcome:?}");
        let printed = outcome.stderr.lines();
        let mut commands =
            printed.filter(|line| line.trim_start().starts_with("::") || line.contains("##["));
        assert_eq!(commands.next(), None, "{outcome:?}");
        let is_ours = |line: &str| {
            let ours = ["::warning file=", "::notice title=gleaner::"];
            format == "github" && ours.iter().any(|start| line.starts_with(start))
        };
        assert!(outcome.stdout.lines().all(is_ours), "{outcome:?}");
        assert_eq!(outcome.stdout.is_empty(), format != "github");
    }
    let json = site.gleaner(&["build", "--message-format", "json"]).stdout;
    assert!(!json.contains("##["), "{json}");
    let lines: Vec<serde_json::Value> = json
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(
        lines
            .iter()
            .any(|line| line["file"] == "content/snapshots/ ##[add-mask]x/::debug::1.txt"),
        "{json}"
    );
}

#[test]
fn what_goes_on_annotates_nothing() {
    let site = Site::new();
    for arguments in [
        &["serve", "--message-format", "github"][..],
        &["watch", "--message-format", "github"],
        &["watch", "--summary", "x.md"],
        &["theme", "--message-format", "github"],
    ] {
        let outcome = site.gleaner(arguments);
        assert_eq!(outcome.code, 2, "{arguments:?}: {outcome:?}");
    }
}

#[test]
fn a_summary_is_appended_and_says_what_was_built_and_what_it_weighs() {
    let site = hostile().file("summary.md", "before\n");
    let told = |arguments: &[&str]| {
        let outcome = site.gleaner(&[arguments, &["--summary", "summary.md"]].concat());
        assert_eq!(outcome.code, 0, "{outcome:?}");
        site.read("summary.md").unwrap()
    };
    let first = told(&["build"]);
    let text = first.strip_prefix("before\n").unwrap();
    assert!(
        text.starts_with("### Built the site\n\n1 entry from 1 snapshot: "),
        "{text}"
    );
    assert!(text.contains("| warning | `not-a-feed` | 1 | "), "{text}");
    assert!(text.contains("\n| pages | ") && text.contains("\n| **all** | "));
    assert!(!text.contains("<img"), "{text}");
    // A build with nothing to do says the same of the site.
    let second = told(&["build"]);
    let second = second.strip_prefix(&first).unwrap();
    let weight = |text: &str| text.split_once("| Size of the site").unwrap().1.to_owned();
    assert_eq!(weight(second), weight(text));
    let all = told(&["check"]);
    assert!(all.contains("### Checked the site\n"), "{all}");
}

#[test]
fn a_summary_that_cannot_be_written_is_an_error_and_the_site_is_built() {
    let site = Site::new().file("content/static/a.txt", "a");
    let outcome = site.gleaner(&["build", "--summary", "nowhere/summary.md"]);
    assert_eq!(outcome.code, 1);
    assert!(
        outcome
            .stderr
            .contains("error[write-failed]: the summary cannot be written"),
        "{outcome:?}"
    );
    assert!(outcome.stderr.contains("; wrote "), "{outcome:?}");
    assert_eq!(site.read("public/a.txt").as_deref(), Some("a"));
    // The run's own errors stay.
    let broken = Site::empty().file("site.toml", "x");
    let outcome = broken.gleaner(&["build", "--summary", "nowhere/summary.md"]);
    assert!(
        outcome.code == 1 && outcome.stderr.contains("error[config-syntax]"),
        "{outcome:?}"
    );
}

#[test]
fn a_file_that_hosts_refuse_is_warned_about_in_every_build() {
    let site = Site::empty().file("site.toml", MINIMAL);
    let folder = site.path().join("content/static");
    std::fs::create_dir_all(&folder).unwrap();
    // Without a byte on the disk.
    let film = std::fs::File::create(folder.join("film.mp4")).unwrap();
    film.set_len(100_000_001).unwrap();
    for _ in 0..2 {
        let outcome = site.gleaner(&["build", "--message-format", "short"]);
        assert_eq!(outcome.code, 0);
        assert!(
            outcome
                .stderr
                .contains("public/film.mp4: warning[site-file-large]: a large file: 100 MB"),
            "{outcome:?}"
        );
    }
}
