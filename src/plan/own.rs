//! The owner's own pages, the page for what is not there, and the navigation to all of them.

use super::context::{HeadingView, Link, OwnPageView};
use super::{Matter, Page, Planner, dates, days, home, statistics};
use crate::model::{OwnPage, PagePath, SafeBody};

/// A page that the owner wrote.
pub(super) fn page(planner: &Planner, own: &OwnPage, body: &SafeBody) -> Page {
    let matter = OwnPageView {
        body: Some(body.html),
        headings: HeadingView::all(&body.facts),
    };
    let mut page = planner.page(&own.page, own.title.to_string(), Matter::Own(matter));
    page.view.description = own
        .description
        .clone()
        .or_else(|| body.facts.excerpt.clone());
    page
}

/// The page for what is not there. It is served at any depth, so its links begin at the root of the
/// host: those hold on every host that has the site at the path of its base URL, a preview among
/// them, and what they name is the page's own origin, as its policy asks.
pub(super) fn not_found(planner: &Planner) -> Option<Page> {
    let mut page = planner.page(&PagePath::new("404")?, "Not found", Matter::NotFound);
    // Every host looks for this very file, whatever the style of URLs.
    page.path = PagePath::new("404")?.file(crate::model::UrlStyle::Files);
    page.view.root = planner.layout.base_url.path().to_owned().into();
    page.view.indexed = false;
    Some(page)
}

/// The fixed navigation, then the owner's pages by their `nav`, then by path.
pub(super) fn navigation(planner: &Planner, own: &[(OwnPage, SafeBody)]) -> Vec<Link> {
    let fixed = [
        ("Latest", home::PATH),
        ("Tags", "tags/index"),
        ("Sources", "sources/index"),
        ("Sharers", "sharers/index"),
        ("Dates", dates::INDEX),
    ];
    let mut own: Vec<&OwnPage> = own
        .iter()
        .map(|(page, _)| page)
        .filter(|page| page.nav.is_some())
        .collect();
    own.sort_by_key(|page| (page.nav, &page.path));
    let own = own
        .iter()
        .map(|page| link(planner, page.title.as_str(), &page.page));
    fixed_links(planner, &fixed).chain(own).collect()
}

/// The pages that are looked up now and then.
pub(super) fn more(planner: &Planner) -> Vec<Link> {
    let more = [
        (days::TITLE, days::INDEX),
        (statistics::TITLE, statistics::PATH),
    ];
    fixed_links(planner, &more).collect()
}

fn fixed_links(planner: &Planner, pages: &[(&str, &str)]) -> impl Iterator<Item = Link> {
    pages
        .iter()
        .filter_map(|(title, path)| Some(link(planner, title, &PagePath::new(path)?)))
}

pub(super) fn link(planner: &Planner, title: &str, page: &PagePath) -> Link {
    Link {
        title: title.to_owned(),
        href: planner.href(page),
    }
}
