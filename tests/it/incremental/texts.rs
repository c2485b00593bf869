//! Small files of a site, drawn at random: they overlap, repeat and contradict each other.

use proptest::prelude::*;
use proptest::sample::select;

use crate::build::atom;

type File = (&'static str, String);

/// How many different entries there are.
const ENTRIES: u8 = 10;

/// Snapshots of three feeds, some of them damaged, one in another format.
pub(super) fn snapshots() -> impl Strategy<Value = File> {
    let path = select(vec![
        "content/snapshots/one/2025-01-01T00-00-00Z.xml",
        "content/snapshots/one/2025-02-01T00-00-00Z.xml",
        "content/snapshots/one/2025-03-01T00-00-00Z.xml",
        "content/snapshots/two/2025-01-15T00-00-00Z.xml",
        "content/snapshots/two/2025-02-15T00-00-00Z.xml",
        "content/snapshots/three/2025-02-02T00-00-00Z.json",
    ]);
    let posts = prop::collection::vec((0..ENTRIES, 0u8..3), 3..8);
    (path, posts, 0u8..10).prop_map(|(path, posts, damage)| {
        if path.ends_with("json") {
            return (path, json(&posts));
        }
        let posts: Vec<String> = posts
            .iter()
            .map(|(post, version)| entry(*post, *version))
            .collect();
        let mut text = atom(&posts);
        match damage {
            0 => text.truncate(text.len() * 2 / 3),
            1 => text = text.replacen("Words", "Words & &nbsp;", 1),
            2 => text = "<!doctype html><title>502</title><p>Bad gateway</p>".to_owned(),
            _ => {}
        }
        (path, text)
    })
}

/// An entry in one of its versions, which are equally long: its day, tags and language depend on the
/// entry, its title and text on both.
fn entry(post: u8, version: u8) -> String {
    let (title, letter) = (title(post, version), char::from(b'a' + version));
    let html = format!(
        "<p>Words of lazy post {post}, version {letter}: <a href=\"/x/{version}\">zig</a>.</p>\
         <pre class=\"highlight\"><code class=\"language-rust\">let z = {version};</code></pre>\
         <img src=\"https://img.example/{post}.png\" alt=\"fuzzy\"><script>alert({version})</script>"
    );
    let html = html.replace('&', "&amp;").replace('<', "&lt;");
    let tags: String = ["rust", "Rust", "zoo", "hidden"]
        .iter()
        .enumerate()
        .filter(|(number, _)| (usize::from(post) + usize::from(version)) % (number + 2) == 0)
        .map(|(_, tag)| format!("<category term=\"{tag}\"/>"))
        .collect();
    format!(
        "<entry><title>{title}</title><id>https://feed.example/{post}</id>\
         <link href=\"https://feed.example/{post}\"/><author><name>Ann {}</name></author>\
         <published>{}T22:30:00Z</published>{tags}<content type=\"html\">{html}</content></entry>",
        post % 3,
        day(post)
    )
}

fn title(post: u8, version: u8) -> String {
    // Most versions have the same title; a new one is a new address that leads to the old.
    let version = if version == 2 { 'q' } else { 'p' };
    format!("Puzzle {post}{version}")
}

fn day(post: u8) -> String {
    format!(
        "202{}-{:02}-{:02}",
        3 + post % 3,
        1 + post % 2 * 11,
        1 + post * 3
    )
}

fn json(posts: &[(u8, u8)]) -> String {
    let items = posts.iter().map(|(post, version)| {
        serde_json::json!({
            "id": format!("https://json.example/{post}"),
            // The same link as in another feed: one entry with two shares.
            "url": format!("https://feed.example/{post}"),
            "title": title(*post, *version),
            "content_html": format!("<h2>Zest</h2><p>As JSON has it, {version}.</p>"),
            "date_published": format!("{}T10:00:00Z", day(*post)),
            "tags": ["zoo"],
        })
    });
    let items: Vec<serde_json::Value> = items.collect();
    let feed = serde_json::json!({
        "version": "https://jsonfeed.org/version/1.1", "title": "JSON", "items": items,
    });
    feed.to_string()
}

/// Notes that comment, rename, tag or hide; two may be about the same entry, or about none.
pub(super) fn notes() -> impl Strategy<Value = File> {
    let path = select(vec![
        "content/notes/a.md",
        "content/notes/b.md",
        "content/notes/deep/c.md",
    ]);
    let matter = select(vec![
        "",
        "title = \"Buzz\"\n",
        "tags = [\"mine\", \"rust\"]\n",
        "hidden = true\n",
    ]);
    let text = select(vec![
        "",
        "My *crazy* words.\n",
        "See [this](https://a.example/).\n",
    ]);
    (path, 0..ENTRIES + 1, matter, text).prop_map(|(path, post, matter, text)| {
        let link = format!("https://feed.example/{post}");
        (
            path,
            format!("+++\nentry = \"{link}\"\n{matter}+++\n\n{text}"),
        )
    })
}

/// Lists of originals that are gone, some with a line that says nothing.
pub(super) fn originals() -> impl Strategy<Value = File> {
    let posts = prop::collection::btree_map(0..ENTRIES, 1u8..9, 0..4);
    (posts, 0u8..4).prop_map(|(posts, damage)| {
        let mut text = "# gone\n".to_owned();
        for (post, day) in posts {
            text += &format!("https://feed.example/{post} 404 2025-03-0{day}\n");
        }
        if damage == 0 {
            text += "https://feed.example/1 404";
        }
        ("content/originals.txt", text)
    })
}

/// Pages of the owner that link to each other.
pub(super) fn pages() -> impl Strategy<Value = File> {
    let path = select(vec!["content/pages/about.md", "content/pages/deep/now.md"]);
    let matter = select(vec!["", "nav = 1\n", "title = \"Zzz\"\n", "nav = false\n"]);
    let link = select(vec!["", "[about](../about.md)\n", "[now](deep/now.md)\n"]);
    (path, matter, link).prop_map(|(path, matter, link)| {
        let matter = if matter.is_empty() {
            String::new()
        } else {
            format!("+++\n{matter}+++\n")
        };
        (path, format!("{matter}# A page\n\nDozens of words. {link}"))
    })
}

/// Files that are copied; one is also the name of a page, and takes its place in no silence.
pub(super) fn statics() -> impl Strategy<Value = File> {
    let path = select(vec![
        "content/static/a.txt",
        "content/static/img/b.bin",
        "content/static/.well-known/c",
        "content/static/robots.txt",
        "content/static/about.html",
        "content/static/A.txt",
    ]);
    let text = select(vec!["", "zebra", "zebrb", "longer than zebra"]);
    (path, text).prop_map(|(path, text)| (path, text.to_owned()))
}

/// Parts of the theme that the site has its own version of; the last is broken.
pub(super) fn theme() -> impl Strategy<Value = File> {
    let template = select(vec![
        "<p class=\"meta\">buzz</p>\n",
        "<p class=\"meta\">fizz</p>\n",
        "<p class=\"meta\">{{ entry.title }}</p>\n",
        "{% if %}\n",
    ]);
    let style = select(vec!["body { color: red }\n", "body { color: tan }\n", ""]);
    let template = template.prop_map(|text| ("themes/gleaner/templates/entry-meta.html", text));
    let style = style.prop_map(|text| ("themes/gleaner/static/style.css", text));
    prop_oneof![template, style].prop_map(|(path, text)| (path, text.to_owned()))
}

/// A site.toml: most of its lines are there or not. Search, which is slow, is seldom on.
pub(super) fn settings() -> impl Strategy<Value = String> {
    let lines: Vec<(&str, &[&str])> = vec![
        ("[site]", &["title = \"A\"", "title = \"B\""]),
        (
            "",
            &[
                "base_url = \"https://a.example/\"",
                "base_url = \"https://b.example/deep/\"",
            ],
        ),
        (
            "",
            &[
                "",
                "timezone = \"Asia/Tokyo\"",
                "timezone = \"America/New_York\"",
            ],
        ),
        ("", &["", "text = \"excerpt\""]),
        ("", &["", "language = \"de\""]),
        ("", &["", "license = \"CC0\""]),
        ("[lists]", &["", "page = 2", "page = 3"]),
        ("", &["", "home = 2"]),
        ("[output]", &["", "", "urls = \"folders\""]),
        (
            "[content]",
            &["", "images = \"none\"", "images = \"click\""],
        ),
        ("[merge]", &["", "across_feeds = false"]),
        (
            "[tags]",
            &["", "hidden = [\"hidden\"]", "aliases = { zoo = \"Rust\" }"],
        ),
        (
            "[syndication]",
            &[
                "",
                "atom = false",
                "tags = false",
                "sources = true",
                "entries = 2",
            ],
        ),
        (
            "[feeds.one]",
            &["", "sharer = \"Zoe\"", "hidden = true", "title = \"One\""],
        ),
        ("[feeds.two]", &["", "text = \"full\"", "key = \"second\""]),
        (
            "[theme.options]",
            &["", "dates = \"iso\"", "excerpts = false", "related = false"],
        ),
        ("[search]", &OFF),
    ];
    let choices: Vec<_> = lines
        .into_iter()
        .map(|(head, lines)| (Just(head), select(lines.to_vec())))
        .collect();
    choices.prop_map(|lines| {
        let lines = lines.iter().map(|(head, line)| format!("{head}\n{line}\n"));
        lines.collect::<String>()
    })
}

/// Seven sites of eight have no search.
const OFF: [&str; 8] = {
    let mut lines = ["enabled = false"; 8];
    lines[7] = "enabled = true";
    lines
};
