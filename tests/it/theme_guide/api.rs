//! The theme API as its authors documented it: read from the sources of `src/plan/`.

use std::fs;

use crate::site::repository;

/// The files that hold the types.
const TYPES: [&str; 4] = ["mod", "entry", "lists", "statistics"];

/// What a value is, in a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Type {
    /// Text, a number, HTML.
    Plain(&'static str),
    /// What has a table of its own, by the name of its type.
    Named(String),
    /// This, or none.
    Maybe(Box<Type>),
    /// Many of these.
    List(Box<Type>),
    /// Two values.
    Pair(Box<Type>, Box<Type>),
}

/// A name that a template is given.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) kind: Type,
}

/// A type of the API.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) fields: Vec<Field>,
}

/// A kind of page.
#[derive(Debug, Clone)]
pub(super) struct PageKind {
    pub(super) kind: String,
    pub(super) template: String,
    pub(super) doc: String,
    /// What it knows of its matter, where that is a type of its own.
    pub(super) matter: Option<Type>,
    /// Whether it is about an entry.
    pub(super) entry: bool,
}

/// All types, and all kinds of pages.
pub(super) struct Api {
    pub(super) tables: Vec<Table>,
    pub(super) pages: Vec<PageKind>,
}

impl Api {
    pub(super) fn read() -> Self {
        let source =
            |path: &str| fs::read_to_string(repository().join("src/plan").join(path)).unwrap();
        let texts = TYPES.map(|name| source(&format!("context/{name}.rs")));
        Api {
            tables: texts.iter().flat_map(|text| tables(text)).collect(),
            pages: pages(&source("mod.rs")),
        }
    }

    #[track_caller]
    pub(super) fn table(&self, name: &str) -> &Table {
        let found = self.tables.iter().find(|table| table.name == name);
        found.unwrap_or_else(|| panic!("no type {name} in src/plan/context/"))
    }

    /// The names that the template of a page is given.
    pub(super) fn names_of(&self, page: &PageKind) -> Vec<(String, Type)> {
        let named = |name: &str, table: &str| (name.to_owned(), Type::Named(table.to_owned()));
        let mut names = vec![named("site", "SiteView"), named("page", "PageView")];
        if page.entry {
            names.push(named("entry", "EntryView"));
        }
        match &page.matter {
            Some(Type::Named(table)) => {
                let table = self.table(table);
                let fields = table.fields.iter();
                names.extend(fields.map(|field| (field.name.clone(), field.kind.clone())));
                if table.lists_entries() {
                    let section = Type::Named("Section".to_owned());
                    names.push(("sections".to_owned(), Type::List(Box::new(section))));
                }
            }
            Some(list) => names.push(("revisions".to_owned(), list.clone())),
            None => {}
        }
        names
    }
}

impl Table {
    /// Whether the page also has `sections`, the entries under their headings.
    pub(super) fn lists_entries(&self) -> bool {
        self.doc.contains("beside `sections`")
    }
}

/// The documentation above a line, as one paragraph.
fn doc_above(lines: &[&str]) -> String {
    let above = lines.iter().rev().map(|line| line.trim());
    let mut words: Vec<&str> = above
        .take_while(|line| line.starts_with("///") || line.starts_with("#["))
        .filter_map(|line| line.strip_prefix("///"))
        .map(str::trim)
        .collect();
    words.reverse();
    words.join(" ")
}

fn tables(text: &str) -> Vec<Table> {
    let lines: Vec<&str> = text.lines().collect();
    let mut tables: Vec<Table> = Vec::new();
    let mut inside = false;
    for (number, line) in lines.iter().enumerate() {
        if let Some(rest) = line.strip_prefix("pub(crate) struct ") {
            inside = true;
            tables.push(Table {
                name: rest.split([' ', '{']).next().unwrap().to_owned(),
                doc: doc_above(&lines[..number]),
                fields: Vec::new(),
            });
        } else if *line == "}" {
            inside = false;
        } else if let Some(rest) = line.trim().strip_prefix("pub(crate) ").filter(|_| inside) {
            let (name, kind) = rest.trim_end_matches(',').split_once(": ").unwrap();
            let table = tables.last_mut().unwrap();
            table.fields.push(field(
                table.name.as_str(),
                name,
                kind,
                doc_above(&lines[..number]),
            ));
        }
    }
    tables
}

