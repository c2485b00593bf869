//! Names of files that Windows does not have → warnings, one for each name.
//!
//! Nothing is left out and nothing is moved: the site is good where it is built, and addresses stay.
//! But whoever checks it out, builds it or unpacks it on Windows misses these files. The owner's own
//! names are told by every run; those that came from feeds, of tags say, by a check alone, because
//! somebody else chose them.

use std::collections::BTreeMap;

use crate::config::Config;
use crate::diag::{Code, Diagnostic, Place};
use crate::load::Listing;
use crate::model::portable::first_not_on_windows;
use crate::plan::{Matter, Plan};

/// Where the owner's own pages are.
const PAGES: &str = "content/pages/";

/// Warns of names among the files of the site. `toml` is the settings' file.
pub(super) fn among_files(
    listing: &Listing,
    config: &Config,
    toml: (&str, &str),
) -> Vec<Diagnostic> {
    let Listing {
        snapshots,
        notes,
        pages,
        statics,
        theme,
        originals: _,
    } = listing;
    let files = snapshots.iter().map(|(_, file)| file);
    let files = files.chain(notes).chain(pages).chain(statics).chain(theme);
    let mut told = BTreeMap::new();
    for file in files {
        let path = &*file.path;
        // With folders as addresses, the name of a page is that of a folder, without its ending.
        let is_page = path.starts_with(PAGES);
        let name = path.strip_suffix(".md").filter(|_| is_page).unwrap_or(path);
        if let Some((part, why)) = first_not_on_windows(name) {
            let part = if part == name { path } else { part };
            told.entry(part).or_insert(why);
        }
    }
    let mut told: Vec<Diagnostic> = told
        .into_iter()
        .map(|(path, why)| {
            let hint =
                "rename it; a page or feed that is published already changes its address then";
            warning(&why).at(Place::file(path)).hint(hint)
        })
        .collect();
    let (file, text) = toml;
    let has_snapshots = |name: &str| snapshots.iter().any(|(feed, _)| feed.as_str() == name);
    for (name, feed) in &config.feeds {
        if let Some((_, why)) = first_not_on_windows(name.as_str())
            && !has_snapshots(name.as_str())
        {
            let place = Place::span(file, text, feed.span.clone());
            let hint = "choose another name for the feed, as long as it has no snapshots";
            told.push(warning(&why).at(place).hint(hint));
        }
    }
    told
}

/// Warns of names among the pages and feeds of a plan, but for the owner's own pages.
pub(super) fn among_pages(plan: &Plan) -> Vec<Diagnostic> {
    let is_own = |matter: &Matter| matches!(matter, Matter::Own(_));
    let pages = plan.pages.iter().filter(|page| !is_own(&page.matter));
    let pages = pages.map(|page| &page.path);
    let mut told = BTreeMap::new();
    for path in pages.chain(plan.feeds.iter().map(|feed| &feed.path)) {
        let Some((part, why)) = first_not_on_windows(path.as_str()) else {
            continue;
        };
        // A page and its feed have one cause.
        let stem = part.split('.').next().unwrap_or(part);
        told.entry(stem).or_insert((part, why));
    }
    let told = told.into_values().map(|(part, why)| {
        let hint =
            "its address stays; on Windows, this site cannot be built or unpacked as a whole";
        warning(&why).at(Place::file(part)).hint(hint)
    });
    told.collect()
}

fn warning(why: &str) -> Diagnostic {
    let message = format!("a file of this name cannot be on Windows: {why}");
    Diagnostic::warning(Code::NameNotPortable, message)
}
