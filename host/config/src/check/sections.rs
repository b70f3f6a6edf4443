//! Each section by itself: what its own struct can say.

use super::Finding;
use crate::HostConfig;

/// The first thing that makes no sense in each section, with the key at its beginning.
pub(super) fn check(config: &HostConfig) -> Vec<Finding> {
    let envelope = config.envelope.positive().err().map(|e| format!("envelope.{}: {}", e.limit, e.problem));
    let subsystems = config.subsystems.iter().filter_map(|(name, subsystem)| subsystem.problem(name));
    [
        envelope,
        config.trading.validated().err(),
        config.venue.validate().err().map(|e| e.to_string()),
        config.quarantine.validated().err(),
        config.promotion.validated().err(),
        config.activation.validated().err(),
        config.alarms.validated().err(),
        config.reload.problem(),
        config.journal.problem(),
        config.server.problem(),
        config.sandbox.ceilings().err(),
    ]
    .into_iter()
    .flatten()
    .chain(subsystems)
    .map(Finding::about)
    .collect()
}
