//! From records to rows. Statements are prepared once and bound in column order.

use rusqlite::{
    Connection, Result, Statement, ToSql,
    types::{ToSqlOutput, Value, ValueRef},
};

use crate::{
    CallRecord, DecisionRecord, EventRecord, FillRecord, OrderRecord, Record,
    chain::Hash,
    code::{Code, outcome_codes},
    decode::{CALLS, DECISION_COLUMNS, EVENTS, FILLS, META, ORDERS, PLUGINS, SYMBOLS, Table},
    entry::Entry,
};

/// Binds the values in order and runs the statement.
macro_rules! insert {
    ($statement:expr; $($value:expr),+ $(,)?) => {{
        let statement = &mut $statement;
        let mut index = 0usize;
        $(index += 1; statement.raw_bind_parameter(index, $value)?;)+
        statement.raw_execute()
    }};
}

/// A u64's bits in an INTEGER column.
const fn bits(value: u64) -> i64 {
    value.cast_signed()
}

/// SQLite turns NaN into NULL, which would be a number that was absent: NaN is written as text.
struct Number(f64);

impl ToSql for Number {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(if self.0.is_nan() {
            ToSqlOutput::Borrowed(ValueRef::Text(b"NaN"))
        } else {
            ToSqlOutput::Owned(Value::Real(self.0))
        })
    }
}

/// One prepared statement per table.
pub(crate) struct Inserts<'c> {
    call: Statement<'c>,
    decision: Statement<'c>,
    order: Statement<'c>,
    fill: Statement<'c>,
    event: Statement<'c>,
    plugin: Statement<'c>,
    symbol: Statement<'c>,
    meta: Statement<'c>,
}

impl<'c> Inserts<'c> {
    pub(crate) fn prepare(conn: &'c Connection) -> Result<Self> {
        let into = |table: &str, key: &str, columns: &str| {
            let marks = vec!["?"; key.split(',').count() + columns.split(',').count()].join(", ");
            conn.prepare(&format!("INSERT INTO {table} ({key}, {columns}) VALUES ({marks})"))
        };
        let chained = |table: &Table| into(table.name, "seq, hash", table.columns);
        Ok(Self {
            call: chained(&CALLS)?,
            decision: into("decisions", "id", DECISION_COLUMNS)?,
            order: chained(&ORDERS)?,
            fill: chained(&FILLS)?,
            event: chained(&EVENTS)?,
            plugin: chained(&PLUGINS)?,
            symbol: chained(&SYMBOLS)?,
            meta: chained(&META)?,
        })
    }

    pub(crate) fn entry(&mut self, seq: u64, hash: &Hash, entry: &Entry) -> Result<()> {
        match entry {
            Entry::Record(Record::Call(record)) => self.call(seq, hash, record),
            Entry::Record(Record::Order(record)) => self.order(seq, hash, record),
            Entry::Record(Record::Fill(record)) => self.fill(seq, hash, record),
            Entry::Record(Record::Event(record)) => self.event(seq, hash, record),
            Entry::Plugin(reference, p) => insert!(self.plugin; bits(seq), &hash[..], reference.get(), &p.subsystem,
                &p.plugin, &p.version, &p.digest, &p.wit_version, &p.config_digest)
            .map(drop),
            Entry::Symbol(id, name) => insert!(self.symbol; bits(seq), &hash[..], id, name).map(drop),
            Entry::Meta(key, value) => insert!(self.meta; bits(seq), &hash[..], key, value).map(drop),
        }
    }

    fn call(&mut self, seq: u64, hash: &Hash, r: &CallRecord) -> Result<()> {
        let (outcome, cause) = outcome_codes(r.outcome);
        insert!(self.call; bits(seq), &hash[..], bits(r.event_time_ms), bits(r.cycle), r.hook.code(), r.symbol,
            bits(r.correlation), r.stage.code(), r.brake.code(), r.risk_mode.code(), r.directive.map(|d| bits(d.0)),
            r.directive.map(|d| bits(d.1)), outcome, cause, bits(r.duration_ns), &r.input[..], &r.effective[..])?;
        r.decisions.iter().zip(seq << 16..).try_for_each(|(decision, id)| self.decision(id, decision))
    }

    fn decision(&mut self, id: u64, r: &DecisionRecord) -> Result<()> {
        let (outcome, cause) = outcome_codes(r.outcome);
        insert!(self.decision; bits(id), r.plugin.get(), r.mode.code(), r.authority.code(), outcome, cause,
            r.reason.map(Code::code), r.fault.as_deref(), bits(r.fuel), bits(r.duration_ns), bits(r.memory_bytes),
            r.proposed.as_deref(), &r.effective[..])
        .map(drop)
    }

    fn order(&mut self, seq: u64, hash: &Hash, r: &OrderRecord) -> Result<()> {
        insert!(self.order; bits(seq), &hash[..], bits(r.event_time_ms), bits(r.correlation), bits(r.order_id),
            r.symbol, r.side.code(), r.reduce_only, r.order_type.code(), Number(r.quantity), r.price.map(Number),
            Number(r.notional_usd), &r.verdict, &r.text)
        .map(drop)
    }

    fn fill(&mut self, seq: u64, hash: &Hash, r: &FillRecord) -> Result<()> {
        insert!(self.fill; bits(seq), &hash[..], bits(r.event_time_ms), bits(r.correlation), bits(r.order_id),
            r.symbol, r.side.code(), Number(r.quantity), Number(r.price), Number(r.fee_usd), Number(r.slippage_bps),
            Number(r.realized_pnl_usd), r.maker, r.liquidation)
        .map(drop)
    }

    fn event(&mut self, seq: u64, hash: &Hash, r: &EventRecord) -> Result<()> {
        insert!(self.event; bits(seq), &hash[..], bits(r.event_time_ms), r.kind.code(), &r.actor, &r.text, &r.data)
            .map(drop)
    }
}
