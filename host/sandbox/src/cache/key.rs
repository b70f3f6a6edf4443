//! The key of a folder.

use std::io;

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::folder::Folder;

/// Its file.
const FILE: &str = "key";
/// Its bytes.
const LEN: usize = 32;

/// Made once per folder, of random bytes, mode 0600. It never leaves the folder and depends on no configuration.
pub(super) struct Key(Hmac<Sha256>);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

impl Key {
    /// Reads the key, or makes one. A file that is no key of ours is replaced: with a new key all entries are misses, and
    /// that is all that is lost.
    pub(super) fn of(folder: &Folder) -> io::Result<Self> {
        match Self::read(folder) {
            Ok(Some(key)) => return Ok(key),
            Ok(None) => {}
            Err(error) => {
                tracing::info!(folder = %folder.path().display(), "the key of the code cache is made anew: {error}");
                folder.remove(FILE);
            }
        }
        let mut bytes = [0; LEN];
        getrandom::fill(&mut bytes)?;
        // Whole or not at all, and never over one that another process has made meanwhile.
        if folder.write_new(FILE, &bytes)? {
            // Nobody can tell any more who wrote them.
            folder.remove_entries();
        }
        Self::read(folder)?.ok_or_else(|| io::Error::other("it is gone as soon as it is made"))
    }

    fn read(folder: &Folder) -> io::Result<Option<Self>> {
        let Some(bytes) = folder.read_secret(FILE, LEN as u64)? else { return Ok(None) };
        if bytes.len() != LEN {
            return Err(io::Error::other("it has another length"));
        }
        Hmac::new_from_slice(&bytes).map(|mac| Some(Self(mac))).map_err(io::Error::other)
    }

    /// HMAC-SHA-256 with this key, of nothing yet.
    pub(super) fn mac(&self) -> Hmac<Sha256> {
        self.0.clone()
    }
}
