//! Inputs for tests, and numbers that are always the same.

use bulkhead_sdk::prelude::*;
use bulkhead_sdk::testing;

pub const RISK_MODES: [RiskMode; 4] = [RiskMode::Critical, RiskMode::Safe, RiskMode::Normal, RiskMode::Aggressive];
pub const PREFERENCES: [OrderPreference; 3] = [OrderPreference::Market, OrderPreference::Limit, OrderPreference::Smart];
pub const TYPES: [OrderType; 5] =
    [OrderType::Market, OrderType::Limit, OrderType::PostOnly, OrderType::Iceberg, OrderType::Twap];

/// Numbers that no host should send, and some that it does.
pub const HOSTILE: [f64; 9] =
    [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN_POSITIVE, -1.0, 0.0, 1.0, 600.0];

pub fn book(spread_bps: f64, impact_bps: f64) -> Book {
    Book { best_bid: 99.99, best_ask: 100.01, spread_bps, impact_bps }
}

pub fn context(risk_mode: RiskMode, directives: Option<Directives>) -> Context {
    Context { risk_mode, directives, ..testing::context() }
}

pub fn execution(phase: Phase, side: Side, expected_price: f64, actual_price: f64, spread_bps: f64) -> Execution {
    Execution { symbol: 0, side, phase, expected_price, actual_price, spread_bps, size_usd: 1_000.0 }
}

/// A long row of numbers that look like chance and never change (splitmix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[(self.roll() % of.len() as u64) as usize]
    }

    /// From 0 up to `most`.
    pub fn number(&mut self, most: f64) -> f64 {
        self.roll() as f64 / u64::MAX as f64 * most
    }

    pub fn coin(&mut self) -> bool {
        self.roll() & 1 == 0
    }

    /// Directives with tight and wide caps, or none.
    pub fn directives(&mut self) -> Option<Directives> {
        let directives = Directives {
            order_preference: self.pick(&PREFERENCES),
            enforce_limit_orders: self.roll() % 4 == 0,
            max_slippage_bps: self.number(40.0),
            max_spread_bps: self.number(30.0),
            ..testing::directives()
        };
        self.coin().then_some(directives)
    }
}
