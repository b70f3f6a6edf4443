//! What tells one market from another, so that a run can be repeated on the very same one.
//!
//! Digests are over what the loop is given, not over files: candles bit by bit, trading rules, funding.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    choice::Chosen,
    series::{Market, MarketSource},
};

/// A market, named by what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarketIdentity {
    /// Seed of a simulated market; absent for recorded candles.
    pub seed: Option<u64>,
    /// Open time of the first bar, epoch ms UTC.
    pub from_ms: i64,
    /// Where the last bar ends, epoch ms UTC.
    pub to_ms: i64,
    /// Length of one bar, ms.
    pub step_ms: i64,
    /// Names, in the order of their ids.
    pub symbols: Vec<String>,
    /// Bars over all symbols.
    pub bars: u64,
    /// SHA-256 of names and candles, hex.
    pub candles: String,
    /// SHA-256 of the trading rules, hex.
    pub rules: String,
    /// SHA-256 of the funding, hex.
    pub funding: String,
}

impl MarketIdentity {
    pub(super) fn of(chosen: &Chosen) -> Self {
        let market = &chosen.market;
        let seed = match market.source {
            MarketSource::Simulated { seed } => Some(seed),
            MarketSource::Recorded { .. } => None,
        };
        Self {
            seed,
            from_ms: market.first_ms().unwrap_or(0),
            to_ms: market.last_ms().unwrap_or(0).saturating_add(market.step_ms),
            step_ms: market.step_ms,
            symbols: market.names().map(str::to_owned).collect(),
            bars: market.rows(),
            candles: candles(market),
            rules: of_json(&chosen.instruments),
            funding: of_json(&chosen.funding),
        }
    }

    /// Whole days of a simulated market.
    #[must_use]
    pub fn days(&self) -> u32 {
        u32::try_from(self.to_ms.saturating_sub(self.from_ms) / 86_400_000).unwrap_or(u32::MAX)
    }

    /// What `other` has otherwise, in words; empty where it is the same market.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let all = [
            ("the symbols", self.symbols == other.symbols),
            ("the range", (self.from_ms, self.to_ms, self.step_ms) == (other.from_ms, other.to_ms, other.step_ms)),
            ("the candles", self.candles == other.candles),
            ("the trading rules", self.rules == other.rules),
            ("the funding", self.funding == other.funding),
        ];
        all.into_iter().filter(|(_, same)| !same).map(|(what, _)| what).collect()
    }
}

fn candles(market: &Market) -> String {
    let mut hasher = Sha256::new();
    hasher.update(market.step_ms.to_le_bytes());
    let mut bytes = Vec::new();
    for series in &market.symbols {
        hasher.update((series.symbol.len() as u64).to_le_bytes());
        hasher.update(series.symbol.as_bytes());
        hasher.update((series.len() as u64).to_le_bytes());
        bytes.clear();
        bytes.extend(series.ts_ms.iter().flat_map(|ms| ms.to_le_bytes()));
        for column in [&series.open, &series.high, &series.low, &series.close, &series.volume] {
            bytes.extend(column.iter().flat_map(|value| value.to_bits().to_le_bytes()));
        }
        hasher.update(&bytes);
    }
    hex(hasher)
}

fn of_json(value: &impl Serialize) -> String {
    let mut hasher = Sha256::new();
    // JSON writes every number so that it reads back the same. Neither value has anything that JSON cannot say.
    hasher.update(serde_json::to_vec(value).unwrap_or_default());
    hex(hasher)
}

fn hex(hasher: Sha256) -> String {
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use crate::market::choice::MarketChoice;

    fn simulated(seed: u64, days: u32) -> super::MarketIdentity {
        MarketChoice { seed, days, ..MarketChoice::default() }.load().unwrap().identity()
    }

    #[test]
    fn the_same_market_has_the_same_identity_and_any_other_another() {
        let one = simulated(1, 2);
        assert_eq!(one, simulated(1, 2));
        assert_eq!((one.seed, one.days(), one.bars), (Some(1), 2, 2 * 1440 * 8));
        assert_eq!(one.differences(&simulated(1, 2)), Vec::<&str>::new());
        assert!(one.differences(&simulated(2, 2)).contains(&"the candles"));
        assert!(one.differences(&simulated(1, 3)).contains(&"the range"));
        let json = serde_json::to_string(&one).unwrap();
        assert_eq!(serde_json::from_str::<super::MarketIdentity>(&json).unwrap(), one);
    }

    #[test]
    fn one_bit_of_one_price_is_another_market() {
        let mut chosen = MarketChoice { seed: 1, days: 1, ..MarketChoice::default() }.load().unwrap();
        let before = chosen.identity();
        let mut market = (*chosen.market).clone();
        market.symbols[3].close[700] = f64::from_bits(market.symbols[3].close[700].to_bits() ^ 1);
        chosen.market = market.into();
        assert_eq!(before.differences(&chosen.identity()), ["the candles"]);
        let mut rules = chosen.clone();
        rules.instruments[0].tick *= 2.0;
        assert_eq!(chosen.identity().differences(&rules.identity()), ["the trading rules"]);
    }
}
