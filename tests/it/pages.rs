//! Every kind of page beside entries: which files there are, what they lead to, what they tell.

use crate::build::{atom, entry};
use crate::links;
use crate::site::{Built, MINIMAL, Site};

/// An entry of this day with these tags.
fn tagged(name: &str, time: &str, tags: &[&str]) -> String {
    let tags: String = tags
        .iter()
        .map(|tag| format!("<category term=\"{tag}\"/>"))
        .collect();
    entry(name, "2025-01-01", "<p>Some words of a text.</p>")
        .replace("2025-01-01T12:00:00Z", time)
        .replace("<content", &format!("{tags}<content"))
}

fn site(settings: &str, entries: &[String]) -> Site {
    Site::new()
        .file("site.toml", format!("{MINIMAL}{settings}"))
        .file(
            "content/snapshots/feed/2026-01-01T00-00-00Z.xml",
            atom(entries),
        )
}

/// Both styles of URLs, with no dead link at a server or, where files are named, on a disk.
#[track_caller]
fn sound(built: Built, bases: &[&str]) -> Built {
    for base in bases {
        let broken = links::broken(&built.tree(), base);
        assert!(broken.is_empty(), "{base}: {broken:#?}");
    }
    built
}

const SERVER: &str = "https://example.org/archive/";
const DISK: &str = "file:///home/reader/archive/";

#[test]
fn two_years_have_all_their_pages_and_no_dead_link() {
    let entries = [
        tagged("one", "2024-08-28T12:00:00Z", &["rust", "ECMAScript"]),
        tagged("two", "2025-08-28T12:00:00Z", &["rust"]),
        tagged("three", "2025-12-31T23:30:00Z", &["by-count"]),
    ];
    let aliases = "timezone = \"Europe/Berlin\"\n[tags.aliases]\necmascript = \"JavaScript\"\n";
    let built = site(aliases, &entries).build().clean();
    let built = sound(built, &[SERVER, DISK]);
    for page in [
        "tags/by-count.html",
        "sources/by-count.html",
        "sharers/by-count.html",
        "on-this-day/index.html",
        "on-this-day/08-28.html",
        "statistics/index.html",
        "tags/javascript.html",
    ] {
        assert!(built.has(page), "{page}");
    }
    // In Berlin it is the new year already.
    assert!(built.has("on-this-day/01-01.html") && built.has("2026/01/index.html"));
    assert!(!built.has("on-this-day/12-31.html"));
    // A tag that is called as the index is called stands elsewhere.
    assert!(built.has("tags/by-count-mpqs.html"));
    let day = built.page("on-this-day/08-28.html");
    assert!(day.contains("28 August"));
    for name in ["one", "two"] {
        assert!(
            day.contains(&format!("https://feed.example/{name}")),
            "{name}"
        );
    }
    assert!(!day.contains("https://feed.example/three"));
}

#[test]
fn folders_have_the_same_pages() {
    let entries = [tagged("one", "2024-08-28T12:00:00Z", &["rust"])];
    let built = site("[output]\nurls = \"folders\"\n", &entries)
        .build()
        .clean();
    let built = sound(built, &[SERVER]);
    for page in [
        "tags/by-count/index.html",
        "on-this-day/index.html",
        "on-this-day/08-28/index.html",
        "statistics/index.html",
    ] {
        assert!(built.has(page), "{page}");
    }
}

#[test]
fn an_archive_without_entries_has_its_indexes_and_statistics() {
    let built = sound(Site::new().build(), &[SERVER, DISK]);
    assert_eq!(built.code(), 0, "{}", built.messages());
    for page in [
        "index.html",
        "tags/by-count.html",
        "on-this-day/index.html",
        "statistics/index.html",
    ] {
        assert!(built.has(page), "{page}");
    }
    assert!(!built.has("on-this-day/02-29.html"));
}

#[test]
fn a_new_entry_leaves_the_pages_of_other_tags_and_days_alone() {
    let old = [
        tagged("one", "2024-08-27T12:00:00Z", &["rust", "web"]),
        tagged("two", "2024-08-28T12:00:00Z", &["rust", "web"]),
        tagged("three", "2024-08-29T12:00:00Z", &["web"]),
    ];
    let site = site("", &old);
    site.build().clean();
    let new = tagged("four", "2025-08-29T12:00:00Z", &["web"]);
    let built = site
        .file(
            "content/snapshots/feed/2026-02-01T00-00-00Z.xml",
            atom(&[new]),
        )
        .build()
        .clean();
    let wrote = built.wrote();
    assert!(wrote.contains(&"on-this-day/08-29.html"), "{wrote:#?}");
    for page in [
        // `rust` knows of `web`, and is not told of its new entry.
        "tags/rust.html",
        "on-this-day/08-27.html",
        "on-this-day/08-28.html",
    ] {
        assert!(!wrote.contains(&page), "{page}: {wrote:#?}");
    }
}

#[test]
fn own_pages_link_to_each_other_by_their_files() {
    for (urls, bases) in [("files", &[SERVER, DISK][..]), ("folders", &[SERVER])] {
        let settings = format!("[output]\nurls = \"{urls}\"\n");
        let built = site(&settings, &[tagged("one", "2025-01-01T12:00:00Z", &[])])
            .file("content/static/photo.png", "no picture")
            .file(
                "content/pages/about.md",
                "[Rome](trips/rome.md#food) ![A photo](photo.png)",
            )
            .file(
                "content/pages/trips/rome.md",
                "# Rome\n\n## Food {#food}\n\n[About](../about.md) <a href=\"../photo.png\">photo</a>",
            )
            .build()
            .clean();
        let built = sound(built, bases);
        let about = built.page(match urls {
            "files" => "about.html",
            _ => "about/index.html",
        });
        assert!(
            about.contains("#food\"") && about.contains("photo.png\""),
            "{about}"
        );
    }
}
