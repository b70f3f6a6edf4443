//! What is to be otherwise.

use std::collections::BTreeMap;

use bulkhead_policy::{Mode, Stage};
use bulkhead_runtime::{RecordedSetup, version::Candidate};

use crate::{ReplayError, inputs::Source};

/// What a subsystem is to be made from. What is absent stays as it was recorded.
#[derive(Clone, Debug, Default)]
pub struct Swap {
    /// Another component.
    pub component: Option<Candidate>,
    /// Another configuration, other limits, another budget … Its `symbols` are not read: the table is the recorded one.
    pub setup: Option<RecordedSetup>,
}

/// What is to be otherwise than it was recorded.
#[derive(Clone, Debug, Default)]
pub struct WhatIf {
    /// By subsystem.
    pub swaps: BTreeMap<String, Swap>,
    /// Modes, by subsystem, throughout.
    pub modes: BTreeMap<String, Mode>,
    /// The stage, throughout.
    pub stage: Option<Stage>,
}

impl WhatIf {
    /// Whether everything is to be as it was.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.swaps.is_empty() && self.modes.is_empty() && self.stage.is_none()
    }

    pub(super) fn check(&self, source: &Source) -> Result<(), ReplayError> {
        self.swaps.keys().chain(self.modes.keys()).try_for_each(|name| source.known(name))
    }
}
