//! What trading a symbol brought, as the configuration says it: the hook has no history of trades.

use bulkhead_sdk::prelude::Deserialize;

/// Of one symbol. Absent trades and absent signals are none.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Statistics {
    pub trades: Vec<Trade>,
    /// In place of the trades.
    pub summary: Option<Results>,
    pub signals: Option<Signals>,
}

/// A closed trade.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trade {
    pub r: f64,
    pub spread_bps: f64,
    pub slippage_bps: f64,
    #[serde(default)]
    pub regime: Option<Regime>,
    #[serde(default)]
    pub volatility: Option<Volatility>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Regime {
    Trending,
    Ranging,
    Normal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Volatility {
    Low,
    Normal,
    High,
    Extreme,
}

/// What the trades come to.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Results {
    pub trades: u32,
    pub win_rate: f64,
    pub total_r: f64,
    pub std_r: f64,
    pub profit_factor: f64,
    /// Means.
    pub spread_bps: f64,
    pub slippage_bps: f64,
    /// Mean R in a trending market. Absent without such trades.
    #[serde(default)]
    pub trending_r: Option<f64>,
    /// Mean R at normal volatility. Absent without such trades.
    #[serde(default)]
    pub normal_volatility_r: Option<f64>,
}

/// What the policy made of the symbol's signals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signals {
    pub count: u32,
    /// Share that was not allowed to trade.
    pub disallow_rate: f64,
    pub mean_confidence: f64,
}

/// No trade brings or costs so many R; with more, sums of squares would not stay numbers.
const MOST_R: f64 = 1e6;

impl Statistics {
    pub fn check(&self) -> Result<(), String> {
        if self.summary.is_some() && !self.trades.is_empty() {
            return Err("it has both trades and summary, say one of them".into());
        }
        for trade in &self.trades {
            within("r", trade.r, -MOST_R, MOST_R)?;
            within("spread_bps", trade.spread_bps, 0.0, MOST_R)?;
            within("slippage_bps", trade.slippage_bps, 0.0, MOST_R)?;
        }
        if let Some(summary) = &self.summary {
            let most = MOST_R * f64::from(summary.trades);
            within("win_rate", summary.win_rate, 0.0, 1.0)?;
            within("total_r", summary.total_r, -most, most)?;
            within("std_r", summary.std_r, 0.0, MOST_R)?;
            within("profit_factor", summary.profit_factor, 0.0, f64::MAX)?;
            within("spread_bps", summary.spread_bps, 0.0, MOST_R)?;
            within("slippage_bps", summary.slippage_bps, 0.0, MOST_R)?;
            within("trending_r", summary.trending_r.unwrap_or(0.0), -MOST_R, MOST_R)?;
            within("normal_volatility_r", summary.normal_volatility_r.unwrap_or(0.0), -MOST_R, MOST_R)?;
        }
        if let Some(signals) = &self.signals {
            within("disallow_rate", signals.disallow_rate, 0.0, 1.0)?;
            within("mean_confidence", signals.mean_confidence, 0.0, 1.0)?;
        }
        Ok(())
    }

    pub fn results(&self) -> Results {
        self.summary.unwrap_or_else(|| Results::of(&self.trades))
    }

    pub fn signals(&self) -> Signals {
        self.signals.unwrap_or_default()
    }
}

fn within(key: &str, value: f64, low: f64, high: f64) -> Result<(), String> {
    if (low..=high).contains(&value) { Ok(()) } else { Err(format!("{key} is {value}, allowed is {low} to {high}")) }
}
