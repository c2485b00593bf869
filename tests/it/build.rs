//! Whole sites: a few snapshots in, the tree that comes out.

use crate::links;
use crate::site::{Site, attributes};

/// An Atom feed with these entries.
pub(crate) fn atom(entries: &[String]) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n\
         <title>A feed</title>\n<id>https://feed.example/</id>\n<link href=\"https://feed.example/\"/>\n\
         {}\n</feed>\n",
        entries.join("\n")
    )
}

/// An entry with this name: its link, id and title.
pub(crate) fn entry(name: &str, day: &str, html: &str) -> String {
    let html = html.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<entry><title>{name}</title><id>https://feed.example/{name}</id>\
         <link href=\"https://feed.example/{name}\"/><published>{day}T12:00:00Z</published>\
         <content type=\"html\">{html}</content></entry>"
    )
}

fn snapshot(day: &str) -> String {
    format!("content/snapshots/feed/{day}T00-00-00Z.xml")
}

#[test]
fn the_example_archive_builds_and_a_second_build_writes_nothing() {
    let site = Site::example();
    let built = site.build().clean();
    // The data of an index is named by its content, which every edit of the example changes.
    let is_data = |path: &String| path.contains(".pf_");
    let files = built.tree().into_keys().filter(|path| !is_data(path));
    insta::assert_snapshot!("example_tree", files.collect::<Vec<_>>().join("\n"));
    assert!(links::broken(&built.tree(), "https://example.org/archive/").is_empty());

    let again = site.build().clean();
    assert_eq!(again.wrote(), [""; 0]);
    assert_eq!(again.tree(), built.tree());
}

#[test]
fn an_entry_that_was_edited_keeps_its_first_address_and_its_first_text() {
    let first = entry(
        "First title",
        "2025-01-01",
        "<p>The first text of the entry.</p>",
    );
    let edited = first
        .replace("<title>First title", "<title>Second title")
        .replace("The first text", "The second text");
    let built = Site::new()
        .file(
            &snapshot("2025-01-02"),
            atom(&[first.replace("/First title", "/a")]),
        )
        .file(
            &snapshot("2025-02-02"),
            atom(&[edited.replace("/First title", "/a")]),
        )
        .build()
        .clean();

    let entries = built.entries();
    let [permalink] = entries.as_slice() else {
        panic!("{entries:?}")
    };
    assert!(permalink.starts_with("2025/01/first-title-"), "{permalink}");
    let page = built.page(permalink);
    assert!(
        page.contains("Second title</a>") && page.contains("The second text"),
        "{page}"
    );
    assert!(page.contains("1 earlier version"));

    let alias = permalink.replace("first-title", "second-title");
    assert!(built.page(&alias).contains("http-equiv=\"refresh\""));
    let revisions = permalink.replace(".html", "/revisions.html");
    assert!(built.page(&revisions).contains("The first text"));
}

#[test]
fn a_link_in_two_feeds_is_one_entry_with_two_shares() {
    let shared = |feed: &str, day: &str| {
        let entry = format!(
            "<entry><title>T</title><id>urn:x:{feed}</id><link href=\"https://www.example.org/a/?utm_source={feed}\"/>\
             <published>{day}T00:00:00Z</published></entry>"
        );
        atom(&[entry])
    };
    let site = Site::new()
        .file(
            "content/snapshots/one/2025-01-02T00-00-00Z.xml",
            shared("one", "2025-01-01"),
        )
        .file(
            "content/snapshots/two/2025-03-02T00-00-00Z.xml",
            shared("two", "2025-03-01"),
        )
        .file(
            "site.toml",
            format!(
                "{}[feeds.one]\nsharer = \"Ada\"\n[feeds.two]\nsharer = \"Bob\"\n",
                crate::site::MINIMAL
            ),
        );
    let built = site.build().clean();
    assert_eq!(built.entries().len(), 1);
    let page = built.page(&built.entries()[0]);
    assert!(
        page.contains("sharers/ada.html\">") && page.contains("sharers/bob.html\">"),
        "{page}"
    );
    assert!(built.has("sharers/ada.html") && built.has("sharers/bob.html"));
}

