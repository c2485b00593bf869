//! A stranger's HTML → the same HTML in small: only what [`policy`](super::policy) names, each
//! element closed, under caps of size, depth and number.
//!
//! An HTML parser is quadratic, or worse, on unclosed and misnested formatting, on deep nesting
//! and on endless attributes; html5ever behind ammonia is no exception. So nothing of that reaches
//! it: this pass is linear, and what it writes has at most
//! [`DEPTH`](super::policy::DEPTH) elements open, no formatting element inside itself, no comment,
//! no raw text, no foreign content. It is no sanitizer: what it lets through is filtered twice
//! behind it.

use memchr::{memchr, memchr2};

use super::census::Census;
use super::formula::{self, Formula};
use super::hidden::{Hidden, Look, look};
use super::open::Open;
use super::policy::{EVERYWHERE, Kept, Model, REFERENCES, SIZE, TAGS, element};
use super::references;
use super::style::UNSEEN;
use super::token::{Token, Tokens};
use super::treatment::{Treatment, treatment};
use super::widgets;

/// Longest value of an attribute that is read, in bytes: room for a `data:` image, no more.
const VALUE_LENGTH: usize = 64 * 1024;
/// HTML that a parser reads in linear time.
pub(super) struct Prepared {
    pub(super) html: String,
    /// Whether a cap was reached, and something was cut off or flattened.
    pub(super) flattened: bool,
    /// Whether something was left out because its page did not show it.
    pub(super) hid: bool,
}

/// What becomes of what its page did not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unseen {
    /// It goes.
    Goes,
    /// It stays: without it, nothing would be left.
    Stays,
}

/// Makes HTML small, closed and shallow.
pub(super) fn prepare(html: &str, unseen: Unseen) -> Prepared {
    let cut = html.floor_char_boundary(SIZE);
    let mut pass = Pass {
        out: String::with_capacity(cut.min(html.len())),
        open: Vec::new(),
        skipped: Vec::new(),
        census: Census::default(),
        unseen,
        hidden: 0,
        hush: 0,
        carriers: 0,
        places: Vec::new(),
        after_formula: false,
        hid: false,
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
        hid: pass.hid,
    }
}

pub(super) struct Pass<'a> {
    pub(super) out: String,
    /// The elements that are open.
    pub(super) open: Vec<Open<'a>>,
    /// Start tags that were not written and whose end tags must not be either: the name, and how
    /// many elements were open then.
    pub(super) skipped: Vec<(&'static str, Vec<usize>)>,
    pub(super) census: Census<'a>,
    unseen: Unseen,
    /// How many elements are open that were not seen.
    pub(super) hidden: usize,
    /// Why the text that follows is not seen, if it isn't: bits of [`style`](super::style).
    pub(super) hush: u8,
    /// How many elements are open under another name.
    pub(super) carriers: usize,
    /// Ids in the hidden element that links lead to.
    pub(super) places: Vec<&'a str>,
    /// Whether nothing was written since the last formula.
    pub(super) after_formula: bool,
    pub(super) hid: bool,
    tags: usize,
    references: usize,
    pub(super) flattened: bool,
}

impl<'a> Pass<'a> {
    /// Whether words are seen that stand here.
    fn shows(&mut self, text: &str) -> bool {
        if self.after_formula && self.hidden == 0 {
            self.after_formula = text.trim().is_empty();
        }
        if self.hush == 0 {
            return self.hidden == 0;
        }
        let blank = text.trim().is_empty();
        self.hid |= !blank;
        blank && self.hidden == 0
    }

