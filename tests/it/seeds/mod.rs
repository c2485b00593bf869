//! The acceptance input: two real snapshots, a blurblog of NewsBlur (Atom) and a dev.to user (RSS).
//!
//! They are third-party text and no part of this repository. They are looked for in the folder
//! that the variable `GLEANER_SEEDS` names, else in `../shared/seeds`; where there is none, these
//! tests say so and pass.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::Value;

use crate::links;
use crate::site::{Built, Site, attributes, repository};

const BLURBLOG: &str = "000_371c8bfa004e89c3.txt";
const DEV_TO: &str = "001_536b37ec4c02546e.txt";

fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("GLEANER_SEEDS")
        .map_or_else(|| repository().join("../shared/seeds"), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: there are no seeds in {}", folder.display());
    None
}

fn packed(name: &str) -> Option<Vec<u8>> {
    Some(fs::read(folder()?.join(format!("{name}.gz"))).unwrap())
}

fn unpacked(name: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(&*packed(name)?)
        .read_to_end(&mut bytes)
        .unwrap();
    Some(bytes)
}

/// The site that the issue asks for: both snapshots, unpacked, as they came.
fn site() -> Option<Site> {
    let site = Site::new()
        .file(
            &format!("content/snapshots/blurblog/{BLURBLOG}"),
            unpacked(BLURBLOG)?,
        )
        .file(
            &format!("content/snapshots/devto/{DEV_TO}"),
            unpacked(DEV_TO)?,
        );
    Some(site)
}

/// What all tests look at: the tree of the site, built once.
struct Seeds {
    _site: Site,
    built: Built,
    feed: Value,
}

impl Seeds {
    fn get() -> Option<&'static Seeds> {
        static SEEDS: OnceLock<Option<Seeds>> = OnceLock::new();
        let build = || {
            let site = site()?;
            let built = site.build();
            assert_eq!(built.code(), 0, "{}", built.messages());
            let feed = serde_json::from_str(&built.page("feed.json")).unwrap();
            Some(Seeds {
                _site: site,
                built,
                feed,
            })
        };
        SEEDS.get_or_init(build).as_ref()
    }

    fn items(&self) -> &[Value] {
        self.feed["items"].as_array().unwrap()
    }

    /// The item whose original's link holds these words.
    #[track_caller]
    fn item(&self, link: &str) -> &Value {
        let mut items = self
            .items()
            .iter()
            .filter(|item| item["external_url"].as_str().unwrap().contains(link));
        let item = items
            .next()
            .unwrap_or_else(|| panic!("no item links to {link}"));
        assert!(items.next().is_none(), "several items link to {link}");
        item
    }

    #[track_caller]
    fn html(&self, link: &str) -> &str {
        self.item(link)["content_html"].as_str().unwrap()
    }

    /// The page of the item.
    #[track_caller]
    fn page(&self, link: &str) -> String {
        let url = self.item(link)["url"].as_str().unwrap();
        self.built
            .page(url.strip_prefix("https://example.org/archive/").unwrap())
    }
}

macro_rules! seeds {
    () => {
        match Seeds::get() {
            Some(seeds) => seeds,
            None => return,
        }
    };
}

mod texts;

#[test]
fn both_files_make_29_pages_packed_or_not() {
    let Some(unpacked) = site() else { return };
    let (blurblog, dev_to) = (packed(BLURBLOG).unwrap(), packed(DEV_TO).unwrap());
    let packed = Site::new()
        .file(
            &format!("content/snapshots/blurblog/{BLURBLOG}.gz"),
            blurblog,
        )
        .file(&format!("content/snapshots/devto/{DEV_TO}.gz"), dev_to);
    let unpacked = unpacked.build().clean();
    assert_eq!(unpacked.entries().len(), 29, "{:#?}", unpacked.entries());
    assert_eq!(unpacked.tree(), packed.build().clean().tree());
}

#[test]
fn the_json_feed_has_all_29_complete() {
    let seeds = seeds!();
    assert_eq!(seeds.items().len(), 29);
    for item in seeds.items() {
        for field in [
            "url",
            "external_url",
            "title",
            "date_published",
            "content_html",
        ] {
            assert!(item[field].is_string(), "{field}: {item:#}");
        }
        assert!(!item["authors"].as_array().unwrap().is_empty(), "{item:#}");
        assert!(item["tags"].is_array(), "{item:#}");
    }
}

#[test]
fn the_blurblog_is_shared_by_its_sharer_with_permalinks() {
    let seeds = seeds!();
    let sharer = seeds.built.page("sharers/bernhardbock.html");
    assert!(sharer.contains("25 entries"), "{sharer}");
    let stories: BTreeSet<String> = seeds
        .built
        .entries()
        .iter()
        .flat_map(|path| attributes(&seeds.built.page(path), "href"))
        .filter(|link| link.starts_with("https://bernhardbock.newsblur.com/story/"))
        .collect();
    assert_eq!(stories.len(), 25, "{stories:#?}");
}

