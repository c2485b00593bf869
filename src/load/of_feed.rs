//! Lists the snapshots of one feed, as `list` finds them among all others, without walking through the
//! folders of the others: a site of many feeds has a hundred thousand files.

use std::path::Path;

use walkdir::WalkDir;

use super::FileRef;
use super::list::{Walk, counts, feed_of};
use super::names::{CONTENT, Hidden};
use crate::model::FeedName;

/// The folder of all snapshots in that of the content.
const SNAPSHOTS: &str = "snapshots";

/// The snapshots of a feed, sorted by the bytes of their paths. What is odd among them is told where
/// the site is built.
pub(crate) fn snapshots_of(root: &Path, feed: &FeedName) -> Vec<FileRef> {
    let problems = Vec::new();
    let mut walk = Walk { root, problems };
    let mut files = walk.files(&[CONTENT, SNAPSHOTS, feed.as_str()], Hidden::Skipped);
    // A file that bears the feed's name is no folder: it stands among the loose ones.
    files.retain(|file| !file.name.is_empty());
    files.extend(loose(&mut walk, feed));
    files.sort();
    files
}

/// Those that stand in no folder of their own.
fn loose(walk: &mut Walk<'_>, feed: &FeedName) -> Vec<FileRef> {
    let folder = walk.root.join(CONTENT).join(SNAPSHOTS);
    let walker = WalkDir::new(&folder).min_depth(1).max_depth(1);
    let entries = walker.follow_links(true).into_iter();
    entries
        .filter_entry(|entry| counts(entry, Hidden::Skipped))
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| walk.file(&folder, "content/snapshots", &entry))
        .filter(|file| feed_of(&file.name) == *feed)
        .collect()
}

#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "tests make the sites that they list"
)]
mod tests {
    use super::*;
    use crate::load::list;

    #[test]
    fn they_are_those_that_a_build_reads() {
        let root = tempfile::tempdir().unwrap();
        for file in [
            "blog/2026/b.xml",
            "blog/.hidden.xml",
            "blog.2026-01.xml",
            "blogs/c.xml",
            "loose",
        ] {
            let path = root.path().join("content/snapshots").join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, b"").unwrap();
        }
        let (listing, _) = list(root.path(), "plain");
        assert_eq!(listing.snapshots.len(), 4);
        let paths = |files: Vec<FileRef>| files.into_iter().map(|file| file.path);
        for name in ["blog", "blogs", "loose", "none"] {
            let name = FeedName::new(name);
            let of_feed = listing.snapshots.iter().filter(|(feed, _)| *feed == name);
            let listed: Vec<_> = of_feed.map(|(_, file)| file.path.clone()).collect();
            let found: Vec<_> = paths(snapshots_of(root.path(), &name)).collect();
            assert_eq!(found, listed, "{name}");
        }
    }
}
