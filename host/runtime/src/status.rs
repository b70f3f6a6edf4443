//! What is known of one subsystem, from real calls.

use bulkhead_policy::{FaultClass, HookId, Mode};

use crate::Refused;

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
    /// It is taken out after repeated faults, or on probation.
    pub quarantined: bool,
    /// The last candidate that was refused since a version was put into service.
    pub refused: Option<Refused>,
}
