//! Search: what is written, when it is written again, and what never gets into it.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;

use flate2::read::GzDecoder;

use crate::site::{Built, MINIMAL, Site};

/// A feed of posts: title, day, text.
fn feed(posts: &[(&str, &str, &str)]) -> String {
    let items: String = posts
        .iter()
        .map(|(title, day, text)| {
            let date = match *day {
                "" => String::new(),
                day => format!("<published>{day}T08:00:00Z</published>"),
            };
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            format!(
                "<entry><id>urn:{title}</id><title>{title}</title>{date}\
                 <link href=\"https://posts.example/{title}\"/><category term=\"{title}\"/>\
                 <content type=\"html\">{text}</content></entry>"
            )
        })
        .collect();
    format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Posts</title><id>urn:posts</id>\
         <updated>2025-12-01T00:00:00Z</updated>{items}</feed>"
    )
}

const POSTS: &[(&str, &str, &str)] = &[
    ("Apples", "2023-05-01", "<p>Orchards in bloom</p>"),
    ("Pears", "2023-06-01", "<p>Ripe pears</p>"),
    ("Plums", "2024-06-01", "<p>Blue plums</p>"),
    ("Quinces", "", "<p>Nobody knows when</p>"),
];

fn site(posts: &[(&str, &str, &str)]) -> Site {
    Site::new().file(
        "content/snapshots/posts/2025-12-01T00-00-00Z.xml",
        feed(posts),
    )
}

/// What all files of the index say, unpacked.
fn indexed(built: &Built) -> String {
    let mut all = String::new();
    for (path, bytes) in built.tree() {
        if path.starts_with("pagefind/") && path.contains(".pf_") {
            let mut data = Vec::new();
            GzDecoder::new(&bytes[..]).read_to_end(&mut data).unwrap();
            all.push_str(&String::from_utf8_lossy(&data));
        }
    }
    all
}

/// The folders of the index in which something was written.
fn wrote_indexes(built: &Built) -> BTreeSet<&str> {
    let indexes = built.wrote().into_iter();
    let indexes = indexes.filter_map(|path| path.strip_prefix("pagefind/"));
    indexes.filter_map(|path| path.split('/').next()).collect()
}

#[test]
fn each_year_has_an_index_and_one_folder_has_what_reads_them() {
    let built = site(POSTS).build().clean();
    assert_eq!(
        wrote_indexes(&built),
        BTreeSet::from(["2023", "2024", "core", "undated"])
    );
    let tree = built.tree();
    let in_core: Vec<_> = tree
        .keys()
        .filter(|path| path.starts_with("pagefind/core/"))
        .collect();
    assert_eq!(
        in_core,
        [
            "pagefind/core/key.txt",
            "pagefind/core/pagefind.js",
            "pagefind/core/wasm.en.pagefind"
        ]
    );
    let all = indexed(&built);
    for word in [
        "orchard",
        "\"title\":\"Pears\"",
        "tag:Quinces",
        "posts.example",
    ] {
        assert!(all.contains(word), "{word}");
    }
    let page = built.page("search.html");
    let years: Vec<usize> = ["\"2024\"", "\"2023\"", "\"undated\""]
        .iter()
        .map(|year| page.find(&format!("value={year}")).unwrap())
        .collect();
    assert!(years.is_sorted(), "the newest year stands first");
    assert!(page.contains("wasm-unsafe-eval"));
    assert!(!built.page("index.html").contains("wasm-unsafe-eval"));
    assert!(
        built
            .page("tags/index.html")
            .contains("action=\"../search.html\"")
    );
}

#[test]
fn a_new_entry_changes_the_index_of_its_year_alone() {
    let site = site(POSTS);
    site.build().clean();
    assert_eq!(site.build().clean().wrote(), [""; 0]);

    let mut posts = POSTS.to_vec();
    posts.push(("Medlars", "2024-11-01", "<p>Best after frost</p>"));
    let site = site.file(
        "content/snapshots/posts/2025-12-01T00-00-00Z.xml",
        feed(&posts),
    );
    let built = site.build().clean();
    assert_eq!(wrote_indexes(&built), BTreeSet::from(["2024"]));
    assert!(!built.wrote().contains(&"search.html"));

    let clean = crate::search::site(&posts).build().clean();
    assert_eq!(built.tree(), clean.tree(), "as if built at once");
}

