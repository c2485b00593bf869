//! Everything that writes, where somebody put a link, a second name or a file of his own in its way:
//! his file keeps its bytes, and nothing appears outside of the site.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::cache::{note, site};
use crate::fetch::feed;
use crate::fetch::server::{Answer, Server};
use crate::site::{MINIMAL, Outcome, Site, copy, files};

/// What is in files that nobody may touch.
const MINE: &str = "mine\n";
/// The files of a cache, and what they are called while they are written.
const CACHE: &[&str] = &[
    "lock",
    "texts",
    "texts-index",
    "manifest",
    "snapshots",
    "slices",
    "sanitized",
    "related",
    "texts.new",
    "texts-index.new",
    "manifest.new",
    "snapshots.new",
    "slices.new",
    "sanitized.new",
    "related.new",
    ".gitignore",
    "CACHEDIR.TAG",
];

/// A folder beside the site, with a file that is somebody's.
struct Outside(tempfile::TempDir);

/// What stands in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trap {
    /// A link to the file.
    Link,
    /// A link to a file that is not there.
    Dangling,
    /// Another name of the file.
    Hard,
    /// A file that nobody else has.
    Foreign,
}

const TRAPS: [Trap; 4] = [Trap::Link, Trap::Dangling, Trap::Hard, Trap::Foreign];
const LINKS: [Trap; 3] = [Trap::Link, Trap::Dangling, Trap::Hard];

impl Outside {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("victim"), MINE).unwrap();
        fs::create_dir(folder.path().join("empty")).unwrap();
        Outside(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Puts something in the way.
    fn set(&self, trap: Trap, place: &Path) {
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        let _ = fs::remove_file(place);
        match trap {
            Trap::Link => symlink(self.path("victim"), place).unwrap(),
            Trap::Dangling => symlink(self.path("nothing"), place).unwrap(),
            Trap::Hard => fs::hard_link(self.path("victim"), place).unwrap(),
            Trap::Foreign => fs::write(place, MINE).unwrap(),
        }
    }

    /// Nothing came, went or changed.
    #[track_caller]
    fn is_untouched(&self, told: &str) {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<_> = entries.map(|it| it.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["empty", "victim"], "{told}");
        assert_eq!(files(self.0.path()), ["victim"], "{told}");
        let bytes = fs::read_to_string(self.path("victim")).unwrap();
        assert_eq!(bytes, MINE, "{told}");
    }
}

/// A file that is not a link has these bytes.
#[track_caller]
fn holds(place: &Path, bytes: &str, told: &str) {
    let found = fs::symlink_metadata(place).is_ok_and(|it| it.is_file());
    assert!(found, "{} is gone: {told}", place.display());
    assert_eq!(fs::read_to_string(place).unwrap(), bytes, "{told}");
}

#[test]
fn no_file_of_the_cache_is_opened_through_a_link() {
    let clean = site().build().clean().tree();
    let edited = site().file("content/notes/window.md", note("New."));
    let edited = edited.build().clean().tree();
    let built = site();
    built.build().clean();
    for name in CACHE {
        for trap in LINKS {
            let what = format!("{name}, {trap:?}");
            let outside = Outside::new();
            // In a cache that is known, then in a folder that has nothing else.
            let site = site();
            copy(
                &built.path().join(".gleaner"),
                &site.path().join(".gleaner"),
            );
            outside.set(trap, &site.path().join(".gleaner").join(name));
            let first = site.build();
            assert_eq!((first.code(), first.tree() == clean), (0, true), "{what}");
            outside.is_untouched(&what);
            let site = site.file("content/notes/window.md", note("New."));
            assert!(site.build().tree() == edited, "{what}");
            outside.is_untouched(&what);
            if trap != Trap::Link {
                continue;
            }
            fs::remove_dir_all(site.path().join(".gleaner")).unwrap();
            outside.set(trap, &site.path().join(".gleaner").join(name));
            let alone = site.build();
            assert_eq!((alone.code(), alone.tree() == edited), (0, true), "{what}");
            outside.is_untouched(&what);
        }
    }
}

