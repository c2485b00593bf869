//! What the binary does with themes beside a build: tells which there are, and copies their files.

use std::path::{Path, PathBuf};

use super::ExportOptions;
use super::stages::read_all;
use crate::config::{self, Overrides};
use crate::diag::Diagnostic;
use crate::load::{self, Bounds};
use crate::theme::{self, ThemeInfo};
use crate::write;

/// The themes that a site in this folder may choose: the built-in ones, then those in its folder
/// `themes/`. There need be no site.
#[must_use]
pub fn themes(root: &Path, follow_links_outside: bool) -> (Vec<ThemeInfo>, Vec<Diagnostic>) {
    let bounds = Bounds::new(root, follow_links_outside);
    // What is wrong with site.toml is told by a check; here it only says which theme is in use.
    let (toml, _) = load::site_toml(&bounds, None);
    let config = toml.and_then(|toml| {
        let (config, _) = config::read(&toml.file, &toml.text, &Overrides::default());
        config
    });
    let chosen = config.as_ref().map(|config| &config.theme);
    let mut themes = theme::about_built_in(chosen);
    let (folders, mut diagnostics) = load::themes(&bounds);
    for (name, files) in &folders {
        let (files, found) = read_all(files);
        diagnostics.extend(found);
        let (info, found) = theme::about_site(name, &files, chosen);
        diagnostics.extend(found);
        themes.push(info);
    }
    (themes, diagnostics)
}

/// Copies files of a built-in theme to `themes/<name>/` of a site, to be changed there; returns
/// what was written, relative to the site's folder.
///
/// # Errors
/// What stands in the way: an unknown theme or file, or a file that would be overwritten. Then
/// nothing is written.
pub fn export_theme(options: &ExportOptions) -> Result<Vec<PathBuf>, Vec<Diagnostic>> {
    let name = options.theme.as_deref().unwrap_or(theme::BUILT_IN[0]);
    let files = theme::export(name, &options.templates)?;
    write::export(&options.root, &files, options.force)
}
