//! Health as it is answered. The names of the fields are those of the original.

use std::collections::BTreeMap;

use bulkhead_policy::{Mode, PolicySet, Stage};
use serde::Serialize;

use crate::view::{BrakeView, FaultView};

/// What a subsystem does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// Switched off.
    Off,
    /// It answers.
    Serving,
    /// Switched on, and nobody has ever asked it.
    NeverCalled,
    /// Its last answer is old, in time of the market.
    Silent,
    /// Its last call was a fault.
    Failing,
    /// Taken out after repeated faults, or on probation.
    Quarantined,
}

/// `/health/ai`
#[derive(Clone, Debug, Serialize)]
pub(crate) struct HealthView {
    pub(crate) status: &'static str,
    pub(crate) timestamp_ms: u64,
    pub(crate) initialized: bool,
    pub(crate) integration_stage: Stage,
    pub(crate) policy: PolicySet,
    pub(crate) services: BTreeMap<String, State>,
    pub(crate) enabled_subsystems: Vec<String>,
    pub(crate) emergency_brake: BrakeView,
    pub(crate) problems: Vec<String>,
}

/// `/health/ai/integration`
#[derive(Clone, Debug, Serialize)]
pub(crate) struct IntegrationView {
    pub(crate) status: &'static str,
    pub(crate) timestamp_ms: u64,
    pub(crate) integration_stage: Stage,
    pub(crate) enabled_subsystems: Vec<String>,
    pub(crate) emergency_brake: BrakeView,
    pub(crate) subsystem_health: BTreeMap<String, SubsystemHealth>,
}

/// One subsystem's health.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SubsystemHealth {
    pub(crate) state: State,
    pub(crate) mode: Mode,
    pub(crate) version: String,
    pub(crate) calls: u64,
    pub(crate) faults: u64,
    /// Absent: it never answered.
    pub(crate) last_answer_age_ms: Option<u64>,
    pub(crate) last_fault: Option<FaultView>,
}
