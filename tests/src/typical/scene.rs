//! A market of any size.

use bulkhead_policy::{
    Context, Directives, Market, Mode, Regime, Returns, RiskMode, Stage, SymbolId, Volatility,
    directives::{OrderPreference, UniverseMode},
    trade::Tier,
};
use bulkhead_runtime::Moment;
use bulkhead_sandbox::SymbolInfo;
use serde_json::{Value, json};

/// 2025-05-05T00:00:00Z, in minutes since the epoch. A cycle is a minute.
const START: u64 = 29_106_720;
const MINUTE_MS: u64 = 60_000;
/// Time over which a return goes, minutes, and how many there are of a symbol.
const STEP: u64 = 15;
const COUNT: u32 = 96;

const SECTORS: [&str; 4] = ["L1", "DEFI", "MEME", "AI"];

/// How much there is of everything. Symbols are numbered by volume, so that the first ones are traded and held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scene {
    /// Symbols in the table; the universe has all of them.
    pub symbols: u32,
    /// Symbols with bars.
    pub traded: u32,
    /// Open positions.
    pub held: u32,
    /// Closed trades of two models.
    pub closed: u32,
    /// Recommendations that the chain made before the asked subsystem, at most one per position.
    pub proposed: u32,
}

impl Scene {
    /// An ordinary day.
    pub const TYPICAL: Self = Self { symbols: 200, traded: 20, held: 10, closed: 1_000, proposed: 0 };

    /// A day on which everything that can be is traded, and much is held.
    pub const LARGE: Self = Self { traded: 200, held: 50, ..Self::TYPICAL };

    /// The symbol table.
    #[must_use]
    pub fn table(&self) -> Vec<SymbolInfo> {
        let tier = |id| match id {
            0..5 => Tier::Core,
            5..40 => Tier::Expansion,
            _ => Tier::Conditional,
        };
        let row = |id: u32| SymbolInfo {
            id,
            name: format!("SYM{id:03}USDT"),
            tick: 0.01,
            step: 0.001,
            min_notional_usd: 5.0,
            sector: SECTORS[id as usize % SECTORS.len()].to_owned(),
            tier: Some(tier(id)),
        };
        (0..self.symbols).map(row).collect()
    }

    /// A plugin's configuration: its defaults, but where they would refuse the book at the first look.
    #[must_use]
    pub fn config(&self, plugin: &str) -> Value {
        match plugin {
            "portfolio-balancer" | "risk-os" => json!({ "max_positions": self.held + 10 }),
            // As shipped: the default is of percent at risk.
            "orchestrator" => json!({ "total_exposure_limit_pct": 150.0 }),
            _ => json!({}),
        }
    }

    /// The moment of a cycle.
    #[must_use]
    pub const fn moment(cycle: u64) -> Moment {
        Moment { event_time_ms: time_ms(minute(cycle)), cycle, correlation: cycle }
    }

    /// What goes with the calls of a cycle: an enforced subsystem, and directives that are one minute old.
    #[must_use]
    pub const fn context(cycle: u64) -> Context {
        Context {
            event_time_ms: time_ms(minute(cycle)),
            cycle,
            stage: Stage::Coordination,
            mode: Mode::Enforced,
            risk_mode: RiskMode::Normal,
            directives: Some(DIRECTIVES),
        }
    }
}

/// Those of risk mode NORMAL.
const DIRECTIVES: Directives = Directives {
    id: 7,
    age_ms: MINUTE_MS,
    allow_new_trades: true,
    allow_new_positions: true,
    enforce_defensive_exits: false,
    reduce_global_risk: false,
    confidence_threshold: Some(0.6),
    scale_position_sizes: 1.0,
    universe_mode: UniverseMode::Normal,
    order_preference: OrderPreference::Smart,
    enforce_limit_orders: false,
    max_slippage_bps: 15.0,
    max_spread_bps: 25.0,
    reduce_exposure_pct: 0.0,
    max_position_count: None,
    max_leverage_x: None,
    concentration_limit_pct: 30.0,
    reduce_correlated_positions: false,
    avoid_expansion_symbols: false,
    use_conservative_predictions: false,
};

pub(super) const MARKET: Market =
    Market { regime: Regime::Trending, volatility: Volatility::Normal, volatility_bps: 12.0, trend: 0.4 };

/// The minute of a cycle, since the epoch.
pub(super) const fn minute(cycle: u64) -> u64 {
    START + cycle
}

pub(super) const fn time_ms(minute: u64) -> u64 {
    minute * MINUTE_MS
}

/// Close of a symbol's bar: a slow wave, a quick one, and noise.
pub(super) fn price(symbol: SymbolId, minute: u64) -> f64 {
    let (id, time) = (f64::from(symbol), minute as f64);
    let base = 40_000.0 / (1.0 + 7.0 * id);
    let slow = 0.03 * wave(time / (701.0 + 37.0 * id) + id / 7.0);
    let quick = 0.006 * wave(time / (47.0 + id) + id / 3.0);
    base * (1.0 + slow + quick + 0.002 * (chance(symbol, minute) - 0.5))
}

/// Returns of these symbols, a day of them.
pub(super) fn returns(symbols: impl Iterator<Item = SymbolId>, now: u64) -> Returns {
    let mut returns = Returns { step_ms: STEP * MINUTE_MS, count: COUNT, ..Returns::default() };
    for symbol in symbols {
        let sample = |back: u32| price(symbol, now - STEP * u64::from(back));
        returns.symbols.push(symbol);
        returns.values.extend((0..COUNT).rev().map(|back| sample(back) / sample(back + 1) - 1.0));
    }
    returns
}

/// A number from 0 to under 1 that nobody can tell from chance.
pub(super) fn chance(what: u32, time: u64) -> f64 {
    let mut bits = (u64::from(what) << 40 ^ time).wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((bits ^ bits >> 31) >> 11) as f64 / (1u64 << 53) as f64
}

/// From -1 to 1 and back in straight lines, once per unit.
fn wave(turns: f64) -> f64 {
    4.0 * (turns - turns.floor() - 0.5).abs() - 1.0
}
