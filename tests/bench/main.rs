//! Whole builds of generated archives, measured beside the floor.
//!
//! `cargo bench --bench build -- [ENTRIES] [FOLDER]` writes an archive of so many entries (10,000)
//! into a folder (a temporary one, on tmpfs where there is one), builds it with the release binary
//! from nothing, again, and after each kind of edit, and prints the figures. Nothing here asserts a
//! time. BENCHMARKS.md says what the figures mean, and what else can be asked for.

#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark makes files and looks at the clock"
)]
#![expect(clippy::print_stdout, reason = "its figures are for people")]

mod archive;
mod figures;
mod floor;
mod measure;
mod others;
mod place;
mod scale;
mod site;
mod whole;

use std::error::Error;

use archive::Size;
use figures::Page;
use place::{Asked, Place};
use site::Site;

fn main() -> Result<(), Box<dyn Error>> {
    if let Some(done) = floor::asked() {
        return done;
    }
    let asked = Asked::read()?;
    let size = Size {
        entries: asked.entries,
        body: asked.body,
        years: None,
        vocabulary: 0,
    };
    let mut page = Page::default();
    page.head();
    {
        let place = Place::of(asked.folder.as_deref())?;
        let site = Site::generate(&place.root, size)?;
        whole::measure(&site, &asked, &mut page)?;
    }
    if asked.others {
        others::measure(&size, asked.runs, &mut page)?;
    }
    if asked.scale {
        scale::measure(&size, asked.runs, &mut page)?;
    }
    if asked.record {
        page.record()?;
    }
    Ok(())
}
