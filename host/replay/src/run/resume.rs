//! The file of an interrupted replay.

use std::{fs, io, path::Path};

use bulkhead_journal::{Head, Seq};
use bulkhead_runtime::replace_file;
use serde::{Deserialize, Serialize};

use super::proof::Proof;
use crate::{ReplayError, inputs::Survey};

/// What an interrupted replay has judged.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// End of the journal as it was: another end is another journal.
    pub head: Option<Head>,
    /// Number of the last record that was judged, with all before it.
    pub after: Seq,
    /// What was found up to there.
    pub proof: Proof,
}

impl Kept {
    /// Reads the file. `None`: there is none, or the journal has changed since, so that it is begun from the start.
    ///
    /// # Errors
    /// [`ReplayError::Resume`] for a file that is none of ours.
    pub fn read(path: &Path, survey: &Survey) -> Result<Option<Self>, ReplayError> {
        let wrong = |what: String| ReplayError::Resume { path: path.to_owned(), what };
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(wrong(format!("cannot be read ({error})"))),
        };
        let kept: Self = serde_json::from_slice(&bytes)
            .map_err(|_| wrong("is not what an interrupted replay leaves behind".to_owned()))?;
        Ok(Some(kept).filter(|kept| kept.head == survey.head))
    }

    /// Writes the file, whole or not at all.
    pub(super) fn write(&self, path: &Path) -> Result<(), String> {
        let bytes = serde_json::to_vec_pretty(self).map_err(|error| error.to_string())?;
        replace_file(path, &bytes).map_err(|error| format!("{} cannot be written ({error})", path.display()))
    }

    /// A file that is still there would be begun from the start, if the journal has changed, and else say the same again.
    pub(super) fn remove(path: &Path) {
        let _ = fs::remove_file(path);
    }
}
