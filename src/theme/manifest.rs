//! theme.toml: what a theme says of itself, and the options that it lets a site choose.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::config::ThemeConfig;
use crate::diag::{Code, Diagnostic, Place};

/// How alike a misspelt option must be to one that exists to be meant (Jaro-Winkler).
const ALIKE: f64 = 0.8;

/// What theme.toml says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    /// The theme's name.
    #[serde(rename = "name")]
    _name: String,
    /// One sentence about it.
    #[serde(rename = "description", default)]
    _description: String,
    /// The built-in theme that this one builds on.
    pub(super) extends: Option<String>,
    /// Its options.
    #[serde(default)]
    pub(super) options: BTreeMap<String, Declared>,
}

/// An option that a theme declares.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Declared {
    /// Its value where a site says nothing; a site's value must be of the same type.
    default: toml::Value,
    /// What it does, for the owner of a site.
    #[serde(rename = "description")]
    _description: String,
    /// The values to choose from; empty means any.
    #[serde(default)]
    choices: Vec<toml::Value>,
}

/// Reads theme.toml.
pub(super) fn read(file: &str, text: &str) -> Result<Manifest, Diagnostic> {
    toml::from_str(text).map_err(|error| {
        let place = match error.span() {
            Some(span) => Place::span(file, text, span),
            None => Place::file(file),
        };
        Diagnostic::error(Code::ConfigSyntax, error.message().to_owned()).at(place)
    })
}

/// The value of each declared option; what site.toml sets and no theme declares, or sets to
/// another type, is reported at its place.
pub(super) fn choose(
    declared: &BTreeMap<String, Declared>,
    config: &ThemeConfig,
    (file, text): (&str, &str),
) -> (BTreeMap<String, toml::Value>, Vec<Diagnostic>) {
    let mut chosen: BTreeMap<String, toml::Value> = declared
        .iter()
        .map(|(name, option)| (name.clone(), option.default.clone()))
        .collect();
    let mut diagnostics = Vec::new();
    for (name, option) in &config.options {
        let problem = match declared.get(name) {
            None => Some(unknown(name, declared)),
            Some(known) => known.refuse(name, &option.value),
        };
        match problem {
            Some(problem) => {
                diagnostics.push(problem.at(Place::span(file, text, option.span.clone())))
            }
            None => {
                chosen.insert(name.clone(), option.value.clone());
            }
        }
    }
    (chosen, diagnostics)
}

fn unknown(name: &str, declared: &BTreeMap<String, Declared>) -> Diagnostic {
    let message = format!("the theme has no option `{name}`");
    let nearest = declared
        .keys()
        .map(|known| (strsim::jaro_winkler(known, name), known))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let names: Vec<&str> = declared.keys().map(String::as_str).collect();
    let hint = match nearest {
        Some((_, known)) => format!("did you mean `{known}`?"),
        None => format!("its options: `{}`", names.join("`, `")),
    };
    Diagnostic::error(Code::ThemeOption, message).hint(hint)
}

impl Declared {
    fn refuse(&self, name: &str, value: &toml::Value) -> Option<Diagnostic> {
        if value.type_str() != self.default.type_str() {
            let (expected, found) = (self.default.type_str(), value.type_str());
            let message = format!("the option `{name}` is of type {expected}, not {found}");
            return Some(Diagnostic::error(Code::ThemeOption, message));
        }
        if !self.choices.is_empty() && !self.choices.contains(value) {
            let choices: Vec<String> = self.choices.iter().map(ToString::to_string).collect();
            let message = format!("the option `{name}` has no choice {value}");
            let hint = format!("its choices: {}", choices.join(", "));
            return Some(Diagnostic::error(Code::ThemeOption, message).hint(hint));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ThemeOption;

    const THEME: &str = r#"
        name = "x"
        [options.density]
        default = "calm"
        choices = ["calm", "tight"]
        description = "how much air"
        [options.excerpts]
        default = true
        description = "whether lists show them"
    "#;

    fn chosen(set: &[(&str, toml::Value)]) -> (BTreeMap<String, toml::Value>, Vec<String>) {
        let options = set
            .iter()
            .map(|(name, value)| {
                (
                    (*name).to_owned(),
                    ThemeOption {
                        value: value.clone(),
                        span: 0..1,
                    },
                )
            })
            .collect();
        let config = ThemeConfig {
            name: "x".into(),
            options,
        };
        let manifest = read("theme.toml", THEME).unwrap();
        let (chosen, problems) = choose(&manifest.options, &config, ("site.toml", "x = 1"));
        (
            chosen,
            problems
                .into_iter()
                .map(|d| format!("{} / {}", d.message, d.hint.unwrap_or_default()))
                .collect(),
        )
    }

    #[test]
    fn a_site_chooses_among_what_the_theme_declares() {
        let (options, problems) = chosen(&[("density", "tight".into())]);
        assert_eq!(options["density"].as_str(), Some("tight"));
        assert_eq!(options["excerpts"].as_bool(), Some(true));
        assert!(problems.is_empty());
    }

    #[test]
    fn what_cannot_be_chosen_keeps_its_default_and_is_reported() {
        let (options, problems) = chosen(&[
            ("density", "wide".into()),
            ("excerpt", false.into()),
            ("excerpts", 3.into()),
        ]);
        assert_eq!(options["density"].as_str(), Some("calm"));
        assert_eq!(options["excerpts"].as_bool(), Some(true));
        assert_eq!(
            problems,
            [
                "the option `density` has no choice \"wide\" / its choices: \"calm\", \"tight\"",
                "the theme has no option `excerpt` / did you mean `excerpts`?",
                "the option `excerpts` is of type boolean, not integer / ",
            ]
        );
    }
}
