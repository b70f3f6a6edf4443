//! `dials.json` in the state folder: replaced whole, and never taken for empty when it cannot be read.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Instant,
};

use parking_lot::{Mutex, MutexGuard};

use super::Document;
use crate::durable;

/// The dials were not kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the dials' file {} cannot be written ({error}); check the disk and the folder's rights", file.display())]
pub struct DialsFileError {
    /// Which file.
    pub file: PathBuf,
    /// The system's words.
    pub error: String,
}

/// Where the dials are kept.
#[derive(Debug)]
pub struct DialsFile {
    file: PathBuf,
    /// Why nobody knows how they were left, if so.
    lost: Option<String>,
    document: Mutex<Document>,
    /// When the last try was to write the document, and how it failed. Read by whoever must not wait for the disk.
    unwritten: Mutex<Option<(Instant, DialsFileError)>>,
}

impl DialsFile {
    /// Reads how the dials were left in this folder. The first start there finds nothing set; a file that was there once
    /// and is missing, or cannot be understood, means that nobody knows.
    ///
    /// # Errors
    /// [`DialsFileError`] when nothing can be kept there.
    pub fn open(folder: &Path) -> Result<Self, DialsFileError> {
        let (file, marker) = (folder.join("dials.json"), folder.join("dials.began"));
        let found = match fs::read(&file) {
            Ok(bytes) => {
                if let Err(error) = mark(&marker) {
                    tracing::warn!("{error}");
                }
                Document::of_bytes(&bytes)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => match marker.try_exists() {
                Ok(false) => return Self::first(file, &marker),
                Ok(true) => Err("is missing".to_owned()),
                Err(error) => Err(format!("cannot be looked for ({error})")),
            },
            Err(error) => Err(format!("cannot be read ({error})")),
        };
        let lost = found.as_ref().err().map(|what| {
            // For whoever wants to look at it: the next change writes a new one.
            let _ = fs::rename(&file, folder.join("dials.lost"));
            format!("{} {what}", file.display())
        });
        Ok(Self { file, lost, document: Mutex::new(found.unwrap_or_default()), unwritten: Mutex::default() })
    }

    fn first(file: PathBuf, marker: &Path) -> Result<Self, DialsFileError> {
        let kept = Self { file, lost: None, document: Mutex::default(), unwritten: Mutex::default() };
        kept.lock().write(&Document::default())?;
        // After the file: a host that is killed in between finds a document and marks it then.
        mark(marker)?;
        Ok(kept)
    }

    /// Why nobody knows how the dials were left, if so.
    pub(crate) fn lost(&self) -> Option<&str> {
        self.lost.as_deref()
    }

    /// The right to change the document, one at a time. Whoever has it may wait for the disk.
    pub(crate) fn lock(&self) -> Keeping<'_> {
        Keeping { file: self, document: self.document.lock() }
    }

    /// The same, if nobody has it.
    pub(crate) fn try_lock(&self) -> Option<Keeping<'_>> {
        self.document.try_lock().map(|document| Keeping { file: self, document })
    }

    /// When the last try was to write what is noted and not written, and how it failed. Waits for nobody.
    pub(crate) fn unwritten(&self) -> Option<(Instant, DialsFileError)> {
        self.unwritten.lock().clone()
    }
}

/// Notes that there was a document once.
fn mark(marker: &Path) -> Result<(), DialsFileError> {
    if marker.try_exists().unwrap_or(false) {
        return Ok(());
    }
    durable::replace(marker, b"").map_err(|error| error_at(marker, &error))
}

fn error_at(file: &Path, error: &io::Error) -> DialsFileError {
    DialsFileError { file: file.to_owned(), error: error.to_string() }
}

/// The right to change the document.
pub(crate) struct Keeping<'a> {
    file: &'a DialsFile,
    document: MutexGuard<'a, Document>,
}

