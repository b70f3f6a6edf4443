//! Who is concerned by a change.

use std::collections::BTreeSet;

use bulkhead_journal::PluginRef;
use bulkhead_policy::{HookId, Kind};
use bulkhead_runtime::default_order;

use super::WhatIf;
use crate::inputs::{Source, Survey};

/// Subsystems whose answers are not those of the record any more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Affected(BTreeSet<String>);

impl Affected {
    pub(super) fn by(what_if: &WhatIf, source: &Source, survey: &Survey) -> Self {
        let of = |plugin: &PluginRef| source.identity(*plugin).subsystem;
        let chains: Vec<(HookId, Vec<String>)> =
            survey.hooks.iter().map(|(hook, plugins)| (*hook, plugins.iter().map(of).collect())).collect();
        if what_if.stage.is_some() {
            // Everybody is told of the stage.
            return Self(source.plugins().map(|(_, identity)| identity.subsystem.clone()).collect());
        }
        let mut names: BTreeSet<String> = what_if.swaps.keys().chain(what_if.modes.keys()).cloned().collect();
        // Who was off was asked nowhere, and may now stand in any chain.
        let asked = |name: &&String| chains.iter().any(|(_, chain)| chain.contains(name));
        let new: Vec<String> = what_if.modes.keys().filter(|name| !asked(name)).cloned().collect();
        loop {
            let before = names.len();
            for (hook, chain) in &chains {
                names.extend(behind(*hook, chain, &names, &new));
            }
            if names.len() == before {
                return Self(names);
            }
        }
    }

    pub(super) fn contains(&self, subsystem: &str) -> bool {
        self.0.contains(subsystem)
    }
}

/// Those of a chain who are shown what one of these said. `new` were not in it when it was recorded.
fn behind(hook: HookId, chain: &[String], concerned: &BTreeSet<String>, new: &[String]) -> Vec<String> {
    // All of a veto's chain are asked the same.
    if hook.kind() == Kind::Veto {
        return Vec::new();
    }
    let concerned = chain.iter().filter(|name| concerned.contains(*name));
    let first = concerned.chain(new).map(|name| place(hook, name)).min();
    let Some(first) = first else { return Vec::new() };
    chain.iter().filter(|name| place(hook, name) >= first).cloned().collect()
}

/// Place of a subsystem in a chain; those that the design does not name share the last one.
pub(super) fn place(hook: HookId, subsystem: &str) -> usize {
    let order = default_order(hook);
    order.iter().position(|name| *name == subsystem).unwrap_or(order.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(all: &[&str]) -> Vec<String> {
        all.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn whoever_comes_after_is_concerned_and_whoever_comes_before_is_not() {
        let chain = names(&["ai-hfos", "portfolio-balancer", "experiment", "another"]);
        let of = |name: &str| behind(HookId::PositionSizing, &chain, &BTreeSet::from([name.to_owned()]), &[]);
        assert_eq!(of("portfolio-balancer"), names(&["portfolio-balancer", "experiment", "another"]));
        // Which of two experiments is asked first is the configuration's: both count as behind the other.
        assert_eq!(of("another"), names(&["experiment", "another"]));
        assert!(of("risk-os").is_empty());
        let new = behind(HookId::PositionSizing, &chain, &BTreeSet::new(), &names(&["portfolio-balancer"]));
        assert_eq!(new, of("portfolio-balancer"));
    }

    #[test]
    fn a_veto_shows_nobody_anything() {
        let chain = names(&["risk-os", "ai-hfos"]);
        assert!(behind(HookId::RiskCheck, &chain, &BTreeSet::from(["risk-os".to_owned()]), &[]).is_empty());
    }
}
