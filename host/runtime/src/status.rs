//! What is known of one subsystem, from real calls.

use std::{path::PathBuf, time::Duration};

use bulkhead_policy::{FaultClass, HookId, Mode, alarm::AlarmKind};

use crate::{Refused, ShadowStatus};

/// State of one subsystem.
#[derive(Clone, Debug)]
pub struct SubsystemStatus {
    /// Its name.
    pub name: String,
    /// Its mode.
    pub mode: Mode,
    /// Name of the plugin that serves.
    pub plugin: String,
    /// Its version.
    pub version: String,
    /// Its digest.
    pub digest: String,
    /// Hooks it is asked.
    pub hooks: Vec<HookId>,
    /// The file it is bound to in this stage.
    pub file: PathBuf,
    /// Hook calls that reached it.
    pub calls: u64,
    /// Of these, faults.
    pub faults: u64,
    /// Faults since its last good answer.
    pub faults_in_a_row: u32,
    /// Class and text of the last fault.
    pub last_fault: Option<(FaultClass, String)>,
    /// Event time of its last good answer. `None`: enabled but never answered.
    pub last_answer_ms: Option<u64>,
    /// Most fuel of one call.
    pub peak_fuel: u64,
    /// Fuel granted per call.
    pub fuel_budget: u64,
    /// CPU time granted per call.
    pub cpu_budget: Duration,
    /// Versions that came into service after the first, since the start.
    pub versions: u64,
    /// Candidates that were refused, since the start.
    pub refusals: u64,
    /// It is taken out after repeated faults, or on probation.
    pub quarantined: bool,
    /// The last candidate that was refused since a version was put into service.
    pub refused: Option<Refused>,
    /// Event time, epoch ms, until which faults bring back the version before this one.
    pub trial_until_ms: Option<u64>,
    /// A candidate that runs beside it.
    pub shadow: Option<ShadowStatus>,
    /// What is strange about its answers.
    pub alarms: Vec<(HookId, AlarmKind)>,
}
