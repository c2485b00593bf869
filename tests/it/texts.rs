//! Stored texts where they are shown: on pages among other texts, and in the feeds that we write.

use std::collections::BTreeSet;

use crate::build::{atom, entry};
use crate::site::{Built, MINIMAL, Site, attributes};

/// A footnote, as feeds write them.
const FOOTNOTE: &str = "<p>Words of the text<a href=\"#fn1\">1</a> and more of them.</p>\
                        <ol><li id=\"fn1\">A footnote.</li></ol>";

fn snapshot(day: &str) -> String {
    format!("content/snapshots/feed/{day}T00-00-00Z.xml")
}

fn one(html: &str) -> Site {
    let entries = [entry("one", "2025-01-01", html)];
    Site::new().file(&snapshot("2025-01-02"), atom(&entries))
}

fn settings(content: &str) -> String {
    format!("{MINIMAL}[content]\n{content}\n")
}

fn note(entry: &str, text: &str) -> String {
    format!("+++\nentry = \"https://feed.example/{entry}\"\n+++\n\n{text}\n")
}

/// The page of the only entry.
#[track_caller]
fn page(built: &Built) -> String {
    let entries = built.entries();
    assert_eq!(entries.len(), 1, "{entries:?}");
    built.page(&entries[0])
}

#[test]
fn classes_of_strangers_mean_nothing_here() {
    let html = "<p>See <a class=\"embed\" href=\"/a\">the words</a> and \
                <a class=\"image\" href=\"/File:Cat.jpg\"><b>a page about</b> a cat</a>.</p>\
                <div class=\"table\">No table.</div>";
    for content in [
        "embeds = \"none\"\nimages = \"none\"",
        "embeds = \"click\"\nimages = \"click\"",
        "embeds = \"link\"\nimages = \"remote\"",
    ] {
        let built = one(html)
            .file("site.toml", settings(content))
            .build()
            .clean();
        let page = page(&built);
        assert!(
            page.contains(
                "href=\"https://feed.example/a\" rel=\"nofollow noopener ugc\">the words</a>"
            ),
            "{content}: {page}"
        );
        assert!(
            page.contains(
                "href=\"https://feed.example/File:Cat.jpg\" rel=\"nofollow noopener ugc\">"
            ),
            "{content}: {page}"
        );
        for class in ["\"embed\"", "\"image\"", "\"table\""] {
            assert!(!page.contains(class), "{content}: {class}");
        }
    }
}

#[test]
fn no_page_has_an_id_twice() {
    let versions = ["first", "second", "third"].map(|word| {
        let html = FOOTNOTE.replace("Words", &format!("The {word} words"));
        atom(&[entry("one", "2025-01-01", &html)])
    });
    let other = atom(&[entry("two", "2025-01-01", "<p>Another text.</p>")]);
    let marked = "Marked[^1].\n\n[^1]: By hand.";
    let built = Site::new()
        .file(&snapshot("2025-01-02"), &versions[0])
        .file(&snapshot("2025-02-02"), &versions[1])
        .file(&snapshot("2025-03-02"), &versions[2])
        .file("content/snapshots/other/2025-01-02T00-00-00Z.xml", other)
        .file("content/notes/one.md", note("one", marked))
        .file("content/notes/two.md", note("two", marked))
        .build()
        .clean();
    let mut footnotes = 0;
    for (path, bytes) in built.tree() {
        if !path.ends_with(".html") {
            continue;
        }
        let page = String::from_utf8(bytes).unwrap();
        let ids = attributes(&page, "id");
        let distinct: BTreeSet<&String> = ids.iter().collect();
        assert_eq!(distinct.len(), ids.len(), "{path}: {ids:?}");
        for href in attributes(&page, "href") {
            let place = href.strip_prefix('#').map(str::to_owned);
            assert!(place.is_none_or(|id| ids.contains(&id)), "{path}: {href}");
        }
        footnotes += page.matches("href=\"#uc-fn1\"").count();
        if path.ends_with("revisions.html") {
            // What is no link inside the page leads to the original.
            assert!(
                page.contains("href=\"https://feed.example/one#fn1\""),
                "{page}"
            );
        }
    }
    assert_eq!(footnotes, 1, "the text of an entry keeps its own");
}

