//! Watching: whatever happens to the files of a site, and however an editor does it, is shown. Each
//! story is told three times: to `watch`, where the system tells of changes, and where it looks by
//! itself; and to `serve`.

#[cfg(unix)]
mod interrupted;
#[cfg(target_os = "linux")]
mod limits;
pub(crate) mod live;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::site::{MINIMAL, Site};
use live::{Live, Serve, Watch};

/// Each story as a test of its own, for each of those who follow a site.
macro_rules! stories {
    ($($story:ident,)*) => {
        mod told {
            $(#[test] fn $story() { super::$story::<super::Watch>(&[]); })*
        }
        mod served {
            $(#[test] fn $story() { super::$story::<super::Serve>(&[]); })*
        }
        mod polled {
            $(#[test] fn $story() { super::$story::<super::Watch>(&["--poll", "30"]); })*
        }
    };
}

stories! {
    a_file_is_saved_in_every_way,
    files_come_and_go,
    folders_come_and_go,
    a_folder_is_filled_while_it_is_made,
    notes_and_static_files_count,
    links_are_followed,
    links_within_the_site_need_no_leave,
    a_link_to_a_file_is_followed,
    a_link_is_pointed_elsewhere,
    everything_may_come_later,
    settings_are_saved_by_renaming,
    settings_may_stand_elsewhere,
    themes_may_stand_elsewhere,
    a_broken_site_waits_for_the_mend,
    what_no_build_reads_does_not_count,
    a_checkout_is_one_rebuild,
}

/// A site with a page of the owner's, and a folder beside it.
struct Ground {
    site: Site,
    beside: tempfile::TempDir,
}

impl Ground {
    fn new() -> Self {
        Ground {
            site: Site::new().file("content/pages/about.md", page("the beginning")),
            beside: tempfile::tempdir().unwrap(),
        }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.site.path().join(path)
    }

    /// A file of the site, or, beginning with `beside`, one of the other folder.
    fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = match path.strip_prefix("beside/") {
            Some(beside) => self.beside(beside),
            None => self.at(path),
        };
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn beside(&self, path: &str) -> PathBuf {
        self.beside.path().join(path)
    }

    fn live<L: Live>(&self, arguments: &[&str]) -> L {
        L::start(self.site.path(), arguments)
    }
}

fn page(text: &str) -> String {
    format!("+++\ntitle = \"A page\"\n+++\n\n{text}\n")
}

/// As careful editors save: beside the file, then over it.
fn save_by_renaming(path: &Path, content: &str) {
    let temporary = path.with_extension("new~");
    fs::write(&temporary, content).unwrap();
    fs::rename(temporary, path).unwrap();
}

#[cfg(unix)]
fn link(target: &Path, path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(target, path).unwrap();
}

fn a_file_is_saved_in_every_way<L: Live>(arguments: &[&str]) {
    let ground = Ground::new();
    let mut live: L = ground.live(arguments);
    live.until_says("about.html", "the beginning");
    ground.write("content/pages/about.md", page("by truncating"));
    live.until_says("about.html", "by truncating");
    save_by_renaming(&ground.at("content/pages/about.md"), &page("by renaming"));
    live.until_says("about.html", "by renaming");
    save_by_renaming(&ground.at("content/pages/about.md"), &page("and again"));
    live.until_says("about.html", "and again");
    let sed = Command::new("sed")
        .args(["-i", "s/and again/by sed/"])
        .arg(ground.at("content/pages/about.md"))
        .status();
    assert!(sed.unwrap().success());
    live.until_says("about.html", "by sed");
    // With a backup, as some editors do: the file is moved away, and a new one made.
    let path = ground.at("content/pages/about.md");
    fs::rename(&path, path.with_extension("md~")).unwrap();
    fs::write(&path, page("with a backup")).unwrap();
    live.until_says("about.html", "with a backup");
}

fn files_come_and_go<L: Live>(arguments: &[&str]) {
    let ground = Ground::new();
    let mut live: L = ground.live(arguments);
    ground.write("content/pages/new.md", page("created"));
    live.until_says("new.html", "created");
    fs::rename(
        ground.at("content/pages/new.md"),
        ground.at("content/pages/other.md"),
    )
    .unwrap();
    live.until_gone("new.html");
    live.until_says("other.html", "created");
    fs::remove_file(ground.at("content/pages/other.md")).unwrap();
    live.until_gone("other.html");
}

fn folders_come_and_go<L: Live>(arguments: &[&str]) {
    let ground = Ground::new();
    ground.write("beside/trip/one.md", page("one"));
    ground.write("beside/trip/deep/two.md", page("two"));
    let mut live: L = ground.live(arguments);
    let inside = ground.at("content/pages/trip");
    fs::rename(ground.beside("trip"), &inside).unwrap();
    live.until_says("trip/one.html", "one");
    live.until_says("trip/deep/two.html", "two");
    // What came with it is followed, too.
    ground.write("content/pages/trip/deep/two.md", page("edited"));
    live.until_says("trip/deep/two.html", "edited");
    // Under another name, nothing is left of the old one.
    fs::rename(&inside, ground.at("content/pages/journey")).unwrap();
    live.until_gone("trip/one.html");
    ground.write("content/pages/journey/deep/two.md", page("after the move"));
    live.until_says("journey/deep/two.html", "after the move");
    // Out, and another one in its place, which is followed.
    fs::rename(ground.at("content/pages/journey"), ground.beside("old")).unwrap();
    live.until_gone("journey/one.html");
    ground.write("content/pages/journey/one.md", page("anew"));
    live.until_says("journey/one.html", "anew");
    ground.write("content/pages/journey/one.md", page("anew and edited"));
    live.until_says("journey/one.html", "anew and edited");
    fs::remove_dir_all(ground.at("content/pages/journey")).unwrap();
    live.until_gone("journey/one.html");
}

fn a_folder_is_filled_while_it_is_made<L: Live>(arguments: &[&str]) {
    let ground = Ground::new();
    let mut live: L = ground.live(arguments);
    for n in 0..20 {
        ground.write(&format!("content/pages/{n}/a/b/c/d.md"), page("filled"));
    }
    for n in 0..20 {
        live.until_says(&format!("{n}/a/b/c/d.html"), "filled");
    }
    ground.write("content/pages/7/a/b/c/d.md", page("edited"));
    live.until_says("7/a/b/c/d.html", "edited");
}

fn notes_and_static_files_count<L: Live>(arguments: &[&str]) {
    let ground = Ground::new();
    ground.write(
        "content/snapshots/blog/2025-01-01T00-00-00Z.json",
        r#"{"version": "https://jsonfeed.org/version/1.1", "title": "A blog", "items": [
            {"id": "https://blog.example/1", "url": "https://blog.example/1", "title": "First",
             "content_html": "<p>Text</p>", "date_published": "2024-12-31T00:00:00Z"}]}"#,
    );
    let mut live: L = ground.live(arguments);
    live.until_says("index.html", "First");
    let note = "+++\nentry = \"https://blog.example/1\"\ntitle = \"Better\"\n+++\n";
    ground.write("content/notes/first.md", note);
    live.until_says("index.html", "Better");
    ground.write("content/static/.well-known/security.txt", "Contact: me");
    live.until_says(".well-known/security.txt", "Contact: me");
    fs::remove_dir_all(ground.at("content/static")).unwrap();
    live.until_gone(".well-known/security.txt");
    fs::remove_dir_all(ground.at("content/snapshots")).unwrap();
    live.until("index.html", |page| {
        page.is_some_and(|page| !page.contains("Better"))
    });
}

/// With leave to follow links out of the site.
fn outside<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [arguments, &["--follow-links-outside"]].concat()
}

