//! site.toml from the outside: defaults, what a full file says, and every fixture's diagnostics.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;

fn read_ok(text: &str) -> Config {
    let (config, problems) = read("site.toml", text, &Overrides::default());
    assert_eq!(problems, [], "{text}");
    config.unwrap()
}

const MINIMAL: &str = "[site]\ntitle = 'T'\nbase_url = 'https://example.org/archive'\n";

#[test]
fn title_and_base_url_are_enough() {
    let config = read_ok(MINIMAL);
    assert_eq!(config.site.title.as_str(), "T");
    assert_eq!(
        config.site.base_url.as_str(),
        "https://example.org/archive/"
    );
    assert_eq!(config.site.language, "en");
    assert_eq!(config.site.timezone, TimeZone::UTC);
    assert_eq!(config.theme.name, "gleaner");
    assert_eq!(config.output.folder, "public");
    assert_eq!(config.output.urls, UrlStyle::Files);
    assert_eq!(config.output.permalinks.0, "{year}/{month}/{slug}-{id}");
    assert_eq!((config.lists.home, config.lists.page), (30, 50));
    assert!(config.merge.across_feeds && config.syndication.tags);
    assert!(config.search.enabled && !config.fetch.allow_private_addresses);
    assert_eq!(config.search.text, SearchText::Excerpt);
    assert_eq!(config.content.images, Images::Remote);
    assert_eq!(config.content.embeds, Embeds::Link);
    assert_eq!(
        (config.site.text, config.site.license),
        (Extent::Full, None)
    );
    let syndication = config.syndication;
    assert!(syndication.sharers && !syndication.sources && syndication.opml);
    assert_eq!((syndication.entries, syndication.list_entries), (50, 20));
}

#[test]
fn everything_that_may_be_said_is_understood() {
    let config = read_ok(include_str!("../../tests/fixtures/config/full.toml"));
    assert_eq!(config.site.timezone.iana_name(), Some("Europe/Berlin"));
    assert_eq!(config.theme.options["accent"].value.as_str(), Some("teal"));
    assert_eq!(config.output.urls, UrlStyle::Folders);
    assert!(!config.search.enabled);
    assert_eq!(config.search.text, SearchText::Full);
    assert_eq!(config.tags.aliases["k8s"].as_str(), "Kubernetes");
    assert!(config.tags.hidden.contains("uncategorized"));
    let feed = &config.feeds[&FeedName::new("blurblog")];
    assert_eq!(feed.key.as_deref(), Some("newsblur"));
    assert!(matches!(&feed.address, Some(Address::Public(url)) if url.is_web()));
    let starred = &config.feeds[&FeedName::new("starred")];
    let secret = Address::Secret("STARRED_URL".to_owned());
    assert_eq!(
        (&starred.address, starred.store_secret),
        (&Some(secret), true)
    );
    assert!(config.fetch.allow_private_addresses);
    assert!(config.feeds[&FeedName::new("old stuff")].hidden);
    let license = config.site.license.as_ref().unwrap();
    assert_eq!(license.name.as_str(), "CC BY 4.0");
    assert!(license.url.is_some() && config.site.copy_notice.is_some());
    let syndication = config.syndication;
    assert!(!syndication.sharers && syndication.sources && !syndication.opml);
    assert_eq!((syndication.entries, syndication.list_entries), (30, 10));
    let [blurblog, other] = ["blurblog", "other"].map(FeedName::new);
    let extents = Extents::of(&config);
    assert_eq!(extents.extent([&other]), Extent::Excerpt);
    assert_eq!(extents.extent([&other, &blurblog]), Extent::Full);
}

#[test]
fn the_command_line_overrides_the_base_url() {
    let overrides = |url: &str| Overrides {
        base_url: Some(url.to_owned()),
        ..Overrides::default()
    };
    let (config, _) = read(
        "site.toml",
        "[site]\ntitle = 'T'",
        &overrides("http://localhost:80"),
    );
    assert_eq!(config.unwrap().site.base_url.as_str(), "http://localhost/");
    let (config, problems) = read("site.toml", MINIMAL, &overrides("example.org"));
    assert!(config.is_none());
    assert_eq!(
        problems[0].hint.as_deref(),
        Some("did you mean `https://example.org`?")
    );
    assert_eq!(problems.len(), 1);
}

