//! All layers, laid over each other, read and checked.

use std::{ffi::OsString, path::PathBuf};

use toml::Value;

use crate::{
    Effective, Problem, Problems, check, command_line,
    document::{Node, Table},
    environment, files, strict,
};

/// Where a configuration comes from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The configuration file; profiles lie in `profiles/` beside it.
    pub file: PathBuf,
    /// Name of a profile laid over it.
    pub profile: Option<String>,
    /// The environment: `std::env::vars_os`, or a part of it.
    pub environment: Vec<(OsString, OsString)>,
    /// Arguments of the form `KEY=VALUE`; the last layer.
    pub set: Vec<String>,
}

/// Loads the configuration.
///
/// # Errors
/// [`Problems`]: everything that is wrong, each with its file and line, variable or argument.
pub fn load(sources: &Sources) -> Result<Effective, Problems> {
    let (base, mut problems) = files::base(&sources.file);
    let nothing = || (Table::empty(), Vec::new());
    let (profile, more) = sources.profile.as_deref().map_or_else(nothing, |name| files::profile(&sources.file, name));
    problems.extend(more);
    let (set, more) = command_line::read(&sources.set);
    let alias = allows_alias([&set, &profile, &base]);
    let overlay = environment::read(&sources.environment, alias);
    problems.extend(more);
    // Where a whole layer is missing, contradictions would be about defaults that nobody chose.
    let whole = problems.is_empty();
    problems.extend(overlay.problems);

    // Each layer by itself: what a higher one replaces must be right too.
    let mut broken: Vec<String> = overlay.missing.iter().map(|key| check::section(key).to_owned()).collect();
    let mut layers = Table::empty();
    for mut layer in [base, profile, overlay.layer, set] {
        let (_, faults) = strict::read(&mut layer);
        broken.extend(note_down(faults, &mut problems));
        layers = layers.overlaid(layer);
    }
    let (config, faults) = strict::read(&mut layers);
    broken.extend(note_down(faults, &mut problems));

    let found = check::check(&config, &layers, &broken);
    if whole {
        problems.extend(found.problems);
    }
    problems.sort_by(|a, b| a.origin.cmp(&b.origin));
    if let Some(problems) = Problems::of(problems) {
        return Err(problems);
    }
    let notes = [overlay.notes, found.notes].concat();
    Ok(Effective::new(config, layers, sources.profile.clone(), notes))
}

fn note_down(faults: Vec<strict::Fault>, problems: &mut Vec<Problem>) -> Vec<String> {
    let mut sections = Vec::new();
    for fault in faults {
        sections.push(fault.section);
        problems.push(fault.problem);
    }
    sections
}

/// Whether old names of AUTONOMY are allowed. Looked up before the environment is read; the first layer that says it holds.
fn allows_alias(highest_first: [&Table; 3]) -> bool {
    let said = highest_first.iter().find_map(|layer| layer.find(["rollout", "autonomy_by_alias"]));
    matches!(said, Some(Node::Leaf(Value::Boolean(true), _)))
}

#[cfg(test)]
mod tests;
