//! sitemap.xml (sitemaps.org protocol 0.9): every page that search engines should list; an index and
//! parts where one file may not hold them all.
//!
//! Each build makes it anew, so it is written as it stands: two elements, and the one thing that
//! could go wrong, escaping, is quick-xml's.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::Offset;
use quick_xml::escape::escape;
use rayon::prelude::*;

use super::Sink;
use crate::config::SiteConfig;
use crate::model::OutPath;
use crate::plan::{Page, Plan, Sitemap};

/// How each file begins.
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
/// The name space of its elements.
const SPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";
/// How many pages a thread writes at a time.
const CHUNK: usize = 1_000;

/// Renders the sitemap and hands its files to the sink.
pub(super) fn render(plan: &Plan, site: &SiteConfig, sink: &dyn Sink) {
    let pages: Vec<&Page> = plan.pages.iter().filter(|page| page.view.indexed).collect();
    let Some(file) = &plan.sitemap.file else {
        return;
    };
    if plan.sitemap.parts.is_empty() {
        sink.file(file, document("urlset", &urls(&pages)).as_bytes(), None);
        return;
    }
    let parts = index(&plan.sitemap.parts, site);
    sink.file(file, document("sitemapindex", &parts).as_bytes(), None);
    for (part, pages) in plan.sitemap.parts.iter().zip(pages.chunks(Sitemap::LENGTH)) {
        sink.file(part, document("urlset", &urls(pages)).as_bytes(), None);
    }
}

fn document(root: &str, inner: &str) -> String {
    format!("{DECLARATION}<{root} xmlns=\"{SPACE}\">{inner}\n</{root}>\n\n")
}

fn urls(pages: &[&Page]) -> String {
    let chunk = |pages: &[&Page]| {
        let mut urls = String::with_capacity(pages.len() * 160);
        for page in pages {
            url(page, &mut urls);
        }
        urls
    };
    let chunks: Vec<String> = pages.par_chunks(CHUNK).map(chunk).collect();
    chunks.concat()
}

fn url(page: &Page, out: &mut String) {
    out.push_str("\n\t<url>\n\t\t<loc>");
    out.push_str(&escape(&*page.view.url));
    out.push_str("</loc>");
    if let Some(changed) = page.changed {
        out.push_str("\n\t\t<lastmod>");
        date(changed, out);
        out.push_str("</lastmod>");
    }
    out.push_str("\n\t</url>");
}

/// A date in UTC to the second, as W3C writes them: fractions say nothing in a sitemap.
fn date(instant: Timestamp, out: &mut String) {
    let time = Offset::UTC.to_datetime(instant);
    // Writing to a string cannot fail.
    let _ = write!(out, "{:04}", time.year());
    let parts = [
        ('-', time.month()),
        ('-', time.day()),
        ('T', time.hour()),
        (':', time.minute()),
        (':', time.second()),
    ];
    for (mark, number) in parts {
        let digit = |number: i8| char::from(b'0' + number.unsigned_abs() % 10);
        out.extend([mark, digit(number / 10), digit(number)]);
    }
    out.push_str("+00:00");
}

fn index(parts: &[OutPath], site: &SiteConfig) -> String {
    let part = |path: &OutPath| {
        let url = path.url(&site.base_url);
        format!(
            "\n\t<sitemap>\n\t\t<loc>{}</loc>\n\t</sitemap>",
            escape(&*url)
        )
    };
    parts.iter().map(part).collect()
}
