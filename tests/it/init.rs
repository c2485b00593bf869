//! `gleaner init`: a site that builds at once, nothing overwritten, all or nothing.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::fetch::server::{Answer, Server};
use crate::site::{Outcome, Site, files, repository};

const FEED: &str = "<feed xmlns='http://www.w3.org/2005/Atom'><title>Blog</title><id>urn:b</id>\
    <updated>2026-11-01T00:00:00Z</updated><entry><id>urn:a</id><title>Apples</title>\
    <link href='https://o.example/a'/><updated>2026-11-01T00:00:00Z</updated></entry></feed>";

impl Site {
    /// Makes a site in the folder `new`.
    fn init(&self, arguments: &[&str]) -> Outcome {
        self.gleaner(&[&["init", "new"], arguments].concat())
    }

    /// Builds the site in the folder `new`; asserts that there is nothing to tell.
    #[track_caller]
    fn builds_at_once(&self) {
        let built = self.gleaner(&[
            "build",
            "--root",
            "new",
            "--deny-warnings",
            "--message-format",
            "short",
        ]);
        assert_eq!(
            (built.code, built.stderr.lines().count()),
            (0, 1),
            "{built:?}"
        );
    }

    fn made(&self) -> Vec<String> {
        let all = files(&self.path().join("new")).into_iter();
        all.filter(|path| !path.starts_with(".git/")).collect()
    }
}

