//! Putting a candidate into the shadow, and taking it out.

use std::{path::Path, sync::Arc};

use bulkhead_journal::EventKind;

use super::{Bench, Shadow};
use crate::{
    Refused, Registry, Step, Wish,
    reload::Admitted,
    subsystem::Subsystem,
    version::{Candidate, short},
    world::Version,
};

impl Registry {
    /// Runs a candidate beside the version that serves: it is asked the same and never applied. It passes every step
    /// that a reload would take it through, but for the swap. A shadow that ran before makes way.
    ///
    /// # Errors
    /// [`Refused`]; then everything is as it was.
    pub fn shadow(&self, subsystem: &str, candidate: &Candidate, wish: &Wish) -> Result<(), Refused> {
        let slot = self.slot(subsystem)?;
        let _one_at_a_time = slot.reloading.lock();
        self.try_shadow(slot, candidate, wish).map_err(|refused| self.told(slot, wish, refused))
    }

    /// Reads a file, or the one that the subsystem is bound to, and runs it in the shadow. Returns its digest.
    ///
    /// # Errors
    /// [`Refused`]; then everything is as it was.
    pub fn shadow_file(&self, subsystem: &str, file: Option<&Path>, wish: &Wish) -> Result<String, Refused> {
        let slot = self.slot(subsystem)?;
        let file = file.map_or_else(|| self.file_of(slot), Path::to_owned);
        let candidate = Candidate::read(&file).map_err(|error| {
            let refused = self.refuse(slot, &file, None, Step::Read, error.to_string());
            self.told(slot, wish, refused)
        })?;
        self.shadow(subsystem, &candidate, wish)?;
        Ok(candidate.digest)
    }

    /// Takes the candidate out of the shadow. Without one nothing happens.
    ///
    /// # Errors
    /// [`Refused`] when there is no such subsystem.
    pub fn stop_shadow(&self, subsystem: &str, wish: &Wish) -> Result<(), Refused> {
        let slot = self.slot(subsystem)?;
        let _one_at_a_time = slot.reloading.lock();
        self.end_shadow(slot, &wish.actor, &wish.reason);
        Ok(())
    }

    /// Digests that run in a shadow: the store keeps them.
    pub(crate) fn shadowed(&self) -> impl Iterator<Item = String> + '_ {
        self.subsystems.iter().filter_map(|slot| slot.shadow.load().as_ref().map(|s| s.candidate.digest.clone()))
    }

    /// Under the slot's lock.
    pub(crate) fn end_shadow(&self, slot: &Subsystem, actor: &str, reason: &str) {
        let Some(shadow) = slot.shadow.swap(None) else { return };
        shadow.end();
        let shown = shadow.evidence();
        let text = format!(
            "{} leaves the shadow of {}: {reason}; of {} decisions {} were the same, {} tighter, {} looser, {} other, {} failed",
            short(&shadow.candidate.digest),
            slot.name,
            shown.compared + shown.faults,
            shown.same,
            shown.tighter,
            shown.looser,
            shown.other,
            shown.faults
        );
        self.event(self.last_event_ms(), EventKind::ShadowEnded, actor, text);
    }

    fn try_shadow(&self, slot: &Subsystem, candidate: &Candidate, wish: &Wish) -> Result<(), Refused> {
        let serving = self.serving(slot)?;
        if serving.digest() == candidate.digest {
            let reason = "it serves already".to_owned();
            return Err(self.refuse(slot, &candidate.file, Some(&candidate.digest), Step::Shadow, reason));
        }
        let admitted = self.admit_candidate(slot, candidate, &serving.binding)?;
        let refuse = |step, reason| self.refuse(slot, &candidate.file, Some(&candidate.digest), step, reason);
        lend_state(&serving, &admitted).map_err(|reason| refuse(Step::State, reason))?;
        let text = format!(
            "{} ({}) runs in the shadow of {}: {}",
            admitted.version(),
            short(&candidate.digest),
            slot.name,
            wish.reason
        );
        let version = Arc::new(admitted.into_version(&self.journal));
        let shadow = Shadow::start(candidate.clone(), version, self.bench(slot), self.last_event_ms())
            .map_err(|error| refuse(Step::Shadow, format!("its thread does not start ({error})")))?;
        self.end_shadow(slot, &wish.actor, "another candidate takes its place");
        slot.shadow.store(Some(shadow));
        tracing::info!("{text}");
        self.event(self.last_event_ms(), EventKind::ShadowStarted, &wish.actor, text);
        Ok(())
    }

    fn bench(&self, slot: &Subsystem) -> Bench {
        Bench {
            subsystem: slot.name.clone(),
            budget: slot.spec.budget,
            limits: slot.spec.limits.clone(),
            symbols: Arc::clone(&self.symbols),
            journal: self.journal.clone(),
        }
    }
}

/// Gives the shadow a copy of the state that the serving version has now: without it the two would disagree over what
/// only one of them remembers.
fn lend_state(serving: &Version, candidate: &Admitted) -> Result<(), String> {
    if !serving.pool.plugin().hands_over() || !candidate.plugin().hands_over() {
        return Ok(());
    }
    let state =
        serving.pool.snapshot().map_err(|fault| format!("the serving version cannot give its state: {fault}"))?;
    match state {
        Some(state) => {
            candidate.pool.restore(&state).map_err(|fault| format!("the candidate cannot take the state: {fault}"))
        }
        None => Ok(()),
    }
}
