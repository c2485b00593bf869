//! A link in the site's folder → where it leads, or why it is not followed.
//!
//! A link is a single line in a change that somebody proposes, and it could publish any file that
//! the build may read. So a link is followed only to what the site holds anyway; the owner can allow
//! other places on the command line, which such a change cannot reach.
//!
//! Invariants: real paths are compared, so neither further links nor `..` hide where a link leads; a
//! link whose end cannot be determined is not followed; nothing allows the folders in which a system
//! shows itself, nor a folder that holds the site.

#![expect(clippy::disallowed_methods, reason = "load is the only reader")]

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::shown;
use crate::diag::{Code, Diagnostic, Place};

/// Folders of files that are not stored anywhere: processes with their environment, and devices.
const SYSTEM: [&str; 3] = ["/proc", "/sys", "/dev"];
/// The folder of the site in which hidden files count.
const STATIC: &str = "content/static";
/// The folder of a repository, which may hold the credentials of whoever cloned it.
const REPOSITORY: &str = ".git";
/// Where git-annex keeps contents, below that folder: the files of the work tree are links to them.
const ANNEX: &str = "annex/objects";

/// Links on the way to one thing, before it counts as a circle: as many as Linux follows.
const LINKS: usize = 40;

/// How far the links of a site may lead.
#[derive(Debug, Clone, Default)]
pub struct Bounds {
    /// The site's folder as it was given.
    root: PathBuf,
    /// The same without links.
    real: PathBuf,
    /// Whether links may lead out of it.
    outside: bool,
}

/// A link that is not followed.
#[derive(Debug)]
pub(crate) struct Refused {
    /// The link.
    pub(super) link: PathBuf,
    target: String,
    why: Why,
}

#[derive(Debug)]
enum Why {
    /// It leads out of the site's folder.
    Outside,
    /// It leads to a hidden file of the site's folder, which is no part of the site.
    Hidden,
    /// It leads to one of the system's own folders.
    System,
    /// It leads to a folder that holds the site.
    Around,
    /// There is nothing at its end, or that cannot be determined.
    Nowhere(io::Error),
}

impl Bounds {
    /// The bounds of the site in `root`; with `outside`, links may lead out of it.
    #[must_use]
    pub fn new(root: &Path, outside: bool) -> Self {
        let absolute = std::path::absolute(root).unwrap_or_else(|_| root.to_path_buf());
        Bounds {
            root: root.to_path_buf(),
            real: fs::canonicalize(&absolute).unwrap_or(absolute),
            outside,
        }
    }

    /// Whether a build follows this link.
    #[must_use]
    pub fn follows(&self, link: &Path) -> bool {
        self.follow(link).is_ok()
    }

    /// Whether a link leads beyond its bounds, or would if what it leads to were there.
    #[must_use]
    pub fn leads_out(&self, link: &Path) -> bool {
        match self.follow(link) {
            Ok(_) => false,
            Err(refused) => match refused.why {
                Why::Nowhere(_) => self.would_lead_out(link, LINKS),
                _ => true,
            },
        }
    }

    /// The same for a link that leads nowhere, by what exists on the way to its end.
    fn would_lead_out(&self, link: &Path, links: usize) -> bool {
        let (Some(folder), Ok(target)) = (link.parent(), fs::read_link(link)) else {
            return true;
        };
        let target = folder.join(target);
        let is_link = |path: &&Path| path.is_symlink() && fs::canonicalize(path).is_err();
        if let Some(next) = target.ancestors().find(is_link) {
            return links == 0 || self.would_lead_out(next, links - 1);
        }
        let mut known = target
            .ancestors()
            .filter_map(|path| fs::canonicalize(path).ok());
        known
            .next()
            .is_none_or(|known| known != self.real && self.refuses(&known).is_some())
    }

