//! What a stage has of its own for a subsystem.

use serde::{Deserialize, Serialize};

/// `[subsystems.NAME.stages.STAGE]`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StageConfig {
    /// Component file in the plugin folder. Default: that of the subsystem.
    pub plugin: Option<String>,
    /// Handed to the plugin's `configure`: all of it where the stage has another plugin, else laid over the
    /// subsystem's.
    pub config: toml::Table,
}

/// Lays `over` on `base`: tables are joined, everything else is replaced.
pub(super) fn merge(mut base: toml::Table, over: toml::Table) -> toml::Table {
    for (key, value) in over {
        let merged = match (base.remove(&key), value) {
            (Some(toml::Value::Table(a)), toml::Value::Table(b)) => toml::Value::Table(merge(a, b)),
            (_, value) => value,
        };
        base.insert(key, merged);
    }
    base
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_joined_and_values_replaced() {
        let table = |text: &str| text.parse::<toml::Table>().unwrap();
        let merged = merge(table("a = 1\n[t]\nx = 1\ny = [1, 2]"), table("b = 2\n[t]\ny = [3]"));
        assert_eq!(merged, table("a = 1\nb = 2\n[t]\nx = 1\ny = [3]"));
    }
}
