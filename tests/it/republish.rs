//! What an owner may not republish stands nowhere in the output; what is said of it stays.

use crate::links;
use crate::site::{MINIMAL, Site};

/// Words that stand in the text after its beginning, or in what the beginning leaves out.
const SECRETS: [&str; 7] = [
    "zaffre",
    "quillon",
    "ogdoad",
    "secret-picture",
    "secret-link",
    "wimble",
    "xylem",
];

/// An RSS feed with one long text, a comment of the owner beside it.
fn feed(changed: &str) -> String {
    let long = "Plain words that may be quoted. ".repeat(20);
    format!(
        "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>\
         <title>Elsewhere</title><link>https://elsewhere.example/</link><item>\
         <title>A long read</title><link>https://elsewhere.example/long</link>\
         <guid>https://elsewhere.example/long</guid><category>reading</category>\
         <pubDate>Thu, 28 Aug 2025 06:00:00 GMT</pubDate>\
         <content:encoded><![CDATA[<h2>The ogdoad</h2><p>{long}</p><p>{changed}</p>\
         <img src='https://elsewhere.example/secret-picture.png' alt='wimble'>\
         <p><a href='https://elsewhere.example/secret-link'>xylem</a></p>]]></content:encoded>\
         </item></channel></rss>"
    )
}

fn site(settings: &str) -> Site {
    Site::new()
        .file("site.toml", format!("{MINIMAL}{settings}"))
        .file(
            "content/snapshots/blog/2025-08-28T07-00-00Z.xml",
            feed("A zaffre sky."),
        )
        .file(
            "content/snapshots/blog/2025-08-29T07-00-00Z.xml",
            feed("A bent quillon."),
        )
        .file(
            "content/notes/mine.md",
            "+++\nentry = \"https://elsewhere.example/long\"\n+++\n\nMy **own** words.\n",
        )
}

/// The files in which a word stands.
fn places(built: &crate::site::Built, word: &str) -> Vec<String> {
    let tree = built.tree();
    let holds = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(word);
    let found = tree.iter().filter(|(_, bytes)| holds(bytes));
    found.map(|(path, _)| path.clone()).collect()
}

#[test]
fn no_word_beyond_the_excerpt_is_in_any_file() {
    let full = site("").build().clean();
    for secret in SECRETS {
        assert!(!places(&full, secret).is_empty(), "{secret}");
    }

    let built = site("text = \"excerpt\"\n").build().clean();
    for secret in SECRETS {
        assert_eq!(places(&built, secret), [""; 0], "{secret}");
    }
    let [permalink] = built.entries().try_into().unwrap();
    let page = built.page(&permalink);
    for kept in [
        "A long read",
        "Plain words that may be quoted.",
        "<strong>own</strong>",
    ] {
        assert!(page.contains(kept), "{kept}");
    }
    assert!(
        built
            .page("feed.json")
            .contains("My <strong>own</strong> words.")
    );
    assert!(built.page("rss.xml").contains("<description>"));
    assert!(!built.page("rss.xml").contains("content:encoded>"));
    assert_eq!(
        links::broken(&built.tree(), "https://example.org/archive/"),
        [""; 0]
    );
}

#[test]
fn a_feed_of_ones_own_may_be_published_in_full() {
    let settings = "text = \"excerpt\"\n[feeds.mine]\ntext = \"full\"\n";
    let only_theirs = site(settings).file("content/snapshots/mine/a.xml", "<rss version='2.0'><channel><title>Mine</title><item><guid>x</guid><title>Another</title></item></channel></rss>");
    assert_eq!(places(&only_theirs.build(), "quillon"), [""; 0]);

    // The same entry in the owner's own feed: its text is the owner's to publish.
    let both = only_theirs.file("content/snapshots/mine/b.xml", feed("A bent quillon."));
    assert!(!places(&both.build().clean(), "quillon").is_empty());
}

#[test]
fn a_setting_that_is_turned_takes_the_text_out_of_a_site_that_had_it() {
    let site = site("");
    site.build().clean();
    let built = site
        .file("site.toml", format!("{MINIMAL}text = \"excerpt\"\n"))
        .build()
        .clean();
    for secret in SECRETS {
        assert_eq!(places(&built, secret), [""; 0], "{secret}");
    }
}
