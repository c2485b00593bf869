//! Themes: a site overrides the built-in one file by file, or brings its own.

use crate::site::{MINIMAL, Site, repository};

#[test]
fn a_site_can_extend_the_plain_theme() {
    let built = Site::example()
        .file("site.toml", format!("{MINIMAL}[theme]\nname = \"mine\"\n"))
        .file("themes/mine/theme.toml", "extends = \"plain\"\n")
        .file(
            "themes/mine/templates/404.html",
            "{% extends \"plain/404.html\" %}{% block title %}Gone{% endblock title %}\n",
        )
        .build();
    assert_eq!(built.code(), 0, "{}", built.messages());
    assert!(built.page("404.html").contains("<title>Gone</title>"));
    assert!(built.page("index.html").contains("p-main"));
}

#[test]
fn a_template_of_the_site_can_build_on_the_one_it_hides() {
    let site = Site::example().file(
        "themes/gleaner/templates/entry.html",
        "{% extends \"gleaner/entry.html\" %}\n{% block head %}{{ super() }}<meta name=\"mine\" content=\"yes\">{% endblock head %}\n",
    );
    let built = site.build().clean();
    for permalink in built.entries() {
        let page = built.page(&permalink);
        assert!(
            page.contains("name=\"mine\"") && page.contains("article:published_time"),
            "{page}"
        );
    }
    assert!(!built.page("index.html").contains("name=\"mine\""));
}

#[test]
fn a_part_and_an_asset_can_be_replaced_alone() {
    let built = Site::example()
        .file(
            "themes/gleaner/templates/entry-meta.html",
            "<p class=\"meta\">my line</p>\n",
        )
        .file("themes/gleaner/static/style.css", "body { color: red }\n")
        .file("themes/gleaner/static/fonts/mine.woff2", "bytes")
        .build()
        .clean();
    assert!(built.page("index.html").contains("my line"));
    assert_eq!(built.page("assets/style.css"), "body { color: red }\n");
    assert!(built.has("assets/fonts/mine.woff2") && built.has("assets/click.js"));
}

#[test]
fn a_theme_of_ones_own_extends_a_built_in_one() {
    let toml = format!("{MINIMAL}[theme]\nname = \"mine\"\noptions = {{ colour = \"green\" }}\n");
    let manifest =
        "extends = \"gleaner\"\n[options.colour]\ndefault = \"red\"\ndescription = \"x\"\n";
    let site = Site::new()
        .file("site.toml", toml)
        .file("themes/mine/theme.toml", manifest)
        .file(
            "themes/mine/templates/404.html",
            "<!doctype html><title>{{ theme.colour }}</title>\n",
        );
    let built = site.build();
    assert_eq!(built.code(), 0, "{}", built.messages());
    assert_eq!(
        built.page("404.html"),
        "<!doctype html><title>green</title>\n"
    );
    assert!(built.page("index.html").contains("assets/style.css"));
}

#[test]
fn options_that_do_not_exist_are_reported_where_site_toml_sets_them() {
    let built = Site::new()
        .file(
            "site.toml",
            format!("{MINIMAL}[theme.options]\nexcerpt = false\n"),
        )
        .build();
    assert_eq!(built.code(), 1);
    let told = built.diagnostics().join("\n");
    assert!(
        told.contains("site.toml:5:1: error[theme-option]"),
        "{told}"
    );
}

#[test]
fn every_broken_template_is_reported_with_its_place() {
    let built = Site::example()
        .file(
            "themes/gleaner/templates/entry.html",
            "<p>\n  {{ entry.title \n</p>\n",
        )
        .file("themes/gleaner/templates/list.html", "{% if %}\n")
        .build();
    assert_eq!(built.code(), 1);
    let told = built.diagnostics();
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(
        told[0].starts_with("themes/gleaner/templates/entry.html:"),
        "{told:#?}"
    );
    assert!(
        told[1].starts_with("themes/gleaner/templates/list.html:1:"),
        "{told:#?}"
    );
}

#[test]
fn a_template_that_fails_names_the_page_and_leaves_the_last_good_one() {
    let site = Site::example();
    let good = site.build().clean();
    let before = good.page("index.html");
    let site = site.file(
        "themes/gleaner/templates/home.html",
        "{% extends \"gleaner/home.html\" %}\n{% block main %}{{ nothing.like.this }}{% endblock main %}\n",
    );
    let built = site.build();
    assert_eq!(built.code(), 1);
    let told = built.diagnostics();
    assert!(
        told.len() == 1
            && told[0].starts_with("themes/gleaner/templates/home.html:2:")
            && told[0].contains("while rendering `index.html`"),
        "{told:?}"
    );
    assert_eq!(built.page("index.html"), before);

    let site = site.file("themes/gleaner/templates/home.html", "{{ page.titel }}\n");
    let drawn = site.gleaner(&["build"]).stderr;
    assert!(
        drawn.contains(
            "error[template-failed]: field `titel` is not defined, while rendering `index.html`\n"
        ),
        "{drawn}"
    );
    assert!(
        drawn.contains("1 | {{ page.titel }}\n  |         ^^^^^\n"),
        "{drawn}"
    );
    assert!(
        drawn.contains("hint: available fields: description, feed,"),
        "{drawn}"
    );
}

