//! What a query asks first of an entry, read from the beginning of its payload without decoding the rest.

use bulkhead_policy::HookId;
use postcard::take_from_bytes as take;

use crate::{EventKind, Seq};

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

impl Keys {
    /// A plugin, a symbol or a line of metadata.
    pub(crate) fn is_table(&self) -> bool {
        self.kind == Kind::Table
    }
}