#[test]
fn notes_comment_rename_tag_and_hide() {
    let day = "2025-01-01";
    let entries: Vec<String> = ["a", "b"]
        .iter()
        .map(|name| entry(name, day, "<p>Words of a stranger</p>"))
        .collect();
    let site = Site::new()
        .file(&snapshot("2025-01-02"), atom(&entries))
        .file(
            "content/notes/a.md",
            "+++\nentry = \"https://feed.example/a\"\ntitle = \"Better\"\ntags = [\"mine\"]\n+++\n\nMy *own* words.\n",
        )
        .file("content/notes/b.md", "+++\nentry = \"https://feed.example/b\"\nhidden = true\n+++\n");
    let built = site.build().clean();
    let entries = built.entries();
    let [permalink] = entries.as_slice() else {
        panic!("{entries:?}")
    };
    // A better title does not move the page.
    assert!(permalink.starts_with("2025/01/a-"), "{permalink}");
    let page = built.page(permalink);
    assert!(
        page.contains("<em>own</em>") && page.contains(">Better</a>"),
        "{page}"
    );
    assert!(built.page("tags/mine.html").contains("Better"));
    let everything: String = built
        .tree()
        .values()
        .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        .collect();
    assert!(!everything.contains("feed.example/b"));

    let lost = site
        .file(
            "content/notes/c.md",
            "+++\nentry = \"2025/01/nowhere.html\"\n+++\nHm.\n",
        )
        .build();
    assert_eq!(lost.code(), 0);
    let told = lost.diagnostics();
    assert!(
        told.len() == 1 && told[0].contains("content/notes/c.md:2:9: warning[note-unmatched]"),
        "{told:?}"
    );
}

#[test]
fn long_lists_are_numbered_from_the_oldest_and_full_pages_never_change() {
    let tagged = |number: usize| {
        entry(
            &format!("e{number:02}"),
            &format!("2025-01-{:02}", number + 1),
            "<p>x</p>",
        )
        .replace("</entry>", "<category term=\"t\"/></entry>")
    };
    let all: Vec<String> = (0..25).map(tagged).collect();
    let site = Site::new()
        .file(
            "site.toml",
            format!("{}[lists]\npage = 5\nhome = 3\n", crate::site::MINIMAL),
        )
        .file(&snapshot("2025-02-01"), atom(&all[..22]));
    let built = site.build().clean();
    // 22 = 3 full pages of 5, and 7 on the newest.
    for (page, entries) in [
        ("tags/t/1.html", 5),
        ("tags/t/3.html", 5),
        ("tags/t.html", 7),
    ] {
        assert_eq!(
            built.page(page).matches("<article").count(),
            entries,
            "{page}"
        );
    }
    assert!(!built.has("tags/t/4.html"));
    let full = built.page("tags/t/1.html");
    assert!(full.contains("t: 1 January 2025 – 5 January 2025") && !full.contains("of 3"));

    let more = site
        .file(&snapshot("2025-02-02"), atom(&all))
        .build()
        .clean();
    assert_eq!(more.page("tags/t.html").matches("<article").count(), 5);
    assert!(more.wrote().contains(&"tags/t/4.html"));
    assert!(!more.wrote().contains(&"tags/t/1.html") && !more.wrote().contains(&"tags/t/3.html"));
}

#[test]
fn folders_instead_of_files_where_the_owner_wants_them() {
    let site = Site::example();
    let toml = std::fs::read_to_string(site.path().join("site.toml")).unwrap();
    let built = site
        .file(
            "site.toml",
            format!("{toml}\n[output]\nurls = \"folders\"\n"),
        )
        .build()
        .clean();
    assert!(
        built.has("tags/rust/index.html") && built.has("about/index.html") && built.has("404.html")
    );
    assert!(links::broken(&built.tree(), "https://example.org/archive/").is_empty());
    let links = attributes(&built.page("index.html"), "href");
    assert!(
        !links.iter().any(|link| link.ends_with("index.html")),
        "{links:?}"
    );
}

