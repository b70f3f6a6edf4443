//! Calls and decisions by filter.

use std::{collections::HashMap, sync::Arc};

use bulkhead_policy::{Brake, HookId, RiskMode, Stage};
use rusqlite::{Connection, types::Value};
use serde::Serialize;

use crate::{
    CallRecord, DecisionRecord, Filter, PluginIdentity, PluginRef, Seq, Stored,
    code::Code,
    columns::{Columns, Decoded},
    decode::{self, CALLS, DECISION_COLUMNS},
    filter::Where,
    resume::rows_of,
};

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

/// Ids of a call's decisions.
const ITS_DECISIONS: &str = "d.id BETWEEN c.seq * 65536 AND c.seq * 65536 + 65535";
const OF_SUBSYSTEM: &str = "d.plugin IN (SELECT ref FROM plugins WHERE subsystem = ?)";

pub(crate) fn calls(conn: &Connection, filter: &Filter) -> Decoded<Vec<Stored<CallRecord>>> {
    let mut to = filter.of_calls();
    to.add("c.outcome = ?", filter.outcome.map(Code::code));
    to.add("c.cause = ?", filter.cause.map(Code::code));
    let asked = format!("EXISTS (SELECT 1 FROM decisions d WHERE {ITS_DECISIONS} AND {OF_SUBSYSTEM})");
    to.add(&asked, filter.subsystem.clone());
    read_calls(conn, &to, &filter.tail(&["c.seq"]))
}

pub(crate) fn call(conn: &Connection, seq: Seq) -> Decoded<Option<Stored<CallRecord>>> {
    let mut to = Where::default();
    to.add("c.seq = ?", Some(seq.0.cast_signed()));
    read_calls(conn, &to, "").map(|calls| calls.into_iter().next())
}

fn read_calls(conn: &Connection, to: &Where, tail: &str) -> Decoded<Vec<Stored<CallRecord>>> {
    let sql = format!("SELECT seq, {} FROM calls c{}{tail}", CALLS.columns, to.sql);
    let mut calls = rows_of(conn, &sql, &to.values, |from| {
        let seq = Seq(from.u64()?);
        let record = decode::call(from).map_err(|why| format!("record {seq}: {why}"))?;
        Ok(Stored { seq, record })
    })?;
    let sql = format!("SELECT {DECISION_COLUMNS} FROM decisions WHERE id BETWEEN ?1 AND ?1 + 65535 ORDER BY id");
    for Stored { seq, record } in &mut calls {
        let first = [Value::Integer((seq.0 << 16).cast_signed())];
        record.decisions =
            rows_of(conn, &sql, &first, decode::decision).map_err(|why| format!("record {seq}: {why}"))?;
    }
    Ok(calls)
}

pub(crate) fn decisions(
    conn: &Connection,
    filter: &Filter,
    plugins: &HashMap<PluginRef, Arc<PluginIdentity>>,
) -> Decoded<Vec<DecisionRow>> {
    let mut to = filter.of_calls();
    to.add("d.outcome = ?", filter.outcome.map(Code::code));
    to.add("d.cause = ?", filter.cause.map(Code::code));
    to.add(OF_SUBSYSTEM, filter.subsystem.clone());
    // Which table leads: `calls` where a range of them is asked for, else `decisions`. Both lead in the order asked
    // for, so that a limit ends the search early.
    let range = [filter.from_ms, filter.until_ms, filter.correlation, filter.after.map(Seq::get)];
    let (join, keys): (_, &[_]) = if range.iter().any(Option::is_some) {
        (format!("calls c CROSS JOIN decisions d ON {ITS_DECISIONS}"), &["c.seq", "d.id"])
    } else {
        ("decisions d CROSS JOIN calls c ON c.seq = d.id >> 16".to_owned(), &["d.id"])
    };
    let columns: String = DECISION_COLUMNS.split(", ").map(|column| format!(", d.{column}")).collect();
    let sql = format!(
        "SELECT d.id, c.event_time_ms, c.cycle, c.hook, c.symbol, c.correlation, c.stage, c.brake, c.risk_mode, \
         c.directive_id, c.directive_age_ms{columns} FROM {join}{}{}",
        to.sql,
        filter.tail(keys)
    );
    let unknown = Arc::new(PluginIdentity::default());
    rows_of(conn, &sql, &to.values, |from| {
        let id = from.u64()?;
        row(from, id, plugins, &unknown).map_err(|why| format!("record {}: {why}", id >> 16))
    })
}

fn row(
    from: &mut Columns<'_, '_>,
    id: u64,
    plugins: &HashMap<PluginRef, Arc<PluginIdentity>>,
    unknown: &Arc<PluginIdentity>,
) -> Decoded<DecisionRow> {
    let (event_time_ms, cycle, hook, symbol) = (from.u64()?, from.u64()?, from.code()?, from.optional_u32()?);
    let (correlation, stage, brake, risk_mode) = (from.u64()?, from.code()?, from.code()?, from.code()?);
    let directive = from.directive()?;
    let decision = decode::decision(from)?;
    Ok(DecisionRow {
        seq: Seq(id >> 16),
        // The low 16 bits.
        position: (id & 0xffff) as u32,
        event_time_ms,
        cycle,
        hook,
        symbol,
        correlation,
        stage,
        brake,
        risk_mode,
        directive,
        identity: Arc::clone(plugins.get(&decision.plugin).unwrap_or(unknown)),
        decision,
    })
}
