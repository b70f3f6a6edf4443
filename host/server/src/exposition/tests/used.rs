//! The dashboard and the alert rules ask for nothing that the page does not have.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use serde_json::Value;

use super::{everything, read, read::matchers};

/// What Prometheus adds by itself.
const ADDED: [&str; 2] = ["job", "instance"];

fn shipped(file: &str) -> String {
    fs::read_to_string(format!("{}/../../config/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Every text in a document.
fn texts(document: &Value) -> Vec<String> {
    match document {
        Value::String(text) => vec![text.clone()],
        Value::Array(all) => all.iter().flat_map(texts).collect(),
        Value::Object(fields) => fields.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// Metrics named in a text, each with what stands between the braces behind it.
fn asked(text: &str) -> Vec<(String, String)> {
    let starts = text.match_indices("bulkhead_").map(|(at, _)| at);
    let metric = |at: usize| {
        let rest = &text[at..];
        let end = rest.find(|c: char| !(c.is_ascii_lowercase() || c == '_')).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        let within =
            behind.strip_prefix('{').and_then(|behind| behind.split_once('}')).map_or("", |(within, _)| within);
        (name.to_owned(), within.to_owned())
    };
    starts.map(metric).collect()
}

/// Labels and their values of every metric of the page.
fn offered() -> BTreeMap<String, BTreeMap<String, BTreeSet<String>>> {
    let mut offered: BTreeMap<_, BTreeMap<_, BTreeSet<_>>> = BTreeMap::new();
    for sample in read(&everything(&["risk-os"])) {
        let labels = offered.entry(sample.name).or_default();
        for (label, value) in sample.labels {
            labels.entry(label).or_default().insert(value);
        }
    }
    offered
}

fn assert_answered(file: &str, asked: &[(String, String)]) {
    let offered = offered();
    assert!(asked.len() > 15, "{file} asks for {} metrics only", asked.len());
    for (name, within) in asked {
        let labels = offered.get(name).unwrap_or_else(|| panic!("{file}: no host has {name}"));
        for (label, comparison, values) in matchers(within) {
            if ADDED.contains(&label.as_str()) {
                continue;
            }
            let known = labels.get(&label).unwrap_or_else(|| panic!("{file}: {name} has no label {label}"));
            let any = if comparison.ends_with('~') { values.split('|').collect() } else { vec![values.as_str()] };
            for value in any {
                assert!(known.contains(value), "{file}: {name} never has {label}={value}");
            }
        }
    }
}

#[test]
fn every_panel_has_something_to_show() {
    let file = "grafana/bulkhead.json";
    let dashboard: Value = serde_json::from_str(&shipped(file)).unwrap();
    let asked: Vec<_> = texts(&dashboard).iter().flat_map(|text| asked(text)).collect();
    assert_answered(file, &asked);
}

#[test]
fn every_alert_can_fire() {
    let file = "prometheus/alerts.yml";
    assert_answered(file, &asked(&shipped(file)));
}

#[test]
fn every_metric_is_shown_somewhere() {
    let shown = shipped("grafana/bulkhead.json");
    for name in offered().keys() {
        assert!(shown.contains(name.as_str()), "{name} is on no panel");
    }
}

#[test]
fn a_metric_that_is_not_there_is_noticed() {
    let dead =
        [("bulkhead_nothing_total", ""), ("bulkhead_brake", "colour=\"red\""), ("bulkhead_brake", "state=\"on\"")];
    for (name, within) in dead {
        let one = (name.to_owned(), within.to_owned());
        let asked = vec![one; 16];
        assert!(std::panic::catch_unwind(|| assert_answered("a file", &asked)).is_err(), "{name}{{{within}}}");
    }
}
