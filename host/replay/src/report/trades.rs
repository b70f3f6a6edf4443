//! Trades of two runs: as before, changed, lost, added.
//!
//! A trade is the same trade when the entry was decided at the same time, in the same symbol, to the same side.

use std::collections::BTreeMap;

use bulkhead_executor::venue::ClosedPosition;
use bulkhead_policy::Side;
use serde::Serialize;

use super::{
    answer,
    pairs::{Alone, Pairs},
    spent::Entry,
};
use crate::{course::Outcome, diff::Names};

/// Trades listed of each kind; more are counted.
const LISTED: usize = 500;

/// One closed position.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TradeLine {
    /// When its entry was decided, epoch ms UTC.
    pub decided_ms: u64,
    /// When its last fill was, epoch ms UTC.
    pub closed_ms: i64,
    /// Symbol.
    pub symbol: String,
    /// LONG or SHORT.
    pub side: Side,
    /// Entered, USD at the mean price.
    pub size_usd: f64,
    /// After fees and funding, USD.
    pub pnl_usd: f64,
    /// What closed it.
    pub exit: &'static str,
    /// What became of it in the other run.
    pub stopped: String,
}

/// One trade of both runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TradePair {
    /// As it was.
    pub before: TradeLine,
    /// As it is.
    pub after: TradeLine,
}

/// What became of trades.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TradeChanges {
    /// In both, to the last bit.
    pub same: u64,
    /// In both, with another size, exit or result.
    pub changed: u64,
    /// Only in the run before.
    pub lost: u64,
    /// Only in the run after.
    pub added: u64,
    /// What those lost had brought, USD.
    pub lost_pnl_usd: f64,
    /// What those added bring, USD.
    pub added_pnl_usd: f64,
    /// Those changed with the largest difference of results.
    pub list_changed: Vec<TradePair>,
    /// Those lost, in the order of time.
    pub list_lost: Vec<TradeLine>,
    /// Those added, in the order of time.
    pub list_added: Vec<TradeLine>,
}

type Key = (u64, u32, Side, u32);

impl TradeChanges {
    /// Nothing became of them.
    #[must_use]
    pub const fn are_same(&self) -> bool {
        self.changed == 0 && self.lost == 0 && self.added == 0
    }

    pub(super) fn of(before: &Outcome, after: &Outcome, pairs: &Pairs) -> Self {
        let (first, mut second) =
            (keyed(&before.trades, &pairs.before.entries), keyed(&after.trades, &pairs.after.entries));
        let mut changes = Self::default();
        let mut all_changed = Vec::new();
        let names = &pairs.before.names;
        for (key, trade) in &first {
            match second.remove(key) {
                Some(other) if same(trade, other) => changes.same += 1,
                Some(other) => all_changed.push((key, *trade, other)),
                None => {
                    changes.lost += 1;
                    changes.lost_pnl_usd += trade.pnl_usd;
                    let stopped = why(&pairs.lost, &pairs.after.entries, key);
                    push(&mut changes.list_lost, || line(key, trade, names, stopped));
                }
            }
        }
        for (key, trade) in &second {
            changes.added += 1;
            changes.added_pnl_usd += trade.pnl_usd;
            let stopped = why(&pairs.added, &pairs.before.entries, key);
            push(&mut changes.list_added, || line(key, trade, names, stopped));
        }
        changes.changed = all_changed.len() as u64;
        all_changed.sort_by(|a, b| (b.1.pnl_usd - b.2.pnl_usd).abs().total_cmp(&(a.1.pnl_usd - a.2.pnl_usd).abs()));
        all_changed.truncate(LISTED);
        let pair = |(key, a, b): (&Key, &ClosedPosition, &ClosedPosition)| TradePair {
            before: line(key, a, names, String::new()),
            after: line(key, b, names, String::new()),
        };
        changes.list_changed = all_changed.into_iter().map(pair).collect();
        changes
    }
}

fn push(list: &mut Vec<TradeLine>, make: impl FnOnce() -> TradeLine) {
    if list.len() < LISTED {
        list.push(make());
    }
}

/// By when and what was decided. Two of one key can only be parts of one position; they are told apart by number.
fn keyed<'t>(trades: &'t [ClosedPosition], entries: &BTreeMap<u64, Entry>) -> BTreeMap<Key, &'t ClosedPosition> {
    let mut all = BTreeMap::new();
    for trade in trades {
        let opened = u64::try_from(trade.opened_ms).unwrap_or(0);
        let decided = entries.get(&trade.correlation).map_or(opened, |entry| entry.decided_ms);
        let mut key = (decided, trade.symbol, trade.side, 0);
        while all.contains_key(&key) {
            key.3 += 1;
        }
        all.insert(key, trade);
    }
    all
}

/// Numbers of orders and subsystems may differ, as long as what was traded does not.
fn same(a: &ClosedPosition, b: &ClosedPosition) -> bool {
    ClosedPosition { correlation: 0, owner: 0, ..*a } == ClosedPosition { correlation: 0, owner: 0, ..*b }
}

fn why(alone: &[Alone], entries_there: &BTreeMap<u64, Entry>, key: &Key) -> String {
    let (decided_ms, symbol, side, _) = *key;
    let found = alone.iter().find(|a| (a.decided_ms, a.symbol, a.side) == (decided_ms, symbol, side));
    match found {
        Some(alone) if alone.stopped.is_empty() => "there was no such proposal".to_owned(),
        Some(alone) => alone.stopped.clone(),
        None => {
            let entered = |e: &Entry| (e.decided_ms, e.symbol, e.side) == (decided_ms, symbol, side);
            let there = entries_there.values().any(entered);
            if there { "ordered, and not filled or not closed by the end" } else { "there was no such proposal" }
                .to_owned()
        }
    }
}

fn line(key: &Key, trade: &ClosedPosition, names: &Names, stopped: String) -> TradeLine {
    TradeLine {
        decided_ms: key.0,
        closed_ms: trade.time_ms,
        symbol: answer::symbol(trade.symbol, names),
        side: trade.side,
        size_usd: trade.quantity * trade.entry_price,
        pnl_usd: trade.pnl_usd,
        exit: trade.reason.name(),
        stopped,
    }
}
