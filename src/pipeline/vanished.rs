//! Addresses that were published and are not planned any more: a folder of snapshots that is gone, a
//! checkout that is not whole, a setting that moved every page. A warning, since permalinks are
//! promised to stay.
//!
//! What earlier builds published stands in the list that the output folder has, or, where that
//! folder is new, in the cache. An entry that the owner hid is wanted away: it still has its place,
//! so it does not count. Nor do earlier versions, pages that are numbered by their lists, files of
//! the owner's, and everything that is no page. Lists count only beside entries: alone, they go when
//! a tag is renamed.
//!
//! The warning belongs to the build that removes the pages (or would, in a check): the next one does
//! not know of them.

use std::collections::BTreeSet;
use std::path::Path;

use super::Mode;
use super::memory::LastBuild;
use super::site::Site;
use crate::cache::Manifest;
use crate::diag::{Code, Diagnostic, Place};
use crate::model::{OutPath, PagePath};
use crate::plan::Plan;
use crate::render::Planned;
use crate::write;

/// Addresses and folders that are named, before they are only counted.
const NAMED: usize = 3;
/// Folders of snapshots in paths of inputs.
const SNAPSHOTS: &str = "content/snapshots/";
/// The folders of lists that are made of entries.
const LISTS: [&str; 3] = ["tags", "sources", "sharers"];
/// The folders of what is made of all entries.
const OVERVIEWS: [&str; 4] = ["dates", "on-this-day", "statistics", "pagefind"];
/// The page with the earlier versions of an entry's text.
const REVISIONS: &str = "revisions";
/// How many characters of an id stand in an address.
const ID: usize = 8;

/// What earlier builds published, and of what they were made.
#[derive(Debug, Default)]
pub(super) struct Before {
    pages: Vec<OutPath>,
    /// The paths of what the last build read, sorted; none where that is not known.
    inputs: Option<Vec<Box<str>>>,
}

impl Before {
    /// What stands in the output folder, or stood there after the last build.
    pub(super) fn of(root: &Path, output: &Path, last: Option<&LastBuild>) -> Self {
        let earlier = last.map(|last| &last.earlier);
        let inputs = |Manifest { inputs, .. }: &Manifest| {
            let paths = inputs.iter().map(|input| input.path.clone());
            paths.collect()
        };
        let mut pages = write::published(root, output, earlier);
        pages.retain(|path| path.as_str().ends_with(".html"));
        Before {
            pages,
            inputs: last.map(|last| inputs(&last.manifest)),
        }
    }

    /// What is not planned any more, unless it is hidden.
    pub(super) fn vanished(
        self,
        plan: &Plan,
        site: &Site,
        hidden: &[PagePath],
        mode: Mode,
    ) -> Option<Diagnostic> {
        let urls = site.config.output.urls;
        let hidden: BTreeSet<OutPath> = hidden.iter().map(|path| path.file(urls)).collect();
        let has = |path: &OutPath| {
            Planned::at(plan, path).is_some()
                || plan
                    .statics
                    .binary_search_by(|one| one.path.cmp(path))
                    .is_ok()
        };
        let gone = self.pages.iter().filter(|path| !has(path));
        let (mut entries, mut lists) = (Vec::new(), Vec::new());
        for path in gone {
            match kind(path, self.inputs.as_deref()) {
                Some(Kind::Entry) if !hidden.contains(path) => entries.push(path),
                Some(Kind::List) => lists.push(path),
                _ => {}
            }
        }
        if entries.is_empty() {
            return None;
        }
        entries.extend(lists);
        let (place, hint) = self.cause(site);
        let message = message(&entries, mode);
        let problem = Diagnostic::warning(Code::AddressesGone, message);
        Some(problem.at(Place::file(place)).hint(hint))
    }

