//! The effective configuration as TOML.

use std::fmt::Write;

use toml::{Table, Value};

use crate::{Effective, Origin};

/// Writes every key with its value, and with its origin where asked.
pub(crate) fn show(effective: &Effective, origins: bool) -> Result<String, String> {
    let value = Table::try_from(&effective.config).map_err(|e| format!("the configuration cannot be shown: {e}"))?;
    let mut text = String::new();
    write_table(&mut text, effective, &value, &mut Vec::new(), origins);
    Ok(text)
}

fn write_table(text: &mut String, effective: &Effective, table: &Table, path: &mut Vec<String>, origins: bool) {
    let values: Vec<_> = table.iter().filter(|(_, value)| !value.is_table()).collect();
    if !path.is_empty() && (!values.is_empty() || table.is_empty()) {
        let header: Vec<String> = path.iter().map(|name| quoted(name)).collect();
        let _ = writeln!(text, "{}[{}]", if text.is_empty() { "" } else { "\n" }, header.join("."));
    }
    let lines: Vec<(String, &Origin)> = values
        .iter()
        .map(|(key, value)| {
            let names = path.iter().map(String::as_str).chain([key.as_str()]);
            (format!("{} = {value}", quoted(key)), effective.origin(names))
        })
        .collect();
    let width = lines.iter().map(|(line, _)| line.chars().count()).max().unwrap_or_default();
    for (line, origin) in lines {
        let _ = if origins { writeln!(text, "{line:width$}  # {origin}") } else { writeln!(text, "{line}") };
    }
    for (key, inner) in table {
        if let Value::Table(inner) = inner {
            path.push(key.clone());
            write_table(text, effective, inner, path, origins);
            path.pop();
        }
    }
}

/// A key as TOML writes it.
fn quoted(name: &str) -> String {
    let line = Table::from_iter([(name.to_owned(), Value::Integer(0))]).to_string();
    line.trim_end().strip_suffix(" = 0").map_or_else(|| format!("{name:?}"), str::to_owned)
}
