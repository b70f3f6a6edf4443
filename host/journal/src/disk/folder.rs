//! A folder of the real file system.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::fs::{FileExt as _, MetadataExt as _},
    path::{Path, PathBuf},
    thread,
};

use super::{Ahead, Disk, SegmentFile};

/// Zeros written at once.
const CHUNK: usize = 1 << 20;

/// A folder of the real file system.
#[derive(Clone, Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// At most `len` bytes of a file from `offset` on; fewer at its end.
    pub(crate) fn read_at(&self, name: &str, offset: u64, len: u64) -> io::Result<Vec<u8>> {
        let mut file = File::open(self.0.join(name))?;
        let len = len.min(file.metadata()?.len().saturating_sub(offset));
        file.seek(SeekFrom::Start(offset))?;
        let mut bytes = Vec::with_capacity(usize::try_from(len).map_err(io::Error::other)?);
        file.take(len).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

impl SegmentFile for File {
    fn write_at(&mut self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.write_all_at(bytes, offset)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }
}

/// Zeros that are written, not promised: overwriting them later changes no metadata, which is most of the price of a
/// small sync, and a full disk shows here rather than under a record.
fn create(path: &Path, len: u64) -> io::Result<File> {
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(path)?;
    let zeros = vec![0; CHUNK.min(usize::try_from(len).unwrap_or(CHUNK))];
    let mut left = usize::try_from(len).map_err(io::Error::other)?;
    while left > 0 {
        let part = zeros.get(..left.min(zeros.len())).unwrap_or_default();
        file.write_all(part)?;
        left -= part.len();
    }
    file.sync_all()?;
    Ok(file)
}

impl Disk for Folder {
    type File = File;

    fn list(&self) -> io::Result<Vec<String>> {
        // A name that is no text is none of ours.
        fs::read_dir(&self.0)?.map(|entry| entry.map(|e| e.file_name().into_string().unwrap_or_default())).collect()
    }

    fn len(&self, name: &str) -> io::Result<u64> {
        Ok(fs::metadata(self.0.join(name))?.len())
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        fs::read(self.0.join(name))
    }

    fn create(&self, name: &str, len: u64) -> io::Result<File> {
        create(&self.0.join(name), len)
    }

    fn open(&self, name: &str) -> io::Result<File> {
        OpenOptions::new().read(true).write(true).open(self.0.join(name))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.0.join(from), self.0.join(to))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.0.join(name))
    }

    fn sync(&self) -> io::Result<()> {
        File::open(&self.0)?.sync_all()
    }

    fn create_ahead(&self, name: &str, len: u64) -> Ahead<File> {
        let path = self.0.join(name);
        match thread::Builder::new().name("bulkhead-segment".to_owned()).spawn(move || create(&path, len)) {
            Ok(thread) => Ahead::Making(thread),
            Err(error) => Ahead::Made(Err(error)),
        }
    }

    fn holds(&self, name: &str, file: &File) -> bool {
        let (named, open) = (fs::metadata(self.0.join(name)), file.metadata());
        matches!((named, open), (Ok(a), Ok(b)) if (a.dev(), a.ino()) == (b.dev(), b.ino()))
    }
}
