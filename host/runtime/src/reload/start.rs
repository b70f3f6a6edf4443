//! The first version of a slot: the pinned one, else what its file holds, else the last good one.

use std::sync::Arc;

use bulkhead_journal::Journal;
use bulkhead_policy::HookId;
use bulkhead_sandbox::{Plugin, RehearsalError, Sandbox, SymbolInfo};

use super::{Admitted, Reloads, Step, admit};
use crate::{
    RuntimeError, SubsystemSpec,
    subsystem::{Subsystem, Version},
    version::{Candidate, Entry, SlotHistory, short},
};

/// Why the file's own version does not serve, when another one does.
pub(crate) struct FellBack(pub(crate) String);

/// Makes a slot. A file that cannot serve is no reason to stand still while a good version is at hand: the last one that
/// served takes its place, and people are told.
pub(crate) fn start(
    sandbox: &Sandbox,
    journal: &Journal,
    symbols: &Arc<[SymbolInfo]>,
    reloads: Option<&Reloads>,
    spec: SubsystemSpec,
) -> Result<(Subsystem, Option<FellBack>), RuntimeError> {
    let history = reloads.map(|r| (r, r.book.lock().slot(&spec.name)));
    let of_file = match history.as_ref().and_then(|(_, h)| h.pinned.clone()) {
        Some(pinned) => Err(format!("it is pinned to {}", short(&pinned))),
        None => match from_file(sandbox, symbols, history.as_ref(), &spec) {
            // Without another version it starts taken out.
            Ok(found)
                if history.as_ref().is_some_and(|(_, h)| h.bad.contains(&found.0.digest) && h.good().is_some()) =>
            {
                Err(format!("{} was taken out after repeated faults", short(&found.0.digest)))
            }
            Ok(found) if history.as_ref().is_some_and(|(_, h)| set_aside(h, &found.0.digest)) => {
                Err(format!("somebody went back from {}", short(&found.0.digest)))
            }
            Ok(found) => Ok(found),
            Err(error) if history.as_ref().is_none_or(|(_, h)| h.entries.is_empty()) => return Err(error),
            Err(error) => Err(error.to_string()),
        },
    };
    let (candidate, admitted, fell_back) = match (of_file, history) {
        (Ok((candidate, admitted)), _) => (candidate, admitted, None),
        (Err(reason), Some((reloads, history))) => {
            let wanted = history.pinned.clone().or_else(|| history.good().map(|e| e.digest.clone()));
            let (candidate, admitted) = from_store(sandbox, symbols, reloads, &spec, wanted, &reason)?;
            let text = format!("{}: {reason}; {} serves instead", spec.name, short(&candidate.digest));
            (candidate, admitted, Some(FellBack(text)))
        }
        (Err(reason), None) => return Err(nothing_left(&spec, reason)),
    };
    let hooks = bound_hooks(admitted.plugin(), &spec)?;
    if let Some(reloads) = reloads {
        remember(reloads, &spec.name, &candidate, &admitted)?;
    }
    let reference = journal.intern(&admitted.identity);
    if admitted.identity.plugin != spec.name {
        let plugin = &admitted.identity.plugin;
        tracing::info!(subsystem = spec.name, plugin, "another plugin serves this subsystem");
    }
    Ok((Subsystem::new(spec, hooks, Version { pool: admitted.pool, reference }), fell_back))
}

fn from_file(
    sandbox: &Sandbox,
    symbols: &Arc<[SymbolInfo]>,
    history: Option<&(&Reloads, SlotHistory)>,
    spec: &SubsystemSpec,
) -> Result<(Candidate, Admitted), RuntimeError> {
    let (subsystem, file) = (spec.name.clone(), spec.file.clone());
    let candidate = Candidate::read(&spec.file).map_err(|error| RuntimeError::Unreadable {
        subsystem: subsystem.clone(),
        file: file.clone(),
        error,
    })?;
    let admitted = rehearsed(history, &candidate)
        .map_err(|error| (Step::Load, error.to_string()))
        .and_then(|()| admit(sandbox, spec, symbols, &candidate))
        .map_err(|(step, reason)| match step {
            Step::Load => RuntimeError::Refused { subsystem, file, reason },
            _ => RuntimeError::Setup { subsystem, file, reason },
        })?;
    bound_hooks(admitted.plugin(), spec)?;
    Ok((candidate, admitted))
}

/// A content that never served here is compiled in a process of its own first, where another version could stand in.
fn rehearsed(history: Option<&(&Reloads, SlotHistory)>, candidate: &Candidate) -> Result<(), RehearsalError> {
    let Some((reloads, history)) = history else { return Ok(()) };
    let new = history.entries.iter().all(|entry| entry.digest != candidate.digest);
    match &reloads.rehearsal {
        Some(rehearsal) if new && !history.entries.is_empty() => rehearsal.run(&candidate.bytes),
        _ => Ok(()),
    }
}

fn from_store(
    sandbox: &Sandbox,
    symbols: &Arc<[SymbolInfo]>,
    reloads: &Reloads,
    spec: &SubsystemSpec,
    wanted: Option<String>,
    reason: &str,
) -> Result<(Candidate, Admitted), RuntimeError> {
    let digest = wanted.ok_or_else(|| nothing_left(spec, reason.to_owned()))?;
    let kept = reloads.store.get(&digest).map_err(|error| nothing_left(spec, format!("{reason}, and {error}")))?;
    let admitted = admit(sandbox, spec, symbols, &kept).map_err(|(step, why)| {
        nothing_left(spec, format!("{reason}, and {} fails at {}: {why}", short(&digest), step.name()))
    })?;
    Ok((kept, admitted))
}

/// Whether the file holds what somebody went back from, and there is something to have gone back to.
fn set_aside(history: &SlotHistory, digest: &str) -> bool {
    history.set_aside.as_deref() == Some(digest) && history.good().is_some_and(|good| good.digest != digest)
}

fn nothing_left(spec: &SubsystemSpec, reason: String) -> RuntimeError {
    RuntimeError::Setup { subsystem: spec.name.clone(), file: spec.file.clone(), reason }
}

/// What serves from the start is in the store and in the history like any other version.
fn remember(
    reloads: &Reloads,
    subsystem: &str,
    candidate: &Candidate,
    admitted: &Admitted,
) -> Result<(), RuntimeError> {
    let kept = |error: String| RuntimeError::Versions { subsystem: subsystem.to_owned(), error };
    reloads.store.put(candidate).map_err(|error| kept(error.to_string()))?;
    let mut book = reloads.book.lock();
    if book.slot(subsystem).serving().is_some_and(|e| e.digest == candidate.digest) {
        return Ok(());
    }
    let entry = Entry {
        digest: candidate.digest.clone(),
        version: admitted.version().to_owned(),
        since_ms: 0,
        reason: "host: at start".to_owned(),
    };
    book.serve(subsystem, entry).map_err(|error| kept(error.to_string()))
}

fn bound_hooks(plugin: &Plugin, spec: &SubsystemSpec) -> Result<Vec<HookId>, RuntimeError> {
    if spec.hooks.is_empty() {
        return Ok(plugin.hooks().collect());
    }
    match spec.hooks.iter().find(|hook| !plugin.answers(**hook)) {
        None => Ok(spec.hooks.clone()),
        Some(hook) => Err(RuntimeError::HookNotAnswered {
            subsystem: spec.name.clone(),
            file: spec.file.clone(),
            hook: *hook,
            answers: plugin.hooks().map(HookId::name).collect::<Vec<_>>().join(", "),
        }),
    }
}