fn links_within_the_site_need_no_leave<L: Live>(arguments: &[&str]) {
    let ground = Ground::new();
    ground.write("store/diary/today.md", page("today"));
    ground.write("beside/secret/a.md", page("a secret"));
    link(
        Path::new("../../store/diary"),
        &ground.at("content/pages/diary"),
    );
    link(&ground.beside("secret"), &ground.at("content/pages/secret"));
    let mut live: L = ground.live(arguments);
    live.until_says("diary/today.html", "today");
    assert_eq!(live.page("secret/a.html"), None);
    ground.write("store/diary/today.md", page("tonight"));
    live.until_says("diary/today.html", "tonight");
    // What the refused link leads to is not even watched.
    ground.write("beside/secret/b.md", page("another secret"));
    ground.write("content/static/counts.txt", "counts");
    let mut told = BTreeSet::new();
    while !told.contains("content/static/counts.txt") {
        told.extend(live.changed());
    }
    assert_eq!(Vec::from_iter(told), ["content/static/counts.txt"]);
    // The link itself is: it may be pointed elsewhere.
    fs::remove_file(ground.at("content/pages/secret")).unwrap();
    link(Path::new("../../store"), &ground.at("content/pages/secret"));
    live.until_says("secret/diary/today.html", "tonight");
}

