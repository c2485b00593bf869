//! Theme: layers of templates, files and options, made one.
//!
//! The first layer is the site's own folder `themes/<name>/`; the second is the built-in theme of
//! that name, or the one that the site's `theme.toml` names with `extends`. The first layer wins
//! file by file. A template of the first layer can build on the one it hides: the templates of
//! the second are also known as `<built-in>/<template>`, so `entry.html` may begin with
//! `{% extends "gleaner/entry.html" %}`.
//!
//! Built-in themes are embedded: this module and the reader are the only sources of files.

mod about;
mod builtin;
mod manifest;

use std::collections::BTreeMap;

use crate::config::{ThemeConfig, suggest};
use crate::diag::{Code, Diagnostic, Place, has_errors};
use crate::model::SourceFile;

pub use about::{ThemeInfo, ThemeOptionInfo, ThemeTemplateInfo};
pub(crate) use about::{built_in as about_built_in, of_site as about_site};
pub(crate) use builtin::{BUILT_IN, files as built_in_files, is_built_in};
use manifest::Manifest;

/// The folders of a theme, and its description.
const TEMPLATES: &str = "templates/";
const STATIC: &str = "static/";
const MANIFEST: &str = "theme.toml";

/// A theme, its layers made one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Theme {
    /// The built-in theme underneath, whose templates are also known by its name.
    pub(crate) base: Option<&'static str>,
    /// By the name under which templates call each other; see [`Template::name`].
    pub(crate) templates: Vec<Template>,
    /// Files for `assets/`, by name.
    pub(crate) assets: BTreeMap<String, Vec<u8>>,
    /// Every option that the theme declares, as site.toml sets it, else its default.
    pub(crate) options: BTreeMap<String, toml::Value>,
    /// The options that name a file of the site, as theme.toml says.
    pub(crate) file_options: Vec<String>,
}

impl Theme {
    /// The files of the site that options name: each with its option.
    pub(crate) fn named_files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.file_options.iter().filter_map(|name| {
            let file = self.options.get(name)?.as_str()?;
            // What has a scheme lies elsewhere.
            let is_ours = !file.is_empty() && !file.contains(':');
            is_ours.then_some((name.as_str(), file))
        })
    }
}

/// A template of one layer.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    /// `entry.html` in the site's layer, `gleaner/entry.html` in a built-in one.
    pub(crate) name: String,
    /// Its text.
    pub(crate) source: String,
    /// Its file, for diagnostics.
    pub(crate) file: String,
}

/// The theme that the settings ask for. `site` holds the files of `themes/<name>/`, `config_text`
/// the text of site.toml, for the places of its options. None if there is no such theme.
pub(crate) fn assemble(
    config: &ThemeConfig,
    site: &[SourceFile],
    site_toml: (&str, &str),
) -> (Option<Theme>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let own = Layer::from_site(&config.name, site, &mut diagnostics);
    let own_manifest = own.manifest(&mut diagnostics);
    if has_errors(&diagnostics) {
        // What theme.toml failed to say would be missing everywhere: its base, templates, options.
        return (None, diagnostics);
    }
    let extends = own_manifest
        .as_ref()
        .and_then(|manifest| manifest.extends.clone());
    let base_name = extends.as_ref().map_or(&config.name, |said| &said.value);
    let base = BUILT_IN.iter().copied().find(|name| name == base_name);

    if base.is_none() && (site.is_empty() || extends.is_some()) {
        let place = match (&extends, &own.manifest) {
            (Some(said), Some((file, text))) => Some(Place::span(&**file, text, said.span.clone())),
            _ => {
                let (file, text) = site_toml;
                config
                    .name_span
                    .clone()
                    .map(|span| Place::span(file, text, span))
            }
        };
        diagnostics.push(Diagnostic {
            place,
            ..missing(base_name, extends.is_some())
        });
        return (None, diagnostics);
    }
    let base_layer = base.map(Layer::built_in).unwrap_or_default();
    let base_manifest = base_layer.manifest(&mut diagnostics);

    let mut declared = base_manifest
        .map(|manifest| manifest.options)
        .unwrap_or_default();
    declared.extend(
        own_manifest
            .map(|manifest| manifest.options)
            .unwrap_or_default(),
    );
    let named = declared.iter().filter(|(_, option)| option.is_file);
    let file_options = named.map(|(name, _)| name.clone()).collect();
    let (options, problems) = manifest::choose(&declared, config, site_toml);
    diagnostics.extend(problems);

    if base.is_some() {
        diagnostics.extend(unused(&own, &base_layer));
    }
    let mut assets = base_layer.assets;
    assets.extend(own.assets);
    let mut templates = own.templates;
    templates.extend(base_layer.templates);
    (
        Some(Theme {
            base,
            templates,
            assets,
            options,
            file_options,
        }),
        diagnostics,
    )
}

/// There is no such theme; only a built-in one can be extended.
fn missing(name: &str, extended: bool) -> Diagnostic {
    let kind = if extended { "built-in theme" } else { "theme" };
    let message = format!("there is no {kind} `{name}`");
    let built_in = BUILT_IN.iter().copied();
    let hint = suggest::did_you_mean(name, built_in.clone()).unwrap_or_else(|| {
        let built_in = suggest::list(built_in);
        if extended {
            format!("built-in themes: {built_in}")
        } else {
            format!("built-in themes: {built_in}; one of your own lives in `themes/{name}/`")
        }
    });
    Diagnostic::error(Code::ThemeMissing, message).hint(hint)
}

