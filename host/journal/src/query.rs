//! Calls and decisions by filter.

use std::{collections::HashMap, sync::Arc};

use bulkhead_policy::{Brake, HookId, RiskMode, Stage};
use serde::Serialize;

use crate::{CallRecord, DecisionRecord, Filter, PluginIdentity, PluginRef, Seq, segment::header::Tables};

/// A decision with the circumstances of its call.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DecisionRow {
    /// Number of the call.
    pub seq: Seq,
    /// Place in the call's chain, from 0.
    pub position: u32,
    /// Epoch ms UTC of the market's data.
    pub event_time_ms: u64,
    /// Cycle of the trading loop.
    pub cycle: u64,
    /// Which hook.
    pub hook: HookId,
    /// Symbol asked about.
    pub symbol: Option<u32>,
    /// Joins signal, order and fill; 0 means none.
    pub correlation: u64,
    /// Stage of the rollout.
    pub stage: Stage,
    /// Brake at the time of the call.
    pub brake: Brake,
    /// The coordinator's risk mode.
    pub risk_mode: RiskMode,
    /// Directives in force: id and age in ms.
    pub directive: Option<(u64, u64)>,
    /// Who answered. Empty names when the ledger does not know the plugin.
    #[serde(serialize_with = "identity")]
    pub identity: Arc<PluginIdentity>,
    /// The answer.
    pub decision: DecisionRecord,
}

fn identity<S: serde::Serializer>(identity: &Arc<PluginIdentity>, to: S) -> Result<S::Ok, S::Error> {
    identity.as_ref().serialize(to)
}

/// What of the tables a query needs.
pub(crate) struct Names {
    pub(crate) plugins: HashMap<PluginRef, Arc<PluginIdentity>>,
    unknown: Arc<PluginIdentity>,
}

impl Names {
    pub(crate) fn new(tables: &Tables) -> Self {
        let plugins = tables.plugins.iter().map(|(number, identity)| (*number, Arc::new(identity.clone()))).collect();
        Self { plugins, unknown: Arc::default() }
    }

    /// The numbers of a subsystem's plugins, sorted.
    pub(crate) fn of_subsystem(&self, subsystem: &str) -> Vec<u32> {
        let mut all: Vec<u32> =
            self.plugins.iter().filter(|(_, i)| i.subsystem == subsystem).map(|(number, _)| number.get()).collect();
        all.sort_unstable();
        all
    }
}

/// Whether a plugin is one of those asked for.
fn is_asked(plugins: Option<&[u32]>, plugin: PluginRef) -> bool {
    plugins.is_none_or(|wanted| wanted.binary_search(&plugin.get()).is_ok())
}

/// Whether a call matches where its keys do.
pub(crate) fn takes_call(filter: &Filter, call: &CallRecord, plugins: Option<&[u32]>) -> bool {
    filter.takes_outcome(call.outcome)
        && (plugins.is_none() || call.decisions.iter().any(|d| is_asked(plugins, d.plugin)))
}

/// The decisions of a call that match.
pub(crate) fn decisions_of(
    filter: &Filter,
    seq: Seq,
    call: CallRecord,
    plugins: Option<&[u32]>,
    names: &Names,
) -> Vec<DecisionRow> {
    let CallRecord { event_time_ms, cycle, hook, symbol, correlation, stage, brake, risk_mode, directive, .. } = call;
    let matching =
        (0..).zip(call.decisions).filter(|(_, d)| filter.takes_outcome(d.outcome) && is_asked(plugins, d.plugin));
    let row = |(position, decision): (u32, DecisionRecord)| DecisionRow {
        seq,
        position,
        event_time_ms,
        cycle,
        hook,
        symbol,
        correlation,
        stage,
        brake,
        risk_mode,
        directive,
        identity: Arc::clone(names.plugins.get(&decision.plugin).unwrap_or(&names.unknown)),
        decision,
    };
    matching.map(row).collect()
}
