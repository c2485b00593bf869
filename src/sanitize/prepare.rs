//! A stranger's HTML → the same HTML in small: only what [`policy`](super::policy) names, each
//! element closed, under caps of size, depth and number.
//!
//! An HTML parser is quadratic, or worse, on unclosed and misnested formatting, on deep nesting
//! and on endless attributes; html5ever behind ammonia is no exception. So nothing of that reaches
//! it: this pass is linear, and what it writes has at most
//! [`DEPTH`] elements open, no formatting element inside itself, no comment,
//! no raw text, no foreign content. It is no sanitizer: what it lets through is filtered twice
//! behind it.

use memchr::{memchr, memchr2};

use super::nesting::{CELLS, is_heading, is_table_part, optional_group};
use super::policy::{DEPTH, EVERYWHERE, Kept, Model, REFERENCES, SIZE, TAGS, element};
use super::references;
use super::token::{Token, Tokens};
use super::treatment::{Treatment, closes, treatment};
use super::widgets;

/// Longest value of an attribute that is read, in bytes: room for a `data:` image, no more.
const VALUE_LENGTH: usize = 64 * 1024;
/// HTML that a parser reads in linear time.
pub(super) struct Prepared {
    pub(super) html: String,
    /// Whether a cap was reached, and something was cut off or flattened.
    pub(super) flattened: bool,
}

/// Makes HTML small, closed and shallow.
pub(super) fn prepare(html: &str) -> Prepared {
    let cut = html.floor_char_boundary(SIZE);
    let mut pass = Pass {
        out: String::with_capacity(cut.min(html.len())),
        open: Vec::new(),
        skipped: Vec::new(),
        tags: 0,
        references: 0,
        flattened: cut < html.len(),
    };
    let mut tokens = Tokens::new(&html[..cut]);
    while let Some(token) = tokens.next() {
        match token {
            Token::Text(text) => pass.text(text),
            Token::End(name) => pass.end(name),
            Token::Start(name) => pass.start(name, &mut tokens),
        }
        if pass.tags > TAGS || pass.references > REFERENCES {
            pass.flattened = true;
            break;
        }
    }
    pass.close_to(0);
    Prepared {
        html: pass.out,
        flattened: pass.flattened,
    }
}

struct Pass {
    out: String,
    /// The elements that are open.
    open: Vec<&'static Kept>,
    /// Start tags that were not written and whose end tags must not be either: the name, and how
    /// many elements were open then.
    skipped: Vec<(&'static str, Vec<usize>)>,
    tags: usize,
    references: usize,
    flattened: bool,
}

impl Pass {
    fn text(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = memchr2(b'&', b'<', rest.as_bytes()) {
            self.out.push_str(&rest[..at]);
            rest = &rest[at..];
            let read = if rest.starts_with('<') {
                self.out.push_str("&lt;");
                1
            } else {
                self.reference(rest)
            };
            rest = &rest[read..];
        }
        self.out.push_str(rest);
    }

    /// Writes what may be a reference; returns how much of the text it was.
    fn reference(&mut self, text: &str) -> usize {
        self.references += 1;
        let (character, length) = references::plain(text).unwrap_or(('&', 1));
        self.out.push(character);
        length
    }

    fn start(&mut self, name: &str, tokens: &mut Tokens<'_>) {
        self.tags += 1;
        match treatment(name) {
            Treatment::Keep(kept) => self.keep(kept, tokens),
            Treatment::Unwrap => {}
            Treatment::Drop { name, raw } => {
                if tokens.skip_past_end(name).is_none() && raw {
                    tokens.skip_to_end();
                }
            }
            Treatment::Text(name, shown_in) => {
                let text = match tokens.skip_past_end(name) {
                    Some(text) => text,
                    None => tokens.skip_to_end(),
                };
                self.wrapped(shown_in, text);
            }
            Treatment::Frame { source, raw } => {
                if let Some((url, title)) = widgets::frame(source, tokens) {
                    self.frame(&url, title);
                }
                if raw && tokens.skip_past_end("iframe").is_none() {
                    tokens.skip_to_end();
                }
            }
            Treatment::Input => self.out.extend(widgets::input(tokens)),
            Treatment::Button => {
                if widgets::copies(tokens) {
                    tokens.skip_past_end("button");
                }
            }
            Treatment::Noscript => {
                if widgets::shows_again(&self.out, tokens) {
                    tokens.skip_past_end("noscript");
                }
            }
            Treatment::Math => {
                if let Some(formula) = tokens.skip_past_end("math") {
                    self.wrapped("code", &widgets::formula_text(formula));
                }
            }
        }
    }

