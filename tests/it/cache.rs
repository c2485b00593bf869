//! What builds remember: what is made again and why, and that nothing in the cache is needed or
//! believed. (That no edit goes unseen is the law of `incremental`.)

mod damage;
mod lock;

use std::fs::{self, File};
use std::time::SystemTime;

use crate::build::{atom, entry};
use crate::site::{MINIMAL, Site, copy, files};

/// The snapshot that all sites of this file have.
const SNAPSHOT: &str = "content/snapshots/feed/2025-06-01T00-00-00Z.xml";

/// A site with three entries in three years, and no search, whose files stand together.
pub(super) fn site() -> Site {
    let entries = [
        entry("harbour", "2023-01-01", "<p>Boats and <b>ropes</b>.</p>"),
        entry("window", "2024-02-02", "<p>Bread.</p>"),
        entry("meadow", "2025-03-03", "<p>Hares at dawn.</p>"),
    ];
    Site::new()
        .file("site.toml", format!("{MINIMAL}[search]\nenabled = false\n"))
        .file(SNAPSHOT, atom(&entries))
        .file("content/notes/window.md", note("My words."))
        .file("content/pages/about.md", "# About\n\nWhat this is.\n")
        .file("content/static/a.txt", "a")
}

/// A note about one of them.
pub(super) fn note(words: &str) -> String {
    format!("+++\nentry = \"https://feed.example/window\"\n+++\n\n{words}\n")
}

