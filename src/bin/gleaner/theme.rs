//! `gleaner theme`: what themes there are; `gleaner theme export`: from a built-in theme to files of
//! the site's own.

use std::io::Write;

use gleaner::pipeline::{ExportOptions, export_theme, themes};

use crate::args::{ExportArgs, MessageFormat, ThemeListArgs};
use crate::exit::Exit;
use crate::report::{self, Border};

pub(crate) fn list(args: &ThemeListArgs) -> Exit {
    let (themes, problems) = themes(&args.root, args.follow.follow_links_outside);
    let problems = Border::of(&args.root).cross(problems);
    report::diagnostics(&problems, args.message_format);
    report::themes(&themes, args.message_format);
    Exit::of(&problems, false)
}

pub(crate) fn export(args: &ExportArgs) -> Exit {
    let options = ExportOptions {
        root: args.root.clone(),
        theme: args.theme.clone(),
        templates: args.templates.clone(),
        force: args.force,
    };
    let border = Border::of(&args.root);
    match export_theme(&options) {
        Ok(files) => {
            let mut out = anstream::stdout().lock();
            for file in files {
                // Nobody may be listening, and the files are written all the same.
                let _ = writeln!(out, "{}", border.seen(&file.to_string_lossy()));
            }
            Exit::Success
        }
        Err(problems) => {
            let problems = border.cross(problems);
            report::diagnostics(&problems, MessageFormat::Human);
            Exit::SiteErrors
        }
    }
}
