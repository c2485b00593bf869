//! Records → the files of an index, by Pagefind; and the files that read one.
//!
//! Pagefind is meant to index a whole site at once, and to be read from one folder. Here, each year
//! is a folder of its own, without the files that are the same for all: [`core()`] has those. A year
//! says in its `pagefind-entry.json` which WebAssembly reads it, by a name from which a script
//! makes `wasm.<name>.pagefind`; ours leads out of the year's folder. A test in a browser holds
//! this, and the version of Pagefind is pinned.
//!
//! Pagefind reads one variable of the environment, `PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE`, which
//! there is no other way to set; who sets it gets another index from the same records.

use std::collections::BTreeMap;
use std::path::Path;

use pagefind::api::{PagefindIndex, SyntheticFile};
use pagefind::options::PagefindServiceConfig;

use super::record::{DATE, FACET, Record};
use super::{File, Year};
use crate::diag::{Code, Diagnostic};
use crate::guard::guarded;
use crate::model::OutPath;

/// The file that says what an index has.
const ENTRY: &str = "pagefind-entry.json";
/// The script that reads an index.
const SCRIPT: &str = "pagefind.js";
/// What the script is, as its licence asks: it stands in copies of it.
const NOTICE: &str = "/* Pagefind 1.6.0 (c) CloudCannon and contributors, with fflate (c) Arjun Barrett. \
    MIT licence. https://pagefind.app */\n";
/// Makes the script give away the class behind its indexes: only that lets an index say which of its
/// words it took for which of a question's (`search.js` has to know). A test holds that it is there.
const EXPORT: &str = "\nexport { PagefindWrapper };\n";
/// The one word of the index that is made for the sake of the files that all share.
const NOTHING: &str = "nothing";

/// The files of one year.
///
/// # Errors
/// Pagefind failed, which no records should make it do.
pub(crate) fn index(year: &Year, core: &OutPath) -> Result<Vec<File>, Diagnostic> {
    let place = |why: &str| failed(&year.folder, why);
    let files = run(&year.language(), &year.records()).map_err(|why| place(&why))?;
    let mut kept = Vec::new();
    for file in files {
        let Some(name) = relative(&file.filename) else {
            continue;
        };
        let bytes = match name.as_str() {
            ENTRY => with_shared_wasm(&file.contents, &year.folder, core)
                .ok_or_else(|| place("it has no entry"))?,
            _ if is_of_a_year(&name) => file.contents,
            _ => continue,
        };
        let path = OutPath::new(&format!("{}/{name}", year.folder));
        kept.push(File {
            path: path.ok_or_else(|| place(&name))?,
            bytes,
        });
    }
    kept.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(kept)
}

/// The files that all years share.
///
/// # Errors
/// Pagefind failed.
pub(crate) fn core(language: &str, folder: &OutPath) -> Result<Vec<File>, Diagnostic> {
    let language = super::primary_language(language);
    let place = |why: &str| failed(folder, why);
    let files = run(&language, &[Record::nothing(NOTHING)]).map_err(|why| place(&why))?;
    let mut kept = Vec::new();
    let named = wasm_file(&language);
    let has_stemmer = files.iter().any(|file| file.filename == Path::new(&named));
    for file in files {
        let Some(name) = relative(&file.filename) else {
            continue;
        };
        let bytes = match name.as_str() {
            SCRIPT => [NOTICE.as_bytes(), &file.contents, EXPORT.as_bytes()].concat(),
            name if name == named || (!has_stemmer && name == wasm_file("unknown")) => {
                file.contents
            }
            _ => continue,
        };
        let path = OutPath::new(&format!("{folder}/{name}"));
        kept.push(File {
            path: path.ok_or_else(|| place(&name))?,
            bytes,
        });
    }
    kept.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(kept)
}

fn wasm_file(language: &str) -> String {
    format!("wasm.{language}.pagefind")
}

/// Whether a file of Pagefind's belongs to the year: data, not code.
fn is_of_a_year(name: &str) -> bool {
    ["pf_meta", "pf_index", "pf_filter", "pf_fragment"]
        .iter()
        .any(|ending| {
            name.rsplit_once('.')
                .is_some_and(|(_, last)| last == *ending)
        })
}

/// Where a file stands in its index, with `/` on every system.
fn relative(path: &Path) -> Option<String> {
    let segments: Option<Vec<&str>> = path.iter().map(|segment| segment.to_str()).collect();
    Some(segments?.join("/"))
}

/// The entry of a year, its WebAssembly taken from the files that all years share.
fn with_shared_wasm(entry: &[u8], year: &OutPath, core: &OutPath) -> Option<Vec<u8>> {
    let mut entry: serde_json::Value = serde_json::from_slice(entry).ok()?;
    let up = "../".repeat(year.as_str().split('/').count());
    for language in entry.get_mut("languages")?.as_object_mut()?.values_mut() {
        let wasm = language.get_mut("wasm")?;
        let name = wasm.as_str().unwrap_or("unknown");
        // The script puts `wasm.` before it: the first `..` takes that away again.
        *wasm = format!("/../{up}{core}/wasm.{name}").into();
    }
    serde_json::to_vec(&entry).ok()
}

/// Runs Pagefind, whose interface is asynchronous though it never waits for anything.
fn run(language: &str, records: &[Record]) -> Result<Vec<SyntheticFile>, String> {
    let build = || -> Result<Vec<SyntheticFile>, String> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .map_err(|error| error.to_string())?;
        runtime.block_on(build(language, records))
    };
    guarded(build).unwrap_or_else(|()| Err("Pagefind panicked".to_owned()))
}

async fn build(language: &str, records: &[Record]) -> Result<Vec<SyntheticFile>, String> {
    let options = PagefindServiceConfig::builder()
        .force_language(language.to_owned())
        .build();
    let mut index = PagefindIndex::new(Some(options)).map_err(|error| error.to_string())?;
    for record in records {
        let facets = BTreeMap::from([(FACET.to_owned(), record.facets.clone())]);
        let order = BTreeMap::from([(DATE.to_owned(), record.date.clone())]);
        index
            .add_custom_record(
                record.href.clone(),
                record.content.clone(),
                language.to_owned(),
                Some(record.meta.clone()),
                Some(facets).filter(|_| !record.facets.is_empty()),
                Some(order),
            )
            .await
            .map_err(|error| error.to_string())?;
    }
    index.get_files().await.map_err(|error| error.to_string())
}

fn failed(folder: &OutPath, why: &str) -> Diagnostic {
    let message = format!("the search index `{folder}` could not be made: {why}");
    let hint =
        "the rest of the site is built; `enabled = false` under `[search]` leaves search out";
    Diagnostic::error(Code::OutputFailed, message).hint(hint)
}
