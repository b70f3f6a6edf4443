//! The shape of `host.toml` and of a profile. Both have the same keys; a profile names only what it changes.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use bulkhead_executor::{trading::LoopConfig, venue::VenueConfig};
use bulkhead_policy::{PolicySet, Stage, envelope::EnvelopeLimits, quarantine::QuarantineRules, trade::Tier};
use bulkhead_sandbox::Ceilings;
use serde::Deserialize;

use super::{journal::JournalConfig, subsystem::SubsystemConfig};

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
    /// New versions while trading goes on.
    pub(crate) reload: ReloadConfig,
    /// When a subsystem is taken out after repeated faults, and how it comes back.
    pub(crate) quarantine: QuarantineRules,
    /// How decisions are recorded.
    pub(crate) journal: JournalConfig,
    /// Named slots.
    pub(crate) subsystems: BTreeMap<String, SubsystemConfig>,
    /// What the exchange does not say of a symbol, by its name. Names that are not traded have no effect.
    pub(crate) symbols: BTreeMap<String, SymbolConfig>,
}

/// `[reload]`
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ReloadConfig {
    /// Watch the plugin files. Without it only SIGHUP looks for new versions.
    pub(crate) watch: bool,
    /// Time between two looks without a hint of the file system, ms.
    poll_ms: u64,
    /// Time for which a file must stay the same before it is tried, ms.
    quiet_ms: u64,
    /// Candidates per minute and subsystem.
    pub(crate) per_minute: u32,
    /// Recorded inputs of each hook that a candidate must answer without a fault.
    pub(crate) recorded_inputs: usize,
}

impl Default for ReloadConfig {
    fn default() -> Self {
        Self { watch: true, poll_ms: 2_000, quiet_ms: 250, per_minute: 12, recorded_inputs: 100 }
    }
}

impl ReloadConfig {
    pub(crate) const fn poll(self) -> Duration {
        Duration::from_millis(self.poll_ms)
    }

    pub(crate) const fn quiet(self) -> Duration {
        Duration::from_millis(self.quiet_ms)
    }

    /// One sentence about the key that makes no sense.
    pub(crate) fn problem(self) -> Option<String> {
        let keys = [
            ("poll_ms", self.poll_ms, 10, 3_600_000),
            ("quiet_ms", self.quiet_ms, 1, 60_000),
            ("per_minute", u64::from(self.per_minute), 1, 6_000),
            ("recorded_inputs", self.recorded_inputs as u64, 0, 100_000),
        ];
        keys.into_iter()
            .find(|(_, value, min, max)| !(*min..=*max).contains(value))
            .map(|(key, value, min, max)| format!("reload.{key} is {value}: use a number from {min} to {max}"))
    }
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
            reload: ReloadConfig::default(),
            quarantine: QuarantineRules::default(),
            journal: JournalConfig::default(),
            subsystems: BTreeMap::new(),
            symbols: BTreeMap::new(),
        }
    }
}

/// Ceilings of every plugin's store, and where compiled code is kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SandboxConfig {
    /// Linear memory, MiB.
    pub(crate) memory_mib: usize,
    /// Elements of any table.
    pub(crate) table_elements: usize,
    /// KiB that one call may make the host lift.
    pub(crate) lifted_kib: usize,
    /// Folder of compiled code. Default: `code` in the state folder; empty: none is kept.
    code_cache: Option<PathBuf>,
}

impl Default for SandboxConfig {
    fn default() -> Self {
        let c = Ceilings::default();
        Self {
            memory_mib: c.memory_bytes >> 20,
            table_elements: c.table_elements,
            lifted_kib: c.lifted_bytes >> 10,
            code_cache: None,
        }
    }
}

impl SandboxConfig {
    /// Where compiled code is kept, if it is.
    pub(crate) fn code_cache(&self, state: &Path) -> Option<PathBuf> {
        let folder = self.code_cache.clone().unwrap_or_else(|| state.join("code"));
        Some(folder).filter(|folder| !folder.as_os_str().is_empty())
    }

    /// The ceilings, or one sentence about the key that makes no sense.
    pub(crate) fn ceilings(&self) -> Result<Ceilings, String> {
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
