//! sitemap.xml (sitemaps.org protocol 0.9), by `sitemap-rs`: every page that search engines should
//! list; an index and parts where one file may not hold them all. A file that lists the same as the
//! one that stands there is kept.

use std::ops::Range;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use sitemap_rs::sitemap::Sitemap as Part;
use sitemap_rs::sitemap_index::SitemapIndex;
use sitemap_rs::url::Url;
use sitemap_rs::url_set::UrlSet;

use super::{Sink, output_failed};
use crate::config::SiteConfig;
use crate::diag::Diagnostic;
use crate::model::{Key, OutPath, Parts};
use crate::plan::{Page, Plan, Sitemap};

/// Renders the sitemap and hands its files to the sink.
pub(super) fn render(plan: &Plan, site: &SiteConfig, sink: &dyn Sink) -> Vec<Diagnostic> {
    let pages: Vec<&Page> = Sitemap::listed(&plan.pages).collect();
    let Sitemap { file, parts } = &plan.sitemap;
    let Some(file) = file else {
        return Vec::new();
    };
    if parts.is_empty() {
        return Vec::from_iter(render_pages(file, &pages, sink));
    }
    let of_index = render_file(file, &key_of_index(parts), || index(parts, site), sink);
    let of_parts = parts.iter().filter_map(|(part, range)| {
        let pages = pages.get(range.clone()).unwrap_or_default();
        render_pages(part, pages, sink)
    });
    of_index.into_iter().chain(of_parts).collect()
}

fn render_pages(path: &OutPath, pages: &[&Page], sink: &dyn Sink) -> Option<Diagnostic> {
    render_file(path, &key_of_pages(pages), || url_set(pages), sink)
}

fn render_file(
    path: &OutPath,
    key: &Key,
    make: impl FnOnce() -> Result<Vec<u8>, String>,
    sink: &dyn Sink,
) -> Option<Diagnostic> {
    if sink.keeps(path, key) {
        return None;
    }
    match make() {
        Ok(bytes) => {
            sink.file(path, &bytes, Some(key));
            None
        }
        Err(why) => Some(output_failed(path, &why)),
    }
}

fn key_of_pages(pages: &[&Page]) -> Key {
    let mut around = Parts::default();
    for page in pages {
        around.add(&(&page.view.url, page.changed));
    }
    key("pages", &around)
}

fn key_of_index(parts: &[(OutPath, Range<usize>)]) -> Key {
    let mut around = Parts::default();
    // The site's place is in the globals of all keys.
    around.add(&parts.len());
    for (part, _) in parts {
        around.add(part);
    }
    key("parts", &around)
}

fn key(what: &str, around: &Parts) -> Key {
    Key {
        subject: Parts::of(what),
        around: around.hash(),
    }
}

fn url_set(pages: &[&Page]) -> Result<Vec<u8>, String> {
    let urls = pages
        .iter()
        .map(|page| url(page))
        .collect::<Result<_, _>>()?;
    let set = UrlSet::new(urls).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    set.write(&mut bytes).map_err(|error| error.to_string())?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn url(page: &Page) -> Result<Url, String> {
    let mut url = Url::builder(page.view.url.to_string());
    if let Some(changed) = page.changed {
        url.last_modified(seconds(changed).to_zoned(TimeZone::UTC));
    }
    url.build().map_err(|error| error.to_string())
}

/// Fractions of a second say nothing in a sitemap.
fn seconds(instant: Timestamp) -> Timestamp {
    Timestamp::from_second(instant.as_second()).unwrap_or(instant)
}

fn index(parts: &[(OutPath, Range<usize>)], site: &SiteConfig) -> Result<Vec<u8>, String> {
    let part = |(path, _): &(OutPath, Range<usize>)| Part::new(path.url(&site.base_url), None);
    let index =
        SitemapIndex::new(parts.iter().map(part).collect()).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    index.write(&mut bytes).map_err(|error| error.to_string())?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::config::{Config, Overrides, read};
    use crate::model::{Archive, Entry};
    use crate::plan::{Beside, Remembered, plan};

    /// A site of two entries.
    fn site() -> (Plan, Config) {
        let site = "[site]\ntitle = 'T'\nbase_url = 'https://e.org/'";
        let config = read("site.toml", site, &Overrides::default()).0.unwrap();
        let archive = Archive {
            entries: [("a", "2025/a"), ("b", "2025/b")]
                .map(|(name, at)| Entry::bare(name, at).into())
                .into(),
            coverage: Vec::new(),
        };
        let beside = Beside {
            own: Vec::new(),
            statics: Vec::new(),
            assets: Vec::new(),
            originals: Default::default(),
        };
        let (plan, _) = plan(&archive, &beside, &config, &Remembered::default());
        (plan, config)
    }

    #[test]
    fn a_file_is_made_again_where_it_lists_something_else() {
        let (mut plan, _) = site();
        let key = |plan: &Plan| {
            let pages = plan.pages.iter().map(|page| &**page);
            key_of_pages(&pages.collect::<Vec<_>>())
        };
        fn first(plan: &mut Plan) -> &mut Page {
            Arc::make_mut(&mut plan.pages[0])
        }
        let before = key(&plan);
        first(&mut plan).view.title = "another".into();
        assert_eq!(key(&plan), before, "titles stand in no sitemap");
        first(&mut plan).changed = Some(Timestamp::UNIX_EPOCH);
        let second = key(&plan);
        first(&mut plan).view.url = "https://e.org/else".into();
        let third = key(&plan);
        plan.pages.pop();
        let mut keys = [before, second, third, key(&plan), key_of_index(&[])];
        keys.sort_by_key(|key| (key.subject, key.around));
        assert!(keys.windows(2).all(|two| two[0] != two[1]));
    }

    /// Files by their paths.
    #[derive(Default)]
    struct Files(Mutex<BTreeMap<String, String>>);

    impl Sink for Files {
        fn keeps(&self, _: &OutPath, _: &Key) -> bool {
            false
        }

        fn file(&self, path: &OutPath, bytes: &[u8], _: Option<&Key>) {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            self.0.lock().unwrap().insert(path.to_string(), text);
        }

        fn page(&self, _: &str, render: &mut dyn FnMut()) {
            render();
        }
    }

    #[test]
    fn the_parts_list_each_page_once_and_the_index_lists_the_parts() {
        let (mut plan, config) = site();
        let listed: Vec<String> = Sitemap::listed(&plan.pages)
            .map(|page| page.view.url.to_string())
            .collect();
        let half = listed.len() / 2;
        let part = |name: &str| OutPath::new(name).unwrap();
        plan.sitemap.parts = vec![
            (part("sitemap-1.xml"), 0..half),
            (part("sitemap-3.xml"), half..listed.len()),
        ];
        let files = Files::default();
        assert!(render(&plan, &config.site, &files).is_empty());
        let files = files.0.into_inner().unwrap();
        let locations = |name: &str| -> Vec<String> {
            let urls = files[name].split("<loc>").skip(1);
            urls.filter_map(|url| Some(url.split_once("</loc>")?.0.to_owned()))
                .collect()
        };
        assert_eq!(
            locations("sitemap.xml"),
            ["https://e.org/sitemap-1.xml", "https://e.org/sitemap-3.xml"]
        );
        let parts = [locations("sitemap-1.xml"), locations("sitemap-3.xml")];
        assert_eq!(parts.concat(), listed);
    }
}
