//! A registry of one plugin whose dials outlive it.

use std::{fs, path::PathBuf};

use bulkhead_policy::{PolicySet, Stage, envelope::LimitKey};
use bulkhead_runtime::{LimitsRefused, Procedure, Registry, RegistryOptions, SubsystemSpec, Versions, Wish};
use bulkhead_tests::{Lab, bad::BASE, keeper, lab};

pub(crate) const NAME: &str = keeper::NAME;

pub(crate) fn wish() -> Wish {
    Wish { actor: "ann".to_owned(), reason: "a test".to_owned(), downgrade: false }
}

/// A folder in which hosts begin and end.
pub(crate) struct Stand {
    pub(crate) lab: Lab,
    pub(crate) spec: SubsystemSpec,
    pub(crate) options: RegistryOptions,
}

impl Stand {
    /// Subsystem `keeper`, enforced, in this stage.
    pub(crate) fn new(stage: Stage) -> Self {
        let lab = Lab::default();
        let spec = keeper::spec(lab.file("keeper.wasm", &keeper::component(BASE)), &[]);
        Self { lab, spec, options: lab::options(stage, PolicySet::Live) }
    }

    pub(crate) fn versions(&self) -> Versions {
        lab::with_dials(&self.lab.state())
    }

    /// A host begins. The one before has ended.
    pub(crate) fn start(&self) -> Registry {
        self.lab.try_versioned_with(self.options.clone(), vec![self.spec.clone()], self.versions()).unwrap()
    }

    pub(crate) fn dials(&self) -> PathBuf {
        self.lab.state().join("dials.json")
    }

    /// Nothing can be written any more.
    pub(crate) fn fill_disk(&self) {
        fs::create_dir(self.lab.state().join("dials.new")).unwrap();
    }

    pub(crate) fn make_room(&self) {
        fs::remove_dir(self.lab.state().join("dials.new")).unwrap();
    }
}

/// Changes one limit without the release procedure.
pub(crate) fn tighten(registry: &Registry, key: LimitKey, value: f64) -> Result<Option<String>, LimitsRefused> {
    let change = [(key, value)].into();
    registry.set_limits(&change, Procedure::Tighten { seen: None }, &wish()).map(|(_, recorded)| recorded.lost)
}

/// Changes one limit by the release procedure.
pub(crate) fn release(registry: &Registry, key: LimitKey, value: f64) -> Result<(), LimitsRefused> {
    let seen = registry.limits_now().generation;
    registry.set_limits(&[(key, value)].into(), Procedure::Release { seen }, &wish()).map(drop)
}
