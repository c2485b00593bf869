//! theme.toml: what a theme says of itself, and the options that it lets a site choose.

use std::collections::BTreeMap;

use crate::config::spanned::{Said, Table, read_toml};
use crate::config::{ThemeConfig, suggest};
use crate::diag::{Code, Diagnostic, Place};

const DEFAULT_HINT: &str = "the value where a site says nothing";
const DESCRIPTION_HINT: &str = "one sentence for the owner of a site";

/// What theme.toml says.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    /// One sentence about it, for the owner of a site.
    pub(super) description: Option<String>,
    /// The built-in theme that this one builds on.
    pub(super) extends: Option<Said<String>>,
    /// Its options.
    pub(super) options: BTreeMap<String, Declared>,
}

/// An option that a theme declares.
#[derive(Debug)]
pub(super) struct Declared {
    /// What it changes, for the owner of a site.
    pub(super) description: String,
    /// Its value where a site says nothing; a site's value must be of the same type.
    pub(super) default: toml::Value,
    /// The values to choose from; empty means any.
    pub(super) choices: Vec<toml::Value>,
    /// Whether it names a file of the site.
    pub(super) is_file: bool,
}

/// Reads theme.toml.
pub(super) fn read(file: &str, text: &str) -> (Manifest, Vec<Diagnostic>) {
    read_toml(file, text, 0..text.len(), |root| {
        // For people who read the file: asked for, so that it is no unknown key.
        root.string("name");
        let options = root.table("options").tables().into_iter();
        Manifest {
            description: root.text("description").map(|said| said.value.to_string()),
            extends: root.string("extends").map(|said| {
                let name = said.value.to_owned();
                said.with(name)
            }),
            options: options
                .filter_map(|(name, table)| Some((name.value.to_owned(), declared(&table)?)))
                .collect(),
        }
    })
}

fn declared(table: &Table<'_>) -> Option<Declared> {
    let default = table.required("default", DEFAULT_HINT, Table::plain);
    let description = table.required("description", DESCRIPTION_HINT, Table::text);
    let choices = match table.plain("choices") {
        None => Vec::new(),
        Some(said) => match said.value {
            toml::Value::Array(choices) => choices,
            _ => {
                let message = format!("`{}`: expected a list", table.path("choices"));
                table.invalid(&said.span, message, None);
                Vec::new()
            }
        },
    };
    Some(Declared {
        description: description.map_or_else(String::new, |said| said.value.to_string()),
        default: default?.value,
        choices,
        is_file: table.boolean("file").unwrap_or(false),
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
                diagnostics.push(problem.at(Place::span(file, text, option.span.clone())));
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
    let known = declared.keys().map(String::as_str);
    let hint =
        suggest::did_you_mean(name, known.clone()).unwrap_or_else(|| match declared.is_empty() {
            true => "it has no options".to_owned(),
            false => format!("its options: {}", suggest::list(known)),
        });
    Diagnostic::error(Code::ThemeOption, message).hint(hint)
}

impl Declared {
    fn refuse(&self, name: &str, value: &toml::Value) -> Option<Diagnostic> {
        if value.type_str() != self.default.type_str() {
            let (expected, found) = (self.default.type_str(), value.type_str());
            let message = format!("the option `{name}` is of type {expected}, not {found}");
            let hint = match (&self.default, value) {
                (toml::Value::String(_), toml::Value::Integer(_) | toml::Value::Boolean(_)) => {
                    format!("write `{name} = \"{value}\"`")
                }
                (toml::Value::Array(_), toml::Value::String(_)) => {
                    format!("write `{name} = [{value}]`")
                }
                (default, _) => format!("write it as in `{name} = {default}`"),
            };
            return Some(Diagnostic::error(Code::ThemeOption, message).hint(hint));
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
            name_span: None,
            options,
        };
        let (manifest, problems) = read("theme.toml", THEME);
        assert_eq!(problems, []);
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
                "the option `excerpts` is of type boolean, not integer / write it as in `excerpts = true`",
            ]
        );
    }
}
