//! Everything that is asked of the registry, in one place. What can take long is called on a thread for it.

use std::{path::Path, sync::Arc, time::Instant};

use bulkhead_journal::{EventKind, EventRecord, OnFailure, Record};
use bulkhead_policy::{Brake, HookId};
use bulkhead_runtime::{Engaged, PromotionRefused, Registry, Reloaded, Wish, version::short};
use serde_json::{Value, json};

use crate::{
    caller::Caller,
    error::Problem,
    hooks,
    view::{self, BrakeView, Changed, HookAnswer, HookView, JournalView, StatusView, SubsystemView},
};

/// The registry as the server sees it. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Control {
    registry: Arc<Registry>,
    started: Instant,
}

/// A change of a subsystem's version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, utoipa::ToSchema)]
#[schema(rename_all = "kebab-case")]
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

    pub(crate) fn registry(&self) -> &Registry {
        &self.registry
    }

    pub(crate) fn uptime_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Reasons why the host does not do what it is there for.
    pub(crate) fn problems(&self) -> Vec<String> {
        let journal = self.registry.journal().status();
        let failed = journal.error.map(|_| match journal.on_failure {
            OnFailure::Continue => "the journal has stopped writing; trading goes on".to_owned(),
            OnFailure::HaltNew => "the journal has stopped writing; nothing is opened, exits pass".to_owned(),
        });
        // The file's name is in the log.
        let unrecorded = self.registry.unrecorded().map(|_| {
            "what was set at run time cannot be written: it is in force, and a restart would lose it".to_owned()
        });
        failed.into_iter().chain(unrecorded).collect()
    }

    /// Asks a hook. Calls plugins.
    pub(crate) fn ask(&self, hook: HookId, document: Value) -> Result<HookAnswer, Problem> {
        hooks::ask(&self.registry, hook, document)
    }

    /// Counters of every hook.
    pub(crate) fn hooks(&self) -> Vec<HookView> {
        self.registry.metrics().snapshot().into_iter().map(HookView::from).collect()
    }

    pub(crate) fn brake(&self) -> BrakeView {
        BrakeView::of(self.registry.dials(), self.registry.brake_words().as_deref())
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
            brake: BrakeView::of(dials, self.registry.brake_words().as_deref()),
            journal: JournalView {
                appended: journal.appended,
                written: journal.written,
                dropped: journal.dropped,
                lag: journal.lag,
                failed: journal.error.is_some(),
                warning: journal.warning,
                on_failure: journal.on_failure,
                unrecorded_orders: journal.unrecorded_orders,
                withheld_orders: journal.withheld_orders,
            },
            subsystems: self.subsystems(),
            notes: self.registry.settled().to_vec(),
        }
    }

    pub(crate) fn subsystems(&self) -> Vec<SubsystemView> {
        let (dials, now_ms) = (self.registry.dials(), self.registry.last_event_ms());
        let view = |status: bulkhead_runtime::SubsystemStatus| {
            let pinned = self.registry.pinned(&status.name);
            let unmet = self.registry.unmet_by(&status.name).unwrap_or_default();
            SubsystemView::of(status, dials, now_ms, pinned, &unmet)
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

    /// Engages the brake: no lock, no I/O. What it returns is to be recorded.
    pub(crate) fn engage(&self, brake: Brake) -> Option<Engaged> {
        self.registry.engage_now(brake, self.registry.last_event_ms())
    }

    /// Keeps and journals an engaged brake; whether a restart will find it. Can wait for the disk.
    pub(crate) fn record(&self, engaged: &Engaged, actor: &str, reason: &str) -> bool {
        self.registry.record_brake(engaged, actor, reason)
    }

    /// Releases the brake that the caller saw, and perhaps lets drawdowns begin anew; false when it was released already.
    pub(crate) fn release(
        &self,
        caller: &Caller,
        generation: u64,
        rebase: bool,
        actor: &str,
        reason: &str,
    ) -> Result<bool, Problem> {
        let (before, now_ms) = (self.brake(), self.registry.last_event_ms());
        let (operation, done) = if rebase {
            ("brake-release-rebase", self.registry.release_and_rebase(generation, actor, reason, now_ms))
        } else {
            ("brake-release", self.registry.release_at(generation, actor, reason, now_ms))
        };
        let result = if done.is_ok() { "done" } else { "refused" };
        let states = (json!(before.brake), json!(self.brake().brake));
        self.audit(caller, actor, operation, "", states, reason, result);
        Ok(done?)
    }

    /// Journals who changed what, durably: the caller is told of success only after this.
    #[allow(clippy::too_many_arguments, reason = "one record, written in one place")]
    pub(crate) fn audit(
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

pub(crate) fn version(of: &SubsystemView) -> Value {
    json!({ "version": of.version, "digest": of.digest, "pinned": of.pinned, "quarantined": of.quarantined })
}