#[test]
fn a_page_of_the_owner_that_is_cut_is_told() {
    let deep = format!(
        "+++\ntitle = \"Deep\"\n+++\n\n{}deep\n",
        "<div>".repeat(1000)
    );
    let built = one("<p>A text.</p>")
        .file("content/pages/deep.md", deep)
        .build();
    let told = built.diagnostics();
    assert!(
        told.len() == 1
            && told[0].starts_with("content/pages/deep.md")
            && told[0].contains("body-too-complex"),
        "{told:?}"
    );
}

#[test]
fn inner_links_of_a_text_lead_to_its_page_from_every_feed() {
    let html = format!("{FOOTNOTE}<pre><code>&lt;a href=\"#fn1\"></code></pre>");
    let built = one(&html).build().clean();
    let url = format!("https://example.org/archive/{}", built.entries()[0]);
    for name in ["feed.xml", "rss.xml", "feed.json"] {
        let text = built.page(name);
        assert!(!text.contains("xml:base"), "{name}");
        let feed = feed_rs::parser::parse(text.as_bytes()).unwrap();
        let content = feed.entries[0].content.as_ref().unwrap();
        let body = content.body.as_ref().unwrap();
        assert!(
            body.contains(&format!("<a href=\"{url}#uc-fn1\"")),
            "{name}: {body}"
        );
        // Code that speaks of links is no link.
        assert!(body.contains("&lt;a href=\"#fn1\"&gt;"), "{name}: {body}");
    }
}

#[test]
fn what_a_page_loads_it_loads_by_https() {
    let html = "<p>Old: <img src=\"http://old.example/a.png\" alt=\"\" \
                srcset=\"http://old.example/a.png 1x, http://old.example/b.png 2x\"> \
                <a href=\"http://old.example/\">link</a></p>\
                <blockquote cite=\"http://old.example/said\"><p>Said.</p></blockquote>\
                <video poster=\"http://old.example/p.png\" src=\"http://old.example:443/v.mp4\"></video>\
                <audio><source src=\"http://old.example:8080/s.ogg\"></audio>";
    for (images, left) in [("remote", 2), ("click", 2)] {
        let content = format!("images = \"{images}\"");
        let built = one(html)
            .file("site.toml", settings(&content))
            .build()
            .clean();
        let page = page(&built);
        assert!(page.contains("\"https://old.example/a.png\""), "{page}");
        assert!(page.contains("\"https://old.example/v.mp4\""), "{page}");
        assert!(
            page.contains("\"https://old.example:8080/s.ogg\""),
            "{page}"
        );
        assert_eq!(page.matches("http://old.example").count(), left, "{page}");
    }
}

#[test]
fn links_of_a_note_start_from_the_home_page_wherever_it_is_shown() {
    let built = one("<p>A text.</p>")
        .file(
            "content/notes/one.md",
            note("one", "See [the list](sources.html) and [this](#here)."),
        )
        .build()
        .clean();
    assert!(page(&built).contains("href=\"../../sources.html\""));
    assert!(built.page("index.html").contains("href=\"./sources.html\""));
    let link = "href=\"https://example.org/archive/sources.html\"";
    let feed = feed_rs::parser::parse(built.page("feed.xml").as_bytes()).unwrap();
    let content = feed.entries[0].content.as_ref().unwrap();
    assert!(content.body.as_ref().unwrap().contains(link));
    assert!(page(&built).contains("</a> and this."), "{}", page(&built));
}

#[test]
fn an_entry_says_where_it_is_and_how_it_looks() {
    let html = "<p>Look: <img src=\"/a.png?b=1&amp;c=2\" alt=\"\"></p>";
    let built = one(html).build().clean();
    let shown = page(&built);
    assert_eq!(shown.matches("u-url").count(), 1, "{shown}");
    let entry = &built.entries()[0];
    assert!(
        shown.contains(&format!(
            "<a class=\"u-url permalink\" href=\"../../{entry}\">"
        )),
        "{shown}"
    );
    let image = "<meta property=\"og:image\" content=\"https://feed.example/a.png?b=1&amp;c=2\">";
    assert!(shown.contains(image), "{shown}");
    for images in ["click", "none"] {
        let content = format!("images = \"{images}\"");
        let built = one(html)
            .file("site.toml", settings(&content))
            .build()
            .clean();
        assert!(!page(&built).contains("og:image"), "{images}");
    }
}

