//! Yes or no, and why.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Activation, Health, Judged, Measured, step};
use crate::Stage;

/// One question, what was wanted, what was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The stage whose records were looked at. Absent: the host as it stands.
    pub shown_in: Option<Stage>,
    /// Its name, as in the configuration where it has a threshold.
    pub name: String,
    /// What was wanted.
    pub wanted: String,
    /// What was found.
    pub found: String,
    /// Whether that is enough.
    pub passed: bool,
}

impl Check {
    pub(super) fn now(name: &str, wanted: impl Into<String>, found: impl Into<String>, passed: bool) -> Self {
        Self { shown_in: None, name: name.to_owned(), wanted: wanted.into(), found: found.into(), passed }
    }
}

/// Whether a stage may be activated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The stage in force.
    pub stage: Stage,
    /// The stage asked for.
    pub target: Stage,
    /// Every check has passed.
    pub yes: bool,
    /// What was checked. Empty for a step down.
    pub checks: Vec<Check>,
}

impl Verdict {
    /// Every check that failed.
    pub fn reasons(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| !check.passed)
    }
}

/// Judges a step from the host's stage to `target`. `measured` holds what was recorded in each stage, `judged` what a
/// person has checked. A step down, or none, needs nothing.
#[must_use]
pub fn verdict(
    target: Stage,
    criteria: &Activation,
    measured: &BTreeMap<Stage, Measured>,
    health: &Health,
    judged: &BTreeSet<Judged>,
) -> Verdict {
    let stage = health.stage;
    let mut checks = Vec::new();
    if target > stage {
        checks = health.checks(target);
        let nothing = Measured::default();
        for (shown, leads, asked) in criteria.steps(stage, target) {
            let step = step::Step { shown, leads, asked, measured: measured.get(&shown).unwrap_or(&nothing), health };
            checks.extend(step.checks());
            checks.extend(step.judged(judged));
        }
    }
    Verdict { stage, target, yes: checks.iter().all(|check| check.passed), checks }
}
