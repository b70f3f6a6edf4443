//! Who served when, per subsystem: the serving, the last good and the pinned version, and the way back.
//!
//! One JSON file, replaced whole: written beside it, synced, renamed. A host that is killed at any moment finds either the
//! old book or the new one. The steps can be taken apart, because calls may wait for the last one and not for the others.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

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
    /// The version that somebody went back from. Its file may lie in the folder still: it is not put into service again
    /// until somebody asks for it by name, or another one has come into service.
    pub set_aside: Option<String>,
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

    fn push(&mut self, entry: Entry, way: Way) {
        self.set_aside = match way {
            Way::Forward => None,
            Way::Back => self.serving().map(|left| left.digest.clone()),
        };
        self.entries.push(entry);
        while self.entries.len() > REMEMBERED {
            // The oldest makes way, but the last good one is what there is to fall back on, however old.
            let good = self.entries.iter().rposition(|e| !self.bad.contains(&e.digest));
            self.entries.remove(usize::from(good == Some(0)));
        }
    }
}

/// How a version comes into service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Somebody or some file brings it.
    Forward,
    /// Somebody goes back to it: the version that serves is set aside.
    Back,
}

/// A change of the book that is on the disk, beside the book. It counts once it is committed, and is gone otherwise.
#[derive(Debug)]
#[must_use]
pub struct Prepared {
    slots: BTreeMap<String, SlotHistory>,
    file: Option<PathBuf>,
}

impl Drop for Prepared {
    fn drop(&mut self) {
        if let Some(file) = &self.file {
            let _ = fs::remove_file(file);
        }
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
        let change = self.prepare([(subsystem, entry)], Way::Forward)?;
        self.commit(change)?;
        self.sync()
    }

    /// Versions that go into service together, up to the last step, which is quick: what takes its time on the disk is
    /// done here.
    ///
    /// # Errors
    /// [`BookError::Io`].
    pub fn prepare<'a>(
        &self,
        entries: impl IntoIterator<Item = (&'a str, Entry)>,
        way: Way,
    ) -> Result<Prepared, BookError> {
        let mut slots = self.slots.clone();
        for (subsystem, entry) in entries {
            slots.entry(subsystem.to_owned()).or_default().push(entry, way);
        }
        self.prepared(slots)
    }

    /// The last step of a change: the book with it takes the place of the book before it. A host that is killed from now
    /// on finds it; one that loses power does after [`VersionBook::sync`].
    ///
    /// # Errors
    /// [`BookError::Io`]; then nothing is noted.
    pub fn commit(&mut self, mut change: Prepared) -> Result<(), BookError> {
        if let Some(prepared) = &change.file {
            fs::rename(prepared, &self.file).map_err(|error| self.io(error))?;
        }
        change.file = None;
        self.slots = std::mem::take(&mut change.slots);
        Ok(())
    }

    /// Makes the last commit outlive a loss of power.
    ///
    /// # Errors
    /// [`BookError::Io`].
    pub fn sync(&self) -> Result<(), BookError> {
        let folder = self.file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| self.io(error))
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
        let change = self.prepared(slots)?;
        self.commit(change)?;
        self.sync()
    }

    fn prepared(&self, slots: BTreeMap<String, SlotHistory>) -> Result<Prepared, BookError> {
        let file = self.file.with_extension("new");
        write(&file, &slots).map_err(|error| self.io(error))?;
        Ok(Prepared { slots, file: Some(file) })
    }

    fn io(&self, error: io::Error) -> BookError {
        BookError::Io { file: self.file.clone(), error }
    }
}

fn write(file: &Path, slots: &BTreeMap<String, SlotHistory>) -> io::Result<()> {
    let mut out = File::create(file)?;
    out.write_all(&serde_json::to_vec_pretty(slots)?)?;
    out.sync_all()
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
    fn what_somebody_went_back_from_is_set_aside_until_something_else_serves() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("versions.json");
        let mut book = VersionBook::open(&file).unwrap();
        let aside = || VersionBook::open(&file).unwrap().slot("x").set_aside;
        for digest in ["a", "b"] {
            book.serve("x", entry(digest)).unwrap();
        }
        assert_eq!(aside(), None);
        for (back_to, from) in [("a", "b"), ("b", "a")] {
            let change = book.prepare([("x", entry(back_to))], Way::Back).unwrap();
            book.commit(change).unwrap();
            assert_eq!(aside().as_deref(), Some(from));
        }
        book.pin("x", Some("b".to_owned())).unwrap();
        assert_eq!(aside().as_deref(), Some("a"), "a pin says nothing of it");
        book.serve("x", entry("c")).unwrap();
        assert_eq!(aside(), None);
    }

    #[test]
    fn a_change_that_is_not_committed_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("versions.json");
        let mut book = VersionBook::open(&file).unwrap();
        book.serve("x", entry("a")).unwrap();
        drop(book.prepare([("x", entry("b"))], Way::Forward).unwrap());
        assert_eq!(VersionBook::open(&file).unwrap().slot("x"), book.slot("x"));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside the book");
        let change = book.prepare([("x", entry("b"))], Way::Forward).unwrap();
        book.commit(change).unwrap();
        assert_eq!(VersionBook::open(&file).unwrap().slot("x"), book.slot("x"));
        assert_eq!(book.slot("x").serving(), Some(&entry("b")));
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