#[test]
fn a_frame_that_a_click_opens_is_one_that_the_page_lets_open() {
    let html = "<iframe src=\"https://www.youtube.com/embed/x1\"></iframe>";
    let built = one(html)
        .file("site.toml", settings("embeds = \"click\""))
        .build()
        .clean();
    let page = page(&built);
    let frames = attributes(&page, "data-frame");
    assert_eq!(frames, ["https://www.youtube-nocookie.com/embed/x1"]);
    let policy = attributes(&page, "content").remove(0);
    let sources = policy.split("frame-src ").nth(1).unwrap();
    assert!(
        sources
            .split(' ')
            .any(|source| frames[0].starts_with(&format!("{source}/"))),
        "{policy}"
    );
}

#[test]
fn what_the_original_hid_is_in_no_file_of_the_site() {
    let hidden = [
        "<div style=\"display:none;max-height:0\">PREVIEWLINE</div>",
        "<div style=\"position:absolute;left:-9999px\"><a href=\"https://p.example/\">PILLS</a></div>",
        "<p hidden>UNSEEN</p><span class=\"sr-only\">SKIPLINK</span>",
    ];
    let html = format!(
        "{}<p>The harbour was quiet.</p>{}",
        hidden[0],
        hidden[1..].concat()
    );
    let built = one(&html).build().clean();
    let shown = page(&built);
    assert!(shown.contains("<p>The harbour was quiet.</p>"), "{shown}");
    assert!(
        shown.contains("<meta name=\"description\" content=\"The harbour was quiet.\">"),
        "{shown}"
    );
    for (path, bytes) in built.tree() {
        let text = String::from_utf8_lossy(&bytes);
        for word in ["PREVIEWLINE", "PILLS", "p.example", "UNSEEN", "SKIPLINK"] {
            assert!(!text.contains(word), "{word} in {path}");
        }
    }
}

#[test]
fn a_text_that_only_a_script_would_show_is_shown() {
    let built = one("<div style=\"visibility:hidden\"><p>The whole text.</p></div>").build();
    assert!(page(&built.clean()).contains("<p>The whole text.</p>"));
}

#[test]
fn a_long_text_has_a_table_of_contents_that_leads_to_its_headings() {
    let html = "<h1>Out</h1><p>x</p><h2>The <em>way</em> out</h2><p>y</p><h1>Out</h1><p>z</p>";
    let built = one(html).build().clean();
    let shown = page(&built);
    let contents = shown.split("id=\"g-contents\"").nth(1).expect("contents");
    let contents = contents.split("</nav>").next().unwrap_or_default();
    let links = attributes(contents, "href");
    assert_eq!(links, ["#uc-out", "#uc-the-way-out", "#uc-out-1"]);
    for link in links {
        let id = format!(" id=\"{}\"", link.trim_start_matches('#'));
        assert_eq!(shown.matches(&id).count(), 1, "{id}");
        // Readers of feeds follow the same links.
        assert!(
            built.page("feed.json").contains(&id.replace('"', "\\\"")),
            "{id}"
        );
    }
}

#[test]
fn sections_of_own_pages_can_be_linked() {
    let about = "# About\n\n## Where it comes from\n\nx\n\n## g-main {#g-main}\n\n[up](#where-it-comes-from)\n";
    let built = one("<p>x</p>")
        .file("content/pages/about.md", about)
        .build()
        .clean();
    let page = built.page("about.html");
    assert!(page.contains("<h2 id=\"where-it-comes-from\">"), "{page}");
    assert!(
        page.contains("<a href=\"#where-it-comes-from\">up</a>"),
        "{page}"
    );
    assert_eq!(page.matches("id=\"g-main\"").count(), 1, "{page}");
}