    fn keep(&mut self, kept: &'static Kept, tokens: &Tokens<'_>) {
        if kept.model == Model::Void || kept.name == "hr" {
            self.close_paragraph(kept);
            self.write_start(kept, tokens);
            return;
        }
        if kept.name == "a" && tokens.attribute("href").is_none() {
            self.anchor(tokens);
        } else if self.open(kept) {
            self.write_start(kept, tokens);
        }
    }

    /// Opens an element; false if its tag must not be written.
    fn open(&mut self, kept: &'static Kept) -> bool {
        self.close_implied(kept);
        self.close_paragraph(kept);
        if kept.name == "a" {
            // A link ends where the next begins.
            self.forget_skipped("a");
            if let Some(at) = self.find_open("a") {
                self.close_to(at);
            }
        }
        let again = kept.model == Model::Formatting && self.find_open(kept.name).is_some();
        let deep = self.open.len() >= DEPTH;
        self.flattened |= deep;
        if again || deep {
            self.skip(kept.name);
            return false;
        }
        self.open.push(kept);
        true
    }

    /// An `a` without `href` is a place to link to. Many are never closed, so it is closed here.
    fn anchor(&mut self, tokens: &Tokens<'_>) {
        let name = tokens.attribute("id").or_else(|| tokens.attribute("name"));
        if let Some(name) = name {
            self.out.push_str("<span");
            self.write_attribute("id", name);
            self.out.push_str("></span>");
        }
        self.skip("a");
    }

    fn wrapped(&mut self, name: &'static str, text: &str) {
        let Some(kept) = element(name) else { return };
        let written = self.open(kept);
        if written {
            self.write_name(kept);
            self.out.push('>');
        }
        self.text(text);
        if written {
            self.end(name);
        } else {
            self.unskip(name, 0);
        }
    }

    /// An empty frame: what a parser would read as its text is gone.
    fn frame(&mut self, url: &str, title: Option<&str>) {
        self.out.push_str("<iframe");
        self.write_attribute("src", url);
        if let Some(title) = title {
            self.write_attribute("title", title);
        }
        self.out.push_str("></iframe>");
    }

    fn end(&mut self, name: &str) {
        let is_last = self.open.last().is_some_and(|open| open.name == name);
        if is_last && self.skipped.iter().all(|(skipped, _)| *skipped != name) {
            return self.close_to(self.open.len() - 1);
        }
        let Some(name) = closes(name) else { return };
        let at = self.find_open(name);
        if self.unskip(name, at.map_or(0, |at| at + 1)) {
            return;
        }
        if let Some(at) = at {
            self.close_to(at);
        }
    }

    /// The innermost open element that an end tag of this name closes.
    fn find_open(&self, name: &str) -> Option<usize> {
        for (at, open) in self.open.iter().enumerate().rev() {
            if open.name == name || (is_heading(name) && is_heading(open.name)) {
                return Some(at);
            }
            let in_list = name == "li" && matches!(open.name, "ul" | "ol");
            if in_list
                || (CELLS.contains(&open.name) && !is_table_part(name))
                || (open.name == "table")
            {
                return None;
            }
        }
        None
    }

    fn skip(&mut self, name: &'static str) {
        let depth = self.open.len();
        match self
            .skipped
            .iter_mut()
            .find(|(skipped, _)| *skipped == name)
        {
            Some((_, depths)) => depths.push(depth),
            None => self.skipped.push((name, vec![depth])),
        }
    }

    /// Whether an end tag belongs to a start tag that was skipped inside the element that is
    /// number `inside` of the open ones.
    fn unskip(&mut self, name: &str, inside: usize) -> bool {
        let now = self.open.len();
        let Some((_, depths)) = self
            .skipped
            .iter_mut()
            .find(|(skipped, _)| *skipped == name)
        else {
            return false;
        };
        // What was skipped inside an element that is closed by now says nothing any more.
        while depths.last().is_some_and(|depth| *depth > now) {
            depths.pop();
        }
        let belongs = depths.last().is_some_and(|depth| *depth >= inside);
        if belongs {
            depths.pop();
        }
        belongs
    }

    fn forget_skipped(&mut self, name: &str) {
        self.skipped.retain(|(skipped, _)| *skipped != name);
    }

