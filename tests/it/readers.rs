//! What readers of an archive meet: links of notes, former addresses, dates of feeds, numbers.

use crate::build::{atom, entry};
use crate::links;
use crate::site::{Built, MINIMAL, Site, attributes};

const FEED: &str = "content/snapshots/feed/2026-01-01T00-00-00Z.xml";

fn tagged(name: &str, day: &str, tag: &str) -> String {
    let category = format!("<category term=\"{tag}\"/><content");
    entry(name, day, "<p>Words.</p>").replace("<content", &category)
}

/// A site with a note that links to all that a site has.
fn with_note(settings: &str) -> Site {
    let note = "+++\nentry = \"https://feed.example/a\"\n+++\n\
        ![p](img/p.png) [me](about.md) [rome](/trips/rome.md#x) [beside](../pages/about.md)\n";
    Site::new()
        .file("site.toml", format!("{MINIMAL}{settings}"))
        .file(FEED, atom(&[entry("a", "2025-01-01", "<p>Text</p>")]))
        .file("content/notes/deep/n.md", note)
        .file("content/pages/about.md", "# About")
        .file("content/pages/trips/rome.md", "<h2 id=\"x\">Rome</h2>")
        .file("content/static/img/p.png", "")
}

/// The links and pictures of the note on a page.
fn of_note(page: &str) -> Vec<String> {
    let start = page
        .find("alt=\"p\"")
        .map(|at| page[..at].rfind('<').unwrap());
    let note = &page[start.unwrap()..];
    let note = &note[..note.find("beside</a>").unwrap()];
    let links = attributes(note, "src").into_iter();
    links.chain(attributes(note, "href")).collect()
}

#[test]
fn links_of_notes_are_relative_on_pages_and_absolute_in_feeds() {
    let built = with_note("").build().clean();
    for base in [
        "https://example.org/archive/",
        "file:///home/a/",
        "https://x.org/",
    ] {
        let mut tree = built.tree();
        // It is made for the path of the base URL.
        tree.remove("404.html");
        assert_eq!(links::broken(&tree, base), [""; 0], "{base}");
    }
    let expected = |root: &str, page: &str, rome: &str| {
        ["img/p.png", page, rome, page].map(|link| format!("{root}{link}"))
    };
    let files = |root| expected(root, "about.html", "trips/rome.html#x");
    let own = built.entries().remove(0);
    assert_eq!(of_note(&built.page(&own)), files("../../"));
    assert_eq!(of_note(&built.page("index.html")), files("./"));
    let absolute = files("https://example.org/archive/");
    for feed in ["feed.xml", "rss.xml", "feed.json"] {
        let text = built.page(feed);
        for link in &absolute {
            assert!(text.contains(link.as_str()), "{feed}: {link}");
        }
    }
    let folders = with_note("[output]\nurls = \"folders\"\n").build().clean();
    let home = of_note(&folders.page("index.html"));
    assert_eq!(home, expected("./", "about/", "trips/rome/#x"));
    for (path, bytes) in built.tree() {
        let is_text = [".html", ".xml", ".json"]
            .iter()
            .any(|end| path.ends_with(end));
        assert!(!is_text || !bytes.contains(&2), "{path}");
    }
}

#[test]
fn a_note_follows_the_pages_that_come_and_go() {
    let site = with_note("");
    site.build().clean();
    std::fs::remove_file(site.path().join("content/pages/about.md")).unwrap();
    let again = site.build().clean();
    assert!(of_note(&again.page("index.html")).contains(&"./about.md".to_owned()));
    let checked = site.gleaner(&["check", "--message-format", "short"]).stderr;
    let told = checked.matches("link-broken").count();
    assert_eq!(
        told, 1,
        "each link once, though pages lie at many depths: {checked}"
    );
    let fresh = site.build_into(
        site.path().join("fresh"),
        &[
            "--no-cache",
            "--output",
            site.path().join("fresh").to_str().unwrap(),
        ],
    );
    assert_eq!(fresh.page("index.html"), again.page("index.html"));
}

/// Five entries tagged `should`, in lists of two, and one tagged `must`.
fn of_aliases(settings: &str) -> Site {
    let mut entries: Vec<String> = (1..6)
        .map(|day| tagged(&format!("e{day}"), &format!("2025-01-0{day}"), "should"))
        .collect();
    entries.push(tagged("m", "2025-01-09", "must"));
    Site::new()
        .file(
            "site.toml",
            format!("{MINIMAL}[lists]\npage = 2\n{settings}"),
        )
        .file(FEED, atom(&entries))
}