/// Builds, and says what was made again, without the times.
fn made(site: &Site) -> String {
    let outcome = site.gleaner(&["build", "-v"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let lines = outcome.stderr.lines();
    let lines = lines.filter(|line| line.contains(" made: ") || line.starts_with("    "));
    let is_time = |line: &str| {
        let mut units = [" ms", " s"].into_iter();
        units.any(|unit| line.ends_with(unit) || line.contains(&format!("{unit} ")))
    };
    let lines = lines.filter(|line| !is_time(line));
    lines.map(|line| format!("{line}\n")).collect()
}

fn path_of(site: &Site, name: &str) -> String {
    let mut paths = files(&site.path().join("public")).into_iter();
    paths
        .find(|path| path.contains(&format!("/{name}-")))
        .unwrap()
}

#[test]
fn nothing_is_made_again_where_nothing_changed() {
    let site = Site::example();
    let first = made(&site);
    assert!(
        first.contains("nothing is known of an earlier build"),
        "{first}"
    );
    for _ in 0..2 {
        assert_eq!(made(&site), "");
        assert_eq!(site.build().clean().wrote(), [""; 0]);
    }
    // Other times, the same bytes.
    for folder in ["content", "public"] {
        for path in files(&site.path().join(folder)) {
            let file = File::options()
                .append(true)
                .open(site.path().join(folder).join(path));
            file.unwrap().set_modified(SystemTime::now()).unwrap();
        }
        if folder == "content" {
            assert_eq!(made(&site), "");
        }
        assert_eq!(site.build().clean().wrote(), [""; 0], "{folder}");
        assert_eq!(made(&site), "");
    }
}

#[test]
fn a_note_changes_its_entry_and_what_shows_it() {
    let site = site();
    site.build().clean();
    let site = site.file("content/notes/window.md", note("Other words."));
    let window = path_of(&site, "window");
    let made = made(&site);
    let (own, shown) = made
        .split_once("what it shows of other pages changed")
        .unwrap();
    assert!(
        own.contains("1 page or feed made: what it is about changed"),
        "{made}"
    );
    assert!(own.contains(&window), "{made}");
    for path in ["2024/02/index.html", "feed.xml", "feed.json", "index.html"] {
        assert!(shown.contains(&format!("    {path}\n")), "{path}: {made}");
    }
    for name in ["harbour", "meadow"] {
        let other = path_of(&site, name);
        let month = format!("{}/index.html", &other[..7]);
        assert!(!made.contains(&other) && !made.contains(&month), "{made}");
    }
    assert!(
        site.read(&format!("public/{window}"))
            .unwrap()
            .contains("Other words.")
    );
}

#[test]
fn what_was_changed_by_hand_is_mended_and_told() {
    let site = site();
    let whole = site.build().clean().tree();
    let window = path_of(&site, "window");
    let file = site.path().join("public").join(&window);
    fs::remove_file(&file).unwrap();
    let gone = format!("1 page or feed made: its file was gone\n    {window}\n");
    assert_eq!(made(&site), gone);

    // As long as before, and at once.
    let other = fs::read_to_string(&file)
        .unwrap()
        .replace("My words", "No words");
    fs::write(&file, other).unwrap();
    let touched = "1 page or feed made: its file was not as it had been written\n";
    assert_eq!(made(&site), format!("{touched}    {window}\n"));

    fs::write(site.path().join("public/a.txt"), "b").unwrap();
    fs::remove_file(site.path().join("public/sitemap.xml")).unwrap();
    let built = site.build().clean();
    assert_eq!(built.wrote(), ["a.txt", "sitemap.xml"]);
    assert_eq!(built.tree(), whole);
}

#[test]
fn an_option_of_the_theme_is_in_all_pages_and_so_are_the_settings() {
    let site = site();
    let pages = made(&site)
        .lines()
        .next()
        .unwrap()
        .split_once(' ')
        .unwrap()
        .0
        .to_owned();
    let toml = site.read("site.toml").unwrap();
    let toml = format!("{toml}[theme.options]\ndates = \"iso\"\n");
    let site = site.file("site.toml", &toml);
    let all = format!("{pages} pages and feeds made: ");
    let told = made(&site);
    assert!(
        told.starts_with(&format!("{all}the theme changed\n")),
        "{told}"
    );
    let site = site.file("site.toml", toml.replace("A site", "An archive"));
    let told = made(&site);
    assert!(
        told.starts_with(&format!("{all}the settings or the navigation changed\n")),
        "{told}"
    );
    assert_eq!(made(&site), "");
}

#[test]
fn one_more_entry_among_three_hundred_is_in_few_files() {
    let post = |number: usize, day: &str| {
        let tags: String = ["t", "u", "v"]
            .iter()
            .enumerate()
            .map(|(at, tag)| format!("<category term=\"{tag}{}\"/>", number % (3 + at)))
            .collect();
        let html = format!(
            "<p>Words of post {number}, which differ from {}.</p>",
            number / 7
        );
        entry(&format!("e{number}"), day, &html).replace("</entry>", &format!("{tags}</entry>"))
    };
    let day = |number: usize| {
        format!(
            "202{}-{:02}-{:02}",
            number / 100,
            1 + number / 10 % 10,
            1 + number % 28
        )
    };
    let entries: Vec<String> = (0..300).map(|number| post(number, &day(number))).collect();
    let site = Site::new()
        .file("site.toml", format!("{MINIMAL}[search]\nenabled = false\n"))
        .file(SNAPSHOT, atom(&entries));
    site.build().clean();
    let site = site.file(
        "content/snapshots/feed/2025-06-02T00-00-00Z.xml",
        atom(&[post(300, "2025-05-30")]),
    );
    let built = site.build().clean();
    let wrote = built.wrote();
    eprintln!(
        "one entry with 3 tags more among 300 wrote {} files",
        wrote.len()
    );
    assert!(wrote.len() <= 30 + 3 * 3, "{wrote:#?}");
}

#[test]
fn warnings_and_errors_are_told_again() {
    let site = site().file(
        "content/snapshots/feed/error.html",
        "<!doctype html><p>Bad gateway</p>",
    );
    let first = site.build();
    let told = first.diagnostics();
    assert!(
        first.code() == 0 && told.len() == 1 && told[0].contains("not-a-feed"),
        "{told:?}"
    );
    let again = site.build();
    assert_eq!(
        (again.diagnostics(), again.wrote()),
        (told.clone(), vec![""; 0])
    );
    assert_eq!(site.gleaner(&["build", "--deny-warnings"]).code, 1);

    let template = "themes/gleaner/templates/entry-meta.html";
    let site = site.file(template, "{{ entry.nothing.at.all }}");
    let broken = site.build();
    assert_eq!(broken.code(), 1, "{}", broken.messages());
    assert!(broken.diagnostics().len() > told.len());
    for _ in 0..2 {
        let again = site.build();
        assert_eq!(
            (again.diagnostics(), again.code()),
            (broken.diagnostics(), 1)
        );
        assert_eq!(again.wrote(), [""; 0]);
    }
    fs::remove_file(site.path().join(template)).unwrap();
    let mended = site.build();
    assert_eq!((mended.diagnostics(), mended.code()), (told, 0));
    assert_eq!(mended.tree(), first.tree());
}

#[test]
fn the_cache_keeps_out_of_repositories_and_backups() {
    let site = site();
    site.build().clean();
    assert_eq!(site.read(".gleaner/.gitignore").as_deref(), Some("*\n"));
    let tag = site.read(".gleaner/CACHEDIR.TAG").unwrap();
    assert!(tag.starts_with("Signature: 8a477f597d28d172789f06886806bc55\n"));
}

#[test]
fn the_cache_can_be_elsewhere_or_nowhere() {
    let site = site();
    let elsewhere = tempfile::tempdir().unwrap();
    let folder = elsewhere.path().join("deep/cache");
    let cache = format!("--cache-dir={}", folder.display());
    for _ in 0..2 {
        assert_eq!(site.gleaner(&["build", &cache]).code, 0);
    }
    assert!(!site.path().join(".gleaner").exists());
    assert!(folder.join("manifest").exists());

    // The lock, and what keeps it out of a repository.
    let all = site.gleaner(&["build", "--no-cache", "-v"]);
    assert!(
        all.stderr.contains("nothing is known of an earlier build"),
        "{}",
        all.stderr
    );
    let left = files(&site.path().join(".gleaner"));
    assert_eq!(left, [".gitignore", "CACHEDIR.TAG", "lock"]);
}

#[test]
fn a_kept_cache_and_nothing_else_gives_the_same_site() {
    // As in a CI: a new checkout with new times, no output, and the cache of the last run.
    let (one, other) = (site(), site());
    let whole = one.build().clean().tree();
    copy(&one.path().join(".gleaner"), &other.path().join(".gleaner"));
    let memos = ["texts", "texts-index", "snapshots", "slices", "sanitized"];
    let memos = || memos.map(|name| other.read_bytes(&format!(".gleaner/{name}")));
    let before = memos();
    assert_eq!(other.build().clean().tree(), whole);
    assert!(memos() == before, "nothing was parsed or made safe again");
    assert_eq!(made(&other), "");
}

#[test]
fn a_check_fills_the_cache_for_a_build() {
    let site = site();
    assert_eq!(site.gleaner(&["check"]).code, 0);
    let before = site.read_bytes(".gleaner/sanitized");
    let built = site.build().clean();
    assert_eq!(site.read_bytes(".gleaner/sanitized"), before);
    assert_eq!(built.tree(), self::site().build().clean().tree());
    // And tells what a build would, though nothing has changed.
    let toml = site.read("site.toml").unwrap();
    let site = site.file("site.toml", format!("{toml}[feeds.nowhere]\n"));
    let told = site.gleaner(&["check"]).stderr;
    assert!(told.contains("config-unused-feed"), "{told}");
}
