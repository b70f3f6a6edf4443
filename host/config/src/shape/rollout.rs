//! `[rollout]`: what the most dangerous stage needs a person's word for.

use serde::{Deserialize, Serialize};

/// Where this configuration trades, and which steps somebody has allowed by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RolloutConfig {
    /// The network that the configuration is meant for.
    pub network: Network,
    /// Stage AUTONOMY on the mainnet.
    pub autonomy_on_mainnet: bool,
    /// `QT_AI_INTEGRATION_STAGE` may say AUTONOMY by one of the original's aliases ENFORCED, FULL and ACTIVE.
    pub autonomy_by_alias: bool,
}

/// Whose money is at stake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Network {
    /// Nobody's: fills are simulated.
    #[default]
    Paper,
    /// Nobody's: an exchange's test network.
    Testnet,
    /// Real money.
    Mainnet,
}
