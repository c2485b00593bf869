//! Relative links of the owner's pages and notes, as they are written in files that lie side by side →
//! links that lead to the same things in the site, whose pages may be folders.
//!
//! `[other](other.md#part)` leads to the page of that file. On a page, any other relative link counts
//! from the folder of the file; where the page is a folder of its own, that is one level up. A note
//! is shown on many pages, so its links count from the site's root, whatever folder its file is in;
//! `../pages/` and `../static/`, which lead from a note's file to others, do the same.

use std::borrow::Cow;
use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;
use url::Url;

use crate::model::{Hash, OwnPage, PagePath, UrlStyle};

/// Stands for the site while a link is resolved; it never reaches an output.
const SITE: &str = "https://site.invalid/";

/// The owner's pages, to which links may lead by the names of their files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OwnPages {
    pages: BTreeSet<PagePath>,
    urls: UrlStyle,
    /// A hash of both.
    key: Hash,
}

/// Where a link of the owner's stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Here<'a> {
    /// The page; none for a note.
    pub(super) page: Option<&'a PagePath>,
    pub(super) among: &'a OwnPages,
}

impl OwnPages {
    /// These pages.
    pub(crate) fn new<'a>(pages: impl Iterator<Item = &'a OwnPage>, urls: UrlStyle) -> Self {
        Self::of(pages.map(|page| page.page.clone()).collect(), urls)
    }

    fn of(pages: BTreeSet<PagePath>, urls: UrlStyle) -> Self {
        let style: &[u8] = match urls {
            UrlStyle::Files => b"files",
            UrlStyle::Folders => b"folders",
        };
        let paths = pages.iter().map(|page| page.as_str().as_bytes());
        let key = Hash::of_parts(std::iter::once(style).chain(paths));
        OwnPages { pages, urls, key }
    }

    /// Equal keys: the same links lead to the same pages.
    pub(super) fn key(&self) -> &[u8] {
        self.key.as_bytes()
    }

    /// The link from the site's root to the page of the file that a link names on this page.
    fn named(&self, page: &str, path: &str) -> Option<String> {
        let path = path.strip_suffix(".md")?;
        let here = Url::parse(SITE).ok()?.join(page).ok()?;
        let there = here.join(path).ok()?;
        let there = there.as_str().strip_prefix(SITE)?;
        let page = PagePath::new(&percent_decode_str(there).decode_utf8().ok()?)?;
        let page = self.pages.get(&page)?;
        Some(page.file(self.urls).href(self.urls))
    }

    fn home(&self) -> Option<String> {
        Some(PagePath::new("index")?.file(self.urls).href(self.urls))
    }
}

impl Here<'_> {
    /// A relative link as it has to stand on the page, or, in a note, as it counts from the site's
    /// root.
    pub(super) fn link<'a>(self, raw: &'a str) -> Cow<'a, str> {
        let (path, rest) = raw.split_at(raw.find(['?', '#']).unwrap_or(raw.len()));
        let Some(page) = self.page else {
            return self
                .in_note(path, rest)
                .map_or(Cow::Borrowed(raw), Cow::Owned);
        };
        let urls = self.among.urls;
        if path.is_empty() || (path.starts_with(['/', '\\']) && !path.ends_with(".md")) {
            return Cow::Borrowed(raw);
        }
        let file = page.file(urls);
        if let Some(href) = self.among.named(page.as_str(), path) {
            return Cow::Owned(format!("{}{href}{rest}", file.root()));
        }
        let depth = |path: &str| path.matches('/').count();
        if depth(file.as_str()) > depth(page.as_str()) {
            return Cow::Owned(format!("../{raw}"));
        }
        Cow::Borrowed(raw)
    }

    /// A link of a note that is not what it looks like.
    fn in_note(self, path: &str, rest: &str) -> Option<String> {
        if matches!(path, "." | "./") {
            return Some(self.among.home()? + rest);
        }
        let beside = path.trim_start_matches("../");
        let beside = (beside.len() < path.len()).then_some(beside);
        let of = |folder: &str| beside.and_then(|beside| beside.strip_prefix(folder));
        let named = |path: &str| self.among.named("", path);
        if let Some(href) = named(path).or_else(|| named(of("pages/")?)) {
            return Some(href + rest);
        }
        let path = of("static/").or_else(|| of("pages/"))?;
        Some(format!("{path}{rest}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(page: &str, raw: &str, urls: UrlStyle) -> String {
        let path = |raw: &&str| PagePath::new(raw).unwrap();
        let pages = ["index", "about", "a b", "trips/index", "trips/rome"];
        let among = OwnPages::of(pages.iter().map(path).collect(), urls);
        let page = path(&page);
        let here = Here {
            page: (page.as_str() != "note").then_some(&page),
            among: &among,
        };
        here.link(raw).into_owned()
    }

    #[test]
    fn a_link_of_a_note_counts_from_the_root() {
        for (raw, files, folders) in [
            ("about.md#x", "about.html#x", "about/#x"),
            ("trips/index.md", "trips/index.html", "trips/"),
            ("/trips/rome.md?q", "trips/rome.html?q", "trips/rome/?q"),
            ("../pages/a%20b.md", "a%20b.html", "a%20b/"),
            ("../../pages/about.md", "about.html", "about/"),
            ("../static/img/p.png#x", "img/p.png#x", "img/p.png#x"),
            ("img/p.png", "img/p.png", "img/p.png"),
            ("nothing.md", "nothing.md", "nothing.md"),
            (".", "index.html", ""),
            ("index.md", "index.html", ""),
        ] {
            assert_eq!(link("note", raw, UrlStyle::Files), files, "{raw}");
            assert_eq!(link("note", raw, UrlStyle::Folders), folders, "{raw}");
        }
    }

    #[test]
    fn a_link_to_a_file_leads_to_its_page() {
        for (page, raw, files, folders) in [
            (
                "about",
                "trips/rome.md",
                "./trips/rome.html",
                "../trips/rome/",
            ),
            (
                "about",
                "trips/index.md#x",
                "./trips/index.html#x",
                "../trips/#x",
            ),
            (
                "trips/rome",
                "../about.md?q",
                "../about.html?q",
                "../../about/?q",
            ),
            (
                "trips/rome",
                "./../a%20b.md",
                "../a%20b.html",
                "../../a%20b/",
            ),
            ("trips/rome", "/about.md", "../about.html", "../../about/"),
            (
                "trips/index",
                "rome.md",
                "../trips/rome.html",
                "../trips/rome/",
            ),
            ("about", "index.md", "./index.html", "../"),
        ] {
            assert_eq!(link(page, raw, UrlStyle::Files), files, "{page}: {raw}");
            assert_eq!(link(page, raw, UrlStyle::Folders), folders, "{page}: {raw}");
        }
    }

    #[test]
    fn other_links_count_from_the_folder_of_the_file() {
        for (page, raw, folders) in [
            ("about", "photo.jpg", "../photo.jpg"),
            ("trips/rome", "../tags/rust/", "../../tags/rust/"),
            ("trips/index", "photo.jpg", "photo.jpg"),
            ("about", "/robots.txt", "/robots.txt"),
            ("about", "#part", "#part"),
            ("about", "nothing.md", "../nothing.md"),
        ] {
            assert_eq!(link(page, raw, UrlStyle::Files), raw, "{page}: {raw}");
            assert_eq!(link(page, raw, UrlStyle::Folders), folders, "{page}: {raw}");
        }
    }
}
