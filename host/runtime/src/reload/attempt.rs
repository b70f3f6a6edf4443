//! The steps of a reload, in order, and what people are told when one of them refuses.

use std::{io, path::PathBuf, sync::Arc};

use bulkhead_journal::EventKind;
use bulkhead_policy::HookId;
use bulkhead_sandbox::{Rehearsal, RehearsalError};

use super::{Admitted, Refused, Reloaded, Reloads, Step, Wish, admit, apart::apart, back::pinned_elsewhere};
use crate::{
    Registry,
    spec::Binding,
    subsystem::Subsystem,
    version::{Candidate, Entry, FileError, Way},
    world::Version,
};

impl Registry {
    pub(super) fn put(
        &self,
        slot: &Subsystem,
        candidate: &Candidate,
        wish: &Wish,
        way: Way,
    ) -> Result<Reloaded, Refused> {
        let _one_at_a_time = slot.reloading.lock();
        let outcome = self.try_reload(slot, candidate, wish, way);
        self.prune();
        outcome.map_err(|refused| self.told(slot, wish, refused))
    }

    /// Removes versions that nobody needs any more from the store.
    pub(super) fn prune(&self) {
        if let Some(reloads) = &self.reloads {
            reloads.prune(self.shadowed());
        }
    }

    /// Tells people that a candidate does not serve.
    pub(crate) fn told(&self, slot: &Subsystem, wish: &Wish, refused: Refused) -> Refused {
        tracing::warn!("{refused}");
        self.event(self.last_event_ms(), EventKind::PluginRefused, &wish.actor, refused.to_string());
        slot.note_refused(refused.clone());
        refused
    }

    /// Tells people that a subsystem's file is nothing to read.
    pub(crate) fn unfit(&self, subsystem: &str, error: &FileError, wish: &Wish) -> Refused {
        match self.slot(subsystem) {
            Ok(slot) => {
                let refused = self.refuse(slot, &self.file_of(slot), None, Step::Read, error.to_string());
                self.told(slot, wish, refused)
            }
            Err(unknown) => unknown,
        }
    }

    /// Whether this is the version that somebody went back from: whoever only sees it in the folder leaves it there.
    pub(super) fn is_set_aside(&self, slot: &Subsystem, candidate: &Candidate) -> Result<bool, Refused> {
        let history = self.reloads(slot)?.book.lock().slot(&self.serving(slot)?.binding.history);
        Ok(history.set_aside.as_ref() == Some(&candidate.digest))
    }

    /// Whether these bytes are a component from end to end, by their own framing.
    pub(super) fn is_whole(&self, bytes: &[u8]) -> bool {
        self.sandbox.is_whole(bytes)
    }

    /// Frees versions whose last call has ended.
    pub(crate) fn free_retired(&self) {
        if let Some(reloads) = &self.reloads {
            reloads.retired.free();
        }
    }

    fn try_reload(&self, slot: &Subsystem, candidate: &Candidate, wish: &Wish, way: Way) -> Result<Reloaded, Refused> {
        let reloads = self.reloads(slot)?;
        let serving = self.serving(slot)?;
        let refuse = |step, reason: String| self.refuse(slot, &candidate.file, Some(&candidate.digest), step, reason);
        if serving.digest() == candidate.digest {
            return Ok(Reloaded::Unchanged);
        }
        self.not_kept_out(slot, &serving.binding, candidate)?;
        let _kept = reloads.trying.read();
        let ready = apart(|| {
            let admitted = self.load_candidate(slot, candidate, &serving.binding)?;
            admitted.not_lower(&serving, wish.downgrade).map_err(|reason| refuse(Step::Version, reason))?;
            self.prove(slot, &admitted, candidate, &serving.hooks())?;
            Ok(admitted)
        });
        let admitted = ready.unwrap_or_else(|error| Err(refuse(Step::Load, no_thread(&error))))?;
        self.hand_over(slot, reloads, admitted, candidate, wish, way)
    }

    /// Everything that a candidate can pass beside the version that serves.
    pub(crate) fn admit_candidate(
        &self,
        slot: &Subsystem,
        candidate: &Candidate,
        binding: &Arc<Binding>,
    ) -> Result<Admitted, Refused> {
        let _kept = self.reloads(slot)?.trying.read();
        self.make_ready(slot, candidate, binding)
    }

    /// Loads and proves a candidate, at low priority.
    pub(super) fn make_ready(
        &self,
        slot: &Subsystem,
        candidate: &Candidate,
        binding: &Arc<Binding>,
    ) -> Result<Admitted, Refused> {
        let ready = apart(|| {
            let admitted = self.load_candidate(slot, candidate, binding)?;
            self.prove(slot, &admitted, candidate, &binding.hooks)?;
            Ok(admitted)
        });
        ready.unwrap_or_else(|error| {
            Err(self.refuse(slot, &candidate.file, Some(&candidate.digest), Step::Load, no_thread(&error)))
        })
    }

