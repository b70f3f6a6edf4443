//! What no single key shows: numbers out of range, limits that contradict each other, steps that nobody allowed by name,
//! switches that work against each other.

mod limits;
mod rollout;
mod sections;
mod switches;

use crate::{HostConfig, Problem, document::Table};

/// A contradiction: its text, and the key whose place is named. A key under which nothing was set stands for the default.
pub(crate) struct Finding {
    /// The first is to blame; all of them must have been readable for this to be true.
    keys: Vec<String>,
    text: String,
}

/// What was found, and what only needs saying.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) problems: Vec<Problem>,
    pub(crate) notes: Vec<String>,
}

/// Looks for everything. `broken` are sections in which something could not be read: what is said of them would be about
/// defaults, so nothing is said.
pub(crate) fn check(config: &HostConfig, layers: &Table, broken: &[String]) -> Found {
    let mut findings = sections::check(config);
    // Of values out of range a comparison says nothing.
    let unsound: Vec<String> = findings.iter().flat_map(|f| f.keys.iter().map(|key| section(key).to_owned())).collect();
    let compared = limits::check(config, layers).into_iter().chain(rollout::check(config));
    findings.extend(compared.filter(|f| !f.keys.iter().any(|key| unsound.iter().any(|s| s == section(key)))));
    let (switched, notes) = switches::check(config, layers);
    findings.extend(switched);
    findings.retain(|f| !f.keys.iter().any(|key| broken.iter().any(|s| s == section(key))));
    Found { problems: findings.into_iter().map(|f| f.located(layers)).collect(), notes }
}

/// The section of a key.
pub(crate) fn section(key: &str) -> &str {
    key.split('.').next().unwrap_or_default()
}

impl Finding {
    fn new(keys: &[&str], text: String) -> Self {
        Self { keys: keys.iter().map(|key| (*key).to_owned()).collect(), text }
    }

    /// A sentence that begins with its key.
    fn about(text: String) -> Self {
        let key = text.split([' ', ':']).next().unwrap_or_default().to_owned();
        Self { keys: vec![key], text }
    }

    fn located(self, layers: &Table) -> Problem {
        let places = self.keys.iter().filter_map(|key| layers.find(key.split('.')).map(|node| node.origin().clone()));
        // The highest layer is the one that made it so.
        Problem { origin: places.max_by_key(crate::Origin::layer), text: self.text }
    }
}

/// "KEY is VALUE (ORIGIN)", of a key as it is written.
fn stated(layers: &Table, key: &str, value: impl std::fmt::Display) -> String {
    let origin = layers.find(key.split('.')).map_or(&crate::Origin::Default, |node| node.origin());
    format!("{key} {value} ({origin})")
}
