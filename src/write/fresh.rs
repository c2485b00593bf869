//! The files of a new site: all of them, or none.
//!
//! Invariants: nothing that is there is changed, and nothing is written through a link; if one file cannot be written, those before it and
//! their folders are gone again.

#![expect(clippy::disallowed_methods, reason = "write is the only writer")]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::disk::{self, Found};
use super::write_failed;
use crate::diag::{Code, Diagnostic, Place};

/// A file to write where there is none.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// Where: relative to the site's folder, with `/`.
    pub path: String,
    /// What.
    pub text: String,
    /// Whether one that is there already is kept, and stops nothing.
    pub yields: bool,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewSite {
    /// The files that were written.
    pub written: Vec<String>,
    /// Those that were there already, each with the lines of ours that it lacks.
    pub kept: Vec<(String, Vec<String>)>,
}

/// Writes the files of a new site into a folder, which need not be there.
pub(crate) fn begin(root: &Path, files: &[NewFile]) -> Result<NewSite, Vec<Diagnostic>> {
    let taken = taken(root, files);
    if !taken.is_empty() {
        return Err(taken);
    }
    let mut site = NewSite::default();
    let mut made = Made::default();
    for file in files {
        match made.put(root, file) {
            Ok(None) => site.written.push(file.path.clone()),
            Ok(Some(missing)) => site.kept.push((file.path.clone(), missing)),
            Err(error) => {
                made.undo();
                return Err(vec![write_failed(&file.path, &error)]);
            }
        }
    }
    Ok(site)
}

/// What stands in the way.
pub(crate) fn taken(root: &Path, files: &[NewFile]) -> Vec<Diagnostic> {
    match disk::look(root) {
        Ok(Found::File { .. }) => {
            let problem = Diagnostic::error(Code::InitTaken, "there is a file of this name");
            return vec![
                problem
                    .at(Place::file(root.to_string_lossy()))
                    .hint("name a folder, which need not be there"),
            ];
        }
        Err(error) => return vec![write_failed(&root.to_string_lossy(), &error)],
        // A link may lead to a folder: that is the owner's choice.
        Ok(_) => {}
    }
    if disk::is_there(root, "site.toml") {
        let problem = Diagnostic::error(Code::InitTaken, "there is a site already");
        return vec![
            problem
                .at(Place::file("site.toml"))
                .hint("`gleaner fetch` and `gleaner build` go on with it"),
        ];
    }
    let mut problems: Vec<Diagnostic> = content_of(root, files).collect();
    if problems.is_empty() {
        problems.extend(on_the_way(root, files));
    }
    for file in files {
        match disk::look(&root.join(&file.path)) {
            Ok(Found::Nothing) => {}
            Ok(_) if file.yields && is_file(&root.join(&file.path)) => {}
            Ok(_) if file.yields => {
                problems.push(is_taken(
                    &file.path,
                    "there is no regular file of this name",
                ));
            }
            Ok(_) => problems.push(is_taken(&file.path, "the file is there already")),
            Err(error) => problems.push(write_failed(&file.path, &error)),
        }
    }
    problems
}

/// Whether a name is that of a file, or of a link to one, which can be read.
fn is_file(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.is_file())
}

/// What stands where a folder of the site must, and is none: through a link, files would be written
/// somewhere else.
fn on_the_way(root: &Path, files: &[NewFile]) -> Vec<Diagnostic> {
    let folders = files.iter().flat_map(|file| {
        let ends = file.path.match_indices('/').map(|(end, _)| end);
        ends.map(|end| &file.path[..end]).collect::<Vec<_>>()
    });
    let folders: std::collections::BTreeSet<&str> = folders.collect();
    let looked = folders
        .into_iter()
        .map(|folder| (folder, disk::look(&root.join(folder))));
    let problems = looked.filter_map(|(folder, found)| match found {
        Ok(Found::Nothing | Found::Folder) => None,
        Ok(_) => Some(is_taken(
            folder,
            "a link or a file stands where a folder must",
        )),
        Err(error) => Some(write_failed(folder, &error)),
    });
    problems.collect()
}

