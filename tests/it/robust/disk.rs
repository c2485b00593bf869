//! Disks that are full or cannot be written, small ones in memory. Only root may mount them: for
//! others, these tests are skipped.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Dice, in_round, long_rounds};
use crate::fetch::feed;
use crate::fetch::server::{Answer, Server};
use crate::site::{MINIMAL, Site, copy, files};

/// A disk of three megabytes.
struct Disk(tempfile::TempDir);

impl Disk {
    /// Mounts it; none where that is not allowed.
    fn mount() -> Option<Disk> {
        let folder = tempfile::tempdir().unwrap();
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .status();
        if !mount.is_ok_and(|status| status.success()) {
            eprintln!("skipped: this user may mount no disk");
            return None;
        }
        Some(Disk(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Leaves room for this many blocks of 4 KB.
    fn fill(&self, blocks: u64) {
        let mut file = File::create(self.filler()).unwrap();
        while file.write_all(&[0; 4096]).is_ok() {}
        let end = file.metadata().unwrap().len();
        file.set_len(end.saturating_sub(blocks * 4096)).unwrap();
    }

    fn free(&self) {
        fs::remove_file(self.filler()).unwrap();
    }

    fn filler(&self) -> PathBuf {
        self.path().join("filler")
    }

    fn remount(&self, how: &str) {
        let options = format!("remount,{how}");
        let mut mount = Command::new("mount");
        let status = mount.args(["-o", &options]).arg(self.path()).status();
        assert!(status.unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount")
            .arg("--lazy")
            .arg(self.path())
            .status();
    }
}

/// What a clean build makes.
fn clean(site: &Site) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("clean");
    let arguments = ["--no-cache", "--output", output.to_str().unwrap()];
    let built = site.build_into(output.clone(), &arguments);
    assert_eq!(built.code(), 0, "{}", built.messages());
    built.tree()
}

#[test]
fn on_a_full_disk_nothing_is_removed_and_one_error_says_why() {
    full(&[0, 3, 40]);
}

#[test]
#[ignore = "long: run by .ci/long"]
fn on_a_disk_with_any_little_room_nothing_is_removed() {
    let mut dice = Dice(2);
    let rooms = (0..long_rounds()).map(|_| dice.below(120));
    full(&rooms.collect::<Vec<_>>());
}

/// Builds over an earlier site with so much room, then with enough.
fn full(rooms: &[u64]) {
    let Some(disk) = Disk::mount() else { return };
    let output = disk.path().join("public");
    let arguments = ["--output", output.to_str().unwrap()];
    let mut site = in_round(Site::empty(), 0);
    let mut failed = 0;
    assert_eq!(site.build_into(output.clone(), &arguments).code(), 0);
    for (round, room) in (1..).zip(rooms) {
        let before = files(&output);
        let indexes = indexes(&output);
        site = in_round(site, round);
        disk.fill(*room);
        let built = site.build_into(output.clone(), &arguments);
        let told = built.messages();
        if built.code() != 0 {
            failed += 1;
            let after = files(&output);
            let gone: Vec<_> = before.iter().filter(|path| !after.contains(path)).collect();
            assert!(gone.is_empty(), "room {room}: {gone:#?}\n{told}");
            let new = clean(&site);
            for (entry, bytes) in &indexes {
                // The old one, of which nothing is gone, or the new one with all that it names.
                let folder = &entry[..=entry.rfind('/').unwrap()];
                let is_old = fs::read(output.join(entry)).unwrap() == *bytes;
                let mut files = new.iter().filter(|(path, _)| path.starts_with(folder));
                let is_new = files.all(|(path, bytes)| {
                    path.ends_with("/key.txt")
                        || fs::read(output.join(path)).ok().as_ref() == Some(bytes)
                });
                assert!(is_old || is_new, "room {room}: {folder}");
            }
            let errors = told.matches("error[").count();
            assert!(errors == 1, "room {room}, {errors} errors: {told}");
            assert!(told.contains("No space left on device"), "{told}");
            assert!(!told.contains("/.gleaner"), "{told}");
        }
        disk.free();
        let built = site.build_into(output.clone(), &arguments);
        assert_eq!(built.code(), 0, "{}", built.messages());
        assert!(built.tree() == clean(&site), "room {room}");
    }
    eprintln!("{failed} of {} builds had not enough room", rooms.len());
    assert!(failed > 0);
}

/// What search begins with in each year.
fn indexes(output: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = files(output).into_iter();
    let entries = entries.filter(|path| path.ends_with("pagefind-entry.json"));
    entries
        .map(|path| {
            let bytes = fs::read(output.join(&path)).unwrap();
            (path, bytes)
        })
        .collect()
}

/// Diagnostics without the warnings of entries that the next round leaves out on purpose.
fn without_gone(mut diagnostics: Vec<String>) -> Vec<String> {
    diagnostics.retain(|one| !one.contains("addresses-gone"));
    diagnostics
}

#[test]
fn an_output_folder_that_cannot_be_written_is_one_error() {
    let Some(disk) = Disk::mount() else { return };
    let output = disk.path().join("public");
    let arguments = ["--output", output.to_str().unwrap()];
    let site = in_round(Site::empty(), 0);
    assert_eq!(site.build_into(output.clone(), &arguments).code(), 0);
    let before = site.build_into(output.clone(), &arguments).tree();
    disk.remount("ro");
    // A build with nothing to write needs no leave to.
    assert_eq!(site.build_into(output.clone(), &arguments).code(), 0);
    let site = in_round(site, 1);
    let built = site.build_into(output.clone(), &arguments);
    let told = without_gone(built.diagnostics());
    assert_eq!((built.code(), told.len()), (1, 1), "{told:#?}");
    assert!(told[0].contains("Read-only file system"), "{told:#?}");
    assert!(built.tree() == before);
    disk.remount("rw");
    let built = site.build_into(output.clone(), &arguments);
    assert!(built.code() == 0 && built.tree() == clean(&site));
}

#[test]
fn with_a_cache_on_a_full_disk_the_site_is_the_same() {
    let Some(disk) = Disk::mount() else { return };
    let cache = disk.path().join("cache");
    let mut site = in_round(Site::empty(), 0);
    for (round, room) in [(0, 0), (1, 1), (2, 6), (3, 24)] {
        site = in_round(site, round);
        disk.fill(room);
        let arguments = ["--cache-dir", cache.to_str().unwrap()];
        let built = site.build_into(site.path().join("public"), &arguments);
        let told = without_gone(built.diagnostics());
        assert!(
            built.code() == 0 && told.len() <= 1,
            "room {room}: {told:#?}"
        );
        assert!(
            told.iter().all(|one| !one.contains("/.gleaner-")),
            "{told:#?}"
        );
        assert!(built.tree() == clean(&site), "room {room}");
        disk.free();
    }
    let arguments = ["--cache-dir", cache.to_str().unwrap()];
    let built = site.build_into(site.path().join("public"), &arguments);
    assert_eq!(built.diagnostics(), [""; 0]);
}

#[test]
fn a_fetch_onto_a_full_disk_leaves_nothing_and_names_no_temporary_file() {
    let Some(disk) = Disk::mount() else { return };
    let server = Server::start();
    let long = "words ".repeat(20_000);
    let text = feed("2026-11-01T00:00:00Z", &[&format!("a {long}")]);
    server.says("/feed", [Answer::ok(text)]);
    let url = server.url("/feed");
    let toml = format!(
        "{MINIMAL}[fetch]\nallow_private_addresses = true\n[feeds.blog]\nurl = \"{url}\"\n"
    );
    let site = Site::empty().file("site.toml", toml);
    copy(
        &site.path().join("site.toml"),
        &disk.path().join("site.toml"),
    );
    let root = disk.path().to_str().unwrap();
    let fetch = || site.gleaner(&["fetch", "--wait", "10", "--root", root]);
    disk.fill(8);
    let outcome = fetch();
    assert_eq!(outcome.code, 1, "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("No space left"),
        "{}",
        outcome.stderr
    );
    assert!(!outcome.stderr.contains("/.gleaner-"), "{}", outcome.stderr);
    assert_eq!(files(&disk.path().join("content")), [""; 0]);
    disk.free();
    assert_eq!(fetch().code, 0);
    assert_eq!(files(&disk.path().join("content")).len(), 1);
}
