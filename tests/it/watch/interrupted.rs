//! Ctrl-C and SIGTERM: at once, and no file is left half.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::live::{Live, Process, Watch};
use crate::site::{Site, files};

/// The numbers of the signals.
const SIGINT: i32 = 2;
/// How often a build is interrupted.
const TIMES: u32 = 16;

fn send(signal: &str, process: &str) {
    let kill = Command::new("kill").args([signal, process]).status();
    assert!(kill.unwrap().success());
}

#[test]
fn watch_ends_well_when_it_is_told_to() {
    for signal in ["-INT", "-TERM"] {
        let site = Site::new();
        let mut watch = Watch::start(site.path(), &[]);
        let process: &mut Process = watch.process();
        send(signal, &process.id());
        assert_eq!(process.wait().code(), Some(0), "{signal}");
    }
}

#[test]
fn an_interrupted_build_leaves_whole_files_and_the_next_one_the_site() {
    let mut site = Site::new();
    for n in 0..60 {
        let page = format!(
            "+++\ntitle = \"Page {n}\"\n+++\n\n{}\n",
            "word ".repeat(20_000)
        );
        let file = "0123456789abcdef".repeat(64 << 10);
        site = site
            .file(&format!("content/pages/{n}.md"), page)
            .file(&format!("content/static/{n}.bin"), file);
    }
    let began = Instant::now();
    let folder = site.path().join("whole");
    let output = folder.to_str().unwrap().to_owned();
    let whole = site.build_into(folder, &["--no-cache", "--output", &output]);
    let took = began.elapsed();
    let (code, whole) = (whole.code(), whole.tree());
    assert_eq!(code, 0);
    let mut cut_short = 0;
    for time in 1..=TIMES {
        let folder = site.path().join(format!("cut-{time}"));
        let mut build = Command::new(env!("CARGO_BIN_EXE_gleaner"))
            .args(["build", "--quiet", "--no-cache", "--root"])
            .arg(site.path())
            .arg("--output")
            .arg(&folder)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Not to wait for anything, but to come at any time.
        std::thread::sleep(took * time / TIMES);
        if build.try_wait().unwrap().is_none() {
            send("-INT", &build.id().to_string());
        }
        let told = Instant::now();
        let status = build.wait().unwrap();
        if status.signal() == Some(SIGINT) {
            cut_short += 1;
            assert!(told.elapsed() < Duration::from_secs(5), "it ends at once");
        }
        for file in files(&folder) {
            if file.contains(".gleaner-") {
                continue;
            }
            let bytes = std::fs::read(folder.join(&file)).unwrap();
            assert!(whole.get(&file) == Some(&bytes), "{file} is not whole");
        }
        let output = folder.to_str().unwrap().to_owned();
        let mended = site.build_into(folder, &["--no-cache", "--output", &output]);
        assert_eq!(mended.code(), 0, "{}", mended.messages());
        assert_same(&mended.tree(), &whole);
        std::fs::remove_dir_all(output).unwrap();
    }
    assert!(cut_short > 0, "no build was cut short");
}

/// Names what differs, which may be megabytes.
#[track_caller]
fn assert_same(left: &BTreeMap<String, Vec<u8>>, right: &BTreeMap<String, Vec<u8>>) {
    let differs = |path: &&String| left.get(*path) != right.get(*path);
    let paths: BTreeSet<_> = left.keys().chain(right.keys()).filter(differs).collect();
    assert!(paths.is_empty(), "{paths:#?}");
}
