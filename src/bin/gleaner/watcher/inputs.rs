//! What a site is made of, as paths: what the library names, and where it looks.

use std::path::{Path, PathBuf};

use gleaner::pipeline::{Bounds, is_input};

/// The folders of a site that are read, beside its settings.
const FOLDERS: [&str; 2] = ["content", "themes"];

/// The inputs of one site. Paths are the library's: under the site's folder as it was given.
#[derive(Debug, Clone)]
pub(crate) struct Inputs {
    root: PathBuf,
    config: PathBuf,
    bounds: Bounds,
    /// Whether the command line names the configuration, which then may be a link to anywhere.
    is_named: bool,
}

impl Inputs {
    /// The inputs of the site in this folder.
    pub(crate) fn new(root: &Path, config: Option<&Path>, follow_links_outside: bool) -> Self {
        Inputs {
            root: root.to_path_buf(),
            bounds: Bounds::new(root, follow_links_outside),
            is_named: config.is_some(),
            config: config.map_or_else(|| root.join("site.toml"), Path::to_path_buf),
        }
    }

    /// Whether a link of the site leads to where no build looks.
    pub(crate) fn leads_out(&self, link: &Path) -> bool {
        !(self.is_named && link == self.config) && self.bounds.leads_out(link)
    }

    /// Whether a build follows this link of the site.
    pub(crate) fn follows(&self, link: &Path) -> bool {
        (self.is_named && link == self.config) || self.bounds.follows(link)
    }

    /// All of them: two folders with what is in them, and the settings.
    pub(crate) fn all(&self) -> Vec<PathBuf> {
        let folders = FOLDERS.iter().map(|folder| self.root.join(folder));
        folders.chain([self.config.clone()]).collect()
    }

    /// Whether a build looks at this path.
    pub(crate) fn has(&self, path: &Path) -> bool {
        path == self.config || path.strip_prefix(&self.root).is_ok_and(is_input)
    }

    /// Whether a build looks at what is in this folder.
    pub(crate) fn has_in(&self, folder: &Path) -> bool {
        let below = folder.strip_prefix(&self.root);
        // A name like any other.
        below.is_ok_and(|below| is_input(below) && is_input(&below.join("x")))
    }

    /// A path as diagnostics name it: relative to the site's folder, with `/`, and harmless on a
    /// terminal.
    pub(crate) fn shown(&self, path: &Path) -> String {
        let path = path.strip_prefix(&self.root).unwrap_or(path);
        let text = path.to_string_lossy();
        let text = match std::path::MAIN_SEPARATOR {
            '/' => text.into_owned(),
            separator => text.replace(separator, "/"),
        };
        gleaner::diag::escape_controls(&text)
    }
}
