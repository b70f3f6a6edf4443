//! `brake.json` in the state folder: replaced whole, and never taken for released when it cannot be read.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use parking_lot::{Mutex, MutexGuard};

use super::kept::Kept;
use crate::durable;

/// The brake's state was not kept.
#[derive(Debug, thiserror::Error)]
#[error("the brake's file {} cannot be written ({error}); check the disk and the folder's rights", file.display())]
pub struct BrakeFileError {
    /// Which file.
    pub file: PathBuf,
    /// The system's words.
    pub error: io::Error,
}

/// Where the brake is kept.
#[derive(Debug)]
pub struct BrakeFile {
    file: PathBuf,
    found: Kept,
    one_at_a_time: Mutex<()>,
}

impl BrakeFile {
    /// Reads how the brake was left in this folder. The first start there finds it released; a file that was there once
    /// and is missing, or cannot be understood, means halt.
    ///
    /// # Errors
    /// [`BrakeFileError`] when nothing can be kept there.
    pub fn open(folder: &Path) -> Result<Self, BrakeFileError> {
        let (file, marker) = (folder.join("brake.json"), folder.join("brake.began"));
        let lost = |what: String| {
            let text = format!("{} {what}: nobody knows how the brake was left", file.display());
            tracing::error!("{text}; it is engaged; release it with a reason");
            Kept::lost(text)
        };
        let found = match fs::read(&file) {
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_else(|e| lost(format!("cannot be understood ({e})"))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => match marker.try_exists() {
                Ok(false) => Kept::first(),
                Ok(true) => lost("is missing".to_owned()),
                Err(error) => lost(format!("cannot be looked for ({error})")),
            },
            Err(error) => lost(format!("cannot be read ({error})")),
        };
        let kept = Self { file, found, one_at_a_time: Mutex::new(()) };
        if kept.found == Kept::first() {
            kept.writing().write(&kept.found)?;
            // After the file: a host that is killed in between finds its first start again.
            durable::replace(&marker, b"").map_err(|error| BrakeFileError { file: marker, error })?;
        }
        Ok(kept)
    }

    pub(super) const fn found(&self) -> &Kept {
        &self.found
    }

    /// The right to write, one at a time.
    pub(super) fn writing(&self) -> Writing<'_> {
        Writing { file: &self.file, _alone: self.one_at_a_time.lock() }
    }
}

/// The right to write.
pub(super) struct Writing<'a> {
    file: &'a Path,
    _alone: MutexGuard<'a, ()>,
}

impl Writing<'_> {
    /// Durable when this returns.
    pub(super) fn write(&self, kept: &Kept) -> Result<(), BrakeFileError> {
        let written = serde_json::to_vec_pretty(kept).map_err(io::Error::other);
        let written = written.and_then(|bytes| durable::replace(self.file, &bytes));
        written.map_err(|error| BrakeFileError { file: self.file.to_owned(), error })
    }
}

#[cfg(test)]
mod tests {
    use bulkhead_policy::Brake;

    use super::*;

    fn found(folder: &Path) -> Kept {
        BrakeFile::open(folder).unwrap().found().clone()
    }

    #[test]
    fn the_first_start_is_released_and_what_was_left_is_found() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(found(dir.path()).brake, Brake::Released);
        assert_eq!(found(dir.path()).brake, Brake::Released, "a second start");
        let engaged = Kept { brake: Brake::HaltCancel, generation: 7, since_ms: Some(5), ..Kept::first() };
        BrakeFile::open(dir.path()).unwrap().writing().write(&engaged).unwrap();
        assert_eq!(found(dir.path()), engaged);
    }

    #[test]
    fn what_is_lost_or_damaged_is_engaged() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("brake.json");
        found(dir.path());
        let whole = fs::read(&file).unwrap();
        for cut in 0..whole.len() {
            fs::write(&file, &whole[..cut]).unwrap();
            assert_eq!(found(dir.path()).brake, Brake::Halt, "the first {cut} bytes");
        }
        for other in ["{}", "[]", r#"{"brake":"off","generation":0,"since_ms":null,"actor":"","reason":""}"#] {
            fs::write(&file, other).unwrap();
            assert_eq!(found(dir.path()).brake, Brake::Halt, "{other}");
        }
        fs::remove_file(&file).unwrap();
        assert_eq!(found(dir.path()).brake, Brake::Halt, "it was there once");
        fs::create_dir(&file).unwrap();
        assert_eq!(found(dir.path()).brake, Brake::Halt, "a folder of its name");
    }

    #[test]
    fn a_folder_that_takes_nothing_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        assert!(BrakeFile::open(&dir.path().join("nowhere")).is_err());
    }
}
