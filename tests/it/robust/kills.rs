//! `kill -9` at any moment of a build, with its cache and over its earlier output.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{Dice, in_round, long_rounds};
use crate::site::{Site, files};

#[test]
fn after_a_few_kills_a_build_makes_what_a_clean_one_does() {
    killed(8);
}

#[test]
#[ignore = "long: run by .ci/long"]
fn after_many_kills_a_build_makes_what_a_clean_one_does() {
    killed(long_rounds());
}

fn killed(rounds: u32) {
    let mut dice = Dice(1);
    let mut site = in_round(Site::empty(), 0);
    let began = Instant::now();
    assert_eq!(site.build().code(), 0);
    let mut took = began.elapsed();
    let mut cut_short = 0;
    for round in 1..=rounds {
        site = in_round(site, round);
        for _ in 0..=dice.below(2) {
            cut_short += u32::from(kill(&site, took, &mut dice));
        }
        // Every fourth time, the cache is all that is left.
        if dice.below(4) == 0 {
            let _ = std::fs::remove_dir_all(site.path().join("public"));
        }
        let built = site.build();
        assert_eq!(built.code(), 0, "round {round}: {}", built.messages());
        let clean = site.path().join("clean");
        let began = Instant::now();
        let arguments = ["--no-cache", "--output", clean.to_str().unwrap()];
        let whole = site.build_into(clean.clone(), &arguments);
        took = began.elapsed();
        assert_same(&built.tree(), &whole.tree(), round);
        std::fs::remove_dir_all(clean).unwrap();
        let left = files(&site.path().join("public")).into_iter();
        let left: Vec<String> = left.filter(|path| path.contains(".gleaner-")).collect();
        assert_eq!(left, [".gleaner-files.json"], "round {round}");
    }
    eprintln!("{cut_short} builds were killed in {rounds} rounds");
    assert!(cut_short > 0, "no build was cut short");
}

/// Builds, and kills that at some moment; whether it was still at work.
fn kill(site: &Site, took: Duration, dice: &mut Dice) -> bool {
    let mut running = Command::new(env!("CARGO_BIN_EXE_gleaner"))
        .args(["build", "--quiet", "--root"])
        .arg(site.path())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // Not to wait for anything, but to come at any time.
    let moment = u64::try_from(took.as_micros()).unwrap();
    std::thread::sleep(Duration::from_micros(dice.below(moment)));
    let was_at_work = running.try_wait().unwrap().is_none();
    running.kill().unwrap();
    running.wait().unwrap();
    was_at_work
}

/// Names what differs, which may be megabytes.
#[track_caller]
fn assert_same(left: &BTreeMap<String, Vec<u8>>, right: &BTreeMap<String, Vec<u8>>, round: u32) {
    let differs = |path: &&String| left.get(*path) != right.get(*path);
    let paths: BTreeSet<_> = left.keys().chain(right.keys()).filter(differs).collect();
    assert!(paths.is_empty(), "round {round}: {paths:#?}");
}
