//! A sanitized text → its beginning as one paragraph, where the owner may not republish the rest.
//!
//! Made from the excerpt, which is plain text, and written by the same writer as everything else.
//!
//! Invariants: no word, image, link or heading beyond the excerpt is left, neither in the HTML nor
//! in its facts, but for numbers: how many words the whole text has says nothing of them.

use crate::model::{Facts, Text};

use super::Sanitized;
use super::excerpt;
use super::tree::{self, Element, Node};

/// The beginning of a text. Of a text without words nothing is left.
pub(super) fn of(whole: Sanitized) -> Sanitized {
    let nodes: Vec<Node<'_>> = whole.facts.excerpt.iter().filter_map(paragraph).collect();
    let mut html = String::new();
    tree::write(&nodes, &mut html);
    let shown = excerpt::facts(&nodes);
    let excerpted = shown.words < whole.facts.words || whole.facts.image.is_some();
    Sanitized {
        html,
        facts: Facts {
            image: None,
            headings: Vec::new(),
            excerpted,
            ..whole.facts
        },
        flattened: whole.flattened,
    }
}

fn paragraph(text: &Text) -> Option<Node<'_>> {
    let mut paragraph = Element::new("p")?;
    paragraph.children.push(Node::text(text.as_str()));
    Some(Node::Element(paragraph))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Archive, Bodies, Entry, FeedName, RawBody, Revision, Role, Share};
    use crate::sanitize::tests::{settings, usual};
    use crate::sanitize::{sanitize_alone, sanitize_one};

    fn beginning(html: &str) -> Sanitized {
        of(sanitize_one(&usual(), html, None, Role::Text))
    }

    #[test]
    fn what_is_left_is_the_excerpt_as_one_paragraph() {
        let long = format!(
            "<h2 id=top>Heading</h2><p>Fish &amp; <b>chips</b> &lt;3</p>\
             <p><img src='https://x.org/i.png' alt=seaside><a href='https://x.org/'>{}</a>tail</p>",
            "word ".repeat(100)
        );
        let cut = beginning(&long);
        let html = cut.html.as_str();
        assert!(
            html.starts_with("<p>Fish &amp; chips &lt;3 word "),
            "{html}"
        );
        assert!(html.ends_with("word…</p>"), "{html}");
        for lost in ["tail", "Heading", "seaside", "x.org", "<b>", "<a", "<img"] {
            assert!(!html.contains(lost), "{lost}: {html}");
        }
        let facts = cut.facts;
        assert!(facts.excerpted && facts.words > 100);
        assert!(facts.image.is_none() && facts.headings.is_empty());
    }

    #[test]
    fn a_text_that_is_no_longer_than_its_excerpt_is_whole() {
        for (html, shown, excerpted) in [
            ("<p>Two <i>words</i></p>", "<p>Two words</p>", false),
            (
                "<p>Two words</p><pre>and more</pre>",
                "<p>Two words</p>",
                true,
            ),
            (
                "<p>Two words</p><img src='https://x.org/i.png' alt=''>",
                "<p>Two words</p>",
                true,
            ),
            ("<img src='https://x.org/i.png' alt='only this'>", "", true),
            ("", "", false),
        ] {
            let cut = beginning(html);
            assert_eq!(
                (cut.html.as_str(), cut.facts.excerpted),
                (shown, excerpted),
                "{html}"
            );
        }
    }

    #[test]
    fn it_is_html_as_sanitizing_writes_it() {
        let cut = beginning(&format!(
            "<p>{}</p>",
            "a &lt;b&gt; &amp;amp; \u{a0}\"c\" ".repeat(80)
        ));
        let again = sanitize_one(&usual(), &cut.html, None, Role::Text);
        assert_eq!(cut.html, again.html);
    }

    /// An entry with a text, a comment and an earlier text, shared through these feeds.
    fn shared(bodies: &Bodies, feeds: &[&str]) -> Entry<RawBody> {
        let long =
            |first: &str| format!("<h2>{first}</h2><p>{}</p><p>secret</p>", "word ".repeat(90));
        let raw = |html: &str, role| RawBody {
            html: bodies.store_raw(html),
            base: None,
            role,
        };
        let (text, earlier) = (
            raw(&long("Now"), Role::Text),
            raw(&long("Then"), Role::Aside),
        );
        let comment = raw("<p>My <b>words</b></p>", Role::Aside);
        let share = |feed: &&str| Share {
            feed: FeedName::new(feed),
            sharer: None,
            permalink: None,
            date: None,
            comment: Some(comment.clone()),
        };
        Entry {
            body: Some(text),
            shares: feeds.iter().map(share).collect(),
            notes: vec![comment.clone()],
            revisions: vec![Revision {
                body: earlier,
                title: None,
                first_seen: None,
            }],
            ..Entry::bare("a", "a")
        }
    }

    #[test]
    fn a_text_is_published_in_full_where_one_of_its_feeds_may() {
        let mine = "text = 'excerpt'\n[feeds.mine]\ntext = 'full'";
        let theirs = "[feeds.blurblog]\ntext = 'excerpt'";
        for (settings_of, feeds, full) in [
            ("", &["blurblog"][..], true),
            ("text = 'excerpt'", &["blurblog"], false),
            (mine, &["blurblog"], false),
            (mine, &["mine"], true),
            (mine, &["blurblog", "mine"], true),
            (theirs, &["blurblog"], false),
            (theirs, &["blurblog", "mine"], true),
        ] {
            let bodies = Bodies::default();
            let entries = vec![shared(&bodies, feeds).into()];
            let config = settings(settings_of);
            let archive = Archive {
                entries,
                coverage: Vec::new(),
            };
            let (archive, _) = sanitize_alone(archive, &bodies, &config);
            let entry = &archive.entries[0];
            let body = entry.body.as_ref().unwrap();
            let html = bodies.safe(body.html);
            let told = format!("{settings_of:?} {feeds:?}");
            assert_eq!(html.contains("secret"), full, "{told}");
            assert_eq!(body.facts.excerpted, !full, "{told}");
            assert_eq!(
                (body.facts.headings.len(), body.facts.words),
                (usize::from(full), 92),
                "{told}"
            );
            assert_eq!(entry.revisions.len(), usize::from(full), "{told}");
            // What people say of it is theirs to publish.
            assert_eq!(&*bodies.safe(entry.notes[0].html), "<p>My <b>words</b></p>");
            assert_eq!(entry.shares[0].comment, Some(entry.notes[0].clone()));
        }
    }
}
