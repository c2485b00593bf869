//! A file of the output as a build left it, and the key of what it was made of.

use serde::{Deserialize, Serialize};

use super::{Hash, Stat};

/// What a file is made of, in two parts, so that a build can say why it was made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Key {
    /// Its own matter: an entry, a list's heading.
    pub(crate) subject: Hash,
    /// What else it shows: neighbours, related entries, what a list names.
    pub(crate) around: Hash,
}

/// A file of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Made {
    /// How it looked to the file system when it was written.
    pub(crate) stat: Stat,
    /// What was written.
    pub(crate) hash: Hash,
    /// What it was made of; none if every build makes it anew.
    pub(crate) key: Option<Key>,
}
