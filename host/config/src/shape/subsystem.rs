//! `[subsystems.NAME]`

use std::{collections::BTreeMap, path::Path, time::Duration};

use bulkhead_policy::{HookId, Limits, Mode, OnFault, Stage};
use bulkhead_runtime::{StageBinding, SubsystemSpec};
use bulkhead_sandbox::{Budget, Grants, Instancing};
use serde::{Deserialize, Serialize};

use super::stage::{StageConfig, merge};

/// A named slot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SubsystemConfig {
    /// Component file in the plugin folder. Default: the slot's name and `.wasm`.
    pub plugin: Option<String>,
    /// Whether it is on at all. Off is off, whatever the mode; a slot that does not say is on.
    pub enabled: bool,
    /// OFF, OBSERVE, ADVISORY or ENFORCED.
    pub mode: Mode,
    /// Hooks it is asked. Default: all that the plugin answers.
    pub hooks: Vec<HookId>,
    /// A new store for each call: for plugins that are not trusted to keep state.
    pub experimental: bool,
    /// What it may import.
    pub grants: GrantsConfig,
    /// Budget of a hook call.
    pub budget: BudgetConfig,
    /// What it may loosen, per hook.
    pub loosen: BTreeMap<HookId, LoosenConfig>,
    /// What holds after a fault, per hook; other hooks follow the policy.
    pub on_fault: BTreeMap<HookId, OnFault>,
    /// How long a last good answer stands in, ms.
    pub last_good_ms: u64,
    /// Handed to the plugin's `configure`.
    pub config: toml::Table,
    /// Stages with a plugin or a configuration of their own.
    pub stages: BTreeMap<Stage, StageConfig>,
}

impl Default for SubsystemConfig {
    fn default() -> Self {
        Self {
            plugin: None,
            enabled: true,
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

/// What a plugin may import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GrantsConfig {
    /// Lines to the host's log, rate- and size-limited.
    pub log: bool,
}

impl Default for GrantsConfig {
    fn default() -> Self {
        Self { log: Grants::default().log }
    }
}

/// What one call may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BudgetConfig {
    /// Instructions, roughly. Over 0.
    pub fuel: u64,
    /// Time on a processor, ms. Over 0.
    pub cpu_ms: u64,
    /// Time by the clock, ms. At least `cpu_ms`.
    pub wall_ms: u64,
}

impl Default for BudgetConfig {
    fn default() -> Self {
        let ms = |d: Duration| u64::try_from(d.as_millis()).unwrap_or(u64::MAX);
        Self { fuel: Budget::CALL.fuel, cpu_ms: ms(Budget::CALL.cpu), wall_ms: ms(Budget::CALL.wall) }
    }
}

/// A grant to loosen. What is not named stays tighten-only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LoosenConfig {
    /// Largest size as a factor of the base size.
    pub size_cap: Option<f64>,
    /// Lowest threshold; the threshold may fall under the base down to it.
    pub threshold_floor: Option<f64>,
    /// Widest stop as a factor of the base stop.
    pub stop_cap: Option<f64>,
    /// Largest addition to a position as a share of it.
    pub add_size_cap: Option<f64>,
}

impl LoosenConfig {
    /// The limits it grants.
    #[must_use]
    pub fn limits(self) -> Limits {
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
    #[must_use]
    pub fn problem(self) -> Option<String> {
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
    /// What it may do: its mode, or OFF when it is not enabled.
    #[must_use]
    pub const fn effective_mode(&self) -> Mode {
        if self.enabled { self.mode } else { Mode::Off }
    }

    /// The specification for the registry.
    ///
    /// # Errors
    /// One sentence about what makes no sense.
    pub fn spec(&self, name: &str, plugins: &Path) -> Result<SubsystemSpec, String> {
        if let Some(problem) = self.problem(name) {
            return Err(problem);
        }
        let stages = self.stages.iter().map(|(stage, own)| Ok((*stage, self.bound_in(own, name, *stage, plugins)?)));
        let stages = stages.collect::<Result<_, String>>()?;
        Ok(SubsystemSpec {
            name: name.to_owned(),
            file: plugins.join(self.file(name)),
            mode: self.effective_mode(),
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

    /// One sentence, beginning with the key, about what makes no sense.
    pub(crate) fn problem(&self, name: &str) -> Option<String> {
        let loosened = self
            .loosen
            .iter()
            .find_map(|(hook, loosen)| loosen.problem().map(|p| format!("subsystems.{name}.loosen.{hook}.{p}")));
        let b = &self.budget;
        let budget = (b.fuel == 0 || b.cpu_ms == 0 || b.wall_ms < b.cpu_ms).then(|| {
            format!(
                "subsystems.{name}.budget: fuel and cpu_ms must be over 0 and wall_ms at least cpu_ms (they are {}, {} and {})",
                b.fuel, b.cpu_ms, b.wall_ms
            )
        });
        loosened.or(budget)
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
