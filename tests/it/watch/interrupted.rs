//! Ctrl-C and SIGTERM: at once, and no file is left half.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::live::{Live, Process, Watch, signal};
use crate::site::{Built, Site, copy, files};

/// The numbers of the signals.
const SIGINT: i32 = 2;
/// How often a build is interrupted.
const TIMES: u32 = 16;

#[test]
fn watch_ends_well_when_it_is_told_to() {
    for told in ["-INT", "-TERM"] {
        let site = Site::new();
        let mut watch = Watch::start(site.path(), &[]);
        let process: &mut Process = watch.process();
        signal(told, &process.id());
        assert_eq!(process.wait().code(), Some(0), "{told}");
    }
}

#[test]
fn an_interrupted_build_leaves_whole_files_and_the_next_one_the_site() {
    let site = filled(Site::new(), "word ", "0123456789abcdef");
    let old = site.path().join("old");
    let before = build(&site, &old).tree();
    let site = filled(site, "other words ", "fedcba9876543210");
    let began = Instant::now();
    let whole = build(&site, &site.path().join("whole")).tree();
    let took = began.elapsed();
    let mut cut_short = 0;
    for time in 1..=TIMES {
        let folder = site.path().join(format!("cut-{time}"));
        // Every other time over an old site, whose files are replaced.
        let is_over = time % 2 == 0;
        if is_over {
            copy(&old, &folder);
        }
        let mut running = Command::new(env!("CARGO_BIN_EXE_gleaner"))
            .args(["build", "--quiet", "--no-cache", "--root"])
            .arg(site.path())
            .arg("--output")
            .arg(&folder)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Not to wait for anything, but to come at any time.
        std::thread::sleep(took * time / TIMES);
        if running.try_wait().unwrap().is_none() {
            signal("-INT", &running.id().to_string());
        }
        let told = Instant::now();
        let status = running.wait().unwrap();
        if status.signal() == Some(SIGINT) {
            cut_short += 1;
            assert!(told.elapsed() < Duration::from_secs(5), "it ends at once");
        }
        for file in files(&folder) {
            if file.contains(".gleaner-") {
                continue;
            }
            let bytes = std::fs::read(folder.join(&file)).unwrap();
            let is_old = is_over && before.get(&file) == Some(&bytes);
            let is_new = whole.get(&file) == Some(&bytes);
            assert!(is_old || is_new, "{file} is not whole");
        }
        assert_same(&build(&site, &folder).tree(), &whole);
        std::fs::remove_dir_all(folder).unwrap();
    }
    assert!(cut_short > 0, "no build was cut short");
}

/// Adds pages and files that are long enough to be cut off.
fn filled(mut site: Site, word: &str, bytes: &str) -> Site {
    for n in 0..40 {
        let text = word.repeat(20_000);
        let page = format!("+++\ntitle = \"Page {n}\"\n+++\n\n{text}\n");
        site = site
            .file(&format!("content/pages/{n}.md"), page)
            .file(&format!("content/static/{n}.bin"), bytes.repeat(64 << 10));
    }
    site
}

fn build(site: &Site, folder: &Path) -> Built {
    let output = folder.to_str().unwrap();
    let built = site.build_into(folder.to_path_buf(), &["--no-cache", "--output", output]);
    assert_eq!(built.code(), 0, "{}", built.messages());
    built
}

/// Names what differs, which may be megabytes.
#[track_caller]
fn assert_same(left: &BTreeMap<String, Vec<u8>>, right: &BTreeMap<String, Vec<u8>>) {
    let differs = |path: &&String| left.get(*path) != right.get(*path);
    let paths: BTreeSet<_> = left.keys().chain(right.keys()).filter(differs).collect();
    assert!(paths.is_empty(), "{paths:#?}");
}
