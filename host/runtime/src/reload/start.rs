//! The first version of a slot: the pinned one, else what its file holds, else the last good one.

use std::sync::Arc;

use bulkhead_journal::Journal;
use bulkhead_policy::{HookId, PolicySet, Stage};
use bulkhead_sandbox::{RehearsalError, Sandbox, SymbolInfo};

use super::{Admitted, Reloads, Step, admit};
use crate::{
    RuntimeError, SubsystemSpec,
    spec::Binding,
    subsystem::Subsystem,
    version::{Candidate, Entry, SlotHistory, short},
    world::Version,
};

/// Why the file's own version does not serve, when another one does.
pub(crate) struct FellBack(pub(crate) String);

/// What first versions are made with.
pub(crate) struct First<'a> {
    pub(crate) sandbox: &'a Sandbox,
    pub(crate) journal: &'a Journal,
    pub(crate) symbols: &'a Arc<[SymbolInfo]>,
    pub(crate) reloads: Option<&'a Reloads>,
    pub(crate) policy: PolicySet,
    /// A content that never served goes into the shadow, and not into service, where another version is at hand.
    pub(crate) shadow_first: bool,
}

/// A slot and what it is bound to in this stage.
struct Bound<'a> {
    spec: &'a SubsystemSpec,
    binding: &'a Arc<Binding>,
}

impl First<'_> {
    /// Makes the version that serves first. A file that cannot serve is no reason to stand still while a good version is
    /// at hand: the last one that served takes its place, and people are told.
    pub(crate) fn version(&self, slot: &Subsystem, stage: Stage) -> Result<(Version, Option<FellBack>), RuntimeError> {
        let (spec, binding) = (&slot.spec, slot.binding(stage));
        let bound = Bound { spec, binding: &binding };
        let (candidate, admitted, fell_back) = match self.reloads {
            None => {
                let (candidate, admitted) = self.of_file(&bound, None)?;
                (candidate, admitted, None)
            }
            Some(reloads) => self.with_history(&bound, reloads)?,
        };
        bound.check_hooks(&admitted)?;
        if let Some(reloads) = self.reloads {
            remember(reloads, &bound, &candidate, &admitted)?;
        }
        if admitted.identity.plugin != spec.name {
            let plugin = &admitted.identity.plugin;
            tracing::info!(subsystem = spec.name, plugin, "another plugin serves this subsystem");
        }
        Ok((admitted.into_version(self.journal), fell_back))
    }

    fn with_history(
        &self,
        bound: &Bound<'_>,
        reloads: &Reloads,
    ) -> Result<(Candidate, Admitted, Option<FellBack>), RuntimeError> {
        let history = reloads.book.lock().slot(&bound.binding.history);
        let found = match &history.pinned {
            Some(pinned) => Err(format!("it is pinned to {}", short(pinned))),
            None => match self.of_file(bound, Some((reloads, &history))) {
                Ok((candidate, admitted)) => match self.better_not(&history, &candidate) {
                    None => Ok((candidate, admitted)),
                    Some(why) => Err(why),
                },
                Err(error) if history.entries.is_empty() => return Err(error),
                Err(error) => Err(error.to_string()),
            },
        };
        match found {
            Ok((candidate, admitted)) => Ok((candidate, admitted, None)),
            Err(reason) => {
                let (candidate, admitted) = self.of_store(bound, reloads, &history, &reason)?;
                let text = format!("{}: {reason}; {} serves instead", bound.spec.name, short(&candidate.digest));
                Ok((candidate, admitted, Some(FellBack(text))))
            }
        }
    }

    fn admit(&self, bound: &Bound<'_>, candidate: &Candidate) -> Result<Admitted, (Step, String)> {
        admit(self.sandbox, bound.spec, bound.binding, self.symbols, candidate, self.policy)
    }

    /// Why another version is to serve although this one could.
    fn better_not(&self, history: &SlotHistory, candidate: &Candidate) -> Option<String> {
        // Without another version it starts taken out.
        if history.bad.contains(&candidate.digest) && history.good().is_some() {
            return Some(format!("{} was taken out after repeated faults", short(&candidate.digest)));
        }
        if set_aside(history, &candidate.digest) {
            return Some(format!("somebody went back from {}", short(&candidate.digest)));
        }
        let known = history.entries.iter().any(|entry| entry.digest == candidate.digest);
        (self.shadow_first && !known && history.good().is_some())
            .then(|| format!("{} has not been in the shadow yet", short(&candidate.digest)))
    }

    fn of_file(
        &self,
        bound: &Bound<'_>,
        history: Option<(&Reloads, &SlotHistory)>,
    ) -> Result<(Candidate, Admitted), RuntimeError> {
        let (subsystem, file) = (bound.spec.name.clone(), bound.binding.file.clone());
        let candidate = Candidate::read(&file).map_err(|error| RuntimeError::Unreadable {
            subsystem: subsystem.clone(),
            file: file.clone(),
            error,
        })?;
        let admitted = self
            .rehearsed(history, &candidate)
            .map_err(|error| (Step::Load, error.to_string()))
            .and_then(|()| self.admit(bound, &candidate))
            .map_err(|(step, reason)| match step {
                Step::Load => RuntimeError::Refused { subsystem, file, reason },
                _ => RuntimeError::Setup { subsystem, file, reason },
            })?;
        bound.check_hooks(&admitted)?;
        Ok((candidate, admitted))
    }

    /// A content that never served here is compiled in a process of its own first, where another version could stand in.
    fn rehearsed(
        &self,
        history: Option<(&Reloads, &SlotHistory)>,
        candidate: &Candidate,
    ) -> Result<(), RehearsalError> {
        let Some((reloads, history)) = history else { return Ok(()) };
        let new = history.entries.iter().all(|entry| entry.digest != candidate.digest);
        if let Some(rehearsal) = &reloads.rehearsal
            && new
            && !history.entries.is_empty()
        {
            let compiled = rehearsal.run(&candidate.bytes)?;
            self.sandbox.take_over(&candidate.bytes, &compiled);
        }
        Ok(())
    }

    fn of_store(
        &self,
        bound: &Bound<'_>,
        reloads: &Reloads,
        history: &SlotHistory,
        reason: &str,
    ) -> Result<(Candidate, Admitted), RuntimeError> {
        let wanted = history.pinned.clone().or_else(|| history.good().map(|e| e.digest.clone()));
        let digest = wanted.ok_or_else(|| bound.nothing_left(reason.to_owned()))?;
        let kept = reloads.store.get(&digest).map_err(|error| bound.nothing_left(format!("{reason}, and {error}")))?;
        let admitted = self.admit(bound, &kept).map_err(|(step, why)| {
            bound.nothing_left(format!("{reason}, and {} fails at {}: {why}", short(&digest), step.name()))
        })?;
        Ok((kept, admitted))
    }
}

