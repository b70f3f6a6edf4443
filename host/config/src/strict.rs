//! A layer read as a configuration. What cannot be read is taken out and named, so that one look finds everything.

use bulkhead_policy::json::did_you_mean;
use serde_path_to_error::Segment;

use crate::{
    HostConfig, Problem,
    document::{Node, Table},
};

/// What a layer says, and what is wrong with it. The layer is left with what could be read.
pub(crate) fn read(layer: &mut Table) -> (HostConfig, Vec<Fault>) {
    let mut faults = Vec::new();
    loop {
        let error = match serde_path_to_error::deserialize::<_, HostConfig>(layer.value()) {
            Ok(config) => return (config, faults),
            Err(error) => error,
        };
        let key: Vec<String> = error
            .path()
            .iter()
            .map_while(|segment| match segment {
                Segment::Map { key } => Some(key.clone()),
                _ => None,
            })
            .collect();
        let message = error.inner().message();
        let Some((node, found)) = layer.deepest(&key) else {
            let text = sentence(&key, message, true);
            // The whole is wrong, not a part of it: nothing can be taken out.
            faults.push(Fault { section: String::new(), problem: Problem::new(text) });
            return (HostConfig::default(), faults);
        };
        let text = sentence(&key, message, matches!(node, Node::Table(_)));
        let section = found.first().cloned().unwrap_or_default();
        faults.push(Fault { section, problem: Problem::at(node.origin().clone(), text) });
        let found = found.to_vec();
        layer.remove(&found);
    }
}

/// A problem with the section that it is in.
pub(crate) struct Fault {
    pub(crate) section: String,
    pub(crate) problem: Problem,
}

/// serde lists what it knows: "unknown field `x`, expected one of `a`, `b`".
fn sentence(key: &[String], message: &str, of_table: bool) -> String {
    let name = key.join(".");
    let mut quoted = message.split('`').skip(1).step_by(2);
    let wrong = quoted.next().unwrap_or_default();
    let known: Vec<&str> = quoted.collect();
    if message.starts_with("unknown field") {
        format!("unknown key {name}{}", did_you_mean(wrong, &known))
    } else if message.starts_with("unknown variant") && of_table {
        format!("{name}: unknown name {wrong:?}{}", did_you_mean(wrong, &known))
    } else if message.starts_with("unknown variant") {
        format!("{name} is {wrong:?}{}", did_you_mean(wrong, &known))
    } else {
        format!("{name}: {}", plain(&message.replace('\n', ", ")))
    }
}

/// What was expected, in words of the file instead of the language.
fn plain(message: &str) -> String {
    let Some((said, expected)) = message.split_once(", expected ") else { return message.to_owned() };
    let expected = match expected {
        "f64" => "a number",
        "u32" | "u64" | "usize" => "a whole number from 0",
        "a map" => "a table",
        other if other.starts_with("struct ") => "a table",
        other => other,
    };
    format!("{said}, expected {expected}")
}
