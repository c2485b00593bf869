//! The value of a `style` attribute → the declarations that count, and what they do to the text.
//!
//! Only what hides a text is understood. Everything else about a style is dropped with it, so a
//! mistake here shows or hides words, and can do nothing else.

use super::css::{canonical, colour, declarations, number, pixels, split};

/// Text too small to see.
pub(super) const SMALL: u8 = 1;
/// Text and pictures that keep their place but are not drawn.
pub(super) const UNSEEN: u8 = 2;
/// Text in the colour of its background.
pub(super) const FAINT: u8 = 4;
/// Text that is transparent as a whole, or moved out of its box.
pub(super) const AWAY: u8 = 8;

/// Longest style that is read, in bytes.
const LENGTH: usize = 8 * 1024;
/// How far, in CSS pixels, something is moved that is meant to be out of sight.
const FAR: f64 = 500.0;
/// Properties of an element that scripts or animations bring into view.
const MOTION: [&str; 5] = [
    "transition",
    "animation",
    "will-change",
    "transform",
    "filter",
];

/// What a style does to the text of its element.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Effect {
    /// Nothing of the element is shown.
    pub(super) hides: bool,
    /// The element takes part in the page, whatever its `hidden` attribute says.
    pub(super) displays: bool,
    /// Why its text is not seen, as far as elements inside it may change that.
    pub(super) adds: u8,
    /// What of this an element around it did, and it undoes.
    pub(super) removes: u8,
}

/// What a style does; `button` for elements that may be drawn as a button.
pub(super) fn effect(css: &str, button: bool) -> Effect {
    if css.len() > LENGTH {
        return Effect::default();
    }
    let css = canonical(css);
    let style = Style {
        declarations: declarations(&css),
    };
    let display = style.value("display");
    let mut effect = Effect {
        hides: display == Some("none") || style.is_clipped() || style.is_off_screen(),
        displays: display.is_some_and(|display| display != "none"),
        ..Effect::default()
    };
    effect.hides |= style.value("content-visibility") == Some("hidden");
    // Outlook alone obeys it: buttons that Outlook gets in another form have it, too.
    effect.hides |= style.value("mso-hide") == Some("all")
        && !button
        && !style.any(|name| name.starts_with("background") || name.starts_with("border"));
    let moves = style.any(|name| MOTION.iter().any(|motion| name.contains(motion)));
    effect.set(
        AWAY,
        (style.is_transparent() && !moves) || style.is_indented_away(),
        false,
    );
    if let Some(visibility) = style.value("visibility") {
        let hidden = matches!(visibility, "hidden" | "collapse");
        effect.set(UNSEEN, hidden && !moves, !hidden);
    }
    if let Some(size) = style.font_size() {
        effect.set(SMALL, size == Size::Tiny, size == Size::Readable);
    }
    if style.value("color").is_some() {
        let faint = style.is_faint();
        effect.set(FAINT, faint, !faint);
    }
    effect
}

impl Effect {
    fn set(&mut self, what: u8, adds: bool, removes: bool) {
        if adds {
            self.adds |= what;
        }
        if removes {
            self.removes |= what;
        }
    }
}

/// How large letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Size {
    Tiny,
    /// As large as around it, or a part of that.
    Relative,
    Readable,
}

struct Style<'a> {
    declarations: Vec<(&'a str, &'a str)>,
}

