//! mean-reversion: an example strategy, not advice. It bets on the way back when a price is stretched.
//!
//! A close 2.5 standard deviations from its 4 h mean is faded, if the mean itself is within one deviation of its 16 h
//! mean (a wave, not a departure), one deviation is worth more than the fees, and the market as a whole is not in
//! extreme volatility. The target is the mean, the stop 1.5 deviations the other way; the trade ends early when the mean
//! comes to the price, and after 8 hours in any case. Then the symbol rests for an hour. Confidence is higher for a
//! stiller mean, a further stretch and a wider deviation.
//!
//! The lengths are round numbers. On the month they were tried on (16 perpetuals, May 2025, 7 bps a side) they made about
//! 12 trades a day and a profit within the range of chance: see this crate's tests for what is promised, and that is
//! behaviour, not profit.
//!
//! State is a dozen numbers per symbol of the host's table; a bar costs a constant amount of work.

mod bands;
mod config;
mod tracker;

use bulkhead_sdk::prelude::*;
use bulkhead_sdk::signal::Action;
use config::Config;
use std::collections::BTreeMap;
use tracker::{Bar, Idea, Tracker};

/// Layout of the state that is handed over.
const SCHEMA: u32 = 1;

/// What the contract allows for a state.
const MAX_STATE: usize = 1024 * 1024;

/// The plugin.
pub struct MeanReversion {
    config: Config,
    /// By name: ids belong to one run of the host, the state may outlive it.
    trackers: BTreeMap<String, Tracker>,
}

impl Plugin for MeanReversion {
    const NAME: &str = "mean-reversion";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &str = "Example strategy: against a stretch away from a mean that stands still, out at the mean.";
    // With 20 symbols.
    const FUEL: &[(&str, u64)] = &[("signal", 55_000)];
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

impl Signal for MeanReversion {
    fn on_bars(&mut self, ctx: &Ctx<'_>, market: &Market, bars: &Bars) -> Answer<Vec<Proposal>> {
        let mut proposals = Vec::new();
        let calm = market.volatility != Volatility::Extreme;
        for row in bars.rows() {
            // Only symbols of the table, so that the state cannot grow past it.
            let Some(info) = ctx.symbols().info(row.symbol) else { continue };
            if !self.trackers.contains_key(&info.name) {
                self.trackers.insert(info.name.clone(), Tracker::default());
            }
            let Some(tracker) = self.trackers.get_mut(&info.name) else { continue };
            let bar = Bar { close_ms: ctx.event_time_ms, high: row.high, low: row.low, close: row.close };
            if let Some(idea) = tracker.on_bar(&bar, calm, &self.config) {
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

impl State for MeanReversion {
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

bulkhead_sdk::export!(MeanReversion: Signal + State);

#[cfg(test)]
mod tests;
