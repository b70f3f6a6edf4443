//! Everything that is asked of the registry, in one place. What can take long is called on a thread for it.

use std::{path::Path, sync::Arc, time::Instant};

use bulkhead_journal::{EventKind, EventRecord, Record};
use bulkhead_policy::{Brake, HookId, Mode, Stage};
use bulkhead_runtime::{Engaged, HookSnapshot, PromotionRefused, Registry, Reloaded, Wish, version::short};
use serde_json::{Value, json};

use crate::{
    api::{HookView, RefusalView},
    caller::Caller,
    error::Problem,
    hooks,
    view::{self, BrakeView, Changed, HookAnswer, JournalView, StageChanged, StatusView, SubsystemView},
};

/// The registry as the server sees it. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Control {
    registry: Arc<Registry>,
    started: Instant,
}

/// A change of a subsystem's version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Reload,
    Rollback,
    Pin,
    Unpin,
    Release,
    Shadow,
    Unshadow,
    Promote,
}

impl Operation {
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "reload" => Self::Reload,
            "rollback" => Self::Rollback,
            "pin" => Self::Pin,
            "unpin" => Self::Unpin,
            "release" => Self::Release,
            "shadow" => Self::Shadow,
            "unshadow" => Self::Unshadow,
            "promote" => Self::Promote,
            _ => return None,
        })
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Reload => "reload",
            Self::Rollback => "rollback",
            Self::Pin => "pin",
            Self::Unpin => "unpin",
            Self::Release => "release",
            Self::Shadow => "shadow",
            Self::Unshadow => "unshadow",
            Self::Promote => "promote",
        }
    }

    /// Carries it out.
    fn run(
        self,
        registry: &Registry,
        subsystem: &str,
        candidate: Option<&Path>,
        wish: &Wish,
    ) -> Result<String, PromotionRefused> {
        let reloaded = |done: Reloaded| view::sentence(subsystem, &done);
        let done = match self {
            Self::Reload => registry.reload_file(subsystem, wish).map(reloaded),
            Self::Rollback => registry.rollback(subsystem, wish).map(reloaded),
            Self::Pin => registry
                .pin(subsystem, true, wish)
                .map(|()| format!("{subsystem}: pinned to the version that serves, whatever its file holds")),
            Self::Unpin => registry
                .pin(subsystem, false, wish)
                .map(|()| format!("{subsystem}: let go of the pin; its file is tried again")),
            Self::Release => registry
                .release_quarantine(subsystem, wish)
                .map(|()| format!("{subsystem}: released from quarantine, it serves without strikes")),
            Self::Shadow => registry
                .shadow_file(subsystem, candidate, wish)
                .map(|digest| format!("{subsystem}: {} runs in the shadow", short(&digest))),
            Self::Unshadow => {
                registry.stop_shadow(subsystem, wish).map(|()| format!("{subsystem}: nobody is in the shadow"))
            }
            Self::Promote => return registry.promote(subsystem, wish).map(reloaded),
        };
        Ok(done?)
    }
}

impl Control {
    pub(crate) fn new(registry: Arc<Registry>) -> Self {
        Self { registry, started: Instant::now() }
    }

    pub(crate) fn uptime_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Reasons why the host does not do what it is there for.
    pub(crate) fn problems(&self) -> Vec<String> {
        let journal = self.registry.journal().status();
        let failed = journal.error.is_some().then(|| "the journal has stopped writing; trading goes on".to_owned());
        failed.into_iter().collect()
    }

    /// Asks a hook. Calls plugins.
    pub(crate) fn ask(&self, hook: HookId, document: Value) -> Result<HookAnswer, Problem> {
        hooks::ask(&self.registry, hook, document)
    }

    /// Counters of every hook.
    pub(crate) fn hooks(&self) -> Vec<HookView> {
        let view = |s: HookSnapshot| HookView {
            hook: s.hook.name(),
            calls: s.calls,
            asked: s.asked,
            applied: s.applied,
            advised: s.advised,
            observed: s.observed,
            defaulted: s.defaulted.into_iter().map(|(cause, count)| (cause.name(), count)).collect(),
            refusals: s
                .reasons
                .into_iter()
                .map(|((subsystem, reason), count)| RefusalView { subsystem, reason: reason.to_string(), count })
                .collect(),
            p50_ns: s.p50_ns,
            p99_ns: s.p99_ns,
            max_ns: s.max_ns,
        };
        self.registry.metrics().snapshot().into_iter().map(view).collect()
    }

    pub(crate) fn brake(&self) -> BrakeView {
        self.registry.dials().into()
    }

    pub(crate) fn status(&self) -> StatusView {
        let dials = self.registry.dials();
        let journal = self.registry.journal().status();
        StatusView {
            host: env!("CARGO_PKG_VERSION").to_owned(),
            uptime_ms: self.uptime_ms(),
            event_time_ms: self.registry.last_event_ms(),
            stage: dials.stage,
            policy: dials.policy,
            brake: dials.into(),
            journal: JournalView {
                appended: journal.appended,
                written: journal.written,
                dropped: journal.dropped,
                lag: journal.lag,
                failed: journal.error.is_some(),
            },
            subsystems: self.subsystems(),
        }
    }