    /// The site's folder, as it was given.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The real path of what stands below the site's folder at `path`; none if nothing does. An
    /// error names the first link on the way that is not followed.
    pub(crate) fn reach(&self, path: &str) -> Result<Option<PathBuf>, Refused> {
        let mut given = self.root.clone();
        let mut real = self.real.clone();
        for name in path.split('/') {
            given.push(name);
            match fs::symlink_metadata(&given) {
                Ok(found) if found.is_symlink() => real = self.follow(&given)?,
                Ok(_) => real.push(name),
                Err(_) => return Ok(None),
            }
        }
        Ok(Some(real))
    }

    /// Where a link leads, without further links.
    pub(super) fn follow(&self, link: &Path) -> Result<PathBuf, Refused> {
        let target = fs::canonicalize(link);
        let why = match &target {
            Err(_) => None,
            Ok(target) => self.refuses(target),
        };
        let written = || fs::read_link(link).map_or_else(|_| String::new(), |to| shown(&to));
        let (target, why) = match (target, why) {
            (Ok(target), None) => return Ok(target),
            (Err(error), _) => (written(), Why::Nowhere(error)),
            // The real path of a process holds its number.
            (Ok(_), Some(Why::System)) => (written(), Why::System),
            (Ok(target), Some(why)) => (shown(&target), why),
        };
        Err(Refused {
            link: link.to_path_buf(),
            target,
            why,
        })
    }

    fn refuses(&self, target: &Path) -> Option<Why> {
        if self.real.starts_with(target) {
            return Some(Why::Around);
        }
        if let Ok(inside) = target.strip_prefix(&self.real) {
            return (is_private(inside) && !self.outside).then_some(Why::Hidden);
        }
        if SYSTEM.iter().any(|folder| target.starts_with(folder)) {
            return Some(Why::System);
        }
        (!self.outside).then_some(Why::Outside)
    }

    /// A path as diagnostics name it: relative to the site's folder.
    pub(super) fn label(&self, path: &Path) -> String {
        let below = path.strip_prefix(&self.root);
        let below = below.or_else(|_| path.strip_prefix(&self.real));
        shown(below.unwrap_or(path))
    }

    /// The error that a refused link is.
    pub(crate) fn diagnose(&self, refused: &Refused) -> Diagnostic {
        const FLAG: &str = "`--follow-links-outside`";
        let target = &refused.target;
        let (code, message, hint) = match &refused.why {
            Why::Outside => (
                Code::LinkOutside,
                format!("the link leads out of the site's folder: {target}"),
                format!("copy the files into the site, or allow such links with {FLAG}"),
            ),
            Why::Hidden => (
                Code::LinkOutside,
                format!("the link leads to a hidden file or folder: {target}"),
                format!("copy what is to be published, or allow such links with {FLAG}"),
            ),
            Why::System => (
                Code::LinkOutside,
                format!("the link leads to the system's own files: {target}"),
                format!("such links are never followed, not even with {FLAG}"),
            ),
            Why::Around => (
                Code::LinkOutside,
                format!("the link leads to a folder that holds the site: {target}"),
                format!("such links are never followed, not even with {FLAG}"),
            ),
            Why::Nowhere(error) if error.kind() == io::ErrorKind::NotFound => (
                Code::ReadFailed,
                format!("cannot be read: the link leads nowhere: {target}"),
                "restore what it led to, or point the link to another file".to_owned(),
            ),
            Why::Nowhere(error) => (
                Code::ReadFailed,
                format!("cannot be read: the link leads to {target}: {error}"),
                String::new(),
            ),
        };
        let place = Place::file(self.label(&refused.link));
        let problem = Diagnostic::error(code, message).at(place);
        match hint.is_empty() {
            true => problem,
            false => problem.hint(hint),
        }
    }
}

