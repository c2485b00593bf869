//! Lists what a site holds, without reading it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use walkdir::{DirEntry, WalkDir};

use super::names::{self, CONTENT, Hidden, KINDS, ORIGINALS};
use super::{FileRef, shown};
use crate::config::suggest;
use crate::diag::{Code, Diagnostic, Place};
use crate::model::{FeedName, Stat};

/// How deep folders may be nested: far beyond what anyone sorts by hand, and before the path is
/// longer than a file system takes.
const DEPTH: usize = 64;
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

/// Lists the files of the site in `root`, and of its own folder of the theme.
pub(crate) fn list(root: &Path, theme_name: &str) -> (Listing, Vec<Diagnostic>) {
    let mut walk = Walk {
        root,
        problems: Vec::new(),
    };
    walk.check_content();
    let snapshots = walk.files(&["content", "snapshots"], Hidden::Skipped);
    let notes = walk.markdown(&["content", "notes"]);
    let pages = walk.markdown(&["content", "pages"]);
    let statics = walk.files(&["content", "static"], Hidden::Listed);
    let theme = walk.files(&["themes", theme_name], Hidden::Skipped);
    let originals = walk.originals();
    if snapshots.is_empty() && !begins(root) {
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

/// The folders in `themes/` of the site in `root`, with their files, sorted by name.
pub(crate) fn themes(root: &Path) -> (BTreeMap<String, Vec<FileRef>>, Vec<Diagnostic>) {
    let mut walk = Walk {
        root,
        problems: Vec::new(),
    };
    let mut themes: BTreeMap<String, Vec<FileRef>> = BTreeMap::new();
    for file in walk.files(&["themes"], Hidden::Skipped) {
        if let Some((theme, _)) = file.name.split_once('/') {
            themes.entry(theme.to_owned()).or_default().push(file);
        }
    }
    (themes, walk.problems)
}

/// Whether the folder of snapshots is there and holds nothing, not even a folder: so `init` leaves it.
fn begins(root: &Path) -> bool {
    let folder = root.join(CONTENT).join("snapshots");
    let hidden = |entry: &DirEntry| entry.file_name().as_encoded_bytes().starts_with(b".");
    let mut entries = WalkDir::new(&folder).max_depth(1).into_iter();
    let is_folder = matches!(entries.next(), Some(Ok(entry)) if entry.file_type().is_dir());
    is_folder && entries.all(|entry| entry.is_ok_and(|entry| hidden(&entry)))
}

fn no_snapshots() -> Diagnostic {
    Diagnostic::warning(Code::ContentMissing, "no snapshots: the archive is empty")
        .at(Place::file("content/snapshots"))
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

#[derive(Debug)]
pub(super) struct Walk<'a> {
    pub(super) root: &'a Path,
    pub(super) problems: Vec<Diagnostic>,
}

impl Walk<'_> {
    /// Names what stands in `content/` and will not be looked at.
    fn check_content(&mut self) {
        let folder = self.root.join(CONTENT);
        let entries = WalkDir::new(&folder).min_depth(1).max_depth(1);
        for entry in entries.follow_links(true).sort_by_file_name() {
            let Ok(entry) = entry else { continue };
            let name = entry.file_name().to_string_lossy();
            let path = format!("{CONTENT}/{name}");
            let is_known = KINDS.contains(&&*name) || path == ORIGINALS;
            if is_known || !names::is_wanted(&name, Hidden::Skipped) {
                continue;
            }
            let known = KINDS.iter().copied();
            let hint = suggest::did_you_mean(&name, known.clone())
                .unwrap_or_else(|| format!("`{CONTENT}` holds {}", suggest::list(known)));
            self.ignored(&path, "not looked at", &hint);
        }
    }

    fn markdown(&mut self, folder: &[&str]) -> Vec<FileRef> {
        let files = self.files(folder, Hidden::Skipped);
        let (markdown, others): (Vec<_>, Vec<_>) = files
            .into_iter()
            .partition(|file| Path::new(&*file.path).extension() == Some("md".as_ref()));
        for other in others {
            let hint = "Markdown files end in `.md`; other files belong into `content/static`";
            self.ignored(&other.path, "not looked at", hint);
        }
        markdown
    }

    /// The list of originals that are gone, if there is one.
    fn originals(&mut self) -> Option<FileRef> {
        let folder = self.root.join(CONTENT);
        let disk = self.root.join(ORIGINALS);
        disk.symlink_metadata().ok()?;
        match WalkDir::new(&disk)
            .follow_links(true)
            .max_depth(0)
            .into_iter()
            .next()?
        {
            Ok(entry) if entry.file_type().is_file() => self.file(&folder, CONTENT, &entry),
            Ok(_) => {
                let hint = "it is a list, which `gleaner check --links` keeps";
                self.ignored(ORIGINALS, "no regular file", hint);
                None
            }
            Err(error) => {
                self.unreadable(&error);
                None
            }
        }
    }

    /// All files below a folder; none if it does not exist.
    pub(super) fn files(&mut self, folder: &[&str], hidden: Hidden) -> Vec<FileRef> {
        let disk: PathBuf = folder
            .iter()
            .fold(self.root.to_path_buf(), |path, name| path.join(name));
        if disk.symlink_metadata().is_err() {
            return Vec::new();
        }
        let prefix = folder.join("/");
        let walker = WalkDir::new(&disk).follow_links(true).max_depth(DEPTH);
        let mut files = Vec::new();
        for entry in walker
            .into_iter()
            .filter_entry(|entry| counts(entry, hidden))
        {
            match entry {
                Ok(entry) => files.extend(self.file(&disk, &prefix, &entry)),
                Err(error) => self.unreadable(&error),
            }
        }
        files.sort();
        files
    }

    pub(super) fn file(
        &mut self,
        folder: &Path,
        prefix: &str,
        entry: &DirEntry,
    ) -> Option<FileRef> {
        let kind = entry.file_type();
        let path = shown(entry.path().strip_prefix(self.root).unwrap_or(entry.path()));
        if kind.is_dir() {
            if entry.depth() == DEPTH {
                self.ignored(&path, "folders nested too deep", "");
            }
            return None;
        }
        if !kind.is_file() {
            self.ignored(&path, "no regular file", "");
            return None;
        }
        let Some(name) = name_of(folder, entry.path()) else {
            self.ignored(&path, "a name that is not UTF-8", "rename it");
            return None;
        };
        let stat = entry.metadata().map(|metadata| Stat::of(&metadata));
        Some(FileRef {
            path: format!("{prefix}/{name}").into(),
            name,
            disk: entry.path().to_path_buf(),
            stat: stat.unwrap_or_default(),
        })
    }

    fn ignored(&mut self, path: &str, why: &str, hint: &str) {
        let problem = Diagnostic::warning(Code::FileIgnored, format!("ignored: {why}"))
            .at(Place::file(crate::diag::escape_controls(path)));
        self.problems.push(if hint.is_empty() {
            problem
        } else {
            problem.hint(hint)
        });
    }

    fn unreadable(&mut self, error: &walkdir::Error) {
        let path = error.path().unwrap_or(self.root);
        let place = Place::file(shown(path.strip_prefix(self.root).unwrap_or(path)));
        let problem = match (error.loop_ancestor(), error.io_error()) {
            (Some(ancestor), _) => {
                let ancestor = shown(ancestor.strip_prefix(self.root).unwrap_or(ancestor));
                let message = format!("ignored: a link to a folder that it stands in: {ancestor}");
                Diagnostic::warning(Code::FileIgnored, message)
            }
            (None, Some(error)) => {
                Diagnostic::error(Code::ReadFailed, format!("cannot be read: {error}"))
            }
            (None, None) => Diagnostic::error(Code::ReadFailed, "cannot be read"),
        };
        self.problems.push(problem.at(place));
    }
}

/// The path below a folder, with `/`; none if it is not UTF-8.
fn name_of(folder: &Path, path: &Path) -> Option<Arc<str>> {
    let relative = path.strip_prefix(folder).ok()?;
    let segments: Option<Vec<&str>> = relative
        .components()
        .map(|component| component.as_os_str().to_str())
        .collect();
    Some(segments?.join("/").into())
}

pub(super) fn counts(entry: &DirEntry, hidden: Hidden) -> bool {
    entry.depth() == 0 || names::is_wanted(&entry.file_name().to_string_lossy(), hidden)
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
            let (listing, problems) = list(self.0.path(), "plain");
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
    fn linked_folders_are_followed_and_loops_told() {
        use std::os::unix::fs::symlink;
        let elsewhere = Site::new(&["feed/a.xml"]);
        let site = Site::new(&["content/snapshots/blog/b.xml"]);
        let snapshots = site.0.path().join("content/snapshots");
        symlink(elsewhere.0.path().join("feed"), snapshots.join("linked")).unwrap();
        symlink(&snapshots, snapshots.join("blog/again")).unwrap();
        symlink("nowhere", snapshots.join("broken.xml")).unwrap();
        let (listing, problems) = site.list();
        assert_eq!(listing.snapshots.len(), 2);
        assert_eq!(listing.snapshots[1].0.as_str(), "linked");
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems[0].starts_with("content/snapshots/blog/again: ignored: a link"));
        assert!(problems[1].starts_with("content/snapshots/broken.xml: cannot be read"));
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
