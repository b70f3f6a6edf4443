//! Everything that can be configured. A file and a profile have the same keys; a profile names only what it changes.

use std::collections::BTreeMap;

use bulkhead_executor::{trading::LoopConfig, venue::VenueConfig};
use bulkhead_policy::{
    Brake, PolicySet, Stage, activation::Activation, alarm::AlarmRules, envelope::EnvelopeLimits,
    promotion::PromotionRules, quarantine::QuarantineRules, trade::Tier,
};
use bulkhead_server::ServerConfig;
use serde::{Deserialize, Serialize};

use super::{JournalConfig, LogConfig, Network, ReloadConfig, RolloutConfig, SandboxConfig, SubsystemConfig};

/// The whole. Without a file: stage OBSERVATION, no subsystem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HostConfig {
    /// Stage of the rollout.
    pub stage: Stage,
    /// What holds after a fault: `seed` or `live`.
    pub policy: PolicySet,
    /// Engaged at the start. `released` lifts nothing that is engaged already.
    pub brake: Brake,
    /// What the stage needs a person's word for.
    pub rollout: RolloutConfig,
    /// What is written to the standard error.
    pub log: LogConfig,
    /// Ceilings of every plugin's store.
    pub sandbox: SandboxConfig,
    /// The host's hard limits.
    pub envelope: EnvelopeLimits,
    /// The loop's base logic. `loop` is a word of the language, hence the name.
    #[serde(rename = "loop")]
    pub trading: LoopConfig,
    /// The paper venue.
    pub venue: VenueConfig,
    /// New versions while trading goes on.
    pub reload: ReloadConfig,
    /// Where the host is reached over the network.
    pub server: ServerConfig,
    /// How decisions are recorded.
    pub journal: JournalConfig,
    /// When a subsystem is taken out after repeated faults, and how it comes back.
    pub quarantine: QuarantineRules,
    /// What a candidate must show in the shadow before it may serve.
    pub promotion: PromotionRules,
    /// What must have been shown before a stage is activated.
    pub activation: Activation,
    /// When answers are strange, though no faults.
    pub alarms: AlarmRules,
    /// Named slots.
    pub subsystems: BTreeMap<String, SubsystemConfig>,
    /// What the exchange does not say of a symbol, by its name. Names that are not traded have no effect.
    pub symbols: BTreeMap<String, SymbolConfig>,
}

impl HostConfig {
    /// The highest stage that a person's word allows, at the start and while the host runs.
    #[must_use]
    pub fn highest_stage(&self) -> Stage {
        let unnamed = self.rollout.network == Network::Mainnet && !self.rollout.autonomy_on_mainnet;
        if unnamed { Stage::Coordination } else { Stage::Autonomy }
    }
}

impl Default for HostConfig {
    fn default() -> Self {
        Self {
            stage: Stage::Observation,
            policy: PolicySet::Live,
            brake: Brake::Released,
            rollout: RolloutConfig::default(),
            log: LogConfig::default(),
            sandbox: SandboxConfig::default(),
            envelope: EnvelopeLimits::default(),
            trading: LoopConfig::default(),
            venue: VenueConfig::default(),
            reload: ReloadConfig::default(),
            server: ServerConfig::default(),
            journal: JournalConfig::default(),
            quarantine: QuarantineRules::default(),
            promotion: PromotionRules::default(),
            activation: Activation::default(),
            alarms: AlarmRules::default(),
            subsystems: BTreeMap::new(),
            symbols: BTreeMap::new(),
        }
    }
}

/// `[symbols.NAME]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SymbolConfig {
    /// How good the symbol has been; plugins are told.
    pub tier: Option<Tier>,
    /// Replaces the group of the built-in list.
    pub sector: Option<String>,
}
