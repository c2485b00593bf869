//! Links within the site that lead nowhere.

use crate::build::{atom, entry};
use crate::site::Site;

/// What a check tells of links.
fn told(site: &Site) -> Vec<String> {
    let checked = site.gleaner(&["check", "--message-format", "short", "--quiet"]);
    assert_eq!(checked.code, 0, "{checked:?}");
    let told = checked.stderr.lines();
    let told = told.filter(|line| line.contains("link-broken"));
    told.map(str::to_owned).collect()
}

#[test]
fn a_link_that_leads_nowhere_is_told_where_it_is_written() {
    let site = Site::new()
        .file("content/snapshots/blog/2025-01-01T00-00-00Z.xml", atom(&[]))
        .file("content/static/photo.jpg", "a photo")
        .file(
            "content/pages/about.md",
            "# About\n\n[Rome](trips/rome.md), [Paris](trips/paris.md), [a photo](photo.jpg),\n\
             [none](photo.png), [tags](tags/index.html#x), [elsewhere](https://elsewhere.example/x),\n\
             [the blog](/blog/), [down](#down), `href=\"no.html\"`\n",
        )
        .file("content/pages/trips/rome.md", "# Rome\n\n[back](../about.md)\n");
    let told = told(&site);
    assert_eq!(
        told,
        [
            "content/pages/about.md:3:32: warning[link-broken]: a link leads nowhere: `trips/paris.md` on about.html",
            "content/pages/about.md:4:8: warning[link-broken]: a link leads nowhere: `photo.png` on about.html",
        ]
    );
}

#[test]
fn a_note_that_leads_nowhere_is_told_and_a_feed_that_does_is_not() {
    let entry = |name: &str, words: &str| {
        format!(
            "<entry><title>{name}</title><id>urn:{name}</id><updated>2025-01-01T00:00:00Z</updated>\
             <content type=\"html\">{words}</content></entry>\n"
        )
    };
    let own_host = "&lt;a href=\"https://example.org/archive/elsewhere\">x&lt;/a>";
    let feed = atom(&[entry("a", own_host), entry("b", "Words")]);
    let site = Site::new()
        .file("content/snapshots/blog/2025-01-01T00-00-00Z.xml", feed)
        .file(
            "content/notes/b.md",
            "+++\nentry = \"urn:b\"\n+++\n[tags](tags/index.html), [none](tags/none.html),\n\
             [feed](https://example.org/archive/feed.xml), [gone](https://example.org/archive/x)\n",
        );
    let told = told(&site);
    let told: Vec<&str> = told
        .iter()
        .filter_map(|line| line.split(" on 20").next())
        .collect();
    assert_eq!(
        told,
        [
            "content/notes/b.md:4:33: warning[link-broken]: a link leads nowhere: `../../tags/none.html`",
            "content/notes/b.md:5:54: warning[link-broken]: a link leads nowhere: `https://example.org/archive/x`",
        ]
    );
}

#[test]
fn a_template_that_leads_nowhere_is_told_once() {
    let site = Site::new()
        .file("content/snapshots/blog/2025-01-01T00-00-00Z.xml", atom(&[]))
        .file("content/pages/a.md", "# A\n")
        .file("content/pages/b.md", "# B\n")
        .file(
            "themes/gleaner/templates/page.html",
            "<!doctype html><title>x</title><a href=\"{{ page.root }}imprint.html\">Imprint</a>",
        );
    let told = told(&site);
    assert_eq!(
        told,
        [
            "themes/gleaner/templates/page.html:1:56: warning[link-broken]: a link leads nowhere: `./imprint.html` on a.html and another page"
        ]
    );
}

#[test]
fn a_page_of_ones_own_html_is_checked_and_words_are_not_links() {
    let entry =
        "<entry><title>a</title><id>urn:a</id><updated>2025-01-01T00:00:00Z</updated></entry>";
    let site = Site::new()
        .file(
            "content/snapshots/blog/2025-01-01T00-00-00Z.xml",
            atom(&[entry.to_owned()]),
        )
        .file(
            "content/notes/a.md",
            "+++\nentry = \"urn:a\"\n+++\nHere was old/none.html once.\n",
        )
        .file(
            "content/static/old/index.html",
            "<!doctype html><title>x</title>\n<a href=\"../old/none.html\">gone</a>",
        );
    assert_eq!(
        told(&site),
        [
            "content/static/old/index.html:2:10: warning[link-broken]: a link leads nowhere: `../old/none.html` on old/index.html"
        ]
    );
}

#[test]
fn the_example_and_every_style_of_urls_have_no_such_link() {
    let site = Site::example();
    assert_eq!(told(&site), [""; 0]);
    let toml = site.read("site.toml").unwrap();
    assert!(!toml.contains("[output]"));
    let site = site.file("site.toml", toml + "\n[output]\nurls = \"folders\"\n");
    assert_eq!(told(&site), [""; 0]);
}

#[test]
fn the_hint_fits_what_is_missing() {
    let site = Site::new()
        .file("content/snapshots/blog/2025-01-01T00-00-00Z.xml", atom(&[]))
        .file("content/static/img/photo.jpg", "a photo")
        .file("content/pages/trips/rome.md", "# Rome\n")
        .file(
            "content/pages/about.md",
            "# About\n\n![a](img/photos.jpg) ![b](other.png) [c](trips/roma.md) [d](nowhere.md)\n",
        );
    let checked = site.gleaner(&["check"]);
    for hint in [
        "hint: there is a file `img/photo.jpg`",
        "hint: pictures and other files lie in `content/static/`: put it at `content/static/other.png`",
        "hint: there is a page `content/pages/trips/rome.md`",
        "hint: from page to page, name the file",
    ] {
        assert_eq!(
            checked.stderr.matches(hint).count(),
            1,
            "{hint}: {checked:?}"
        );
    }
}

#[test]
fn a_file_that_a_template_names_on_pages_of_every_depth_is_told_once() {
    let site = Site::new()
        .file(
            "content/snapshots/blog/2025-01-01T00-00-00Z.xml",
            atom(&[entry("a", "2025-01-01", "x")]),
        )
        .file("content/pages/deep/b.md", "# B\n")
        .file(
            "themes/gleaner/templates/page.html",
            "<!doctype html><title>x</title><img src=\"{{ page.root }}logo.png\">",
        )
        .file(
            "themes/gleaner/templates/404.html",
            "<!doctype html><title>x</title><img src=\"{{ page.root }}logo.png\">",
        )
        .file("content/pages/a.md", "# A\n");
    let told = told(&site);
    let logo = told.iter().filter(|line| line.contains("logo.png"));
    assert_eq!(logo.count(), 1, "{told:?}");
}
