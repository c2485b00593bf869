//! Settings that build, and that nobody wants to publish with.

use crate::build::{atom, entry};
use crate::site::Site;

fn site(base_url: &str) -> Site {
    Site::new()
        .file(
            "site.toml",
            format!("[site]\ntitle = \"T\"\nbase_url = \"{base_url}\"\n"),
        )
        .file(
            "content/snapshots/blog/2025-01-01T00-00-00Z.xml",
            atom(&[entry("a", "2025-01-01", "x")]),
        )
}

#[test]
fn an_address_that_is_still_an_example_is_named_before_it_is_published() {
    for (base_url, is_example) in [
        ("https://example.org/archive/", true),
        ("https://www.example.com/", true),
        ("https://EXAMPLE.net", true),
        ("https://example.edu/", true),
        ("https://ann.example/", true),
        ("https://archive.test/", true),
        ("https://archive.invalid/", true),
        ("http://localhost:8000/", true),
        ("https://ann.github.io/archive/", false),
        ("https://example.de/", false),
        ("https://notexample.org/", false),
        ("https://archive.example.ch/", false),
    ] {
        let site = site(base_url);
        let checked = site.gleaner(&["check", "--message-format", "short"]);
        assert_eq!(checked.code, 0, "{checked:?}");
        let place =
            "site.toml:3:12: warning[config-placeholder]: `site.base_url` is still an example";
        assert_eq!(checked.stderr.contains(place), is_example, "{checked:?}");
        let denied = site.gleaner(&["check", "--deny-warnings"]);
        assert_eq!(denied.code, i32::from(is_example), "{base_url}");
        // While one tries things out, a build does not care; its summary does.
        let built = site.gleaner(&["build", "--deny-warnings", "--summary", "summary.md"]);
        assert_eq!(built.code, 0, "{built:?}");
        assert!(!built.stderr.contains("placeholder"), "{built:?}");
        let summary = site.read("summary.md").unwrap();
        let told = "| warning | `config-placeholder` | 1 | site.toml:3:12: ";
        assert_eq!(summary.contains(told), is_example, "{summary}");
    }
    // What the command line says is meant.
    let site = site("https://example.org/");
    let checked = site.gleaner(&["check", "--base-url", "https://staging.test/"]);
    assert!(!checked.stderr.contains("placeholder"), "{checked:?}");
}

#[test]
fn a_setting_that_names_a_missing_file_is_told_once_at_its_place() {
    let with = |favicon: &str| {
        Site::new()
            .file(
                "site.toml",
                format!(
                    "[site]\ntitle = \"T\"\nbase_url = \"https://ann.github.io/\"\n\
                     [theme.options]\nfavicon = \"{favicon}\"\n"
                ),
            )
            .file("content/static/favicon.svg", "<svg/>")
            .file(
                "content/snapshots/blog/2025-01-01T00-00-00Z.xml",
                atom(&[entry("a", "2025-01-01", "x")]),
            )
    };
    for (favicon, hint) in [
        ("fav.ico", Some("put it at `content/static/fav.ico`")),
        (
            "img/fav.ico",
            Some("put it at `content/static/img/fav.ico`"),
        ),
        ("favicon.svgg", Some("did you mean `favicon.svg`?")),
        ("favicon.svg", None),
        ("assets/style.css", None),
        ("", None),
    ] {
        for command in ["build", "check"] {
            let site = with(favicon);
            let outcome = site.gleaner(&[command]);
            assert_eq!(outcome.code, 0, "{outcome:?}");
            let told = outcome.stderr.matches("warning[").count();
            assert_eq!(told, usize::from(hint.is_some()), "{outcome:?}");
            let place = "--> site.toml:5:1\n";
            assert_eq!(outcome.stderr.contains(place), hint.is_some());
            assert!(
                outcome.stderr.contains(hint.unwrap_or_default()),
                "{outcome:?}"
            );
        }
    }
}
