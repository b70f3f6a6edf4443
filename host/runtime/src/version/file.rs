//! A plugin's file, read once.

use std::{
    fs::OpenOptions,
    io::{self, Read},
    os::unix::fs::{FileTypeExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use rustix::fs::OFlags;

use super::digest_of;

/// Largest file that is read at all, bytes.
pub const MAX_COMPONENT_BYTES: u64 = 4 << 20;

/// A file's content at one moment.
#[derive(Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Where it was read from.
    pub file: PathBuf,
    /// What it held.
    pub bytes: Vec<u8>,
    /// SHA-256 of the bytes, lower-case hex.
    pub digest: String,
}

impl std::fmt::Debug for Candidate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Candidate").field("file", &self.file).field("digest", &self.digest).finish_non_exhaustive()
    }
}

/// Why a file was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The system refused.
    #[error("cannot be read ({0}); build the plugins, or correct `plugin` in the configuration")]
    Unreadable(#[from] io::Error),
    /// A pipe, a device, a folder …
    #[error("is {0} and no regular file; put the component itself there")]
    Special(&'static str),
    /// Over the cap.
    #[error(
        "has over {MAX_COMPONENT_BYTES} bytes, the most that is read; build it with `strip` and `opt-level = \"s\"`"
    )]
    TooBig,
    /// A link that leads out of its folder.
    #[error("leads out of its folder to {}; keep components inside the plugin folder", .0.display())]
    Outside(PathBuf),
}

impl Candidate {
    /// Reads a file. Links are followed inside the file's own folder only, which is how a mounted configuration map
    /// swaps its content. A pipe does not block, a special file is not opened for reading.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn read(file: &Path) -> Result<Self, FileError> {
        let real = inside(file)?;
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let opened = OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(real)?;
        let about = opened.metadata()?;
        if !about.is_file() {
            return Err(FileError::Special(kind(about.file_type())));
        }
        if about.len() > MAX_COMPONENT_BYTES {
            return Err(FileError::TooBig);
        }
        let mut bytes = Vec::with_capacity(usize::try_from(about.len()).unwrap_or(0));
        // The file may grow while it is read.
        opened.take(MAX_COMPONENT_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MAX_COMPONENT_BYTES {
            return Err(FileError::TooBig);
        }
        let digest = digest_of(&bytes);
        Ok(Self { file: file.to_owned(), bytes, digest })
    }
}

fn inside(file: &Path) -> Result<PathBuf, FileError> {
    let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let (folder, real) = (folder.canonicalize()?, file.canonicalize()?);
    if real.starts_with(&folder) { Ok(real) } else { Err(FileError::Outside(real)) }
}

fn kind(of: std::fs::FileType) -> &'static str {
    match of {
        t if t.is_dir() => "a folder",
        t if t.is_fifo() => "a pipe",
        t if t.is_socket() => "a socket",
        t if t.is_block_device() || t.is_char_device() => "a device",
        _ => "something else",
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn what_is_hashed_is_what_was_read() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("p.wasm");
        std::fs::write(&file, b"abc").unwrap();
        let read = Candidate::read(&file).unwrap();
        assert_eq!(read.digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(read.bytes, b"abc");
    }

    #[test]
    fn links_are_followed_inside_the_folder_only() {
        let dir = tempfile::tempdir().unwrap();
        let plugins = dir.path().join("plugins");
        std::fs::create_dir_all(plugins.join("..2026")).unwrap();
        std::fs::write(plugins.join("..2026/p.wasm"), b"one").unwrap();
        symlink("..2026", plugins.join("..data")).unwrap();
        symlink("..data/p.wasm", plugins.join("p.wasm")).unwrap();
        assert_eq!(Candidate::read(&plugins.join("p.wasm")).unwrap().bytes, b"one");
        std::fs::write(dir.path().join("secret"), b"no").unwrap();
        symlink("../secret", plugins.join("q.wasm")).unwrap();
        assert!(matches!(Candidate::read(&plugins.join("q.wasm")), Err(FileError::Outside(_))));
    }

    #[test]
    fn special_and_oversized_files_are_refused_without_blocking() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe.wasm");
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
        assert!(matches!(Candidate::read(&pipe), Err(FileError::Special("a pipe"))));
        assert!(matches!(Candidate::read(dir.path()), Err(FileError::Special(_) | FileError::Outside(_))));
        let big = dir.path().join("big.wasm");
        std::fs::File::create(&big).unwrap().set_len(1 << 40).unwrap();
        assert!(matches!(Candidate::read(&big), Err(FileError::TooBig)));
        assert!(matches!(Candidate::read(&dir.path().join("none.wasm")), Err(FileError::Unreadable(_))));
    }
}
