//! Expressions and conditions of a workflow, as far as ours has them. One that is not known here fails
//! the test.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::site::files;

/// Replaces `${{ … }}`.
pub(super) fn fill(text: &str, values: &BTreeMap<String, String>, workspace: &Path) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, from)) = rest.split_once("${{") {
        let (expression, after) = from.split_once("}}").unwrap();
        out.push_str(before);
        out.push_str(&value(expression.trim(), values, workspace));
        rest = after;
    }
    out + rest
}

fn value(expression: &str, values: &BTreeMap<String, String>, workspace: &Path) -> String {
    if expression == "hashFiles('site.toml', 'content/**', 'themes/**')" {
        let all = files(workspace).into_iter();
        let counts = |path: &String| {
            ["site.toml", "content/", "themes/"]
                .iter()
                .any(|it| path.starts_with(it))
        };
        let mut hasher = blake3::Hasher::new();
        for path in all.filter(counts) {
            hasher.update(&fs::read(workspace.join(path)).unwrap());
        }
        return hasher.finalize().to_hex().to_string();
    }
    let value = values.get(expression).cloned();
    value.unwrap_or_else(|| panic!("unknown expression: {expression}"))
}

/// Whether a condition holds; without one, if all went well so far.
pub(super) fn holds(
    condition: Option<&str>,
    good: bool,
    values: &BTreeMap<String, String>,
) -> bool {
    let Some(condition) = condition else {
        return good;
    };
    let inner = condition
        .strip_prefix("${{")
        .and_then(|it| it.strip_suffix("}}"));
    let terms: Vec<&str> = inner.unwrap().split("&&").map(str::trim).collect();
    let whatever = terms
        .iter()
        .any(|term| ["always()", "!cancelled()"].contains(term));
    let mut terms = terms.into_iter();
    (good || whatever)
        && terms.all(|term| {
            let compare = |operator: &str| {
                let (name, wanted) = term.split_once(operator)?;
                let value = values.get(name.trim());
                let value = value.unwrap_or_else(|| panic!("unknown: {term}"));
                Some(value == wanted.trim().trim_matches('\''))
            };
            match term {
                "always()" | "!cancelled()" => true,
                _ => compare("==").unwrap_or_else(|| !compare("!=").unwrap()),
            }
        })
}
