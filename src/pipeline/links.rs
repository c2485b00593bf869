//! What only a check can know, because it alone makes every page: links within the site that lead
//! nowhere, in the owner's pages and notes, or by a template.
//!
//! Looked at are the links of pages, made or copied, that count from where the page stands, and, on pages with
//! words of the owner, those that begin with the base URL. What else begins with a scheme, a host or a
//! slash may be there though Gleaner did not make it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use url::Url;

use super::memory::held;
use super::site::Site;
use crate::config::suggest;
use crate::diag::{Code, Diagnostic, Place};
use crate::load;
use crate::model::{OutPath, PagePath};
use crate::plan::{Matter, Page, Plan, StaticSource};
use crate::render::Planned;
use crate::theme::Theme;

/// Stands for the site while a link is resolved; it never reaches an output.
const SITE: &str = "https://site.invalid/";
/// The attributes that lead to something.
const ATTRIBUTES: [&str; 2] = [" href=\"", " src=\""];

/// The links of pages that lead nowhere.
pub(super) struct Links<'a> {
    plan: &'a Plan,
    site: &'a Site,
    /// The pages that hold words of the owner, in order.
    owned: Vec<&'a OutPath>,
    /// The files that options of the theme name.
    named: Vec<String>,
    /// What is missing, with the pages that lead there, each with its link as it is written.
    broken: Mutex<BTreeMap<String, Pages>>,
}

/// The pages that lead to the same missing thing, and their links.
type Pages = BTreeMap<OutPath, String>;

/// A file of the site that may hold a link.
struct Written {
    file: Arc<str>,
    text: String,
    /// The one page that it is, if it is not for many.
    page: Option<OutPath>,
}

impl<'a> Links<'a> {
    pub(super) fn new(plan: &'a Plan, site: &'a Site, theme: &Theme) -> Self {
        let is_owned = |page: &&Arc<Page>| match &page.matter {
            Matter::Own(_) => true,
            Matter::Entry(index, _) => !plan.entries[*index].notes.is_empty(),
            _ => false,
        };
        let owned = plan.pages.iter().filter(is_owned);
        Links {
            plan,
            site,
            owned: owned.map(|page| &page.path).collect(),
            named: theme
                .named_files()
                .map(|(_, file)| file.to_owned())
                .collect(),
            broken: Mutex::default(),
        }
    }

    /// Looks at a page that was made.
    pub(super) fn look(&self, path: &OutPath, bytes: &[u8]) {
        let Ok(page) = std::str::from_utf8(bytes) else {
            return;
        };
        if !path.as_str().ends_with(".html") {
            return;
        }
        let root = path.root();
        for link in links(page) {
            if let Some(missing) = self.missing(path, &root, link) {
                let mut broken = held(&self.broken);
                let pages = broken.entry(missing).or_default();
                pages.entry(path.clone()).or_insert_with(|| plain(link));
            }
        }
    }

    /// What a link on a page leads to, as a path of the site, if the site does not have it.
    fn missing(&self, page: &OutPath, root: &str, link: &str) -> Option<String> {
        let end = link.find(['?', '#']).unwrap_or(link.len());
        let link = &link[..end];
        let base = self.site.config.site.base_url.as_str();
        if let Some(path) = link.strip_prefix(base) {
            let is_owned = self.owned.binary_search(&page).is_ok();
            let path = decoded(&plain(path)).filter(|_| is_owned)?;
            return (!self.has(&path)).then_some(path);
        }
        let is_ours = link
            .split('/')
            .next()
            .is_some_and(|first| !first.contains(':'));
        if link.is_empty() || link.starts_with(['/', '\\']) || !is_ours {
            return None;
        }
        // Most links go by the root, and hold nothing that would have to be resolved.
        let by_root = link.strip_prefix(root);
        let is_plain = |path: &&str| !path.contains(['.', '%', '&']) || path.ends_with(".html");
        if let Some(path) = by_root.filter(is_plain)
            && !path.contains("..")
            && self.has(path)
        {
            return None;
        }
        let here = Url::parse(SITE).ok()?.join(page.as_str()).ok()?;
        let target = here.join(&plain(link)).ok()?;
        let path = decoded(target.path().strip_prefix('/')?)?;
        (!self.has(&path)).then_some(path)
    }

    /// Whether the site has a file here.
    fn has(&self, path: &str) -> bool {
        let index = match path {
            "" => "index.html".to_owned(),
            folder if folder.ends_with('/') => format!("{folder}index.html"),
            file => file.to_owned(),
        };
        let Some(path) = OutPath::new(&index) else {
            return false;
        };
        let statics = &self.plan.statics;
        let is_copied = statics.binary_search_by(|one| one.path.cmp(&path)).is_ok();
        let is_of_search = |core: &OutPath| {
            let first = |path: &OutPath| path.as_str().split('/').next().map(str::to_owned);
            first(&path) == first(core)
        };
        let search = self.plan.search.as_ref();
        is_copied
            || Planned::at(self.plan, &path).is_some()
            || search.is_some_and(|search| is_of_search(&search.core))
    }

