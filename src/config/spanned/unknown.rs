//! Keys that nobody asked for, and keys that are missing → one problem for each cause.
//!
//! A misspelt key is two things at once: unknown, and missing under its right name. So is a key in
//! the wrong table. They are settled when the whole file was read, because only then is it known
//! what each table was asked for.

use std::ops::Range;

use super::Document;
use crate::config::suggest;
use crate::diag::{Code, Diagnostic, Place};

/// What a table was asked for.
#[derive(Debug)]
pub(super) struct Asked {
    /// The table's name; empty for the root.
    pub(super) table: String,
    pub(super) keys: Vec<&'static str>,
}

/// A key that must be there and is not.
#[derive(Debug)]
pub(super) struct Missing {
    /// Its full name.
    pub(super) path: String,
    pub(super) problem: Diagnostic,
}

/// A key that its table was not asked for.
#[derive(Debug)]
pub(super) struct Unknown {
    pub(super) table: String,
    pub(super) key: String,
    pub(super) span: Range<usize>,
    /// What its table was asked for.
    pub(super) known: Vec<&'static str>,
}

/// The problems of a file that was read as a whole.
pub(super) fn settle(document: &Document<'_>) -> Vec<Diagnostic> {
    let asked = document.asked.take();
    let missing = document.missing.take();
    let unknown = document.unknown.take();
    // The full names of what is there, but wrong.
    let mut explained = document.mistyped.take();
    let mut problems = Vec::new();
    for one in &unknown {
        let meant = one.meant(&asked, &missing);
        let hint = match &meant {
            Some(Meant::Key(key)) => format!("did you mean `{key}`?"),
            Some(Meant::Table(table, key)) => format!("`{key}` belongs under `[{table}]`"),
            None if one.known.is_empty() => "no key is known here".to_owned(),
            None => format!("known here: {}", suggest::list(one.known.iter().copied())),
        };
        explained.extend(match meant {
            Some(Meant::Key(key)) => Some(join(&one.table, key)),
            Some(Meant::Table(table, key)) => Some(join(&table, key)),
            None => None,
        });
        let message = format!("unknown key: `{}`", join(&one.table, &one.key));
        let place = Place::span(document.file, document.text, one.span.clone());
        let problem = Diagnostic::error(Code::ConfigUnknownKey, message);
        problems.push(problem.at(place).hint(hint));
    }
    let is_explained = |path: &str| {
        let is_below = |name: &String| {
            path.strip_prefix(name.as_str())
                .is_some_and(|rest| rest.starts_with('.'))
        };
        explained.iter().any(|name| name == path || is_below(name))
    };
    let missing = missing.into_iter().filter(|one| !is_explained(&one.path));
    problems.extend(missing.map(|one| one.problem));
    problems
}

/// What an unknown key was probably meant to be.
enum Meant {
    /// Another key of the same table.
    Key(&'static str),
    /// This key of another table.
    Table(String, &'static str),
}

impl Unknown {
    fn meant(&self, asked: &[Asked], missing: &[Missing]) -> Option<Meant> {
        let elsewhere = || {
            let others = asked.iter().filter(|other| other.table != self.table);
            others.filter_map(|other| {
                let key = other.keys.iter().find(|key| **key == self.key)?;
                Some((other.table.clone(), *key))
            })
        };
        let is_missing = |(table, key): &(String, &'static str)| {
            let path = join(table, key);
            missing.iter().any(|one| one.path == path)
        };
        if let Some((table, key)) = elsewhere()
            .find(is_missing)
            .filter(|(table, _)| !table.is_empty())
        {
            return Some(Meant::Table(table, key));
        }
        if let Some(key) = suggest::key(&self.key, &self.known) {
            return Some(Meant::Key(key));
        }
        let mut tables = elsewhere().filter(|(table, _)| !table.is_empty());
        let (table, key) = tables.next()?;
        // Where several tables know it, nobody can say which was meant.
        tables.next().is_none().then_some(Meant::Table(table, key))
    }
}

fn join(table: &str, key: &str) -> String {
    match table {
        "" => key.to_owned(),
        table => format!("{table}.{key}"),
    }
}