#[test]
fn the_command_line_overrides_the_path_of_the_base_url() {
    let read_with = |path: &str| {
        let overrides = Overrides {
            base_path: Some(path.to_owned()),
            ..Overrides::default()
        };
        read("site.toml", MINIMAL, &overrides)
    };
    for (path, url) in [
        ("/", "https://example.org/"),
        ("", "https://example.org/"),
        ("a/b", "https://example.org/a/b/"),
        ("/a b/", "https://example.org/a%20b/"),
    ] {
        let (config, problems) = read_with(path);
        assert!(problems.is_empty(), "{path}: {problems:?}");
        assert_eq!(config.unwrap().site.base_url.as_str(), url);
    }
    for path in ["a?b", "a#b", "a\\b", "a//b"] {
        let (config, problems) = read_with(path);
        assert!(config.is_none() && problems.len() == 1, "{path}");
        assert_eq!(problems[0].code.as_str(), "config-invalid-value");
    }
}

#[test]
fn a_feed_without_snapshots_is_named_with_its_place() {
    let text = format!("{MINIMAL}[feeds.blurblgo]\n[feeds.devto]\n");
    let listed = [FeedName::new("blurblog"), FeedName::new("devto")];
    let problems = unused_feeds(&read_ok(&text), "site.toml", &text, listed.iter());
    assert_eq!(problems.len(), 1);
    assert_eq!(
        problems[0].hint.as_deref(),
        Some("did you mean `blurblog`?")
    );
    let position = problems[0].place.as_ref().and_then(|place| place.position);
    assert_eq!(position.map(|position| position.line), Some(4));
}

#[test]
fn every_problem_of_every_fixture_is_drawn() {
    insta::glob!("../../tests/fixtures/config", "*.toml", |path| {
        let text = String::from_utf8(fixture(path)).unwrap();
        let (config, problems) = read("site.toml", &text, &Overrides::default());
        assert_eq!(config.is_none(), crate::diag::has_errors(&problems));
        let mut drawn = String::new();
        for problem in &problems {
            draw(&mut drawn, problem);
        }
        insta::with_settings!({ snapshot_path => "../../tests/fixtures/config/drawn", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!("site", drawn);
        });
    });
}

proptest! {
    #[test]
    fn no_text_stops_the_reader_and_every_problem_has_a_place(
        lines in prop::collection::vec(prop::sample::select(vec![
            "[site]", "[site", "title = 'T'", "title = ", "base_url = 'https://e.org'", "[[feeds]]",
            "[feeds.'ü\t']", "url = 'x'", "[tags.aliases]", "a = 'b'", "b = 'a'", "'###' = 'x'",
            "permalinks = '{id}{'", "[output]", "folder = '\\..'", "= 5", "'''", "\u{feff}", "ü",
            "home = 0x1F", "[lists]", "lists.home = 1e9", "timezone = ''", "language = '-'",
        ]), 0..12),
    ) {
        let text = lines.join("\n");
        let (config, problems) = read("site.toml", &text, &Overrides::default());
        prop_assert_eq!(config.is_none(), crate::diag::has_errors(&problems));
        prop_assert!(problems.iter().all(|problem| problem.place.is_some()));
    }
}

/// The binary draws better; here it matters that place, words and hint are there.
fn draw(out: &mut String, problem: &Diagnostic) {
    let place = problem.place.as_ref().unwrap();
    let at = place
        .position
        .map_or(String::new(), |at| format!(":{}:{}", at.line, at.column));
    writeln!(
        out,
        "{}{at}: {}: {}",
        place.file,
        problem.code.as_str(),
        problem.message
    )
    .unwrap();
    if let Some(excerpt) = &place.excerpt {
        let before = excerpt.text[..excerpt.marked.start].chars().count();
        let marked = excerpt.text[excerpt.marked.clone()].chars().count().max(1);
        writeln!(out, "  | {}", excerpt.text).unwrap();
        writeln!(out, "  | {}{}", " ".repeat(before), "^".repeat(marked)).unwrap();
    }
    if let Some(hint) = &problem.hint {
        writeln!(out, "  = hint: {hint}").unwrap();
    }
}

