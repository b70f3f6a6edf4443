//! The stage that acts by itself, with real money, needs a person's word.

use super::Finding;
use crate::HostConfig;

pub(super) fn check(config: &HostConfig) -> Vec<Finding> {
    let unnamed = config.stage > config.highest_stage();
    let text = "stage AUTONOMY on the mainnet is not allowed: use stage COORDINATION (profile mainnet), or allow it by \
                name with rollout.autonomy_on_mainnet = true";
    unnamed.then(|| Finding::new(&["stage", "rollout.network"], text.to_owned())).into_iter().collect()
}
