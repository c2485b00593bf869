//! The guide for theme authors says what is: its tables are made from the documented types of the
//! theme API, its names are asked of real templates, and its example is built.
//!
//! `UPDATE_GUIDE=1 cargo test --test it theme_guide` writes the tables anew.

mod api;
mod tables;

use std::fs;

use crate::site::{MINIMAL, Site, repository};
use api::{Api, Type};

/// The guide, which Gleaner publishes with its example archive.
const GUIDE: &str = "content/pages/themes.md";
/// What stands before the tables.
const MARK: &str = "theme_guide -->\n";

fn guide() -> String {
    fs::read_to_string(repository().join(GUIDE)).unwrap()
}

#[test]
fn the_tables_are_those_of_the_types() {
    let text = guide();
    let (words, tables) = text.split_once(MARK).unwrap();
    let made = tables::markdown(&Api::read());
    if std::env::var_os("UPDATE_GUIDE").is_some() {
        fs::write(repository().join(GUIDE), format!("{words}{MARK}{made}")).unwrap();
        return;
    }
    assert!(
        tables == made,
        "the tables of {GUIDE} are old: UPDATE_GUIDE=1 cargo test --test it theme_guide"
    );
}

/// A template that writes `MISSING` for every name of the guide that it is not given.
fn asks_for(names: &[(String, Type)], api: &Api) -> String {
    let mut out = String::new();
    for (name, kind) in names {
        ask(name, kind, 0, api, &mut out);
    }
    out
}

fn ask(name: &str, kind: &Type, depth: usize, api: &Api, out: &mut String) {
    let given = format!("{{% if {name} is defined %}}{{% else %}}MISSING {name} {{% endif %}}\n");
    out.push_str(&given);
    match kind {
        Type::Plain(_) => {}
        Type::Maybe(inner) => {
            out.push_str(&format!("{{% if {name} %}}"));
            ask(name, inner, depth, api, out);
            out.push_str("{% endif %}");
        }
        Type::List(inner) => {
            let item = format!("item{depth}");
            out.push_str(&format!("{{% for {item} in {name} %}}"));
            ask(&item, inner, depth + 1, api, out);
            out.push_str("{% endfor %}");
        }
        Type::Pair(first, second) => {
            ask(&format!("{name}[0]"), first, depth, api, out);
            ask(&format!("{name}[1]"), second, depth, api, out);
        }
        Type::Named(table) => {
            for field in &api.table(table).fields {
                ask(
                    &format!("{name}.{}", field.name),
                    &field.kind,
                    depth,
                    api,
                    out,
                );
            }
        }
    }
}

#[test]
fn every_name_of_the_tables_is_given_to_its_template() {
    let api = Api::read();
    let mut site = Site::example();
    for page in &api.pages {
        let asks = asks_for(&api.names_of(page), &api);
        let template = format!("{asks}{} was asked", page.template);
        site = site.file(
            &format!("themes/gleaner/templates/{}", page.template),
            template,
        );
    }
    let built = site.build();
    assert_eq!(built.code(), 0, "{}", built.messages());
    let pages: String = built
        .tree()
        .into_iter()
        .filter(|(path, _)| path.ends_with(".html"))
        .map(|(_, bytes)| String::from_utf8(bytes).unwrap())
        .collect();
    let missing: Vec<&str> = pages.split("MISSING ").skip(1).collect();
    let missing: Vec<_> = missing
        .iter()
        .filter_map(|rest| rest.lines().next())
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
    let asked = |page: &&api::PageKind| pages.contains(&format!("{} was asked", page.template));
    // A theme's page of the search is only drawn where there is one.
    let unasked: Vec<&str> = api
        .pages
        .iter()
        .filter(|page| !asked(page))
        .map(|page| &*page.template)
        .collect();
    assert!(
        unasked.is_empty() || unasked == ["search.html"],
        "{unasked:?}"
    );
}

/// The blocks of code of the guide in this language.
fn blocks(language: &str) -> Vec<String> {
    let text = guide();
    let start = format!("```{language}\n");
    let blocks = text.split(&start).skip(1);
    blocks
        .filter_map(|rest| rest.split("```").next())
        .map(str::to_owned)
        .collect()
}

/// The file that the first line of a block names: `# site.toml`, `{# themes/… #}`.
fn named(block: &str) -> &str {
    let line = block.lines().next().unwrap();
    line.trim_matches(['{', '}', '#', ' '])
}

#[test]
fn the_example_of_the_guide_is_built() {
    let mut site = Site::example().file("themes/mine/static/icon.svg", "<svg/>");
    for block in blocks("toml").into_iter().chain(blocks("jinja")) {
        let text = match named(&block) {
            "site.toml" => format!("{MINIMAL}{block}"),
            _ => block.clone(),
        };
        site = site.file(named(&block), text);
    }
    // Only this page uses the part that the guide shows last.
    let home = "{% extends \"gleaner/home.html\" %}{% block main %}{% include \"icon.html\" %}{{ super() }}{% endblock main %}";
    let site = site.file("themes/mine/templates/home.html", home);
    let built = site.build().clean();
    assert!(built.page("404.html").contains("<h1>Not here</h1>"));
    assert!(
        built
            .page("index.html")
            .contains("src=\"./assets/icon.svg\"")
    );
    assert!(built.has("assets/icon.svg") && built.has("assets/style.css"));
    for entry in built.entries() {
        let page = built.page(&entry);
        assert!(
            page.contains("mailto:me@example.org") && page.contains("h-entry"),
            "{entry}"
        );
    }
}

#[test]
fn the_commands_of_the_guide_run() {
    let site = Site::new();
    let commands: Vec<String> = blocks("console")
        .concat()
        .lines()
        .map(str::to_owned)
        .collect();
    assert!(!commands.is_empty());
    for command in commands {
        let words: Vec<&str> = command.split_whitespace().skip(1).collect();
        let outcome = site.gleaner(&words);
        assert_eq!(outcome.code, 0, "{command}: {}", outcome.stderr);
    }
}
