//! The command line: help, usage, exit codes, and each form of telling.

use crate::site::{MINIMAL, Site};

const BROKEN_TOML: &str = "[site]\ntitel = \"T\"\nbase_url = \"example.org\"\n";

#[test]
fn help_is_for_someone_who_has_never_seen_it() {
    let site = Site::empty();
    let outcome = site.gleaner(&["--help"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    insta::assert_snapshot!("help", outcome.stdout);
    let outcome = site.gleaner(&["build", "--help"]);
    assert_eq!(outcome.code, 0);
    insta::assert_snapshot!("help-build", outcome.stdout);
    let outcome = site.gleaner(&["check", "--help"]);
    assert_eq!(outcome.code, 0);
    insta::assert_snapshot!("help-check", outcome.stdout);
    let outcome = site.gleaner(&["serve", "--help"]);
    assert_eq!(outcome.code, 0);
    insta::assert_snapshot!("help-serve", outcome.stdout);
    let outcome = site.gleaner(&["init", "--help"]);
    assert_eq!(outcome.code, 0);
    insta::assert_snapshot!("help-init", outcome.stdout);
    let outcome = site.gleaner(&["fetch", "--help"]);
    assert_eq!(outcome.code, 0);
    insta::assert_snapshot!("help-fetch", outcome.stdout);
}

#[test]
fn without_a_command_it_helps_and_fails() {
    let outcome = Site::empty().gleaner(&[]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""));
    assert!(
        outcome.stderr.contains("Usage: gleaner <COMMAND>"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn codes_are_explained_one_or_all() {
    let site = Site::empty();
    let one = site.gleaner(&["explain", "feed-repaired"]);
    assert!(
        one.code == 0 && one.stdout.starts_with("feed-repaired\n\n"),
        "{one:?}"
    );
    let all = site.gleaner(&["explain"]);
    assert!(all.stdout.contains("\nfeed-repaired "), "{all:?}");
    let none = site.gleaner(&["explain", "feed-repared"]);
    assert!(
        none.code == 2 && none.stderr.contains("'feed-repaired'"),
        "{none:?}"
    );
}

#[test]
fn the_version_is_the_crates() {
    let outcome = Site::empty().gleaner(&["--version"]);
    let version = concat!("gleaner ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, version));
}

#[test]
fn what_cannot_be_meant_is_a_usage_error() {
    let site = Site::new();
    for arguments in [
        &["bulid"][..],
        &["build", "--outptu", "x"],
        &["build", "-q", "-v"],
        &["build", "--jobs", "0"],
        &["build", "--message-format", "xml"],
        &["check", "--output", "x"],
        &["check", "--force"],
        &["fetch", "--history", "--jobs", "2"],
        &["fetch", "--timeout", "0"],
        &["theme", "exprot"],
        &["theme", "--root", ".", "export"],
    ] {
        let outcome = site.gleaner(arguments);
        assert_eq!(
            (outcome.code, outcome.stdout.as_str()),
            (2, ""),
            "{arguments:?}"
        );
        assert!(
            outcome.stderr.contains("--help"),
            "{arguments:?}: {}",
            outcome.stderr
        );
    }
    assert!(!site.path().join("public").exists());
}

#[test]
fn every_problem_of_site_toml_is_drawn_at_once() {
    let site = Site::empty().file("site.toml", BROKEN_TOML);
    let outcome = site.gleaner(&["check"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""));
    insta::assert_snapshot!("broken-human", outcome.stderr);
}

#[test]
fn the_short_form_is_one_line_each() {
    let site = Site::empty().file("site.toml", BROKEN_TOML);
    let outcome = site.gleaner(&["check", "--message-format", "short", "--quiet"]);
    assert_eq!(outcome.code, 1);
    insta::assert_snapshot!("broken-short", outcome.stderr);
}

#[test]
fn json_is_one_object_per_line_and_ends_with_a_summary() {
    let site = Site::empty().file("site.toml", BROKEN_TOML);
    let outcome = site.gleaner(&["check", "--message-format", "json"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""));
    let lines: Vec<serde_json::Value> = outcome
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let (summary, diagnostics) = lines.split_last().unwrap();
    assert_eq!(diagnostics.len(), 2);
    for diagnostic in diagnostics {
        assert_eq!(diagnostic["type"], "diagnostic");
        assert_eq!(diagnostic["file"], "site.toml");
        assert!(diagnostic["line"].is_u64(), "{diagnostic}");
    }
    assert_eq!(summary["type"], "summary");
    assert_eq!(summary["success"], false);
    assert_eq!(summary["errors"], 2);
    assert!(summary["milliseconds"].is_number());
}

#[test]
fn a_folder_that_is_no_site_says_what_a_site_is() {
    let site = Site::empty();
    let outcome = site.gleaner(&["build"]);
    assert_eq!(outcome.code, 1);
    insta::assert_snapshot!("no-site", outcome.stderr);
    let outcome = site.gleaner(&["build", "--root", "nowhere", "-q"]);
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.stderr.contains("no such folder: nowhere"),
        "{}",
        outcome.stderr
    );
    assert!(
        !site.path().join("nowhere").exists(),
        "no cache is made there"
    );
}

#[test]
fn warnings_fail_a_run_only_where_they_are_denied() {
    // A site without snapshots is warned about.
    let site = Site::new();
    let outcome = site.gleaner(&["check"]);
    assert_eq!(outcome.code, 0);
    assert!(
        outcome.stderr.contains("warning[content-missing]"),
        "{}",
        outcome.stderr
    );
    assert_eq!(site.gleaner(&["check", "--deny-warnings"]).code, 1);
    assert_eq!(site.gleaner(&["build", "--deny-warnings"]).code, 1);
}

#[test]
fn quiet_keeps_the_warnings_and_verbose_adds_the_stages() {
    let site = Site::new();
    let quiet = site.gleaner(&["check", "--quiet"]).stderr;
    assert!(
        quiet.contains("content-missing") && !quiet.contains("Checked"),
        "{quiet}"
    );
    let verbose = site.gleaner(&["check", "--verbose", "--jobs", "1"]).stderr;
    assert!(
        verbose.lines().any(|line| line.starts_with("      load ")),
        "{verbose}"
    );
    assert!(verbose.contains("Checked"), "{verbose}");
}

#[test]
fn the_output_can_be_somewhere_else() {
    let site = Site::new().file("content/static/robots-too.txt", "hello");
    assert_eq!(site.gleaner(&["build", "--output", "out"]).code, 0);
    assert_eq!(site.read("out/robots-too.txt").as_deref(), Some("hello"));
    assert!(!site.path().join("public").exists());
}

#[test]
fn a_check_writes_nothing() {
    let site = Site::new().file("content/static/a.txt", "a");
    assert_eq!(site.gleaner(&["check"]).code, 0);
    assert!(!site.path().join("public").exists());
}

#[test]
fn a_second_build_writes_nothing_and_says_so() {
    let site = Site::new().file("content/static/a.txt", "a");
    assert_eq!(site.gleaner(&["build"]).code, 0);
    let outcome = site.gleaner(&["build"]);
    assert!(
        outcome.stderr.contains("wrote 0 files (0 bytes)"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn an_output_folder_of_someone_else_is_refused_until_forced() {
    let site = Site::new()
        .file("content/static/a.txt", "a")
        .file("public/thesis.txt", "years of work");
    let outcome = site.gleaner(&["build"]);
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.stderr.contains("error[output-foreign]"),
        "{}",
        outcome.stderr
    );
    assert!(outcome.stderr.contains("--force"), "{}", outcome.stderr);
    assert_eq!(site.read("public/a.txt"), None);
    assert_eq!(site.gleaner(&["build", "--force"]).code, 0);
    assert_eq!(site.read("public/a.txt").as_deref(), Some("a"));
    assert_eq!(
        site.read("public/thesis.txt").as_deref(),
        Some("years of work")
    );
}

#[test]
fn not_even_force_builds_over_the_site_itself() {
    let site = Site::new().file("content/static/site.toml", "theirs");
    for output in [".", "content", "content/static", ".."] {
        let outcome = site.gleaner(&["build", "--force", "--output", output]);
        assert_eq!(outcome.code, 1, "{output}");
    }
    assert_eq!(site.read("site.toml").as_deref(), Some(MINIMAL));
}

#[test]
fn another_configuration_can_be_named() {
    let site = Site::new().file("staging.toml", BROKEN_TOML);
    let outcome = site.gleaner(&["check", "--config", "staging.toml"]);
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.stderr.contains("--> staging.toml:2:1"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn what_a_file_is_called_cannot_steer_a_terminal() {
    let site = Site::new().file("content/notes/\u{1b}[31mred\u{202e}.txt", "");
    let outcome = site.gleaner(&["check"]);
    assert!(
        outcome.stderr.contains("\\u{1b}[31mred\\u{202e}.txt"),
        "{}",
        outcome.stderr
    );
    assert!(
        !outcome.stderr.contains(['\u{1b}', '\u{202e}']),
        "{}",
        outcome.stderr
    );
}

#[test]
fn an_unknown_theme_cannot_be_exported() {
    let outcome = Site::new().gleaner(&["theme", "export", "--theme", "nope"]);
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.stderr.contains("error[theme-missing]"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_hint_without_a_place_is_drawn_without_a_margin() {
    let told = Site::new()
        .gleaner(&["theme", "export", "nothing.html"])
        .stderr;
    assert!(told.contains("error[theme-missing]: the theme `gleaner` has no file `nothing.html`\n = hint: its files:"), "{told}");
}

#[test]
fn a_base_url_that_is_no_url_is_a_usage_error() {
    for url in ["x", "ftp://example.org/"] {
        assert_eq!(
            Site::new().gleaner(&["build", "--base-url", url]).code,
            2,
            "{url}"
        );
    }
}
