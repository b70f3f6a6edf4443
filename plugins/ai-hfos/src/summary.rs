//! One sentence for people.

use crate::health::Health;
use crate::names;
use bulkhead_sdk::prelude::*;

pub fn summary(
    mode: RiskMode,
    demanded: RiskMode,
    why: &str,
    health: &Health,
    actions: usize,
    conflicts: usize,
) -> String {
    let heard = match health.mean {
        Some(mean) => format!("mean score {mean:.1} of {} subsystems", health.reporting()),
        None => "no subsystem said anything".into(),
    };
    // Bolder is followed later: say so, or the mode and its reason would contradict each other.
    let wait = if demanded > mode { format!(", on the way to {}", names::mode(demanded)) } else { String::new() };
    let mut text = format!("{}{wait}: {why}; system {}, {heard}", names::mode(mode), names::health(health.system));
    if actions > 0 {
        text.push_str(&format!(", {actions} emergency actions"));
    }
    if conflicts > 0 {
        text.push_str(&format!(", {conflicts} conflicts"));
    }
    text
}