#[test]
fn text_cannot_be_made_html() {
    let built = Site::example()
        .file(
            "themes/gleaner/templates/404.html",
            "{{ site.title | safe }}",
        )
        .build();
    assert_eq!(built.code(), 1);
    assert!(
        built.diagnostics()[0].contains("`safe`"),
        "{:?}",
        built.diagnostics()
    );
}

#[test]
fn a_theme_that_does_not_exist_is_told_where_it_is_named() {
    let named = Site::new().file(
        "site.toml",
        format!("{MINIMAL}[theme]\nname = \"gleanr\"\n"),
    );
    let told = named.gleaner(&["build"]);
    assert_eq!(told.code, 1);
    assert!(told.stderr.contains("site.toml:5:8"), "{}", told.stderr);
    assert!(
        told.stderr.contains("hint: did you mean `gleaner`?"),
        "{}",
        told.stderr
    );

    let extended = Site::new()
        .file("site.toml", format!("{MINIMAL}[theme]\nname = \"mine\"\n"))
        .file("themes/mine/theme.toml", "extends = \"glener\"\n");
    let told = extended.gleaner(&["build"]);
    assert!(
        told.stderr.contains("themes/mine/theme.toml:1:11"),
        "{}",
        told.stderr
    );
}

#[test]
fn every_name_that_a_template_gets_wrong_is_told_with_its_place() {
    let built = Site::example()
        .file(
            "themes/gleaner/templates/entry-meta.html",
            "{{ entry.title | upcase }}\n",
        )
        .file(
            "themes/gleaner/templates/sections.html",
            "\n  {% include \"nowhere.html\" %}\n",
        )
        .build();
    assert_eq!(built.code(), 1);
    let told = built.diagnostics();
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(
        told[0].starts_with("themes/gleaner/templates/entry-meta.html:1:"),
        "{told:#?}"
    );
    assert!(told[0].contains("unknown filter `upcase`"), "{told:#?}");
    assert!(
        told[1].starts_with("themes/gleaner/templates/sections.html:2:"),
        "{told:#?}"
    );

    let itself = Site::example()
        .file(
            "themes/gleaner/templates/entry.html",
            "{% extends \"entry.html\" %}\n",
        )
        .gleaner(&["check"]);
    assert!(
        itself
            .stderr
            .contains("themes/gleaner/templates/entry.html"),
        "{}",
        itself.stderr
    );
    assert!(
        itself
            .stderr
            .contains("the built-in one is called `gleaner/entry.html`"),
        "{}",
        itself.stderr
    );
}

#[test]
fn a_template_that_nothing_uses_is_most_often_misspelt() {
    let built = Site::example()
        .file("themes/gleaner/templates/entrry.html", "never seen\n")
        .file("themes/gleaner/templates/my-part.html", "seen\n")
        .file(
            "themes/gleaner/templates/404.html",
            "{% include \"my-part.html\" %}\n",
        )
        .build();
    assert_eq!(built.code(), 0);
    let told = built.diagnostics();
    assert!(
        told.len() == 1 && told[0].contains("entrry.html"),
        "{told:#?}"
    );
}

#[test]
fn templates_are_exported_to_be_changed() {
    let site = Site::new();
    let exported = site.gleaner(&["theme", "export", "entry.html", "static/style.css"]);
    assert_eq!(exported.code, 0, "{}", exported.stderr);
    let files = [
        "themes/gleaner/static/style.css",
        "themes/gleaner/templates/entry.html",
    ];
    assert_eq!(exported.stdout.lines().collect::<Vec<_>>(), files);
    for file in files {
        let built_in = std::fs::read_to_string(repository().join(file)).unwrap();
        assert_eq!(site.read(file), Some(built_in));
    }

    let site = site.file("themes/gleaner/templates/entry.html", "mine");
    let again = site.gleaner(&["theme", "export"]);
    assert_eq!(again.code, 1);
    assert!(
        again.stderr.contains("`--force` overwrites"),
        "{}",
        again.stderr
    );
    assert_eq!(
        site.read("themes/gleaner/templates/entry.html").unwrap(),
        "mine"
    );
    assert_eq!(site.read("themes/gleaner/templates/home.html"), None);

    assert_eq!(site.gleaner(&["theme", "export", "--force"]).code, 0);
    assert_ne!(
        site.read("themes/gleaner/templates/entry.html").unwrap(),
        "mine"
    );
}

#[test]
fn a_file_that_the_theme_does_not_have_is_told_with_those_that_it_has() {
    let outcome = Site::new().gleaner(&["theme", "export", "entri.html"]);
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.stderr.contains("entri.html") && outcome.stderr.contains("templates/entry.html")
    );
}

#[test]
fn a_template_that_grows_without_end_fails_once_and_other_pages_are_built() {
    let built = Site::example()
        .file(
            "themes/gleaner/templates/entry.html",
            "<p>\n{% set a = [1] %}{% for i in range(end=99) %}{% set_global a = [...a, ...a] %}{% endfor %}",
        )
        .build();
    assert_eq!(built.code(), 1);
    let told = built.diagnostics();
    assert_eq!(told.len(), 1, "{told:#?}");
    let place = "themes/gleaner/templates/entry.html:2:46: error[template-failed]: this value grows beyond 100 MB";
    assert!(told[0].starts_with(place), "{told:#?}");
    assert!(built.has("index.html"));
}