#[test]
fn the_404_page_works_at_any_depth() {
    let built = Site::example().build().clean();
    let page = built.page("404.html");
    let links = attributes(&page, "href").into_iter();
    let links: Vec<String> = links.chain(attributes(&page, "src")).collect();
    let is_of_host = |link: &String| link.starts_with("/archive/") || link.starts_with('#');
    assert!(links.iter().all(is_of_host), "{links:?}");
    assert!(
        links.contains(&"/archive/assets/style.css".to_owned()),
        "{links:?}"
    );

    let moved = Site::example()
        .argument("--base-url=https://e.org/")
        .build();
    assert!(
        moved
            .clean()
            .page("404.html")
            .contains("href=\"/assets/style.css\"")
    );
}

#[test]
fn what_strangers_write_stays_harmless_everywhere() {
    let evil = "\"><script>alert(1)</script><img src=x onerror=alert(1)>";
    let text = evil.replace('<', "&lt;").replace('"', "&quot;");
    let hostile = format!(
        "<entry><title type=\"text\">{text}</title><id>../../../etc/{text}</id>\
         <link href=\"javascript:alert(1)\"/><author><name>{text}</name></author>\
         <published>2025-01-01T00:00:00Z</published><category term=\"{text}\"/><category term=\"../../up\"/>\
         <content type=\"html\">{text}&lt;a href=\"javascript:alert(1)\" style=\"x\">a&lt;/a></content></entry>"
    );
    let built = Site::new()
        .file(&snapshot("2025-01-02"), atom(&[hostile]))
        .build();
    assert_eq!(built.code(), 0, "{}", built.messages());
    assert_eq!(built.entries().len(), 1);
    for (path, bytes) in built.tree() {
        let page = String::from_utf8_lossy(&bytes);
        if path.ends_with(".html") {
            for danger in [
                "<script>",
                "onerror=\"",
                "onerror=alert(1)>",
                "href=\"javascript:",
                "style=\"",
            ] {
                assert!(!page.contains(danger), "{path} has {danger}:\n{page}");
            }
            assert!(page.contains("Content-Security-Policy"), "{path}");
        }
        assert!(!path.contains(".."), "{path}");
    }
    let outside = crate::site::files(built.root());
    assert!(
        outside.iter().all(|path| path.starts_with("public/")
            || path.starts_with("content/")
            || path.starts_with(".gleaner/")
            || path == "site.toml"),
        "{outside:?}"
    );
}

#[test]
fn a_broken_snapshot_costs_only_what_is_broken() {
    let good = entry("good", "2025-01-01", "<p>x</p>");
    let cut = atom(&[good, entry("half", "2025-01-01", "<p>x</p>")]);
    let cut = &cut[..cut.find("half").unwrap() + 30];
    let built = Site::new()
        .file(&snapshot("2025-01-02"), cut)
        .file(
            "content/snapshots/feed/error.html",
            "<!doctype html><title>502</title><p>Bad gateway</p>",
        )
        .build();
    assert_eq!(built.entries().len(), 1, "{}", built.messages());
    let told = built.diagnostics().join("\n");
    assert!(
        told.contains("feed-truncated") && told.contains("not-a-feed"),
        "{told}"
    );
    assert_eq!(built.code(), 0, "{told}");

    let strict = Site::new()
        .file(&snapshot("2025-01-02"), cut)
        .argument("--deny-warnings")
        .build();
    assert_eq!(strict.code(), 1);
}

