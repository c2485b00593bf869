//! A cache that is damaged: the worst is a slower build.

use std::fs;

use super::{note, site};
use crate::site::{Site, copy, files};

/// How many places of each file are tried.
const PLACES: usize = 20;

/// Damages each file of a cache in each of many places, and builds all of a site from it.
#[track_caller]
fn in_many_places(count: usize, damage: impl Fn(&mut Vec<u8>, usize)) {
    let site = site();
    let expected = self::site().file("content/notes/window.md", note("New."));
    let expected = expected.build().clean().tree();
    site.build().clean();
    let aside = tempfile::tempdir().unwrap();
    let kept = aside.path().join("cache");
    copy(&site.path().join(".gleaner"), &kept);
    let site = site.file("content/notes/window.md", note("New."));
    let mut tried = 0;
    for file in files(&kept).iter().filter(|file| !is_a_mark(file)) {
        let whole = fs::read(kept.join(file)).unwrap();
        for at in places(whole.len(), count) {
            // With an output and without one: then everything must come out of the cache.
            if at % 2 == 0 {
                fs::remove_dir_all(site.path().join("public")).unwrap_or_default();
            }
            copy(&kept, &site.path().join(".gleaner"));
            let mut bytes = whole.clone();
            damage(&mut bytes, at);
            fs::write(site.path().join(".gleaner").join(file), bytes).unwrap();
            let built = site.build();
            let (code, told) = (built.code(), built.diagnostics());
            assert!(code == 0 && told.is_empty(), "{file}, byte {at}: {told:?}");
            assert!(
                built.tree() == expected,
                "{file}, byte {at}: not what a clean build makes"
            );
            tried += 1;
        }
    }
    eprintln!("{tried} damaged caches");
}

/// Files that say what the folder is, and hold nothing.
fn is_a_mark(file: &str) -> bool {
    [".gitignore", "CACHEDIR.TAG", "lock"].contains(&file)
}

/// Places in a file, from the first byte to the last.
fn places(length: usize, count: usize) -> Vec<usize> {
    let last = length.saturating_sub(1);
    let mut places: Vec<usize> = (0..count).map(|place| place * last / (count - 1)).collect();
    places.dedup();
    places
}

#[test]
fn a_flipped_bit_is_noticed_or_does_not_matter() {
    in_many_places(PLACES, |bytes, at| flip(bytes, at));
}

#[test]
fn what_is_cut_off_is_noticed_or_does_not_matter() {
    in_many_places(PLACES, Vec::truncate);
}

#[test]
#[ignore = "long: run by .ci/long"]
fn damage_in_very_many_places_is_noticed_or_does_not_matter() {
    // In each of a dozen files, five times.
    let count = 2 + crate::robust::long_rounds() as usize / 5;
    in_many_places(count, |bytes, at| flip(bytes, at));
    in_many_places(count, Vec::truncate);
    in_many_places(count, |bytes, at| bytes.insert(at, b'x'));
    in_many_places(count, |bytes, at| bytes[at..].fill(0));
    in_many_places(count, |bytes, at| {
        bytes.remove(at);
    });
}

fn flip(bytes: &mut [u8], at: usize) {
    bytes[at] ^= 1 << (at % 8);
}

#[test]
fn what_stands_in_another_files_place_is_not_believed() {
    let site = site();
    let whole = site.build().clean().tree();
    let cache = site.path().join(".gleaner");
    let names = files(&cache);
    for one in &names {
        for other in names.iter().filter(|other| *other != one) {
            fs::copy(cache.join(one), cache.join(other)).unwrap();
            fs::remove_dir_all(site.path().join("public")).unwrap();
            assert_eq!(site.build().clean().tree(), whole, "{one} as {other}");
        }
    }
}

#[test]
fn where_there_can_be_no_cache_the_site_is_built_all_the_same() {
    let whole = site().build().clean().tree();
    // A file, a folder as its lock, a folder as its texts.
    for what in [".gleaner", ".gleaner/lock/x", ".gleaner/texts/x"] {
        let site = site().file(what, "mine");
        for _ in 0..2 {
            let built = site.build();
            told_once(&site, what, &built.diagnostics());
            assert_eq!((built.code(), built.tree()), (0, whole.clone()), "{what}");
        }
        assert_eq!(site.gleaner(&["build", "--deny-warnings"]).code, 1);
    }
}

#[track_caller]
fn told_once(site: &Site, what: &str, told: &[String]) {
    let shown = site.path().join(".gleaner");
    assert!(shown.exists());
    assert_eq!(told.len(), 1, "{what}: {told:?}");
    assert!(
        told[0].contains(".gleaner: warning[cache-failed]: the cache cannot be used"),
        "{told:?}"
    );
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_no_cache() {
    use std::os::unix::fs::PermissionsExt;
    let site = site();
    let whole = site.build().clean().tree();
    let cache = site.path().join(".gleaner");
    let allow = |mode| {
        for path in files(&cache)
            .iter()
            .map(|file| cache.join(file))
            .chain([cache.clone()])
        {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    allow(0o555);
    if fs::write(cache.join("probe"), "").is_ok() {
        eprintln!("skipped: this user may write everywhere");
        return;
    }
    let site = site.file("content/notes/window.md", note("New."));
    let built = site.build();
    allow(0o755);
    told_once(&site, "read-only", &built.diagnostics());
    assert!(built.code() == 0 && built.tree() != whole);
}
