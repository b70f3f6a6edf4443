//! The variables of the environment, as the original documented them: each sets its key here, or says what to use instead.
//!
//! Every name of the families `QT_AI_*`, `QT_ORCHESTRATOR_*` and `QT_*` is either in the [table](GROUPS) or an error.

mod example;
mod family;
mod kind;
mod overlay;
mod table;
mod value;

pub use example::example;
pub use kind::Kind;
pub(crate) use overlay::read;
pub use table::{GROUPS, Group};

/// A key, written with points, and how the text of the variable becomes its value.
pub type Target = (&'static str, Kind);

/// What a variable does here.
#[derive(Clone, Copy, Debug)]
pub enum Meaning {
    /// Sets these keys.
    Sets(&'static [Target]),
    /// Another name of a variable of the table.
    Alias(&'static str),
    /// The host always behaves as this value says; another one is refused. `Kind` tells which spellings are alike.
    Always(Kind),
    /// This host has something else in its place: the text says what. The documented default is taken with a note, any
    /// other value is refused.
    Superseded(&'static str),
}

/// A documented variable.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub meaning: Meaning,
    /// What holds when it is not set: the value of the shipped configuration or of the plugin, in the variable's unit.
    /// Empty: it depends, or is nothing. For a superseded one, the documented value.
    pub default: &'static str,
    /// The original's default where it is another.
    pub original: &'static str,
    /// Unit or allowed values.
    pub unit: &'static str,
    /// What it means.
    pub doc: &'static str,
}

/// Every variable, in the order of the table.
pub fn variables() -> impl Iterator<Item = &'static Variable> {
    GROUPS.iter().flat_map(|group| group.variables)
}

/// The variable of that name.
pub(crate) fn find(name: &str) -> Option<&'static Variable> {
    variables().find(|variable| variable.name == name)
}

#[cfg(test)]
mod tests;