impl Keeping<'_> {
    pub(crate) fn document(&self) -> &Document {
        &self.document
    }

    /// Keeps what is to come into force. Durable when this returns; on an error nothing is noted.
    pub(crate) fn before(&mut self, change: impl FnOnce(&mut Document)) -> Result<(), DialsFileError> {
        let next = self.next(change);
        self.write(&next)?;
        *self.document = next;
        Ok(())
    }

    /// Keeps what is in force already: noted in any case, and written now, or later.
    pub(crate) fn after(&mut self, change: impl FnOnce(&mut Document)) -> Result<(), DialsFileError> {
        *self.document = self.next(change);
        self.again()
    }

    /// Writes what is noted.
    pub(crate) fn again(&self) -> Result<(), DialsFileError> {
        let written = self.write(&self.document);
        written.inspect_err(|error| *self.file.unwritten.lock() = Some((Instant::now(), error.clone())))
    }

    fn next(&self, change: impl FnOnce(&mut Document)) -> Document {
        let mut next = self.document.clone();
        change(&mut next);
        next.generation = next.generation.saturating_add(1);
        next
    }

    fn write(&self, document: &Document) -> Result<(), DialsFileError> {
        let file = &self.file.file;
        let written = document.to_bytes().map_err(io::Error::other);
        let written = written.and_then(|bytes| durable::replace(file, &bytes));
        written.map_err(|error| error_at(file, &error))?;
        *self.file.unwritten.lock() = None;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use bulkhead_policy::Stage;

    use super::*;
    use crate::{Wish, dials::Set};

    fn stage(stage: Stage) -> impl FnOnce(&mut Document) {
        let wish = Wish { actor: "ann".to_owned(), reason: "a test".to_owned(), downgrade: false };
        move |document| document.stage = Some(Set::by(&wish, stage, 0))
    }

    fn found(folder: &Path) -> Result<Document, String> {
        let file = DialsFile::open(folder).unwrap();
        let document = file.lock().document().clone();
        file.lost().map_or(Ok(document), |lost| Err(lost.to_owned()))
    }

    fn stage_of(document: &Document) -> Option<Stage> {
        document.stage.as_ref().map(|set| set.value)
    }

    #[test]
    fn the_first_start_finds_nothing_and_what_was_kept_is_found() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(found(dir.path()), Ok(Document::default()));
        let file = DialsFile::open(dir.path()).unwrap();
        file.lock().before(stage(Stage::Partial)).unwrap();
        let kept = file.lock().document().clone();
        assert_eq!((stage_of(&kept), kept.generation), (Some(Stage::Partial), 1));
        assert_eq!(found(dir.path()), Ok(kept));
    }

    #[test]
    fn whoever_is_killed_while_it_is_written_leaves_the_old_one() {
        let dir = tempfile::tempdir().unwrap();
        let file = DialsFile::open(dir.path()).unwrap();
        file.lock().before(stage(Stage::Partial)).unwrap();
        let old = file.lock().document().clone();
        file.lock().before(stage(Stage::Autonomy)).unwrap();
        let new = fs::read(dir.path().join("dials.json")).unwrap();
        fs::write(dir.path().join("dials.json"), old.to_bytes().unwrap()).unwrap();
        for cut in 0..=new.len() {
            fs::write(dir.path().join("dials.new"), &new[..cut]).unwrap();
            assert_eq!(found(dir.path()), Ok(old.clone()), "{cut} bytes of the new one are on the disk");
        }
        fs::rename(dir.path().join("dials.new"), dir.path().join("dials.json")).unwrap();
        assert_eq!(stage_of(&found(dir.path()).unwrap()), Some(Stage::Autonomy));
    }

    #[test]
    fn what_is_lost_or_damaged_is_told_from_what_was_never_there() {
        let dir = tempfile::tempdir().unwrap();
        found(dir.path()).unwrap();
        let file = dir.path().join("dials.json");
        for bad in [&b""[..], b"{}", b"[]", b"\0"] {
            fs::write(&file, bad).unwrap();
            assert!(found(dir.path()).unwrap_err().contains("dials.json cannot be understood"));
        }
        assert!(found(dir.path()).unwrap_err().contains("is missing"));
        fs::remove_file(dir.path().join("dials.lost")).unwrap();
        fs::create_dir(&file).unwrap();
        assert!(found(dir.path()).unwrap_err().contains("cannot be read"));
        assert!(dir.path().join("dials.lost").is_dir(), "it is there to be looked at");
    }

    #[test]
    fn on_a_disk_that_takes_nothing_more_does_not_come_and_less_is_written_later() {
        let dir = tempfile::tempdir().unwrap();
        let file = DialsFile::open(dir.path()).unwrap();
        // A folder in the place of the temporary file: nothing can be written.
        fs::create_dir(dir.path().join("dials.new")).unwrap();
        file.lock().before(stage(Stage::Autonomy)).unwrap_err();
        assert_eq!((file.lock().document().stage.is_none(), file.unwritten().is_none()), (true, true));
        file.lock().after(stage(Stage::Observation)).unwrap_err();
        assert!(file.unwritten().is_some());
        assert_eq!(found(dir.path()), Ok(Document::default()));
        fs::remove_dir(dir.path().join("dials.new")).unwrap();
        file.lock().again().unwrap();
        assert!(file.unwritten().is_none());
        assert_eq!(stage_of(&found(dir.path()).unwrap()), Some(Stage::Observation));
    }

    #[test]
    fn a_folder_that_takes_nothing_is_an_error_at_the_first_start() {
        let dir = tempfile::tempdir().unwrap();
        assert!(DialsFile::open(&dir.path().join("nowhere")).is_err());
    }
}
