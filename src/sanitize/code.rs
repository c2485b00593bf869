//! Code: from the markup of four families of highlighters to lines of text in our own colours.
//!
//! 1. Gutters of line numbers go, the table that aligned them becomes its `pre`.
//! 2. Lines that were elements (`span.line`, table rows, `br`) become lines of text; what stands
//!    in a line stays to the byte, for indentation is meaning.
//! 3. Class names of Pygments, Rouge and Chroma (`kd`, `s2`), highlight.js (`hljs-string`), Prism
//!    (`token string`) and GitHub (`pl-s`) become those of [`CODE_CLASSES`](super::colours::CODE_CLASSES); other spans go.
//! 4. The language, wherever the highlighter wrote it, becomes `<code class="language-…">`.
//!
//! Short names such as `p` mean something in code only, so nothing is translated outside it.

use super::colours::class;
use super::tree::{Element, Node, extend, push, text_of};

/// Longest name of a language that is kept.
const LANGUAGE_LENGTH: usize = 24;
/// Classes of line numbers, and of what else stands in a gutter.
const GUTTERS: &[&str] = &[
    "lnt",
    "ln",
    "lineno",
    "linenos",
    "linenodiv",
    "gutter",
    "gl",
    "line-numbers-rows",
    "line-number",
    "linenumber",
    "hljs-ln-numbers",
    "hljs-ln-n",
    "rouge-gutter",
    "blob-num",
    "copy-button",
    "code-copy",
];
/// Classes of elements that hold one line.
const LINES: &[&str] = &[
    "line",
    "code-line",
    "token-line",
    "view-line",
    "cm-line",
    "CodeMirror-line",
];
/// Classes of tables that align code with line numbers.
const TABLES: &[&str] = &[
    "highlighttable",
    "rouge-table",
    "lntable",
    "hljs-ln",
    "codehilitetable",
];

/// Whether an element stands in a gutter.
pub(super) fn is_gutter(element: &Element<'_>) -> bool {
    element.classes().any(|class| GUTTERS.contains(&class))
}

/// Whether a table only aligns code with line numbers.
pub(super) fn is_table(table: &Element<'_>) -> bool {
    table.name() == "table"
        && (table.classes().any(|class| TABLES.contains(&class))
            || has_gutter_cell(&table.children))
}

fn has_gutter_cell(nodes: &[Node<'_>]) -> bool {
    nodes
        .iter()
        .filter_map(Node::as_element)
        .any(|element| match element.name() {
            "td" | "th" => is_gutter(element) || element.has_class("lntd"),
            "thead" | "tbody" | "tfoot" | "tr" => has_gutter_cell(&element.children),
            _ => false,
        })
}

/// The language that an element's class or data names.
pub(super) fn language(element: &Element<'_>) -> Option<String> {
    if element.attributes.is_empty() {
        return None;
    }
    let mut found = None;
    let mut classes = element.classes().peekable();
    while let Some(class) = classes.next() {
        let name = ["language-", "lang-", "highlight-source-", "highlight-text-"]
            .iter()
            .find_map(|prefix| class.strip_prefix(prefix));
        let brush = (class == "brush:")
            .then(|| classes.peek().copied())
            .flatten();
        let brush = brush.or_else(|| class.strip_prefix("brush:").filter(|name| !name.is_empty()));
        found = found.or(name).or(brush);
    }
    let named = found
        .or_else(|| element.attribute("data-lang"))
        .or_else(|| element.attribute("data-language"))
        .or_else(|| rouge_language(element));
    valid_language(named?)
}

/// `<pre class="highlight ruby">`
fn rouge_language<'e>(element: &'e Element<'_>) -> Option<&'e str> {
    let is_block = element.name() == "pre" && element.has_class("highlight");
    element
        .classes()
        .find(|class| is_block && !matches!(*class, "highlight" | "chroma" | "hljs"))
}

fn valid_language(raw: &str) -> Option<String> {
    let name = raw.trim_end_matches(';').to_ascii_lowercase();
    let valid = (1..=LANGUAGE_LENGTH).contains(&name.len())
        && name.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+#-".contains(&byte)
        });
    let plain = matches!(
        name.as_str(),
        "plaintext" | "text" | "none" | "plain" | "nohighlight"
    );
    (valid && !plain).then_some(name)
}

