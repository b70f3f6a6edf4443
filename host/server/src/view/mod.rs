//! What an answer says. Times are epoch ms; event time is that of the market.

mod account;
mod activation;
mod gate;
mod hook;
mod limits;
mod metrics;
#[cfg(test)]
mod sample;
mod shadow;
mod standing;

pub use account::{AccountLimits, AccountView, ProgressView};
pub use activation::{ActivationView, CheckView, JournalReadView};
pub use gate::AuthorityView;
pub use hook::{HookAnswer, HookPart};
pub use limits::{LimitsChanged, LimitsView};
pub(crate) use metrics::{HookView, MetricsView};
pub use shadow::{ComparedView, DifferenceView, FaultCount, ShadowView};
pub use standing::Standing;

use bulkhead_journal::OnFailure;
use bulkhead_policy::{Brake, FaultClass, HookId, Mode, PolicySet, Stage, alarm::AlarmKind, promotion::Unmet};
use bulkhead_runtime::{BrakeWords, Dials, Refused, Reloaded, SubsystemStatus};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::openapi::schema;

/// Whether the process lives.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Live {
    /// Always `live`.
    pub status: String,
    /// Time since the start, ms.
    pub uptime_ms: u64,
}

/// Whether it does what it is there for.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Ready {
    /// `ready`, or `not-ready`.
    pub status: String,
    /// Why not.
    pub problems: Vec<String>,
}

/// The brake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BrakeView {
    /// Its state.
    #[schema(value_type = schema::Brake)]
    pub brake: Brake,
    /// Changes so far. A release names it.
    pub generation: u64,
    /// When it left `released`, event time.
    pub since_ms: Option<u64>,
    /// Who engaged it. Absent: it is released, or the record is still on its way.
    #[serde(default)]
    pub actor: Option<String>,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
}

impl BrakeView {
    pub(crate) fn of(dials: Dials, words: Option<&BrakeWords>) -> Self {
        Self {
            brake: dials.brake,
            generation: dials.brake_generation,
            since_ms: dials.braked_since_ms,
            actor: words.map(|words| words.actor.clone()),
            reason: words.map(|words| words.reason.clone()),
        }
    }
}

/// The ledger.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct JournalView {
    /// Records accepted.
    pub appended: u64,
    /// Records on the disk.
    pub written: u64,
    /// Records lost.
    pub dropped: u64,
    /// Records that wait.
    pub lag: u64,
    /// It has stopped writing.
    pub failed: bool,
    /// What will end its writing if nobody helps.
    #[serde(default)]
    pub warning: Option<String>,
    /// What follows when a decision cannot be recorded.
    #[serde(default)]
    #[schema(value_type = schema::OnFailure)]
    pub on_failure: OnFailure,
    /// Orders that went out though their decisions were not on the disk.
    #[serde(default)]
    pub unrecorded_orders: u64,
    /// Orders that did not go out for that reason.
    #[serde(default)]
    pub withheld_orders: u64,
}

/// The host as it stands.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StatusView {
    /// Version of the host.
    pub host: String,
    /// Time since the start, ms.
    pub uptime_ms: u64,
    /// Event time of the latest hook call; 0 before the first.
    pub event_time_ms: u64,
    /// Stage of the rollout.
    #[schema(value_type = schema::Stage)]
    pub stage: Stage,
    /// What holds after a fault.
    #[schema(value_type = schema::PolicySet)]
    pub policy: PolicySet,
    /// The lever above all plugins.
    pub brake: BrakeView,
    /// The ledger.
    pub journal: JournalView,
    /// Every subsystem.
    pub subsystems: Vec<SubsystemView>,
    /// What was set at run time before this start, where it and the configuration differ: a sentence each.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// A fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FaultView {
    /// Its class.
    #[schema(value_type = schema::FaultClass)]
    pub class: FaultClass,
    /// The plugin's or the sandbox's words.
    pub text: String,
}

/// A candidate that does not serve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RefusedView {
    /// Its digest, once it was read.
    pub digest: Option<String>,
    /// Which step refused it.
    pub step: String,
    /// One sentence.
    pub reason: String,
}

impl From<&Refused> for RefusedView {
    fn from(refused: &Refused) -> Self {
        Self {
            digest: refused.digest.as_deref().map(str::to_owned),
            step: refused.step.name().to_owned(),
            reason: refused.reason.as_ref().to_owned(),
        }
    }
}