/// Templates of the site that hide none and that none calls are most often misspelt.
fn unused(own: &Layer, base: &Layer) -> Vec<Diagnostic> {
    let inner = |template: &Template| match template.name.split_once('/') {
        Some((_, inner)) => inner.to_owned(),
        None => template.name.clone(),
    };
    let hidden: Vec<String> = base.templates.iter().map(inner).collect();
    let is_called = |name: &str| {
        let mut sources = own.templates.iter().map(|template| &template.source);
        sources.any(|source| {
            ['"', '\'', '`']
                .iter()
                .any(|quote| source.contains(&format!("{quote}{name}{quote}")))
        })
    };
    own.templates
        .iter()
        .filter(|template| !hidden.contains(&template.name) && !is_called(&template.name))
        .map(|template| {
            let message = format!("no page is drawn by this template: `{}`", template.name);
            let hint = suggest::did_you_mean(&template.name, hidden.iter().map(String::as_str))
                .unwrap_or_else(|| "`{% include %}` or `{% extends %}` it from another".to_owned());
            Diagnostic::warning(Code::FileIgnored, message)
                .at(Place::file(&*template.file))
                .hint(hint)
        })
        .collect()
}

/// The files of a built-in theme for a site to change: their places in the site's folder, and what
/// they hold. `wanted` names them as in `entry.html`, `style.css` or `static/style.css`; none
/// means all.
pub(crate) fn export(
    name: &str,
    wanted: &[String],
) -> Result<Vec<(String, &'static [u8])>, Vec<Diagnostic>> {
    if !BUILT_IN.contains(&name) {
        return Err(vec![missing(name, true)]);
    }
    let files = built_in_files(name);
    let is = |inner: &str, word: &str| inner == word || inner.split('/').next_back() == Some(word);
    let unknown = wanted
        .iter()
        .filter(|word| !files.iter().any(|(inner, _)| is(inner, word)));
    let names: Vec<&str> = files.iter().map(|(inner, _)| *inner).collect();
    let unknown: Vec<Diagnostic> = unknown
        .map(|word| {
            let message = format!("the theme `{name}` has no file `{word}`");
            let hint = format!("its files: `{}`", names.join("`, `"));
            Diagnostic::error(Code::ThemeMissing, message).hint(hint)
        })
        .collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let is_wanted = |inner: &str| wanted.is_empty() || wanted.iter().any(|word| is(inner, word));
    let place = |inner: &str| format!("themes/{name}/{inner}");
    let files = files.into_iter().filter(|(inner, _)| is_wanted(inner));
    Ok(files.map(|(inner, bytes)| (place(inner), bytes)).collect())
}

/// One folder of a theme.
#[derive(Default)]
struct Layer {
    manifest: Option<(String, String)>,
    templates: Vec<Template>,
    assets: BTreeMap<String, Vec<u8>>,
}

impl Layer {
    fn from_site(name: &str, files: &[SourceFile], diagnostics: &mut Vec<Diagnostic>) -> Self {
        let folder = format!("themes/{name}/");
        let mut layer = Layer::default();
        for file in files {
            let Some(inner) = file.path.strip_prefix(&folder) else {
                continue;
            };
            diagnostics.extend(layer.add(inner, &file.path, &file.bytes, ""));
        }
        layer
    }

    fn built_in(name: &'static str) -> Self {
        let mut layer = Layer::default();
        for (inner, bytes) in built_in_files(name) {
            let shown = format!("{name}/{inner} (built-in)");
            // Embedded files are UTF-8 where they must be: a test reads them all.
            let _ = layer.add(inner, &shown, bytes, &format!("{name}/"));
        }
        layer
    }

    fn add(&mut self, inner: &str, file: &str, bytes: &[u8], prefix: &str) -> Option<Diagnostic> {
        if let Some(name) = inner.strip_prefix(STATIC) {
            self.assets.insert(name.to_owned(), bytes.to_vec());
            return None;
        }
        let template = inner.strip_prefix(TEMPLATES);
        if template.is_none() && inner != MANIFEST {
            return None;
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let at = error.valid_up_to();
                let place = Place::span_in_bytes(file, bytes, at..at + 1);
                return Some(Diagnostic::error(Code::NotUtf8, "not UTF-8 from here on").at(place));
            }
        };
        match template {
            None => self.manifest = Some((file.to_owned(), text.to_owned())),
            Some(name) => self.templates.push(Template {
                name: format!("{prefix}{name}"),
                source: text.to_owned(),
                file: file.to_owned(),
            }),
        }
        None
    }

    fn manifest(&self, diagnostics: &mut Vec<Diagnostic>) -> Option<Manifest> {
        let (file, text) = self.manifest.as_ref()?;
        let (manifest, problems) = manifest::read(file, text);
        diagnostics.extend(problems);
        Some(manifest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::TEMPLATES as NEEDED;

    #[test]
    fn built_in_themes_are_complete() {
        for name in BUILT_IN {
            let layer = Layer::built_in(name);
            for template in NEEDED {
                let name = format!("{name}/{template}");
                assert!(
                    layer.templates.iter().any(|have| have.name == name),
                    "{name}"
                );
            }
            let mut diagnostics = Vec::new();
            assert!(
                layer.manifest(&mut diagnostics).is_some(),
                "{diagnostics:?}"
            );
        }
    }
}
