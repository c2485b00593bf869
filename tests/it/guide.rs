//! What the README and the guide show is run: each page is a story, told in order on a copy of the
//! example archive.
//!
//! - `console` and `shell`: run by bash in the site's folder; the first command that fails ends it.
//!   What would leave the machine or never end has a stand-in ([`STAND_INS`]).
//! - `toml`: a whole site.toml where it has a `[site]`; else a part, added to the one that stands
//!   there. A first line `# theme.toml` or the like names another file.
//! - `markdown`: a note or page; the first line of its front matter names the file.
//! - `jinja`: a template, named by its first line; the site is built with it.
//! - `yaml`: a file for somebody else's machine, which is at least YAML.
//! - `text`: a picture, no code; or a file for a program that we cannot run.
//!
//! After each file, the site must pass `check`; after each page, it must build. A block in a language
//! that stands in no line above fails the test.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use saphyr::LoadableYamlNode;
use toml::{Table, Value};

use crate::fetch::server::{Answer, Server};
use crate::site::{Site, files, repository};

/// The page that `gleaner explain` prints from.
const EXPLANATIONS: &str = "content/pages/guide/troubleshooting.md";

/// Programs that stand before the real ones in the path, each with its reason.
const STAND_INS: &[(&str, &str)] = &[
    (
        // `serve` and `watch` go on until Ctrl-C: their command line must be understood. `fetch` asks a
        // server of this machine, whatever the page says, and need not wait between two requests.
        "gleaner",
        r##"case "$1" in
serve|watch) "$GLEANER" "$@" --help > "$STORY/help" ;;
fetch)
  sed "s#^url = .*#url = \"$FEED\"#" site.toml > "$STORY/site.toml"
  printf '\n[fetch]\nallow_private_addresses = true\n' >> "$STORY/site.toml"
  if [ -n "$STARRED_URL" ]; then export STARRED_URL="$FEED"; fi
  "$GLEANER" "$@" --config "$STORY/site.toml" --wait 10 ;;
init) "$GLEANER" "$@" --no-fetch ;;
*) "$GLEANER" "$@" ;;
esac"##,
    ),
    (
        // The tests run already, benchmarks take an hour, and to install builds all anew.
        "cargo",
        r#"case "$*" in
"run --release -- "*) shift 3; exec gleaner "$@" ;;
test|"bench --bench build"|"install --path .") ;;
*) echo "no stand-in: cargo $*" >&2; exit 1 ;;
esac"#,
    ),
    // Copies to a server that is none, or asks for an account.
    ("rsync", "test -d public"),
    ("npx", "test -d public"),
    // Nothing is to be started on this machine.
    ("systemctl", ":"),
    ("loginctl", ":"),
];

#[derive(Debug)]
struct Block {
    /// Where it stands.
    place: String,
    language: String,
    text: String,
}

fn blocks(document: &str) -> Vec<Block> {
    let text = fs::read_to_string(repository().join(document)).unwrap();
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_open = false;
    for (number, line) in text.lines().enumerate() {
        match (line.strip_prefix("```"), is_open) {
            (Some(language), false) => {
                blocks.push(Block {
                    place: format!("{document}:{}", number + 1),
                    language: language.to_owned(),
                    text: String::new(),
                });
                is_open = true;
            }
            (Some(_), true) => is_open = false,
            (None, true) => {
                let block = blocks.last_mut().unwrap();
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, false) => {}
        }
    }
    assert!(!is_open, "{document}: a block without an end");
    blocks
}

/// A page's site, and what stands around it.
struct Story {
    site: Site,
    around: tempfile::TempDir,
    server: Server,
}

