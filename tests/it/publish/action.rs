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
const RELEASES: &str = "/me/gleaner/releases/download";

/// What came of the action.
struct Used {
    good: bool,
    log: String,
    /// What stands on the PATH then.
    path: String,
}

/// Runs the steps of the action on a Linux machine.
fn used(server: &Server, home: &Path, wanted: &str) -> Used {
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
        ("github.server_url", &server.url("")),
        ("steps.cache.outputs.cache-hit", ""),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
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
        server.url("/me/gleaner")
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
