//! Records of what instances were given beside their hook calls, and of the directives that calls speak of: without them a
//! call could not be made again.

use bulkhead_policy::{FaultClass, Mode, RiskMode, Stage};
use serde::{Deserialize, Serialize};

use crate::{
    PluginRef,
    blob::{bytes, optional_bytes},
};

/// A step in the life of an instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuestRecord {
    /// Epoch ms UTC of the market's data.
    pub event_time_ms: u64,
    /// What it is an instance of.
    pub plugin: PluginRef,
    /// Its number: that of the record with which it was born, which has 0 here itself.
    pub instance: u64,
    /// Entries into the guest up to this one; of a birth, up to now.
    pub turn: u32,
    /// What happened.
    pub step: GuestStep,
}

/// What happened to an instance. The order of variants is part of the format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GuestStep {
    /// It was made and set up, and is about to be asked for the first time.
    Born,
    /// It tested itself.
    SelfTested,
    /// It was given the state of another version.
    Restored {
        /// Layout of the state.
        schema: u32,
        /// The state.
        #[serde(with = "bytes")]
        state: Vec<u8>,
    },
    /// Its state was taken, and it went on.
    Snapshot,
    /// It reported to the coordinator.
    Reported {
        /// Cycle of the trading loop.
        cycle: u64,
        /// Stage of the rollout.
        stage: Stage,
        /// Mode of its subsystem.
        mode: Mode,
        /// The coordinator's risk mode.
        risk_mode: RiskMode,
        /// Directives in force: id and age in ms.
        directive: Option<(u64, u64)>,
        /// Postcard of the report. Absent when it failed.
        #[serde(with = "optional_bytes")]
        report: Option<Vec<u8>>,
        /// How it failed.
        fault: Option<FaultClass>,
    },
}

/// Directives of the coordinator come into force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectivesRecord {
    /// Epoch ms UTC: their age is counted from here.
    pub event_time_ms: u64,
    /// What calls know them by, until the host ends.
    pub id: u64,
    /// Postcard of what every hook is told of them, at age 0.
    #[serde(with = "bytes")]
    pub numbers: Vec<u8>,
}
