//! A candidate in the shadow, as it is shown.

use bulkhead_policy::{
    FaultClass, HookId, Likeness,
    promotion::{Evidence, Unmet},
};
use bulkhead_runtime::{ShadowDifference, ShadowStatus};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::openapi::schema;

/// A candidate that is asked the same as the version that serves, and never applied.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ShadowView {
    /// Name of the plugin.
    pub plugin: String,
    /// Its version.
    pub version: String,
    /// Its digest.
    pub digest: String,
    /// Since when it runs, event time.
    pub since_ms: u64,
    /// What it has shown.
    #[schema(value_type = schema::Evidence)]
    pub evidence: Evidence,
    /// Share of the same decisions, 0 to 1.
    pub agreement: f64,
    /// Share of other decisions, 0 to 1. Absent: nothing was compared yet.
    pub disagreement: Option<f64>,
    /// Rules of promotion that are not met yet. Empty: it may be promoted.
    pub unmet: Vec<String>,
    /// Decisions by hook and by how they compare.
    pub by_hook: Vec<ComparedView>,
    /// Its faults by class.
    pub faults: Vec<FaultCount>,
    /// The latest differences, newest first, with both answers.
    pub differences: Vec<DifferenceView>,
}

/// A count of decisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ComparedView {
    /// Of which hook.
    #[schema(value_type = schema::HookId)]
    pub hook: HookId,
    /// How they compare with what serves.
    #[schema(value_type = schema::Likeness)]
    pub likeness: Likeness,
    /// How many.
    pub decisions: u64,
}

/// A count of faults.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FaultCount {
    /// Of which class.
    #[schema(value_type = schema::FaultClass)]
    pub class: FaultClass,
    /// How many.
    pub faults: u64,
}

/// A decision that the shadow would have made otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DifferenceView {
    /// Event time.
    pub event_time_ms: u64,
    /// Cycle of the trading loop.
    pub cycle: u64,
    /// Joins signal, order and fill; 0 means none.
    pub correlation: u64,
    /// Which hook.
    #[schema(value_type = schema::HookId)]
    pub hook: HookId,
    /// Id of the symbol asked about.
    pub symbol: Option<u32>,
    /// `tighter`, `looser`, `other`, or the class of a fault.
    pub kind: String,
    /// What serves answered; null where it failed.
    pub live: Value,
    /// What the shadow answered; null where it failed.
    pub shadow: Value,
    /// What went wrong with the shadow.
    pub fault: Option<String>,
}

impl ShadowView {
    pub(super) fn of(status: ShadowStatus, unmet: &[Unmet]) -> Self {
        let compared = |(hook, likeness, decisions)| ComparedView { hook, likeness, decisions };
        Self {
            agreement: status.evidence.agreement(),
            disagreement: (status.evidence.compared > 0).then(|| 1.0 - status.evidence.agreement()),
            unmet: unmet.iter().map(Unmet::to_string).collect(),
            by_hook: status.by_hook.into_iter().map(compared).collect(),
            faults: status.faults.into_iter().map(|(class, faults)| FaultCount { class, faults }).collect(),
            differences: status.differences.into_iter().map(DifferenceView::from).collect(),
            plugin: status.plugin,
            version: status.version,
            digest: status.digest,
            since_ms: status.since_ms,
            evidence: status.evidence,
        }
    }
}

impl From<ShadowDifference> for DifferenceView {
    fn from(difference: ShadowDifference) -> Self {
        let ShadowDifference { event_time_ms, cycle, correlation, hook, symbol, kind, live, shadow, fault } =
            difference;
        Self { event_time_ms, cycle, correlation, hook, symbol, kind: kind.to_owned(), live, shadow, fault }
    }
}