    /// Closes what the start of this element ends without an end tag: an item the item before it.
    fn close_implied(&mut self, kept: &Kept) {
        let Some(group) = optional_group(kept.name) else {
            return;
        };
        for at in (0..self.open.len()).rev() {
            match optional_group(self.open[at].name) {
                None => return,
                Some(open) if open == group => return self.close_to(at),
                Some(_) => {}
            }
        }
    }

    /// A block ends the paragraph before it.
    fn close_paragraph(&mut self, kept: &Kept) {
        let is_block = matches!(kept.model, Model::Prose | Model::Block | Model::Frame);
        if is_block && self.open.last().is_some_and(|open| open.name == "p") {
            self.close_to(self.open.len() - 1);
        }
    }

    fn close_to(&mut self, length: usize) {
        while self.open.len() > length
            && let Some(kept) = self.open.pop()
        {
            self.out.push_str("</");
            self.out.push_str(kept.name);
            self.out.push('>');
        }
    }

    fn write_name(&mut self, kept: &Kept) {
        self.out.push('<');
        self.out.push_str(kept.name);
    }

    fn write_start(&mut self, kept: &Kept, tokens: &Tokens<'_>) {
        self.write_name(kept);
        if !tokens.has_attributes() {
            return self.out.push('>');
        }
        for name in EVERYWHERE.iter().chain(kept.reads) {
            if let Some(value) = tokens.attribute(name) {
                self.write_attribute(name, value);
            }
        }
        self.out.push('>');
    }

    fn write_attribute(&mut self, name: &str, value: &str) {
        if value.len() > VALUE_LENGTH {
            return;
        }
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        let mut rest = value;
        while let Some(at) = memchr(b'"', rest.as_bytes()) {
            self.out.push_str(&rest[..at]);
            self.out.push_str("&quot;");
            rest = &rest[at + 1..];
        }
        self.out.push_str(rest);
        self.out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_small_and_closed() {
        for (html, small) in [
            ("<p>one<p>two", "<p>one</p><p>two</p>"),
            (
                "<ul><li>a<li>b<ul><li>c</ul></ul>",
                "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>",
            ),
            ("<b><b>x</b>y</b>z", "<b>xy</b>z"),
            ("<b>x<p>y</b>z</p>", "<b>x<p>y</p></b>z"),
            ("<p><b><b>x</p><b>y</b>z", "<p><b>x</b></p><b>y</b>z"),
            (
                "<a href=1>x<a href=2>y</a>z",
                "<a href=\"1\">x</a><a href=\"2\">y</a>z",
            ),
            (
                "<a name=x>y<a href=2>z</a>!",
                "<span id=\"x\"></span>y<a href=\"2\">z</a>!",
            ),
            ("<TT STYLE=x>a</TT>", "<code>a</code>"),
            ("<script>a<b></script>b", "b"),
            ("<svg><p>x</svg>b<svg><i>c", "b<i>c</i>"),
            ("a<style>b", "a"),
            ("<xmp><b></xmp>", "<pre>&lt;b></pre>"),
            (
                "<div><table><tr><td></div>x",
                "<div><table><tr><td>x</td></tr></table></div>",
            ),
            ("</p></b>x", "x"),
            ("<h2>x</h3>y", "<h2>x</h2>y"),
            (
                "<iframe src=u>raw <b></iframe>x",
                "<iframe src=\"u\"></iframe>x",
            ),
            (
                "<object data=u><embed src=v></object>",
                "<iframe src=\"u\"></iframe><iframe src=\"v\"></iframe>",
            ),
            ("<input type=checkbox checked> done", "☑ done"),
            (
                "<button class=btn>Copy</button><button>More</button>",
                "More",
            ),
            (
                "<math><mi>x</mi><annotation encoding=t>x^2</annotation></math>",
                "<code>x^2</code>",
            ),
            ("1 < 2", "1 &lt; 2"),
        ] {
            assert_eq!(prepare(html).html, small, "{html}");
        }
    }

    #[test]
    fn what_is_too_much_is_flattened_and_told() {
        let deep = format!("{}x{}y", "<div>".repeat(500), "</div>".repeat(500));
        let flat = prepare(&deep);
        assert!(flat.flattened && flat.html.ends_with("</div>y"));
        assert_eq!(flat.html.matches("<div>").count(), DEPTH);
        for html in [
            "<br>".repeat(TAGS + 9),
            "&amp;".repeat(REFERENCES + 9),
            "ä".repeat(SIZE),
        ] {
            assert!(prepare(&html).flattened);
        }
        assert!(!prepare(&"<p>".repeat(1000)).flattened);
    }
}
