//! What kinds of entries there are among some, and what they are about, as their keys tell.

use bulkhead_policy::HookId;
use serde::{Deserialize, Serialize};

use super::{
    keys::{Keys, Kind},
    runs::Runs,
};
use crate::EventKind;

/// Sets of what entries are about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Marks {
    /// Kinds of entries, a bit each.
    kinds: u8,
    /// Hooks of calls, a bit each.
    hooks: u64,
    /// Kinds of events, a bit each.
    events: u64,
    /// Correlations of calls.
    asked: Runs,
    /// Correlations of orders and fills.
    traded: Runs,
    /// Orders sent, refused or filled.
    orders: Runs,
}

impl Marks {
    pub(crate) fn add(&mut self, keys: &Keys, runs: usize) {
        self.kinds |= keys.kind.bit();
        match keys.kind {
            Kind::Call { hook } => {
                self.hooks |= bit(hook as u32);
                self.asked.add(keys.correlation, runs);
            }
            Kind::Order { id } | Kind::Fill { order: id } => {
                self.orders.add(id, runs);
                self.traded.add(keys.correlation, runs);
            }
            Kind::Event { kind } => self.events |= bit(kind as u32),
            Kind::Table | Kind::Replay => {}
        }
    }

    /// Whether one of these kinds ([`Kind::bit`]) may be there.
    pub(crate) const fn any_of(&self, kinds: u8) -> bool {
        self.kinds & kinds != 0
    }

    pub(crate) fn hook(&self, wanted: Option<HookId>) -> bool {
        wanted.is_none_or(|hook| self.hooks & bit(hook as u32) != 0)
    }

    pub(crate) fn event(&self, wanted: Option<EventKind>) -> bool {
        wanted.is_none_or(|kind| self.events & bit(kind as u32) != 0)
    }

    /// Whether there may be a call with that correlation.
    pub(crate) fn asked(&self, wanted: Option<u64>) -> bool {
        wanted.is_none_or(|correlation| self.asked.may_hold(correlation))
    }

    /// Whether there may be an order or a fill with that correlation.
    pub(crate) fn traded(&self, wanted: Option<u64>) -> bool {
        wanted.is_none_or(|correlation| self.traded.may_hold(correlation))
    }

    pub(crate) fn order(&self, wanted: Option<u64>) -> bool {
        wanted.is_none_or(|order| self.orders.may_hold(order))
    }
}

/// A set's bit of a value; what has no bit of its own shares the last one, which is only ever asked whether it may be
/// there.
pub(crate) const fn bit(number: u32) -> u64 {
    1 << (if number < 63 { number } else { 63 })
}
