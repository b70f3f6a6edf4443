//! Which market a run is about: recorded candles or the simulator, with trading rules and funding.

use std::{path::PathBuf, sync::Arc};

use super::{
    candles::{self, CandleError, CandleOptions, LoadReport},
    funding::{FundingError, FundingSchedule},
    identity::MarketIdentity,
    instruments::{self, Instrument, InstrumentError},
    series::{Market, MarketSource},
    sim::{self, SimError, SimOptions},
};

/// What a person asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MarketChoice {
    /// Folder of recorded candles. Absent: a market is simulated.
    pub data: Option<PathBuf>,
    /// Bars that open at or after this time, epoch ms UTC. Only of recorded candles.
    pub from_ms: Option<i64>,
    /// Bars that open before this time, epoch ms UTC. Only of recorded candles.
    pub to_ms: Option<i64>,
    /// Only these symbols; empty means all. Only of recorded candles.
    pub symbols: Vec<String>,
    /// Refuse gaps instead of counting them.
    pub strict: bool,
    /// Trading rules in the shape of the exchange's exchangeInfo. Absent: inferred from the candles.
    pub exchange_info: Option<PathBuf>,
    /// Folder of recorded funding rates. Absent: `funding_8h` beside the candles, where there is one.
    pub funding: Option<PathBuf>,
    /// Seed of the simulated market.
    pub seed: u64,
    /// Days of the simulated market.
    pub days: u32,
}

/// Why there is no such market.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the message of each variant is its documentation")]
pub enum ChoiceError {
    #[error(transparent)]
    Candles(#[from] CandleError),
    #[error(transparent)]
    Instruments(#[from] InstrumentError),
    #[error(transparent)]
    Funding(#[from] FundingError),
    #[error(transparent)]
    Simulated(#[from] SimError),
    #[error(
        "--from, --to and --symbols choose from recorded candles: give --data, or use --days and --seed for the simulator"
    )]
    OnlyRecorded,
}

/// A market with its rules.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The candles.
    pub market: Arc<Market>,
    /// What may be traded, in symbol order.
    pub instruments: Vec<Instrument>,
    /// What holding costs.
    pub funding: FundingSchedule,
    /// What was noticed while candles were read.
    pub loaded: Option<LoadReport>,
}

impl Chosen {
    /// "simulated" or "recorded": stands wherever a figure is shown.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self.market.source {
            MarketSource::Simulated { .. } => "simulated",
            MarketSource::Recorded { .. } => "recorded",
        }
    }

    /// What tells it from any other market.
    #[must_use]
    pub fn identity(&self) -> MarketIdentity {
        MarketIdentity::of(self)
    }
}

impl MarketChoice {
    /// Loads the market, or makes it.
    ///
    /// # Errors
    /// [`ChoiceError`]: what is wrong with the files or the wish.
    pub fn load(&self) -> Result<Chosen, ChoiceError> {
        let (market, loaded) = match &self.data {
            Some(dir) => {
                let loaded = candles::load(dir, &self.candles())?;
                (loaded.market, Some(loaded.report))
            }
            None => (self.simulated()?, None),
        };
        let instruments = instruments::resolve(&market, self.exchange_info.as_deref())?;
        let beside = || self.data.as_deref().and_then(FundingSchedule::detect);
        let funding = match self.funding.clone().or_else(beside) {
            Some(dir) => FundingSchedule::load(&dir, &market)?,
            None => FundingSchedule::default_rates(),
        };
        Ok(Chosen { market: Arc::new(market), instruments, funding, loaded })
    }

    fn candles(&self) -> CandleOptions {
        CandleOptions {
            from_ms: self.from_ms,
            to_ms: self.to_ms,
            symbols: (!self.symbols.is_empty()).then(|| self.symbols.clone()),
            strict: self.strict,
        }
    }

    fn simulated(&self) -> Result<Market, ChoiceError> {
        if self.from_ms.is_some() || self.to_ms.is_some() || !self.symbols.is_empty() {
            return Err(ChoiceError::OnlyRecorded);
        }
        let minutes = self.days.saturating_mul(1440);
        Ok(sim::simulate(&SimOptions { seed: self.seed, minutes, ..SimOptions::default() })?)
    }
}