    /// Where the cause most likely is, and what it is.
    fn cause(&self, site: &Site) -> (String, String) {
        let (all, permalinks) = ("content/snapshots", "`output.permalinks` or `output.urls`");
        let Some(inputs) = &self.inputs else {
            let hint = format!(
                "is a folder of snapshots missing, or the checkout not whole? or did {permalinks} change?"
            );
            return (all.to_owned(), hint);
        };
        let now: BTreeSet<&str> = site.snapshots().collect();
        let was = || inputs.iter().filter(|path| path.starts_with(SNAPSHOTS));
        let gone: Vec<&str> = was()
            .map(|path| &**path)
            .filter(|path| !now.contains(path))
            .collect();
        let folders: BTreeSet<&str> = gone.iter().filter_map(|path| folder(path)).collect();
        let is_gone = |wanted: &&str| !now.iter().any(|path| folder(path) == Some(*wanted));
        let folders: Vec<&str> = folders.into_iter().filter(is_gone).collect();
        let restore = "put it back to keep them; is the checkout whole?";
        match (&folders[..], &gone[..]) {
            ([], []) => {
                let hint = format!(
                    "no snapshot is gone since the last build: did {permalinks}, or the `key` of a \
                     feed, change?"
                );
                (all.to_owned(), hint)
            }
            ([], [one]) => (
                (*one).to_owned(),
                format!("{one} is gone since the last build: {restore}"),
            ),
            ([], [first, ..]) => {
                let count = gone.len();
                let hint = format!(
                    "{count} snapshots are gone since the last build, {first} among them: put them \
                     back to keep the addresses; is the checkout whole?"
                );
                (all.to_owned(), hint)
            }
            ([one], _) => (
                (*one).to_owned(),
                format!("{one} is gone since the last build: {restore}"),
            ),
            (many, _) => {
                let hint = format!(
                    "{} are gone since the last build: put them back to keep the addresses; is the \
                     checkout whole?",
                    some(many)
                );
                (all.to_owned(), hint)
            }
        }
    }
}

/// The folder of the feed that a snapshot belongs to.
fn folder(path: &str) -> Option<&str> {
    let below = path.strip_prefix(SNAPSHOTS)?;
    let end = below.find('/')?;
    Some(&path[..SNAPSHOTS.len() + end])
}

fn message(gone: &[&OutPath], mode: Mode) -> String {
    let named: Vec<&str> = gone.iter().map(|path| path.as_str()).collect();
    let named = some(&named);
    let (count, addresses) = match gone.len() {
        1 => (1, "published address"),
        many => (many, "published addresses"),
    };
    match (mode, count) {
        (Mode::Check, _) => format!("{count} {addresses} would disappear: {named}"),
        (Mode::Build, 1) => format!("{count} {addresses} disappears: {named}"),
        (Mode::Build, _) => format!("{count} {addresses} disappear: {named}"),
    }
}

/// The first of these by name, and how many more there are.
fn some(names: &[&str]) -> String {
    let first = names[..names.len().min(NAMED)].join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Entry,
    List,
}

/// What stood at an address, as far as it counts.
fn kind(path: &OutPath, inputs: Option<&[Box<str>]>) -> Option<Kind> {
    let path = path.as_str();
    let page = path
        .strip_suffix("/index.html")
        .or_else(|| path.strip_suffix(".html"))?;
    let (first, last) = (page.split('/').next()?, page.rsplit('/').next()?);
    // What says less, such as only the beginnings of texts, has no earlier versions of them.
    if last == REVISIONS {
        return None;
    }
    // Years, months and days, and the pages that lists are cut into.
    if last.bytes().all(|byte| byte.is_ascii_digit()) || OVERVIEWS.contains(&first) {
        return None;
    }
    if LISTS.contains(&first) {
        return (first != page).then_some(Kind::List);
    }
    let is_entry = match inputs {
        // A page or file of the owner's went with its source, or the owner turned something off.
        Some(inputs) => {
            let is_own = |source: String| inputs.binary_search_by(|it| (**it).cmp(&source)).is_ok();
            let is_fixed = ["index", "404", "search", "undated"].contains(&page);
            let own = format!("content/pages/{page}.md");
            !is_fixed && !is_own(own) && !is_own(format!("content/static/{path}"))
        }
        None => has_id(last),
    };
    is_entry.then_some(Kind::Entry)
}

/// Whether a name ends as the permalinks of entries do, unless the owner chose otherwise.
fn has_id(name: &str) -> bool {
    let id = name.rsplit('-').next().unwrap_or(name);
    id.len() == ID
        && id
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_entries_and_lists_count() {
        let inputs: [Box<str>; 2] = [
            "content/pages/about.md".into(),
            "content/static/x.html".into(),
        ];
        let kind = |path: &str, inputs| super::kind(&OutPath::new(path).unwrap(), inputs);
        let known = Some(&inputs[..]);
        for path in [
            "2025/08/a-b-ab77ad53.html",
            "2025/08/a-ab77ad53/index.html",
            "undated/ab77ad53.html",
        ] {
            for inputs in [known, None] {
                assert_eq!(kind(path, inputs), Some(Kind::Entry), "{path}");
            }
        }
        assert_eq!(kind("a-title.html", known), Some(Kind::Entry));
        assert_eq!(kind("a-title.html", None), None);
        assert_eq!(kind("tags/rust.html", None), Some(Kind::List));
        for path in [
            "tags/rust/1.html",
            "tags/index.html",
            "2025/08/a-b-ab77ad53/revisions.html",
            "2025/08.html",
            "2025/index.html",
            "dates/index.html",
            "about.html",
            "x.html",
            "search.html",
            "index.html",
        ] {
            assert_eq!(kind(path, known), None, "{path}");
        }
    }
}