/// Whether an element's class says that code stands in it.
pub(super) fn is_highlighted(element: &Element<'_>) -> bool {
    element.classes().any(|class| {
        matches!(
            class,
            "highlight" | "chroma" | "hljs" | "codehilite" | "highlighter-rouge" | "sourceCode"
        ) || class.starts_with("highlight-source-")
    })
}

/// The inside of code, line by line, without gutters and without any element but links, marks and
/// our spans.
pub(super) fn inline<'a>(nodes: Vec<Node<'a>>) -> Vec<Node<'a>> {
    let mut pass = Lines {
        pending: false,
        ends_line: true,
        starts_line: false,
    };
    let mut out = Vec::new();
    pass.nodes(nodes, &mut out);
    out
}

/// The same for a block of code: without empty lines before and after.
pub(super) fn lines<'a>(nodes: Vec<Node<'a>>) -> Vec<Node<'a>> {
    let mut out = inline(nodes);
    trim_end(&mut out);
    trim_start(&mut out);
    out
}

struct Lines {
    /// A line element has ended, and its line has not.
    pending: bool,
    /// Whether the text so far ends with a newline.
    ends_line: bool,
    /// Whether nothing was written since a line element began.
    starts_line: bool,
}

impl Lines {
    fn nodes<'a>(&mut self, nodes: Vec<Node<'a>>, out: &mut Vec<Node<'a>>) {
        for node in nodes {
            match node {
                Node::Text(text) if text.is_empty() => {}
                Node::Text(text) => {
                    if self.pending && !text.starts_with('\n') {
                        push(out, Node::text("\n"));
                    }
                    self.pending = false;
                    self.starts_line = false;
                    self.ends_line = text.ends_with('\n');
                    push(out, Node::Text(text));
                }
                Node::Element(element) => self.element(element, out),
            }
        }
    }

    fn element<'a>(&mut self, mut element: Element<'a>, out: &mut Vec<Node<'a>>) {
        if is_gutter(&element) {
            return;
        }
        match element.name() {
            "br" => self.nodes(vec![Node::text("\n")], out),
            "a" | "em" | "strong" | "b" | "i" | "u" | "s" | "mark" | "del" | "ins" | "sub"
            | "sup" | "var" | "kbd" | "samp" | "abbr" => {
                let children = std::mem::take(&mut element.children);
                self.nodes(children, &mut element.children);
                out.push(Node::Element(element));
            }
            "img" => out.push(Node::Element(element)),
            _ if is_line(&element) => self.line(element, out),
            _ => self.span(element, out),
        }
    }

    fn line<'a>(&mut self, element: Element<'a>, out: &mut Vec<Node<'a>>) {
        if self.pending {
            push(out, Node::text("\n"));
            self.ends_line = true;
        }
        self.pending = false;
        self.starts_line = true;
        self.span(element, out);
        self.pending = self.starts_line || !self.ends_line;
        self.starts_line = false;
    }

    fn span<'a>(&mut self, mut element: Element<'a>, out: &mut Vec<Node<'a>>) {
        let children = std::mem::take(&mut element.children);
        let id = element.attribute("id").map(str::to_owned);
        let Some((class, mut span)) = class(&element).zip(Element::new("span")) else {
            if let Some((id, mut span)) = id.zip(Element::new("span")) {
                span.set("id", id);
                out.push(Node::Element(span));
            }
            return self.nodes(children, out);
        };
        span.set("class", class);
        if let Some(id) = id {
            span.set("id", id);
        }
        let mut inside = Vec::new();
        self.nodes(children, &mut inside);
        for node in inside {
            match node {
                // A colour inside the same colour says nothing.
                Node::Element(inner)
                    if inner.name() == "span" && inner.attributes == [("class", class.into())] =>
                {
                    extend(&mut span.children, inner.children);
                }
                node => push(&mut span.children, node),
            }
        }
        if !span.children.is_empty() {
            out.push(Node::Element(span));
        }
    }
}

fn is_line(element: &Element<'_>) -> bool {
    !element.is_inline() && !matches!(element.name(), "pre" | "td" | "th" | "tbody" | "table")
        || element.classes().any(|class| LINES.contains(&class))
}

