//! The two files: the configuration, and the profile beside it.

use std::{path::Path, sync::Arc};

use bulkhead_policy::json::nearest;

use crate::{
    Origin, Problem,
    document::{self, Table},
};

/// The configuration file as a layer.
pub(crate) fn base(file: &Path) -> (Table, Vec<Problem>) {
    let path: Arc<Path> = file.into();
    read(file, &|line| Origin::File { file: Arc::clone(&path), line })
}

/// A profile as a layer: the name of a file in `profiles/` beside the configuration.
pub(crate) fn profile(base: &Path, name: &str) -> (Table, Vec<Problem>) {
    let folder = base.parent().unwrap_or_else(|| Path::new("")).join("profiles");
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let path: Arc<Path> = folder.join(format!("{name}.toml")).into();
    if plain && path.is_file() {
        return read(&path, &|line| Origin::Profile { file: Arc::clone(&path), line });
    }
    let known = names(&folder);
    let meant = nearest(name, known.iter().map(String::as_str)).map(|n| format!("; did you mean {n:?}?"));
    let there = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    let text = format!("there is no profile {name:?} in {} (there is: {there})", folder.display());
    let problem = Problem::at(Origin::CommandLine("--profile".into()), text + meant.as_deref().unwrap_or_default());
    (Table::empty(), vec![problem])
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some(entry.path().file_name()?.to_str()?.strip_suffix(".toml")?.to_owned()))
        .collect();
    names.sort();
    names
}

fn read(file: &Path, origin: &dyn Fn(usize) -> Origin) -> (Table, Vec<Problem>) {
    match std::fs::read_to_string(file) {
        Ok(text) => document::read(&text, origin),
        Err(error) => {
            let text = format!("{}: {error}; give an existing file with --config", file.display());
            (Table::empty(), vec![Problem::new(text)])
        }
    }
}