fn links_are_followed<L: Live>(arguments: &[&str]) {
    let ground = Ground::new();
    ground.write("beside/diary/today.md", page("today"));
    link(&ground.beside("diary"), &ground.at("content/pages/diary"));
    let mut live: L = ground.live(&outside(arguments));
    live.until_says("diary/today.html", "today");
    ground.write("beside/diary/today.md", page("tonight"));
    live.until_says("diary/today.html", "tonight");
    ground.write("beside/diary/2024/all.md", page("last year"));
    live.until_says("diary/2024/all.html", "last year");
    // The folder behind the link goes, and comes back.
    fs::rename(ground.beside("diary"), ground.beside("away")).unwrap();
    // A link that leads nowhere is an error, and what was good stays until it is mended.
    live.changed();
    fs::rename(ground.beside("away"), ground.beside("diary")).unwrap();
    ground.write("beside/diary/today.md", page("tomorrow"));
    live.until_says("diary/today.html", "tomorrow");
    // A link that is made later is one like any other.
    ground.write("beside/more/more.md", page("more"));
    link(&ground.beside("more"), &ground.at("content/pages/more"));
    live.until_says("more/more.html", "more");
    save_by_renaming(&ground.beside("more/more.md"), &page("even more"));
    live.until_says("more/more.html", "even more");
    fs::remove_file(ground.at("content/pages/more")).unwrap();
    live.until_gone("more/more.html");
}

fn a_link_to_a_file_is_followed<L: Live>(arguments: &[&str]) {
    let ground = Ground::new();
    ground.write("beside/file.md", page("elsewhere"));
    link(
        &ground.beside("file.md"),
        &ground.at("content/pages/linked.md"),
    );
    let mut live: L = ground.live(&outside(arguments));
    live.until_says("linked.html", "elsewhere");
    ground.write("beside/file.md", page("truncated elsewhere"));
    live.until_says("linked.html", "truncated elsewhere");
    save_by_renaming(&ground.beside("file.md"), &page("renamed elsewhere"));
    live.until_says("linked.html", "renamed elsewhere");
    fs::remove_file(ground.beside("file.md")).unwrap();
    // A link that leads nowhere is an error, and what was good stays until it is mended.
    live.changed();
    ground.write("beside/file.md", page("back again"));
    live.until_says("linked.html", "back again");
}