/// The folders of the site that hold something: it would become part of the archive.
fn content_of<'a>(root: &'a Path, files: &'a [NewFile]) -> impl Iterator<Item = Diagnostic> + 'a {
    let firsts = files.iter().filter_map(|file| file.path.split_once('/'));
    let mut folders: Vec<&str> = firsts.map(|(first, _)| first).collect();
    folders.sort_unstable();
    folders.dedup();
    folders.retain(|folder| !folder.starts_with('.'));
    folders.into_iter().filter_map(|folder| {
        let full = matches!(disk::is_empty(&root.join(folder)), Ok(false));
        full.then(|| is_taken(folder, "the folder holds other files"))
    })
}

fn is_taken(path: &str, message: &str) -> Diagnostic {
    Diagnostic::error(Code::InitTaken, message)
        .at(Place::file(path))
        .hint("nothing was written: choose another folder, or move this away")
}

/// What was made so far.
#[derive(Debug, Default)]
struct Made {
    files: Vec<PathBuf>,
    /// The outermost first.
    folders: Vec<PathBuf>,
}

impl Made {
    /// Writes a file. If one is there already: the lines that it lacks.
    fn put(&mut self, root: &Path, file: &NewFile) -> io::Result<Option<Vec<String>>> {
        let target = root.join(&file.path);
        if file.yields && disk::look(&target)? != Found::Nothing {
            return lacks(&target, &file.text).map(Some);
        }
        self.folders(target.parent().unwrap_or(root))?;
        disk::create(&target, file.text.as_bytes())?;
        self.files.push(target);
        Ok(None)
    }

    fn folders(&mut self, folder: &Path) -> io::Result<()> {
        let missing = |path: &&Path| {
            let named = !path.as_os_str().is_empty();
            named && fs::metadata(path).is_err()
        };
        let mut missing: Vec<&Path> = folder.ancestors().take_while(missing).collect();
        missing.reverse();
        for folder in missing {
            fs::create_dir(folder)?;
            self.folders.push(folder.to_path_buf());
        }
        Ok(())
    }

    /// Takes everything back, as far as the disk lets us.
    fn undo(&self) {
        for file in &self.files {
            let _ = fs::remove_file(file);
        }
        for folder in self.folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// The lines that say something to a program, and that a file does not have.
fn lacks(path: &Path, text: &str) -> io::Result<Vec<String>> {
    let there = fs::read(path)?;
    let there = String::from_utf8_lossy(&there);
    let has = |line: &str| there.lines().any(|it| it.trim() == line);
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let lines = lines.filter(|line| !line.trim().is_empty() && !has(line));
    Ok(lines.map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, yields: bool) -> NewFile {
        NewFile {
            path: path.to_owned(),
            text: "# ours\n/public/\n".to_owned(),
            yields,
        }
    }

    #[test]
    fn what_is_there_is_kept_or_stops_everything() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("a/b");
        let files = [file("site.toml", false), file(".gitignore", true)];
        fs::create_dir_all(&root).unwrap();
        fs::write(root.join(".gitignore"), "x\n").unwrap();
        let site = begin(&root, &files).unwrap();
        assert_eq!(site.written, ["site.toml"]);
        let kept = (".gitignore".to_owned(), vec!["/public/".to_owned()]);
        assert_eq!(site.kept, [kept]);
        assert_eq!(fs::read(root.join(".gitignore")).unwrap(), b"x\n");
        let problems = begin(&root, &files).unwrap_err();
        assert_eq!(problems[0].message, "there is a site already");
    }

    #[test]
    fn a_folder_of_the_site_that_holds_something_stops_everything() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("content/posts")).unwrap();
        let files = [file("site.toml", false), file("content/pages/a.md", false)];
        let problems = begin(root, &files).unwrap_err();
        assert_eq!(problems[0].place.as_ref().unwrap().file, "content");
        assert!(!root.join("site.toml").exists());
    }

    #[test]
    fn if_one_file_fails_none_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("new");
        // The second cannot be written: the first is a file, not its folder.
        let files = [file("a", false), file("b/c", false), file("a/d", false)];
        begin(&root, &files).unwrap_err();
        assert!(!root.exists());
    }
}
