//! Lists what a site holds, without reading it.

use std::collections::BTreeMap;
use std::path::Path;

use super::FileRef;
use super::bounds::Bounds;
use super::names::{CONTENT, Hidden, KINDS, ORIGINALS, THEMES};
use super::walk::{self, Walk};
use crate::config::suggest;
use crate::diag::{Code, Diagnostic, Place};
use crate::model::FeedName;

/// The folder of all snapshots.
pub(super) const SNAPSHOTS: &str = "content/snapshots";

/// What there is: each list sorted by the bytes of its paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Listing {
    /// `content/snapshots/**`, with the feed that each file belongs to.
    pub(crate) snapshots: Vec<(FeedName, FileRef)>,
    /// `content/notes/**/*.md`
    pub(crate) notes: Vec<FileRef>,
    /// `content/pages/**/*.md`
    pub(crate) pages: Vec<FileRef>,
    /// `content/static/**`; hidden files, too, such as `.well-known/security.txt`.
    pub(crate) statics: Vec<FileRef>,
    /// `themes/<name>/**`
    pub(crate) theme: Vec<FileRef>,
    /// `content/originals.txt`
    pub(crate) originals: Option<FileRef>,
}

/// Lists the files of a site, and of its own folder of the theme.
pub(crate) fn list(bounds: &Bounds, theme_name: &str) -> (Listing, Vec<Diagnostic>) {
    let mut walk = Walk::new(bounds);
    walk.check_content();
    let snapshots = walk.files(SNAPSHOTS, Hidden::Skipped);
    let notes = walk.markdown("content/notes");
    let pages = walk.markdown("content/pages");
    let statics = walk.files("content/static", Hidden::Listed);
    let theme = walk.files(&format!("{THEMES}/{theme_name}"), Hidden::Skipped);
    let originals = walk.originals();
    // Where snapshots could not be read, an error says so already.
    if snapshots.is_empty() && !walk.has_errors() && !walk.begins() {
        walk.problems.push(no_snapshots());
    }
    let listing = Listing {
        snapshots: snapshots
            .into_iter()
            .map(|file| (feed_of(&file.name), file))
            .collect(),
        notes,
        pages,
        statics,
        theme,
        originals,
    };
    walk.problems.sort_by(Diagnostic::report_order);
    (listing, walk.problems)
}

/// The folders in `themes/` of a site, with their files, sorted by name.
pub(crate) fn themes(bounds: &Bounds) -> (BTreeMap<String, Vec<FileRef>>, Vec<Diagnostic>) {
    let mut walk = Walk::new(bounds);
    let mut themes: BTreeMap<String, Vec<FileRef>> = BTreeMap::new();
    for file in walk.files(THEMES, Hidden::Skipped) {
        if let Some((theme, _)) = file.name.split_once('/') {
            themes.entry(theme.to_owned()).or_default().push(file);
        }
    }
    walk.problems.sort_by(Diagnostic::report_order);
    (themes, walk.problems)
}

fn no_snapshots() -> Diagnostic {
    Diagnostic::warning(Code::ContentMissing, "no snapshots: the archive is empty")
        .at(Place::file(SNAPSHOTS))
        .hint("`gleaner fetch` stores what your feeds send in `content/snapshots/<feed>/`")
}

/// The folder under `content/snapshots/`; of a file that lies there loose, its name up to the
/// first dot, so that the dates of several snapshots do not make several feeds.
pub(super) fn feed_of(name: &str) -> FeedName {
    match name.split_once('/') {
        Some((folder, _)) => FeedName::new(folder),
        None => FeedName::new(name.split('.').next().unwrap_or(name)),
    }
}

impl Walk<'_> {
    /// Names what stands in `content/` and is not read.
    fn check_content(&mut self) {
        let Some((disk, _)) = self.folder(CONTENT) else {
            return;
        };
        for entry in self.entries(&disk, Hidden::Skipped) {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let path = format!("{CONTENT}/{name}");
            if KINDS.contains(&&*name) || path == ORIGINALS {
                continue;
            }
            let known = KINDS.iter().copied();
            let hint = suggest::did_you_mean(&name, known.clone())
                .unwrap_or_else(|| format!("`{CONTENT}` holds {}", suggest::list(known)));
            self.ignored(&path, "not looked at", &hint);
        }
    }

    fn markdown(&mut self, folder: &str) -> Vec<FileRef> {
        let files = self.files(folder, Hidden::Skipped);
        let (markdown, others): (Vec<_>, Vec<_>) = files
            .into_iter()
            .partition(|file| Path::new(&*file.path).extension() == Some("md".as_ref()));
        for other in others {
            let hint = "Markdown files end in `.md`; other files belong in `content/static`";
            self.ignored(&other.path, "not looked at", hint);
        }
        markdown
    }

    /// The list of originals that are gone, if there is one.
    fn originals(&mut self) -> Option<FileRef> {
        let (disk, real) = self.folder(ORIGINALS)?;
        let found = real.metadata().ok()?;
        if !found.is_file() {
            let hint = "it is a list, which `gleaner check --links` keeps";
            self.ignored(ORIGINALS, "no regular file", hint);
            return None;
        }
        let (_, name) = ORIGINALS.split_once('/')?;
        self.file(CONTENT, name.to_owned(), disk, &found)
    }

    /// Whether the folder of snapshots is there and holds nothing, not even a folder: so `init`
    /// leaves it.
    fn begins(&mut self) -> bool {
        let folder = self.folder(SNAPSHOTS);
        folder.is_some_and(|(disk, _)| {
            walk::is_folder(&disk) && self.entries(&disk, Hidden::Skipped).is_empty()
        })
    }
}

