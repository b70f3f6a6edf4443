//! Another plugin for a subsystem, while the host runs: a component of the plugin folder, or a version from the store.
//!
//! Nothing but a name or a digest is taken: whoever may change a binding may not choose what else on the disk is read.

use std::{path::Path, sync::Arc};

use bulkhead_journal::EventKind;
use serde_json::json;

use super::{Refused, Reloaded, Step, Wish, apart::apart};
use crate::{
    Recorded, Registry,
    dials::{Bound, Document, Keeping, Set, is_name, within},
    spec::Binding,
    subsystem::Subsystem,
    version::{Candidate, Way},
    world::Version,
};

/// Digits of a digest that are enough to name a version of the store.
const ENOUGH: usize = 12;

impl Registry {
    /// Binds a subsystem, in the stage that holds, to a component: through every step of a reload, and kept over a restart.
    /// `plugin` is the name of a file in the plugin folder, or the digest of a version in the store, to which the subsystem
    /// is then pinned.
    ///
    /// # Errors
    /// [`Refused`]; then everything is as it was.
    pub fn bind(&self, subsystem: &str, plugin: &str, wish: &Wish) -> Result<Reloaded, Refused> {
        let slot = self.slot(subsystem)?;
        let digest = plugin.strip_prefix("sha256:").unwrap_or(plugin);
        if digest.len() >= ENOUGH && digest.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            return self.bind_version(slot, digest, wish);
        }
        if !is_name(plugin) {
            let reason =
                "a binding is the name of a .wasm file in the plugin folder, or a digest from the version store";
            let refused = self.refuse(slot, Path::new("the plugin"), None, Step::Read, reason.to_owned());
            return Err(self.told(slot, wish, refused));
        }
        let _one_at_a_time = slot.reloading.lock();
        let done = self.bind_file(slot, plugin, wish);
        self.prune();
        done.map_err(|refused| self.told(slot, wish, refused))
    }

    /// A version that served before, and is to stay.
    fn bind_version(&self, slot: &Subsystem, digest: &str, wish: &Wish) -> Result<Reloaded, Refused> {
        let missing = |reason: String| {
            let refused = self.refuse(slot, &self.file_of(slot), None, Step::Store, reason);
            self.told(slot, wish, refused)
        };
        let found = self.reloads(slot)?.store.find(digest).map_err(|error| missing(error.to_string()))?;
        // Naming the very bytes says that a lower version number is meant.
        let wish = &Wish { downgrade: true, ..wish.clone() };
        let done = self.put(slot, &found, wish, Way::Forward)?;
        self.pin(&slot.name, true, wish)?;
        match self.pinned(&slot.name).as_deref() {
            Some(pinned) if pinned == found.digest => Ok(done),
            _ => Err(missing(
                "another version came into service in between, and the subsystem is pinned to it".to_owned(),
            )),
        }
    }

    fn bind_file(&self, slot: &Subsystem, name: &str, wish: &Wish) -> Result<Reloaded, Refused> {
        let reloads = self.reloads(slot)?;
        let serving = self.serving(slot)?;
        let file = reloads.plugins().join(name);
        let unreadable = |reason: String| self.refuse(slot, Path::new(name), None, Step::Read, reason);
        let candidate = Candidate::read(&file).map_err(|error| unreadable(error.to_string()))?;
        let binding = Arc::new(Binding { file, ..Binding::clone(&serving.binding) });
        self.not_kept_out(slot, &binding, &candidate)?;
        let _kept = reloads.trying.read();
        let new = (serving.digest() != candidate.digest).then(|| self.prove_binding(slot, &candidate, &binding, wish));
        let new = new.transpose()?;
        let (mut keeping, mut was) = (self.keeping(), None);
        if let Some(keeping) = &mut keeping {
            was = keeping.document().bindings.get(&binding.history).cloned();
            let set = self.set_of(slot, &binding, name, wish);
            let noted = keeping.before(|document| document.bind(&binding.history, set));
            noted.map_err(|error| {
                self.refuse(slot, &candidate.file, Some(&candidate.digest), Step::Swap, error.to_string())
            })?;
        }
        let done = match new {
            Some(admitted) => self.hand_over(slot, reloads, admitted, &candidate, wish, Way::Forward),
            None => self.rename(slot, &serving, &binding).map(|()| Reloaded::Unchanged),
        };
        if done.is_err() {
            put_back(keeping.as_mut(), &binding.history, was);
            return done;
        }
        drop(keeping);
        slot.bound.lock().insert(binding.history.clone(), binding.file.clone());
        let before = within(&serving.binding.file, reloads.plugins());
        let text = format!("{} is bound to {name} in place of {before}: {}", binding.history, wish.reason);
        let states = (json!(before), json!({ "file": name, "digest": candidate.digest }));
        self.changed(EventKind::BindingChanged, wish, self.last_event_ms(), text, states, &Recorded::default());
        done
    }

    /// Everything that a candidate for another binding can pass beside the version that serves. It answers all that is
    /// asked now: fewer vetoes would be less safe, and nobody would see it.
    fn prove_binding(
        &self,
        slot: &Subsystem,
        candidate: &Candidate,
        binding: &Arc<Binding>,
        wish: &Wish,
    ) -> Result<super::Admitted, Refused> {
        let serving = self.serving(slot)?;
        let refuse = |step, reason: String| self.refuse(slot, &candidate.file, Some(&candidate.digest), step, reason);
        let ready = apart(|| {
            let admitted = self.load_candidate(slot, candidate, binding)?;
            if admitted.identity.plugin == serving.pool.plugin().description().name {
                admitted.not_lower(&serving, wish.downgrade).map_err(|reason| refuse(Step::Version, reason))?;
            }
            self.prove(slot, &admitted, candidate, &serving.hooks())?;
            Ok(admitted)
        });
        ready.unwrap_or_else(|error| Err(refuse(Step::Load, format!("no thread can be started for it ({error})"))))
    }

    /// The same bytes under another name: they serve on.
    fn rename(&self, slot: &Subsystem, serving: &Version, binding: &Arc<Binding>) -> Result<(), Refused> {
        let (pool, reference) = (Arc::clone(&serving.pool), serving.reference);
        let same = Arc::new(Version { pool, reference, binding: Arc::clone(binding) });
        let swapped = self.worlds.change(|world| world.serve([(slot.index, same)]));
        swapped.map(drop).map_err(|owners| {
            let (step, reason) = super::handover::NotSwapped::from(owners).explained();
            self.refuse(slot, &binding.file, Some(serving.digest()), step, reason)
        })
    }

    /// What is noted of a binding: nothing of the configured one.
    fn set_of(&self, slot: &Subsystem, binding: &Binding, name: &str, wish: &Wish) -> Option<Set<Bound>> {
        let plugins = self.reloads.as_ref()?.plugins();
        let instead_of = within(slot.spec.file_of(&binding.history)?, plugins);
        let bound = Bound { file: name.to_owned(), instead_of };
        (bound.file != bound.instead_of).then(|| Set::by(wish, bound, self.last_event_ms()))
    }
}

impl Document {
    fn bind(&mut self, history: &str, set: Option<Set<Bound>>) {
        self.bindings.remove(history);
        self.bindings.extend(set.map(|set| (history.to_owned(), set)));
    }
}

/// A failure here is tried again, and told until then.
fn put_back(keeping: Option<&mut Keeping<'_>>, history: &str, was: Option<Set<Bound>>) {
    if let Some(keeping) = keeping {
        let _ = keeping.after(|document| document.bind(history, was));
    }
}