#[expect(clippy::disallowed_methods, reason = "a test reads its own fixture")]
fn fixture(path: &std::path::Path) -> Vec<u8> {
    std::fs::read(path).unwrap()
}

/// The rows of the reference that name a default as it would be written: table, key, default.
fn written_defaults() -> Vec<(String, String, String)> {
    let root = env!("CARGO_MANIFEST_DIR");
    let file = format!("{root}/content/pages/guide/reference.md");
    #[expect(clippy::disallowed_methods, reason = "a test looks at the guide")]
    let text = std::fs::read_to_string(file).unwrap();
    let mut table = None;
    let mut defaults = Vec::new();
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            let name = heading
                .strip_prefix("`[")
                .and_then(|it| it.split(']').next());
            table = name.map(|name| name.replace("NAME", "blog"));
        }
        let cells: Vec<&str> = line.split(" | ").collect();
        if let (Some(table), [key, _, default, _]) = (&table, cells.as_slice())
            && let Some(default) = default.strip_prefix('`')
        {
            let key = key.trim_matches(['|', ' ', '`']).to_owned();
            let default = default.trim_end_matches('`').to_owned();
            defaults.push((table.clone(), key, default));
        }
    }
    defaults
}

#[test]
fn the_defaults_of_the_reference_are_what_is_read_where_nothing_is_written() {
    let rows = written_defaults();
    assert!(rows.len() > 25, "{}", rows.len());
    // Places in the file are none of a setting's value.
    let plain = |text: &str| {
        let mut config = read_ok(text);
        config.theme.name_span = None;
        for feed in config.feeds.values_mut() {
            feed.span = 0..0;
        }
        format!("{config:?}")
    };
    for (table, key, default) in rows {
        let header = match table.as_str() {
            "site" => String::new(),
            other => format!("[{other}]\n"),
        };
        let unwritten = format!("{MINIMAL}{header}");
        let written = format!("{unwritten}{key} = {default}\n");
        assert_eq!(
            plain(&unwritten),
            plain(&written),
            "[{table}] {key} = {default}"
        );
    }
}

#[test]
fn an_output_folder_that_is_surely_a_mistake_is_refused() {
    let problems = |folder: &str| {
        let folder = toml::Value::String(folder.to_owned());
        let text = format!(
            "[site]\ntitle = \"T\"\nbase_url = \"https://e.org/\"\n[output]\nfolder = {folder}\n"
        );
        read("site.toml", &text, &Overrides::default()).1
    };
    for folder in [
        "",
        ".",
        "./",
        "..",
        "a/../..",
        "/srv/www",
        "C:\\www",
        "https://e.org/",
        "content",
        "Themes/x",
        "./content",
        "site.toml",
        ".git",
        ".GIT/pages",
        "docs/.git",
        ".gleaner",
        "~",
        "~/public",
        "~ada/public",
        "$HOME/public",
        "${OUT}",
        "%TEMP%",
        "{{ folder }}",
        "`pwd`",
        " public",
        "public ",
        "public/ x",
        "a\nb",
        "con",
        "docs/nul.d",
        "public?",
        "public.",
        "a:b",
        "-",
        "--force",
    ] {
        let found = problems(folder);
        assert_eq!(found.len(), 1, "{folder}: {found:?}");
        assert_eq!(found[0].code, Code::ConfigInvalidValue, "{folder}");
    }
    for folder in [
        "public",
        "docs",
        "./public",
        "build/site",
        "public/",
        ".site",
        "my site",
        "ä-b",
    ] {
        assert_eq!(problems(folder), [], "{folder}");
    }
}
