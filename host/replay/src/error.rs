//! Why a replay does not begin, or does not come to its end.

use std::path::PathBuf;

use bulkhead_journal::JournalError;

/// Nothing was judged, or the judging stopped. The journal is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The journal cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// It holds nothing to replay.
    #[error("the journal {} holds no decision of a plugin; nothing was replayed; name a journal of a run with plugins that are on", .0.display())]
    Empty(PathBuf),
    /// It does not say what a plugin was set up with.
    #[error(
        "the journal does not hold what {subsystem} {version} was set up with; nothing was replayed; only journals of hosts that keep it can be replayed"
    )]
    NoSetup {
        /// Whose plugin.
        subsystem: String,
        /// Which version.
        version: String,
    },
    /// A component is not to be had.
    #[error(
        "{subsystem} {version} ({digest}) made decisions of this journal, and its component is not in {}; nothing was replayed; put it there, or name the state folder of the host that ran it with --state",
        searched(.places)
    )]
    Missing {
        /// Whose plugin.
        subsystem: String,
        /// Which version.
        version: String,
        /// The first digits of its digest.
        digest: String,
        /// Where it was looked for.
        places: Vec<PathBuf>,
    },
    /// A component is refused.
    #[error("{subsystem}: {what} is refused: {reason}; nothing was replayed; correct it, or name another one")]
    Refused {
        /// Whose plugin.
        subsystem: String,
        /// The file, or the version.
        what: String,
        /// Why.
        reason: String,
    },
    /// A subsystem that nobody knows.
    #[error("the journal knows no subsystem {name}{hint}; nothing was replayed")]
    Unknown {
        /// As it was said.
        name: String,
        /// What may have been meant.
        hint: String,
    },
    /// The file of an interrupted replay.
    #[error("{} {what}; begin from the start with --restart", path.display())]
    Resume {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A thread did not start, or died.
    #[error("a thread of the replay {0}; what it judged is lost; try again")]
    Thread(String),
}

fn searched(places: &[PathBuf]) -> String {
    let places: Vec<String> = places.iter().map(|place| place.display().to_string()).collect();
    places.join(" or in ")
}
