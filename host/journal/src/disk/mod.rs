//! The folder of a journal, as the log sees it: the few operations whose order decides what a loss of power can take.
//!
//! The log is written against [`Disk`], so that tests can stand in a disk that loses, tears and reorders what was not
//! synced, and that fails when told. Nothing above this module knows a path.

#[cfg(test)]
pub(crate) mod faulty;
mod folder;

use std::{io, thread::JoinHandle};

pub(crate) use folder::Folder;

/// One file that is written in place.
pub(crate) trait SegmentFile: Send + 'static {
    /// Writes all of `bytes` at `offset`. Not durable until [`SegmentFile::sync`] returns.
    fn write_at(&mut self, bytes: &[u8], offset: u64) -> io::Result<()>;
    /// Makes what was written durable. After an error nothing is known of it, and a second try proves nothing.
    fn sync(&mut self) -> io::Result<()>;
}

/// The folder.
pub(crate) trait Disk: Send + 'static {
    /// Its files.
    type File: SegmentFile;
    /// Names of the files in it.
    fn list(&self) -> io::Result<Vec<String>>;
    /// Length of a file, bytes.
    fn len(&self, name: &str) -> io::Result<u64>;
    /// The whole file.
    fn read(&self, name: &str) -> io::Result<Vec<u8>>;
    /// A new file of `len` zero bytes, its content durable. An old one of that name is replaced.
    fn create(&self, name: &str, len: u64) -> io::Result<Self::File>;
    /// An existing file, to be written.
    fn open(&self, name: &str) -> io::Result<Self::File>;
    /// Gives a file another name. Durable after [`Disk::sync`].
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    /// Removes a file. Durable after [`Disk::sync`].
    fn remove(&self, name: &str) -> io::Result<()>;
    /// Makes names durable: what was created, renamed and removed.
    fn sync(&self) -> io::Result<()>;
    /// [`Disk::create`] on a thread of its own where that saves time.
    fn create_ahead(&self, name: &str, len: u64) -> Ahead<Self::File>;
    /// Whether this open file is still what the folder has under that name.
    fn holds(&self, name: &str, file: &Self::File) -> bool;
}

/// A file in the making.
pub(crate) enum Ahead<F> {
    /// It is made by that thread.
    Making(JoinHandle<io::Result<F>>),
    /// It is made, or could not be.
    Made(io::Result<F>),
}

impl<F> Ahead<F> {
    /// The file, waiting for it if need be.
    pub(crate) fn finish(self) -> io::Result<F> {
        match self {
            Self::Making(thread) => thread
                .join()
                .unwrap_or_else(|_| Err(io::Error::other("the thread that made the next segment panicked"))),
            Self::Made(result) => result,
        }
    }
}
