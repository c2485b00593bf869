//! The class names of four families of highlighters → one small set of ours.
//!
//! Highlighters distinguish some eighty kinds of tokens; readers tell about a dozen colours apart.
//! What stays plain in most styles (names, punctuation, white space) has no class here.

use super::tree::Element;

/// Our classes of code, which themes colour, and what each marks.
pub(super) const CODE_CLASSES: [(&str, &str); 15] = [
    ("c-a", "attribute of a tag, key of a mapping, decorator"),
    ("c-c", "comment"),
    ("c-d", "deleted line"),
    ("c-e", "error of the original's highlighter"),
    ("c-f", "function or method"),
    ("c-h", "heading, or strong text in markup"),
    ("c-i", "inserted line"),
    ("c-k", "keyword, or tag"),
    (
        "c-l",
        "literal that is neither number nor string: constant, boolean, symbol",
    ),
    ("c-m", "meta: preprocessor, prompt, doctype"),
    ("c-n", "number"),
    ("c-o", "operator"),
    ("c-s", "string, or regular expression"),
    ("c-t", "type, class or namespace"),
    ("c-v", "variable or built-in name"),
];

/// Our class for the classes of a highlighter.
pub(super) fn class(element: &Element<'_>) -> Option<&'static str> {
    if let Some(ours) = element.classes().find_map(ours) {
        return Some(ours);
    }
    let prism = element.has_class("token");
    element.classes().find_map(|class| {
        let word = class.strip_prefix("hljs-").or(prism.then_some(class));
        match (word, class.strip_prefix("pl-")) {
            (Some(word), _) => spelled_out(word),
            (None, Some(github)) => by_github(github),
            (None, None) => by_pygments(class),
        }
    })
}

fn ours(class: &str) -> Option<&'static str> {
    CODE_CLASSES
        .iter()
        .find(|(known, _)| *known == class)
        .map(|(known, _)| *known)
}

/// The names of highlight.js and Prism.
fn spelled_out(word: &str) -> Option<&'static str> {
    Some(match word {
        "keyword" | "tag" | "name" | "selector-tag" | "atrule" | "rule" | "important"
        | "control-flow" => "c-k",
        "string" | "regexp" | "regex" | "char" | "template-string" | "attr-value" | "link"
        | "url" | "quote" | "char.escape_" => "c-s",
        "comment" | "prolog" | "cdata" | "block-comment" => "c-c",
        "number" | "unit" => "c-n",
        "title" | "function" | "method" | "title.function_" => "c-f",
        "type" | "class" | "class-name" | "namespace" | "selector-class" | "selector-id"
        | "selector" => "c-t",
        "variable" | "built_in" | "builtin" | "params" | "parameter" | "template-variable"
        | "subst" | "interpolation" => "c-v",
        "attr" | "attribute" | "attr-name" | "property" | "key" | "decorator" | "annotation"
        | "selector-attr" | "selector-pseudo" => "c-a",
        "operator" | "entity" => "c-o",
        "literal" | "boolean" | "constant" | "symbol" | "bullet" | "null" | "nil" => "c-l",
        "meta" | "meta-keyword" | "meta-string" | "doctype" | "prompt" | "macro" | "shebang" => {
            "c-m"
        }
        "addition" | "inserted" | "inserted-sign" => "c-i",
        "deletion" | "deleted" | "deleted-sign" => "c-d",
        "section" | "strong" | "bold" => "c-h",
        _ => return None,
    })
}

/// GitHub's names (primer's "prettylights").
fn by_github(word: &str) -> Option<&'static str> {
    Some(match word {
        "k" | "ent" => "c-k",
        "s" | "pds" | "sr" | "s1s" | "pse" | "cce" | "sra" | "sre" => "c-s",
        "c" => "c-c",
        "en" => "c-f",
        "c1" => "c-l",
        "v" | "smi" | "s1" | "smw" => "c-v",
        "e" | "sv" => "c-a",
        "kos" => "c-o",
        "mi1" => "c-i",
        "md" => "c-d",
        "mh" | "mb" | "ms" => "c-h",
        "bu" | "ii" => "c-e",
        "mdr" | "mc" => "c-m",
        _ => return None,
    })
}

/// The short names of Pygments, which Rouge and Chroma share.
fn by_pygments(class: &str) -> Option<&'static str> {
    Some(match class {
        "k" | "kd" | "kn" | "kp" | "kr" | "kv" | "nt" | "ow" => "c-k",
        "kc" | "no" | "l" | "ld" | "ss" | "bp" => "c-l",
        "kt" | "nc" | "nn" | "ne" => "c-t",
        "s" | "s1" | "s2" | "sa" | "sb" | "sc" | "sd" | "se" | "sh" | "si" | "sr" | "sx" | "dl" => {
            "c-s"
        }
        "c" | "c1" | "ch" | "cm" | "cs" | "cd" => "c-c",
        "cp" | "cpf" | "gp" | "gt" => "c-m",
        "m" | "mb" | "mf" | "mh" | "mi" | "il" | "mo" | "mx" => "c-n",
        "nf" | "fm" => "c-f",
        "nb" | "nv" | "vc" | "vg" | "vi" | "vm" | "ni" => "c-v",
        "na" | "nd" | "nl" | "py" | "pi" => "c-a",
        "o" | "or" => "c-o",
        "gi" => "c-i",
        "gd" => "c-d",
        "gh" | "gu" | "gs" => "c-h",
        "err" | "gr" => "c-e",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_theme_colours_every_class() {
        let style = include_str!("../../themes/gleaner/static/style.css");
        for (class, meaning) in CODE_CLASSES {
            assert!(style.contains(&format!(".{class}")), "{class}: {meaning}");
        }
    }
    use crate::sanitize::tree::read;

    #[test]
    fn four_families_speak_of_the_same_colours() {
        for (classes, ours) in [
            ("kd", Some("c-k")),
            ("hljs-keyword", Some("c-k")),
            ("token keyword", Some("c-k")),
            ("pl-k", Some("c-k")),
            ("hljs-title function_", Some("c-f")),
            ("token comment", Some("c-c")),
            ("s2", Some("c-s")),
            ("c-k", Some("c-k")),
            ("p", None),
            ("keyword", None),
            ("c-z", None),
            ("", None),
        ] {
            let html = format!("<span class=\"{classes}\"></span>");
            let found = read(&html)[0].as_element().and_then(class);
            assert_eq!(found, ours, "{classes}");
            assert!(
                found.is_none_or(|class| CODE_CLASSES.iter().any(|(known, _)| *known == class))
            );
        }
    }
}
