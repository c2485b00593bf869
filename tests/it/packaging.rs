//! What leaves the repository: the archive of a release, and the workflows that make it.

use std::fs;
use std::process::Command;

use crate::site::{Site, files, repository};

fn workflows() -> Vec<(String, String)> {
    let folder = repository().join(".github/workflows");
    let names = files(&folder).into_iter();
    names
        .map(|name| {
            let text = fs::read_to_string(folder.join(&name)).unwrap();
            (name, text)
        })
        .collect()
}

#[test]
fn actions_are_pinned_and_nothing_may_be_done_unless_it_is_said() {
    let workflows = workflows();
    assert!(workflows.iter().any(|(name, _)| name == "release.yml"));
    for (name, text) in workflows {
        assert!(text.contains("\npermissions: {}\n"), "{name}");
        for (_, used) in text.lines().filter_map(|line| line.split_once("uses: ")) {
            let (action, version) = used.split_once(" # v").unwrap_or((used, ""));
            let commit = action.split_once('@').map_or("", |(_, commit)| commit);
            let is_commit = commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit());
            assert!(is_commit && !version.is_empty(), "{name}: {used}");
        }
        // What an event says of itself reaches no shell but through the environment.
        let mut runs = text.split("run: ").skip(1);
        assert!(
            runs.all(|run| !run.split("\n      - ").next().unwrap().contains("${{")),
            "{name}"
        );
    }
}

#[cfg(unix)]
#[test]
fn the_archive_of_a_release_is_whole_and_its_checksum_true() {
    let site = Site::empty();
    let packed = Command::new(repository().join(".ci/package"))
        .args([
            env!("CARGO_BIN_EXE_gleaner"),
            "x86_64-unknown-linux-musl",
            "out",
        ])
        .current_dir(site.path())
        .output();
    let packed = match packed {
        Ok(packed) => packed,
        Err(error) => {
            eprintln!("no bash: skipped: {error}");
            return;
        }
    };
    assert!(packed.status.success(), "{packed:?}");
    let name = format!(
        "gleaner-{}-x86_64-unknown-linux-musl",
        env!("CARGO_PKG_VERSION")
    );
    let asset = format!("{name}.tar.gz");
    assert_eq!(
        files(&site.path().join("out")),
        [asset.clone(), format!("{asset}.sha256")]
    );
    let run = |program: &str, arguments: &[&str]| {
        let mut command = Command::new(program);
        let command = command.args(arguments).current_dir(site.path().join("out"));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{program}: {output:?}");
    };
    run(
        "sha256sum",
        &["--check", "--strict", &format!("{asset}.sha256")],
    );
    run("tar", &["-xzf", &asset]);
    let inside = files(&site.path().join("out").join(&name));
    for file in [
        "gleaner",
        "README.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "completions/gleaner.bash",
        "completions/_gleaner",
        "man/gleaner.1",
        "man/gleaner-fetch.1",
    ] {
        assert!(inside.iter().any(|it| it == file), "{file}: {inside:?}");
    }
    run(&format!("./{name}/gleaner"), &["--version"]);
}