fn a_link_is_pointed_elsewhere<L: Live>(arguments: &[&str]) {
    let ground = Ground::new();
    fs::remove_dir_all(ground.at("content")).unwrap();
    ground.write("beside/releases/1/pages/about.md", page("release one"));
    ground.write("beside/releases/2/pages/about.md", page("release two"));
    // Two links in a row, the second of them relative, as deployments have them.
    link(Path::new("releases/1"), &ground.beside("current"));
    link(&ground.beside("current"), &ground.at("content"));
    let mut live: L = ground.live(&outside(arguments));
    live.until_says("about.html", "release one");
    link(Path::new("releases/2"), &ground.beside("next"));
    fs::rename(ground.beside("next"), ground.beside("current")).unwrap();
    live.until_says("about.html", "release two");
    ground.write("beside/releases/2/pages/about.md", page("release 2.1"));
    live.until_says("about.html", "release 2.1");
}

fn everything_may_come_later<L: Live>(arguments: &[&str]) {
    let ground = Ground::new();
    fs::rename(ground.at("content"), ground.beside("content")).unwrap();
    fs::remove_file(ground.at("site.toml")).unwrap();
    let mut live: L = ground.live(arguments);
    save_by_renaming(&ground.at("site.toml"), MINIMAL);
    live.until_says("index.html", "A site");
    fs::rename(ground.beside("content"), ground.at("content")).unwrap();
    live.until_says("about.html", "the beginning");
    ground.write("content/pages/about.md", page("followed"));
    live.until_says("about.html", "followed");
    ground.write("themes/gleaner/static/mine.txt", "a theme's file");
    live.until_says("assets/mine.txt", "a theme's file");
    // And goes, and comes back.
    fs::rename(ground.at("content"), ground.beside("content")).unwrap();
    live.until_gone("about.html");
    fs::rename(ground.beside("content"), ground.at("content")).unwrap();
    live.until_says("about.html", "followed");
    fs::remove_file(ground.at("content/pages/about.md")).unwrap();
    live.until_gone("about.html");
}

fn settings_are_saved_by_renaming<L: Live>(arguments: &[&str]) {
    let ground = Ground::new();
    let mut live: L = ground.live(arguments);
    let other = MINIMAL.replace("A site", "Another title");
    save_by_renaming(&ground.at("site.toml"), &other);
    live.until_says("index.html", "Another title");
    ground.write("site.toml", MINIMAL.replace("A site", "A third title"));
    live.until_says("index.html", "A third title");
}

fn settings_may_stand_elsewhere<L: Live>(arguments: &[&str]) {
    let ground = Ground::new();
    ground.write(
        "beside/settings/mine.toml",
        MINIMAL.replace("A site", "Mine"),
    );
    let config = ground.beside("settings/mine.toml");
    let mut arguments = arguments.to_vec();
    arguments.extend(["--config", config.to_str().unwrap()]);
    let mut live: L = ground.live(&arguments);
    live.until_says("index.html", "Mine");
    save_by_renaming(&config, &MINIMAL.replace("A site", "Yours"));
    live.until_says("index.html", "Yours");
    // Its folder goes, and comes back with another file.
    fs::remove_dir_all(ground.beside("settings")).unwrap();
    ground.write(
        "beside/settings/mine.toml",
        MINIMAL.replace("A site", "Ours"),
    );
    live.until_says("index.html", "Ours");
}

fn themes_may_stand_elsewhere<L: Live>(arguments: &[&str]) {
    let ground = Ground::new();
    ground.write("beside/theme/static/mine.txt", "from elsewhere");
    link(&ground.beside("theme"), &ground.at("themes/gleaner"));
    let mut live: L = ground.live(&outside(arguments));
    live.until_says("assets/mine.txt", "from elsewhere");
    save_by_renaming(&ground.beside("theme/static/mine.txt"), "edited elsewhere");
    live.until_says("assets/mine.txt", "edited elsewhere");
    ground.write(
        "beside/theme/templates/page.html",
        "{% extends \"gleaner/page.html\" %}{% block main %}a template of mine{% endblock %}",
    );
    live.until_says("about.html", "a template of mine");
}

