//! The table in plugins/README.md.

use std::path::Path;

use crate::Plugin;

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../plugins/README.md");
/// Compilers differ, so that a size is stated roughly.
const SIZE: f64 = 0.1;

pub(crate) fn check(plugins: &[Plugin]) {
    let text = std::fs::read_to_string(README).unwrap();
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| [")).collect();
    let true_rows: Vec<String> = plugins.iter().map(|p| row(p, &rows)).collect();
    assert!(rows == true_rows, "plugins/README.md is not true any more; its rows should be:\n{}", true_rows.join("\n"));
}

fn row(p: &Plugin, rows: &[&str]) -> String {
    let name = &p.name;
    let config = format!("{name}/src/config.rs");
    assert!(Path::new(README).with_file_name(&config).is_file(), "{config} is not there");
    let hooks: Vec<&str> = p.costs.names().collect();
    let costliest = p.costs.names().filter_map(|hook| Some((p.says.fuel(hook)?, hook))).max();
    let fuel = costliest.map_or("unknown".to_owned(), |(fuel, hook)| format!("{hook} {}", grouped(fuel)));
    let size = stated(name, p.bytes, rows);
    format!("| [{name}]({config}) | {} | {} | {fuel} | {size} |", p.says.summary, hooks.join(", "))
}

/// The size that the table states, if it is about right, else the right one.
fn stated(name: &str, bytes: usize, rows: &[&str]) -> String {
    let kb = bytes as f64 / 1_000.0;
    let row = rows.iter().find(|row| row.starts_with(&format!("| [{name}]")));
    let size = row.and_then(|row| row.trim_end_matches(" |").rsplit("| ").next()).unwrap_or_default();
    let said = size.strip_suffix(" kB").and_then(|number| number.parse::<f64>().ok());
    let about = said.is_some_and(|said| (said / kb - 1.0).abs() <= SIZE);
    if about { size.to_owned() } else { format!("{kb:.0} kB") }
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
