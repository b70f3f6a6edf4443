//! What a query asks first of an entry, read from the beginning of its payload without decoding the rest.

use bulkhead_policy::HookId;
use postcard::take_from_bytes as take;

use crate::{EventKind, Record, Seq, entry::Entry};

/// What kind of entry it is, with what only that kind has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Call {
        hook: HookId,
    },
    Order {
        id: u64,
    },
    Fill {
        order: u64,
    },
    Event {
        kind: EventKind,
    },
    /// A plugin, a symbol, a document or a line of metadata.
    Table,
    /// What only a replay needs.
    Replay,
}

/// The keys of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Keys {
    pub(crate) seq: Seq,
    pub(crate) kind: Kind,
    /// Event time, epoch ms; 0 for tables.
    pub(crate) time_ms: u64,
    /// 0 is none.
    pub(crate) correlation: u64,
    pub(crate) symbol: Option<u32>,
}

/// Reads the keys. The fields asked for stand first in every record; a test holds them there.
pub(crate) fn keys(payload: &[u8]) -> Option<Keys> {
    let ((seq, entry), rest) = take::<(Seq, u32)>(payload).ok()?;
    let table = Keys { seq, kind: Kind::Table, time_ms: 0, correlation: 0, symbol: None };
    if entry != 0 {
        return Some(table);
    }
    let (record, rest) = take::<u32>(rest).ok()?;
    Some(match record {
        0 => {
            let ((time_ms, _, hook, symbol, correlation), _) =
                take::<(u64, u64, HookId, Option<u32>, u64)>(rest).ok()?;
            Keys { kind: Kind::Call { hook }, time_ms, correlation, symbol, ..table }
        }
        1 | 2 => {
            let ((time_ms, correlation, id, symbol), _) = take::<(u64, u64, u64, u32)>(rest).ok()?;
            let kind = if record == 1 { Kind::Order { id } } else { Kind::Fill { order: id } };
            Keys { kind, time_ms, correlation, symbol: Some(symbol), ..table }
        }
        3 => {
            let ((time_ms, kind), _) = take::<(u64, EventKind)>(rest).ok()?;
            Keys { kind: Kind::Event { kind }, time_ms, ..table }
        }
        4 | 5 => {
            let (time_ms, _) = take::<u64>(rest).ok()?;
            Keys { kind: Kind::Replay, time_ms, ..table }
        }
        _ => return None,
    })
}

impl Kind {
    /// Every kind that a caller appends.
    pub(crate) const RECORDS: u8 = 0b10_1111;

    /// Its bit in a set of kinds.
    pub(crate) const fn bit(self) -> u8 {
        match self {
            Self::Call { .. } => 1,
            Self::Order { .. } => 2,
            Self::Fill { .. } => 4,
            Self::Event { .. } => 8,
            Self::Table => 16,
            Self::Replay => 32,
        }
    }
}

impl Keys {
    /// The keys of an entry, as [`keys`] reads them from its payload.
    pub(crate) fn of(seq: u64, entry: &Entry) -> Self {
        let table = Self { seq: Seq(seq), kind: Kind::Table, time_ms: 0, correlation: 0, symbol: None };
        let Entry::Record(record) = entry else { return table };
        let (kind, correlation, symbol) = match record {
            Record::Call(r) => (Kind::Call { hook: r.hook }, r.correlation, r.symbol),
            Record::Order(r) => (Kind::Order { id: r.order_id }, r.correlation, Some(r.symbol)),
            Record::Fill(r) => (Kind::Fill { order: r.order_id }, r.correlation, Some(r.symbol)),
            Record::Event(r) => (Kind::Event { kind: r.kind }, 0, None),
            Record::Guest(_) | Record::Directives(_) => (Kind::Replay, 0, None),
        };
        Self { kind, correlation, symbol, time_ms: record.event_time_ms(), ..table }
    }

    /// A plugin, a symbol or a line of metadata.
    pub(crate) fn is_table(&self) -> bool {
        self.kind == Kind::Table
    }
}

#[cfg(test)]
mod tests {
    use bulkhead_policy::{Brake, Outcome, RiskMode, Side, Stage, trade::OrderType};

    use super::*;
    use crate::{
        CallRecord, DirectivesRecord, EventRecord, FillRecord, GuestRecord, GuestStep, OrderRecord, PluginRef,
    };

    /// The fields asked for stand first in every record.
    #[test]
    fn the_keys_of_a_payload_are_those_of_its_entry() {
        let call = CallRecord {
            event_time_ms: 1 << 40,
            cycle: 300,
            hook: HookId::SlippageCheck,
            symbol: Some(70_000),
            correlation: 1 << 50,
            stage: Stage::Autonomy,
            brake: Brake::Halt,
            risk_mode: RiskMode::Safe,
            directive: None,
            input: vec![1],
            effective: vec![],
            outcome: Outcome::Applied,
            duration_ns: 5,
            decisions: vec![],
        };
        let order = OrderRecord {
            event_time_ms: 9,
            correlation: 300,
            order_id: 1 << 33,
            symbol: 4,
            side: Side::Long,
            reduce_only: true,
            order_type: OrderType::Market,
            quantity: 1.0,
            price: None,
            notional_usd: 2.0,
            verdict: String::new(),
            text: String::new(),
        };
        let fill = FillRecord {
            event_time_ms: 10,
            correlation: 301,
            order_id: 7,
            symbol: 5,
            side: Side::Long,
            quantity: 1.0,
            price: 1.0,
            fee_usd: 0.0,
            slippage_bps: 0.0,
            realized_pnl_usd: 0.0,
            maker: false,
            liquidation: false,
        };
        let event = EventRecord {
            event_time_ms: 11,
            kind: EventKind::TradeStopped,
            actor: "a".to_owned(),
            text: String::new(),
            data: String::new(),
        };
        let nobody = CallRecord { symbol: None, correlation: 0, ..call.clone() };
        let guest = GuestRecord {
            event_time_ms: 12,
            plugin: PluginRef(3),
            instance: 1 << 40,
            turn: 300,
            step: GuestStep::Restored { schema: 1, state: vec![2] },
        };
        let directives = DirectivesRecord { event_time_ms: 13, id: 400, numbers: vec![3] };
        let records = [
            Record::Call(call),
            Record::Call(nobody),
            Record::Order(order),
            Record::Fill(fill),
            Record::Event(event),
            Record::Guest(guest),
            Record::Directives(directives),
        ];
        let tables = [
            Entry::Symbol(3, "BTC".to_owned()),
            Entry::Meta(String::new(), String::new()),
            Entry::Document(vec![1, 2, 3]),
        ];
        for (entry, seq) in records.into_iter().map(Entry::Record).chain(tables).zip(200..) {
            let payload = postcard::to_stdvec(&(Seq(seq), &entry)).unwrap();
            assert_eq!(keys(&payload), Some(Keys::of(seq, &entry)), "{entry:?}");
        }
    }
}
