//! The themes in the binary: the folder `themes/` of this repository, embedded.

use include_dir::{Dir, include_dir};

static THEMES: Dir = include_dir!("$CARGO_MANIFEST_DIR/themes");

/// The names of the built-in themes; the first is the one of a site that names none.
pub(crate) const BUILT_IN: [&str; 2] = ["gleaner", "plain"];

/// The files of a built-in theme: path within the theme, and content; sorted by path.
pub(crate) fn files(name: &str) -> Vec<(&'static str, &'static [u8])> {
    let mut found = Vec::new();
    if let Some(folder) = THEMES.get_dir(name) {
        collect(folder, name, &mut found);
    }
    found.sort_unstable();
    found
}

/// Whether a file of this name in a theme's `static` folder is one that a built-in theme has there.
pub(crate) fn is_built_in(name: &str, bytes: &[u8]) -> bool {
    BUILT_IN.iter().any(|theme| {
        let file = THEMES.get_file(format!("{theme}/static/{name}"));
        file.is_some_and(|file| file.contents() == bytes)
    })
}

fn collect(folder: &Dir<'static>, name: &str, found: &mut Vec<(&'static str, &'static [u8])>) {
    for file in folder.files() {
        // Embedded paths have the separator of the machine that compiled; ours have one level
        // below `templates` and `static`, so the name within its folder is all that is missing.
        let path = file.path().to_str().unwrap_or_default();
        if let Some(inner) = path.strip_prefix(name) {
            found.push((inner.trim_start_matches(['/', '\\']), file.contents()));
        }
    }
    for inner in folder.dirs() {
        collect(inner, name, found);
    }
}
