//! No address disappears: every file that version 0.1 published for a site is still there, as a page, a
//! feed or a redirect.
//!
//! `tests/fixtures/addresses/*.txt` hold the addresses, one a line behind the name of the site, as
//! version 0.1 (commit 4ec01b9) gave them. Lines are only ever added. A site is added by running this
//! test once with `GLEANER_RECORD_WITH` naming the program to ask; it writes the sites that are missing.
//!
//! Sites of other people's snapshots are looked for in `../shared`; where that folder is missing, those
//! tests say so and pass. Their addresses are recorded as hashes, because slugs quote titles.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::site::{MINIMAL, copy, files, repository};

/// The addresses of sites, by their names.
type Addresses = BTreeMap<String, BTreeSet<String>>;

/// Sites whose addresses may go: exports that version 0.1 took for feeds, and what must not be published,
/// such as drafts.
const EXPORTS: &[&str] = &[
    "24-google-reader-json",
    "exam-11-google-reader-export.json",
    "google-reader.json",
    "wordpress-backup.xml",
    "blogger-backup.xml",
    "drafts.xml",
];
/// The address of a page with `draft: true`, which version 0.1 published as text.
const DRAFT: (&str, &str) = ("66-yaml-front-matter-in-a-note", "about.html");
/// Sites that are large, and hold no case of their own for addresses.
const LARGE: &[&str] = &["83-sitemap-over-50000", "33-nothing-but-emoji-tags-collide"];

#[test]
fn of_the_feeds_in_the_fixtures() {
    let folder = repository().join("tests/fixtures/feeds");
    let sites = feeds_of(&folder, "").filter(|(name, _)| !EXPORTS.contains(&&**name));
    check("feeds", &sites.collect::<Vec<_>>(), false);
}

#[test]
fn of_the_example() {
    let site = tempfile::tempdir().unwrap();
    for name in ["site.toml", "content"] {
        copy(&repository().join(name), &site.path().join(name));
    }
    check("example", &[("example".to_owned(), site)], false);
}

#[test]
fn of_sites_from_bug_reports() {
    let Some(folder) = shared("cases") else {
        return;
    };
    let is_site = |path: &PathBuf| path.join("site.toml").is_file();
    let names = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let sites = names.filter(is_site).filter_map(|path| {
        let name = path.file_name()?.to_str()?.to_owned();
        (!LARGE.contains(&&*name)).then(|| (name, site_of_case(&path)))
    });
    let sites = sites.chain(feeds_of(&folder.join("exam"), "exam-"));
    let sites = sites.filter(|(name, _)| !EXPORTS.contains(&&**name));
    check("cases", &sites.collect::<Vec<_>>(), false);
}

#[test]
fn of_two_real_snapshots() {
    let Some(folder) = shared("seeds") else {
        return;
    };
    let site = tempfile::tempdir().unwrap();
    fs::write(site.path().join("site.toml"), MINIMAL).unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let feed = site.path().join("content/snapshots").join(&name[..3]);
        fs::create_dir_all(&feed).unwrap();
        fs::copy(&path, feed.join(name)).unwrap();
    }
    check("seeds", &[("seeds".to_owned(), site)], true);
}

/// Builds sites, and asserts that each has every address that is on record.
fn check(record: &str, sites: &[(String, tempfile::TempDir)], hashed: bool) {
    let file = repository().join(format!("tests/fixtures/addresses/{record}.txt"));
    let mut known = read(&file);
    let recorder = std::env::var_os("GLEANER_RECORD_WITH");
    let mut missing = Vec::new();
    assert!(!sites.is_empty(), "{record}: there are no sites");
    for (name, site) in sites {
        if let (Some(program), false) = (&recorder, known.contains_key(name)) {
            let found = addresses(Path::new(program), site.path(), hashed);
            known.insert(name.clone(), found);
        }
        let found = addresses(
            Path::new(env!("CARGO_BIN_EXE_gleaner")),
            site.path(),
            hashed,
        );
        let on_record = known.get(name).into_iter().flatten();
        let on_record = on_record.filter(|address| (&**name, &***address) != DRAFT);
        let gone = on_record.filter(|address| !found.contains(*address));
        missing.extend(gone.map(|address| format!("{name}\t{address}")));
    }
    if recorder.is_some() {
        write(&file, &known);
    }
    assert!(
        missing.is_empty(),
        "{} addresses are gone:\n{}",
        missing.len(),
        missing.join("\n")
    );
    assert!(known.values().any(|addresses| addresses.len() > 10));
}

fn read(file: &Path) -> Addresses {
    let mut known = Addresses::new();
    for line in fs::read_to_string(file).unwrap_or_default().lines() {
        let (site, address) = line.split_once('\t').unwrap();
        let addresses = known.entry(site.to_owned()).or_default();
        addresses.insert(address.to_owned());
    }
    known
}

fn write(file: &Path, known: &Addresses) {
    let mut out = String::new();
    for (site, addresses) in known {
        addresses
            .iter()
            .for_each(|address| out.push_str(&format!("{site}\t{address}\n")));
    }
    fs::write(file, out).unwrap();
}

/// The addresses that a program gives to a site: all files but those that only pages use, and the days
/// of the year, which every site has.
fn addresses(program: &Path, site: &Path, hashed: bool) -> BTreeSet<String> {
    let output = tempfile::tempdir().unwrap();
    let run = Command::new(program)
        .args(["build", "--no-cache", "--root"])
        .arg(site)
        .arg("--output")
        .arg(output.path().join("public"))
        .output()
        .unwrap();
    assert!(run.status.code().is_some_and(|code| code < 2), "{run:?}");
    let all = files(&output.path().join("public")).into_iter();
    let own = [
        "assets/",
        "pagefind/",
        "on-this-day/",
        ".gleaner-",
        "guide/",
    ];
    let public = all.filter(|path| !own.iter().any(|start| path.starts_with(start)));
    let hash = |path: String| blake3::hash(path.as_bytes()).to_hex()[..16].to_owned();
    public
        .map(|path| if hashed { hash(path) } else { path })
        .collect()
}

/// A site for each file of a folder.
fn feeds_of(
    folder: &Path,
    prefix: &str,
) -> impl Iterator<Item = (String, tempfile::TempDir)> + use<> {
    let prefix = prefix.to_owned();
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files.into_iter().map(move |path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        let site = tempfile::tempdir().unwrap();
        let feed = site.path().join("content/snapshots/feed");
        fs::create_dir_all(&feed).unwrap();
        fs::copy(&path, feed.join(name)).unwrap();
        fs::write(site.path().join("site.toml"), MINIMAL).unwrap();
        (format!("{prefix}{name}"), site)
    })
}

/// A copy of a site, with what its script makes.
fn site_of_case(folder: &Path) -> tempfile::TempDir {
    let site = tempfile::tempdir().unwrap();
    let copied = Command::new("cp")
        .arg("-a")
        .arg(folder.join("."))
        .arg(site.path())
        .status();
    assert!(copied.unwrap().success());
    if site.path().join("make.py").exists() {
        let mut python = Command::new("python3");
        let made = python
            .arg("make.py")
            .current_dir(site.path())
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
    }
    site
}

/// A folder of other people's files, if it is there.
fn shared(name: &str) -> Option<PathBuf> {
    let folder = repository().join("../shared").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} is missing", folder.display());
    None
}
