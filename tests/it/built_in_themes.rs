//! The themes in the binary: what each must draw, what it says of itself, what a site may choose.

use crate::links;
use crate::site::{Built, MINIMAL, Site, attributes, repository};

/// The names of the built-in themes: the folders of this repository.
fn built_in() -> Vec<String> {
    let folders = std::fs::read_dir(repository().join("themes")).unwrap();
    let mut names: Vec<String> = folders
        .map(|folder| folder.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The example archive, drawn by this theme, with the settings that add most to its pages.
fn example_in(theme: &str) -> Built {
    let site = Site::example();
    let toml = site.read("site.toml").unwrap();
    let options = toml.find("[theme.options]").unwrap();
    let rest = toml[options..].find("[feeds").unwrap() + options;
    let toml = format!(
        "{}license = \"CC BY 4.0\"\ncopy_notice = \"Copies\"\n[lists]\npage = 2\n\
         [syndication]\nsources = true\n[theme]\nname = \"{theme}\"\n{}",
        &toml[..options],
        &toml[rest..]
    );
    site.file("site.toml", toml).build().clean()
}

#[test]
fn every_built_in_theme_draws_every_page() {
    let usual: Vec<String> = example_in("gleaner").tree().into_keys().collect();
    let pages = |paths: &[String]| -> Vec<String> {
        let is_page = |path: &&String| path.ends_with(".html");
        paths.iter().filter(is_page).cloned().collect()
    };
    for theme in built_in() {
        let built = example_in(&theme);
        let tree = built.tree();
        let paths: Vec<String> = tree.keys().cloned().collect();
        assert_eq!(pages(&paths), pages(&usual), "{theme}");
        for base in ["https://example.org/archive/", "file:///archive/"] {
            assert_eq!(links::broken(&tree, base), [""; 0], "{theme}");
        }
        for path in pages(&paths) {
            let page = built.page(&path);
            let told = format!("{theme}: {path}");
            assert!(
                page.starts_with("<!doctype html>\n<html lang=\"en\""),
                "{told}"
            );
            assert!(
                page.contains("http-equiv=\"Content-Security-Policy\""),
                "{told}"
            );
            assert_eq!(page.matches("<h1").count(), 1, "{told}");
            assert!(
                !page.contains(" style=") && !page.contains("<style"),
                "{told}"
            );
            assert!(!page.contains("<script>"), "{told}");
            let mut ids = attributes(&page, "id");
            let all = ids.len();
            ids.sort();
            ids.dedup();
            assert_eq!(ids.len(), all, "{told}: an id stands twice");
        }
    }
}

#[test]
fn the_plain_theme_is_tiny_and_shows_everything() {
    let folder = repository().join("themes/plain");
    let css = std::fs::read(folder.join("static/style.css")).unwrap();
    assert!(css.len() <= 1_500, "{}", css.len());
    let built = example_in("plain");
    let is_script = |path: &String| path.starts_with("assets/") && path.ends_with(".js");
    assert!(!built.tree().keys().any(is_script));

    let list = built.page("index.html");
    for shown in [
        "h-entry",
        "u-repost-of",
        "dt-published",
        "p-category",
        "sources.opml",
    ] {
        assert!(list.contains(shown), "{shown}");
    }
    let is_entry = |path: &&String| {
        path.contains("keeping-what-a-feed-forgets") && !path.contains("revisions")
    };
    let tree = built.tree();
    let entry = built.page(tree.keys().find(is_entry).unwrap());
    for shown in [
        "e-content",
        "one entry with two shares",
        "web.archive.org/web/",
        "rel=\"next\"",
        "Copies",
        "CC BY 4.0",
        "earlier version",
    ] {
        assert!(entry.contains(shown), "{shown}");
    }
}

#[test]
fn the_themes_that_there_are_tell_of_themselves() {
    let site = Site::new()
        .file("site.toml", format!("{MINIMAL}[theme]\nname = \"mine\"\n"))
        .file(
            "themes/mine/theme.toml",
            "extends = \"plain\"\ndescription = \"My \\u001b look\"\n",
        )
        .file(
            "themes/mine/templates/entry.html",
            "{# What I changed. And why. #}\n",
        )
        .file("themes/plain/templates/404.html", "lost\n");
    let told = site.gleaner(&["theme"]);
    assert_eq!((told.code, told.stderr.as_str()), (0, ""));
    assert!(
        told.stdout.lines().all(|line| line.chars().count() <= 80),
        "{}",
        told.stdout
    );
    assert!(!told.stdout.contains('\u{1b}'));
    assert_eq!(site.gleaner(&["theme", "list"]).stdout, told.stdout);
    for shown in [
        "gleaner (built in)\n",
        "plain (built in)\n  A tiny theme: plain HTML, half a page of CSS, no script\n\n  Options\n    \
         excerpts = true\n        Whether lists show the beginning of each text\n    \
         favicon = \"\"\n        A file of content/static/ that browsers show beside the title\n\n  Templates\n    \
         404.html         What a server shows for what is not there\n",
        "mine (yours, extends `plain`, in use)\n  My look\n\n  Templates\n    \
         entry.html  What I changed\n",
        "plain (your changes to the built-in theme)\n",
    ] {
        assert!(told.stdout.contains(shown), "{shown}\n{}", told.stdout);
    }

    let lines = site
        .gleaner(&["theme", "list", "--message-format", "json"])
        .stdout;
    let themes: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(themes[1]["name"], "plain");
    assert_eq!(themes[1]["options"][0]["default"], true);
    assert_eq!(themes[2]["templates"][0]["about"], "What I changed");
    let short = site.gleaner(&["theme", "--message-format", "short"]).stdout;
    assert_eq!(short.lines().count(), themes.len());
    assert!(
        Site::empty()
            .gleaner(&["theme"])
            .stdout
            .starts_with("gleaner (built in)\n")
    );
}

#[test]
fn the_readme_tells_every_option_with_its_default() {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let block = readme
        .split("```toml\n[theme.options]\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .unwrap();
    let told: toml::Table = block.parse().unwrap();
    let manifest = std::fs::read_to_string(repository().join("themes/gleaner/theme.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let options = manifest["options"].as_table().unwrap();
    let defaults: toml::Table = options
        .iter()
        .map(|(name, option)| (name.clone(), option["default"].clone()))
        .collect();
    assert_eq!(told, defaults);
}

#[test]
fn options_decide_what_pages_show() {
    let toml = |options: &str| format!("{MINIMAL}[theme.options]\n{options}\n");
    let shown = Site::example().build().clean().page("index.html");
    let parts = [
        "accent-amber",
        "class=\"excerpt",
        "id=\"g-years\"",
        "data-keys",
        " entries from ",
    ];
    for part in parts {
        assert!(shown.contains(part), "{part}");
    }
    let options =
        "accent = \"plum\"\nexcerpts = false\nyears = false\nkeyboard = false\ncounts = false";
    let hidden = Site::example()
        .file("site.toml", toml(options))
        .build()
        .page("index.html");
    for part in parts {
        assert!(!hidden.contains(part), "{part}");
    }
    assert!(hidden.contains("accent-plum"));

    let titles = Site::example()
        .file("site.toml", toml("home = \"titles\""))
        .build();
    assert!(!titles.page("index.html").contains("class=\"comment"));
}
