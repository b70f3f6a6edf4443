//! Which market: recorded candles, or the simulator.

use std::{path::Path, sync::Arc};

use anyhow::{Context, Result};
use bulkhead_executor::market::{
    candles::{self, CandleOptions, LoadReport},
    funding::FundingSchedule,
    instruments::{self, Instrument},
    series::{Market, MarketSource},
    sim::{self, SimOptions},
    time::parse_time,
};

use crate::args::Run;

/// A market with its rules.
pub(crate) struct Chosen {
    pub(crate) market: Arc<Market>,
    pub(crate) instruments: Vec<Instrument>,
    pub(crate) funding: FundingSchedule,
    pub(crate) loaded: Option<LoadReport>,
}

impl Chosen {
    /// "simulated" or "recorded": stands wherever a figure is shown.
    pub(crate) fn label(&self) -> &'static str {
        match self.market.source {
            MarketSource::Simulated { .. } => "simulated",
            MarketSource::Recorded { .. } => "recorded",
        }
    }
}

/// Loads or makes the market that the arguments ask for.
pub(crate) fn choose(args: &Run) -> Result<Chosen> {
    let (market, loaded) = match &args.data {
        Some(dir) => recorded(dir, args)?,
        None => (simulated(args)?, None),
    };
    let instruments = instruments::resolve(&market, args.exchange_info.as_deref())?;
    let funding = match (&args.funding, &args.data) {
        (Some(dir), _) => FundingSchedule::load(dir, &market)?,
        (None, Some(data)) => match FundingSchedule::detect(data) {
            Some(dir) => FundingSchedule::load(&dir, &market)?,
            None => FundingSchedule::default_rates(),
        },
        (None, None) => FundingSchedule::default_rates(),
    };
    Ok(Chosen { market: Arc::new(market), instruments, funding, loaded })
}

fn recorded(dir: &Path, args: &Run) -> Result<(Market, Option<LoadReport>)> {
    let time = |name: &str, text: &Option<String>| {
        text.as_deref().map(|t| parse_time(t).with_context(|| format!("--{name}"))).transpose()
    };
    let options = CandleOptions {
        from_ms: time("from", &args.from)?,
        to_ms: time("to", &args.to)?,
        symbols: (!args.symbols.is_empty()).then(|| args.symbols.clone()),
        strict: args.strict,
    };
    let loaded = candles::load(dir, &options)?;
    Ok((loaded.market, Some(loaded.report)))
}

fn simulated(args: &Run) -> Result<Market> {
    anyhow::ensure!(
        args.from.is_none() && args.to.is_none() && args.symbols.is_empty(),
        "--from, --to and --symbols choose from recorded candles: give --data, or use --days and --seed for the simulator"
    );
    let options = SimOptions { seed: args.seed, minutes: args.days * 1440, ..SimOptions::default() };
    Ok(sim::simulate(&options)?)
}
