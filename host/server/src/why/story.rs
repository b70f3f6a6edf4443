//! The chain of one signal: signal, universe, each hook, the envelope, order and fills.

use bulkhead_journal::{CallRecord, KnownNames, Stored};
use bulkhead_policy::{Brake, RiskMode, Stage};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    find::Case,
    records::{CALLS, Records},
    say,
    step::Step,
};
use crate::{decision_view::name, openapi::schema};

/// What became of one signal, and why.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Story {
    /// The symbol.
    pub(super) symbol: String,
    /// When it was decided, epoch ms.
    pub(super) event_time_ms: u64,
    /// The time asked about, where there was one.
    pub(super) asked_ms: Option<u64>,
    /// Joins everything about it. Absent: nobody was asked about it.
    pub(super) correlation: Option<u64>,
    /// The order asked about, or the one that it became.
    pub(super) order: Option<u64>,
    /// An order went out.
    pub(super) traded: bool,
    /// How it ended, in one line.
    pub(super) summary: String,
    /// What was in force. Absent: nobody was asked.
    pub(super) circumstances: Option<Circumstances>,
    /// Every step, in order.
    pub(super) steps: Vec<Step>,
    /// There were more calls than are told.
    pub(super) cut: bool,
    /// The same in sentences.
    pub(super) text: Vec<String>,
}

/// What was in force when it was decided.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct Circumstances {
    /// The stage.
    #[schema(value_type = schema::Stage)]
    pub(super) stage: Stage,
    /// The brake.
    #[schema(value_type = schema::Brake)]
    pub(super) brake: Brake,
    /// The risk mode.
    #[schema(value_type = schema::RiskMode)]
    pub(super) risk_mode: RiskMode,
    /// Directives in force: id and age in ms.
    pub(super) directive: Option<(u64, u64)>,
}

impl From<&CallRecord> for Circumstances {
    fn from(call: &CallRecord) -> Self {
        Self { stage: call.stage, brake: call.brake, risk_mode: call.risk_mode, directive: call.directive }
    }
}

impl Story {
    /// The whole story in sentences, the first of them how it ended. What belongs to the one before is indented.
    #[must_use]
    pub fn sentences(&self) -> &[String] {
        &self.text
    }

    /// Tells what the records say.
    pub(super) fn of(case: &Case, records: &Records, names: &KnownNames) -> Self {
        let symbol = name(case.symbol, &names.symbols);
        let mut steps: Vec<Step> = records.signals.iter().flat_map(|c| Step::signals(c, &symbol, names)).collect();
        steps.extend(records.universe.iter().map(|call| Step::universe(call, &symbol, names)));
        for step in joined(records, names) {
            if !steps.last_mut().is_some_and(|last| last.absorbs(&step)) {
                steps.push(step);
            }
        }
        steps.extend(case.stop.as_ref().map(|stop| Step::stopped(stop, case.at_ms)));
        let begin = records.calls.first().or_else(|| records.signals.first());
        let accepted = |step: &Step| match step {
            Step::Order { order, admitted: true, .. } => Some(*order),
            _ => None,
        };
        let order = case.order.or_else(|| steps.iter().find_map(accepted));
        let mut story = Self {
            symbol,
            event_time_ms: case.at_ms,
            asked_ms: case.asked_ms,
            correlation: (case.correlation != 0).then_some(case.correlation),
            order,
            traded: steps.iter().any(|step| accepted(step).is_some()),
            summary: String::new(),
            circumstances: begin.map(|call| (&call.record).into()),
            steps,
            cut: records.calls.len() >= CALLS,
            text: Vec::new(),
        };
        story.summary = say::summary(&story);
        story.text = say::sentences(&story);
        story
    }
}

/// Calls, orders and fills in the order they came.
fn joined(records: &Records, names: &KnownNames) -> Vec<Step> {
    let calls = records.calls.iter().map(|call: &Stored<CallRecord>| (call.seq, Step::hook(call, names)));
    let orders = records.orders.iter().map(|order| (order.seq, Step::order(&order.record)));
    let fills = records.fills.iter().map(|fill| (fill.seq, Step::fill(&fill.record)));
    let mut all: Vec<_> = calls.chain(orders).chain(fills).collect();
    all.sort_by_key(|(seq, _)| *seq);
    all.into_iter().map(|(_, step)| step).collect()
}