#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "tests make the sites that they list"
)]
mod tests {
    use super::*;

    struct Site(tempfile::TempDir);

    impl Site {
        fn new(files: &[&str]) -> Self {
            let folder = tempfile::tempdir().unwrap();
            for file in files {
                let path = folder.path().join(file);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::File::options()
                    .create(true)
                    .write(true)
                    .truncate(true)
                    .open(path)
                    .unwrap();
            }
            Site(folder)
        }

        fn list(&self) -> (Listing, Vec<String>) {
            let (listing, problems) = list(&Bounds::new(self.0.path(), false), "plain");
            let told = |problem: Diagnostic| {
                let file = problem.place.unwrap().file;
                format!("{file}: {}", problem.message)
            };
            (listing, problems.into_iter().map(told).collect())
        }
    }

    fn paths(files: &[FileRef]) -> Vec<&str> {
        files.iter().map(|file| &*file.path).collect()
    }

    #[test]
    fn a_site_is_listed_by_kind_in_the_order_of_bytes() {
        let site = Site::new(&[
            "content/snapshots/blog/2026/b.xml",
            "content/snapshots/blog/a.xml.gz",
            "content/snapshots/devto.2026-02.xml",
            "content/snapshots/devto.2026-01.xml.gz",
            "content/notes/n.md",
            "content/pages/z/about.md",
            "content/pages/Z.md",
            "content/static/CNAME",
            "content/static/.well-known/security.txt",
            "content/originals.txt",
            "themes/plain/theme.toml",
            "themes/other/theme.toml",
        ]);
        let (listing, problems) = site.list();
        assert_eq!(problems, [""; 0]);
        let snapshots: Vec<_> = listing
            .snapshots
            .iter()
            .map(|(feed, file)| (feed.as_str(), &*file.name))
            .collect();
        assert_eq!(
            snapshots,
            [
                ("blog", "blog/2026/b.xml"),
                ("blog", "blog/a.xml.gz"),
                ("devto", "devto.2026-01.xml.gz"),
                ("devto", "devto.2026-02.xml"),
            ]
        );
        assert_eq!(paths(&listing.notes), ["content/notes/n.md"]);
        assert_eq!(
            paths(&listing.pages),
            ["content/pages/Z.md", "content/pages/z/about.md"]
        );
        assert_eq!(
            paths(&listing.statics),
            [
                "content/static/.well-known/security.txt",
                "content/static/CNAME"
            ]
        );
        assert_eq!(paths(&listing.theme), ["themes/plain/theme.toml"]);
        assert_eq!(
            paths(listing.originals.as_slice()),
            ["content/originals.txt"]
        );
    }

    #[test]
    fn junk_is_passed_over_in_silence_and_everything_else_is_named() {
        let site = Site::new(&[
            "content/snapshots/blog/.gitkeep",
            "content/snapshots/blog/a.xml~",
            "content/snapshots/blog/.a.xml.swp",
            "content/static/.DS_Store",
            "content/.obsidian/x",
            "content/snapshot/blog/a.xml",
            "content/notes/readme.txt",
        ]);
        let (listing, problems) = site.list();
        assert_eq!(listing, Listing::default());
        assert_eq!(
            problems,
            [
                "content/notes/readme.txt: ignored: not looked at",
                "content/snapshot: ignored: not looked at",
                "content/snapshots: no snapshots: the archive is empty",
            ]
        );
    }

