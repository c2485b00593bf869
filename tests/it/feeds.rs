//! The feeds that we write are read by a feed reader's parser, and say what the archive says.

use quick_xml::events::Event;

use crate::site::{MINIMAL, Site};

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

#[test]
fn feeds_of_lists_have_a_length_of_their_own() {
    let site = Site::example();
    let toml = std::fs::read_to_string(site.path().join("site.toml")).unwrap();
    let settings = "\n[syndication]\nentries = 3\nlist_entries = 1\n";
    let built = site.file("site.toml", toml + settings).build().clean();
    let ids = |file| parse(built.page(file).as_bytes()).entries;
    assert_eq!(ids("feed.xml").len(), 3);
    assert_eq!(ids("tags/standards.xml").len(), 1);
}

/// A site with a planet's feed, whose entries name the feeds that they come from.
fn planet(settings: &str) -> Site {
    let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>Planet</title><id>urn:p</id>
        <updated>2025-01-02T00:00:00Z</updated><entry><title>One</title><id>urn:1</id>
        <link href="https://one.example/1"/><updated>2025-01-02T00:00:00Z</updated>
        <category term="c-sharp" label="C#"/><content>Text</content>
        <source><title>One &amp; only</title><id>urn:s</id><link href="https://one.example/"/>
        <link rel="self" href="https://one.example/feed?a=1&amp;b=2"/></source></entry></feed>"#;
    let rss = "<rss version='2.0'><channel><title>Planet</title><item><title>Two</title>\
        <link>https://two.example/2</link><pubDate>Thu, 02 Jan 2025 06:00:00 GMT</pubDate>\
        <source url='https://two.example/rss'>Two</source></item><item><title>Three</title>\
        <link>https://three.example/3</link><pubDate>Thu, 02 Jan 2025 05:00:00 GMT</pubDate>\
        </item></channel></rss>";
    Site::new()
        .file("site.toml", format!("{MINIMAL}{settings}"))
        .file("content/snapshots/planet/2025-01-03T00-00-00Z.xml", atom)
        .file("content/snapshots/river/2025-01-03T00-00-00Z.xml", rss)
}

#[test]
fn links_say_what_is_ours_what_is_the_original_and_where_it_was_found() {
    let built = Site::example().build().clean();
    let atom = parse(built.page("feed.xml").as_bytes());
    let hrefs = |title: &str, rel: &str| -> Vec<String> {
        let is_it = |entry: &&feed_rs::model::Entry| {
            entry
                .title
                .as_ref()
                .is_some_and(|text| text.content.contains(title))
        };
        let entry = atom.entries.iter().find(is_it).unwrap();
        let links = entry
            .links
            .iter()
            .filter(|link| link.rel.as_deref() == Some(rel));
        links.map(|link| link.href.clone()).collect()
    };
    let talk = "A talk about reading";
    assert!(hrefs(talk, "alternate")[0].starts_with("https://example.org/archive/2025/07/"));
    assert_eq!(
        hrefs(talk, "related"),
        ["https://example.net/talks/reading"]
    );
    assert_eq!(
        hrefs(talk, "via"),
        ["https://gleaner.newsblur.com/story/talk/0:ee33ff"]
    );
    // Nobody's share has a page: then the original is where it was found.
    let own = "How two sightings become one entry";
    assert_eq!(hrefs(own, "via"), hrefs(own, "related"));
}

#[test]
fn an_entry_says_from_which_feed_it_came_and_how_its_tags_are_known() {
    let built = planet("").build().clean();
    let atom = built.page("feed.xml");
    assert!(
        atom.contains("<category term=\"c#\" label=\"C#\"/>"),
        "{atom}"
    );
    assert!(
        atom.contains("href=\"https://one.example/feed?a=1&amp;b=2\" rel=\"self\"/></source>"),
        "{atom}"
    );
    let rss = built.page("rss.xml");
    assert!(
        rss.contains("<source url=\"https://two.example/rss\">Two</source>"),
        "{rss}"
    );
}

#[test]
fn a_licence_covers_the_owners_words_and_a_notice_those_of_others() {
    let settings = "author = \"Ada\"\nlicense = \"CC BY 4.0\"\n\
        license_url = \"https://creativecommons.org/licenses/by/4.0/\"\n\
        copy_notice = \"Copies are kept & not sold\"\n";
    let built = planet(settings).build().clean();
    let rights = "Words of Ada: CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/). \
        Copies are kept &amp; not sold<";
    let (atom, rss) = (built.page("feed.xml"), built.page("rss.xml"));
    assert!(atom.contains(&format!("<rights>{rights}")), "{atom}");
    assert!(rss.contains(&format!("<copyright>{rights}")), "{rss}");
    assert!(atom.contains("rel=\"license\""), "{atom}");
    let silent = planet("").build().clean();
    assert!(!silent.page("feed.xml").contains("<rights>"));
}

#[test]
fn each_sharer_has_a_feed_and_each_source_if_it_is_wanted() {
    let built = Site::example().build().clean();
    let sharer = parse(built.page("sharers/gleaner.xml").as_bytes());
    assert_eq!(sharer.title.unwrap().content, "Gleaned: gleaner");
    assert!(
        built
            .page("sharers/gleaner.html")
            .contains("href=\"../sharers/gleaner.xml\"")
    );
    assert!(!built.has("sources/example.net.xml"));

    let settings = "[syndication]\nsharers = false\nsources = true\n";
    let built = planet(settings).build().clean();
    let source = parse(built.page("sources/one.example.xml").as_bytes());
    assert_eq!(source.entries.len(), 1);
    assert!(
        built
            .page("sources/one.example.html")
            .contains("sources/one.example.xml")
    );
    assert!(
        !built
            .tree()
            .keys()
            .any(|path| path.starts_with("sharers/") && path.ends_with(".xml"))
    );
}

#[test]
fn the_sources_are_listed_for_feed_readers() {
    let site = planet("author = \"Ada\"\n");
    let built = site.build().clean();
    insta::assert_snapshot!(built.page("sources.opml"), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <opml version="2.0">
      <head>
        <title>A site: sources</title>
        <ownerName>Ada</ownerName>
      </head>
      <body>
        <outline type="rss" text="One &amp; only" title="One &amp; only" xmlUrl="https://one.example/feed?a=1&amp;b=2" htmlUrl="https://one.example/"/>
        <outline type="link" text="three.example" title="three.example" url="https://three.example/" htmlUrl="https://three.example/"/>
        <outline type="rss" text="Two" title="Two" xmlUrl="https://two.example/rss" htmlUrl="https://two.example/"/>
      </body>
    </opml>
    "#);

    // It names no feed of site.toml, whose address may be a secret, and changes with the sources
    // alone.
    let another = "<rss version='2.0'><channel><title>P</title><item><title>Two again</title>\
        <link>https://two.example/2b</link><pubDate>Fri, 03 Jan 2025 06:00:00 GMT</pubDate>\
        <source url='https://two.example/rss'>Two</source></item></channel></rss>";
    let secret = "[feeds.river]\nurl = \"https://river.example/?token=secret\"\n";
    let site = site
        .file("content/snapshots/river/2025-01-04T00-00-00Z.xml", another)
        .file("site.toml", format!("{MINIMAL}author = \"Ada\"\n{secret}"));
    let again = site.build().clean();
    assert_eq!(again.page("sources.opml"), built.page("sources.opml"));
    assert!(!again.wrote().contains(&"sources.opml"));

    let without = planet("[syndication]\nopml = false\n").build().clean();
    assert!(!without.has("sources.opml"));
}
