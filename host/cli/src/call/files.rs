//! The files that the arguments name.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::Path,
};

use serde_json::Value;

use super::{failure::Failure, table::Table};

/// The plugin's configuration, as JSON text.
pub(super) fn configuration(file: Option<&Path>) -> Result<String, Failure> {
    let Some(file) = file else { return Ok("{}".to_owned()) };
    let text = read(file)?;
    let wrong = |problem: String| Failure::Usage(format!("configuration {}: {problem}", file.display()));
    let config: Value = if file.extension().is_some_and(|e| e == "toml") {
        let table: toml::Table =
            toml::from_str(&text).map_err(|error| wrong(error.to_string().trim().replace('\n', " ")))?;
        serde_json::to_value(table).map_err(|error| wrong(error.to_string()))?
    } else {
        serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?
    };
    if config.is_object() { Ok(config.to_string()) } else { Err(wrong("it is no object".to_owned())) }
}

/// The symbol table.
pub(super) fn symbols(file: &Path) -> Result<Table, Failure> {
    let wrong = |problem: String| Failure::Usage(format!("symbol table {}: {problem}", file.display()));
    let list = serde_json::from_str(&read(file)?).map_err(|error| wrong(error.to_string()))?;
    Table::given(&list).map_err(wrong)
}

/// The documents: a file, or the standard input for `-`.
pub(super) fn input(file: &Path) -> Result<Box<dyn BufRead>, Failure> {
    if file == Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    let opened = File::open(file).map_err(|error| unreadable(file, &error))?;
    Ok(Box::new(BufReader::new(opened)))
}

fn read(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|error| unreadable(file, &error))
}

pub(super) fn unreadable(file: &Path, error: &io::Error) -> Failure {
    Failure::Usage(format!("{} cannot be read: {error}", file.display()))
}