    #[test]
    fn no_content_is_an_empty_archive() {
        let (listing, problems) = Site::new(&[]).list();
        assert_eq!(listing, Listing::default());
        assert_eq!(problems.len(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_within_the_site_and_loops_reported() {
        use std::os::unix::fs::symlink;
        let site = Site::new(&["content/snapshots/blog/b.xml", "store/feed/a.xml"]);
        let snapshots = site.0.path().join("content/snapshots");
        symlink("../../store/feed", snapshots.join("linked")).unwrap();
        symlink(&snapshots, snapshots.join("blog/again")).unwrap();
        symlink("../..", snapshots.join("blog/content")).unwrap();
        symlink("nowhere", snapshots.join("broken.xml")).unwrap();
        symlink("circle.xml", snapshots.join("circle.xml")).unwrap();
        // Two folders that are linked into each other.
        symlink("../blog", site.0.path().join("store/feed/blog")).unwrap();
        symlink(
            "../content/snapshots/blog",
            site.0.path().join("store/blog"),
        )
        .unwrap();
        symlink("../../../store/feed", snapshots.join("blog/feed")).unwrap();
        let (listing, problems) = site.list();
        let read = listing.snapshots.iter();
        let read: Vec<_> = read.map(|(_, file)| &*file.name).collect();
        let expected = [
            "blog/b.xml",
            "blog/feed/a.xml",
            "linked/a.xml",
            "linked/blog/b.xml",
        ];
        assert_eq!(read, expected);
        let ignored = "ignored: a link to a folder that it stands in:";
        let words = |problem: String| problem.split(": Too many").next().unwrap().to_owned();
        let problems: Vec<_> = problems.into_iter().map(words).collect();
        assert_eq!(
            problems,
            [
                format!("content/snapshots/blog/again: {ignored} content/snapshots"),
                format!("content/snapshots/blog/content: {ignored} content"),
                format!("content/snapshots/blog/feed/blog: {ignored} content/snapshots/blog"),
                "content/snapshots/broken.xml: cannot be read: the link leads nowhere: nowhere"
                    .to_owned(),
                "content/snapshots/circle.xml: cannot be read: the link leads to circle.xml"
                    .to_owned(),
                format!("content/snapshots/linked/blog/again: {ignored} content/snapshots"),
                format!("content/snapshots/linked/blog/content: {ignored} content"),
                format!("content/snapshots/linked/blog/feed: {ignored} store/feed"),
            ]
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_site_is_one_error_wherever_it_is() {
        use std::os::unix::fs::symlink;
        let elsewhere = Site::new(&["feed/a.xml", "p.md", "notes/n.md"]);
        let out = |name: &str| elsewhere.0.path().join(name);
        for link in [
            ("content/snapshots/feed", "feed"),
            ("content/snapshots", "feed"),
            ("content/pages/p.md", "p.md"),
            ("content/notes/deep/notes", "notes"),
            ("content/static/all", ""),
            ("content/originals.txt", "p.md"),
            ("themes/plain", "feed"),
            ("themes", "feed"),
            ("content", "feed"),
        ] {
            let site = Site::new(&["content/static/own"]);
            let (path, target) = link;
            let at = site.0.path().join(path);
            if path == "content" {
                std::fs::rename(&at, site.0.path().join("old")).unwrap();
            }
            std::fs::create_dir_all(at.parent().unwrap()).unwrap();
            symlink(out(target), &at).unwrap();
            let (listing, problems) = site.list();
            assert_eq!(problems.len(), 1, "{path}: {problems:?}");
            let expected = format!("{path}: the link leads out of the site's folder: ");
            assert!(problems[0].starts_with(&expected), "{problems:?}");
            assert!(listing.statics.len() <= 1, "{path}: {listing:?}");
            assert!(
                listing.snapshots.is_empty() && listing.notes.is_empty(),
                "{path}"
            );
            let (followed, problems) = list(&Bounds::new(site.0.path(), true), "plain");
            let told = |problem: &Diagnostic| problem.code == Code::LinkOutside;
            assert!(!problems.iter().any(told), "{path}: {problems:?}");
            let is_listed = !["themes", "content"].contains(&path);
            assert_eq!(followed != listing, is_listed, "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_editors_leave_is_never_followed_nor_reported() {
        use std::os::unix::fs::symlink;
        let site = Site::new(&["content/snapshots/blog/b.xml", "content/notes/4913"]);
        for link in [
            "static/.#a",
            "snapshots/blog/.#b.xml",
            "notes/.#n.md",
            "pages/.#p.md",
            ".#x",
        ] {
            let at = site.0.path().join("content").join(link);
            std::fs::create_dir_all(at.parent().unwrap()).unwrap();
            symlink("ada@host.1234:1700000000", at).unwrap();
        }
        let (listing, problems) = site.list();
        assert_eq!(problems, [""; 0]);
        assert_eq!(listing.snapshots.len(), 1);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_name_that_is_not_utf8_is_told() {
        use std::os::unix::ffi::OsStrExt;
        let site = Site::new(&["content/snapshots/blog/b.xml"]);
        let name = std::ffi::OsStr::from_bytes(b"caf\xe9.xml");
        let odd = site.0.path().join("content/snapshots/blog").join(name);
        std::fs::File::options()
            .create(true)
            .append(true)
            .open(odd)
            .unwrap();
        let (listing, problems) = site.list();
        assert_eq!(listing.snapshots.len(), 1);
        assert_eq!(
            problems,
            ["content/snapshots/blog/caf\u{fffd}.xml: ignored: a name that is not UTF-8"]
        );
    }
}