    fn text(&mut self, text: &str) {
        if !self.shows(text) {
            return;
        }
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

    fn start(&mut self, name: &'a str, tokens: &mut Tokens<'a>) {
        self.tags += 1;
        let treatment = treatment(name);
        let look = match self.unseen {
            Unseen::Goes => look(name, tokens),
            Unseen::Stays => Look::default(),
        };
        let hidden = look.hidden != Hidden::No && self.is_hidden(look, tokens);
        if tokens.is_self_closing()
            && treatment.may_end_itself()
            && self.census.is_empty_element(name, tokens)
        {
            if !hidden {
                self.empty(treatment, tokens);
            }
            return;
        }
        if hidden {
            return self.hide(name, treatment, tokens);
        }
        let hush = (self.hush & !look.removes) | look.adds;
        match treatment {
            Treatment::Keep(kept) => self.keep(kept, hush, tokens),
            Treatment::Unwrap if self.nest(name) => {}
            Treatment::Unwrap if hush != self.hush => self.carry(name, hush),
            Treatment::Unwrap => {}
            Treatment::Drop { name, raw } => self.drop(name, raw, tokens),
            Treatment::Text(name, shown_in) => {
                let text = match tokens.skip_past_end(name) {
                    Some(text) => text,
                    None => tokens.skip_to_end(),
                };
                self.wrapped(shown_in, text);
            }
            Treatment::Frame {
                source,
                before,
                raw,
            } => {
                self.frame(source, before, tokens);
                // Without an end tag, what follows is the rest of the text.
                if raw {
                    tokens.skip_past_end("iframe");
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
                let alternative = tokens.attribute("alttext");
                if let Some(markup) = tokens.skip_past_end("math") {
                    self.formula(markup, alternative);
                }
            }
        }
    }

    /// Passes over an element with its content; of a script, the source of a formula stays.
    pub(super) fn drop(&mut self, name: &'static str, raw: bool, tokens: &mut Tokens<'a>) {
        let kind = tokens.attribute("type").filter(|_| name == "script");
        let content = tokens.skip_past_end(name);
        match (kind.and_then(formula::Source::of), content) {
            (Some(formula::Source::MathMl), Some(markup)) => self.formula(markup, None),
            (Some(formula::Source::Text), Some(source)) => {
                self.wrapped("code", formula::source(source));
            }
            // Code goes on to the end of the text; words do not have to.
            (_, None) if raw && matches!(name, "script" | "style") => {
                tokens.skip_to_end();
            }
            _ => {}
        }
    }

    fn formula(&mut self, markup: &str, alternative: Option<&str>) {
        match formula::read(markup, alternative) {
            Formula::Text(text) => self.plain(&text),
            Formula::Source(source) => self.wrapped("code", &source),
        }
        self.after_formula |= self.hidden == 0;
    }

    /// Writes text that holds no references.
    fn plain(&mut self, text: &str) {
        if !self.shows(text) {
            return;
        }
        for character in text.chars() {
            match character {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                _ => self.out.push(character),
            }
            self.references += usize::from(matches!(character, '&' | '<'));
        }
    }

    fn keep(&mut self, kept: &'static Kept, hush: u8, tokens: &Tokens<'a>) {
        if self.hidden > 0
            && let Some(id) = tokens.attribute("id").or_else(|| tokens.attribute("name"))
            && self.census.names(id, tokens)
        {
            self.places.push(id);
        }
        if is_void(kept) {
            self.close_paragraph(kept);
            if kept.name == "img" && hush & UNSEEN != 0 {
                self.hid = true;
                return;
            }
            self.after_formula &= kept.name != "img";
            self.write_start(kept, tokens);
            return;
        }
        if kept.name == "a" && tokens.attribute("href").is_none() {
            self.anchor(tokens);
        } else if self.open(kept) {
            self.write_start(kept, tokens);
            self.hush = hush;
        }
    }

    /// An `a` without `href` is a place to link to. Many are never closed, so it is closed here.
    fn anchor(&mut self, tokens: &Tokens<'_>) {
        let name = tokens.attribute("id").or_else(|| tokens.attribute("name"));
        if let Some(name) = name {
            self.place(name);
        }
        if !self.nest("a") {
            self.skip("a");
        }
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
    pub(super) fn frame(&mut self, source: &str, before: &str, tokens: &Tokens<'a>) {
        let Some((url, title)) = widgets::frame(source, before, tokens) else {
            return;
        };
        if self.hush & UNSEEN != 0 || widgets::is_pixel(tokens) {
            return;
        }
        self.out.push_str("<iframe");
        self.write_attribute("src", &url);
        if let Some(title) = title {
            self.write_attribute("title", title);
        }
        self.out.push_str("></iframe>");
    }

    fn write_name(&mut self, kept: &Kept) {
        self.out.push('<');
        self.out.push_str(kept.name);
    }

    pub(super) fn write_start(&mut self, kept: &Kept, tokens: &Tokens<'_>) {
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

    pub(super) fn write_attribute(&mut self, name: &str, value: &str) {
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

pub(super) fn is_void(kept: &Kept) -> bool {
    kept.model == Model::Void || kept.name == "hr"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sanitize::policy::DEPTH;

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
            assert_eq!(prepare(html, Unseen::Goes).html, small, "{html}");
        }
    }

    #[test]
    fn what_is_too_much_is_flattened_and_told() {
        let deep = format!("{}x{}y", "<div>".repeat(500), "</div>".repeat(500));
        let flat = prepare(&deep, Unseen::Goes);
        assert!(flat.flattened && flat.html.ends_with("</div>y"));
        assert_eq!(flat.html.matches("<div>").count(), DEPTH);
        for html in [
            "<br>".repeat(TAGS + 9),
            "&amp;".repeat(REFERENCES + 9),
            "ä".repeat(SIZE),
        ] {
            assert!(prepare(&html, Unseen::Goes).flattened);
        }
        assert!(!prepare(&"<p>".repeat(1000), Unseen::Goes).flattened);
    }
}
