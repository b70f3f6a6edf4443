//! `enabled` and `mode` of a subsystem: OFF wins. A switch that was set and moves nothing is said, never kept quiet.

use std::collections::BTreeMap;

use bulkhead_policy::Mode;

use super::{Finding, stated};
use crate::{HostConfig, Origin, SubsystemConfig, document::Table};

/// Variables named in one note.
const SHOWN: usize = 4;

/// Contradictions, and what variables of the environment wait for.
pub(super) fn check(config: &HostConfig, layers: &Table) -> (Vec<Finding>, Vec<String>) {
    let mut findings = Vec::new();
    for (name, subsystem) in &config.subsystems {
        let [enabled, mode] = ["enabled", "mode"].map(|key| format!("subsystems.{name}.{key}"));
        let layer = |key: &str| layers.find(key.split('.')).map_or(0, |node| node.origin().layer());
        let (said_on, said_mode) = (stated(layers, &enabled, subsystem.enabled), stated(layers, &mode, subsystem.mode));
        let keys = [mode.as_str(), enabled.as_str()];
        if !subsystem.enabled && subsystem.mode != Mode::Off && layer(&mode) > layer(&enabled) {
            let text = format!("{said_mode} would have no effect, because of {said_on}: set {enabled} too");
            findings.push(Finding::new(&keys, text));
        }
        if subsystem.enabled && subsystem.mode == Mode::Off && layer(&enabled) > layer(&mode) {
            let text = format!("{said_on} would have no effect, because of {said_mode}: set {mode} too");
            findings.push(Finding::new(&keys, text));
        }
    }
    // The original's variables have a mode beside `enabled`, and its off wins: that is said as a note.
    findings.retain(|f: &Finding| !f.keys.iter().any(|key| is_variable(layers, key)));
    let notes = waiting(config, layers).iter().map(|(name, variables)| note(name, variables)).collect();
    (findings, notes)
}

fn is_variable(layers: &Table, key: &str) -> bool {
    matches!(layers.find(key.split('.')).map(|node| node.origin()), Some(Origin::Variable(_)))
}

/// Variables that speak of a subsystem that is off, by its name. That it is off is no news to who switched it off.
fn waiting<'a>(config: &HostConfig, layers: &'a Table) -> BTreeMap<String, Vec<&'a str>> {
    let mut waiting: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (key, value, origin) in layers.leaves() {
        let (Origin::Variable(variable), [section, name, rest @ ..]) = (origin, key.as_slice()) else { continue };
        let off = |s: &SubsystemConfig| s.effective_mode() == Mode::Off;
        let switches_off = matches!((rest, value.as_bool()), ([key], Some(false)) if key == "enabled");
        if section == "subsystems" && !switches_off && config.subsystems.get(name).is_some_and(off) {
            waiting.entry(name.clone()).or_default().push(variable);
        }
    }
    waiting
}

fn note(name: &str, variables: &[&str]) -> String {
    let shown = variables.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    let more = variables.len().saturating_sub(SHOWN);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("{shown}{more}: without effect, because subsystem {name} is off")
}
