//! The stage of search: the index of each year, made by [`search`], put into its place by the writer.

use rayon::prelude::*;

use super::Stage;
use super::output::Output;
use crate::config::SearchText;
use crate::diag::Diagnostic;
use crate::model::{Hash, OutPath};
use crate::render::{self, Sink};
use crate::search;

/// Makes the search indexes, one year after the other, so that memory holds one. A year is made of
/// its records alone: where the output folder has files of the very same records, they stay.
pub(super) fn index_all(input: &render::Input, output: &Output) -> Vec<Diagnostic> {
    let Some(planned) = &input.plan.search else {
        return Vec::new();
    };
    output.observer.stage(Stage::Search, planned.years.len());
    let input = search_input(input);
    let language = input.language;
    let core = output.sealed(&planned.core, &search::core_key(language), || {
        search::core(language, &planned.core)
    });
    let mut diagnostics: Vec<Diagnostic> = core.err().into_iter().collect();
    for year in &planned.years {
        let year = search::year(&input, year);
        let index = || search::index(&year, &planned.core);
        diagnostics.extend(output.sealed(&year.folder, &year.key, index).err());
        output.observer.step(Stage::Search);
    }
    diagnostics
}

/// What search reads, of all that rendering does.
pub(super) fn search_input<'a>(input: &render::Input<'a>) -> search::Input<'a> {
    let render::Input { plan, config, .. } = input;
    search::Input {
        archive: input.archive,
        entries: &plan.entries,
        keys: &plan.keys,
        bodies: input.bodies,
        language: &config.site.language,
        whole_text: config.search.text == SearchText::Full,
    }
}

impl Output<'_> {
    /// Files of a folder that are made together, unless the folder has them already.
    fn sealed(
        &self,
        folder: &OutPath,
        key: &Hash,
        make: impl FnOnce() -> Result<Vec<search::File>, Diagnostic>,
    ) -> Result<(), Diagnostic> {
        if self.writer.is_some_and(|writer| writer.keeps(folder, key)) {
            return Ok(());
        }
        let files = make()?;
        let write = |files: &[&search::File]| {
            files
                .par_iter()
                .for_each(|file| self.file(&file.path, &file.bytes, None));
        };
        let Some(writer) = self.writer else {
            write(&files.iter().collect::<Vec<_>>());
            return Ok(());
        };
        // What stands there names other files. It is replaced only once its successors' are written,
        // so that a full disk leaves an index that works.
        let (standing, new): (Vec<_>, Vec<_>) =
            files.iter().partition(|file| writer.is_taken(&file.path));
        write(&new);
        if !writer.has_failed_below(folder) {
            write(&standing);
            writer.seal(folder, key);
        }
        Ok(())
    }
}
