//! A site held in memory: what it shows after each change, and what stays where a change is wrong.

use std::fs;

use gleaner::pipeline::{Edition, Options, Preview, Refreshed};

use crate::build::{atom, entry};
use crate::site::{MINIMAL, Quiet, Site, roomy_threads};

fn preview(site: &Site) -> Preview {
    roomy_threads();
    Preview::new(Options {
        root: site.path().to_path_buf(),
        ..Options::default()
    })
}

fn refresh(preview: &Preview) -> Refreshed {
    preview.refresh(&[], &Quiet)
}

fn codes(edition: &Edition) -> Vec<&str> {
    let diagnostics = edition.diagnostics().iter();
    diagnostics.map(|found| found.code.as_str()).collect()
}

fn text(edition: &Edition, path: &str) -> String {
    String::from_utf8(edition.file(path).unwrap().bytes).unwrap()
}

fn changed(refreshed: &Refreshed) -> Vec<String> {
    let changes = refreshed.changed.iter();
    changes
        .map(|change| format!("{:?} {}", change.kind, change.file))
        .collect()
}

/// A snapshot with one entry of this name.
fn snapshot(name: &str) -> String {
    atom(&[entry(name, "2024-05-01", "Words.")])
}

/// A site with one entry.
fn site() -> Site {
    Site::new()
        .file("content/snapshots/blog/1.xml", snapshot("One"))
        .file("content/pages/about.md", "# About\n\nThis and that.\n")
}

#[test]
fn before_anything_is_read_there_is_nothing() {
    let preview = preview(&site());
    let edition = preview.edition();
    assert!(!edition.is_ready() && !edition.has("index.html"));
    assert_eq!((edition.number(), edition.mount()), (0, "/"));
}

#[test]
fn what_changes_is_told_and_shown_and_nothing_else_makes_an_edition() {
    let site = site();
    let preview = preview(&site);
    let first = refresh(&preview);
    assert_eq!(
        changed(&first),
        [
            "Added content/pages/about.md",
            "Added content/snapshots/blog/1.xml",
            "Added site.toml"
        ]
    );
    assert_eq!(
        (first.edition.number(), first.edition.mount()),
        (1, "/archive/")
    );
    assert!(text(&first.edition, "about.html").contains("This and that."));
    assert!(!first.edition.has("about") && first.edition.file("../site.toml").is_none());

    let again = refresh(&preview);
    assert_eq!((again.edition.number(), changed(&again).len()), (1, 0));

    let site = site.file("content/pages/about.md", "# About\n\nAll of it.\n");
    let second = refresh(&preview);
    assert_eq!(changed(&second), ["Edited content/pages/about.md"]);
    assert!(text(&second.edition, "about.html").contains("All of it."));
    // Who holds an edition sees one state.
    assert!(text(&first.edition, "about.html").contains("This and that."));

    fs::remove_file(site.path().join("content/pages/about.md")).unwrap();
    let third = refresh(&preview);
    assert_eq!(changed(&third), ["Removed content/pages/about.md"]);
    assert!(third.edition.file("about.html").is_none());
}

#[test]
fn a_file_that_is_only_copied_is_told_when_it_changes() {
    let site = site().file("content/static/a.txt", "one");
    let preview = preview(&site);
    refresh(&preview);
    let site = site.file("content/static/a.txt", "two!");
    let second = refresh(&preview);
    assert_eq!(changed(&second), ["Edited content/static/a.txt"]);
    assert_eq!(text(&second.edition, "a.txt"), "two!");
    drop(site);
}

#[test]
fn settings_that_are_wrong_leave_what_was_good() {
    let site = site();
    let preview = preview(&site);
    refresh(&preview);
    let site = site.file("site.toml", "[site]\ntitle = \"x\"\n");
    let wrong = refresh(&preview);
    assert_eq!(changed(&wrong), ["Edited site.toml"]);
    assert!(
        codes(&wrong.edition).contains(&"config-missing-key"),
        "{:?}",
        codes(&wrong.edition)
    );
    assert!(text(&wrong.edition, "about.html").contains("A site"));
    assert_eq!(refresh(&preview).edition.number(), wrong.edition.number());

    let site = site.file("site.toml", MINIMAL.replace("A site", "Mended"));
    let mended = refresh(&preview);
    assert_eq!(codes(&mended.edition), [""; 0]);
    assert!(text(&mended.edition, "about.html").contains("Mended"));
    drop(site);
}

