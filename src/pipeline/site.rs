//! A site before anything is read but its settings: what files there are, and whether they are those
//! of the last build.

use crate::cache::{Input, Manifest};
use crate::config::{self, Config, Overrides, suggest};
use crate::diag::{Code, Diagnostic, Place};
use crate::load::{self, FileRef, Listing, SiteToml};
use crate::model::{Hash, Originals, OwnPage, SafeBody};
use crate::plan::Beside;
use crate::theme::{self, Theme};
use crate::write::Glance;

use super::api::Options;
use super::memory::Memory;
use super::portable;

/// What there is.
pub(super) struct Site {
    pub(super) toml: SiteToml,
    pub(super) config: Config,
    pub(super) listing: Listing,
    /// What was asked for, and what was told so far: the part of a build's input that is in no file.
    pub(super) asked: Hash,
}

impl Site {
    /// Reads the settings and lists the files. None without valid settings.
    pub(super) fn open(options: &Options, diagnostics: &mut Vec<Diagnostic>) -> Option<Self> {
        let bounds = options.bounds();
        let (toml, found) = load::site_toml(&bounds, options.config.as_deref());
        diagnostics.extend(found);
        let toml = toml?;
        let overrides = Overrides {
            base_url: options.base_url.clone(),
            base_path: options.base_path.clone(),
        };
        let (config, found) = config::read(&toml.file, &toml.text, &overrides);
        diagnostics.extend(found);
        let config = config?;
        let (listing, found) = load::list(&bounds, &config.theme.name);
        diagnostics.extend(found);
        let feeds = listing.snapshots.iter().map(|(feed, _)| feed);
        diagnostics.extend(config::unused_feeds(&config, &toml.file, &toml.text, feeds));
        let said = (&*toml.file, &*toml.text);
        diagnostics.extend(portable::among_files(&listing, &config, said));
        let asked = format!("{options:?} {diagnostics:?}");
        Some(Site {
            asked: Hash::of(asked.as_bytes()),
            toml,
            config,
            listing,
        })
    }

    /// The theme; none if it cannot be used.
    pub(super) fn theme(&self, memory: &Memory) -> (Option<Theme>, Vec<Diagnostic>) {
        let (files, mut diagnostics) = memory.read_all(&self.listing.theme);
        let toml = (&*self.toml.file, &*self.toml.text);
        let (theme, found) = theme::assemble(&self.config.theme, &files, toml);
        diagnostics.extend(found);
        diagnostics.extend(theme.iter().flat_map(|theme| self.missing_files(theme)));
        (theme, diagnostics)
    }

    /// The paths of all snapshots.
    pub(super) fn snapshots(&self) -> impl Iterator<Item = &str> {
        self.listing.snapshots.iter().map(|(_, file)| &*file.path)
    }

    /// Warns of options of the theme that name a file which the site does not have.
    fn missing_files(&self, theme: &Theme) -> Vec<Diagnostic> {
        let statics = &self.listing.statics;
        let has = |file: &str| {
            let asset = file.strip_prefix("assets/");
            statics.iter().any(|one| *one.name == *file)
                || asset.is_some_and(|asset| theme.assets.contains_key(asset))
        };
        let missing = theme.named_files().filter(|(_, file)| !has(file));
        let told = missing.filter_map(|(option, file)| {
            let said = self.config.theme.options.get(option)?;
            let message =
                format!("`theme.options.{option}` names a file that is not there: `{file}`");
            let place = Place::span(&*self.toml.file, &self.toml.text, said.span.clone());
            let names = statics.iter().map(|one| &*one.name);
            let hint = suggest::did_you_mean(file, names).unwrap_or_else(|| {
                let file = file.trim_start_matches(['/', '.']);
                format!("put it at `content/static/{file}`")
            });
            Some(
                Diagnostic::warning(Code::LinkBroken, message)
                    .at(place)
                    .hint(hint),
            )
        });
        told.collect()
    }

    /// Every file that a build reads, but for the settings.
    fn files(&self) -> impl Iterator<Item = &FileRef> {
        let Listing {
            snapshots,
            notes,
            pages,
            statics,
            theme,
            originals,
        } = &self.listing;
        snapshots
            .iter()
            .map(|(_, file)| file)
            .chain(notes)
            .chain(pages)
            .chain(statics)
            .chain(theme)
            .chain(originals)
    }

    /// What is read for the settings, as the manifest has it.
    pub(super) fn settings(&self) -> Input {
        Input {
            path: self.toml.file.as_str().into(),
            stat: self.toml.stat,
            hash: Hash::of(self.toml.text.as_bytes()),
        }
    }

    /// Whether all that a build reads is what the last one read: what there is to read then, and
    /// whether the file system was enough to tell.
    pub(super) fn is_as_read(&self, manifest: &Manifest) -> Option<(Vec<Input>, Glance)> {
        if manifest.asked != self.asked {
            return None;
        }
        let settings = self.settings();
        let mut inputs = vec![settings];
        let mut glance = Glance::Enough;
        for file in self.files() {
            let known = manifest.input(&file.path)?;
            let enough = known.stat == file.stat && known.stat.is_older_than(&manifest.began);
            if !enough {
                let (source, _) = load::read_plain(file);
                if Hash::of(&source?.bytes) != known.hash {
                    return None;
                }
                glance = Glance::Read;
            }
            inputs.push(Input {
                path: known.path.clone(),
                stat: file.stat,
                hash: known.hash,
            });
        }
        inputs.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        let same = inputs.len() == manifest.inputs.len()
            && inputs
                .iter()
                .zip(&manifest.inputs)
                .all(|(a, b)| a.path == b.path && a.hash == b.hash);
        same.then_some((inputs, glance))
    }

    pub(super) fn beside(
        &self,
        own: Vec<(OwnPage, SafeBody)>,
        originals: Originals,
        theme: &Theme,
    ) -> Beside {
        let statics = self.listing.statics.iter();
        Beside {
            own,
            statics: statics
                .map(|file| (file.name.to_string(), file.path.to_string()))
                .collect(),
            assets: theme.assets.keys().cloned().collect(),
            originals,
        }
    }
}
