//! A disk that can be full: a small file system in memory, for this process alone.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

/// Its size.
const SIZE: &str = "size=192m";
const BLOCK: usize = 4 << 10;

/// A folder whose disk is small.
pub struct Disk {
    folder: TempDir,
    fill: PathBuf,
}

impl Disk {
    /// Mounts one; that takes the rights of an administrator.
    pub fn small() -> io::Result<Self> {
        let folder = TempDir::new()?;
        let done = Command::new("mount").args(["-t", "tmpfs", "-o", SIZE, "tmpfs"]).arg(folder.path()).output()?;
        if !done.status.success() {
            return Err(io::Error::other(String::from_utf8_lossy(&done.stderr).trim().to_owned()));
        }
        let fill = folder.path().join("fill");
        Ok(Self { folder, fill })
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes until there is no room.
    pub fn fill(&self) {
        let mut fill = OpenOptions::new().create(true).append(true).open(&self.fill).unwrap();
        while fill.write_all(&[1; BLOCK]).is_ok() {}
    }

    /// Makes room for so many blocks.
    pub fn free(&self, blocks: u64) {
        let fill = OpenOptions::new().write(true).open(&self.fill).unwrap();
        let length = fill.metadata().unwrap().len();
        fill.set_len(length.saturating_sub(blocks * BLOCK as u64)).unwrap();
    }

    /// Whether a small file finds no room.
    pub fn is_full(&self) -> bool {
        let probe = self.folder.path().join("probe");
        let written = File::create(&probe).and_then(|mut file| file.write_all(&[1; BLOCK]));
        let _ = std::fs::remove_file(&probe);
        written.is_err()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.folder.path()).status();
    }
}