#[test]
fn a_first_look_that_fails_waits_for_the_mend() {
    let site = Site::empty();
    let preview = preview(&site);
    let nothing = refresh(&preview);
    assert!(!nothing.edition.is_ready());
    assert_eq!(codes(&nothing.edition), ["config-missing"]);
    let site = site.file("site.toml", MINIMAL);
    let mended = refresh(&preview);
    assert!(mended.edition.is_ready() && mended.edition.has("index.html"));
    drop(site);
}

#[test]
fn a_template_that_does_not_compile_leaves_the_last_look_and_one_that_fails_its_pages() {
    let template = "themes/gleaner/templates/page.html";
    let site = site();
    let preview = preview(&site);
    let good = refresh(&preview);

    let site = site.file(template, "{% if %}");
    let broken = refresh(&preview);
    assert_eq!(codes(&broken.edition), ["template-syntax"]);
    assert_eq!(
        text(&broken.edition, "about.html"),
        text(&good.edition, "about.html")
    );

    let site = site.file(template, "{{ page.title.deeper.still }}");
    let failing = refresh(&preview);
    let served = failing.edition.file("about.html").unwrap();
    assert_eq!(served.problems[0].code.as_str(), "template-failed");
    assert_eq!(
        String::from_utf8(served.bytes).unwrap(),
        text(&good.edition, "about.html")
    );
    assert!(
        failing
            .edition
            .file("index.html")
            .unwrap()
            .problems
            .is_empty()
    );

    let site = site.file(template, "{{ page.title }}!");
    let mended = refresh(&preview);
    assert_eq!(text(&mended.edition, "about.html"), "About!");
    drop(site);
}

#[test]
fn pages_that_never_could_be_made_say_why() {
    let site = site().file("themes/gleaner/templates/page.html", "{% if %}");
    let preview = preview(&site);
    let served = refresh(&preview).edition.file("about.html").unwrap();
    assert_eq!(served.problems[0].code.as_str(), "template-syntax");
    assert!(served.bytes.is_empty());
}

#[test]
fn a_theme_that_is_gone_is_told_and_comes_back() {
    let site = site().file("site.toml", format!("{MINIMAL}[theme]\nname = \"mine\"\n"));
    let site = site.file("themes/mine/theme.toml", "extends = \"gleaner\"\n");
    let preview = preview(&site);
    let good = refresh(&preview);
    fs::rename(site.path().join("themes"), site.path().join("elsewhere")).unwrap();
    let gone = refresh(&preview);
    assert_eq!(codes(&gone.edition), ["theme-missing"]);
    assert_eq!(
        text(&gone.edition, "about.html"),
        text(&good.edition, "about.html")
    );
    fs::rename(site.path().join("elsewhere"), site.path().join("themes")).unwrap();
    let back = refresh(&preview);
    assert_eq!(codes(&back.edition), [""; 0]);
}

#[test]
fn builds_go_on_beside_a_preview() {
    let site = site();
    let preview = preview(&site);
    refresh(&preview);
    let site = site.file("content/snapshots/blog/2.xml", snapshot("Two"));
    let built = site.build();
    assert_eq!(built.code(), 0, "{}", built.messages());
    let second = refresh(&preview);
    assert_eq!(second.edition.counts().0, 2);
    let home = fs::read_to_string(site.path().join("public/index.html")).unwrap();
    assert_eq!(text(&second.edition, "index.html"), home);
}

#[test]
fn the_index_of_the_search_is_made_when_it_is_asked_for() {
    let site = site();
    let preview = preview(&site);
    let edition = refresh(&preview).edition;
    let built = site.build();
    let mut files = 0;
    for path in crate::site::files(&site.path().join("public/pagefind")) {
        if path.ends_with("key.txt") {
            continue;
        }
        files += 1;
        let path = format!("pagefind/{path}");
        let served = edition.file(&path).unwrap_or_else(|| panic!("{path}"));
        assert_eq!(
            Some(served.bytes),
            site.read_bytes(&format!("public/{path}"))
        );
    }
    assert!(files > 5, "{}", built.messages());
    assert!(edition.file("pagefind/core/none").is_none());
}
