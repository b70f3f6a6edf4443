//! Counters, as they are shown.

use std::collections::BTreeMap;

use bulkhead_runtime::{HookSnapshot, LATENCY_BOUNDS_NS};
use serde::Serialize;
use utoipa::ToSchema;

use super::StatusView;
use crate::openapi::schema;

/// Everything that is counted.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct MetricsView {
    /// Every hook.
    pub(crate) hooks: Vec<HookView>,
    /// The host as it stands.
    pub(crate) status: StatusView,
}

/// Counters of one hook, since the start.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct HookView {
    /// Its name.
    #[schema(value_type = schema::HookId)]
    pub(crate) hook: &'static str,
    /// Calls of the hook.
    pub(crate) calls: u64,
    /// Subsystems asked, all calls together.
    pub(crate) asked: u64,
    /// Answers that took effect.
    pub(crate) applied: u64,
    /// Answers shown as advice.
    pub(crate) advised: u64,
    /// Answers only logged.
    pub(crate) observed: u64,
    /// Safe defaults by cause.
    #[schema(value_type = BTreeMap<String, u64>)]
    pub(crate) defaulted: BTreeMap<&'static str, u64>,
    /// Refusals, applied or not.
    pub(crate) refusals: Vec<RefusalView>,
    /// Calls that asked a subsystem, and so took time.
    pub(crate) timed: u64,
    /// Their times together, ns.
    pub(crate) sum_ns: u64,
    /// How many of them took no longer than so long.
    pub(crate) up_to: Vec<UpToView>,
    /// Half of them were no slower, ns.
    pub(crate) p50_ns: u64,
    /// 99 of 100 were no slower, ns.
    pub(crate) p99_ns: u64,
    /// The slowest, ns.
    pub(crate) max_ns: u64,
}

/// Refusals of one subsystem for one reason.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RefusalView {
    /// Who refused.
    pub(crate) subsystem: String,
    /// One of the closed set of reasons.
    #[schema(value_type = schema::ReasonName)]
    pub(crate) reason: &'static str,
    /// How often.
    pub(crate) count: u64,
}

/// Calls that took no longer than so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct UpToView {
    /// So long, ns.
    pub(crate) ns: u64,
    /// So many.
    pub(crate) calls: u64,
}

impl From<HookSnapshot> for HookView {
    fn from(s: HookSnapshot) -> Self {
        let refusal = |((subsystem, reason), count): ((String, bulkhead_policy::ReasonCode), u64)| RefusalView {
            subsystem,
            reason: reason.name(),
            count,
        };
        let bounds = LATENCY_BOUNDS_NS.iter().zip(s.latency.up_to);
        Self {
            hook: s.hook.name(),
            calls: s.calls,
            asked: s.asked,
            applied: s.applied,
            advised: s.advised,
            observed: s.observed,
            defaulted: s.defaulted.into_iter().map(|(cause, count)| (cause.name(), count)).collect(),
            refusals: s.reasons.into_iter().map(refusal).collect(),
            timed: s.latency.calls,
            sum_ns: s.latency.sum_ns,
            up_to: bounds.map(|(ns, calls)| UpToView { ns: *ns, calls }).collect(),
            p50_ns: s.latency.p50_ns,
            p99_ns: s.latency.p99_ns,
            max_ns: s.latency.max_ns,
        }
    }
}
