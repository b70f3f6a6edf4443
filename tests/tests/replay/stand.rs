//! What the tests of this program share: journals that are worth replaying, and how they are replayed.

use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use bulkhead_policy::{Mode, Stage};
use bulkhead_replay::{
    ReplayError,
    inputs::{Components, Source, Survey},
    run::{Ended, Options, Proof, prove},
};
use bulkhead_tests::{Ran, Scenario, components, lab};
use serde_json::json;

/// Subsystems of which several keep state, report, or stand behind another one in a chain.
pub(crate) const CAST: [&str; 8] = [
    "universe-os",
    "risk-os",
    "orchestrator",
    "ai-hfos",
    "portfolio-balancer",
    "aelm",
    "position-intelligence",
    "self-healing",
];

/// A run of the loop with everybody who matters.
pub(crate) fn ran(stage: Stage) -> Ran {
    let none = || json!({});
    CAST.iter().fold(Scenario::base(stage), |scenario, name| scenario.with(name, Mode::Enforced, none())).run()
}

/// A journal, ready to be replayed.
pub(crate) struct Stand {
    pub(crate) source: Source,
    pub(crate) survey: Survey,
    pub(crate) components: Components,
}

impl Stand {
    /// With the components that the tests were built with.
    pub(crate) fn of(journal: &Path) -> Self {
        Self::with(journal, None, &[components::folder(), components::folder().join("guests")])
    }

    /// With the components of a store.
    pub(crate) fn with(journal: &Path, store: Option<&Path>, folders: &[PathBuf]) -> Self {
        let source = Source::open(journal).unwrap();
        let survey = Survey::of(&source).unwrap();
        let components = Components::new(lab::sandbox().clone(), store, folders);
        Self { source, survey, components }
    }

    /// Replays it to its end.
    pub(crate) fn prove(&self, threads: usize) -> Result<Ended, ReplayError> {
        self.prove_until(threads, None, u64::MAX)
    }

    /// Replays it until so many calls were read.
    pub(crate) fn prove_until(&self, threads: usize, kept: Option<&Path>, calls: u64) -> Result<Ended, ReplayError> {
        let stop = AtomicBool::new(false);
        let threads = NonZeroUsize::new(threads).unwrap();
        let options = Options { threads, kept: kept.map(Path::to_owned), stop: &stop };
        let mut seen = |read: u64| {
            if read >= calls {
                stop.store(true, Ordering::Relaxed);
            }
        };
        prove(&self.source, &self.survey, &self.components, &options, &mut seen)
    }

    /// Replays it, and all of it is as it was recorded.
    pub(crate) fn assert_identical(&self) -> Proof {
        let ended = self.prove(2).unwrap();
        let proof = ended.proof;
        assert!(ended.whole && proof.identical(), "{:#?}", proof.first);
        assert_eq!(proof.calls, self.survey.calls);
        assert!(proof.untold.is_empty(), "{:?}", proof.untold);
        proof
    }
}