fn field(table: &str, name: &str, kind: &str, doc: String) -> Field {
    // In the plan, a group names its entries by their numbers.
    if (table, name) == ("Group", "entries") {
        return Field {
            name: name.to_owned(),
            doc: "Its entries.".to_owned(),
            kind: Type::List(Box::new(Type::Named("EntryView".to_owned()))),
        };
    }
    Field {
        name: name.to_owned(),
        doc,
        kind: parse(kind),
    }
}

/// A type as Rust writes it.
fn parse(kind: &str) -> Type {
    let inside = |start: &str| kind.strip_prefix(start)?.strip_suffix('>');
    if let Some(inner) = inside("Option<") {
        return Type::Maybe(Box::new(parse(inner)));
    }
    if let Some(inner) = inside("Vec<") {
        return Type::List(Box::new(parse(inner)));
    }
    // How a value is shared or named in the plan is nothing to a template.
    let shared = ["Box<", "Arc<", "Ref<", "Cow<'static, "];
    if let Some(inner) = shared.into_iter().find_map(inside) {
        return parse(inner);
    }
    let pair = kind
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    if let Some((first, second)) = pair.and_then(|pair| pair.split_once(", ")) {
        return Type::Pair(Box::new(parse(first)), Box::new(parse(second)));
    }
    match kind {
        "Text" | "String" | "str" | "&'static str" | "EntryId" | "FeedName" => Type::Plain("text"),
        "SafeUrl" => Type::Plain("URL"),
        "Wayback" => Type::Plain("text"),
        "When" => Type::Named("DateView".to_owned()),
        "SafeHtml" => Type::Plain("HTML"),
        "bool" => Type::Plain("true or false"),
        "usize" | "u8" | "u16" | "u32" => Type::Plain("number"),
        _ => Type::Named(kind.to_owned()),
    }
}

/// The kinds of pages: the variants of `Matter`, and what its two functions say of each.
fn pages(text: &str) -> Vec<PageKind> {
    let part = |start: &str| {
        text.split(start)
            .nth(1)
            .unwrap()
            .split("\n    }\n")
            .next()
            .unwrap()
    };
    let said = |part: &str, variant: &str| -> String {
        let arms = part.lines().map(str::trim);
        let arm = arms.filter_map(|line| line.strip_prefix("Matter::"));
        let mut arms = arm.filter_map(|line| line.split_once(" => "));
        let found = arms.find(|(pattern, _)| pattern.split('(').next() == Some(variant));
        found.unwrap().1.trim_matches([',', '"']).to_owned()
    };
    let (kinds, templates) = (part("fn kind(&self)"), part("fn template(&self)"));
    let body = text
        .split("enum Matter {\n")
        .nth(1)
        .unwrap()
        .split("\n}")
        .next()
        .unwrap();
    let lines: Vec<&str> = body.lines().collect();
    let variants = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| !line.contains("///"));
    variants
        .map(|(number, line)| {
            let variant = line.trim().trim_end_matches(',');
            let (name, matter) = variant.split_once('(').unwrap_or((variant, ""));
            let matter = matter.trim_end_matches(')');
            let (entry, matter) = match matter.strip_prefix("usize, ") {
                Some(rest) => (true, rest),
                None => (false, matter),
            };
            PageKind {
                kind: said(kinds, name),
                template: said(templates, name),
                doc: doc_above(&lines[..number]),
                matter: (!matter.is_empty()).then(|| parse(matter)),
                entry,
            }
        })
        .collect()
}
