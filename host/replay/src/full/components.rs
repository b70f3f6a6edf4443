//! Components, found by what they are and not by where they were.

use std::path::{Path, PathBuf};

use bulkhead_runtime::version::{ComponentStore, digest_of, short};

use super::FullError;
use crate::premise::SubsystemOfRun;

/// Where components are looked for.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The state folder of the host that recorded: its store keeps every version by its digest.
    pub state: PathBuf,
    /// The plugin folder.
    pub plugins: PathBuf,
}

impl Places {
    /// The file that has the component with which a run began.
    pub(super) fn recorded(&self, subsystem: &str, of: &SubsystemOfRun) -> Result<PathBuf, FullError> {
        let stored = self.state.join("components").join(format!("{}.wasm", of.digest));
        let named = of.file.file_name().map(|name| self.plugins.join(name));
        let places = [Some(stored), Some(of.file.clone()), named].into_iter().flatten();
        let mut looked = Vec::new();
        for place in places {
            if digest(&place).as_deref() == Some(of.digest.as_str()) {
                return Ok(place);
            }
            looked.push(place.display().to_string());
        }
        Err(FullError::NoComponent {
            subsystem: subsystem.to_owned(),
            digest: short(&of.digest).to_owned(),
            looked: looked.join(", "),
        })
    }

    /// A version by digest, or by the beginning of one, where the store has it.
    pub(super) fn stored(&self, digest: &str) -> Option<PathBuf> {
        let store = ComponentStore::open(&self.state.join("components")).ok()?;
        let found = store.find(digest).ok()?;
        Some(self.state.join("components").join(format!("{}.wasm", found.digest)))
    }
}

/// SHA-256 of a file, hex. Nothing where it cannot be read.
pub(super) fn digest(file: &Path) -> Option<String> {
    std::fs::read(file).ok().map(|bytes| digest_of(&bytes))
}
