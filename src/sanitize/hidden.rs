//! The attributes of a start tag → whether its page showed what is in it.
//!
//! Sanitizing takes styles away, and what they hid would be seen: the preview line of a newsletter,
//! words for screen readers, links that somebody smuggled into a blog. What the page's own scripts
//! show after a click, or when the reader scrolls there, is none of that and stays.
//!
//! Where a style sheet hides something, only the names that many sites share tell.

use memchr::memmem;

use super::decode::decode;
use super::style;
use super::token::Tokens;

/// Classes that style sheets use for text that is not seen.
const CLASSES: &[&str] = &[
    "a11y-hidden",
    "assistive-text",
    "element-invisible",
    "hidden-visually",
    "invisible-text",
    "mcnPreviewText",
    "offscreen",
    "preheader",
    "preheader-text",
    "preview-text",
    "screen-reader",
    "screen-reader-only",
    "screen-reader-text",
    "screenreader-only",
    "screenreader-text",
    "show-for-sr",
    "sr-only",
    "sr-only-focusable",
    "u-visually-hidden",
    "visually-hidden",
    "visually-hidden-focusable",
    "visuallyhidden",
];
/// Classes of icons that are written as a word, and drawn by a font.
const LIGATURES: [&str; 4] = [
    "google-symbols",
    "material-icons",
    "material-symbols",
    "mat-icon",
];
/// Classes of formulas that MathJax 2 has drawn, or holds a place for.
const DRAWN: [&str; 6] = [
    "MathJax",
    "MathJax_CHTML",
    "MathJax_Display",
    "MathJax_Preview",
    "MathJax_SVG",
    "mjx-chtml",
];
/// The shortest of these names.
const SHORTEST: usize = 7;
/// Attributes of elements that a script shows when the reader scrolls to them.
const APPEARS: [&str; 4] = [
    "data-aos",
    "data-framer-appear-id",
    "data-motion",
    "data-w-id",
];
/// Elements that show a picture, or that lead to a film.
const PICTURES: [&str; 9] = [
    "amp-anim", "amp-img", "audio", "embed", "iframe", "img", "object", "source", "video",
];
/// Elements that have no end tag, and no part in what is shown.
const WITHOUT_END: [&str; 12] = [
    "area", "base", "basefont", "bgsound", "col", "frame", "keygen", "link", "meta", "param",
    "track", "frameset",
];
/// The page itself: whatever hides it, it was read.
const PAGE: [&str; 3] = ["body", "head", "html"];

/// Why something was not seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Hidden {
    /// It was.
    #[default]
    No,
    /// An attribute hid it, and perhaps a click shows it.
    Yes,
    /// It is there for screen readers, or for a font.
    Always,
    /// It draws the formula that has just been read.
    FormulaBefore,
    /// It draws the formula that is read next.
    FormulaAfter,
    /// It draws the formula whose source is read next.
    SourceAfter,
}

/// What the attributes of a tag say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) hidden: Hidden,
    /// As in [`style::Effect`].
    pub(super) adds: u8,
    /// As in [`style::Effect`].
    pub(super) removes: u8,
}

/// How an element looked whose start tag was read last.
pub(super) fn look(name: &str, tokens: &Tokens<'_>) -> Look {
    let is = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    if !tokens.has_attributes() {
        let hidden = if is(&["dialog"]) {
            Hidden::Yes
        } else {
            Hidden::No
        };
        return Look {
            hidden,
            ..Look::default()
        };
    }
    let mut found = Found::default();
    for (attribute, value) in tokens.all_attributes() {
        found.read(name, attribute, value);
    }
    if found == Found::default() && !is(&["dialog"]) {
        return Look::default();
    }
    if is(&PAGE) || is(&WITHOUT_END) || found.is_formula {
        return Look::default();
    }
    let picture = is(&PICTURES);
    let closed = is(&["dialog"]) && !found.open;
    let mut hides = found.style.hides || ((found.hidden || closed) && !found.style.displays);
    let mut adds = found.style.adds;
    if picture {
        // A picture that is not seen counts readers, unless a script is to load it.
        hides = (hides || adds & style::UNSEEN != 0) && !found.lazy;
        adds = 0;
    }
    if found.appears {
        adds &= !(style::AWAY | style::UNSEEN);
    }
    let drawn =
        is(&["nobr", "mjx-math", "mjx-container", "svg"]) || found.class == Hidden::SourceAfter;
    let hidden = match found.class {
        Hidden::Always => Hidden::Always,
        _ if hides => Hidden::Yes,
        Hidden::No if found.silent && drawn => Hidden::FormulaAfter,
        Hidden::No if found.silent => Hidden::FormulaBefore,
        class => class,
    };
    Look {
        hidden,
        adds,
        removes: found.style.removes,
    }
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    style: style::Effect,
    class: Hidden,
    /// A `hidden` attribute.
    hidden: bool,
    /// An `open` attribute.
    open: bool,
    /// An `aria-hidden` attribute: seen, but not read aloud.
    silent: bool,
    /// It waits for a script to show it.
    appears: bool,
    /// A picture that waits for a script to load it.
    lazy: bool,
    /// A formula that stands beside its picture.
    is_formula: bool,
}

