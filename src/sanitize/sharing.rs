//! What a later archive shares with the one before: the entries that are made of the same by the same
//! rules, wherever they stand.

use std::sync::Arc;

use super::tests::settings;
use super::{OwnPages, Rules, Safe, sanitize};
use crate::memo::Memo;
use crate::model::{Archive, Bodies, Entry, RawBody, Role, UrlStyle};

#[test]
fn an_entry_is_made_anew_if_something_of_it_or_a_rule_is_another() {
    let bodies = Bodies::default();
    let entry = |name: &str, html: &str| {
        Arc::new(Entry {
            body: Some(RawBody {
                html: bodies.store_raw(html),
                base: None,
                role: Role::Text,
            }),
            ..Entry::bare(name, name)
        })
    };
    let safe = |entries: &[Arc<Entry<RawBody>>], more: &str, before| {
        let archive = Archive {
            entries: entries.to_vec(),
            coverage: Vec::new(),
        };
        let own = OwnPages::new(std::iter::empty(), UrlStyle::Files);
        let rules = Rules::of(&settings(more), own);
        sanitize(archive, &bodies, &Memo::default(), rules, before)
    };
    let shared = |before: &Safe, at: usize, now: &Safe, then: usize| {
        Arc::ptr_eq(&before.archive.entries[at], &now.archive.entries[then])
    };
    let old = [entry("a", "<p>A</p>"), entry("b", "<p>B</p>")];
    let first = safe(&old, "", None);

    // One comes before, one is an equal value elsewhere, one says something else.
    let new = [
        entry("0", "x"),
        entry("a", "<p>A</p>"),
        entry("b", "<p>C</p>"),
    ];
    let second = safe(&new, "", Some(&first));
    assert!(shared(&first, 0, &second, 1) && !shared(&first, 1, &second, 2));
    let b = second.archive.entries[2].body.as_ref().unwrap();
    assert_eq!(&*bodies.safe(b.html), "<p>C</p>");

    let third = safe(&new, "text = 'excerpt'", Some(&second));
    assert!((0..3).all(|at| !shared(&second, at, &third, at)));
}