/// Removes white space at the end; says whether anything is left.
fn trim_end(nodes: &mut Vec<Node<'_>>) -> bool {
    let mut left = false;
    for node in nodes.iter_mut().rev() {
        left = match node {
            Node::Text(text) => {
                let length = text
                    .trim_end_matches(|c: char| c.is_ascii_whitespace())
                    .len();
                text.to_mut().truncate(length);
                length > 0
            }
            Node::Element(element) => element.name() == "img" || trim_end(&mut element.children),
        };
        if left {
            break;
        }
    }
    remove_empty(nodes);
    left
}

/// Removes empty lines at the beginning, not the indentation of the first line that is one.
fn trim_start(nodes: &mut Vec<Node<'_>>) {
    let mut blank = String::new();
    leading_space(nodes, &mut blank);
    let mut length = blank.rfind('\n').map_or(0, |newline| newline + 1);
    cut_start(nodes, &mut length);
}

/// Gathers the white space before the first sign or image; says whether it met one.
fn leading_space(nodes: &[Node<'_>], out: &mut String) -> bool {
    nodes.iter().any(|node| match node {
        Node::Text(text) => {
            let rest = text.trim_start_matches(|c: char| c.is_ascii_whitespace());
            out.push_str(&text[..text.len() - rest.len()]);
            !rest.is_empty()
        }
        Node::Element(element) => element.name() == "img" || leading_space(&element.children, out),
    })
}

/// Removes so many bytes of text from the start.
fn cut_start(nodes: &mut Vec<Node<'_>>, length: &mut usize) {
    for node in nodes.iter_mut() {
        if *length == 0 {
            break;
        }
        match node {
            Node::Text(text) => {
                let cut = text.len().min(*length);
                text.to_mut().drain(..cut);
                *length -= cut;
            }
            Node::Element(element) => cut_start(&mut element.children, length),
        }
    }
    remove_empty(nodes);
}

/// Removes text and elements of which nothing is left, but for places to link to.
fn remove_empty(nodes: &mut Vec<Node<'_>>) {
    nodes.retain(|node| match node {
        Node::Text(text) => !text.is_empty(),
        Node::Element(element) => {
            !element.children.is_empty()
                || element.name() == "img"
                || element.attribute("id").is_some()
        }
    });
}

/// Whether there is any text in code.
pub(super) fn is_empty(nodes: &[Node<'_>]) -> bool {
    let mut text = String::new();
    text_of(nodes, &mut text);
    text.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sanitize::tree::{read, write};

    #[test]
    fn lines_that_were_elements_are_lines_of_text() {
        for (html, shown) in [
            (
                "<span class=\"line\">a</span><span class=\"line\"></span><span class=\"line\"> b</span>",
                "a\n\n b",
            ),
            (
                "<span class=\"line\">a</span>\n<span class=\"line\"></span>\n<span class=\"line\">b</span>",
                "a\n\nb",
            ),
            (
                "<span class=\"line\">a\n</span><span class=\"line\">b\n</span>",
                "a\nb",
            ),
            ("<div>a</div><div>b</div>", "a\nb"),
            ("\n\n  a<br>b \n", "  a\nb"),
            ("<span class=\"ln\">1</span>a", "a"),
            ("<span class=\"s\">\n</span>  a", "  a"),
        ] {
            let mut out = String::new();
            write(&lines(read(html)), &mut out);
            assert_eq!(out, shown, "{html}");
        }
    }

    #[test]
    fn a_language_is_found_wherever_highlighters_write_it() {
        for (html, found) in [
            ("<code class=\"language-rust\"></code>", Some("rust")),
            ("<code class=\"hljs lang-C++\"></code>", Some("c++")),
            (
                "<div class=\"highlight highlight-source-shell\"></div>",
                Some("shell"),
            ),
            (
                "<pre class=\"brush: php; gutter: true\"></pre>",
                Some("php"),
            ),
            ("<pre class=\"highlight ruby\"></pre>", Some("ruby")),
            ("<pre data-lang=\"toml\"></pre>", Some("toml")),
            ("<code class=\"language-plaintext\"></code>", None),
            ("<code class=\"language-&quot;onload\"></code>", None),
            ("<code class=\"highlight ruby\"></code>", None),
        ] {
            let nodes = read(html);
            let element = nodes[0].as_element().unwrap();
            assert_eq!(language(element).as_deref(), found, "{html}");
        }
    }
}