#[test]
fn two_things_that_want_one_file_are_reported() {
    let built = Site::example()
        .file("content/static/About.html", "mine")
        .file("content/static/robots.txt", "User-agent: *\nDisallow: /\n")
        .build();
    assert_eq!(built.code(), 1);
    let told = built.diagnostics();
    assert!(
        told.len() == 1
            && told[0].contains("error[path-collision]")
            && told[0].contains("about.md"),
        "{told:?}"
    );
    // The owner's robots.txt takes the place of ours, and that is no collision.
    assert!(built.page("robots.txt").contains("Disallow: /"));
}

#[test]
fn odd_links_end_where_a_browser_would_end() {
    let odd = [
        "",
        "#",
        ".",
        "?",
        "//",
        "data:text/plain,x",
        "#:~:text=foo",
        "video.mp4#t=10,20",
        "//cdn.example/x",
        "JAVASCRIPT:x",
    ];
    let links: String = odd
        .iter()
        .map(|href| format!("<p><a href='{href}'>at {href}</a></p>"))
        .collect();
    let entry =
        entry("odd", "2025-01-01", &links).replace("feed.example/odd", "feed.example/2025/odd/");
    let built = Site::new()
        .file(&snapshot("2025-01-02"), atom(&[entry]))
        .build()
        .clean();
    let page = built.page(&built.entries()[0]);
    let text = page
        .split("e-content")
        .nth(1)
        .unwrap()
        .split("<footer")
        .next()
        .unwrap();
    assert_eq!(
        attributes(text, "href"),
        [
            "https://feed.example/2025/odd/",
            "https://feed.example/2025/odd/#",
            "https://feed.example/2025/odd/",
            "https://feed.example/2025/odd/?",
            "https://feed.example/2025/odd/#:~:text=foo",
            "https://feed.example/2025/odd/video.mp4#t=10,20",
            "https://cdn.example/x",
        ]
    );
    for plain in [
        "<p>at //</p>",
        "<p>at data:text/plain,x</p>",
        "<p>at JAVASCRIPT:x</p>",
    ] {
        assert!(text.contains(plain), "{plain} is not in {text}");
    }
}

#[test]
fn the_policy_allows_what_the_owner_allows_and_no_more() {
    let csp = |settings: &str| {
        let toml = format!("{}{settings}", crate::site::MINIMAL);
        let built = Site::example().file("site.toml", toml).build();
        attributes(&built.page("index.html"), "content")
            .into_iter()
            .next()
            .unwrap()
    };
    let usual = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; \
                 media-src https:; connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'";
    assert_eq!(csp(""), usual);
    assert_eq!(
        csp("[content]\nimages = \"none\"\n"),
        usual.replace("data: https:", "data:")
    );
    let click = csp("[content]\nembeds = \"click\"\n");
    let frames = click
        .strip_prefix(usual)
        .unwrap()
        .strip_prefix("; frame-src ")
        .unwrap();
    assert!(
        frames
            .split(' ')
            .any(|origin| origin == "https://www.youtube-nocookie.com"),
        "{frames}"
    );
    assert!(
        frames
            .split(' ')
            .all(|origin| url::Url::parse(origin).unwrap().path() == "/"),
        "{frames}"
    );
}

#[test]
fn check_finds_what_build_would_find() {
    let site = Site::new().file("content/static/.gleaner-x", "").file(
        "site.toml",
        format!(
            "{}[output]\nfolder = \"content/out\"\n",
            crate::site::MINIMAL
        ),
    );
    let checked = site.gleaner(&["check", "--message-format", "short"]);
    assert_eq!(checked.code, 1);
    assert!(checked.stderr.contains("content"), "{}", checked.stderr);
    let site = Site::new().file("content/static/.gleaner-x", "");
    for command in ["check", "build"] {
        let outcome = site.gleaner(&[command, "--message-format", "short"]);
        assert!(
            outcome.stderr.contains("error[path-invalid]"),
            "{command}: {}",
            outcome.stderr
        );
    }
}