impl Found {
    fn read(&mut self, element: &str, name: &str, value: &str) {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        match name.len() {
            4 if is("open") => self.open = true,
            5 if is("style") => {
                let button = element.eq_ignore_ascii_case("a");
                self.style = style::effect(&decode(value), button);
            }
            5 if is("class") && value.len() >= 4 => self.class(value),
            6 if is("hidden") => {
                self.hidden = !value.trim().eq_ignore_ascii_case("until-found");
            }
            7 if is("popover") => self.hidden = true,
            11 if is("aria-hidden") => {
                self.silent = value.trim().eq_ignore_ascii_case("true");
            }
            _ if name.len() > 5 && name.as_bytes()[..5].eq_ignore_ascii_case(b"data-") => {
                self.appears |= APPEARS.iter().any(|known| is(known));
                self.lazy |= memmem::find(name.as_bytes(), b"src").is_some();
            }
            _ => {}
        }
    }

    fn class(&mut self, value: &str) {
        for class in value.split_ascii_whitespace() {
            match class.len() {
                3 if class == "wow" => self.appears = true,
                4 if class == "lazy" => self.lazy = true,
                SHORTEST.. => self.long_class(class),
                _ => {}
            }
        }
    }

    fn long_class(&mut self, class: &str) {
        let ligature = LIGATURES.iter().any(|known| class.starts_with(known));
        if ligature || CLASSES.contains(&class) {
            self.class = Hidden::Always;
        } else if class == "katex-html" || class.starts_with("mwe-math-fallback-image") {
            self.class = Hidden::FormulaBefore;
        } else if DRAWN.contains(&class) {
            self.class = Hidden::SourceAfter;
        }
        self.is_formula |= class.starts_with("mwe-math-mathml");
        self.appears |= matches!(class, "aos-init" | "elementor-invisible");
        self.lazy |= class.starts_with("lazyload");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sanitize::token::Token;

    /// How the first tag of a text looks.
    fn look_of(html: &str) -> Look {
        let mut tokens = Tokens::new(html);
        let Some(Token::Start(name)) = tokens.next() else {
            panic!("a tag")
        };
        look(name, &tokens)
    }

    #[test]
    fn what_was_not_seen_is_told_from_what_waits() {
        for html in [
            "<p hidden>",
            "<p HIDDEN=''>",
            "<p style='display&#58;none'>",
            "<dialog>",
            "<dialog class=x>",
            "<div popover>",
            "<img style='display:none'>",
            "<img style='visibility:hidden'>",
        ] {
            assert_eq!(look_of(html).hidden, Hidden::Yes, "{html}");
        }
        for html in [
            "<span class='a sr-only b'>",
            "<span class=screen-reader-text>",
            "<i class='material-icons md-18'>",
        ] {
            assert_eq!(look_of(html).hidden, Hidden::Always, "{html}");
        }
        for html in [
            "<p>",
            "<p hidden=until-found>",
            "<p hidden style='display:block'>",
            "<p aria-hidden=false>",
            "<body style='display:none'>",
            "<col hidden>",
            "<dialog open>",
            "<details>",
            "<p class='preheaders sr'>",
            "<img style='opacity:0'>",
            "<img style='display:none' data-cfsrc=a.png>",
            "<img class=lazyload style='visibility:hidden'>",
            "<div data-aos=fade-up style='opacity:0'>",
            "<div class='wow x' style='visibility:hidden'>",
            "<span class='mwe-math-mathml-inline' style='display:none'>",
        ] {
            assert_eq!(look_of(html), Look::default(), "{html}");
        }
    }

    #[test]
    fn what_draws_a_formula_is_hidden_beside_it_alone() {
        for (html, hidden) in [
            (
                "<span class=katex-html aria-hidden=true>",
                Hidden::FormulaBefore,
            ),
            ("<span aria-hidden=true>", Hidden::FormulaBefore),
            ("<nobr aria-hidden=true>", Hidden::FormulaAfter),
            (
                "<mjx-math class=MJX-TEX aria-hidden=true>",
                Hidden::FormulaAfter,
            ),
            ("<span class=MathJax_Preview>", Hidden::SourceAfter),
        ] {
            assert_eq!(look_of(html).hidden, hidden, "{html}");
        }
    }
}
