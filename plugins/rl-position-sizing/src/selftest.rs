//! The check before serving: answers stay in the envelope, rougher markets get no larger ones, and losses are heard.

use crate::config::Config;
use crate::envelope::{Band, ceiling_usd};
use crate::policy::{self, Shares};
use crate::reward::Outcome;
use crate::situation::Situation;
use crate::table::Table;
use bulkhead_sdk::prelude::*;

/// Enough to go through the whole table.
const STEPS: u32 = 4;

pub fn run(config: &Config) -> Answer<()> {
    let shares = Shares::new(config);
    rougher_is_no_larger(config)?;
    let calm = Market { regime: Regime::Normal, volatility: Volatility::Normal, volatility_bps: 1.0, trend: 0.0 };
    let state = Situation::of(Band::Normal, &calm, 0.6, 0.0, 0.5).id();
    let loss = Outcome::new(-0.02, 0.02, 0).ok_or("a loss is no outcome")?;
    let mut table = Table::default();
    for _ in 0..config.outcomes_per_step.saturating_mul(STEPS) {
        table.learn(state, &loss, &shares, config.alpha);
    }
    let before = policy::choose(None, false, &shares, config);
    let after = policy::choose(table.row(state), false, &shares, config);
    if after.share >= before.share {
        return Err(format!("after losses the share is {}, before it was {}", after.share, before.share));
    }
    Ok(())
}

fn rougher_is_no_larger(config: &Config) -> Answer<()> {
    const EQUITY_USD: f64 = 10_000.0;
    const BASE_USD: f64 = 1_000.0;
    let mut last = f64::INFINITY;
    // The last is unknown.
    for bps in [0.1, 1.0, 5.0, 10.0, 50.0, 1e4, f64::NAN] {
        let size = ceiling_usd(BASE_USD * config.size_cap, Band::of(bps, config), EQUITY_USD, 5.0, config);
        if !(0.0..=BASE_USD * config.size_cap).contains(&size) || size > last {
            return Err(format!("at {bps} bps the ceiling is {size} USD after {last} USD"));
        }
        last = size;
    }
    Ok(())
}
