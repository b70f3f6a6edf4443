//! Health as it is answered. The names of the fields are those of the original.

use std::collections::BTreeMap;

use bulkhead_policy::{Mode, PolicySet, Stage};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    openapi::schema,
    view::{BrakeView, FaultView, Standing},
};

/// How the subsystems do, in the words of the original.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct HealthView {
    /// `ok`, `degraded` or `braked`.
    pub(crate) status: &'static str,
    /// Event time of the latest hook call; 0 before the first.
    pub(crate) timestamp_ms: u64,
    /// Always true: a host that is not does not answer.
    pub(crate) initialized: bool,
    /// Stage of the rollout.
    #[schema(value_type = schema::Stage)]
    pub(crate) integration_stage: Stage,
    /// What holds after a fault.
    #[schema(value_type = schema::PolicySet)]
    pub(crate) policy: PolicySet,
    /// What each subsystem does.
    pub(crate) services: BTreeMap<String, Standing>,
    /// Subsystems that are not off.
    pub(crate) enabled_subsystems: Vec<String>,
    /// The brake.
    pub(crate) emergency_brake: BrakeView,
    /// Why the host does not do what it is there for.
    pub(crate) problems: Vec<String>,
}

/// How the subsystems do, one by one.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct IntegrationView {
    /// `ok`, `degraded` or `braked`.
    pub(crate) status: &'static str,
    /// Event time of the latest hook call; 0 before the first.
    pub(crate) timestamp_ms: u64,
    /// Stage of the rollout.
    #[schema(value_type = schema::Stage)]
    pub(crate) integration_stage: Stage,
    /// Subsystems that are not off.
    pub(crate) enabled_subsystems: Vec<String>,
    /// The brake.
    pub(crate) emergency_brake: BrakeView,
    /// Each subsystem.
    pub(crate) subsystem_health: BTreeMap<String, SubsystemHealth>,
}

/// One subsystem's health.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SubsystemHealth {
    /// What real calls have shown.
    pub(crate) state: Standing,
    /// What it may do.
    #[schema(value_type = schema::Mode)]
    pub(crate) mode: Mode,
    /// Version that serves.
    pub(crate) version: String,
    /// Hook calls that reached it.
    pub(crate) calls: u64,
    /// Of these, faults.
    pub(crate) faults: u64,
    /// Absent: it never answered.
    pub(crate) last_answer_age_ms: Option<u64>,
    /// The last fault.
    pub(crate) last_fault: Option<FaultView>,
}
