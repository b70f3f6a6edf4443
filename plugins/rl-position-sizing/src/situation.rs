//! The state of the original: regime, confidence, exposure and performance, each in a few steps.
//!
//! There are 240 of them and no more, so that the table is bounded. What is unknown falls into the careful step: a
//! confidence into the lowest, an exposure into the highest.

use crate::config::Config;
use crate::envelope::Band;
use bulkhead_sdk::prelude::*;

const CONFIDENCE: [f64; 4] = [0.45, 0.55, 0.70, 0.85];
const EXPOSURE: [f64; 3] = [0.30, 0.60, 0.80];
const WIN_RATE: [f64; 2] = [0.45, 0.60];
/// Efficiency of the market's move from which its trend is strong.
const STRONG_TREND: f64 = 0.5;

/// Number of states.
pub const STATES: u8 = 240;

/// A state by its number, under [`STATES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StateId(u8);

impl StateId {
    pub fn number(self) -> u8 {
        self.0
    }

    /// `None`: there is no such state.
    pub fn of_number(number: u8) -> Option<Self> {
        (number < STATES).then_some(Self(number))
    }
}

/// Steps count from 0; the higher, the more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Situation {
    pub high_volatility: bool,
    strong_trend: bool,
    confidence: u8,
    exposure: u8,
    performance: u8,
}

impl Situation {
    /// `win_rate`: of the outcomes that were seen. `exposure`: see [`exposure`].
    pub fn of(band: Band, market: &Market, confidence: f64, exposure: f64, win_rate: f64) -> Self {
        Self {
            // The original's two thresholds are the same: over 3 %.
            high_volatility: band == Band::Extreme,
            strong_trend: market.regime == Regime::Trending || market.trend.abs() > STRONG_TREND,
            confidence: step(confidence, &CONFIDENCE),
            exposure: step(exposure, &EXPOSURE),
            performance: step(win_rate, &WIN_RATE),
        }
    }

    pub fn id(self) -> StateId {
        let regime = 2 * u8::from(self.high_volatility) + u8::from(self.strong_trend);
        StateId(((regime * 5 + self.confidence) * 4 + self.exposure) * 3 + self.performance)
    }
}

/// How many of the thresholds are reached; none by what is no number.
fn step(value: f64, thresholds: &[f64]) -> u8 {
    thresholds.iter().map(|threshold| u8::from(value >= *threshold)).sum()
}

/// Share of the exposure that the account may have; endless when it is unknown. Orders that work already count.
pub fn exposure(account: &Account, exposures: &Exposures, config: &Config) -> f64 {
    let with_orders: f64 = exposures.size_usd.iter().map(|usd| usd.abs()).sum();
    let full_usd = account.equity_usd * config.exposure_full_pct / 100.0;
    if !full_usd.is_finite() || full_usd <= 0.0 || account.gross_exposure_usd.is_nan() || with_orders.is_nan() {
        return f64::INFINITY;
    }
    account.gross_exposure_usd.max(with_orders) / full_usd
}

#[cfg(test)]
mod tests {
    use super::*;
    use bulkhead_sdk::testing;
    use std::collections::BTreeSet;

    fn of(confidence: f64, exposure: f64, win_rate: f64) -> Situation {
        Situation::of(Band::Normal, &testing::market(), confidence, exposure, win_rate)
    }

    #[test]
    fn steps_begin_at_the_documented_thresholds() {
        for (confidence, want) in
            [(0.449, 0), (0.45, 1), (0.55, 2), (0.699, 2), (0.70, 3), (0.849, 3), (0.85, 4), (1.0, 4), (f64::NAN, 0)]
        {
            assert_eq!(of(confidence, 0.0, 0.5).confidence, want, "{confidence}");
        }
        for (exposure, want) in [(0.0, 0), (0.30, 1), (0.599, 1), (0.60, 2), (0.80, 3), (f64::INFINITY, 3)] {
            assert_eq!(of(0.5, exposure, 0.5).exposure, want, "{exposure}");
        }
        for (win_rate, want) in [(0.0, 0), (0.449, 0), (0.45, 1), (0.599, 1), (0.60, 2), (1.0, 2)] {
            assert_eq!(of(0.5, 0.0, win_rate).performance, want, "{win_rate}");
        }
    }

    #[test]
    fn the_regime_is_volatility_and_trend() {
        for (band, regime, trend, want) in [
            (Band::High, Regime::Ranging, 0.5, (false, false)),
            (Band::Low, Regime::Normal, -0.51, (false, true)),
            (Band::Extreme, Regime::Trending, 0.0, (true, true)),
            (Band::Extreme, Regime::Normal, f64::NAN, (true, false)),
        ] {
            let got = Situation::of(band, &Market { regime, trend, ..testing::market() }, 0.5, 0.0, 0.5);
            assert_eq!((got.high_volatility, got.strong_trend), want, "{band:?} {regime:?} {trend}");
        }
    }

    #[test]
    fn every_situation_has_a_number_of_its_own() {
        let mut seen = BTreeSet::new();
        for band in [Band::Low, Band::Extreme] {
            for trend in [0.0, 1.0] {
                for confidence in [0.0, 0.45, 0.55, 0.70, 0.85] {
                    for exposure in [0.0, 0.3, 0.6, 0.8] {
                        for win_rate in [0.0, 0.45, 0.6] {
                            let market = Market { trend, ..testing::market() };
                            let id = Situation::of(band, &market, confidence, exposure, win_rate).id();
                            assert_eq!(StateId::of_number(id.number()), Some(id));
                            assert!(seen.insert(id));
                        }
                    }
                }
            }
        }
        assert_eq!(seen.len(), usize::from(STATES));
        assert_eq!(StateId::of_number(STATES), None);
    }

    #[test]
    fn orders_count_as_exposure_and_an_unknown_one_is_all_of_it() {
        let config = Config::default();
        let account = Account { gross_exposure_usd: 3_000.0, ..testing::account() };
        let rows =
            |size_usd: &[f64]| Exposures { symbols: (0..size_usd.len() as u32).collect(), size_usd: size_usd.to_vec() };
        assert_eq!(exposure(&account, &rows(&[3_000.0]), &config), 0.3);
        assert_eq!(exposure(&account, &rows(&[3_000.0, -3_000.0]), &config), 0.6);
        assert_eq!(exposure(&account, &rows(&[]), &Config { exposure_full_pct: 50.0, ..config.clone() }), 0.6);
        assert_eq!(exposure(&account, &rows(&[f64::NAN]), &config), f64::INFINITY);
        for equity_usd in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(exposure(&Account { equity_usd, ..account }, &rows(&[]), &config), f64::INFINITY);
        }
        let unknown = Account { gross_exposure_usd: f64::NAN, ..account };
        assert_eq!(exposure(&unknown, &rows(&[]), &config), f64::INFINITY);
    }
}
