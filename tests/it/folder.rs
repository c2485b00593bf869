//! The site's folder: what is read of it, what is not, and how it is named.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::build::{atom, entry};
use crate::site::Site;

#[cfg(unix)]
fn link(site: &Site, path: &str, target: &str) {
    let path = site.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(target, path).unwrap();
}

fn feed(names: &[&str]) -> String {
    let entries = names.iter();
    let entries = entries.map(|name| entry(name, "2025-08-01", "<p>Words of this entry.</p>"));
    atom(&entries.collect::<Vec<_>>())
}

fn codes(told: &[String]) -> Vec<&str> {
    told.iter()
        .map(|line| line.split(['[', ']']).nth(1).unwrap())
        .collect()
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_site_publishes_nothing_unless_the_command_line_allows_it() {
    let beside = tempfile::tempdir().unwrap();
    fs::write(beside.path().join("secret.txt"), "hunter2").unwrap();
    let pages = beside.path().join("pages");
    fs::create_dir(&pages).unwrap();
    fs::write(pages.join("secret.md"), "hunter2").unwrap();
    let secret = beside.path().join("secret.txt");
    let folder = pages.to_str().unwrap();
    let site = Site::new()
        .file("content/snapshots/feed/a.xml", feed(&["a"]))
        .file("store/inside.txt", "inside");
    link(&site, "content/static/inside.txt", "../../store/inside.txt");
    link(&site, "content/static/secret.txt", secret.to_str().unwrap());
    link(&site, "content/pages/beside", folder);
    link(&site, "content/static/one.txt", "two.txt");
    link(&site, "content/static/two.txt", secret.to_str().unwrap());
    let built = site.build();
    assert_eq!(built.code(), 1);
    assert_eq!(codes(&built.diagnostics()), ["link-outside"; 4]);
    assert_eq!(built.page("inside.txt"), "inside");
    let published = |built: &crate::site::Built| {
        let tree = built.tree();
        let is_secret = |bytes: &&Vec<u8>| String::from_utf8_lossy(bytes).contains("hunter2");
        tree.values().filter(is_secret).count()
    };
    assert_eq!(published(&built), 0);
    let site = site.argument("--follow-links-outside");
    let built = site.build();
    assert_eq!(built.code(), 0, "{}", built.messages());
    assert!(published(&built) >= 3);

    // Some places are never meant.
    #[cfg(target_os = "linux")]
    for target in ["/proc/self/environ", "/dev/null", "/", ".."] {
        let at = site.path().join("content/static/never");
        let _ = fs::remove_file(&at);
        let target = if target == ".." { "../.." } else { target };
        link(&site, "content/static/never", target);
        let built = site.build();
        assert_eq!(codes(&built.diagnostics()), ["link-outside"], "{target}");
        assert!(!built.has("never"), "{target}");
    }
}

#[cfg(unix)]
#[test]
fn fetch_stores_nothing_behind_a_link_out_of_the_site() {
    let beside = tempfile::tempdir().unwrap();
    let settings = "[site]\ntitle = \"A\"\nbase_url = \"https://example.org/\"\n\
                    [feeds.one]\nurl = \"http://127.0.0.1:9/a\"\n[feeds.two]\nurl = \"http://127.0.0.1:9/b\"\n";
    for path in ["content/snapshots", "content"] {
        let site = Site::empty().file("site.toml", settings);
        link(&site, path, beside.path().to_str().unwrap());
        let outcome = site.gleaner(&["fetch", "--message-format", "short"]);
        assert_eq!(outcome.code, 1);
        let told: Vec<&str> = outcome
            .stderr
            .lines()
            .filter(|it| it.contains("]: "))
            .collect();
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(
            told[0].starts_with(&format!("{path}: error[link-outside]")),
            "{told:?}"
        );
    }
    assert_eq!(fs::read_dir(beside.path()).unwrap().count(), 0);
}

#[cfg(unix)]
#[test]
fn a_site_behind_links_is_a_site_like_any_other() {
    let site = Site::empty()
        .file("real/site.toml", crate::site::MINIMAL)
        .file("real/content/snapshots/feed/a.xml", feed(&["a"]))
        .file("real/store/x.txt", "x");
    link(&site, "way", "real");
    link(&site, "real/content/static/x.txt", "../../store/x.txt");
    let absolute = site.path().join("way/store/x.txt");
    link(
        &site,
        "real/content/static/y.txt",
        absolute.to_str().unwrap(),
    );
    let outcome = site.gleaner(&["build", "--root", "way", "--message-format", "short"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_eq!(site.read("real/public/y.txt").unwrap(), "x");
}

#[cfg(unix)]
#[test]
fn what_editors_and_systems_leave_is_neither_read_nor_an_error() {
    let mut site = Site::new()
        .file("content/snapshots/feed/a.xml", feed(&["a"]))
        .file("content/pages/about.md", "About");
    let before = site.build().clean().tree();
    for name in [
        ".about.md.swp",
        "4913",
        "about.md~",
        "#about.md#",
        "about.md___jb_tmp___",
        ".DS_Store",
        "Thumbs.db",
        "desktop.ini",
        "._about.md",
        ".~lock.about.md#",
        "~$about.md",
        ".about.md.kate-swp",
        ".fuse_hidden0000001a00000002",
        ".nfs000000000a1b2c3d00000001",
        ".sync_0a1b2c3d.db",
        ".syncthing.about.md.tmp",
        "lost+found/x.md",
    ] {
        for kind in ["pages", "notes", "static", "snapshots/feed"] {
            let text = if name == "4913" { "" } else { "left" };
            site = site.file(&format!("content/{kind}/{name}"), text);
        }
    }
    for kind in ["pages", "notes", "static", "snapshots/feed", "snapshots"] {
        link(
            &site,
            &format!("content/{kind}/.#about.md"),
            "ada@host.1234:1700000000",
        );
    }
    let built = site.build().clean();
    assert_eq!(built.tree(), before);

    // A copy may hold what the file itself does not, so it is named.
    let site = site
        .file(
            "content/pages/about.sync-conflict-20260102-030405-ABCDEFG.md",
            "x",
        )
        .file(
            "content/static/a (Ada's conflicted copy 2026-01-02).txt",
            "x",
        )
        .file("content/snapshots/feed/a.xml.orig", feed(&["b"]));
    let built = site.build();
    assert_eq!(codes(&built.diagnostics()), ["file-ignored"; 3]);
    assert_eq!(built.tree(), before);
}

#[test]
fn addresses_that_disappear_are_reported_once() {
    let site = Site::published()
        .file("content/snapshots/blog/a.xml", feed(&["one", "two"]))
        .file("content/snapshots/other/a.xml", feed(&["three"]));
    site.build().clean();
    fs::remove_dir_all(site.path().join("content/snapshots/blog")).unwrap();
    let check = site.gleaner(&["check", "--message-format", "short"]);
    let expected = "content/snapshots/blog: warning[addresses-gone]: 2 published addresses would disappear: 2025/08/one-";
    assert!(check.stderr.contains(expected), "{}", check.stderr);
    let summary = site.path().join("summary.md");
    let built = site.build_into(
        site.path().join("public"),
        &["--summary", summary.to_str().unwrap()],
    );
    let told = built.diagnostics();
    assert_eq!(codes(&told), ["addresses-gone"]);
    assert!(
        told[0].contains("2 published addresses disappear: 2025/08/one-"),
        "{told:?}"
    );
    assert!(
        site.read("summary.md")
            .unwrap()
            .contains("`addresses-gone`")
    );
    // They are gone now.
    site.build().clean();
    let site = site.file("content/pages/new.md", "New");
    site.build().clean();
    assert_eq!(site.gleaner(&["check", "--deny-warnings"]).code, 0);
}

#[test]
fn what_the_owner_hides_or_removes_is_wanted_away() {
    let site = Site::new()
        .file("content/snapshots/blog/a.xml", feed(&["one", "two"]))
        .file("content/snapshots/other/a.xml", feed(&["three"]))
        .file("content/pages/about.md", "About")
        .file("content/static/page.html", "<p>x");
    site.build().clean();
    let note = "+++\nentry = \"https://feed.example/one\"\nhidden = true\n+++\n";
    let hidden = format!("{}[feeds.other]\nhidden = true\n", crate::site::MINIMAL);
    let site = site
        .file("content/notes/one.md", note)
        .file("site.toml", hidden);
    fs::remove_file(site.path().join("content/pages/about.md")).unwrap();
    fs::remove_file(site.path().join("content/static/page.html")).unwrap();
    let built = site.build().clean();
    assert_eq!(built.entries().len(), 1);
    assert!(!built.has("about.html"));
}

#[test]
fn a_setting_that_moves_every_page_is_noticed_without_a_cache_too() {
    let site = Site::new()
        .file("content/snapshots/blog/a.xml", feed(&["one"]))
        .argument("--no-cache");
    site.build().clean();
    let moved = format!("{}[output]\nurls = \"folders\"\n", crate::site::MINIMAL);
    let built = site.file("site.toml", moved).build();
    let told = built.diagnostics();
    assert_eq!(codes(&told), ["addresses-gone"], "{told:?}");
}

#[test]
fn paths_count_from_where_the_command_runs() {
    let site = Site::empty()
        .file(
            "a/b/site.toml",
            "[site]\ntitel = \"x\"\nbase_url = \"https://example.org/\"\n",
        )
        .file("elsewhere/x", "");
    let run = |folder: &str, root: &Path, format: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_gleaner"))
            .args(["check", "--message-format", format, "--root"])
            .arg(root)
            .current_dir(site.path().join(folder))
            .env_remove("GITHUB_WORKSPACE")
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        String::from_utf8(text).unwrap()
    };
    let absolute = site.path().join("a/b");
    for (folder, root, path) in [
        ("", Path::new("a/b"), "a/b/site.toml".to_owned()),
        ("a/b", Path::new("."), "site.toml".to_owned()),
        (
            "elsewhere",
            Path::new("../a/b"),
            "../a/b/site.toml".to_owned(),
        ),
        ("a", &absolute, "b/site.toml".to_owned()),
        (
            "elsewhere",
            &absolute,
            format!("{}/site.toml", absolute.display()),
        ),
    ] {
        let short = run(folder, root, "short");
        let at = format!("{path}:2:1: error[config-unknown-key]");
        assert!(
            short.lines().any(|line| line.starts_with(&at)),
            "{at}: {short}"
        );
        let human = run(folder, root, "human");
        assert!(human.contains(&format!("--> {path}:2:1")), "{human}");
        let json = run(folder, root, "json");
        assert!(json.contains(&format!("\"file\":\"{path}\"")), "{json}");
    }
    let github = run("", Path::new("a/b"), "github");
    assert!(
        github.contains("::error file=a/b/site.toml,line=2"),
        "{github}"
    );
}
