//! Why there is no cache.

use std::path::PathBuf;

/// The folder cannot serve as a cache of compiled code. Plugins are compiled at every start then; nothing else changes.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// It cannot be made, opened or written.
    #[error("the code cache {} cannot be used: {what}: {error}; plugins are compiled at every start; make the folder writable for this user, or name another as code_cache in [sandbox]", folder.display())]
    Unusable {
        /// Which folder.
        folder: PathBuf,
        /// What failed.
        what: &'static str,
        /// The system's words.
        error: std::io::Error,
    },
    /// A link or a file.
    #[error("the code cache {} is not used: it is a link or no folder, and what it leads to could be exchanged; plugins are compiled at every start; name the folder itself as code_cache in [sandbox]", folder.display())]
    NotAFolder {
        /// Which path.
        folder: PathBuf,
    },
    /// Somebody else's.
    #[error("the code cache {} is not used: it belongs to user {owner}, this host runs as user {user}; plugins are compiled at every start; remove it, or name another as code_cache in [sandbox]", folder.display())]
    NotOurs {
        /// Which folder.
        folder: PathBuf,
        /// Whose it is.
        owner: u32,
        /// Who runs the host.
        user: u32,
    },
    /// Others may write into it.
    #[error("the code cache {} is not used: others may write into it (mode {mode:04o}), and what lies there is run; plugins are compiled at every start; remove it, or `chmod 700` it if nobody else has written into it", folder.display())]
    Shared {
        /// Which folder.
        folder: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
}