impl<'a> Style<'a> {
    fn value(&self, name: &str) -> Option<&'a str> {
        let found = self.declarations.iter().rfind(|(known, _)| *known == name);
        found.map(|(_, value)| *value)
    }

    fn any(&self, wanted: impl Fn(&str) -> bool) -> bool {
        self.declarations.iter().any(|(name, _)| wanted(name))
    }

    fn pixels(&self, name: &str) -> Option<f64> {
        pixels(self.value(name)?)
    }

    fn is_transparent(&self) -> bool {
        let opacity = self.value("opacity").and_then(number);
        opacity.is_some_and(|(opacity, _)| opacity <= 0.01)
    }

    fn is_absolute(&self) -> bool {
        matches!(self.value("position"), Some("absolute" | "fixed"))
    }

    /// Whether its box has no room for text, and hides what does not fit.
    fn is_clipped(&self) -> bool {
        let none = |name: &str| self.pixels(name).is_some_and(|length| length <= 1.0);
        let some = |name: &str| self.pixels(name).is_some_and(|length| length > 1.0);
        let cut = ["overflow", "overflow-x", "overflow-y"].iter().any(|name| {
            let mut values = self.value(name).unwrap_or_default().split_whitespace();
            values.any(|value| matches!(value, "hidden" | "clip"))
        });
        // A box of no height with padding keeps the shape of a film; one that grows has its size
        // from elsewhere.
        let has_room = self.any(|name| name.starts_with("padding") && self.has_padding(name))
            || ["min-height", "min-width"].into_iter().any(some)
            || self.any(|name| name.starts_with("flex"));
        let flat = none("height") || none("max-height");
        let narrow = self.is_absolute() && (none("width") || none("max-width"));
        let clip = self.value("clip").is_some_and(is_empty_rectangle) && self.is_absolute();
        clip || self.value("clip-path").is_some_and(is_empty_shape)
            || (cut && !has_room && (flat || narrow))
    }

    fn has_padding(&self, name: &str) -> bool {
        let values = self.value(name).unwrap_or_default();
        values
            .split_whitespace()
            .any(|value| number(value).is_none_or(|(length, _)| length > 1.0))
    }

    fn is_off_screen(&self) -> bool {
        let far = |value: &str| pixels(value).is_some_and(|length| length <= -FAR);
        let beyond = |value: &str| pixels(value).is_some_and(|length| length >= FAR * 8.0);
        let placed =
            self.is_absolute() || matches!(self.value("position"), Some("relative" | "sticky"));
        let moved = [
            "left",
            "right",
            "top",
            "bottom",
            "inset",
            "inset-inline-start",
        ];
        // Down to the bottom is where the end of a long page is.
        let is_moved = |name: &str| {
            let sideways = matches!(name, "left" | "right");
            let mut values = self.value(name).unwrap_or_default().split_whitespace();
            values.any(|value| far(value) || (sideways && beyond(value)))
        };
        // With as much padding, it is a band that reaches over the whole screen.
        let margin = !self.any(|name| name.starts_with("padding") && self.has_padding(name))
            && self.any(|name| {
                let mut values = self.value(name).unwrap_or_default().split_whitespace();
                let far = |value| pixels(value).is_some_and(|length| length <= -FAR * 4.0);
                name.starts_with("margin") && values.any(far)
            });
        let transform = self.value("transform").is_some_and(|transform| {
            let numbers = transform.split(['(', ',', ')', ' ']);
            let translated = transform.contains("translate");
            (translated && numbers.clone().any(far)) || is_scaled_away(transform)
        });
        (placed && moved.into_iter().any(is_moved))
            || margin
            || (transform
                && !self.any(|name| name.contains("transition") || name.contains("animation")))
    }

    fn is_indented_away(&self) -> bool {
        let indent = self.pixels("text-indent");
        indent.is_some_and(|indent| indent <= -FAR || indent >= FAR * 8.0)
    }

    fn font_size(&self) -> Option<Size> {
        let shorthand = || {
            let font = self.value("font")?;
            let size = font
                .split_whitespace()
                .find(|part| part.starts_with(|c: char| c.is_ascii_digit() || c == '.'))?;
            size.split('/').next()
        };
        let size = self.value("font-size").or_else(shorthand)?;
        let relative = size.ends_with('%')
            || size.ends_with("em") && !size.ends_with("rem")
            || matches!(size, "inherit" | "larger" | "smaller" | "unset");
        Some(match pixels(size) {
            Some(size) if size <= 1.0 => Size::Tiny,
            _ if relative => Size::Relative,
            _ => Size::Readable,
        })
    }

    /// Whether text has the colour of its own background, or none.
    fn is_faint(&self) -> bool {
        let drawn_otherwise = self.any(|name| {
            matches!(name, "text-shadow" | "background-image")
                || name.starts_with("-webkit-text")
                || name.ends_with("background-clip")
        });
        let Some(color) = self.value("color").filter(|_| !drawn_otherwise) else {
            return false;
        };
        let background = self
            .value("background-color")
            .or_else(|| self.value("background"))
            .unwrap_or_default();
        let Some(color) = colour(color) else {
            return false;
        };
        let mut parts = split(background, char::is_whitespace);
        let pictured = background.contains("url(") || background.contains("gradient(");
        !pictured && (color[3] == 0 || parts.any(|part| colour(part) == Some(color)))
    }
}

