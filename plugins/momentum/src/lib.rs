//! momentum: an example strategy, not advice. It trades breakouts in the direction of the trend.
//!
//! One-minute bars are joined to blocks of 15 minutes. A close beyond the range of the last 16 hours, with a 6 h average
//! on the same side of a 24 h one, is followed; stop and target stand at 4 and 6 average true ranges. The trade ends
//! early when the averages cross back or the price leaves the other side of the last 8 hours. Then the symbol rests for
//! two hours. Confidence is higher for a straighter move, a wider trend and a clearer break.
//!
//! The lengths are round numbers. On the month they were tried on (16 perpetuals, May 2025, 7 bps a side) they made about
//! 18 trades a day and a profit within the range of chance: see this crate's tests for what is promised, and that is
//! behaviour, not profit.
//!
//! State is a fixed number of blocks per symbol of the host's table; a bar costs a constant amount of work.

mod blocks;
mod config;
mod history;
mod tracker;

use blocks::Bar;
use bulkhead_sdk::prelude::*;
use bulkhead_sdk::signal::Action;
use config::Config;
use std::collections::BTreeMap;
use tracker::{Idea, Tracker};

/// Layout of the state that is handed over.
const SCHEMA: u32 = 1;

/// What the contract allows for a state.
const MAX_STATE: usize = 1024 * 1024;

/// The plugin.
pub struct Momentum {
    config: Config,
    /// By name: ids belong to one run of the host, the state may outlive it.
    trackers: BTreeMap<String, Tracker>,
}

impl Plugin for Momentum {
    const NAME: &str = "momentum";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &str = "Example strategy: breakouts from the range of many hours, in the direction of the trend.";
    // At the end of a block, with 20 symbols; a third of it on the bars between.
    const FUEL: &[(&str, u64)] = &[("signal", 210_000)];
    const STATEFUL: bool = true;
    const SCHEMA: &str = config::SCHEMA;
    type Config = Config;

    fn new(config: Config) -> Result<Self, String> {
        config.check()?;
        Ok(Self { config, trackers: BTreeMap::new() })
    }

    fn symbols(&mut self, table: &SymbolTable) {
        self.trackers.retain(|name, _| table.by_name(name).is_some());
    }
}

impl Signal for Momentum {
    fn on_bars(&mut self, ctx: &Ctx<'_>, _: &Market, bars: &Bars) -> Answer<Vec<Proposal>> {
        let mut proposals = Vec::new();
        for row in bars.rows() {
            // Only symbols of the table, so that the state cannot grow past it.
            let Some(info) = ctx.symbols().info(row.symbol) else { continue };
            if !self.trackers.contains_key(&info.name) {
                self.trackers.insert(info.name.clone(), Tracker::new(&self.config));
            }
            let Some(tracker) = self.trackers.get_mut(&info.name) else { continue };
            let bar = Bar { close_ms: ctx.event_time_ms, high: row.high, low: row.low, close: row.close };
            if let Some(idea) = tracker.on_bar(&bar, &self.config) {
                proposals.push(proposal(row.symbol, idea));
            }
        }
        Ok(proposals)
    }
}

fn proposal(symbol: SymbolId, idea: Idea) -> Proposal {
    match idea {
        Idea::Enter { long, confidence, stop_loss, take_profit } => Proposal {
            symbol,
            action: if long { Action::Long } else { Action::Short },
            confidence,
            stop_loss: Some(stop_loss),
            take_profit: Some(take_profit),
        },
        Idea::Exit => Proposal { symbol, action: Action::Flat, confidence: 1.0, stop_loss: None, take_profit: None },
    }
}

impl State for Momentum {
    fn snapshot(&self) -> Answer<Blob> {
        let bytes = serde_json::to_vec(&self.trackers).map_err(|error| format!("state cannot be written: {error}"))?;
        if bytes.len() > MAX_STATE {
            return Err(format!("state of {} symbols takes {} bytes, over 1 MiB", self.trackers.len(), bytes.len()));
        }
        Ok(Blob { schema: SCHEMA, bytes })
    }

    fn restore(&mut self, blob: Blob) -> Answer<()> {
        if blob.schema != SCHEMA {
            return Err(format!("state has layout {}, this version reads {SCHEMA}", blob.schema));
        }
        self.trackers =
            serde_json::from_slice(&blob.bytes).map_err(|error| format!("state cannot be read: {error}"))?;
        Ok(())
    }
}

bulkhead_sdk::export!(Momentum: Signal + State);

#[cfg(test)]
mod tests;
