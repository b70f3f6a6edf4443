//! Who served when, per subsystem: the serving, the last good and the pinned version, and the way back.
//!
//! One JSON file, replaced whole: written beside it, synced, renamed. A host that is killed at any moment finds either the
//! old book or the new one.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::durable;

/// Versions remembered per subsystem.
const REMEMBERED: usize = 20;

/// The book was not kept.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// The system refused.
    #[error("the version history {} cannot be kept ({error}); what serves goes on serving; check the disk and the folder's rights", file.display())]
    Io {
        /// Its file.
        file: PathBuf,
        /// The system's words.
        error: io::Error,
    },
    /// Not a history.
    #[error("the version history {} cannot be understood ({error}); nothing was started; move it away to start without a history", file.display())]
    Malformed {
        /// Its file.
        file: PathBuf,
        /// What is wrong.
        error: serde_json::Error,
    },
}

/// One version that was put into service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// SHA-256, lower-case hex.
    pub digest: String,
    /// Semantic version, as the plugin says.
    pub version: String,
    /// When, epoch ms of event time.
    pub since_ms: u64,
    /// Who, and why.
    pub reason: String,
}

/// History of one subsystem, latest last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SlotHistory {
    /// What was put into service, latest last.
    pub entries: Vec<Entry>,
    /// The version that is kept whatever the folder holds.
    pub pinned: Option<String>,
    /// Versions that were taken out after repeated faults. They are not put into service again unasked.
    pub bad: BTreeSet<String>,
}

impl SlotHistory {
    /// The version that serves or served last.
    #[must_use]
    pub fn serving(&self) -> Option<&Entry> {
        self.entries.last()
    }

    /// The latest version that was not taken out.
    #[must_use]
    pub fn good(&self) -> Option<&Entry> {
        self.entries.iter().rev().find(|e| !self.bad.contains(&e.digest))
    }

    /// The version to go back to: the latest other one that was not taken out.
    #[must_use]
    pub fn previous(&self) -> Option<&Entry> {
        let serving = &self.serving()?.digest;
        self.entries.iter().rev().find(|e| e.digest != *serving && !self.bad.contains(&e.digest))
    }

    fn push(&mut self, entry: Entry) {
        self.entries.push(entry);
        let surplus = self.entries.len().saturating_sub(REMEMBERED);
        self.entries.drain(..surplus);
    }
}

/// The book.
#[derive(Debug)]
pub struct VersionBook {
    file: PathBuf,
    slots: BTreeMap<String, SlotHistory>,
}

impl VersionBook {
    /// Opens the book; one that is not there is empty.
    ///
    /// # Errors
    /// [`BookError`].
    pub fn open(file: &Path) -> Result<Self, BookError> {
        let slots = match fs::read(file) {
            Ok(text) => {
                serde_json::from_slice(&text).map_err(|error| BookError::Malformed { file: file.to_owned(), error })?
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(BookError::Io { file: file.to_owned(), error }),
        };
        Ok(Self { file: file.to_owned(), slots })
    }

    /// History of a subsystem.
    #[must_use]
    pub fn slot(&self, subsystem: &str) -> SlotHistory {
        self.slots.get(subsystem).cloned().unwrap_or_default()
    }

    /// Notes a version that goes into service. Durable when this returns; on an error nothing is noted.
    ///
    /// # Errors
    /// [`BookError::Io`].
    pub fn serve(&mut self, subsystem: &str, entry: Entry) -> Result<(), BookError> {
        self.change(subsystem, |slot| slot.push(entry))
    }

    /// Pins a version, or lets go of the pin. Durable when this returns.
    ///
    /// # Errors
    /// [`BookError::Io`].
    pub fn pin(&mut self, subsystem: &str, digest: Option<String>) -> Result<(), BookError> {
        self.change(subsystem, |slot| slot.pinned = digest)
    }

    /// Notes that a version was taken out, or takes that back. Durable when this returns.
    ///
    /// # Errors
    /// [`BookError::Io`].
    pub fn mark(&mut self, subsystem: &str, digest: &str, bad: bool) -> Result<(), BookError> {
        if self.slot(subsystem).bad.contains(digest) == bad {
            return Ok(());
        }
        self.change(subsystem, |slot| {
            if bad {
                slot.bad.insert(digest.to_owned());
            } else {
                slot.bad.remove(digest);
            }
        })
    }

    /// Every version that must not be pruned: remembered or pinned.
    #[must_use]
    pub fn needed(&self) -> BTreeSet<String> {
        let remembered = self.slots.values().flat_map(|s| s.entries.iter().map(|e| e.digest.clone()));
        remembered.chain(self.slots.values().filter_map(|s| s.pinned.clone())).collect()
    }

    fn change(&mut self, subsystem: &str, how: impl FnOnce(&mut SlotHistory)) -> Result<(), BookError> {
        let mut slots = self.slots.clone();
        how(slots.entry(subsystem.to_owned()).or_default());
        write(&self.file, &slots).map_err(|error| BookError::Io { file: self.file.clone(), error })?;
        self.slots = slots;
        Ok(())
    }
}

fn write(file: &Path, slots: &BTreeMap<String, SlotHistory>) -> io::Result<()> {
    durable::replace(file, &serde_json::to_vec_pretty(slots)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(digest: &str) -> Entry {
        Entry { digest: digest.to_owned(), version: "1.0.0".to_owned(), since_ms: 1, reason: "test".to_owned() }
    }

    #[test]
    fn the_way_back_survives_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("versions.json");
        let mut book = VersionBook::open(&file).unwrap();
        for digest in ["a", "b", "b"] {
            book.serve("risk-os", entry(digest)).unwrap();
        }
        book.pin("aelm", Some("p".to_owned())).unwrap();
        let again = VersionBook::open(&file).unwrap();
        let slot = again.slot("risk-os");
        assert_eq!(slot.serving().map(|e| e.digest.as_str()), Some("b"));
        assert_eq!(slot.previous().map(|e| e.digest.as_str()), Some("a"), "not the same one again");
        assert_eq!(again.needed(), ["a", "b", "p"].map(String::from).into());
        assert_eq!(again.slot("nobody"), SlotHistory::default());
    }

    #[test]
    fn the_history_is_bounded_and_a_failed_write_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let mut book = VersionBook::open(&dir.path().join("versions.json")).unwrap();
        for n in 0..100 {
            book.serve("x", entry(&n.to_string())).unwrap();
        }
        assert_eq!(book.slot("x").entries.len(), REMEMBERED);
        let before = book.slot("x");
        fs::remove_dir_all(dir.path()).unwrap();
        assert!(matches!(book.serve("x", entry("new")), Err(BookError::Io { .. })));
        assert_eq!(book.slot("x"), before);
    }

    #[test]
    fn a_book_that_cannot_be_understood_is_never_taken_for_an_empty_one() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("versions.json");
        fs::write(&file, b"{\"risk-os\":").unwrap();
        assert!(matches!(VersionBook::open(&file), Err(BookError::Malformed { .. })));
    }
}
