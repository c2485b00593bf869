//! The same input gives the same bytes: in another folder, time zone, locale, with another number
//! of threads, other file times, and files that were made in another order.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use crate::site::{Site, files, repository};

#[test]
fn the_same_input_gives_the_same_bytes() {
    let expected = Site::example().build().clean().tree();
    let zone = Site::example()
        .variable("TZ", "Pacific/Kiritimati")
        .variable("LC_ALL", "de_DE.UTF-8");
    for (what, site) in [
        ("another folder", Site::example()),
        ("another time zone and locale", zone),
        ("one thread", Site::example().argument("--jobs=1")),
        ("many threads", Site::example().argument("--jobs=7")),
        ("files made in another order", reversed()),
    ] {
        assert_eq!(site.build().clean().tree(), expected, "{what}");
    }
}

#[test]
fn file_times_say_nothing() {
    let site = Site::example();
    let expected = site.build().clean().tree();
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for path in files(&site.path().join("content")) {
        let file = File::options()
            .append(true)
            .open(site.path().join("content").join(path))
            .unwrap();
        file.set_modified(long_ago).unwrap();
    }
    fs::remove_dir_all(site.path().join("public")).unwrap();
    assert_eq!(site.build().clean().tree(), expected);
}

/// The example archive, its files made from the last to the first.
fn reversed() -> Site {
    let content = repository().join("content");
    let toml = fs::read(repository().join("site.toml")).unwrap();
    files(&content)
        .into_iter()
        .rev()
        .fold(Site::new().file("site.toml", toml), |site, path| {
            let bytes = fs::read(content.join(&path)).unwrap();
            site.file(&format!("content/{path}"), bytes)
        })
}