/// Whether the file holds what somebody went back from, and there is something to have gone back to.
fn set_aside(history: &SlotHistory, digest: &str) -> bool {
    history.set_aside.as_deref() == Some(digest) && history.good().is_some_and(|good| good.digest != digest)
}

/// What serves from the start is in the store and in the history like any other version.
fn remember(
    reloads: &Reloads,
    bound: &Bound<'_>,
    candidate: &Candidate,
    admitted: &Admitted,
) -> Result<(), RuntimeError> {
    let kept = |error: String| RuntimeError::Versions { subsystem: bound.spec.name.clone(), error };
    reloads.store.put(candidate).map_err(|error| kept(error.to_string()))?;
    let mut book = reloads.book.lock();
    if book.slot(&bound.binding.history).serving().is_some_and(|e| e.digest == candidate.digest) {
        return Ok(());
    }
    let entry = Entry {
        digest: candidate.digest.clone(),
        version: admitted.version().to_owned(),
        since_ms: 0,
        reason: "host: at start".to_owned(),
    };
    book.serve(&bound.binding.history, entry).map_err(|error| kept(error.to_string()))
}

impl Bound<'_> {
    fn nothing_left(&self, reason: String) -> RuntimeError {
        RuntimeError::Setup { subsystem: self.spec.name.clone(), file: self.binding.file.clone(), reason }
    }

    fn check_hooks(&self, admitted: &Admitted) -> Result<(), RuntimeError> {
        let plugin = admitted.plugin();
        match self.binding.hooks.iter().find(|hook| !plugin.answers(**hook)) {
            None => Ok(()),
            Some(hook) => Err(RuntimeError::HookNotAnswered {
                subsystem: self.spec.name.clone(),
                file: self.binding.file.clone(),
                hook: *hook,
                answers: plugin.hooks().map(HookId::name).collect::<Vec<_>>().join(", "),
            }),
        }
    }
}
