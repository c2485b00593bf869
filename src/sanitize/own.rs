//! Relative links of the owner's pages, as they are written in files that lie side by side → links
//! that lead to the same things in the site, whose pages may be folders.
//!
//! `[other](other.md#part)` leads to the page of that file. Any other relative link counts from the
//! folder of the file; where the page is a folder of its own, that is one level up.

use std::borrow::Cow;
use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;
use url::Url;

use crate::model::{OwnPage, PagePath, UrlStyle};

/// Stands for the site while a link is resolved; it never reaches an output.
const SITE: &str = "https://site.invalid/";

/// The owner's pages, to which links may lead by the names of their files.
#[derive(Debug)]
pub(crate) struct OwnPages {
    pages: BTreeSet<PagePath>,
    urls: UrlStyle,
}

/// The page on which a link stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Here<'a> {
    pub(super) page: &'a PagePath,
    pub(super) among: &'a OwnPages,
}

impl OwnPages {
    /// These pages.
    pub(crate) fn new(pages: &[OwnPage], urls: UrlStyle) -> Self {
        OwnPages {
            pages: pages.iter().map(|page| page.page.clone()).collect(),
            urls,
        }
    }
}

impl Here<'_> {
    /// A relative link as it has to stand on the page.
    pub(super) fn link<'a>(self, raw: &'a str) -> Cow<'a, str> {
        let urls = self.among.urls;
        let (path, rest) = raw.split_at(raw.find(['?', '#']).unwrap_or(raw.len()));
        if path.is_empty() || (path.starts_with(['/', '\\']) && !path.ends_with(".md")) {
            return Cow::Borrowed(raw);
        }
        let file = self.page.file(urls);
        if let Some(target) = self.page_of(path) {
            let href = target.file(urls).href(urls);
            return Cow::Owned(format!("{}{href}{rest}", file.root()));
        }
        let depth = |path: &str| path.matches('/').count();
        if depth(file.as_str()) > depth(self.page.as_str()) {
            return Cow::Owned(format!("../{raw}"));
        }
        Cow::Borrowed(raw)
    }

    /// The page of the file that a link names.
    fn page_of(self, path: &str) -> Option<PagePath> {
        let path = path.strip_suffix(".md")?;
        let here = Url::parse(SITE).ok()?.join(self.page.as_str()).ok()?;
        let there = here.join(path).ok()?;
        let there = there.as_str().strip_prefix(SITE)?;
        let page = PagePath::new(&percent_decode_str(there).decode_utf8().ok()?)?;
        self.among.pages.contains(&page).then_some(page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(page: &str, raw: &str, urls: UrlStyle) -> String {
        let path = |raw: &&str| PagePath::new(raw).unwrap();
        let pages = ["index", "about", "a b", "trips/index", "trips/rome"];
        let among = OwnPages {
            pages: pages.iter().map(path).collect(),
            urls,
        };
        let page = path(&page);
        Here {
            page: &page,
            among: &among,
        }
        .link(raw)
        .into_owned()
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
