//! Stage, modes, limits and bindings: what is asked of the registry, and what is said of what became of it.

use axum::http::StatusCode;
use bulkhead_policy::{Mode, Stage, envelope::LimitsChange};
use bulkhead_runtime::{LimitsRefused, ModeError, Procedure, Recorded, StageError, Wish};
use serde_json::json;

use crate::{
    auth::Right,
    caller::Caller,
    control::{Control, version},
    error::Problem,
    view::{self, Changed, LimitsChanged, LimitsView, StageChanged},
};

/// Of a change that is in force and not on the disk. The file's name is in the log.
const UNRECORDED: &str = "; it could not be recorded and a restart now would lose it: the host's log says why, and it is tried again every second";

impl Control {
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
        let done = self.registry().set_mode(subsystem, mode, actor, reason, self.registry().last_event_ms());
        let after = self.subsystem(subsystem)?;
        let states = (json!(before.mode), json!(after.mode));
        self.audit(caller, actor, "mode", subsystem, states, reason, result(&done));
        let tail = unrecorded(&done?);
        let message = format!("{subsystem}: mode {} -> {}, for the next decision{tail}", before.mode, after.mode);
        Ok(Changed { message, subsystem: after })
    }

    /// Goes to another stage. Can take seconds.
    pub(crate) fn set_stage(&self, caller: &Caller, stage: Stage, wish: &Wish) -> Result<StageChanged, Problem> {
        let before = self.registry().dials().stage;
        let done = self.registry().set_stage(stage, wish);
        let now = self.registry().dials().stage;
        self.audit(caller, &wish.actor, "stage", "", (json!(before), json!(now)), &wish.reason, result(&done));
        let tail = unrecorded(&done?);
        Ok(StageChanged { message: format!("stage {before} -> {now}, for the next decision{tail}"), stage: now })
    }

    /// The limits as they stand.
    pub(crate) fn limits(&self) -> LimitsView {
        self.registry().limits_now().into()
    }

    /// Changes limits. A wider one is for whoever may release.
    pub(crate) fn set_limits(
        &self,
        caller: &Caller,
        change: &LimitsChange,
        seen: Option<u64>,
        wish: &Wish,
    ) -> Result<LimitsChanged, Problem> {
        let before = self.limits().limits;
        let procedure = match seen {
            Some(seen) if caller.needs(Right::Release).is_ok() => Procedure::Release { seen },
            seen => Procedure::Tighten { seen },
        };
        let done = self.registry().set_limits(change, procedure, wish);
        let now = self.limits();
        let states = (json!(before), json!(now.limits));
        self.audit(caller, &wish.actor, "limits", "", states, &wish.reason, result(&done));
        let (_, recorded) = done?;
        let said: Vec<String> =
            change.iter().map(|(key, value)| format!("{key} {} -> {value}", before.get(*key))).collect();
        let message = format!("{}, for the next decision{}", said.join(", "), unrecorded(&recorded));
        Ok(LimitsChanged { message, now })
    }

    /// Binds a subsystem to another plugin. Can take seconds.
    pub(crate) fn bind(&self, caller: &Caller, subsystem: &str, plugin: &str, wish: &Wish) -> Result<Changed, Problem> {
        let before = self.subsystem(subsystem)?;
        let done = self.registry().bind(subsystem, plugin, wish);
        let after = self.subsystem(subsystem)?;
        let states = (version(&before), version(&after));
        self.audit(caller, &wish.actor, "plugin", subsystem, states, &wish.reason, result(&done));
        let done = done.map_err(bulkhead_runtime::PromotionRefused::from)?;
        let pinned = if after.pinned.is_some() { ", and it is pinned to that" } else { "" };
        Ok(Changed { message: format!("{}{pinned}", view::sentence(subsystem, &done)), subsystem: after })
    }
}

fn result<T, E>(done: &Result<T, E>) -> &'static str {
    if done.is_ok() { "done" } else { "refused" }
}

const fn unrecorded(recorded: &Recorded) -> &'static str {
    if recorded.lost.is_some() { UNRECORDED } else { "" }
}

/// A change that needs the disk, and did not come into force. The file's name is in the log.
fn not_kept(what: &str, error: &dyn std::error::Error) -> Problem {
    tracing::error!("{error}");
    let text = format!(
        "{what}: it cannot be kept over a restart, and the host's log says why; make room on the disk and try again"
    );
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "not-kept", text)
}

impl From<StageError> for Problem {
    fn from(error: StageError) -> Self {
        match &error {
            StageError::NotKept { stays, .. } => not_kept(&format!("the stage stays {stays}"), &error),
            _ => Self::new(StatusCode::CONFLICT, "stage-refused", error.to_string()),
        }
    }
}

impl From<ModeError> for Problem {
    fn from(error: ModeError) -> Self {
        match &error {
            ModeError::NotKept { subsystem, .. } => not_kept(&format!("the mode of {subsystem} stays"), &error),
            _ => Self::new(StatusCode::CONFLICT, "mode-refused", error.to_string()),
        }
    }
}

impl From<LimitsRefused> for Problem {
    fn from(error: LimitsRefused) -> Self {
        let (status, code) = match &error {
            LimitsRefused::NotKept(_) => return not_kept("no limit has changed", &error),
            LimitsRefused::Wider { .. } => (StatusCode::FORBIDDEN, "release-procedure"),
            LimitsRefused::Changed { .. } => (StatusCode::CONFLICT, "limits-changed"),
            LimitsRefused::Refused { .. } | LimitsRefused::Unexplained => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
        };
        Self::new(status, code, error.to_string())
    }
}
