//! `action.yml`: its own steps, against a server that plays the releases of a repository.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::expressions::{fill, holds};
use super::runner::{bash, write_program};
use super::workflow::action;
use crate::fetch::server::{Answer, Server};
use crate::site::repository;

const VERSION: &str = env!("CARGO_PKG_VERSION");
const GITHUB: &str = "https://github.example";
const RELEASES: &str = "/me/gleaner/releases/download";

/// What came of the action.
struct Used {
    good: bool,
    log: String,
    /// What stands on the PATH then.
    path: String,
}

/// What GitHub's program for attestations says here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attests {
    /// Yes to all that it is asked.
    All,
    /// That the release is ours, but of another commit.
    OtherCommit,
    Nothing,
    /// There is none that can verify.
    NoProgram,
}

/// The commit that a caller names.
const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// Runs the steps of the action on a Linux machine.
fn used(server: &Server, home: &Path, wanted: &str) -> Used {
    used_at(server, home, wanted, "v1", Attests::All)
}

/// The same for a caller that names this commit or tag.
fn used_at(server: &Server, home: &Path, wanted: &str, reference: &str, attests: Attests) -> Used {
    let text = fs::read_to_string(repository().join("action.yml")).unwrap();
    let files = tempfile::tempdir().unwrap();
    let (output, path) = (files.path().join("output"), files.path().join("path"));
    fs::write(&path, "").unwrap();
    let mut values: BTreeMap<String, String> = [
        ("inputs.version", wanted),
        ("runner.os", "Linux"),
        ("runner.arch", "X64"),
        ("github.action_path", repository().to_str().unwrap()),
        ("github.action_repository", "me/gleaner"),
        ("github.action_ref", reference),
        ("github.server_url", GITHUB),
        ("github.token", "t0ken-of-the-run"),
        ("steps.cache.outputs.cache-hit", ""),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    // A release comes by https alone, and here from this machine.
    let curl = format!(
        "[ \"$1 $2 $3\" = '--proto =https --tlsv1.2' ] || exit 9\n\
         shift 3 # --fail --silent --show-error --location --retry 3 --output FILE URL\n\
         exec /usr/bin/curl --fail --silent --show-error --output \"$8\" \"{}${{9#{GITHUB}}}\"",
        server.url("")
    );
    write_program(files.path(), "curl", &curl);
    let answer = match attests {
        Attests::All => "exit 0",
        Attests::NoProgram => "exit 127",
        Attests::OtherCommit => "case \"$*\" in *--source-digest*) exit 1 ;; esac",
        Attests::Nothing => "exit 1",
    };
    let gh = format!(
        "case \"$*\" in *--help*) echo --source-digest; exit ;; esac; [ -n \"$GH_TOKEN\" ] && [ -s \"$3\" ] || exit 9; echo \"gh $*\"; {answer}"
    );
    let gh = match attests {
        Attests::NoProgram => answer.to_owned(),
        _ => gh,
    };
    write_program(files.path(), "gh", &gh);
    // Instead of half an hour of compiling.
    write_program(files.path(), "cargo", "echo \"cargo $*\"; exit 3");
    let (mut good, mut log) = (true, String::new());
    for step in action(&text) {
        let Some(script) = &step.run else { continue };
        if !holds(step.condition.as_deref(), good, &values) {
            continue;
        }
        assert!(!script.contains("${{"), "{}", step.name);
        fs::write(&output, "").unwrap();
        let env = step
            .env
            .iter()
            .map(|(name, value)| (name, fill(value, &values, home)));
        let run = bash(files.path(), home, script)
            .env("HOME", home)
            .env("GITHUB_OUTPUT", &output)
            .env("GITHUB_PATH", &path)
            .envs(env)
            .output()
            .unwrap();
        good &= run.status.success();
        log.push_str(&String::from_utf8_lossy(&[run.stdout, run.stderr].concat()));
        for line in fs::read_to_string(&output).unwrap().lines() {
            let (name, value) = line.split_once('=').unwrap();
            values.insert(
                format!("steps.{}.outputs.{name}", step.id),
                value.to_owned(),
            );
        }
    }
    let path = fs::read_to_string(&path).unwrap();
    Used { good, log, path }
}

/// Offers a release whose program says which it is.
fn release(server: &Server, version: &str, checksum: Option<&str>) {
    let folder = tempfile::tempdir().unwrap();
    let name = format!("gleaner-{version}-x86_64-unknown-linux-musl");
    let inner = folder.path().join(&name);
    fs::create_dir(&inner).unwrap();
    write_program(
        &inner,
        "gleaner",
        &format!("echo gleaner {version}, released"),
    );
    let archive = folder.path().join("archive.tar.gz");
    let mut tar = Command::new("tar");
    tar.arg("-czf")
        .arg(&archive)
        .arg("-C")
        .arg(folder.path())
        .arg(&name);
    assert!(tar.status().unwrap().success());
    let sum = Command::new("sha256sum").arg(&archive).output().unwrap();
    let sum = String::from_utf8(sum.stdout).unwrap();
    let sum = checksum.unwrap_or_else(|| sum.split(' ').next().unwrap());
    let path = format!("{RELEASES}/v{version}/{name}.tar.gz");
    server.says(&path, [Answer::ok(fs::read(&archive).unwrap())]);
    server.says(
        &format!("{path}.sha256"),
        [Answer::ok(format!("{sum}  {name}.tar.gz\n"))],
    );
}

#[test]
#[cfg_attr(
    not(target_os = "linux"),
    ignore = "the programs that it uses are those of Linux"
)]
fn a_release_is_taken_if_its_checksum_is_right() {
    let server = Server::start();
    for (wanted, version) in [("", VERSION), ("v0.9.1", "0.9.1")] {
        let home = tempfile::tempdir().unwrap();
        release(&server, version, None);
        let used = used(&server, home.path(), wanted);
        assert!(used.good, "{}", used.log);
        assert!(
            used.log.contains(&format!("gleaner {version}, released")),
            "{}",
            used.log
        );
        let bin = format!("{}/.gleaner-action/bin\n", home.path().display());
        assert_eq!(used.path, bin);
    }
    let home = tempfile::tempdir().unwrap();
    release(&server, VERSION, Some(&"0".repeat(64)));
    let used = used(&server, home.path(), "");
    assert!(!used.good && used.log.contains("checksum"), "{}", used.log);
    assert!(!home.path().join(".gleaner-action/bin/gleaner").exists());
    assert_eq!(used.path, "");
}

