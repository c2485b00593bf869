//! The theme API → the tables of the guide.

use super::api::{Api, Table, Type};

/// All tables, as Markdown.
pub(super) fn markdown(api: &Api) -> String {
    let mut told = vec!["SiteView".to_owned(), "PageView".to_owned()];
    let mut out = String::from("\n## What every page knows\n");
    for (name, table) in [("site", "SiteView"), ("page", "PageView")] {
        out.push_str(&section(api.table(table), Some(name)));
    }
    out.push_str("\n## What each page knows {#pages}\n\n");
    out.push_str("| `page.kind` | template | what it shows | its own names |\n");
    out.push_str("| --- | --- | --- | --- |\n");
    for page in &api.pages {
        let (kind, template, doc) = (&page.kind, &page.template, cell(&page.doc));
        let names = names(api, page);
        out.push_str(&format!("| `{kind}` | `{template}` | {doc} | {names} |\n"));
    }
    for page in &api.pages {
        if let Some(Type::Named(name)) = &page.matter {
            out.push_str(&section(api.table(name), None));
            told.push(name.clone());
        }
    }
    out.push_str("\n## Parts\n");
    for name in parts(api, &mut told) {
        out.push_str(&section(api.table(&name), None));
    }
    out
}

/// The names that a page has beside `site` and `page`.
fn names(api: &Api, page: &super::api::PageKind) -> String {
    let mut names = Vec::new();
    if page.entry {
        names.push(format!(
            "`entry`: {}",
            shown(&Type::Named("EntryView".into()))
        ));
    }
    match &page.matter {
        Some(Type::Named(name)) => {
            names.push(format!("[its table](#{})", anchor(name)));
            if api.table(name).lists_entries() {
                let section = Type::List(Box::new(Type::Named("Section".into())));
                names.push(format!("`sections`: {}", shown(&section)));
            }
        }
        Some(list) => names.push(format!("`revisions`: {}", shown(list))),
        None => {}
    }
    names.join("; ")
}

/// The tables that are named and not yet told, in the order in which a reader meets them.
fn parts(api: &Api, told: &mut Vec<String>) -> Vec<String> {
    let mut found: Vec<String> = vec!["EntryView".into(), "Section".into(), "RevisionView".into()];
    let mut all: Vec<String> = told.clone();
    all.extend(found.iter().cloned());
    let mut next = 0;
    while let Some(name) = all.get(next).cloned() {
        next += 1;
        for field in &api.table(&name).fields {
            for inner in named(&field.kind) {
                if !all.contains(&inner) {
                    all.push(inner.clone());
                    found.push(inner);
                }
            }
        }
    }
    found
}

fn named(kind: &Type) -> Vec<String> {
    match kind {
        Type::Plain(_) => Vec::new(),
        Type::Named(name) => vec![name.clone()],
        Type::Maybe(inner) | Type::List(inner) => named(inner),
        Type::Pair(first, second) => [named(first), named(second)].concat(),
    }
}

fn section(table: &Table, called: Option<&str>) -> String {
    let title = match called {
        Some(name) => format!("`{name}`"),
        None => capitalized(&words(&table.name)),
    };
    let mut out = format!(
        "\n### {title} {{#{}}}\n\n{}\n\n",
        anchor(&table.name),
        without_name(&table.doc)
    );
    out.push_str("| name | what it is | type |\n| --- | --- | --- |\n");
    for field in &table.fields {
        let (name, doc, kind) = (
            &field.name,
            cell(&without_name(&field.doc)),
            shown(&field.kind),
        );
        out.push_str(&format!(
            "| `{name}` | {} | {kind} |\n",
            doc.trim_end_matches('.')
        ));
    }
    out
}

/// Documentation may begin with the name that it documents (`body`: its text), which stands there
/// already.
fn without_name(doc: &str) -> String {
    let rest = doc
        .strip_prefix('`')
        .and_then(|rest| rest.split_once("`: "));
    rest.map_or_else(|| doc.to_owned(), |(_, rest)| capitalized(rest))
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// A type in the words of a guide.
fn shown(kind: &Type) -> String {
    match kind {
        Type::Plain(name) => (*name).to_owned(),
        Type::Named(name) => format!("[{}](#{})", words(name), anchor(name)),
        Type::Maybe(inner) => format!("{}, or none", shown(inner)),
        Type::List(inner) => format!("list of {}", shown(inner)),
        Type::Pair(first, second) => format!("list of two: {} and {}", shown(first), shown(second)),
    }
}

/// `YearTerm` as people say it: `year term`. A view is what it shows.
fn words(name: &str) -> String {
    let mut words = String::new();
    for letter in name.strip_suffix("View").unwrap_or(name).chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

fn anchor(name: &str) -> String {
    format!("of-{}", words(name).replace(' ', "-"))
}

fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}
