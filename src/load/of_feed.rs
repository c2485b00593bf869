//! Lists the snapshots of one feed, as `list` finds them among all others, without walking through the
//! folders of the others: a site of many feeds has a hundred thousand files.

use super::FileRef;
use super::bounds::Bounds;
use super::list::{SNAPSHOTS, feed_of};
use super::names::Hidden;
use super::walk::Walk;
use crate::model::FeedName;

/// The snapshots of a feed, sorted by the bytes of their paths. What is odd among them is reported
/// where the site is built.
pub(crate) fn snapshots_of(bounds: &Bounds, feed: &FeedName) -> Vec<FileRef> {
    let mut walk = Walk::new(bounds);
    let folder = format!("{SNAPSHOTS}/{feed}");
    let mut files = walk.files(&folder, Hidden::Skipped);
    files.extend(walk.loose(feed));
    files.sort();
    files
}

impl Walk<'_> {
    /// Those that stand in no folder of their own.
    fn loose(&mut self, feed: &FeedName) -> Vec<FileRef> {
        let Some((folder, _)) = self.folder(SNAPSHOTS) else {
            return Vec::new();
        };
        let entries = self.entries(&folder, Hidden::Skipped).into_iter();
        let files = entries.filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            if feed_of(&name) != *feed {
                return None;
            }
            let found = self.regular(&entry)?;
            self.file(SNAPSHOTS, name, entry.path(), &found)
        });
        files.collect()
    }
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
        let (listing, _) = list(&Bounds::new(root.path(), false), "plain");
        assert_eq!(listing.snapshots.len(), 4);
        let paths = |files: Vec<FileRef>| files.into_iter().map(|file| file.path);
        for name in ["blog", "blogs", "loose", "none"] {
            let name = FeedName::new(name);
            let of_feed = listing.snapshots.iter().filter(|(feed, _)| *feed == name);
            let listed: Vec<_> = of_feed.map(|(_, file)| file.path.clone()).collect();
            let found: Vec<_> =
                paths(snapshots_of(&Bounds::new(root.path(), false), &name)).collect();
            assert_eq!(found, listed, "{name}");
        }
    }
}
