//! The feeds that we write are read by a feed reader's parser, and say what the archive says.

use quick_xml::events::Event;

use crate::site::Site;

fn parse(bytes: &[u8]) -> feed_rs::model::Feed {
    feed_rs::parser::parse(bytes).unwrap()
}

#[test]
fn three_formats_say_the_same() {
    let built = Site::example().build().clean();
    let atom = parse(built.page("feed.xml").as_bytes());
    let rss = parse(built.page("rss.xml").as_bytes());
    let json = parse(built.page("feed.json").as_bytes());
    assert_eq!(atom.entries.len(), built.entries().len());
    for other in [&rss, &json] {
        let ids = |feed: &feed_rs::model::Feed| -> Vec<String> {
            feed.entries.iter().map(|entry| entry.id.clone()).collect()
        };
        assert_eq!(ids(&atom), ids(other));
    }
    for ((atom, rss), json) in atom.entries.iter().zip(&rss.entries).zip(&json.entries) {
        let title = |entry: &feed_rs::model::Entry| entry.title.as_ref().unwrap().content.clone();
        assert_eq!([title(rss), title(json)], [title(atom), title(atom)]);
        // RSS knows no fractions of a second.
        let second = |entry: &feed_rs::model::Entry| entry.published.map(|date| date.timestamp());
        assert_eq!([second(rss), second(json)], [second(atom), second(atom)]);
        assert!(
            atom.id.starts_with("urn:uuid:")
                && atom.links[0]
                    .href
                    .starts_with("https://example.org/archive/20")
        );
    }
}

#[test]
fn an_entry_is_known_again_wherever_the_site_is_published() {
    let ids = |site: Site| -> Vec<String> {
        let feed = parse(site.build().clean().page("feed.xml").as_bytes());
        feed.entries.into_iter().map(|entry| entry.id).collect()
    };
    let moved = Site::example().argument("--base-url=https://elsewhere.example/");
    assert_eq!(ids(Site::example()), ids(moved));
}

#[test]
fn each_tag_has_a_feed_of_its_own() {
    let built = Site::example().build().clean();
    let feed = parse(built.page("tags/standards.xml").as_bytes());
    assert_eq!(
        feed.entries.len(),
        built
            .page("tags/standards.html")
            .matches("<article")
            .count()
    );
    assert!(
        built
            .page("tags/standards.html")
            .contains("href=\"../tags/standards.xml\"")
    );
}

#[test]
fn all_xml_is_well_formed_and_all_json_parses() {
    for (path, bytes) in Site::example().build().clean().tree() {
        if path.ends_with(".json") {
            serde_json::from_slice::<serde_json::Value>(&bytes).unwrap();
        }
        if path.ends_with(".xml") {
            let mut reader = quick_xml::Reader::from_reader(bytes.as_slice());
            let mut buffer = Vec::new();
            loop {
                match reader.read_event_into(&mut buffer) {
                    Ok(Event::Eof) => break,
                    Ok(_) => buffer.clear(),
                    Err(error) => panic!("{path}: {error}"),
                }
            }
        }
    }
}

#[test]
fn the_sitemap_lists_pages_and_no_redirects() {
    let built = Site::example().build().clean();
    let sitemap = built.page("sitemap.xml");
    for path in built.entries() {
        assert!(
            sitemap.contains(&format!("<loc>https://example.org/archive/{path}</loc>")),
            "{path}"
        );
    }
    let redirects = built
        .tree()
        .into_iter()
        .filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains("http-equiv=\"refresh\""));
    for (path, _) in redirects {
        assert!(!sitemap.contains(&path), "{path}");
    }
    assert!(
        built
            .page("robots.txt")
            .contains("Sitemap: https://example.org/archive/sitemap.xml")
    );
    assert_eq!(built.page(".nojekyll"), "");
}

#[test]
fn feeds_that_are_not_wanted_are_not_written() {
    let site = Site::example();
    let toml = std::fs::read_to_string(site.path().join("site.toml")).unwrap();
    let settings = "\n[syndication]\nentries = 2\nrss = false\njson = false\ntags = false\n";
    let built = site.file("site.toml", toml + settings).build().clean();
    assert_eq!(parse(built.page("feed.xml").as_bytes()).entries.len(), 2);
    assert!(!built.has("rss.xml") && !built.has("feed.json") && !built.has("tags/standards.xml"));
    assert!(!built.page("index.html").contains("rss.xml"));
}