    pub(crate) fn subsystems(&self) -> Vec<SubsystemView> {
        let view = |status: bulkhead_runtime::SubsystemStatus| {
            let pinned = self.registry.pinned(&status.name);
            let unmet = self.registry.unmet_by(&status.name).unwrap_or_default();
            SubsystemView::of(status, pinned, &unmet)
        };
        self.registry.status().into_iter().map(view).collect()
    }

    pub(crate) fn subsystem(&self, name: &str) -> Result<SubsystemView, Problem> {
        let all = self.subsystems();
        match all.iter().find(|s| s.name == name) {
            Some(found) => Ok(found.clone()),
            None => Err(Problem::no_subsystem(name, &all.into_iter().map(|s| s.name).collect::<Vec<_>>())),
        }
    }

    /// Changes a subsystem's version. Can take seconds.
    pub(crate) fn operate(
        &self,
        caller: &Caller,
        subsystem: &str,
        operation: Operation,
        candidate: Option<&Path>,
        wish: &Wish,
    ) -> Result<Changed, Problem> {
        let before = self.subsystem(subsystem)?;
        let done = operation.run(&self.registry, subsystem, candidate, wish);
        let after = self.subsystem(subsystem)?;
        let result = done.as_deref().map_or("refused", |_| "done");
        let (from, to) = (version(&before), version(&after));
        self.audit(caller, &wish.actor, operation.name(), subsystem, (from, to), &wish.reason, result);
        let message = done?;
        Ok(Changed { message, subsystem: after })
    }

    /// Sets a subsystem's mode.
    pub(crate) fn set_mode(
        &self,
        caller: &Caller,
        subsystem: &str,
        mode: Mode,
        actor: &str,
        reason: &str,
    ) -> Result<Changed, Problem> {
        let before = self.subsystem(subsystem)?;
        let done = self.registry.set_mode(subsystem, mode, actor, reason, self.registry.last_event_ms());
        let result = if done.is_ok() { "done" } else { "refused" };
        let after = self.subsystem(subsystem)?;
        self.audit(caller, actor, "mode", subsystem, (json!(before.mode), json!(after.mode)), reason, result);
        done?;
        let message = format!("{subsystem}: mode {} -> {}, for the next decision", before.mode, after.mode);
        Ok(Changed { message, subsystem: after })
    }

    /// Goes to another stage. Can take seconds.
    pub(crate) fn set_stage(&self, caller: &Caller, stage: Stage, wish: &Wish) -> Result<StageChanged, Problem> {
        let before = self.registry.dials().stage;
        let done = self.registry.set_stage(stage, wish);
        let result = if done.is_ok() { "done" } else { "refused" };
        let now = self.registry.dials().stage;
        self.audit(caller, &wish.actor, "stage", "", (json!(before), json!(now)), &wish.reason, result);
        done?;
        let message = format!("stage {before} -> {now}, for the next decision");
        Ok(StageChanged { message, stage: now })
    }

    /// Engages the brake: no lock, no I/O. What it returns is to be recorded.
    pub(crate) fn engage(&self, brake: Brake) -> Option<Engaged> {
        self.registry.engage_now(brake, self.registry.last_event_ms())
    }

    /// Keeps and journals an engaged brake. Can wait for the disk.
    pub(crate) fn record(&self, engaged: &Engaged, actor: &str, reason: &str) {
        self.registry.record_brake(engaged, actor, reason);
    }

    /// Releases the brake that the caller saw.
    pub(crate) fn release(&self, caller: &Caller, generation: u64, actor: &str, reason: &str) -> Result<(), Problem> {
        let before = self.brake();
        let done = self.registry.release_at(generation, actor, reason, self.registry.last_event_ms());
        let result = if done.is_ok() { "done" } else { "refused" };
        let states = (json!(before.brake), json!(self.brake().brake));
        self.audit(caller, actor, "brake-release", "", states, reason, result);
        Ok(done?)
    }

    /// Journals who changed what, durably: the caller is told of success only after this.
    #[allow(clippy::too_many_arguments, reason = "one record, written in one place")]
    fn audit(
        &self,
        caller: &Caller,
        actor: &str,
        operation: &str,
        subsystem: &str,
        (before, after): (Value, Value),
        reason: &str,
        result: &str,
    ) {
        let data = json!({
            "audit": operation, "subsystem": subsystem, "caller": caller.name, "token": caller.token, "via": caller.via.name(),
            "before": before, "after": after, "reason": reason, "result": result,
        });
        let journal = self.registry.journal();
        journal.append(Record::Event(EventRecord {
            event_time_ms: self.registry.last_event_ms(),
            kind: EventKind::Note,
            actor: actor.to_owned(),
            text: format!("{operation} {subsystem}: {result}"),
            data: data.to_string(),
        }));
        if let Err(error) = journal.sync() {
            tracing::error!("a change is not in the journal: {error}");
        }
    }
}

fn version(of: &SubsystemView) -> Value {
    json!({ "version": of.version, "digest": of.digest, "pinned": of.pinned, "quarantined": of.quarantined })
}
