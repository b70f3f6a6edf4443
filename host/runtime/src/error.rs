//! Why the registry could not be made or changed. Each says what, where, what still works, what to do.

use std::path::PathBuf;

use bulkhead_policy::{HookId, Mode};

use crate::{DialsFileError, version::FileError};

/// The registry could not be made as configured.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeError {
    /// The plugin's file could not be read.
    #[error("subsystem {subsystem}: {} {error}; nothing was started", file.display())]
    Unreadable {
        /// Whose plugin.
        subsystem: String,
        /// Which file.
        file: PathBuf,
        /// What is wrong with it.
        error: FileError,
    },
    /// The plugin was refused.
    #[error("subsystem {subsystem}: {} is refused: {reason}; nothing was started", file.display())]
    Refused {
        /// Whose plugin.
        subsystem: String,
        /// Which file.
        file: PathBuf,
        /// Why.
        reason: String,
    },
    /// The plugin failed while it was made ready, or refused its configuration.
    #[error("subsystem {subsystem}: {} does not start: {reason}; nothing was started; correct [subsystems.{subsystem}.config] or the plugin", file.display())]
    Setup {
        /// Whose plugin.
        subsystem: String,
        /// Which file.
        file: PathBuf,
        /// What happened.
        reason: String,
    },
    /// The history of versions cannot be kept.
    #[error("subsystem {subsystem}: {error}; nothing was started")]
    Versions {
        /// Whose version.
        subsystem: String,
        /// What happened.
        error: String,
    },
    /// A hook was bound that the plugin does not answer.
    #[error("subsystem {subsystem}: {} does not answer {hook} (it answers {answers}); nothing was started; correct `hooks` in [subsystems.{subsystem}]", file.display())]
    HookNotAnswered {
        /// Whose plugin.
        subsystem: String,
        /// Which file.
        file: PathBuf,
        /// Which hook.
        hook: HookId,
        /// What it answers.
        answers: String,
    },
    /// Two owners of a hook that one owns.
    #[error(
        "{first} and {second} both answer {hook}, which has one owner; nothing was started; set one of them to mode OFF or list its `hooks`"
    )]
    TwoOwners {
        /// The hook.
        hook: HookId,
        /// One of them.
        first: String,
        /// The other.
        second: String,
    },
    /// Two subsystems of one name.
    #[error("subsystem {subsystem} is configured twice; nothing was started; rename one")]
    Duplicate {
        /// The name.
        subsystem: String,
    },
}

/// A mode could not be set. Nothing has changed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModeError {
    /// Nobody of that name.
    #[error("there is no subsystem {subsystem}; no mode has changed; `status` lists them")]
    Unknown {
        /// The name.
        subsystem: String,
    },
    /// A person and a reason are missing.
    #[error("a higher mode of {subsystem} needs a person and a reason; no mode has changed; give both")]
    Unexplained {
        /// Whose.
        subsystem: String,
    },
    /// Somebody changed it in between.
    #[error("somebody set the mode of {subsystem} to {now} in between; it stays so; look at it again")]
    Changed {
        /// Whose.
        subsystem: String,
        /// In force.
        now: Mode,
    },
    /// It would not survive a restart.
    #[error("the mode of {subsystem} stays as it is, because a higher one cannot be kept: {error}")]
    NotKept {
        /// Whose.
        subsystem: String,
        /// What happened.
        error: DialsFileError,
    },
    /// Somebody else answers a hook that one owns.
    #[error(
        "{subsystem} answers {hook}, which has one owner, and {owner} is on; no mode has changed; set {owner} to OFF first"
    )]
    Owned {
        /// Who was to be switched on.
        subsystem: String,
        /// The hook.
        hook: HookId,
        /// Who owns it now.
        owner: String,
    },
}
