//! Where a value comes from. The order of the variants is the order of the layers.

use std::{fmt, path::Path, sync::Arc};

/// The layer and the place that set a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// The configuration file.
    File {
        /// Its path, as it was given.
        file: Arc<Path>,
        /// Counted from 1.
        line: usize,
    },
    /// The profile over it.
    Profile {
        /// Its path.
        file: Arc<Path>,
        /// Counted from 1.
        line: usize,
    },
    /// A variable of the environment, by its name.
    Variable(Arc<str>),
    /// An argument, as a person recognises it.
    CommandLine(Arc<str>),
}

impl Origin {
    /// Which layer: a higher one replaces what a lower one set.
    pub(crate) const fn layer(&self) -> u8 {
        match self {
            Self::Default => 0,
            Self::File { .. } => 1,
            Self::Profile { .. } => 2,
            Self::Variable(_) => 3,
            Self::CommandLine(_) => 4,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { file, line } | Self::Profile { file, line } => {
                write!(f, "{}, line {line}", file.display())
            }
            Self::Variable(name) | Self::CommandLine(name) => f.write_str(name),
        }
    }
}
