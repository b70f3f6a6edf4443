//! The coordinator's directives in force, as every hook sees them.

use serde::{Deserialize, Serialize};

use crate::stage::closed_set;

closed_set! {
    /// How bold the universe may be.
    UniverseMode {
        /// Core symbols.
        Safe = "SAFE",
        /// The usual.
        Normal = "NORMAL",
        /// More symbols.
        Aggressive = "AGGRESSIVE",
        /// All but the blacklist.
        Experimental = "EXPERIMENTAL",
    }
}

closed_set! {
    /// Preferred way out.
    OrderPreference {
        /// Market orders.
        Market = "MARKET",
        /// Limit orders.
        Limit = "LIMIT",
        /// The execution layer chooses.
        Smart = "SMART",
    }
}

/// Numbers of the directives that concern every hook. Lists of symbols reach a plugin as marks of the rows it is asked
/// about.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Directives {
    /// Counts up with every coordination that was applied.
    pub id: u64,
    /// Time since issue. At their maximum age they are dropped: absent, not stale.
    pub age_ms: u64,
    /// No new trades when false.
    pub allow_new_trades: bool,
    /// No new positions when false.
    pub allow_new_positions: bool,
    /// Exits are taken early.
    pub enforce_defensive_exits: bool,
    /// Risk is to come down.
    pub reduce_global_risk: bool,
    /// Replaces the base threshold, 0 to 1.
    pub confidence_threshold: Option<f64>,
    /// Factor on every size, 0 to 2.
    pub scale_position_sizes: f64,
    /// How bold the universe may be.
    pub universe_mode: UniverseMode,
    /// Preferred way out.
    pub order_preference: OrderPreference,
    /// Every order is a limit order.
    pub enforce_limit_orders: bool,
    /// Slippage cap.
    pub max_slippage_bps: f64,
    /// Spread cap.
    pub max_spread_bps: f64,
    /// Share of exposure to give up, 0 to 100.
    pub reduce_exposure_pct: f64,
    /// Cap on open positions.
    pub max_position_count: Option<u32>,
    /// Cap on leverage.
    pub max_leverage_x: Option<f64>,
    /// Cap on one symbol's share.
    pub concentration_limit_pct: f64,
    /// Correlated positions are to come down.
    pub reduce_correlated_positions: bool,
    /// No symbols of the expansion tier.
    pub avoid_expansion_symbols: bool,
    /// Models are to be read with care.
    pub use_conservative_predictions: bool,
}
