//! sitemap.xml (sitemaps.org protocol 0.9), by `sitemap-rs`: every page that search engines should
//! list; an index and parts where one file may not hold them all.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use sitemap_rs::sitemap::Sitemap as Part;
use sitemap_rs::sitemap_index::SitemapIndex;
use sitemap_rs::url::Url;
use sitemap_rs::url_set::UrlSet;

use super::{Sink, output_failed};
use crate::config::SiteConfig;
use crate::diag::Diagnostic;
use crate::model::OutPath;
use crate::plan::{Page, Plan, Sitemap};

/// Renders the sitemap and hands its files to the sink.
pub(super) fn render(plan: &Plan, site: &SiteConfig, sink: &dyn Sink) -> Vec<Diagnostic> {
    let pages: Vec<&Page> = plan.pages.iter().filter(|page| page.view.indexed).collect();
    let Some(file) = &plan.sitemap.file else {
        return Vec::new();
    };
    let mut files: Vec<(&OutPath, Result<Vec<u8>, String>)> = Vec::new();
    if plan.sitemap.parts.is_empty() {
        files.push((file, url_set(&pages)));
    } else {
        files.push((file, index(&plan.sitemap.parts, site)));
        let chunks = pages.chunks(Sitemap::LENGTH);
        files.extend(plan.sitemap.parts.iter().zip(chunks.map(url_set)));
    }
    let hand_over = |(path, bytes): (&OutPath, Result<Vec<u8>, String>)| match bytes {
        Ok(bytes) => {
            sink.file(path, &bytes, None);
            None
        }
        Err(why) => Some(output_failed(path, &why)),
    };
    files.into_iter().filter_map(hand_over).collect()
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

fn index(parts: &[OutPath], site: &SiteConfig) -> Result<Vec<u8>, String> {
    let part = |path: &OutPath| Part::new(format!("{}{}", site.base_url, path.url_path()), None);
    let index =
        SitemapIndex::new(parts.iter().map(part).collect()).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    index.write(&mut bytes).map_err(|error| error.to_string())?;
    bytes.push(b'\n');
    Ok(bytes)
}
