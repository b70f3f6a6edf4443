//! A folder that only its owner writes. It is opened once; files are reached through it and never through a path.

use std::{
    fs::File,
    io::{self, Read, Write},
    os::fd::OwnedFd,
    path::{Path, PathBuf},
    time::Duration,
};

use rustix::{
    fs::{
        AtFlags, CWD, Dir, FileType, Mode, OFlags, Stat, Timespec, Timestamps, UTIME_NOW, UTIME_OMIT, fstat, futimens,
        linkat, mkdir, openat, renameat, statat, unlinkat,
    },
    io::Errno,
    process::geteuid,
};

use super::{CacheError, fingerprint::SUFFIX};

/// How names of files begin that are being written.
pub(super) const PART: &str = ".part-";
/// Others may write.
const WRITABLE: u32 = 0o022;
/// Others may do anything.
const SHARED: u32 = 0o077;

#[derive(Debug)]
pub(super) struct Folder {
    fd: OwnedFd,
    path: PathBuf,
    owner: u32,
}

/// A file in the folder.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) bytes: u64,
    /// When it was read or written last, since 1970.
    pub(super) used: Duration,
}

impl Folder {
    pub(super) fn open(path: &Path) -> Result<Self, CacheError> {
        // A slash at the end would follow a link.
        let path: PathBuf = path.components().collect();
        let unusable = |what| {
            let folder = path.clone();
            move |error| CacheError::Unusable { folder, what, error }
        };
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(unusable("the folder around it"))?;
        }
        match mkdir(&path, Mode::RWXU) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(error) => return Err(unusable("making it")(error.into())),
        }
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let fd = match openat(CWD, &path, flags, Mode::empty()) {
            Ok(fd) => fd,
            Err(Errno::LOOP | Errno::NOTDIR) => return Err(CacheError::NotAFolder { folder: path }),
            Err(error) => return Err(unusable("opening it")(error.into())),
        };
        let stat = fstat(&fd).map_err(|error| unusable("looking at it")(error.into()))?;
        let user = geteuid().as_raw();
        if stat.st_uid != user {
            return Err(CacheError::NotOurs { folder: path, owner: stat.st_uid, user });
        }
        let mode = stat.st_mode & 0o7777;
        if mode & WRITABLE != 0 {
            return Err(CacheError::Shared { folder: path, mode });
        }
        Ok(Self { fd, path, owner: user })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn failed(&self, what: &'static str, error: io::Error) -> CacheError {
        CacheError::Unusable { folder: self.path.clone(), what, error }
    }

    /// A whole file, read once. None when there is none; its time of use is now.
    pub(super) fn read(&self, name: &str, most: u64) -> io::Result<Option<Vec<u8>>> {
        let Some((mut file, stat)) = self.open_ours(name, WRITABLE)? else { return Ok(None) };
        let len = u64::try_from(stat.st_size).unwrap_or(u64::MAX);
        if len > most {
            return Err(io::Error::other(format!("it has {len} bytes")));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(len).unwrap_or(0));
        // What grows meanwhile is not ours to wait for.
        Read::by_ref(&mut file).take(most).read_to_end(&mut bytes)?;
        let omit = Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT };
        let now = Timespec { tv_sec: 0, tv_nsec: UTIME_NOW };
        // Without it the entry only seems older than it is.
        let _ = futimens(&file, &Timestamps { last_access: omit, last_modification: now });
        Ok(Some(bytes))
    }

    /// As [`Folder::read`], of a file that nobody else may even read.
    pub(super) fn read_secret(&self, name: &str, most: u64) -> io::Result<Option<Vec<u8>>> {
        let Some((file, _)) = self.open_ours(name, SHARED)? else { return Ok(None) };
        let mut bytes = Vec::new();
        // One more than there may be, to see that there are more.
        file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// Opens a plain file of ours. None when there is none.
    fn open_ours(&self, name: &str, forbidden: u32) -> io::Result<Option<(File, Stat)>> {
        // A pipe would be waited for.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let fd = match openat(&self.fd, name, flags, Mode::empty()) {
            Ok(fd) => fd,
            Err(Errno::NOENT) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let stat = fstat(&fd)?;
        let plain = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
        if !plain || stat.st_uid != self.owner || stat.st_mode & forbidden != 0 {
            return Err(io::Error::other("it is no plain file of this user alone"));
        }
        Ok(Some((File::from(fd), stat)))
    }

    /// Puts a file in place, whole, over what was there.
    pub(super) fn write(&self, name: &str, parts: &[&[u8]]) -> io::Result<()> {
        let part = self.write_part(parts)?;
        renameat(&self.fd, &part, &self.fd, name).map_err(|error| {
            self.remove(&part);
            error.into()
        })
    }

    /// Puts a file in place, whole, unless there is one. True when there was none.
    pub(super) fn write_new(&self, name: &str, bytes: &[u8]) -> io::Result<bool> {
        let part = self.write_part(&[bytes])?;
        let linked = linkat(&self.fd, &part, &self.fd, name, AtFlags::empty());
        self.remove(&part);
        match linked {
            Ok(()) => Ok(true),
            Err(Errno::EXIST) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes a new file of mode 0600 down to the disk, under a name that nobody else takes.
    fn write_part(&self, parts: &[&[u8]]) -> io::Result<String> {
        let mut random = [0; 8];
        getrandom::fill(&mut random)?;
        let name = format!("{PART}{:016x}", u64::from_le_bytes(random));
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut file = File::from(openat(&self.fd, &name, flags, Mode::RUSR | Mode::WUSR)?);
        let written = parts.iter().try_for_each(|part| file.write_all(part)).and_then(|()| file.sync_all());
        written.map(|()| name.clone()).inspect_err(|_| self.remove(&name))
    }

    /// Removes a file, if it is there and can be.
    pub(super) fn remove(&self, name: &str) {
        let _ = unlinkat(&self.fd, name, AtFlags::empty());
    }

    /// Removes all entries.
    pub(super) fn remove_entries(&self) {
        for file in self.list().iter().filter(|file| file.name.ends_with(SUFFIX)) {
            self.remove(&file.name);
        }
    }

    /// All entries, and what is being written.
    pub(super) fn list(&self) -> Vec<Listed> {
        let names = Dir::read_from(&self.fd).into_iter().flatten().flatten();
        let names = names.filter_map(|entry| entry.file_name().to_str().ok().map(str::to_owned));
        names
            .filter(|name| name.ends_with(SUFFIX) || name.starts_with(PART))
            .filter_map(|name| {
                let stat = statat(&self.fd, &name, AtFlags::SYMLINK_NOFOLLOW).ok()?;
                let (seconds, nanos) = (u64::try_from(stat.st_mtime), u32::try_from(stat.st_mtime_nsec));
                let used = Duration::new(seconds.unwrap_or(0), nanos.unwrap_or(0));
                Some(Listed { name, bytes: u64::try_from(stat.st_size).unwrap_or(0), used })
            })
            .collect()
    }
}