/// Whether a path below the site's folder is hidden without being content: settings with secrets,
/// the repository, the cache.
fn is_private(path: &Path) -> bool {
    let hidden = |component: &Component<'_>| {
        let name = component.as_os_str();
        name.as_encoded_bytes().starts_with(b".")
            && (name == REPOSITORY || !path.starts_with(STATIC))
    };
    let mut components = path.components();
    while let Some(component) = components.next() {
        if hidden(&component) {
            let below = components.as_path();
            let is_annex = component.as_os_str() == REPOSITORY
                && (below.starts_with(ANNEX) || shown(below).contains(&format!("/{ANNEX}/")));
            return !is_annex;
        }
    }
    false
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// A folder that holds a site in `site/`, and something else in `else/`.
    fn world() -> tempfile::TempDir {
        let world = tempfile::tempdir().unwrap();
        for folder in [
            "site/content/static/.well-known",
            "site/store",
            "site/.git/annex/objects/x",
            "else",
        ] {
            fs::create_dir_all(world.path().join(folder)).unwrap();
        }
        for file in [
            "site/store/a",
            "site/.env",
            "site/.git/config",
            "site/.git/annex/objects/x/a",
            "else/secret",
        ] {
            fs::write(world.path().join(file), "x").unwrap();
        }
        symlink("../../../else", world.path().join("site/store/way")).unwrap();
        symlink("loop", world.path().join("site/store/loop")).unwrap();
        world
    }

    /// What becomes of a link in `content/static`, with and without the flag.
    fn outcome(world: &Path, target: &str) -> [Result<(), Code>; 2] {
        let site = world.join("site");
        let link = site.join("content/static/link");
        let _ = fs::remove_file(&link);
        symlink(target, &link).unwrap();
        [false, true].map(|outside| {
            let bounds = Bounds::new(&site, outside);
            let followed = bounds.follow(&link);
            followed
                .map(drop)
                .map_err(|refused| bounds.diagnose(&refused).code)
        })
    }

    #[test]
    fn a_link_is_followed_within_the_site_and_nowhere_else() {
        let world = world();
        let at = |path: &str| world.path().join(path).to_str().unwrap().to_owned();
        symlink("../else", world.path().join("site/out")).unwrap();
        let (fine, outside, nowhere) = (Ok(()), Err(Code::LinkOutside), Err(Code::ReadFailed));
        for (target, expected) in [
            ("../../store", [fine, fine]),
            ("../../store/a", [fine, fine]),
            (&*at("site/store"), [fine, fine]),
            (".well-known", [fine, fine]),
            ("../../.git/annex/objects/x/a", [fine, fine]),
            ("../../.env", [outside, fine]),
            ("../../.git", [outside, fine]),
            ("../../.git/config", [outside, fine]),
            ("../../../else", [outside, fine]),
            ("../../../else/secret", [outside, fine]),
            ("../../out/secret", [outside, fine]),
            (&*at("else/secret"), [outside, fine]),
            ("../../store/../../else", [outside, fine]),
            ("../..", [outside, outside]),
            ("../../..", [outside, outside]),
            ("/", [outside, outside]),
            ("nothing", [nowhere, nowhere]),
            ("../../../else/nothing", [nowhere, nowhere]),
            ("../../store/loop", [nowhere, nowhere]),
        ] {
            assert_eq!(outcome(world.path(), target), expected, "{target}");
            let link = world.path().join("site/content/static/link");
            let leads_out = Bounds::new(&world.path().join("site"), false).leads_out(&link);
            let is_fine = expected[0] == Ok(()) || target == "nothing";
            assert_eq!(leads_out, !is_fine, "{target}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_the_system_shows_of_itself_is_never_followed() {
        let world = world();
        for target in [
            "/proc/self/environ",
            "/proc",
            "/sys",
            "/dev/null",
            "/proc/self/root",
        ] {
            assert_eq!(
                outcome(world.path(), target),
                [Err(Code::LinkOutside); 2],
                "{target}"
            );
        }
    }

    #[test]
    fn a_site_behind_a_link_is_the_same_site() {
        let world = world();
        let root = world.path().join("here");
        symlink("site", &root).unwrap();
        symlink(
            world.path().join("site/store"),
            root.join("content/static/link"),
        )
        .unwrap();
        let bounds = Bounds::new(&root, false);
        assert!(bounds.follows(&root.join("content/static/link")));
        symlink("../../else", root.join("content/snapshots")).unwrap();
        let refused = bounds.reach("content/snapshots/blog").unwrap_err();
        let place = bounds.diagnose(&refused).place.unwrap();
        assert_eq!(place.file, "content/snapshots");
    }
}
