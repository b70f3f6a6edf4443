//! A Unix socket that only its owner can open.

use std::{
    fs::{self, DirBuilder, Permissions},
    io,
    os::unix::{
        fs::{DirBuilderExt, FileTypeExt, PermissionsExt},
        net::{UnixListener, UnixStream},
    },
    path::{Path, PathBuf},
};

use crate::error::ServerError;

/// A bound socket. Its file goes when this is dropped.
#[derive(Debug)]
pub(crate) struct Socket {
    path: PathBuf,
}

impl Socket {
    /// Binds. What a dead process left there is replaced, a living one is not disturbed.
    ///
    /// # Errors
    /// [`ServerError::Taken`], [`ServerError::Socket`].
    pub(crate) fn bind(path: &Path) -> Result<(Self, UnixListener), ServerError> {
        let failed = |error| ServerError::Socket { path: path.to_owned(), error };
        let taken = |why| ServerError::Taken { path: path.to_owned(), why };
        match fs::symlink_metadata(path) {
            Ok(there) if !there.file_type().is_socket() => return Err(taken("is there and is no socket")),
            Ok(_) if UnixStream::connect(path).is_ok() => return Err(taken("is answered by another host")),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        let listener = bind_private(path).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        Ok((Self { path: path.to_owned() }, listener))
    }
}

/// Binds in a folder that nobody else can enter, then moves the socket into place: nobody can open it before its rights
/// are set, and what was there is replaced in one step.
fn bind_private(path: &Path) -> io::Result<UnixListener> {
    // Its own name whole: files with other extensions beside it are written under `.new` as well.
    let folder = path.with_added_extension("new");
    let _ = fs::remove_dir_all(&folder);
    DirBuilder::new().mode(0o700).create(&folder)?;
    let inside = folder.join("s");
    let bound = UnixListener::bind(&inside).and_then(|listener| {
        fs::set_permissions(&inside, Permissions::from_mode(0o600))?;
        fs::rename(&inside, path)?;
        Ok(listener)
    });
    let _ = fs::remove_dir_all(&folder);
    bound
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_owner_can_open_it_and_it_goes_with_its_owner() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("control.sock");
        let (socket, _listener) = Socket::bind(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing else is left");
        drop(socket);
        assert!(!path.exists());
    }

    #[test]
    fn the_dead_are_replaced_and_the_living_are_not() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("control.sock");
        drop(UnixListener::bind(&path).unwrap());
        assert!(path.exists(), "a dead process leaves it");
        let (_socket, _listener) = Socket::bind(&path).unwrap();
        let error = Socket::bind(&path).unwrap_err();
        assert!(matches!(error, ServerError::Taken { .. }) && error.to_string().contains("another host"), "{error}");
        UnixStream::connect(&path).unwrap();
    }

    #[test]
    fn what_a_killed_host_was_writing_stands_in_nobodys_way() {
        let dir = tempfile::tempdir().unwrap();
        let half = dir.path().join("brake.new");
        fs::write(&half, "half a brake.json").unwrap();
        fs::create_dir(dir.path().join("brake.sock.new")).unwrap();
        drop(UnixListener::bind(dir.path().join("brake.sock.new/s")).unwrap());
        let (_socket, _listener) = Socket::bind(&dir.path().join("brake.sock")).unwrap();
        assert_eq!(fs::read(&half).unwrap(), b"half a brake.json");
        assert!(!dir.path().join("brake.sock.new").exists());
    }

    #[test]
    fn another_file_is_never_removed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("control.sock");
        fs::write(&path, "precious").unwrap();
        assert!(matches!(Socket::bind(&path), Err(ServerError::Taken { .. })));
        assert_eq!(fs::read(&path).unwrap(), b"precious");
    }
}
