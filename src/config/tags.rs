//! `[tags]`: aliases and hidden tags, as keys that merging can look up.
//!
//! Invariant: following an alias once is enough. An alias of an alias is refused, rather than
//! followed, because its owner did not see it; an alias of itself says how a tag is written.

use std::collections::BTreeMap;
use std::ops::Range;

use super::TagsConfig;
use super::spanned::{Said, Table};
use crate::diag::{Code, Diagnostic};
use crate::model::{Text, tag_key};

#[derive(Debug)]
struct Alias {
    target: Text,
    /// The key of `target`.
    target_key: String,
    span: Range<usize>,
}

/// Reads `[tags]`.
pub(crate) fn read(table: &Table<'_>) -> TagsConfig {
    let mut config = TagsConfig::default();
    for said in table.strings("hidden") {
        config.hidden.extend(key(table, &said));
    }
    let aliases = aliases(&table.table("aliases"));
    for (key, alias) in &aliases {
        check(table, &aliases, key, alias);
        if config.hidden.contains(key) && *key != alias.target_key {
            let message = format!("`{key}` is hidden, and an alias of `{}`", alias.target);
            conflict(table, &alias.span, message, "keep one of the two");
        }
    }
    config.aliases = aliases
        .into_iter()
        .map(|(key, alias)| (key, alias.target))
        .collect();
    config
}

fn aliases(table: &Table<'_>) -> BTreeMap<String, Alias> {
    let mut aliases: BTreeMap<String, Alias> = BTreeMap::new();
    for (name, said) in table.strings_by_key() {
        let (Some(from), Some(target_key)) = (key(table, &name), key(table, &said)) else {
            continue;
        };
        let Some(target) = Text::new(said.value) else {
            continue;
        };
        let span = name.span.clone();
        let alias = Alias {
            target,
            target_key,
            span,
        };
        if aliases.insert(from, alias).is_some() {
            let message = format!("the same tag is an alias twice: {}", name.value);
            conflict(table, &name.span, message, "keep one of the two");
        }
    }
    aliases
}

fn key(table: &Table<'_>, said: &Said<&str>) -> Option<String> {
    let key = tag_key(said.value);
    if key.is_empty() || Text::new(said.value).is_none() {
        let message = format!("no name of a tag: `{}`", said.value);
        table.invalid(&said.span, message, None);
        return None;
    }
    Some(key)
}

fn check(table: &Table<'_>, aliases: &BTreeMap<String, Alias>, key: &str, alias: &Alias) {
    let Some(next) = aliases.get(&alias.target_key) else {
        return;
    };
    if next.target_key == alias.target_key {
        return;
    }
    if next.target_key == key {
        let message = format!(
            "`{key}` and `{}` are aliases of each other",
            alias.target_key
        );
        conflict(table, &alias.span, message, "keep one of the two");
    } else {
        let message = format!("`{key}` is an alias of an alias: {}", alias.target);
        let hint = format!("name the last one: `{}`", next.target);
        conflict(table, &alias.span, message, &hint);
    }
}

fn conflict(table: &Table<'_>, span: &Range<usize>, message: String, hint: &str) {
    let problem = Diagnostic::error(Code::ConfigConflict, message);
    table.report(problem.at(table.place(span)).hint(hint));
}
