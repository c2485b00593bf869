//! What happens to entries over the years, told one story at a time.

mod coverage;
mod dates;
mod fields;
mod places;

use super::worlds::Item;

/// What most stories begin with.
const A: Item = Item {
    guid: "https://example.org/a",
    link: "https://example.org/a",
    title: "Old title",
    published: "08-01",
    updated: "",
    content: "<p>The text</p>",
    summary: "",
    tags: &[],
    author: "",
    sharer: "",
    comment: "",
    source: "",
    language: "",
};
