//! The corpus: each feed of `tests/fixtures/feeds` and what becomes of it, as one snapshot each;
//! and the two real snapshots, where they can be had.

use std::fmt::Write as _;
use std::path::Path;

use super::{Alone, alone};
use crate::diag::Diagnostic;
use crate::model::{Sighting, SourceFile};

/// Reads a file as the shell would.
#[expect(clippy::disallowed_methods, reason = "the corpus is made of files")]
fn file(path: &Path) -> SourceFile {
    let name = path.file_name().unwrap().to_string_lossy();
    SourceFile {
        path: format!("content/snapshots/x/{name}").into(),
        bytes: std::fs::read(path).unwrap(),
    }
}

/// A feed as a reader would note it down.
fn shown(ingested: &Alone) -> String {
    let mut out = String::new();
    if let Some(snapshot) = &ingested.snapshot {
        line(&mut out, "feed", snapshot.title.as_ref());
        line(&mut out, "link", snapshot.link.as_ref());
        line(&mut out, "taken", snapshot.taken);
        line(&mut out, "updated", snapshot.updated);
        line(&mut out, "language", snapshot.language.as_ref());
        for author in &snapshot.authors {
            line(&mut out, "author", Some(author));
        }
        for sighting in &snapshot.sightings {
            out.push_str("\n- sighting\n");
            entry(&mut out, ingested, sighting);
        }
    }
    out.push('\n');
    for diagnostic in &ingested.diagnostics {
        told(&mut out, diagnostic);
    }
    out
}

fn entry(out: &mut String, ingested: &Alone, sighting: &Sighting) {
    line(out, "  guid", sighting.guid.as_ref());
    line(out, "  link", sighting.link.as_ref());
    line(out, "  title", sighting.title.as_ref());
    for author in &sighting.authors {
        line(out, "  author", Some(author));
    }
    line(out, "  published", sighting.published);
    line(out, "  updated", sighting.updated);
    for tag in &sighting.tags {
        line(out, "  tag", Some(tag));
    }
    line(out, "  base", sighting.base.as_ref());
    line(out, "  language", sighting.language.as_ref());
    line(out, "  source", sighting.source.title.as_ref());
    line(out, "  source link", sighting.source.link.as_ref());
    line(out, "  source feed", sighting.source.feed.as_ref());
    let body = |handle| format!("{:?}", ingested.bodies.raw(handle));
    if let Some(share) = &sighting.share {
        line(out, "  sharer", Some(&share.sharer));
        line(out, "  permalink", share.permalink.as_ref());
        line(out, "  comment", share.comment.map(body));
    }
    line(out, "  content", sighting.content.map(body));
    line(out, "  summary", sighting.summary.map(body));
    if let Some(was) = &sighting.frozen {
        line(out, "  frozen link", was.link.as_ref());
        line(
            out,
            "  frozen title",
            was.title.as_ref().map(|title| format!("{title:?}")),
        );
        line(out, "  frozen published", was.published);
        line(out, "  frozen updated", was.updated);
        line(out, "  frozen tags", Some(format!("{:?}", was.tags)));
        line(out, "  frozen sharer", was.sharer.as_ref());
        line(out, "  frozen text", was.text);
    }
}

fn line(out: &mut String, name: &str, value: Option<impl std::fmt::Display>) {
    if let Some(value) = value {
        writeln!(out, "{name}: {value}").unwrap();
    }
}

fn told(out: &mut String, diagnostic: &Diagnostic) {
    write!(out, "! {} {}", diagnostic.code.as_str(), diagnostic.message).unwrap();
    let place = diagnostic.place.as_ref().unwrap();
    if let (Some(position), Some(excerpt)) = (place.position, &place.excerpt) {
        let marked = &excerpt.text[excerpt.marked.clone()];
        write!(
            out,
            "\n  at {}:{}: {marked}",
            position.line, position.column
        )
        .unwrap();
    }
    out.push('\n');
}

#[test]
fn each_feed_of_the_corpus_becomes_what_its_snapshot_says() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../tests/fixtures/feeds/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::glob!("../../tests/fixtures/feeds/", "[!s]*", |path| {
            let file = file(path);
            let ingested = alone(&file);
            insta::assert_snapshot!("feed", shown(&ingested));
        });
    });
}

/// The real snapshots: `GLEANER_SEEDS`, or beside the repository.
#[expect(
    clippy::disallowed_methods,
    reason = "a test may ask where its input lies"
)]
fn seeds() -> Option<Vec<SourceFile>> {
    let folder = std::env::var("GLEANER_SEEDS")
        .unwrap_or_else(|_| format!("{}/../shared/seeds", env!("CARGO_MANIFEST_DIR")));
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .ok()?
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let unpacked = paths
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "gz"));
    let files = unpacked.map(|path| {
        let packed = file(path);
        let mut bytes = Vec::new();
        let mut decoder = flate2::read::GzDecoder::new(&*packed.bytes);
        std::io::Read::read_to_end(&mut decoder, &mut bytes).unwrap();
        SourceFile { bytes, ..packed }
    });
    Some(files.collect())
}

#[test]
fn the_real_snapshots_lose_nothing() {
    let Some(files) = seeds() else {
        println!("skipped: no seeds here; set GLEANER_SEEDS to their folder");
        return;
    };
    let ingested: Vec<Alone> = files.iter().map(alone).collect();
    let [blurblog, devto] = &ingested[..] else {
        panic!("two seeds, not {}", ingested.len());
    };
    assert!(ingested.iter().all(|one| one.diagnostics.is_empty()));
    let sightings = |one: &Alone| one.snapshot.as_ref().unwrap().sightings.clone();
    let (shared, written) = (sightings(blurblog), sightings(devto));
    assert_eq!((shared.len(), written.len()), (25, 4));

    let shares: Vec<_> = shared.iter().filter_map(|one| one.share.as_ref()).collect();
    assert_eq!(shares.len(), 25);
    assert!(
        shares
            .iter()
            .all(|share| share.sharer.as_str() == "bernhardbock")
    );
    assert!(
        shares
            .iter()
            .all(|share| share.permalink.is_some() && share.comment.is_none())
    );
    let sources: Vec<_> = shared
        .iter()
        .filter_map(|one| one.source.title.as_ref())
        .collect();
    assert_eq!(sources.len(), 14);
    assert!(
        sources
            .iter()
            .any(|title| title.as_str() == "Simon Willison's Weblog")
    );
    assert!(
        sources
            .iter()
            .any(|title| title.as_str() == "Jim Nielsen’s Blog")
    );

    for one in &shared {
        let body = one
            .content
            .map(|body| blurblog.bodies.raw(body))
            .unwrap_or_default();
        assert!(!body.contains("shared this story") && !body.contains("gravatar"));
        assert!(!body.contains("icons.newsblur") && body.trim() != "None");
        assert!(one.link.is_some() && one.guid.is_some() && one.published.is_some());
    }
    assert_eq!(shared.iter().filter(|one| one.content.is_none()).count(), 6);
    assert!(
        written
            .iter()
            .all(|one| one.content.is_some() && one.share.is_none())
    );
    let titles: Vec<_> = shared.iter().filter_map(|one| one.title.as_ref()).collect();
    for title in ["Disaggregated Prefilling (experimental)", "Introduction"] {
        assert!(
            titles.iter().any(|found| found.as_str() == title),
            "{title}"
        );
    }
    assert!(
        shared
            .iter()
            .all(|one| one.authors.iter().all(|name| !name.as_str().contains('@')))
    );
}