fn a_broken_site_waits_for_the_mend<L: Live>(arguments: &[&str]) {
    let ground = Ground::new();
    ground.write("site.toml", "[site\n");
    let mut live: L = ground.live(arguments);
    assert_eq!(live.page("about.html"), None);
    ground.write("site.toml", MINIMAL);
    live.until_says("about.html", "the beginning");
    let template = "{% extends \"gleaner/page.html\" %}{% block main %}{{ oops {% endblock %}";
    ground.write("themes/gleaner/templates/page.html", template);
    while live.process().wait_for("diagnostic")["severity"] != "error" {}
    ground.write(
        "themes/gleaner/templates/page.html",
        template.replace("{{ oops ", "mended"),
    );
    live.until_says("about.html", "mended");
}

fn what_no_build_reads_does_not_count<L: Live>(arguments: &[&str]) {
    let ground = Ground::new();
    ground.write("README.md", "beside the settings");
    ground.write("node_modules/x/y.js", "1");
    let mut live: L = ground.live(arguments);
    for path in [
        "public/foreign.html",
        ".gleaner/foreign",
        ".git/index",
        "README.md",
        "target/debug/x",
        "node_modules/x/y.js",
        "content/pages/.about.md.swp",
        "content/pages/.#about.md",
        "content/pages/#about.md#",
        "content/pages/about.md~",
        "content/pages/about.md___jb_tmp___",
        "content/pages/.hidden/x.md",
        "content/static/.DS_Store",
        "content/static/.goutputstream-X",
        "content/.obsidian/workspace",
    ] {
        ground.write(path, "nothing that counts");
    }
    // Vim tries whether it can write, and takes it back.
    ground.write("content/pages/4913", "");
    fs::remove_file(ground.at("content/pages/4913")).unwrap();
    // Who reads changes nothing, and neither does another time.
    fs::read(ground.at("content/pages/about.md")).unwrap();
    let touch = fs::File::options()
        .append(true)
        .open(ground.at("content/pages/about.md"));
    touch
        .unwrap()
        .set_modified(std::time::SystemTime::UNIX_EPOCH)
        .unwrap();
    ground.write("content/static/counts.txt", "counts");
    let mut told = BTreeSet::new();
    while !told.contains("content/static/counts.txt") {
        told.extend(live.changed());
    }
    // The page that was only touched may be told of in the same breath.
    told.remove("content/pages/about.md");
    assert_eq!(Vec::from_iter(told), ["content/static/counts.txt"]);
}

fn a_checkout_is_one_rebuild<L: Live>(arguments: &[&str]) {
    const FILES: usize = 1_000;
    let ground = Ground::new();
    let mut live: L = ground.live(arguments);
    // A machine that is busy elsewhere lets us wait in the middle of it, and who watches cannot know
    // that more is to come: hence three rounds.
    let (mut at_once, mut at_once_gone) = (false, false);
    for round in 0..3 {
        let folder = |n: usize| format!("content/static/{round}/{}", n % 50);
        for n in 0..FILES {
            ground.write(&format!("{}/{n}.txt", folder(n)), "checked out");
        }
        at_once |= live.rebuilds(FILES) == 1;
        for n in [0, 500, 999] {
            live.until_says(&format!("{round}/{}/{n}.txt", n % 50), "checked out");
        }
        for n in 0..50 {
            fs::remove_dir_all(ground.at(&folder(n))).unwrap();
        }
        at_once_gone |= live.rebuilds(FILES) == 1;
        live.until_gone(&format!("{round}/0/0.txt"));
        if at_once && at_once_gone {
            return;
        }
    }
    panic!("more than one rebuild each time");
}

#[test]
fn a_build_that_runs_beside_it_is_waited_for() {
    let ground = Ground::new();
    let mut live: Watch = ground.live(&[]);
    let lock = fs::File::open(ground.at(".gleaner/lock")).unwrap();
    lock.lock().unwrap();
    ground.write("content/pages/about.md", page("while it runs"));
    while live.process().wait_for("diagnostic")["code"] != "site-locked" {}
    lock.unlock().unwrap();
    live.until_says("about.html", "while it runs");
}