impl Story {
    fn begin() -> Self {
        let around = tempfile::tempdir().unwrap();
        let bin = around.path().join("bin");
        fs::create_dir(&bin).unwrap();
        for (name, script) in STAND_INS {
            let file = bin.join(name);
            fs::write(&file, format!("#!/bin/sh\nset -e\n{script}\n")).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let server = Server::start();
        let feed = "<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title><id>urn:f</id>\
            <updated>2026-11-01T00:00:00Z</updated><entry><id>urn:a</id><title>A</title>\
            <updated>2026-11-01T00:00:00Z</updated><link href='https://o.example/a'/></entry></feed>";
        server.says("/feed", [Answer::ok(feed)]);
        // Its owner has set the address: a check that follows finds nothing.
        let site = Site::example();
        let toml = site.read("site.toml").unwrap();
        let site = site.file("site.toml", toml.replace("example.org", "me.github.io"));
        Story {
            site,
            around,
            server,
        }
    }

    /// Runs commands in the site's folder, each of which must succeed.
    fn run(&self, place: &str, script: &str) {
        let around = self.around.path().display().to_string();
        let path = std::env::var("PATH").unwrap();
        let output = Command::new("bash")
            .args(["-euo", "pipefail", "-c", script])
            .current_dir(self.site.path())
            .env("PATH", format!("{around}/bin:{path}"))
            .env("GLEANER", env!("CARGO_BIN_EXE_gleaner"))
            .env("STORY", &around)
            .env_remove("CI")
            .env("FEED", self.server.url("/feed"))
            .env("STARRED_URL", "")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs([
                ("GIT_AUTHOR_NAME", "Me"),
                ("GIT_AUTHOR_EMAIL", "me@me.example"),
            ])
            .envs([
                ("GIT_COMMITTER_NAME", "Me"),
                ("GIT_COMMITTER_EMAIL", "me@me.example"),
            ])
            .env("GIT_CONFIG_COUNT", "1")
            .env(
                "GIT_CONFIG_KEY_0",
                format!("url.{around}/remote.git.insteadOf"),
            )
            .env("GIT_CONFIG_VALUE_0", "git@github.com:me/archive.git")
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{place}:\n{script}\n{told}");
    }

    fn tell(&mut self, block: &Block) {
        let place = &block.place;
        match block.language.as_str() {
            "console" | "shell" => {
                self.prepare(&block.text);
                self.run(place, &block.text);
            }
            "toml" => self.settings(block),
            "markdown" => {
                let file = block.text.lines().nth(1).and_then(named);
                let file = file.unwrap_or("content/notes/unnamed.md");
                self.write(file, &block.text);
                self.check(place);
            }
            "jinja" => {
                let file = block.text.lines().next().and_then(named);
                let file = file.unwrap_or_else(|| panic!("{place}: a template without a name"));
                self.write(file, &block.text);
                self.run(place, "gleaner build");
            }
            "json" => {
                let value: Result<serde_json::Value, _> = serde_json::from_str(&block.text);
                assert!(value.is_ok(), "{place}: {value:?}");
            }
            "yaml" => {
                let yaml = saphyr::Yaml::load_from_str(&block.text);
                assert!(yaml.is_ok(), "{place}: {yaml:?}");
            }
            "text" => {}
            other => panic!("{place}: nobody knows how to run `{other}`"),
        }
    }

    /// What a page takes for granted: a repository that was pushed before.
    fn prepare(&self, script: &str) {
        let anew = "rm -rf \"$STORY/remote.git\"; git init --quiet --bare \"$STORY/remote.git\"";
        if script.contains("git remote add") {
            self.run("a new repository at the host", anew);
            return;
        }
        let wants_git = script.contains("git ") && !script.contains("git init");
        if wants_git && !self.site.path().join(".git").exists() {
            self.run("a new repository at the host", anew);
            self.run(
                "a repository",
                "git init --quiet && git add . && git commit --quiet --message x && \
                 git branch --move --force main && \
                 git remote add origin git@github.com:me/archive.git && \
                 git push --quiet --set-upstream origin main",
            );
        }
    }

    /// A file that is TOML: site.toml, as a whole or in part, unless the block names another.
    fn settings(&mut self, block: &Block) {
        let place = &block.place;
        let said: Table = block
            .text
            .parse()
            .unwrap_or_else(|error| panic!("{place}: {error}"));
        match block.text.lines().next().and_then(named) {
            None | Some("site.toml") if said.contains_key("site") => {
                self.write("site.toml", &block.text);
            }
            None | Some("site.toml") => {
                let old = self.site.read("site.toml").unwrap();
                let mut all: Table = old.parse().unwrap();
                add(&mut all, said);
                self.write("site.toml", &all.to_string());
            }
            Some(file) => self.write(file, &block.text),
        }
        self.check(place);
    }

    fn write(&self, file: &str, text: &str) {
        let file = self.site.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn check(&self, place: &str) {
        self.run(place, "gleaner check --quiet --message-format short");
    }
}

/// The file that the first line of a block names, if it does: `# site.toml`, `{# themes/… #}`.
fn named(line: &str) -> Option<&str> {
    let inner = line.strip_prefix("# ");
    let inner = inner.or_else(|| line.strip_prefix("{# ")?.strip_suffix(" #}"))?;
    (Path::new(inner).extension().is_some() && !inner.contains(' ')).then_some(inner)
}

/// Adds settings to others; what is said last counts.
fn add(all: &mut Table, more: Table) {
    for (key, value) in more {
        match (all.get_mut(&key), value) {
            (Some(Value::Table(old)), Value::Table(new)) => add(old, new),
            (_, value) => drop(all.insert(key, value)),
        }
    }
}

fn documents() -> Vec<String> {
    let guide = files(&repository().join("content/pages/guide")).into_iter();
    let guide = guide.map(|name| format!("content/pages/guide/{name}"));
    let guide = guide.filter(|name| name != EXPLANATIONS);
    guide.chain(["README.md".to_owned()]).collect()
}

#[test]
fn everything_that_the_guide_shows_is_run() {
    let mut told = 0;
    for document in documents() {
        let blocks = blocks(&document);
        if blocks.is_empty() {
            continue;
        }
        let mut story = Story::begin();
        for block in &blocks {
            story.tell(block);
        }
        story.run(&document, "gleaner build --quiet");
        told += blocks.len();
    }
    assert!(told > 50, "{told}");
}

/// The texts of `gleaner explain` are too short for stories: what they show is at least understood.
#[test]
fn what_the_explanations_show_is_understood() {
    let story = Story::begin();
    for block in blocks(EXPLANATIONS) {
        let place = &block.place;
        match block.language.as_str() {
            "console" | "shell" | "sh" => {
                for line in block.text.lines() {
                    if let Some((_, arguments)) = line.split_once("gleaner ") {
                        story.run(place, &format!("\"$GLEANER\" {arguments} --help"));
                    }
                }
            }
            "toml" => {
                let lines = block.text.lines();
                let right = lines.filter(|line| !line.contains("# wrong"));
                let right: String = right.map(|line| format!("{line}\n")).collect();
                let said: Table = right
                    .parse()
                    .unwrap_or_else(|error| panic!("{place}: {error}"));
                if said.values().all(Value::is_table) {
                    let mut all: Table = crate::site::MINIMAL.parse().unwrap();
                    add(&mut all, said);
                    story.write("site.toml", &all.to_string());
                    story.check(place);
                }
            }
            "markdown" => {
                story.write("content/notes/shown.md", &block.text);
                story.write("site.toml", crate::site::MINIMAL);
                story.check(place);
                fs::remove_file(story.site.path().join("content/notes/shown.md")).unwrap();
            }
            "jinja" => {
                let page = format!(
                    "{{% extends \"gleaner/entry.html\" %}}{{% block main %}}{}{{% endblock main %}}",
                    block.text
                );
                story.write("themes/gleaner/templates/entry.html", &page);
                story.run(place, "gleaner build --quiet");
            }
            // A line of the list of originals that are gone.
            "text" => {
                story.write("content/originals.txt", &block.text);
                story.write("site.toml", crate::site::MINIMAL);
                story.check(place);
            }
            // Of the page of somebody else.
            "html" => {}
            other => panic!("{place}: nobody knows how to run `{other}`"),
        }
    }
}
