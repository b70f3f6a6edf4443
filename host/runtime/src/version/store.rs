//! Components by content: `<folder>/<sha256>.wasm`, written once and never changed.

use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use super::{Candidate, FileError, digest_of, short};

/// The store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The system refused.
    #[error("the plugin store {} failed ({error}); what serves goes on serving; check the disk and the folder's rights", folder.display())]
    Io {
        /// The store's folder.
        folder: PathBuf,
        /// The system's words.
        error: io::Error,
    },
    /// Nobody put it there, or it was taken away.
    #[error("the plugin store has no version {}; it was never served here, or it was pruned", short(.0))]
    Missing(String),
    /// The content is not what its name says.
    #[error("version {} in the plugin store was changed on disk and is not used; restore it from its source", short(.0))]
    Changed(String),
}

/// The store.
#[derive(Debug)]
pub struct ComponentStore {
    folder: PathBuf,
    temporaries: AtomicU64,
}

impl ComponentStore {
    /// Opens the folder, or makes it with rights for its owner alone.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let store = Self { folder: folder.to_owned(), temporaries: AtomicU64::new(0) };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| store.io(error))?;
        Ok(store)
    }

    /// Keeps a version. Durable when this returns; one that is there already is left alone.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn put(&self, candidate: &Candidate) -> Result<(), StoreError> {
        if self.get(&candidate.digest).is_ok() {
            return Ok(());
        }
        let place = self.place(&candidate.digest);
        self.write(&candidate.bytes, &place).map_err(|error| self.io(error))
    }

    /// The bytes of a version, checked against its digest.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::Changed`], [`StoreError::Io`].
    pub fn get(&self, digest: &str) -> Result<Candidate, StoreError> {
        let mut found = Candidate::read(&self.place(digest)).map_err(|error| match error {
            FileError::Unreadable(e) if e.kind() == io::ErrorKind::NotFound => StoreError::Missing(digest.to_owned()),
            FileError::Unreadable(e) => self.io(e),
            _ => StoreError::Changed(digest.to_owned()),
        })?;
        if found.digest != digest {
            return Err(StoreError::Changed(digest.to_owned()));
        }
        found.bytes.shrink_to_fit();
        Ok(found)
    }

    /// The version whose digest is this, or the only one that begins with it.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Missing`] also where several begin with it.
    pub fn find(&self, digest: &str) -> Result<Candidate, StoreError> {
        let entries = fs::read_dir(&self.folder).map_err(|error| self.io(error))?;
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        let mut found = names
            .filter_map(|name| name.strip_suffix(".wasm").filter(|whole| whole.starts_with(digest)).map(str::to_owned));
        match (found.next(), found.next()) {
            (Some(whole), None) => self.get(&whole),
            _ => Err(StoreError::Missing(digest.to_owned())),
        }
    }

    /// Removes every version that is not in `keep`, and what an interrupted write left behind. Returns how many.
    ///
    /// # Errors
    /// [`StoreError::Io`]; some may be gone already.
    pub fn prune(&self, keep: &BTreeSet<String>) -> Result<usize, StoreError> {
        let mut removed = 0;
        for entry in fs::read_dir(&self.folder).map_err(|error| self.io(error))?.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let kept = name.strip_suffix(".wasm").is_some_and(|digest| keep.contains(digest));
            let ours = name.ends_with(".wasm") || name.starts_with(".new-");
            if !kept && ours {
                fs::remove_file(entry.path()).map_err(|error| self.io(error))?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    fn place(&self, digest: &str) -> PathBuf {
        self.folder.join(format!("{digest}.wasm"))
    }

    /// To a temporary file, to the disk, and only then under its name.
    fn write(&self, bytes: &[u8], place: &Path) -> io::Result<()> {
        let number = self.temporaries.fetch_add(1, Ordering::Relaxed);
        let temporary = self.folder.join(format!(".new-{}-{number}", std::process::id()));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o400).open(&temporary)?;
        let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&temporary, place));
        if written.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        written.and_then(|()| File::open(&self.folder)?.sync_all())
    }

    fn io(&self, error: io::Error) -> StoreError {
        StoreError::Io { folder: self.folder.clone(), error }
    }
}

impl Candidate {
    /// A version from bytes that came another way than by file.
    #[must_use]
    pub fn of_bytes(name: &Path, bytes: Vec<u8>) -> Self {
        Self { file: name.to_owned(), digest: digest_of(&bytes), bytes }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn candidate(bytes: &[u8]) -> Candidate {
        Candidate::of_bytes(Path::new("p.wasm"), bytes.to_vec())
    }

    #[test]
    fn a_version_comes_back_whole_and_a_changed_one_does_not_come_back() {
        let dir = tempfile::tempdir().unwrap();
        let store = ComponentStore::open(&dir.path().join("store")).unwrap();
        let one = candidate(b"one");
        store.put(&one).unwrap();
        store.put(&one).unwrap();
        assert_eq!(store.get(&one.digest).unwrap().bytes, b"one");
        let place = store.place(&one.digest);
        assert_eq!(fs::metadata(&place).unwrap().permissions().mode() & 0o777, 0o400);
        fs::remove_file(&place).unwrap();
        assert!(matches!(store.get(&one.digest), Err(StoreError::Missing(_))));
        fs::write(&place, b"two").unwrap();
        assert!(matches!(store.get(&one.digest), Err(StoreError::Changed(_))));
        store.put(&one).unwrap();
        assert_eq!(store.get(&one.digest).unwrap().bytes, b"one", "a damaged copy is replaced");
    }

    #[test]
    fn pruning_keeps_what_it_is_told_and_sweeps_interrupted_writes() {
        let dir = tempfile::tempdir().unwrap();
        let store = ComponentStore::open(dir.path()).unwrap();
        let all = [candidate(b"a"), candidate(b"b"), candidate(b"c")];
        for one in &all {
            store.put(one).unwrap();
        }
        fs::write(dir.path().join(".new-1-1"), b"half").unwrap();
        fs::write(dir.path().join("notes.txt"), b"not ours").unwrap();
        let keep = BTreeSet::from([all[1].digest.clone()]);
        assert_eq!(store.prune(&keep).unwrap(), 3);
        assert!(store.get(&all[1].digest).is_ok() && store.get(&all[0].digest).is_err());
        assert!(dir.path().join("notes.txt").exists());
    }
}