fn is_empty_rectangle(clip: &str) -> bool {
    let inside = clip
        .strip_prefix("rect(")
        .and_then(|rest| rest.strip_suffix(')'));
    inside.is_some_and(|inside| {
        let mut edges = inside.split([',', ' ']).filter(|edge| !edge.is_empty());
        edges.all(|edge| pixels(edge).is_some_and(|edge| edge.abs() <= 1.0))
    })
}

fn is_empty_shape(shape: &str) -> bool {
    let Some((kind, inside)) = shape.split_once('(') else {
        return false;
    };
    let first = number(inside);
    match kind.trim() {
        "inset" => first.is_some_and(|(edge, unit)| edge >= 50.0 && unit.starts_with('%')),
        "circle" | "ellipse" => first.is_some_and(|(radius, _)| radius == 0.0),
        "polygon" => {
            let parts = inside.trim_end_matches(')').split([',', ' ']);
            let mut parts = parts.filter(|part| !part.is_empty());
            parts.all(|part| number(part).is_some_and(|(edge, _)| edge == 0.0))
        }
        _ => false,
    }
}

fn is_scaled_away(transform: &str) -> bool {
    let scale = transform.split_once("scale").map(|(_, rest)| rest);
    let inside = scale.and_then(|rest| rest.split_once('('));
    inside.is_some_and(|(_, inside)| number(inside).is_some_and(|(scale, _)| scale == 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_by_style_is_seen_to_be() {
        for css in [
            "display:none",
            "DISPLAY: None !important; display: block",
            "display:none;font-size:1px;color:#ffffff;max-height:0px;opacity:0;mso-hide:all",
            "max-height:0;overflow:hidden",
            "height:1px;width:1px;overflow:hidden;position:absolute",
            "position:absolute;left:-9999px",
            "position: fixed; top: -999em",
            "position:absolute;clip:rect(1px,1px,1px,1px)",
            "position:absolute;clip:rect(0 0 0 0)",
            "clip-path:inset(50%)",
            "margin-left:-9999px",
            "transform:translateX(-9999px)",
            "transform:scale(0)",
            "content-visibility:hidden",
            "mso-hide:all",
            "d/**/isplay:none;dis\\70lay:none",
        ] {
            let effect = effect(&css.replace("\\\\", "\\"), false);
            assert!(effect.hides, "{css}: {effect:?}");
        }
    }

    #[test]
    fn what_is_shown_is_not_taken_for_hidden() {
        for css in [
            "",
            "display:none;display:block",
            "height:0;padding-bottom:56.25%;position:relative;overflow:hidden",
            "flex:1;width:0;overflow:hidden",
            "max-height:400px;overflow:hidden",
            "position:relative;left:-20px",
            "position:absolute;left:-100%",
            "position:absolute;top:9000px",
            "margin:0 -9999px;padding:0 9999px",
            "margin-left:-50px",
            "opacity:.9",
            "opacity:0;transform:translateY(20px);transition:opacity 1s",
            "visibility:hidden;animation-name:none",
            "font-size:12px",
            "color:#fff;background:#000",
            "color:transparent;-webkit-background-clip:text;background-image:linear-gradient(red,blue)",
            "color:transparent;text-shadow:0 0 8px #000",
            "text-indent:2em",
            "clip:auto",
            "content:'display:none'",
        ] {
            let effect = effect(css, false);
            assert!(!effect.hides && effect.adds == 0, "{css}: {effect:?}");
        }
        assert!(!effect("background:#EB7035;mso-hide:all", false).hides);
        assert!(!effect("mso-hide:all", true).hides);
    }

    #[test]
    fn what_elements_inside_may_change_is_told_apart() {
        for (css, adds, removes) in [
            ("font-size:0", SMALL, 0),
            ("font-size:1px", SMALL, 0),
            ("font:0/0 a", SMALL, 0),
            ("font-size:14px", 0, SMALL),
            ("font-size:2em", 0, 0),
            ("visibility:hidden", UNSEEN, 0),
            ("visibility:visible", 0, UNSEEN),
            ("opacity:0", AWAY, 0),
            ("text-indent:-9999px", AWAY, 0),
            ("color:#fff;background-color:white", FAINT, 0),
            ("color:#fff;background:#FFFFFF none", FAINT, 0),
            ("color:rgba(0,0,0,0)", FAINT, 0),
            ("color:#333", 0, FAINT),
        ] {
            let effect = effect(css, false);
            assert_eq!((effect.adds, effect.removes), (adds, removes), "{css}");
        }
    }
}