#[test]
fn sources_are_named_by_the_feed_or_by_their_host() {
    let seeds = seeds!();
    let pages = seeds.built.entries();
    let mut titled = 0;
    for item in seeds.items() {
        let link = item["external_url"].as_str().unwrap();
        let source = item["authors"][0]["name"].as_str().unwrap();
        let host = url::Url::parse(link)
            .unwrap()
            .host_str()
            .unwrap()
            .to_owned();
        titled += usize::from(source != host.trim_start_matches("www."));
    }
    // Four dev.to posts have an author, and so have three of the blurblog.
    assert!(titled >= 14, "{titled}");
    let sources = |name: &str| {
        let page = seeds.built.page("sources/index.html");
        assert!(
            page.contains(name),
            "{name} is not among the sources:\n{page}"
        );
    };
    for name in [
        "Jim Nielsen’s Blog",
        "Simon Willison&#39;s Weblog",
        "Red Hat Blog",
        "anthropic.com",
        "github.com",
    ] {
        sources(name);
    }
    let by_title = pages.iter().filter(|path| {
        let page = seeds.built.page(path);
        let meta = page.split("class=\"meta\"").nth(1).unwrap();
        let name = meta.split("sources/").nth(1).unwrap();
        let (file, rest) = name.split_once(".html\"><bdi>").unwrap();
        let shown = rest.split('<').next().unwrap();
        page.contains("newsblur.com/story/") && // One feed is titled by its host.
        (shown != file || file == "blog.thea.codes")
    });
    assert_eq!(by_title.count(), 14);
}

#[test]
fn titles_lose_their_anchor_marks_and_keep_their_spaces() {
    let seeds = seeds!();
    let title = |link: &str| seeds.item(link)["title"].as_str().unwrap().to_owned();
    assert_eq!(
        title("disagg_prefill"),
        "Disaggregated Prefilling (experimental)"
    );
    assert_eq!(title("module-federation"), "Introduction");
    assert_eq!(
        title("turso.tech"),
        "Simple trick to save environment and money when using GitHub\u{a0}Actions"
    );
    assert!(
        seeds.item("turso.tech")["url"]
            .as_str()
            .unwrap()
            .contains("money-when-using-github")
    );
    assert_eq!(
        title("tracing-thoughts"),
        "Tracing the thoughts of a large language model"
    );
}

#[test]
fn tags_are_counted() {
    let seeds = seeds!();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for item in seeds.items() {
        for tag in item["tags"].as_array().unwrap() {
            *counts.entry(tag.as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
    assert_eq!(
        seeds.item("hackaday.com")["tags"].as_array().unwrap().len(),
        5
    );
    assert_eq!(
        seeds.item("heise.de")["tags"],
        serde_json::json!(["c_t_magazin"])
    );
    assert_eq!(counts["architecture"], 2);
    assert_eq!(counts.len(), 5 + 1 + 9, "{counts:#?}");
    assert!(
        seeds
            .built
            .page("tags/architecture.html")
            .contains("2 entries")
    );
}

#[test]
fn every_link_of_the_site_leads_somewhere() {
    let seeds = seeds!();
    let tree = seeds.built.tree();
    for base in [
        "https://example.org/archive/",
        "file:///home/reader/archive/",
    ] {
        let broken = links::broken(&tree, base);
        assert!(broken.is_empty(), "{base}: {broken:#?}");
    }
}

#[test]
fn one_more_sighting_changes_few_files() {
    let Some(site) = site() else { return };
    site.build().clean();
    let tags = ["one", "two", "architecture"];
    let categories: String = tags
        .iter()
        .map(|tag| format!("<category term=\"{tag}\"></category>"))
        .collect();
    let snapshot = format!(
        "<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Bernhard's shared items</title>\
         <link href=\"https://bernhardbock.newsblur.com/\"/><id>https://bernhardbock.newsblur.com/</id>\
         <updated>2025-12-01T00:00:00Z</updated><entry><title>One more</title><id>https://example.com/one-more</id>\
         <link href=\"https://example.com/one-more\" rel=\"alternate\"/><published>2025-12-01T00:00:00Z</published>\
         <summary type=\"html\">&lt;p&gt;New.&lt;/p&gt;</summary>{categories}</entry></feed>"
    );
    let built = site
        .file(
            "content/snapshots/blurblog/2025-12-02T00-00-00Z.xml",
            snapshot,
        )
        .build()
        .clean();
    assert_eq!(built.entries().len(), 30);
    // The index of the entry's year is made anew, as a whole: it stands aside.
    let mut wrote = built.wrote();
    let all = wrote.len();
    wrote.retain(|path| !path.starts_with("pagefind/2025/"));
    println!("{} files of the search index", all - wrote.len());
    println!(
        "one new entry with {} tags wrote {} files:\n{}",
        tags.len(),
        wrote.len(),
        wrote.join("\n")
    );
    assert!(wrote.len() <= 30 + 3 * tags.len(), "{wrote:#?}");
}

#[test]
fn nothing_of_the_seeds_is_in_this_repository() {
    let Some(blurblog) = unpacked(BLURBLOG) else {
        return;
    };
    let text = String::from_utf8(blurblog).unwrap();
    let is_prose = |c: char| c.is_alphabetic() || matches!(c, ' ' | ',' | '.' | '’' | '-');
    // Prose from all over the file, so long that nobody writes it by chance. The markup around it
    // is the format of the service, which fixtures of ours have, too.
    let samples: Vec<String> = (1..400)
        .map(|part| text.chars().skip(part * 950).take(60).collect())
        .filter(|sample: &String| sample.chars().all(is_prose))
        .collect();
    assert!(samples.len() > 50, "{}", samples.len());
    for folder in ["src", "tests", "content", "themes"] {
        for file in crate::site::files(&repository().join(folder)) {
            let bytes = fs::read(repository().join(folder).join(&file)).unwrap();
            let ours = String::from_utf8_lossy(&bytes);
            let copied = samples.iter().find(|sample| ours.contains(sample.as_str()));
            assert_eq!(copied, None, "{folder}/{file}");
        }
    }
}
