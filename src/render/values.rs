//! Views as template values: made when the first page shows them, shared by every page that does.
//!
//! By hand rather than by serialization, because HTML must be marked as safe where it is HTML, and
//! only there. Cloning a value is cheap: maps and lists are shared.

use std::sync::{Arc, OnceLock};

use serde::Serialize;
use tera::{Map, Value};

use crate::model::{Bodies, SafeHtml};
use crate::plan::{EntryLink, EntryView, Group, Link, Ref, RevisionView, Section, ShareView};

fn map<const N: usize>(fields: [(&'static str, Value); N]) -> Value {
    fields
        .into_iter()
        .map(|(name, value)| (name.into(), value))
        .collect::<Map>()
        .into()
}

fn value<T: Serialize + ?Sized>(view: &T) -> Value {
    Value::from_serializable(view)
}

fn html(handle: SafeHtml, bodies: &Bodies) -> Value {
    bodies.with_safe(handle, Value::safe_string)
}

/// The entries of a plan. An entry that no page shows is never made into a value.
pub(super) struct Entries<'a> {
    views: &'a [Arc<EntryView>],
    bodies: &'a Bodies,
    values: Vec<OnceLock<Value>>,
    links: Vec<OnceLock<Value>>,
}

impl<'a> Entries<'a> {
    pub(super) fn new(views: &'a [Arc<EntryView>], bodies: &'a Bodies) -> Self {
        Entries {
            views,
            bodies,
            values: views.iter().map(|_| OnceLock::new()).collect(),
            links: views.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// The entry at this place of the plan.
    pub(super) fn value(&self, index: usize) -> Value {
        let make = || entry_value(&self.views[index], self.bodies);
        self.values[index].get_or_init(make).clone()
    }

    /// Entries as the page of another names them.
    pub(super) fn links(&self, entries: &[Ref<EntryLink>]) -> Value {
        let link = |entry: &Ref<EntryLink>| {
            let make = || value(&EntryLink::of(&self.views[entry.index()]));
            self.links[entry.index()].get_or_init(make).clone()
        };
        Value::from(entries.iter().map(link).collect::<Vec<Value>>())
    }

    /// The entry beside another, if there is one.
    pub(super) fn neighbour(&self, entry: Option<&Ref<Link>>) -> Value {
        let link = |entry: &Ref<Link>| {
            let view = &self.views[entry.index()];
            map([("title", value(&view.title)), ("href", value(&*view.href))])
        };
        entry.map_or_else(Value::none, link)
    }
}

fn entry_value(entry: &EntryView, bodies: &Bodies) -> Value {
    let shares: Vec<Value> = entry
        .shares
        .iter()
        .map(|share| share_value(share, bodies))
        .collect();
    let notes: Vec<Value> = entry.notes.iter().map(|note| html(*note, bodies)).collect();
    map([
        ("id", value(&entry.id.short())),
        ("title", value(&entry.title)),
        ("titled", value(&entry.titled)),
        ("href", value(&entry.href)),
        ("link", value(&entry.link)),
        ("host", value(&entry.host)),
        ("date", value(&entry.date)),
        ("updated", value(&entry.updated)),
        ("authors", value(&entry.authors)),
        ("source", value(&entry.source)),
        ("hue", value(&entry.hue)),
        ("tags", value(&entry.tags)),
        ("shares", Value::from(shares)),
        ("sharers", value(&entry.sharers)),
        ("notes", Value::from(notes)),
        ("excerpt", value(&entry.excerpt)),
        ("words", value(&entry.words)),
        ("minutes", value(&entry.minutes)),
        ("language", value(&entry.language)),
        ("direction", value(&entry.direction)),
        ("foreign", value(&entry.foreign)),
    ])
}

fn share_value(share: &ShareView, bodies: &Bodies) -> Value {
    map([
        ("feed", value(share.feed.as_str())),
        ("sharer", value(&share.sharer)),
        ("permalink", value(&share.permalink)),
        ("date", value(&share.date)),
        (
            "comment",
            share
                .comment
                .map_or_else(Value::none, |comment| html(comment, bodies)),
        ),
    ])
}

/// Sections with the entries that they name.
pub(super) fn sections(sections: &[Section], entries: &Entries) -> Value {
    let section = |section: &Section| {
        map([
            ("heading", value(&section.heading)),
            ("groups", groups(&section.groups, entries)),
        ])
    };
    Value::from(sections.iter().map(section).collect::<Vec<Value>>())
}

fn groups(groups: &[Group], entries: &Entries) -> Value {
    let group = |group: &Group| {
        let entries: Vec<Value> = group
            .entries
            .iter()
            .map(|index| entries.value(*index))
            .collect();
        map([
            ("title", value(&group.title)),
            ("day", value(&group.day)),
            ("entries", Value::from(entries)),
        ])
    };
    Value::from(groups.iter().map(group).collect::<Vec<Value>>())
}

/// The earlier versions of a text.
pub(super) fn revisions(revisions: &[RevisionView], bodies: &Bodies) -> Value {
    let revision = |revision: &RevisionView| {
        map([
            ("title", value(&revision.title)),
            ("first_seen", value(&revision.first_seen)),
            ("body", html(revision.body, bodies)),
        ])
    };
    Value::from(revisions.iter().map(revision).collect::<Vec<Value>>())
}