#[test]
fn an_index_that_was_changed_or_left_half_is_made_again() {
    let site = site(POSTS);
    let whole = site.build().clean().tree();
    let of_year = |path: &&String| path.starts_with("pagefind/2023/");
    for path in whole.keys().filter(of_year) {
        let file = site.path().join("public").join(path);
        fs::write(&file, "changed").unwrap();
        let built = site.build().clean();
        assert_eq!(built.wrote(), [path.as_str()]);
        assert_eq!(built.tree(), whole);

        fs::remove_file(&file).unwrap();
        assert_eq!(site.build().clean().tree(), whole, "{path} was gone");
    }
    // Without the list of owned files, nothing vouches for what is there.
    fs::remove_file(site.path().join("public/.gleaner-files.json")).unwrap();
    let built = site.argument("--force").build().clean();
    assert_eq!(built.tree(), whole);
}

#[test]
fn a_link_in_the_place_of_an_index_is_not_followed() {
    let site = site(POSTS);
    site.build().clean();
    let year = site.path().join("public/pagefind/2023");
    let elsewhere = site.path().join("elsewhere");
    fs::rename(&year, &elsewhere).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&elsewhere, &year).unwrap();
    let built = site.build();
    assert_ne!(built.code(), 0);
    assert!(built.messages().contains("output-foreign"));
}

#[test]
fn a_text_is_searched_as_far_as_the_owner_wants() {
    let text = format!("<p>{}</p><p>needle</p>", "hay ".repeat(250));
    let posts = [("Stack", "2025-01-01", text.as_str())];
    assert!(!indexed(&site(&posts).build().clean()).contains("needl"));
    let full = format!("{MINIMAL}[search]\ntext = \"full\"\n");
    let built = site(&posts).file("site.toml", full).build().clean();
    assert!(indexed(&built).contains("needl"));
}

#[test]
fn without_search_there_is_no_page_and_no_index() {
    let off = format!("{MINIMAL}[search]\nenabled = false\n");
    let site = site(POSTS);
    site.build().clean();
    let built = site.file("site.toml", off).build().clean();
    for path in built.tree().keys() {
        let is_of_search = path.starts_with("pagefind/") || path.contains("search.");
        assert!(!is_of_search, "{path}");
    }
    for (path, bytes) in built.tree() {
        let page = String::from_utf8_lossy(&bytes);
        assert!(
            !path.ends_with(".html") || !page.contains("search.html"),
            "{path}"
        );
    }
}

#[test]
fn what_is_hidden_is_not_found() {
    let built = site(POSTS)
        .file(
            "content/notes/hide.md",
            "+++\nentry = \"https://posts.example/Pears\"\nhidden = true\n+++\n",
        )
        .file(
            "content/notes/say.md",
            "+++\nentry = \"https://posts.example/Plums\"\n+++\nFor *slivovitz*.\n",
        )
        .build()
        .clean();
    let all = indexed(&built).to_lowercase();
    assert!(!all.contains("pear"));
    assert!(all.contains("slivovitz"), "notes are searched");
}

#[test]
fn an_archive_without_entries_has_a_page_that_finds_nothing() {
    let built = Site::new()
        .file(
            "content/snapshots/posts/2025-12-01T00-00-00Z.xml",
            feed(&[]),
        )
        .build();
    assert_eq!(built.code(), 0);
    assert!(built.has("search.html") && built.has("pagefind/core/pagefind.js"));
}

#[test]
fn a_page_of_the_owner_cannot_stand_among_the_indexes() {
    let built = site(POSTS)
        .file("content/pages/pagefind/2024/mine.md", "# Mine")
        .build();
    assert_eq!(built.code(), 1);
    assert!(built.messages().contains("path-collision"));
}
