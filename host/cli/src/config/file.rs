//! The shape of `host.toml` and of a profile. Both have the same keys; a profile names only what it changes.

use std::collections::BTreeMap;

use bulkhead_executor::{trading::LoopConfig, venue::VenueConfig};
use bulkhead_policy::{PolicySet, Stage, envelope::EnvelopeLimits, trade::Tier};
use bulkhead_sandbox::Ceilings;
use serde::Deserialize;

use super::subsystem::SubsystemConfig;

/// Everything that can be configured. Without a file: stage OBSERVATION, no subsystem.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct HostConfig {
    /// Stage of the rollout.
    pub(crate) stage: Stage,
    /// What holds after a fault: `seed` or `live`.
    pub(crate) policy: PolicySet,
    /// Ceilings of every plugin's store.
    pub(crate) sandbox: SandboxConfig,
    /// The host's hard limits.
    pub(crate) envelope: EnvelopeLimits,
    /// The loop's base logic. `loop` is a word of the language, hence the name.
    #[serde(rename = "loop")]
    pub(crate) trading: LoopConfig,
    /// The paper venue.
    pub(crate) venue: VenueConfig,
    /// Named slots.
    pub(crate) subsystems: BTreeMap<String, SubsystemConfig>,
    /// What the exchange does not say of a symbol, by its name. Names that are not traded have no effect.
    pub(crate) symbols: BTreeMap<String, SymbolConfig>,
}

/// `[symbols.NAME]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SymbolConfig {
    /// How good the symbol has been; plugins are told.
    pub(crate) tier: Option<Tier>,
    /// Replaces the group of the built-in list.
    pub(crate) sector: Option<String>,
}

impl Default for HostConfig {
    fn default() -> Self {
        Self {
            stage: Stage::Observation,
            policy: PolicySet::Live,
            sandbox: SandboxConfig::default(),
            envelope: EnvelopeLimits::default(),
            trading: LoopConfig::default(),
            venue: VenueConfig::default(),
            subsystems: BTreeMap::new(),
            symbols: BTreeMap::new(),
        }
    }
}

/// Ceilings of every plugin's store.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SandboxConfig {
    /// Linear memory, MiB.
    pub(crate) memory_mib: usize,
    /// Elements of any table.
    pub(crate) table_elements: usize,
    /// KiB that one call may make the host lift.
    pub(crate) lifted_kib: usize,
}

impl Default for SandboxConfig {
    fn default() -> Self {
        let c = Ceilings::default();
        Self { memory_mib: c.memory_bytes >> 20, table_elements: c.table_elements, lifted_kib: c.lifted_bytes >> 10 }
    }
}

impl SandboxConfig {
    /// The ceilings, or one sentence about the key that makes no sense.
    pub(crate) fn ceilings(self) -> Result<Ceilings, String> {
        for (key, value, max) in [
            ("memory_mib", self.memory_mib, 256),
            ("table_elements", self.table_elements, 1_000_000),
            ("lifted_kib", self.lifted_kib, 16 << 10),
        ] {
            if value == 0 || value > max {
                return Err(format!("sandbox.{key} is {value}: use a number from 1 to {max}"));
            }
        }
        Ok(Ceilings {
            memory_bytes: self.memory_mib << 20,
            table_elements: self.table_elements,
            lifted_bytes: self.lifted_kib << 10,
            ..Ceilings::default()
        })
    }
}
