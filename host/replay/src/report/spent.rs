//! What a run was: who was asked and what it cost, what stopped proposals, which orders went out.

use std::collections::BTreeMap;

use bulkhead_journal::{CallRecord, JournalError, PluginIdentity, PluginRef, Reader};
use bulkhead_policy::{Cause, Outcome, Side};
use serde::Serialize;

use super::stream::Moment;
use crate::diff::Names;

/// What one subsystem has cost.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Spent {
    /// Answers it was asked for.
    pub calls: u64,
    /// Faults, by class.
    pub faults: BTreeMap<&'static str, u64>,
    /// Fuel of all calls.
    pub fuel: u64,
    /// Most fuel of one call.
    pub most_fuel: u64,
    /// Time of all calls, ns.
    pub time_ns: u64,
    /// Longest call, ns.
    pub longest_ns: u64,
}

impl Spent {
    /// All faults.
    #[must_use]
    pub fn faulty(&self) -> u64 {
        self.faults.values().sum()
    }
}

/// An entry that went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) decided_ms: u64,
    pub(crate) symbol: u32,
    pub(crate) side: Side,
}

/// Who stopped proposals, and why.
pub(crate) type Stops = BTreeMap<(String, String), u64>;

/// One run, added up.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    plugins: BTreeMap<PluginRef, PluginIdentity>,
    pub(crate) names: Names,
    /// By subsystem.
    pub(crate) spent: BTreeMap<String, Spent>,
    pub(crate) stops: Stops,
    /// Entries that went out, by correlation.
    pub(crate) entries: BTreeMap<u64, Entry>,
    /// Event time of the first and the last moment, epoch ms UTC.
    pub(crate) span_ms: Option<(u64, u64)>,
}

impl Sums {
    /// Of a journal of which nothing was taken in yet.
    pub(crate) fn of(reader: &Reader) -> Result<Self, JournalError> {
        let plugins = reader.plugins()?.into_iter().collect();
        Ok(Self { plugins, names: reader.symbols()?, ..Self::default() })
    }

    pub(crate) fn take(&mut self, moment: &Moment) {
        self.span_ms = Some((self.span_ms.map_or(moment.time_ms, |(first, _)| first), moment.time_ms));
        moment.calls.iter().for_each(|call| self.call(&call.record));
        for stop in &moment.stops {
            *self.stops.entry((stop.by.clone(), stop.reason.clone())).or_default() += 1;
        }
        for order in moment.orders.iter().filter(|o| !o.reduce_only && o.verdict == "accepted") {
            let entry = Entry { decided_ms: order.event_time_ms, symbol: order.symbol, side: order.side };
            self.entries.insert(order.correlation, entry);
        }
    }

    /// The subsystem that an answer is of.
    pub(crate) fn subsystem(&self, plugin: PluginRef) -> &str {
        self.plugins.get(&plugin).map_or("", |identity| identity.subsystem.as_str())
    }

    fn call(&mut self, call: &CallRecord) {
        for decision in &call.decisions {
            let name = self.plugins.get(&decision.plugin).map_or_else(String::new, |i| i.subsystem.clone());
            let spent = self.spent.entry(name).or_default();
            spent.calls += 1;
            if let Outcome::Defaulted(cause @ Cause::Fault(_)) = decision.outcome {
                *spent.faults.entry(cause.name()).or_default() += 1;
            }
            spent.fuel += decision.fuel;
            spent.most_fuel = spent.most_fuel.max(decision.fuel);
            spent.time_ns += decision.duration_ns;
            spent.longest_ns = spent.longest_ns.max(decision.duration_ns);
        }
    }
}