#[test]
fn a_site_without_a_feed_builds_at_once() {
    let site = Site::empty();
    let made = site.init(&[]);
    assert_eq!((made.code, made.stdout.as_str()), (0, ""));
    insta::assert_snapshot!(made.stderr, @r"
    Made a site in new
      site.toml
      content/snapshots/.gitkeep
      content/notes/.gitkeep
      content/pages/about.md
      content/static/favicon.svg
      README.md
      .gitignore
      .gitattributes

    Next:
      cd new
      gleaner fetch         once you have named a feed in site.toml
      gleaner serve --open  shows the archive in your browser
      gleaner build         writes it into public/

    README.md explains what each folder is for
    ");
    site.builds_at_once();
    let home = site.read("new/public/index.html").unwrap();
    assert!(
        home.contains("<title>My archive</title>") && home.contains("Nothing here yet"),
        "{home}"
    );
    assert!(
        home.contains("favicon.svg") && home.contains("about.html"),
        "{home}"
    );
    assert!(site.path().join("new/.git").is_dir());
    let ignored = Command::new("git")
        .args(["status", "--porcelain", "--untracked-files=all"])
        .current_dir(site.path().join("new"))
        .output()
        .unwrap();
    let status = String::from_utf8(ignored.stdout).unwrap();
    assert!(
        !status.contains("public/") && !status.contains(".gleaner/"),
        "{status}"
    );
    assert!(status.contains("content/snapshots/.gitkeep"), "{status}");
}

#[test]
fn the_first_snapshot_is_fetched() {
    let server = Server::start();
    server.says("/feed/ada", [Answer::ok(FEED)]);
    let site = Site::empty();
    let url = server.url("/feed/ada");
    let made = site.init(&[
        "--feed",
        &url,
        "--allow-private-addresses",
        "--title",
        "Ada's \"things\"",
    ]);
    assert_eq!(made.code, 0, "{made:?}");
    assert!(
        made.stderr
            .contains("ada: 1 new entry, stored new/content/snapshots/ada/"),
        "{made:?}"
    );
    site.builds_at_once();
    let home = site.read("new/public/index.html").unwrap();
    assert!(
        home.contains("Apples") && home.contains("Ada&#39;s &quot;things&quot;"),
        "{home}"
    );
}

#[test]
fn a_feed_that_fails_is_told_and_the_site_stays() {
    let server = Server::start();
    server.says("/good", [Answer::ok(FEED)]);
    let site = Site::empty();
    let (good, bad) = (
        format!("good={}", server.url("/good")),
        format!("bad={}", server.url("/bad")),
    );
    let made = site.init(&["--feed", &bad, "--feed", &good, "--allow-private-addresses"]);
    assert_eq!(made.code, 1, "{made:?}");
    assert!(
        made.stderr.contains("bad: 127.0.0.1 answered 404") && made.stderr.contains("good: 1 new"),
        "{made:?}"
    );
    let next = "Next:\n  cd new\n  edit site.toml        correct the `url` of each feed that failed\n  \
                gleaner fetch         tries again\n  gleaner serve --open";
    assert!(made.stderr.contains(next), "{made:?}");
    assert_eq!(site.gleaner(&["build", "--root", "new"]).code, 0);
}

#[test]
fn a_secret_address_is_asked_for_and_never_written() {
    let server = Server::start();
    let site = Site::empty();
    let url = server.url("/rss?token=s3cr3t-t0ken");
    let made = site.init(&[
        "--feed",
        &format!("starred={url}"),
        "--github",
        "--action",
        "me/gleaner@v1",
    ]);
    assert_eq!(made.code, 0, "{made:?}");
    assert!(
        made.stderr.contains("STARRED_URL") && !made.stderr.contains("s3cr3t"),
        "{made:?}"
    );
    assert!(server.asked().is_empty());
    assert!(
        made.stderr
            .contains("  gleaner fetch         once STARRED_URL is set in the environment\n"),
        "{made:?}"
    );
    for path in site.made() {
        let text = site.read(&format!("new/{path}")).unwrap();
        assert!(!text.contains("s3cr3t"), "{path}");
    }
    let toml = site.read("new/site.toml").unwrap();
    assert!(
        toml.contains("[feeds.starred]\n") && toml.contains("url_env = \"STARRED_URL\""),
        "{toml}"
    );
    let workflow = site.read("new/.github/workflows/publish.yml").unwrap();
    assert!(
        workflow.contains("          STARRED_URL: ${{ secrets.STARRED_URL }}\n"),
        "{workflow}"
    );
    let readme = site.read("new/README.md").unwrap();
    assert!(readme.contains("`STARRED_URL`"), "{readme}");
}

#[test]
fn each_setting_that_is_only_shown_is_real() {
    let site = Site::empty();
    assert_eq!(site.init(&["--vcs", "none"]).code, 0);
    let toml = site.read("new/site.toml").unwrap();
    let is_setting = |line: &str| {
        let key = line.split([' ', '.']).next().unwrap();
        line.starts_with('[')
            || (line.contains(" = ") && key.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
    };
    let mut shown = 0;
    let mut used = String::new();
    for line in toml.lines() {
        let inner = line.strip_prefix("# ").filter(|line| is_setting(line));
        shown += usize::from(inner.is_some());
        used.push_str(inner.unwrap_or(line));
        used.push('\n');
    }
    assert_eq!(shown, 11, "{used}");
    let site = site.file("new/site.toml", used);
    let built = site.gleaner(&["build", "--root", "new", "--message-format", "short"]);
    let told: Vec<&str> = built
        .stderr
        .lines()
        .filter(|line| line.contains("]: "))
        .collect();
    assert_eq!(built.code, 0, "{built:?}");
    assert!(
        told.iter().all(|line| line.contains("config-unused-feed")),
        "{told:?}"
    );
}

#[test]
fn nothing_is_overwritten_and_nothing_half_written() {
    for (path, told) in [
        ("new", "there is a file of this name"),
        ("new/site.toml", "there is a site already"),
        ("new/content/posts/one.md", "the folder holds other files"),
        (
            "new/.github/workflows/publish.yml",
            "the file is there already",
        ),
    ] {
        let site = Site::empty().file(path, "mine\n");
        let made = site.init(&["--github", "--action", "me/gleaner@v1"]);
        assert_eq!(made.code, 1, "{made:?}");
        assert!(
            made.stderr.contains(told) && made.stderr.contains("init-taken"),
            "{path}: {made:?}"
        );
        assert_eq!(files(site.path()), [path], "{made:?}");
        assert_eq!(site.read(path).unwrap(), "mine\n");
    }
}

#[test]
fn a_fresh_clone_of_a_repository_becomes_a_site() {
    let site = Site::empty()
        .file("new/README.md", "# Mine\n")
        .file("new/LICENSE", "mine")
        .file("new/.gitignore", "*.bak\n/public/\n");
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.args(arguments).current_dir(site.path().join("new"));
        assert!(
            git.env("GIT_CONFIG_GLOBAL", "/dev/null")
                .status()
                .unwrap()
                .success()
        );
    };
    git(&["init", "--quiet", "--initial-branch=trunk"]);
    let made = site.gleaner(&["init", "new", "--github", "--action", "me/gleaner@v1"]);
    assert_eq!(made.code, 0, "{made:?}");
    assert_eq!(site.read("new/README.md").unwrap(), "# Mine\n");
    // That README explains nothing of ours.
    assert!(
        made.stderr.ends_with(
            "\n.github/workflows/publish.yml says at its beginning what to do once on GitHub\n"
        ) && made.stderr.matches("README").count() == 1,
        "{made:?}"
    );
    let told =
        ".gitignore: there already, and left as it is; add to it: /.gleaner/, .gleaner-*.tmp\n";
    assert!(made.stderr.contains(told), "{made:?}");
    let workflow = site.read("new/.github/workflows/publish.yml").unwrap();
    assert!(workflow.contains("branches: [\"trunk\"]"), "{workflow}");
    site.builds_at_once();

    // Further down, GitHub would not look for a workflow; and no repository is made in a repository.
    let below = site.gleaner(&[
        "init",
        "new/deep/er",
        "--github",
        "--action",
        "me/gleaner@v1",
    ]);
    assert_eq!(below.code, 1, "{below:?}");
    assert!(
        below.stderr.contains("needs the top of a repository"),
        "{below:?}"
    );
    assert!(!site.path().join("new/deep").exists());
    assert_eq!(site.gleaner(&["init", "new/deep/er"]).code, 0);
    assert!(!site.path().join("new/deep/er/.git").exists());

    // What lies beside the repository does not lie in it, though the path begins there.
    let mut gleaner = Command::new(env!("CARGO_BIN_EXE_gleaner"));
    let beside = gleaner.args(["init", "../beside", "--github", "--action", "me/gleaner@v1"]);
    let beside = beside
        .current_dir(site.path().join("new"))
        .output()
        .unwrap();
    assert!(beside.status.success(), "{beside:?}");
    assert!(site.path().join("beside/.git").is_dir());
}

#[test]
fn every_built_in_theme_can_be_chosen_in_a_new_site() {
    let site = Site::empty();
    assert_eq!(site.init(&["--vcs", "none"]).code, 0);
    let toml = site.read("new/site.toml").unwrap();
    for theme in ["plain", "gleaner"] {
        let toml = format!("{toml}\n[theme]\nname = \"{theme}\"\n");
        fs::write(site.path().join("new/site.toml"), toml).unwrap();
        site.builds_at_once();
        let home = site.read("new/public/index.html").unwrap();
        assert!(
            home.contains("rel=\"icon\" href=\"./favicon.svg\""),
            "{home}"
        );
    }
}

#[test]
fn a_new_site_names_no_document_without_its_address() {
    let site = Site::empty();
    site.init(&["--github", "--action", "me/gleaner@v1", "--vcs", "none"]);
    let other = Site::empty();
    other.init(&["--vcs", "none"]);
    for site in [site, other] {
        for path in site.made() {
            let text = site.read(&format!("new/{path}")).unwrap();
            assert!(!text.contains("Gleaner's README"), "{path}");
            for (at, _) in text.match_indices("Gleaner's guide") {
                assert!(
                    text[at..].starts_with("Gleaner's guide](https://"),
                    "{path}"
                );
            }
        }
    }
}

#[test]
fn a_workflow_for_feeds_at_home_says_so_itself() {
    let site = Site::empty();
    let workflow = |arguments: &[&str]| {
        let github = ["--github", "--action", "me/gleaner@v1", "--vcs", "none"];
        let made = site.init(&[&github, arguments].concat());
        assert_eq!(made.code, 0, "{made:?}");
        let workflow = site.read("new/.github/workflows/publish.yml").unwrap();
        fs::remove_dir_all(site.path().join("new")).unwrap();
        workflow
    };
    let line = "          GLEANER_ALLOW_PRIVATE_ADDRESSES: \"1\"\n";
    assert!(workflow(&["--allow-private-addresses"]).contains(line));
    assert!(!workflow(&[]).contains("GLEANER_ALLOW"));
}

#[test]
fn without_git_there_is_a_site_all_the_same() {
    let site = Site::empty().variable("PATH", "/nowhere");
    let made = site.init(&[]);
    assert_eq!(made.code, 0, "{made:?}");
    assert!(
        made.stderr
            .contains("warning[init-incomplete]: no git repository"),
        "{made:?}"
    );
    site.builds_at_once();
}

#[test]
fn what_cannot_be_a_site_is_a_usage_error() {
    let site = Site::empty();
    for arguments in [
        &["init"][..],
        &["init", "new", "--feed", "example.org/feed"],
        &["init", "new", "--feed", "../x=https://e.org/"],
        &["init", "new", "--feed", "https:/e.org/"],
        &["init", "new", "--feed", "nul=https://e.org/"],
        &["init", "new", "--feed", "blog.=https://e.org/"],
        &["init", "new", "--base-url", "https:/e.org/"],
        &["init", "new", "--github", "--action", "me/gleaner@main"],
        &["init", "new", "--github", "--action", "me/gleaner@abc1234"],
        &["init", "new", "--base-url", "example.org"],
        &["init", "new", "--action", "me/gleaner@v1"],
        &["init", "new", "--github", "--action", "gleaner"],
    ] {
        let outcome = site.gleaner(arguments);
        assert_eq!(
            (outcome.code, outcome.stdout.as_str()),
            (2, ""),
            "{arguments:?}"
        );
    }
    if env!("CARGO_PKG_REPOSITORY").is_empty() {
        let outcome = site.gleaner(&["init", "new", "--github"]);
        assert!(
            outcome.code == 2 && outcome.stderr.contains("--action OWNER/REPO@REF"),
            "{outcome:?}"
        );
    }
    assert!(!site.path().join("new").exists());
}

#[test]
fn the_workflow_is_that_of_the_repository() {
    // What `init` embeds lies beside it, for tools that check workflows.
    let path = repository().join("src/bin/gleaner/init/files/publish.yml");
    let template = fs::read_to_string(path).unwrap();
    let site = Site::empty();
    site.init(&["--github", "--action", "me/gleaner@v1", "--vcs", "none"]);
    let written = site.read("new/.github/workflows/publish.yml").unwrap();
    assert_eq!(
        template.matches("uses: @ACTION@").count(),
        written.matches("uses: me/gleaner@v1").count()
    );
    assert!(Path::new(&site.path().join("new/.gitattributes")).exists());
}