    /// A warning of each missing thing, at the first file of the site that leads there. What a setting
    /// of the theme names is reported with that setting.
    pub(super) fn diagnostics(self) -> Vec<Diagnostic> {
        let mut broken = std::mem::take(&mut *held(&self.broken));
        broken.retain(|missing, _| !self.named.contains(missing));
        let written = self.written(&broken);
        let told = broken.into_iter().map(|(missing, pages)| {
            let others = match pages.len() {
                0 | 1 => String::new(),
                2 => " and another page".to_owned(),
                many => format!(" and {} other pages", many - 1),
            };
            let first = pages.first_key_value();
            let (page, link) = first.map_or(("", ""), |(page, link)| (page.as_str(), link));
            let message = format!("a link leads nowhere: `{link}` on {page}{others}");
            let problem = Diagnostic::warning(Code::LinkBroken, message).hint(self.hint(&missing));
            match self.source(link, &pages, &written) {
                Some(place) => problem.at(place),
                None => problem,
            }
        });
        told.collect()
    }

    /// What to do about a path that the site does not have.
    fn hint(&self, missing: &str) -> String {
        let statics = self.plan.statics.iter().map(|one| one.path.as_str());
        let ending = missing.rsplit('/').next().unwrap_or_default();
        let is_page = match ending.rsplit_once('.') {
            Some((_, ending)) => ["html", "htm", "md"].contains(&ending),
            None => true,
        };
        if is_page {
            let pages = self.site.listing.pages.iter();
            let pages = pages.map(|file| file.name.strip_suffix(".md").unwrap_or(&file.name));
            let name = missing.split(".html").next().unwrap_or(missing);
            return match suggest::nearest(name.trim_end_matches(".md"), pages) {
                Some(near) => format!("there is a page `content/pages/{near}.md`"),
                None => "from page to page, name the file as it lies beside yours: \
                         `[trips](trips/rome.md)`"
                    .to_owned(),
            };
        }
        match suggest::nearest(missing, statics) {
            Some(near) => format!("there is a file `{near}`, counted from the front of the site"),
            None => format!(
                "pictures and other files lie in `content/static/`: put it at `content/static/{missing}`"
            ),
        }
    }

    /// The files in which these links may be written: those of their pages, notes and the theme's.
    fn written(&self, broken: &BTreeMap<String, Pages>) -> Vec<Written> {
        let urls = self.site.config.output.urls;
        let listing = &self.site.listing;
        let is_told = |page: &OutPath| broken.values().any(|pages| pages.contains_key(page));
        let own = listing.pages.iter().filter_map(|file| {
            let page = file.name.strip_suffix(".md").and_then(PagePath::new)?;
            let page = page.file(urls);
            is_told(&page).then_some((file, Some(page)))
        });
        let copied = self.plan.statics.iter().filter_map(|copied| {
            let StaticSource::Site(index) = copied.from else {
                return None;
            };
            let page = copied.path.clone();
            is_told(&page).then_some((listing.statics.get(index)?, Some(page)))
        });
        let for_many = listing.notes.iter().chain(&listing.theme);
        let for_many = for_many.filter(|_| !broken.is_empty());
        let files = own.chain(copied).chain(for_many.map(|file| (file, None)));
        let written = files.filter_map(|(file, page)| {
            let (source, _) = load::read_plain(file);
            Some(Written {
                file: file.path.clone(),
                text: String::from_utf8(source?.bytes).ok()?,
                page,
            })
        });
        written.collect()
    }

    /// Where a link may be written: as it stands on the pages, or as it counts from the front of the
    /// archive; if it was made from something else there, at least its last name.
    fn source(&self, link: &str, pages: &Pages, written: &[Written]) -> Option<Place> {
        let base = self.site.config.site.base_url.as_str();
        let inside = link.strip_prefix(base).unwrap_or(link);
        let inside = inside.trim_start_matches("./").trim_start_matches("../");
        let name = link.rsplit('/').find(|part| !part.is_empty())?;
        let is_here = |one: &&Written| {
            one.page
                .as_ref()
                .is_none_or(|page| pages.contains_key(page))
        };
        let find = |words: &str| {
            let files = written.iter().filter(is_here);
            let mut places = files.filter_map(|one| {
                let at = one.text.find(words)?;
                Some(Place::span(&*one.file, &one.text, at..at + words.len()))
            });
            places.next()
        };
        let words = [link, inside, name].into_iter();
        words.filter(|words| !words.is_empty()).find_map(find)
    }
}

/// The values of attributes that lead to something. What stands in texts is no tag.
fn links(page: &str) -> impl Iterator<Item = &str> {
    let tags = page.split('<').skip(1);
    let tags = tags.filter_map(|piece| piece.split('>').next());
    tags.flat_map(|tag| {
        ATTRIBUTES.into_iter().filter_map(move |start| {
            let (_, rest) = tag.split_once(start)?;
            rest.split('"').next()
        })
    })
}

/// A path without what URLs write in its place.
fn decoded(path: &str) -> Option<String> {
    let path = percent_encoding::percent_decode_str(path);
    Some(path.decode_utf8().ok()?.into_owned())
}

/// A value of an attribute as it was meant.
fn plain(value: &str) -> String {
    if !value.contains('&') {
        return value.to_owned();
    }
    let value = value.replace("&quot;", "\"").replace("&#x27;", "'");
    let value = value.replace("&#39;", "'").replace("&lt;", "<");
    value.replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_those_of_tags() {
        let page = "<a class=x href=\"a&amp;b\">href=\"no\"</a><img src=\"c\" href=\"d\"><p title=\" href=&quot;x\">";
        let found: Vec<String> = links(page).map(plain).collect();
        assert_eq!(found, ["a&b", "d", "c"]);
    }
}
