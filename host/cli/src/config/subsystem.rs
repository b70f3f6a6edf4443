//! `[subsystems.NAME]`

use std::{collections::BTreeMap, path::Path, time::Duration};

use bulkhead_policy::{HookId, Limits, Mode, OnFault, Stage};
use bulkhead_runtime::{StageBinding, SubsystemSpec};
use bulkhead_sandbox::{Budget, Grants, Instancing};
use serde::Deserialize;

use super::load::merge;

/// A named slot.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SubsystemConfig {
    /// Component file in the plugin folder. Default: the slot's name and `.wasm`.
    plugin: Option<String>,
    /// OFF, OBSERVE, ADVISORY or ENFORCED.
    pub(crate) mode: Mode,
    /// Hooks it is asked. Default: all that the plugin answers.
    hooks: Vec<HookId>,
    /// A new store for each call: for plugins that are not trusted to keep state.
    experimental: bool,
    /// What it may import.
    grants: GrantsConfig,
    /// Budget of a hook call.
    budget: BudgetConfig,
    /// What it may loosen, per hook.
    loosen: BTreeMap<HookId, LoosenConfig>,
    /// What holds after a fault, per hook; other hooks follow the policy.
    on_fault: BTreeMap<HookId, OnFault>,
    /// How long a last good answer stands in, ms.
    last_good_ms: u64,
    /// Handed to the plugin's `configure`.
    config: toml::Table,
    /// Stages with a plugin or a configuration of their own.
    stages: BTreeMap<Stage, StageConfig>,
}

/// `[subsystems.NAME.stages.STAGE]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct StageConfig {
    /// Component file in the plugin folder. Default: that of the subsystem.
    plugin: Option<String>,
    /// Handed to the plugin's `configure`: all of it where the stage has another plugin, else laid over the
    /// subsystem's.
    config: toml::Table,
}

impl Default for SubsystemConfig {
    fn default() -> Self {
        Self {
            plugin: None,
            mode: Mode::Off,
            hooks: Vec::new(),
            experimental: false,
            grants: GrantsConfig::default(),
            budget: BudgetConfig::default(),
            loosen: BTreeMap::new(),
            on_fault: BTreeMap::new(),
            last_good_ms: 120_000,
            config: toml::Table::new(),
            stages: BTreeMap::new(),
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct GrantsConfig {
    log: bool,
}

impl Default for GrantsConfig {
    fn default() -> Self {
        Self { log: Grants::default().log }
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct BudgetConfig {
    fuel: u64,
    cpu_ms: u64,
    wall_ms: u64,
}

impl Default for BudgetConfig {
    fn default() -> Self {
        let ms = |d: Duration| u64::try_from(d.as_millis()).unwrap_or(u64::MAX);
        Self { fuel: Budget::CALL.fuel, cpu_ms: ms(Budget::CALL.cpu), wall_ms: ms(Budget::CALL.wall) }
    }
}

/// A grant to loosen. What is not named stays tighten-only.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LoosenConfig {
    /// Largest size as a factor of the base size.
    size_cap: Option<f64>,
    /// Lowest threshold; the threshold may fall under the base down to it.
    threshold_floor: Option<f64>,
    /// Widest stop as a factor of the base stop.
    stop_cap: Option<f64>,
    /// Largest addition to a position as a share of it.
    add_size_cap: Option<f64>,
}

impl LoosenConfig {
    /// The limits it grants.
    pub(crate) fn limits(self) -> Limits {
        let tight = Limits::default();
        Limits {
            size_cap: self.size_cap.unwrap_or(tight.size_cap),
            loosen_threshold: self.threshold_floor.is_some(),
            threshold_floor: self.threshold_floor.unwrap_or(tight.threshold_floor),
            stop_cap: self.stop_cap.unwrap_or(tight.stop_cap),
            add_size_cap: self.add_size_cap.unwrap_or(tight.add_size_cap),
        }
    }

    /// One sentence about the key that makes no sense.
    pub(crate) fn problem(self) -> Option<String> {
        // Under 1 the base itself would be a breach.
        let keys = [
            ("size_cap", self.size_cap, 1.0, 10.0),
            ("threshold_floor", self.threshold_floor, 0.0, 1.0),
            ("stop_cap", self.stop_cap, 1.0, 10.0),
            ("add_size_cap", self.add_size_cap, 0.0, 10.0),
        ];
        keys.into_iter()
            .find_map(|(key, value, min, max)| value.filter(|v| !(min..=max).contains(v)).map(|v| (key, v, min, max)))
            .map(|(key, value, min, max)| format!("{key} is {value}: use a number from {min} to {max}"))
    }
}

impl SubsystemConfig {
    /// The specification for the registry, or one sentence about what makes no sense.
    pub(crate) fn spec(&self, name: &str, plugins: &Path) -> Result<SubsystemSpec, String> {
        for (hook, loosen) in &self.loosen {
            if let Some(problem) = loosen.problem() {
                return Err(format!("subsystems.{name}.loosen.{hook}.{problem}"));
            }
        }
        if self.budget.fuel == 0 || self.budget.cpu_ms == 0 || self.budget.wall_ms < self.budget.cpu_ms {
            return Err(format!(
                "subsystems.{name}.budget: fuel and cpu_ms must be over 0 and wall_ms at least cpu_ms (they are {}, {} and {})",
                self.budget.fuel, self.budget.cpu_ms, self.budget.wall_ms
            ));
        }
        let stages = self.stages.iter().map(|(stage, own)| Ok((*stage, self.bound_in(own, name, *stage, plugins)?)));
        let stages = stages.collect::<Result<_, String>>()?;
        Ok(SubsystemSpec {
            name: name.to_owned(),
            file: plugins.join(self.file(name)),
            mode: self.mode,
            config: json(&self.config, &format!("subsystems.{name}"))?,
            hooks: self.hooks.clone(),
            stages,
            grants: Grants { log: self.grants.log },
            instancing: if self.experimental { Instancing::Fresh } else { Instancing::RESIDENT },
            budget: Budget {
                fuel: self.budget.fuel,
                cpu: Duration::from_millis(self.budget.cpu_ms),
                wall: Duration::from_millis(self.budget.wall_ms),
            },
            limits: self.loosen.iter().map(|(hook, loosen)| (*hook, loosen.limits())).collect(),
            on_fault: self.on_fault.clone(),
            last_good_ms: self.last_good_ms,
        })
    }

    fn file(&self, name: &str) -> String {
        self.plugin.clone().unwrap_or_else(|| format!("{name}.wasm"))
    }

    fn bound_in(&self, own: &StageConfig, name: &str, stage: Stage, plugins: &Path) -> Result<StageBinding, String> {
        let base = if own.plugin.is_some() { toml::Table::new() } else { self.config.clone() };
        Ok(StageBinding {
            file: plugins.join(own.plugin.clone().unwrap_or_else(|| self.file(name))),
            config: json(&merge(base, own.config.clone()), &format!("subsystems.{name}.stages.{stage}"))?,
        })
    }
}

fn json(table: &toml::Table, of: &str) -> Result<serde_json::Value, String> {
    serde_json::to_value(table).map_err(|e| format!("{of}.config cannot be written as JSON: {e}"))
}