#[test]
fn an_alias_keeps_the_pages_and_the_feed_of_the_tag() {
    let tags = |built: &Built| -> Vec<String> {
        let tree = built.tree().into_keys();
        tree.filter(|path| path.starts_with("tags/")).collect()
    };
    let before = of_aliases("").build().clean();
    let built = of_aliases("[tags.aliases]\nshould = \"must\"\n")
        .build()
        .clean();
    for path in tags(&before) {
        assert!(built.has(&path), "{path}");
    }
    for path in ["tags/should.html", "tags/should/1.html"] {
        let page = built.page(path);
        assert!(page.contains("http-equiv=\"refresh\""), "{path}");
        assert!(page.contains("tags/must.html"), "{path}");
        assert!(!built.page("sitemap.xml").contains(path), "{path}");
    }
    assert_eq!(built.page("tags/should.xml"), built.page("tags/must.xml"));
    assert!(
        built
            .page("tags/must.xml")
            .contains("href=\"https://example.org/archive/tags/must.xml\" rel=\"self\"")
    );

    // Hidden is hidden; and what the owner puts there stands there.
    let hidden = of_aliases("[tags]\nhidden = [\"should\"]\n")
        .build()
        .clean();
    assert!(!tags(&hidden).iter().any(|path| path.contains("should")));
    let own = of_aliases("[tags.aliases]\nshould = \"must\"\nspelt = \"Spelt\"\n")
        .file("content/pages/tags/should.md", "# Mine")
        .file("content/static/tags/should.xml", "mine")
        .build();
    assert_eq!(own.code(), 0, "{}", own.messages());
    assert!(own.page("tags/should.html").contains("Mine"));
    assert_eq!(own.page("tags/should.xml"), "mine");
}

#[test]
fn feeds_date_what_has_no_date_by_its_snapshot() {
    let undated =
        entry("a", "2025-01-01", "x").replace("<published>2025-01-01T12:00:00Z</published>", "");
    let site = |name: &str| {
        let path = format!("content/snapshots/feed/{name}.xml");
        Site::new()
            .file(&path, atom(std::slice::from_ref(&undated)))
            .build()
            .clean()
    };
    let known = site("2024-05-06T07-08-09Z");
    let atom_feed = known.page("feed.xml");
    assert_eq!(
        atom_feed
            .matches("<updated>2024-05-06T07:08:09+00:00</updated>")
            .count(),
        3,
        "{atom_feed}"
    );
    assert!(!atom_feed.contains("<published>"));
    assert!(!known.page("rss.xml").contains("<pubDate>"));
    assert!(!known.page("feed.json").contains("date_published"));
    let unknown = site("a");
    assert!(
        unknown
            .page("feed.xml")
            .contains("<updated>1990-01-01T00:00:00+00:00</updated>")
    );
    let empty = Site::new().build().page("feed.xml");
    for feed in [unknown.page("feed.xml"), empty] {
        assert!(!feed.contains("1970"), "{feed}");
    }
}

#[test]
fn what_the_owner_leaves_out_is_in_no_byte() {
    let html = "<p>Words</p><img src=\"https://pictures.example/a.png\" alt=\"A picture\">\
        <iframe src=\"https://www.youtube.com/embed/dQw4w9WgXcQ\"></iframe>";
    let media = "<link rel=\"enclosure\" type=\"image/png\" href=\"https://pictures.example/b.png\"/>\
        <media:thumbnail xmlns:media=\"http://search.yahoo.com/mrss/\" url=\"https://pictures.example/c.png\"/><content";
    let item = entry("a", "2025-01-01", html).replace("<content", media);
    let settings = "[content]\nimages = \"none\"\nembeds = \"none\"\n[search]\nenabled = false\n";
    let built = Site::new()
        .file("site.toml", format!("{MINIMAL}{settings}"))
        .file(FEED, atom(&[item]))
        .build()
        .clean();
    assert!(built.page("feed.json").contains("Words"));
    for (path, bytes) in built.tree() {
        let text = String::from_utf8_lossy(&bytes);
        for left_out in ["pictures.example", "youtube", "dQw4w9WgXcQ"] {
            assert!(
                !text.contains(left_out) || path.starts_with("assets/"),
                "{path}: {left_out}"
            );
        }
    }
}

#[test]
fn front_matter_is_never_published_and_a_draft_is_no_page() {
    let built = Site::new()
        .file(
            "content/pages/about.md",
            "---\ntitle: About me\nlayout: post\n---\n\nHello.\n",
        )
        .file(
            "content/pages/plan.md",
            "+++\ndraft = true\n+++\n\nA secret plan.\n",
        )
        .file(
            "content/pages/next.md",
            "{\"draft\": true}\n\nA secret plan.\n",
        )
        .file("content/pages/break.md", "---\n\nAfter a break.\n")
        .build();
    assert_eq!(built.code(), 0, "{}", built.messages());
    let about = built.page("about.html");
    assert!(
        about.contains("<h1>About me</h1>") && about.contains("<p>Hello.</p>"),
        "{about}"
    );
    assert!(built.page("break.html").contains("<p>After a break.</p>"));
    assert!(!built.has("plan.html") && !built.has("next.html"));
    for (path, bytes) in built.tree() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            !text.contains("secret plan") && !text.contains("layout: post"),
            "{path}"
        );
    }
    assert!(built.messages().contains("content/pages/about.md"));
}

#[test]
fn numbers_are_grouped_in_both_themes() {
    let entries: Vec<String> = (0..1_001)
        .map(|n| entry(&format!("e{n}"), "2025-01-01", "one two"))
        .collect();
    for theme in ["gleaner", "plain"] {
        let settings = format!("{MINIMAL}[theme]\nname = \"{theme}\"\n[search]\nenabled = false\n");
        let site = Site::new()
            .file("site.toml", settings)
            .file(FEED, atom(&entries));
        let built = site.build().clean();
        assert!(built.page("index.html").contains("1,001"), "{theme}");
        let statistics = built.page("statistics/index.html");
        assert!(
            statistics.contains("1,001") && statistics.contains("2,002"),
            "{theme}"
        );
        assert!(built.page("2025/index.html").contains("1,001"), "{theme}");
    }
}
