//! The account and the market as the host computes them. Lists are columns: row i of every list belongs together.

use serde::{Deserialize, Serialize};

use crate::{SymbolId, stage::closed_set};

closed_set! {
    /// Shape of the market's move.
    Regime {
        /// It goes somewhere.
        Trending = "TRENDING",
        /// It goes back and forth.
        Ranging = "RANGING",
        /// Neither clearly.
        Normal = "NORMAL",
    }
}

closed_set! {
    /// Size of the market's moves against its own past.
    Volatility {
        /// Calm.
        Low = "LOW",
        /// Usual.
        Normal = "NORMAL",
        /// Lively.
        High = "HIGH",
        /// A storm.
        Extreme = "EXTREME",
    }
}

/// What the host measures of the whole market.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Market {
    /// Shape of the move.
    pub regime: Regime,
    /// Size of the moves.
    pub volatility: Volatility,
    /// Mean absolute one-bar return over the last hour, in bps.
    pub volatility_bps: f64,
    /// Efficiency of the move over the last hours, -1 to 1.
    pub trend: f64,
}

/// The account. Drawdowns are >= 0 and of equity including open profit and loss.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// Balance plus open profit and loss.
    pub equity_usd: f64,
    /// Equity less margin in use.
    pub free_margin_usd: f64,
    /// Margin in use.
    pub used_margin_usd: f64,
    /// From the equity at the start of the UTC day, percent.
    pub daily_drawdown_pct: f64,
    /// From the highest equity so far, percent.
    pub open_drawdown_pct: f64,
    /// Sum of losses closed in the last 24 h, >= 0.
    pub daily_loss_usd: f64,
    /// Sum of absolute notionals.
    pub gross_exposure_usd: f64,
    /// Sum of signed notionals.
    pub net_exposure_usd: f64,
    /// Loss if every stop were hit, working entries included, >= 0.
    pub open_risk_usd: f64,
    /// Positions open.
    pub open_positions: u32,
    /// Losing trades in a row.
    pub losing_streak: u32,
}

/// Open positions, lean: what a pre-trade decision needs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Exposures {
    /// Which symbol.
    pub symbols: Vec<SymbolId>,
    /// Signed notional at mark price.
    pub size_usd: Vec<f64>,
}

impl Exposures {
    /// Adds a row.
    pub fn push(&mut self, symbol: SymbolId, size_usd: f64) {
        self.symbols.push(symbol);
        self.size_usd.push(size_usd);
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.symbols.len()
    }

    /// No rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.symbols.is_empty()
    }
}

/// Returns over the last while. Symbol i has the values from i x `count` on, oldest first; all symbols over the same
/// times. A symbol without a whole window is left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Returns {
    /// Time over which one return goes.
    pub step_ms: u64,
    /// Values per symbol.
    pub count: u32,
    /// Which symbols.
    pub symbols: Vec<SymbolId>,
    /// As fractions of price.
    pub values: Vec<f64>,
}

/// Open positions, whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Positions {
    /// Which symbol.
    pub symbols: Vec<SymbolId>,
    /// Signed units of base.
    pub quantity: Vec<f64>,
    /// Mean entry price.
    pub entry_price: Vec<f64>,
    /// Price now.
    pub mark_price: Vec<f64>,
    /// Margin held.
    pub margin_usd: Vec<f64>,
    /// Leverage at entry.
    pub leverage_x: Vec<f64>,
    /// Loss at the stop, >= 0.
    pub risk_usd: Vec<f64>,
    /// When it was opened, epoch ms.
    pub opened_ms: Vec<u64>,
    /// Profit in multiples of the risk at entry.
    pub r: Vec<f64>,
    /// Best R so far.
    pub peak_r: Vec<f64>,
}

impl Positions {
    /// No rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.symbols.is_empty()
    }
}
