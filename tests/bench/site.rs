//! The generated site, and everything that happens to it between two builds.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use walkdir::WalkDir;

use crate::archive::{self, Size};

/// Search is measured apart.
pub(crate) const WITHOUT_SEARCH: &str = "[search]\nenabled = false\n";

/// A site in a folder of its own.
pub(crate) struct Site {
    pub(crate) root: PathBuf,
    pub(crate) size: Size,
}

impl Site {
    /// Generates one, with a note and without search.
    pub(crate) fn generate(root: &Path, size: Size) -> io::Result<Self> {
        archive::generate(root, &size)?;
        let site = Site {
            root: root.to_owned(),
            size,
        };
        site.edit_config("Generated", WITHOUT_SEARCH)?;
        site.edit_note("A note")?;
        Ok(site)
    }

    pub(crate) fn output(&self) -> PathBuf {
        self.root.join("public")
    }

    pub(crate) fn cache(&self) -> PathBuf {
        self.root.join(".gleaner")
    }

    /// Writes site.toml anew.
    pub(crate) fn edit_config(&self, title: &str, more: &str) -> io::Result<()> {
        let site = format!("[site]\ntitle = \"{title}\"\nbase_url = \"https://example.org/\"\n");
        fs::write(self.root.join("site.toml"), format!("{site}{more}"))
    }

    /// Publishes no more than the beginning of each text.
    pub(crate) fn excerpts_only(&self) -> io::Result<()> {
        self.edit_config(
            "Generated",
            &format!("text = \"excerpt\"\n{WITHOUT_SEARCH}"),
        )
    }

    /// Writes the note anew.
    pub(crate) fn edit_note(&self, text: &str) -> io::Result<()> {
        let notes = self.root.join("content/notes");
        fs::create_dir_all(&notes)?;
        let entry = archive::some_link(&self.size);
        let note = format!("+++\nentry = \"{entry}\"\n+++\n\n{text}\n");
        fs::write(notes.join("note.md"), note)
    }

    /// Writes a template of the site's own, which adds a line to the pages of entries.
    pub(crate) fn edit_theme(&self, value: usize) -> io::Result<()> {
        let templates = self.root.join("themes/gleaner/templates");
        fs::create_dir_all(&templates)?;
        let template = format!(
            "{{% extends \"gleaner/entry.html\" %}}\n{{% block head %}}{{{{ super() }}}}\
             <meta name=\"edition\" content=\"{value}\">{{% endblock head %}}\n"
        );
        fs::write(templates.join("entry.html"), template)
    }

    /// Takes the template away.
    pub(crate) fn remove_theme(&self) -> io::Result<()> {
        gone(&self.root.join("themes"))
    }

    /// Adds a snapshot with one new entry.
    pub(crate) fn add_snapshot(&self, more: usize) -> io::Result<PathBuf> {
        archive::add_newest(&self.root, &self.size, more)
    }

    pub(crate) fn remove_output(&self) -> io::Result<()> {
        gone(&self.output())
    }

    pub(crate) fn remove_cache(&self) -> io::Result<()> {
        gone(&self.cache())
    }

    /// Every file of the site gets the present time, as in a fresh checkout.
    pub(crate) fn check_out(&self) -> io::Result<()> {
        let now = SystemTime::now();
        for path in files(&self.root.join("content"))? {
            let file = fs::File::options().append(true).open(path)?;
            file.set_modified(now)?;
        }
        Ok(())
    }
}

fn gone(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// All files below a folder; none where there is no folder.
pub(crate) fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    if !folder.is_dir() {
        return Ok(files);
    }
    for entry in WalkDir::new(folder) {
        let entry = entry?;
        if entry.file_type().is_file() {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

/// How many files stand below a folder, and how many bytes.
pub(crate) fn weigh(folder: &Path) -> io::Result<(usize, u64)> {
    let files = files(folder)?;
    let mut bytes = 0;
    for file in &files {
        bytes += fs::metadata(file)?.len();
    }
    Ok((files.len(), bytes))
}