#[test]
fn a_folder_of_somebody_else_is_no_cache() {
    for (name, text) in [
        ("manifest", "x"),
        (".gitignore", "keepme\n"),
        ("a/b.txt", ""),
    ] {
        let site = site().file(&format!("other/{name}"), text);
        let before = files(&site.path().join("other"));
        symlink("other", site.path().join(".gleaner")).unwrap();
        // The folder that every site has: a build does without.
        let built = site.build();
        assert_eq!(built.code(), 0, "{}", built.messages());
        refuses(&built.messages());
        for arguments in [
            &["build"][..],
            &["check"],
            &["fetch"],
            &["build", "--no-cache"],
        ] {
            let outcome = site.gleaner(&[arguments, &["--cache-dir", "other"]].concat());
            let is_none = arguments.contains(&"--no-cache");
            assert_eq!(outcome.code, i32::from(!is_none), "{}", outcome.stderr);
            if !is_none {
                refuses(&outcome.stderr);
            }
        }
        assert_eq!(files(&site.path().join("other")), before);
        holds(&site.path().join("other").join(name), text, name);
    }
    // One that was made by an earlier version has the tag.
    let site = site().file("other/CACHEDIR.TAG", crate::site::CACHE_TAG);
    let outcome = site.gleaner(&["build", "--cache-dir", "other"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(site.path().join("other/manifest").exists());
}

#[track_caller]
fn refuses(told: &str) {
    let words = [
        "[cache-failed]",
        "the cache cannot be used: the folder holds `",
    ];
    assert!(words.iter().all(|words| told.contains(words)), "{told}");
    assert_eq!(told.matches("cache-failed]").count(), 1, "{told}");
}

#[test]
fn the_output_keeps_what_no_build_wrote() {
    let records = [".gleaner-files.json", ".gleaner-journal", ".gleaner-tmp"];
    for name in records
        .iter()
        .chain(&["index.html", "feed.xml", "tags", "tags/index.html"])
    {
        for trap in TRAPS {
            for built in [false, true] {
                let outside = Outside::new();
                let site = site();
                if built {
                    site.build().clean();
                }
                let place = site.path().join("public").join(name);
                if place.is_dir() {
                    fs::remove_dir_all(&place).unwrap();
                }
                outside.set(trap, &place);
                let told = site.build().messages();
                let what = format!("{name}, {trap:?}, built {built}: {told}");
                outside.is_untouched(&what);
                let is_owned = built && !records.contains(name) && *name != "tags";
                if trap == Trap::Foreign && !is_owned {
                    holds(&place, MINE, &what);
                }
                // What is replaced by force is what stands there, and not what it leads to.
                let forced = site.gleaner(&["build", "--force"]);
                outside.is_untouched(&what);
                assert_eq!(forced.code, 0, "{what}{}", forced.stderr);
            }
        }
    }
}

#[test]
fn a_fetch_stores_nothing_through_a_link() {
    let server = Server::start();
    let name = "content/snapshots/blog/2026-11-02T12-00-00Z.xml";
    let places = [
        "content",
        "content/snapshots",
        "content/snapshots/blog",
        name,
    ];
    let toml = format!(
        "{MINIMAL}[fetch]\nallow_private_addresses = true\n[feeds.blog]\nurl = \"{}\"\n",
        server.url("/feed")
    );
    server.says("/feed", [Answer::ok(feed("2026-11-01T00:00:00Z", &["a"]))]);
    for place in places {
        for target in ["empty", "nothing", "victim"] {
            let outside = Outside::new();
            let site = Site::empty().file("site.toml", &toml);
            let link = site.path().join(place);
            fs::create_dir_all(link.parent().unwrap()).unwrap();
            symlink(outside.path(target), &link).unwrap();
            let outcome = fetch(&site);
            let what = format!("{place} -> {target}: {}", outcome.stderr);
            outside.is_untouched(&what);
            // A snapshot that is there already leaves its second to it.
            assert!(outcome.code == 1 || place == name, "{what}");
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink(), "{what}");
        }
    }
    // What the last fetch remembered is replaced, if it is a link; a folder of others is left.
    for trap in LINKS {
        let outside = Outside::new();
        let site = Site::empty().file("site.toml", &toml);
        assert_eq!(fetch(&site).code, 0);
        outside.set(trap, &site.path().join(".gleaner/fetch.json"));
        let outcome = fetch(&site);
        outside.is_untouched(&outcome.stderr);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        assert!(site.read(".gleaner/fetch.json").unwrap().contains("blog"));
    }
}

fn fetch(site: &Site) -> Outcome {
    let now = "2026-11-02T12:00:00Z";
    site.gleaner(&["fetch", "--wait", "10", "--now", now])
}

#[test]
fn a_fetch_clears_away_what_a_killed_one_left() {
    let server = Server::start();
    server.says("/feed", [Answer::ok(feed("2026-11-01T00:00:00Z", &["a"]))]);
    let url = server.url("/feed");
    let toml = format!(
        "{MINIMAL}[fetch]\nallow_private_addresses = true\n[feeds.blog]\nurl = \"{url}\"\n"
    );
    let beside = "content/snapshots/blog/";
    let site = Site::empty()
        .file("site.toml", toml)
        .file(&format!("{beside}.gleaner-aB3xY9.tmp"), "half a fe")
        .file(&format!("{beside}.gleaner-notes.txt"), MINE);
    assert_eq!(fetch(&site).code, 0);
    let left = files(&site.path().join(beside));
    assert_eq!(left, [".gleaner-notes.txt", "2026-11-02T12-00-00Z.xml"]);
}

#[test]
fn the_list_of_gone_originals_is_not_written_through_a_link() {
    let server = Server::start();
    server.says("/a", [Answer::new(404, "")]);
    let feed = feed("2026-11-01T00:00:00Z", &["a"]).replace("https://o.example", &server.url(""));
    for trap in LINKS {
        let outside = Outside::new();
        let toml = format!("{MINIMAL}[fetch]\nallow_private_addresses = true\n");
        let site = Site::empty()
            .file("site.toml", toml)
            .file("content/snapshots/blog/2026-11-01T00-00-00Z.xml", &feed);
        outside.set(trap, &site.path().join("content/originals.txt"));
        let outcome = site.gleaner(&["check", "--links", "--wait", "10"]);
        outside.is_untouched(&outcome.stderr);
    }
}

#[test]
fn a_theme_is_not_exported_through_a_link() {
    let place = "themes/gleaner/templates/home.html";
    for forced in [&[][..], &["--force"]] {
        for trap in TRAPS {
            let outside = Outside::new();
            let site = Site::new();
            outside.set(trap, &site.path().join(place));
            let outcome = site.gleaner(&[&["theme", "export", "home.html"], forced].concat());
            outside.is_untouched(&outcome.stderr);
            match forced {
                [] => assert_eq!(outcome.code, 1, "{}", outcome.stderr),
                _ => assert_eq!(outcome.code, 0, "{}", outcome.stderr),
            }
            if forced.is_empty() && trap == Trap::Foreign {
                holds(&site.path().join(place), MINE, &outcome.stderr);
            }
        }
        for folder in ["themes", "themes/gleaner", "themes/gleaner/templates"] {
            for target in ["empty", "nothing"] {
                let outside = Outside::new();
                let site = Site::new();
                let link = site.path().join(folder);
                fs::create_dir_all(link.parent().unwrap()).unwrap();
                symlink(outside.path(target), link).unwrap();
                let outcome = site.gleaner(&[&["theme", "export"], forced].concat());
                outside.is_untouched(&outcome.stderr);
                assert_eq!(outcome.code, 1, "{folder} {target}: {}", outcome.stderr);
            }
        }
    }
}

#[test]
fn a_new_site_is_not_made_through_a_link() {
    let arguments = ["init", "new", "--title", "T", "--no-fetch", "--vcs", "none"];
    let with_workflow = [&arguments[..], &["--github", "--action", "me/gleaner@v1"]].concat();
    for place in [
        "site.toml",
        "content",
        "content/pages",
        "content/pages/about.md",
        "README.md",
        ".gitignore",
        ".github",
        ".github/workflows",
        ".github/workflows/publish.yml",
    ] {
        for target in ["empty", "nothing", "victim"] {
            let outside = Outside::new();
            let site = Site::empty();
            let link = site.path().join("new").join(place);
            fs::create_dir_all(link.parent().unwrap()).unwrap();
            symlink(outside.path(target), &link).unwrap();
            let outcome = site.gleaner(&with_workflow);
            let what = format!("{place} -> {target}: {}", outcome.stderr);
            outside.is_untouched(&what);
            // A link to a file that may be there is kept, and read.
            let is_kept = target == "victim" && [".gitignore", "README.md"].contains(&place);
            assert_eq!(outcome.code, i32::from(!is_kept), "{what}");
            let made = fs::symlink_metadata(site.path().join("new/site.toml"));
            let made = made.is_ok_and(|it| it.is_file());
            assert_eq!(made, is_kept, "{what}");
        }
    }
}

#[test]
fn pages_of_the_manual_and_summaries_go_where_they_were_meant_to() {
    for trap in TRAPS {
        let outside = Outside::new();
        let site = Site::new();
        let place = site.path().join("man/gleaner-build.1");
        outside.set(trap, &place);
        let outcome = site.gleaner(&["man", "--dir", "man"]);
        outside.is_untouched(&outcome.stderr);
        assert_eq!(
            (outcome.code, files(&site.path().join("man")).len() <= 1),
            (2, true)
        );
        fs::remove_file(&place).unwrap();
        for _ in 0..2 {
            assert_eq!(site.gleaner(&["man", "--dir", "man"]).code, 0);
        }
    }
    for trap in [Trap::Link, Trap::Dangling] {
        let outside = Outside::new();
        let site = Site::new();
        outside.set(trap, &site.path().join("summary.md"));
        let outcome = site.gleaner(&["build", "--summary", "summary.md"]);
        outside.is_untouched(&outcome.stderr);
        assert!(
            outcome.stderr.contains("it is a link"),
            "{}",
            outcome.stderr
        );
        assert_eq!(outcome.code, 1, "{}", outcome.stderr);
    }
    // A file of somebody's is appended to: that is what it is for.
    let site = Site::new().file("summary.md", MINE);
    assert_eq!(site.gleaner(&["build", "--summary", "summary.md"]).code, 0);
    let text = site.read("summary.md").unwrap();
    assert!(text.starts_with(MINE) && text.len() > MINE.len());
}
