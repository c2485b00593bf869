//! What there is to choose: from the layers of themes to what their owner is told of them.
//!
//! A theme says everything itself: its description and options in `theme.toml`, and what each of
//! its templates is for in the comment at the template's head. So the list cannot go stale.

use serde::Serialize;

use super::{BUILT_IN, Layer, Template};
use crate::config::ThemeConfig;
use crate::diag::Diagnostic;
use crate::model::SourceFile;

/// A theme that a site may choose.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ThemeInfo {
    /// What `theme.name` calls it.
    pub name: String,
    /// Whether it is in the binary, rather than in the site's folder `themes/`.
    pub built_in: bool,
    /// The built-in theme underneath, if it is one of the site.
    pub extends: Option<String>,
    /// Whether the site uses it.
    pub in_use: bool,
    /// One sentence about it.
    pub description: Option<String>,
    /// What it lets a site choose, by name.
    pub options: Vec<ThemeOptionInfo>,
    /// Its own templates, by name.
    pub templates: Vec<ThemeTemplateInfo>,
}

/// An option of a theme.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ThemeOptionInfo {
    /// What `[theme.options]` calls it.
    pub name: String,
    /// Its value where a site says nothing.
    pub default: toml::Value,
    /// The values to choose from; empty means any of the default's type.
    pub choices: Vec<toml::Value>,
    /// What it changes.
    pub description: String,
}

/// A template of a theme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ThemeTemplateInfo {
    /// Its name, by which `theme export` copies it.
    pub name: String,
    /// What it is for: the first sentence of the comment at its head.
    pub about: Option<String>,
}

/// The built-in themes.
pub(crate) fn built_in(chosen: Option<&ThemeConfig>) -> Vec<ThemeInfo> {
    // A site's own folder of that name lies over it, and is what the site uses.
    let themes = BUILT_IN.iter().copied();
    themes
        .map(|name| {
            let layer = Layer::built_in(name);
            // Embedded files are in order: a test reads them all.
            let info = info(name, &layer, chosen, &mut Vec::new());
            ThemeInfo {
                built_in: true,
                ..info
            }
        })
        .collect()
}

/// A theme of the site: its name, and the files of its folder.
pub(crate) fn of_site(
    name: &str,
    files: &[SourceFile],
    chosen: Option<&ThemeConfig>,
) -> (ThemeInfo, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let layer = Layer::from_site(name, files, &mut diagnostics);
    let info = info(name, &layer, chosen, &mut diagnostics);
    (info, diagnostics)
}

fn info(
    name: &str,
    layer: &Layer,
    chosen: Option<&ThemeConfig>,
    diagnostics: &mut Vec<Diagnostic>,
) -> ThemeInfo {
    let manifest = layer.manifest(diagnostics).unwrap_or_default();
    let extends = manifest.extends.map(|said| said.value);
    let same_name = BUILT_IN.contains(&name).then(|| name.to_owned());
    let options = manifest.options.into_iter();
    let mut templates: Vec<ThemeTemplateInfo> = layer.templates.iter().map(template).collect();
    templates.sort_by(|a, b| a.name.cmp(&b.name));
    ThemeInfo {
        name: name.to_owned(),
        built_in: false,
        extends: extends.or(same_name),
        in_use: chosen.is_some_and(|chosen| chosen.name == name),
        description: manifest.description,
        options: options
            .map(|(name, option)| ThemeOptionInfo {
                name,
                default: option.default,
                choices: option.choices,
                description: option.description,
            })
            .collect(),
        templates,
    }
}

fn template(template: &Template) -> ThemeTemplateInfo {
    let name = match template.name.split_once('/') {
        Some((built_in, inner)) if BUILT_IN.contains(&built_in) => inner,
        _ => &template.name,
    };
    ThemeTemplateInfo {
        name: name.to_owned(),
        about: head_comment(&template.source),
    }
}

/// The first sentence of the comment with which a template begins; an `extends` may stand before it.
fn head_comment(source: &str) -> Option<String> {
    let mut rest = source.trim_start();
    while let Some(tag) = rest.strip_prefix("{%") {
        rest = tag.split_once("%}")?.1.trim_start();
    }
    let (comment, _) = rest.strip_prefix("{#")?.split_once("#}")?;
    let comment = comment.trim_start_matches('-').trim_end_matches('-');
    let words: Vec<&str> = comment.split_whitespace().collect();
    let words = words.join(" ");
    let sentence = words.split_once(". ").map_or(&*words, |(first, _)| first);
    let sentence = sentence.trim_end_matches('.');
    (!sentence.is_empty()).then(|| sentence.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_says_at_its_head_what_it_is_for() {
        for (source, about) in [
            ("{#- One line. Needs `entry`. -#}\n<p>", Some("One line")),
            ("{# Two\n   lines #}", Some("Two lines")),
            (
                "{% extends \"a.html\" %}\n{#- After it. -#}",
                Some("After it"),
            ),
            ("<p>{# not at the head #}", None),
            ("{##}", None),
            ("{% open", None),
            ("", None),
        ] {
            assert_eq!(head_comment(source).as_deref(), about, "{source}");
        }
    }

    #[test]
    fn built_in_themes_tell_all_about_themselves() {
        for theme in built_in(None) {
            assert!(theme.description.is_some(), "{}", theme.name);
            for template in &theme.templates {
                assert!(!template.name.contains('/'), "{}", template.name);
            }
        }
    }
}
