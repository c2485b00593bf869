//! Related entries through the whole program, with a theme that shows nothing else.

use crate::build::atom;
use crate::site::{Built, Site};

const ENTRY: &str = "{% for one in related %}related: {{ one.href }} ({{ one.title }}, {{ one.source }}, \
    {{ one.date.day }})\n{% endfor %}{% for one in later %}later: {{ one.href }}\n{% endfor %}";

/// An entry of its own source on this day.
fn entry(name: &str, day: &str, tag: &str, text: &str) -> String {
    format!(
        "<entry><title>{name}</title><id>https://{name}.example/</id><link href=\"https://{name}.example/\"/>\
         <published>{day}T12:00:00Z</published><category term=\"{tag}\"/>\
         <content type=\"text\">{text}</content></entry>"
    )
}

fn page_of(built: &Built, name: &str) -> String {
    let path = path_of(built, name);
    built.page(&path)
}

fn path_of(built: &Built, name: &str) -> String {
    let start = format!("/{name}-");
    let mut paths = built.tree().into_keys();
    paths.find(|path| path.contains(&start)).unwrap()
}

#[test]
fn a_new_entry_changes_its_neighbour_and_those_that_it_chose() {
    let old = [
        entry(
            "harbour",
            "2025-01-01",
            "lichen",
            "Lichen on the quay wall.",
        ),
        entry("window", "2025-01-02", "baking", "Bread and sourdough."),
        entry("garden", "2025-01-03", "lichen", ""),
        entry(
            "bridge",
            "2025-01-04",
            "trains",
            "A night train with sleeping cars.",
        ),
        entry("meadow", "2025-01-05", "hares", "Hares at dawn."),
    ];
    let site = Site::new()
        .file("themes/gleaner/templates/entry.html", ENTRY)
        .file(
            "content/snapshots/feed/2025-02-01T00-00-00Z.xml",
            atom(&old),
        );
    let before = site.build().clean();
    // Related by a tag alone, without a text; and the older one knows the newer.
    assert!(page_of(&before, "garden").contains("(harbour, harbour.example, 2025-01-01)"));
    assert!(
        page_of(&before, "harbour").contains(&format!("later: {}", path_of(&before, "garden")))
    );
    assert_eq!(page_of(&before, "meadow"), "");

    let new = entry("window-sill", "2025-02-02", "lichen", "Lichen in a pot.");
    let after = site
        .file(
            "content/snapshots/feed/2025-02-03T00-00-00Z.xml",
            atom(&[new]),
        )
        .build()
        .clean();
    let wrote = after.wrote();
    let wrote: Vec<&str> = wrote
        .into_iter()
        .filter(|path| path.starts_with("2025/") && path.contains('-'))
        .collect();
    let chosen = ["garden", "harbour", "window-sill"].map(|name| path_of(&after, name));
    assert_eq!(wrote, chosen.each_ref().map(String::as_str));
}
