//! The environment as a layer.

use std::{ffi::OsString, sync::Arc};

use super::{Kind, Meaning, Target, Variable, family, find, value, variables};
use crate::{
    Origin, Problem,
    document::{Node, Table},
};

/// What the environment sets, what is wrong with it, and what only needs saying.
pub(crate) struct Overlay {
    pub(crate) layer: Table,
    pub(crate) problems: Vec<Problem>,
    pub(crate) notes: Vec<String>,
    /// Keys that lack their value because of a problem.
    pub(crate) missing: Vec<&'static str>,
}

/// Reads the variables of our families. `alias_of_autonomy`: whether a layer allows the old names of that stage.
pub(crate) fn read(environment: &[(OsString, OsString)], alias_of_autonomy: bool) -> Overlay {
    let mut overlay = Overlay { layer: Table::empty(), problems: Vec::new(), notes: Vec::new(), missing: Vec::new() };
    for (name, text) in sorted(environment) {
        let Some(variable) = find(&name) else {
            if family::is_ours(&name) {
                let text = format!("unknown variable, which nobody reads{}", family::did_you_mean(&name));
                overlay.problems.push(Problem::at(Origin::Variable(name), text));
            }
            continue;
        };
        let taken = match text.to_str().map(value::clean) {
            None => Err("is not readable as text".to_owned()),
            Some(Err(problem)) => Err(problem.to_owned()),
            Some(Ok(text)) => overlay.take(&name, variable, text, alias_of_autonomy),
        };
        if let Err(problem) = taken {
            overlay.missing.extend(targets(variable).iter().map(|(key, _)| *key));
            overlay.problems.push(Problem::at(Origin::Variable(name), problem));
        }
    }
    overlay
}

/// In the order of the table, unknown ones last by name: the order of the environment is nobody's.
fn sorted(environment: &[(OsString, OsString)]) -> Vec<(Arc<str>, &OsString)> {
    let mut all: Vec<(Arc<str>, &OsString)> =
        environment.iter().map(|(name, text)| (name.to_string_lossy().into(), text)).collect();
    let place = |name: &str| variables().position(|v| v.name == name).unwrap_or(usize::MAX);
    all.sort_by_cached_key(|(name, _)| (place(name), Arc::clone(name)));
    all
}

impl Overlay {
    fn take(&mut self, name: &Arc<str>, variable: &Variable, text: &str, alias: bool) -> Result<(), String> {
        match variable.meaning {
            Meaning::Sets(targets) => self.set(name, targets, text, alias),
            Meaning::Alias(real) => {
                self.notes.push(format!("{name} is read as {real}: use that name"));
                self.set(name, targets(variable), text, alias)
            }
            Meaning::Always(kind) => {
                let (said, always) = (kind.parse(text, alias)?, kind.parse(variable.default, alias)?);
                let refused = format!("is {text:?}, but it is always {} here: {}", variable.default, variable.doc);
                if said == always { Ok(()) } else { Err(refused) }
            }
            Meaning::Superseded(instead) if same(text, variable.default) => {
                self.notes.push(format!("{name} is not read here: {instead}"));
                Ok(())
            }
            Meaning::Superseded(instead) => Err(format!("has no counterpart here: {instead}")),
        }
    }

    fn set(&mut self, name: &Arc<str>, targets: &[Target], text: &str, alias: bool) -> Result<(), String> {
        let origin = Origin::Variable(Arc::clone(name));
        for (key, kind) in targets {
            let Some(value) = kind.parse(text, alias)? else { continue };
            if let Some(Node::Leaf(other, Origin::Variable(by))) = self.layer.find(key.split('.'))
                && *other != value
            {
                return Err(format!("sets {key} to {value}, but {by} sets it to {other}: keep one of them"));
            }
            self.layer.set(&key.split('.').collect::<Vec<_>>(), value, &origin);
        }
        Ok(())
    }
}

/// What a variable sets, under its own name or another.
fn targets(variable: &Variable) -> &'static [Target] {
    match variable.meaning {
        Meaning::Sets(targets) => targets,
        Meaning::Alias(real) => find(real).map_or(&[], targets),
        Meaning::Always(_) | Meaning::Superseded(_) => &[],
    }
}

/// Whether a text says the same as a documented value, whatever its spelling.
fn same(text: &str, documented: &str) -> bool {
    let alike = |kind: Kind| {
        let said = kind.parse(text, false).ok().flatten();
        said.is_some() && said == kind.parse(documented, false).ok().flatten()
    };
    text.eq_ignore_ascii_case(documented) || alike(Kind::Number) || alike(Kind::Bool)
}
