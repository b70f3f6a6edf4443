//! The steps of a reload, in order, and what people are told when one of them refuses.

use bulkhead_journal::EventKind;
use bulkhead_sandbox::{Rehearsal, RehearsalError};

use super::{Admitted, Refused, Reloaded, Reloads, Step, Wish, admit, back::pinned_elsewhere};
use crate::{
    Registry,
    subsystem::Subsystem,
    version::{Candidate, Entry, FileError, Way},
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
        if let Some(reloads) = &self.reloads {
            reloads.prune();
        }
        outcome.map_err(|refused| self.told(slot, wish, refused))
    }

    /// Tells people that a candidate does not serve.
    pub(super) fn told(&self, slot: &Subsystem, wish: &Wish, refused: Refused) -> Refused {
        tracing::warn!("{refused}");
        self.event(self.last_event_ms(), EventKind::PluginRefused, &wish.actor, refused.to_string());
        *slot.refused.lock() = Some(refused.clone());
        refused
    }

    /// Tells people that a subsystem's file is nothing to read.
    pub(crate) fn unfit(&self, subsystem: &str, error: &FileError, wish: &Wish) -> Refused {
        match self.slot(subsystem) {
            Ok(slot) => self.told(slot, wish, slot.refuse(&slot.spec.file, None, Step::Read, error.to_string())),
            Err(unknown) => unknown,
        }
    }

    /// Whether this is the version that somebody went back from: whoever only sees it in the folder leaves it there.
    pub(super) fn is_set_aside(&self, subsystem: &str, candidate: &Candidate) -> bool {
        let aside = self.reloads.as_ref().and_then(|reloads| reloads.book.lock().slot(subsystem).set_aside);
        aside.as_ref() == Some(&candidate.digest)
    }

    /// Tells people that the version in the folder is set aside.
    pub(super) fn left_aside(&self, subsystem: &str, candidate: &Candidate, wish: &Wish) -> Result<Reloaded, Refused> {
        let slot = self.slot(subsystem)?;
        let reason = "somebody went back from this version".to_owned();
        Err(self.told(slot, wish, slot.refuse(&candidate.file, Some(&candidate.digest), Step::Aside, reason)))
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
        let refuse = |step, reason: String| slot.refuse(&candidate.file, Some(&candidate.digest), step, reason);
        if slot.serving.load().pool.plugin().digest() == candidate.digest {
            return Ok(Reloaded::Unchanged);
        }
        if let Some(pinned) = pinned_elsewhere(&reloads.book.lock(), &slot.name, candidate) {
            return Err(refuse(Step::Pin, pinned));
        }
        if reloads.book.lock().slot(&slot.name).bad.contains(&candidate.digest) {
            let reason = "this version was taken out after repeated faults".to_owned();
            return Err(refuse(Step::Quarantine, reason));
        }
        let _kept = reloads.trying.read();
        reloads.store.put(candidate).map_err(|error| refuse(Step::Store, error.to_string()))?;
        // Where this host kept the code, nothing is compiled, and it is known how that went.
        let unproven = |_: &&Rehearsal| !self.sandbox.compiled_before(&candidate.bytes);
        if let Some(rehearsal) = reloads.rehearsal.as_ref().filter(unproven) {
            rehearsal.run(&candidate.bytes).map_err(|error| {
                // What the child refuses in words, the host would refuse in the same ones.
                let step = if matches!(error, RehearsalError::Refused(_)) { Step::Load } else { Step::Rehearsal };
                refuse(step, error.to_string())
            })?;
        }
        let admitted = self.admitted(slot, candidate)?;
        admitted.not_lower(&slot.serving.load(), wish.downgrade).map_err(|reason| refuse(Step::Version, reason))?;
        admitted.answers_all(&slot.hooks).map_err(|reason| refuse(Step::Hooks, reason))?;
        self.answers_recorded(slot, &admitted, reloads.recorded_inputs)
            .map_err(|reason| refuse(Step::Recorded, reason))?;
        self.hand_over(slot, reloads, admitted, candidate, wish, way)
    }

    fn admitted(&self, slot: &Subsystem, candidate: &Candidate) -> Result<Admitted, Refused> {
        admit(&self.sandbox, &slot.spec, &self.symbols, candidate)
            .map_err(|(step, reason)| slot.refuse(&candidate.file, Some(&candidate.digest), step, reason))
    }

    pub(crate) fn slot(&self, subsystem: &str) -> Result<&Subsystem, Refused> {
        self.subsystems.iter().find(|s| s.name == subsystem).ok_or_else(|| Refused::unknown(subsystem))
    }

    pub(super) fn reloads(&self, slot: &Subsystem) -> Result<&Reloads, Refused> {
        let missing = || {
            let reason = "this host keeps no versions".to_owned();
            slot.refuse(&slot.spec.file, None, Step::Store, reason)
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
