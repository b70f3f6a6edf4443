//! Which days are run: made up from a seed, or really recorded.

use std::{
    path::PathBuf,
    sync::{Arc, OnceLock},
};

use bulkhead_executor::market::{
    candles::{CandleOptions, load},
    series::Market,
    sim::{SimOptions, simulate},
};

/// Days of a market.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Days {
    /// Six symbols for five days, always there.
    Simulated,
    /// Fifteen symbols for three days in which LAYERUSDT falls by 74 %, where BULKHEAD_DATA says where they lie.
    Recorded,
}

impl Days {
    /// The market of these days.
    ///
    /// # Panics
    /// When they were recorded and are not there.
    #[must_use]
    pub fn market(self) -> Arc<Market> {
        match self {
            Self::Simulated => market(),
            Self::Recorded => layer_days().expect("BULKHEAD_DATA is not set"),
        }
    }

    /// Whether they can be run here; says so when not.
    #[must_use]
    pub fn are_there(self) -> bool {
        let there = self == Self::Simulated || layer_days().is_some();
        if !there {
            eprintln!("skipped: BULKHEAD_DATA is not set");
        }
        there
    }
}

/// A small market that moves enough for both strategies to trade.
#[must_use]
pub fn market() -> Arc<Market> {
    static MARKET: OnceLock<Arc<Market>> = OnceLock::new();
    Arc::clone(MARKET.get_or_init(|| simulated(5)))
}

/// A simulated market of so many days.
#[must_use]
pub fn simulated(days: u32) -> Arc<Market> {
    let options = SimOptions { seed: 7, symbols: 6, minutes: days * 1440, ..SimOptions::default() };
    Arc::new(simulate(&options).unwrap())
}

/// The folder of the recorded days, if there is one.
#[must_use]
pub fn layer_folder() -> Option<PathBuf> {
    let data = std::env::var_os("BULKHEAD_DATA")?;
    Some(PathBuf::from(data).join("usdm-1m-2025-05/days_2025-05-05_to_07"))
}

/// The recorded days, if they are there.
///
/// # Panics
/// When BULKHEAD_DATA names a folder without them.
#[must_use]
pub fn layer_days() -> Option<Arc<Market>> {
    static MARKET: OnceLock<Option<Arc<Market>>> = OnceLock::new();
    let load = || Some(Arc::new(load(&layer_folder()?, &CandleOptions::default()).unwrap().market));
    MARKET.get_or_init(load).clone()
}
