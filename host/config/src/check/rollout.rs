//! The stage that acts by itself, with real money, needs a person's word.

use bulkhead_policy::Stage;

use super::Finding;
use crate::{HostConfig, Network};

pub(super) fn check(config: &HostConfig) -> Vec<Finding> {
    let rollout = config.rollout;
    let unnamed =
        config.stage == Stage::Autonomy && rollout.network == Network::Mainnet && !rollout.autonomy_on_mainnet;
    let text = "stage AUTONOMY on the mainnet is not allowed: use stage COORDINATION (profile mainnet), or allow it by \
                name with rollout.autonomy_on_mainnet = true";
    unnamed.then(|| Finding::new(&["stage", "rollout.network"], text.to_owned())).into_iter().collect()
}
