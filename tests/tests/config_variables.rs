//! Every documented variable, one by one: it changes exactly its key, its example says what holds without it, and the real
//! plugin takes what it sets.

use std::{collections::BTreeMap, path::Path};

use bulkhead_config::{
    Effective, Sources,
    environment::{Kind, Meaning, Variable, variables},
    load,
};
use bulkhead_sandbox::{Grants, Instancing, Pool};
use bulkhead_tests::{components, lab};
use serde_json::Value as Json;
use toml::Value;

fn effective(set: &[(&str, &str)]) -> Effective {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("config/host.toml");
    let environment = set.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect();
    load(&Sources { file, environment, ..Sources::default() }).unwrap_or_else(|problems| panic!("{set:?}: {problems}"))
}

/// Every value by its key.
fn leaves(effective: &Effective) -> BTreeMap<String, Value> {
    fn walk(prefix: &str, table: &toml::Table, into: &mut BTreeMap<String, Value>) {
        for (key, value) in table {
            let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
            match value {
                Value::Table(inner) => walk(&key, inner, into),
                other => drop(into.insert(key, other.clone())),
            }
        }
    }
    let mut all = BTreeMap::new();
    walk("", &effective.show(false).unwrap().parse().unwrap(), &mut all);
    all
}

/// A value that is not the default and can be meant.
fn another(variable: &Variable, kind: Kind) -> String {
    let number: f64 = variable.default.parse().unwrap_or(0.4);
    match kind {
        Kind::Bool => (variable.default != "true").to_string(),
        Kind::Brake => "true".to_owned(),
        Kind::Number | Kind::Fraction | Kind::FractionAsPct | Kind::FactorAsPct => format!("{:.4}", number * 1.1),
        Kind::Count | Kind::SecondsAsMs => format!("{}", number + 1.0),
        Kind::Mode => "ENFORCED".to_owned(),
        Kind::HealingMode | Kind::HealingLevel => "AGGRESSIVE".to_owned(),
        Kind::Stage => "PARTIAL".to_owned(),
        Kind::LogLevel => "DEBUG".to_owned(),
        Kind::Names => "BTCUSDT, ETHUSDT".to_owned(),
    }
}

fn settable() -> impl Iterator<Item = (&'static Variable, &'static [(&'static str, Kind)])> {
    variables().filter_map(|v| match v.meaning {
        Meaning::Sets(targets) => Some((v, targets)),
        _ => None,
    })
}

#[test]
fn each_variable_changes_exactly_its_keys() {
    let base = leaves(&effective(&[]));
    let mut walked = 0;
    for (variable, targets) in settable() {
        let text = format!("{}   # as the example file writes it", another(variable, targets[0].1));
        let with = effective(&[(variable.name, &text)]);
        let after = leaves(&with);
        let changed: Vec<&str> = after
            .iter()
            .filter(|(key, value)| base.get(*key) != Some(*value))
            .map(|(key, _)| key.as_str())
            .chain(base.keys().filter(|key| !after.contains_key(*key)).map(String::as_str))
            .collect();
        let mut expected: Vec<&str> = targets.iter().map(|(key, _)| *key).collect();
        expected.sort_unstable();
        assert_eq!(changed, expected, "{} = {text}", variable.name);
        for key in expected {
            assert_eq!(with.origin(key.split('.')).to_string(), variable.name);
        }
        walked += 1;
    }
    assert!(walked > 80, "{walked}");
}

#[test]
fn the_plugin_takes_what_its_variable_sets() {
    let mut taken = 0;
    for (variable, targets) in settable() {
        let of_plugin = |key: &str| {
            let mut names = key.split('.');
            let [section, name, part] = [names.next()?, names.next()?, names.next()?];
            (section == "subsystems" && part == "config").then(|| name.to_owned())
        };
        let Some(name) = targets.iter().find_map(|(key, _)| of_plugin(key)) else { continue };
        let with = effective(&[(variable.name, &another(variable, targets[0].1))]);
        let spec = with.config.subsystems[&name].spec(&name, &components::folder()).unwrap();
        let plugin = lab::sandbox().load(&std::fs::read(&spec.file).unwrap(), Grants::default()).unwrap();
        let pool = Pool::new(plugin, lab::setup(&spec.config), Instancing::RESIDENT);
        assert!(pool.is_ok(), "{}: {}", variable.name, pool.err().map(|e| e.to_string()).unwrap_or_default());
        taken += 1;
    }
    assert!(taken > 40, "{taken}");
}

#[test]
fn the_example_says_what_holds_without_the_variable() {
    let base = leaves(&effective(&[]));
    for (variable, targets) in settable().filter(|(v, _)| !v.default.is_empty()) {
        let said = leaves(&effective(&[(variable.name, variable.default)]));
        for (key, kind) in targets {
            // A switch that is off, and a level that the mode leaves, say nothing.
            let (Some(value), false) = (said.get(*key), matches!(kind, Kind::Brake | Kind::HealingLevel)) else {
                continue;
            };
            let holds =
                base.get(*key).map_or_else(|| plugin_default(key), |value| serde_json::to_value(value).unwrap());
            let value = serde_json::to_value(value).unwrap();
            let same = value == holds || value.as_f64().zip(holds.as_f64()).is_some_and(|(a, b)| (a - b).abs() < 1e-9);
            assert!(same, "{}={} says {value}, but {key} is {holds}", variable.name, variable.default);
        }
    }
}

/// What the plugin itself says of a key that no file sets.
fn plugin_default(key: &str) -> Json {
    let names: Vec<&str> = key.split('.').collect();
    let [_, name, _, key] = names[..] else { panic!("{key} has no default") };
    let plugin = lab::sandbox().load(&std::fs::read(components::plugin(name)).unwrap(), Grants::default()).unwrap();
    let schema: Json = serde_json::from_str(&plugin.description().config_schema).unwrap();
    schema["properties"][key]["default"].clone()
}