/// A subsystem as it stands.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SubsystemView {
    /// Its name.
    pub name: String,
    /// Its mode.
    #[schema(value_type = schema::Mode)]
    pub mode: Mode,
    /// What it does, as real calls have shown it.
    pub state: Standing,
    /// What each of its hooks may do now: mode, stage and brake together.
    pub authority: Vec<AuthorityView>,
    /// Name of the plugin that serves.
    pub plugin: String,
    /// Its version.
    pub version: String,
    /// Its digest.
    pub digest: String,
    /// The version it is pinned to.
    pub pinned: Option<String>,
    /// Hooks it is asked.
    #[schema(value_type = Vec<schema::HookId>)]
    pub hooks: Vec<HookId>,
    /// Hook calls that reached it.
    pub calls: u64,
    /// Of these, faults.
    pub faults: u64,
    /// Faults since its last good answer.
    pub faults_in_a_row: u32,
    /// The last fault.
    pub last_fault: Option<FaultView>,
    /// Event time of its last good answer. Absent: it never answered.
    pub last_answer_ms: Option<u64>,
    /// How old that answer is, in time of the market, ms.
    pub last_answer_age_ms: Option<u64>,
    /// Most fuel of one call.
    pub peak_fuel: u64,
    /// Fuel granted per call.
    pub fuel_budget: u64,
    /// CPU time granted per call, µs.
    pub cpu_budget_us: u64,
    /// Versions that came into service after the first, since the start.
    pub versions: u64,
    /// Candidates that were refused, since the start.
    pub refusals: u64,
    /// It is taken out after repeated faults, or on probation.
    pub quarantined: bool,
    /// The last candidate that was refused.
    pub refused: Option<RefusedView>,
    /// Event time until which faults bring back the version before.
    pub trial_until_ms: Option<u64>,
    /// A candidate that runs beside it.
    pub shadow: Option<ShadowView>,
    /// What is strange about its answers.
    pub alarms: Vec<AlarmView>,
}

/// Something strange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AlarmView {
    /// On which hook.
    #[schema(value_type = schema::HookId)]
    pub hook: HookId,
    /// What it is.
    #[schema(value_type = schema::AlarmKind)]
    pub kind: AlarmKind,
}

impl SubsystemView {
    /// Under these dials, at this event time.
    pub(crate) fn of(
        status: SubsystemStatus,
        dials: Dials,
        now_ms: u64,
        pinned: Option<String>,
        unmet: &[Unmet],
    ) -> Self {
        Self {
            state: Standing::of(&status, now_ms),
            authority: AuthorityView::all(&status, dials),
            last_answer_age_ms: status.last_answer_ms.map(|ms| now_ms.saturating_sub(ms)),
            trial_until_ms: status.trial_until_ms,
            shadow: status.shadow.map(|shadow| ShadowView::of(shadow, unmet)),
            alarms: status.alarms.into_iter().map(|(hook, kind)| AlarmView { hook, kind }).collect(),
            pinned,
            refused: status.refused.as_ref().map(RefusedView::from),
            last_fault: status.last_fault.map(|(class, text)| FaultView { class, text }),
            name: status.name,
            mode: status.mode,
            plugin: status.plugin,
            version: status.version,
            digest: status.digest,
            hooks: status.hooks,
            calls: status.calls,
            faults: status.faults,
            faults_in_a_row: status.faults_in_a_row,
            last_answer_ms: status.last_answer_ms,
            peak_fuel: status.peak_fuel,
            fuel_budget: status.fuel_budget,
            cpu_budget_us: u64::try_from(status.cpu_budget.as_micros()).unwrap_or(u64::MAX),
            versions: status.versions,
            refusals: status.refusals,
            quarantined: status.quarantined,
        }
    }
}

/// A change that was made.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Changed {
    /// What happened, in one sentence.
    pub message: String,
    /// The subsystem as it stands now.
    pub subsystem: SubsystemView,
}

/// A change of the stage.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StageChanged {
    /// What happened, in one sentence.
    pub message: String,
    /// The stage as it stands now.
    #[schema(value_type = schema::Stage)]
    pub stage: Stage,
}

/// What became of a reload, in one sentence.
pub(crate) fn sentence(subsystem: &str, reloaded: &Reloaded) -> String {
    match reloaded {
        Reloaded::Unchanged => format!("{subsystem}: the same version serves already; nothing has changed"),
        Reloaded::Serving { digest, version } => {
            format!("{subsystem}: {version} ({}) serves", bulkhead_runtime::version::short(digest))
        }
    }
}

/// What became of a change of the brake.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Braked {
    /// In one sentence.
    pub message: String,
    /// Whether a restart would find it like this. Absent: nothing has changed.
    pub recorded: Option<bool>,
    /// The brake now.
    #[serde(flatten)]
    pub brake: BrakeView,
}

/// An error, as it is answered.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ErrorBody {
    /// The error.
    pub error: ErrorView,
}

/// An error in words and as a code.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ErrorView {
    /// For machines.
    pub code: String,
    /// For people: what, where, what still works, what to do.
    pub message: String,
}