    /// Neither a pin nor an earlier fall stands against it.
    pub(super) fn not_kept_out(
        &self,
        slot: &Subsystem,
        binding: &Binding,
        candidate: &Candidate,
    ) -> Result<(), Refused> {
        let reloads = self.reloads(slot)?;
        let refuse = |step, reason: String| self.refuse(slot, &candidate.file, Some(&candidate.digest), step, reason);
        if let Some(pinned) = pinned_elsewhere(&reloads.book.lock(), &binding.history, candidate) {
            return Err(refuse(Step::Pin, pinned));
        }
        if reloads.book.lock().slot(&binding.history).bad.contains(&candidate.digest) {
            let reason = "this version was taken out after repeated faults".to_owned();
            return Err(refuse(Step::Quarantine, reason));
        }
        Ok(())
    }

    /// From bytes to an instance that is configured and tested.
    pub(super) fn load_candidate(
        &self,
        slot: &Subsystem,
        candidate: &Candidate,
        binding: &Arc<Binding>,
    ) -> Result<Admitted, Refused> {
        let reloads = self.reloads(slot)?;
        let refuse = |step, reason: String| self.refuse(slot, &candidate.file, Some(&candidate.digest), step, reason);
        reloads.store.put(candidate).map_err(|error| refuse(Step::Store, error.to_string()))?;
        // Where this host kept the code, nothing is compiled, and it is known how that went.
        let unproven = |_: &&Rehearsal| !self.sandbox.compiled_before(&candidate.bytes);
        if let Some(rehearsal) = reloads.rehearsal.as_ref().filter(unproven) {
            let compiled = rehearsal.run(&candidate.bytes).map_err(|error| {
                // What the child refuses in words, the host would refuse in the same ones.
                let step = if matches!(error, RehearsalError::Refused(_)) { Step::Load } else { Step::Rehearsal };
                refuse(step, error.to_string())
            })?;
            self.sandbox.take_over(&candidate.bytes, &compiled);
        }
        let policy = self.worlds.now().policy;
        admit(&self.sandbox, &slot.spec, binding, &self.symbols, candidate, policy)
            .map_err(|(step, reason)| refuse(step, reason))
    }

    /// It answers these hooks, and what was recorded of its own ones.
    pub(super) fn prove(
        &self,
        slot: &Subsystem,
        admitted: &Admitted,
        candidate: &Candidate,
        hooks: &[HookId],
    ) -> Result<(), Refused> {
        let recorded_inputs = self.reloads(slot)?.recorded_inputs;
        let refuse = |step, reason: String| self.refuse(slot, &candidate.file, Some(&candidate.digest), step, reason);
        admitted.answers_all(hooks).map_err(|reason| refuse(Step::Hooks, reason))?;
        self.answers_recorded(slot, admitted, recorded_inputs).map_err(|reason| refuse(Step::Recorded, reason))
    }

    pub(crate) fn slot(&self, subsystem: &str) -> Result<&Subsystem, Refused> {
        self.find(subsystem).ok_or_else(|| Refused::unknown(subsystem))
    }

    /// The version of a slot that serves.
    pub(crate) fn serving(&self, slot: &Subsystem) -> Result<Arc<Version>, Refused> {
        self.worlds.now().version(slot.index).cloned().ok_or_else(|| Refused::unknown(&slot.name))
    }

    /// The file that a slot is bound to in this stage.
    pub(crate) fn file_of(&self, slot: &Subsystem) -> PathBuf {
        self.serving(slot).map_or_else(|_| slot.spec.file.clone(), |version| version.binding.file.clone())
    }

    pub(super) fn reloads(&self, slot: &Subsystem) -> Result<&Reloads, Refused> {
        let missing = || {
            let reason = "this host keeps no versions".to_owned();
            self.refuse(slot, &self.file_of(slot), None, Step::Store, reason)
        };
        self.reloads.as_ref().ok_or_else(missing)
    }

    pub(super) fn entry(&self, admitted: &Admitted, digest: &str, wish: &Wish) -> Entry {
        Entry {
            digest: digest.to_owned(),
            version: admitted.version().to_owned(),
            since_ms: self.last_event_ms(),
            reason: format!("{}: {}", wish.actor, wish.reason),
        }
    }
}

fn no_thread(error: &io::Error) -> String {
    format!("no thread can be started to make it ready ({error})")
}
