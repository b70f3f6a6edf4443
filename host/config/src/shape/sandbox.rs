//! `[sandbox]`

use std::path::{Path, PathBuf};

use bulkhead_sandbox::Ceilings;
use serde::{Deserialize, Serialize};

/// Ceilings of every plugin's store, and where compiled code is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SandboxConfig {
    /// Linear memory, MiB. 1 to 256.
    pub memory_mib: usize,
    /// Elements of any table. 1 to 1,000,000.
    pub table_elements: usize,
    /// KiB that one call may make the host lift. 1 to 16,384.
    pub lifted_kib: usize,
    /// Folder of compiled code. Default: `code` in the state folder; empty: none is kept.
    pub code_cache: Option<PathBuf>,
}

impl Default for SandboxConfig {
    fn default() -> Self {
        let c = Ceilings::default();
        Self {
            memory_mib: c.memory_bytes >> 20,
            table_elements: c.table_elements,
            lifted_kib: c.lifted_bytes >> 10,
            code_cache: None,
        }
    }
}

impl SandboxConfig {
    /// Where compiled code is kept, if it is. `state` is the state folder.
    #[must_use]
    pub fn code_cache(&self, state: &Path) -> Option<PathBuf> {
        let folder = self.code_cache.clone().unwrap_or_else(|| state.join("code"));
        Some(folder).filter(|folder| !folder.as_os_str().is_empty())
    }

    /// The ceilings.
    ///
    /// # Errors
    /// One sentence about the key that makes no sense.
    pub fn ceilings(&self) -> Result<Ceilings, String> {
        for (key, value, max) in [
            ("memory_mib", self.memory_mib, 256),
            ("table_elements", self.table_elements, 1_000_000),
            ("lifted_kib", self.lifted_kib, 16 << 10),
        ] {
            if value == 0 || value > max {
                return Err(format!("sandbox.{key} is {value}: use a number from 1 to {max}"));
            }
        }
        Ok(Ceilings {
            memory_bytes: self.memory_mib << 20,
            table_elements: self.table_elements,
            lifted_bytes: self.lifted_kib << 10,
            ..Ceilings::default()
        })
    }
}
