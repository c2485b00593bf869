//! The texts of the seeds: what is left of them, where their links end, and that code and letters
//! are what they were.

use super::{BLURBLOG, Seeds, unpacked};
use crate::site::attributes;

#[test]
fn no_trace_of_the_box_is_left() {
    let seeds = seeds!();
    for item in seeds.items() {
        let html = item["content_html"].as_str().unwrap();
        for trace in [
            "shared this story",
            "gravatar.com",
            "icons.newsblur.com",
            "rss_feeds/icon",
        ] {
            assert!(!html.contains(trace), "{trace} in {}", item["url"]);
        }
    }
}

#[test]
fn entries_without_text_say_so_and_point_to_the_original() {
    let seeds = seeds!();
    let without: Vec<String> = seeds
        .built
        .entries()
        .into_iter()
        .filter(|path| seeds.built.page(path).contains("class=\"rest no-text\""))
        .collect();
    assert_eq!(without.len(), 6, "{without:#?}");
    for path in without {
        let page = seeds.built.page(&path);
        let sentence = page
            .split("class=\"rest no-text\"")
            .nth(1)
            .unwrap()
            .split("</p>")
            .next()
            .unwrap();
        assert!(sentence.contains("Read it at"), "{sentence}");
    }
    assert_eq!(seeds.html("BadRAM"), "");
}

#[test]
fn links_end_where_a_browser_would_end() {
    let seeds = seeds!();
    let red_hat = seeds.html("red-hat-openstack-services");
    assert!(red_hat.contains("href=\"https://www.redhat.com/en/topics/"));
    assert!(
        !attributes(red_hat, "href")
            .iter()
            .any(|link| link.starts_with('/'))
    );
    let flames = seeds.html("ai-flame-graphs");
    let images = attributes(flames, "src");
    assert!(!images.is_empty());
    assert!(
        images
            .iter()
            .all(|image| image.starts_with("https://www.brendangregg.com/")),
        "{images:#?}"
    );

    // The odd values that this article is about stand in it as text; of two real links, the
    // blurblog made `http://data:…`, which no browser follows.
    let nielsen = seeds.html("href-value-possibilities");
    for odd in [
        ">href=\"#\"</h2>",
        ">href=\"\"</h2>",
        "<code>href=\"#:~:text=foo\"</code>",
        "href=\"video.mp4#t=10,20\"",
    ] {
        let written = odd.replace("=\"", "=&quot;").replace("\"<", "&quot;<");
        assert!(
            nielsen.contains(odd) || nielsen.contains(&written),
            "{odd} is lost"
        );
    }
    assert!(nielsen.contains("plain-text file"));
    let links = attributes(nielsen, "href");
    assert!(
        links
            .iter()
            .all(|link| link.starts_with("https://") && !link.contains("data:")),
        "{links:#?}"
    );
}

#[test]
fn a_frame_is_a_link_that_loads_nothing() {
    let seeds = seeds!();
    let page = seeds.page("authenticating-mcp-oauth-clients-with-spiffe");
    assert!(page.contains("class=\"g-embed\""));
    assert!(page.contains("href=\"https://www.youtube.com/watch?v="));
    for (path, bytes) in seeds.built.tree() {
        let page = String::from_utf8_lossy(&bytes);
        let loads = attributes(&page, "src")
            .into_iter()
            .any(|link| link.contains("youtu"));
        assert!(!page.contains("<iframe") && !loads, "{path}");
    }
}

#[test]
fn code_keeps_its_lines_and_its_colours() {
    let seeds = seeds!();
    // Where the original had classes, and where it had only styles or nothing.
    for (link, coloured) in [
        ("kashw1n.com", false),
        ("css-tricks.com", false),
        ("authenticating-mcp-oauth-clients-with-spiffe", true),
        ("TabPFN", true),
        ("npm-publish-github-actions", true),
        ("how-to-design-a-fault-tolerant", false),
    ] {
        let html = seeds.html(link);
        let blocks: Vec<&str> = html
            .split("<pre")
            .skip(1)
            .filter_map(|rest| rest.split("</pre>").next())
            .collect();
        assert!(!blocks.is_empty(), "{link} has no code");
        let lines = blocks
            .iter()
            .map(|block| block.lines().count())
            .max()
            .unwrap();
        assert!(lines > 3, "{link}: the longest block has {lines} lines");
        let indented = blocks
            .iter()
            .any(|block| block.lines().any(|line| strip_tags(line).starts_with(' ')));
        assert!(
            indented || link == "TabPFN",
            "{link} lost its indentation: {blocks:#?}"
        );
        assert_eq!(html.contains("class=\"c-"), coloured, "{link}");
    }
}

fn strip_tags(line: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for character in line.chars() {
        match character {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => text.push(character),
            _ => {}
        }
    }
    text
}

#[test]
fn letters_of_all_kinds_are_intact() {
    let seeds = seeds!();
    let everything: String = seeds
        .items()
        .iter()
        .map(|item| item["content_html"].as_str().unwrap())
        .collect();
    let Some(original) = unpacked(BLURBLOG) else {
        return;
    };
    let original = String::from_utf8(original).unwrap();
    for letter in ['–', '—', '’', '│', '├', '└', '─', '🚀', '✅'] {
        if original.contains(letter) {
            assert!(everything.contains(letter), "{letter} is lost");
        }
    }
    assert!(!everything.contains('\u{fffd}'));
    let umlauts = seeds.item("heise.de")["title"].as_str().unwrap();
    assert_eq!(
        umlauts,
        "BadRAM: Historischer Seitenkanal hebelt Confidential Computing in der Cloud aus"
    );
}