#[test]
#[cfg_attr(
    not(target_os = "linux"),
    ignore = "the programs that it uses are those of Linux"
)]
fn a_release_is_taken_only_if_it_is_attested() {
    let server = Server::start();
    release(&server, VERSION, None);
    release(&server, "0.9.1", None);
    let home = || tempfile::tempdir().unwrap();
    let first = home();
    let good = used_at(&server, first.path(), "", COMMIT, Attests::All);
    assert!(good.good, "{}", good.log);
    let asked: Vec<&str> = good
        .log
        .lines()
        .filter(|line| line.starts_with("gh "))
        .collect();
    let common = format!(
        "--repo me/gleaner --signer-workflow me/gleaner/.github/workflows/release.yml --source-ref refs/tags/v{VERSION}"
    );
    assert!(asked.len() == 2 && asked[0].ends_with(&common), "{asked:?}");
    assert!(
        asked[1].ends_with(&format!("{common} --source-digest {COMMIT}")),
        "{asked:?}"
    );
    // Nothing proves who built it: nothing of it runs.
    for (wanted, reference) in [("", "v1"), ("", COMMIT), ("0.9.1", COMMIT)] {
        let home = home();
        let bad = used_at(&server, home.path(), wanted, reference, Attests::Nothing);
        assert!(
            !bad.good && bad.log.contains("is not attested"),
            "{}",
            bad.log
        );
        assert!(!home.path().join(".gleaner-action/bin/gleaner").exists());
    }
    // It is ours, but of another commit than the caller's: that one is built.
    let second = home();
    let other = used_at(&server, second.path(), "", COMMIT, Attests::OtherCommit);
    assert!(
        other.log.contains("cargo install --locked --path"),
        "{}",
        other.log
    );
    assert!(!second.path().join(".gleaner-action/bin/gleaner").exists());
    let third = home();
    let none = used_at(&server, third.path(), "", "v1", Attests::NoProgram);
    assert!(
        none.log.contains("cargo install --locked --path"),
        "{}",
        none.log
    );
    // Whoever names a tag, or another version, asks for no commit.
    for (wanted, reference) in [("", "v1"), ("0.9.1", COMMIT)] {
        let home = home();
        let tagged = used_at(
            &server,
            home.path(),
            wanted,
            reference,
            Attests::OtherCommit,
        );
        assert!(tagged.good, "{}", tagged.log);
    }
}

#[test]
#[cfg_attr(
    not(target_os = "linux"),
    ignore = "the programs that it uses are those of Linux"
)]
fn without_a_release_it_is_built_from_the_source_that_is_there() {
    let server = Server::start();
    let home = tempfile::tempdir().unwrap();
    let own = used(&server, home.path(), "");
    let source = repository().display();
    let built = format!("cargo install --locked --path {source} --root");
    assert!(own.log.contains(&built), "{}", own.log);
    let other = used(&server, home.path(), "0.9.1");
    let built = format!(
        "cargo install --locked --git {} --tag v0.9.1",
        format_args!("{GITHUB}/me/gleaner")
    );
    assert!(other.log.contains(&built), "{}", other.log);
}

#[test]
fn what_is_no_version_goes_nowhere() {
    let server = Server::start();
    let home = tempfile::tempdir().unwrap();
    for wanted in [
        "latest",
        "1.0",
        "1.0.0/../../x",
        "1.0.0\nown=x",
        "$(touch x)1.0.0",
        "--help",
    ] {
        let used = used(&server, home.path(), wanted);
        assert!(
            !used.good && used.log.contains("no version"),
            "{wanted}: {}",
            used.log
        );
    }
    assert_eq!(server.paths(), [""; 0]);
    assert!(!home.path().join("x").exists());
}
