//! At the start: of what was set at run time and what is configured the safer one, value by value, and a sentence about
//! each where they differ.

use std::{
    collections::BTreeMap,
    fmt::Display,
    path::{Component, Path, PathBuf},
};

use bulkhead_policy::{Stage, envelope::EnvelopeLimits};

use super::{Bound, DialsFile, Document, Set, lost};
use crate::SubsystemSpec;

/// What a registry begins with.
#[derive(Debug)]
pub(crate) struct Settled {
    pub(crate) stage: Stage,
    pub(crate) limits: EnvelopeLimits,
    pub(crate) limits_generation: u64,
    /// Files in place of the configured ones, by history.
    pub(crate) bound: BTreeMap<String, PathBuf>,
    /// What people should know, a sentence each.
    pub(crate) notes: Vec<String>,
}

impl Settled {
    /// Nothing but the configuration.
    pub(crate) const fn configured(stage: Stage, limits: EnvelopeLimits) -> Self {
        Self { stage, limits, limits_generation: 0, bound: BTreeMap::new(), notes: Vec::new() }
    }
}

impl DialsFile {
    /// Settles stage, limits and bindings, and writes the modes into the specifications.
    pub(crate) fn settle(
        &self,
        stage: Stage,
        limits: EnvelopeLimits,
        specs: &mut [SubsystemSpec],
        plugins: &Path,
    ) -> Settled {
        let mut keeping = self.lock();
        // A start counts: what a person saw before it may not be what holds now.
        let begun = keeping.after(|document| {
            document.limits_generation = document.limits_generation.saturating_add(1);
            if let Some(why) = self.lost() {
                document.least(why, specs);
            }
        });
        let document = keeping.document();
        let mut settled = Settled::configured(stage, limits);
        settled.limits_generation = document.limits_generation;
        settled.stage(document);
        settled.modes(document, specs);
        settled.limits(document);
        settled.bindings(document, specs, plugins);
        if let Some(why) = self.lost() {
            settled.notes = vec![lost::told(why)];
        }
        settled.notes.extend(begun.err().map(|error| error.to_string()));
        settled
    }
}

impl Settled {
    fn stage(&mut self, document: &Document) {
        let Some(set) = &document.stage else { return };
        let line = format!("stage = \"{}\"", set.value);
        self.compare("stage", self.stage, set, set.value < self.stage, &line);
        self.stage = self.stage.min(set.value);
    }

    fn modes(&mut self, document: &Document, specs: &mut [SubsystemSpec]) {
        for (name, set) in &document.modes {
            let Some(spec) = specs.iter_mut().find(|spec| spec.name == *name) else {
                self.absent(name, &format!("mode {}", set.value), set);
                continue;
            };
            let line = format!("mode = \"{}\" under [subsystems.{name}]", set.value);
            self.compare(&format!("mode of {name}"), spec.mode, set, set.value < spec.mode, &line);
            spec.mode = spec.mode.min(set.value);
        }
    }

    fn limits(&mut self, document: &Document) {
        for (key, set) in &document.limits {
            let configured = self.limits.get(*key);
            let line = format!("{key} = {} under [envelope]", set.value);
            self.compare(&format!("limit {key}"), configured, set, set.value < configured, &line);
            // What was read was checked: it is a value of this limit.
            self.limits = self.limits.with(*key, configured.min(set.value)).unwrap_or(self.limits);
        }
        // The tighter ones of two sound sets are sound; of single values they may not be. They hold all the same.
        let odd = self.limits.contradictions().into_iter();
        self.notes.extend(odd.map(|found| format!("limits: {found}; both hold, the tighter one first")));
    }

    fn bindings(&mut self, document: &Document, specs: &[SubsystemSpec], plugins: &Path) {
        for (history, set) in &document.bindings {
            let Bound { file, instead_of } = &set.value;
            let Some(configured) = specs.iter().find_map(|spec| spec.file_of(history)) else {
                self.absent(history, &format!("plugin {file}"), set);
                continue;
            };
            let configured = within(configured, plugins);
            let whence = set.whence();
            if configured != *instead_of || !is_name(file) {
                self.notes.push(format!(
                    "plugin of {history}: the configured {configured} serves and not {file}, bound at run time in place \
                     of {instead_of} by {whence}: the configuration was changed since"
                ));
                continue;
            }
            self.notes.push(format!(
                "plugin of {history}: {file} (bound at run time by {whence}) serves in place of the configured {configured}"
            ));
            self.bound.insert(history.clone(), plugins.join(file));
        }
    }

    fn compare<T: Display + PartialEq>(&mut self, what: &str, configured: T, set: &Set<T>, safer: bool, line: &str) {
        let (value, whence) = (&set.value, set.whence());
        if configured == *value {
            return;
        }
        self.notes.push(if safer {
            format!(
                "{what}: {value} (set at run time by {whence}) holds over the configured {configured}: over a restart the \
                 safer one wins"
            )
        } else {
            format!(
                "{what}: the configured {configured} holds over {value} (set at run time by {whence}): over a restart the \
                 safer one wins; to make it lasting, write {line} into the configuration"
            )
        });
    }

    fn absent<T>(&mut self, name: &str, what: &str, set: &Set<T>) {
        let whence = set.whence();
        self.notes.push(format!("{name} is not configured any more; {what} (set by {whence}) waits for its return"));
    }
}

/// A file as the configuration names it: within the plugin folder, or with its whole path.
pub(crate) fn within(file: &Path, plugins: &Path) -> String {
    file.strip_prefix(plugins).unwrap_or(file).display().to_string()
}

/// Whether it names a component in a folder, and nothing outside of it.
pub(crate) fn is_name(file: &str) -> bool {
    let mut parts = Path::new(file).components();
    let one = matches!((parts.next(), parts.next()), (Some(Component::Normal(name)), None) if name == file);
    one && !file.starts_with('.') && file.ends_with(".wasm")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_inside_the_folder_are_names() {
        for good in ["a.wasm", "risk-os-2.wasm"] {
            assert!(is_name(good), "{good}");
        }
        let bad = [
            "",
            ".",
            "..",
            "../a.wasm",
            "/a.wasm",
            "a/b.wasm",
            "a.wasm/",
            "./a.wasm",
            ".a.wasm",
            "a",
            "..wasm/..",
            "a.wasm\0",
        ];
        for bad in bad {
            assert!(!is_name(bad), "{bad:?}");
        }
    }
}
