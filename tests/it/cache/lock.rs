//! Two runs on one site: one of them works, the other says so and does nothing.

use std::fs::{self, File};
use std::process::{Child, Command, Stdio};

use super::site;
use crate::site::Site;

#[test]
fn a_run_on_a_site_that_is_locked_says_so_and_does_nothing() {
    let site = site();
    fs::create_dir(site.path().join(".gleaner")).unwrap();
    let lock = File::create(site.path().join(".gleaner/lock")).unwrap();
    lock.lock().unwrap();
    for command in [&["build"][..], &["build", "--no-cache"], &["check"]] {
        let outcome = site.gleaner(command);
        assert_eq!(outcome.code, 1, "{}", outcome.stderr);
        for words in [
            "error[site-locked]",
            "another run of Gleaner is at work on this site",
            "hint: wait until it has ended",
        ] {
            assert!(
                outcome.stderr.contains(words),
                "{words}: {}",
                outcome.stderr
            );
        }
    }
    assert!(!site.path().join("public").exists());
    lock.unlock().unwrap();
    site.build().clean();
    assert_eq!(site.build().clean().wrote(), [""; 0]);
}

#[test]
fn who_holds_the_lock_is_named() {
    let site = site();
    site.build().clean();
    let lock = File::options()
        .write(true)
        .open(site.path().join(".gleaner/lock"))
        .unwrap();
    lock.lock().unwrap();
    fs::write(site.path().join(".gleaner/lock"), "4711\n").unwrap();
    let told = site.build().diagnostics();
    assert!(
        told.len() == 1 && told[0].contains("(process 4711)"),
        "{told:?}"
    );
}

#[test]
fn two_builds_at_once_leave_what_one_would() {
    let site = Site::example();
    let whole = Site::example().build().clean().tree();
    for round in 0..4 {
        let toml = site.read("site.toml").unwrap();
        fs::write(site.path().join("site.toml"), format!("{toml}# {round}\n")).unwrap();
        let both = [start(&site), start(&site)];
        let mut done = 0;
        for child in both {
            let output = child.wait_with_output().unwrap();
            let told = String::from_utf8_lossy(&output.stderr);
            done += usize::from(output.status.success());
            assert!(
                output.status.success() || told.contains("error[site-locked]"),
                "{told}"
            );
        }
        assert!(done >= 1, "one of them works");
        let again = site.build().clean();
        assert_eq!(again.tree(), whole);
        assert_eq!(again.wrote(), [""; 0]);
    }
}

fn start(site: &Site) -> Child {
    Command::new(env!("CARGO_BIN_EXE_gleaner"))
        .args(["build", "--quiet", "--root"])
        .arg(site.path())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}
