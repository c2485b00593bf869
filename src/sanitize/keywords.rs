//! A finished body → the words that characterize it, so that planning can relate entries without
//! reading their texts.
//!
//! Blocks of code are left out: the names in them are the language's, or nobody's. Code within a
//! sentence is a word of it.

use crate::model::{KEYWORDS_READ, Keywords};

use super::tree::Node;

/// The keywords of a body.
pub(super) fn keywords(nodes: &[Node<'_>]) -> Keywords {
    let mut text = String::new();
    collect(nodes, &mut text);
    Keywords::of(&text)
}

/// The beginning of the text, with words of different blocks apart.
fn collect(nodes: &[Node<'_>], out: &mut String) {
    for node in nodes {
        if out.len() >= KEYWORDS_READ {
            return;
        }
        match node {
            Node::Text(text) => out.push_str(&text[..text.floor_char_boundary(KEYWORDS_READ)]),
            Node::Element(element) if element.name() == "pre" => out.push(' '),
            Node::Element(element) => {
                if !element.is_inline() || element.name() == "br" {
                    out.push(' ');
                }
                collect(&element.children, out);
                if !element.is_inline() {
                    out.push(' ');
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sanitize::tree::read;

    #[test]
    fn words_are_those_of_sentences_across_inline_elements() {
        let same = Keywords::of("gleaning archives cargo");
        for html in [
            "<p>glean<b>ing</b> archives</p><p><code>cargo</code></p>",
            "gleaning<br>archives<pre>let x = 1;</pre>cargo",
            "<ul><li>gleaning</li><li>archives</li></ul>cargo",
        ] {
            let found = keywords(&read(html));
            assert_eq!(found.words, same.words, "{html}");
            assert_eq!(found.read, 3, "{html}");
        }
        assert_eq!(keywords(&read("<pre>let x = 1;</pre>")).read, 0);
    }

    #[test]
    fn a_long_text_is_not_read_to_its_end() {
        let long = format!("<p>{}</p><p>end</p>", "word ".repeat(10_000));
        assert!(keywords(&read(&long)).read < 1_000);
    }
}
