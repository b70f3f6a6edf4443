//! Arguments that borrow from policy's input, and the context.

use bulkhead_policy as policy;
use wasmtime::component::{ComponentType, Lower};

use super::{
    convert::{Twin, WireMarks, wire_record},
    records::{WireMode, WirePreference, WireRiskMode, WireSide, WireStage, WireUniverseMode},
};

wire_record!(WireDirectives = policy::Directives {
    id: u64 = "id",
    age_ms: u64 = "age-ms",
    allow_new_trades: bool = "allow-new-trades",
    allow_new_positions: bool = "allow-new-positions",
    enforce_defensive_exits: bool = "enforce-defensive-exits",
    reduce_global_risk: bool = "reduce-global-risk",
    confidence_threshold: Option<f64> = "confidence-threshold",
    scale_position_sizes: f64 = "scale-position-sizes",
    universe_mode: WireUniverseMode = "universe-mode",
    order_preference: WirePreference = "order-preference",
    enforce_limit_orders: bool = "enforce-limit-orders",
    max_slippage_bps: f64 = "max-slippage-bps",
    max_spread_bps: f64 = "max-spread-bps",
    reduce_exposure_pct: f64 = "reduce-exposure-pct",
    max_position_count: Option<u32> = "max-position-count",
    max_leverage_x: Option<f64> = "max-leverage-x",
    concentration_limit_pct: f64 = "concentration-limit-pct",
    reduce_correlated_positions: bool = "reduce-correlated-positions",
    avoid_expansion_symbols: bool = "avoid-expansion-symbols",
    use_conservative_predictions: bool = "use-conservative-predictions",
});
wire_record!(WireContext = policy::Context {
    event_time_ms: u64 = "event-time-ms",
    cycle: u64 = "cycle",
    stage: WireStage = "stage",
    mode: WireMode = "mode",
    risk_mode: WireRiskMode = "risk-mode",
    directives: Option<WireDirectives> = "directives",
});

/// A trade on its way.
#[derive(Clone, Debug, ComponentType, Lower)]
#[component(record)]
pub struct WireCandidate {
    symbol: u32,
    side: WireSide,
    confidence: f64,
    #[component(name = "size-usd")]
    size_usd: f64,
    #[component(name = "leverage-x")]
    leverage_x: f64,
    #[component(name = "risk-usd")]
    risk_usd: f64,
    price: f64,
    #[component(name = "price-age-ms")]
    price_age_ms: u64,
    marks: WireMarks,
}

impl WireCandidate {
    pub(crate) fn of(c: &policy::Candidate) -> Self {
        Self {
            symbol: c.symbol,
            side: WireSide::from_policy(&c.side),
            confidence: c.confidence,
            size_usd: c.size_usd,
            leverage_x: c.leverage_x,
            risk_usd: c.risk_usd,
            price: c.price,
            price_age_ms: c.price_age_ms,
            marks: WireMarks::of(c.marks),
        }
    }
}

/// Columns borrowed from a policy struct.
macro_rules! wire_view {
    ($view:ident = $policy:path { $($field:ident : $type:ty = $name:tt),+ $(,)? }) => {
        /// Columns, borrowed.
        #[derive(Clone, Copy, Debug, ComponentType, Lower)]
        #[component(record)]
        pub struct $view<'a> { $(#[component(name = $name)] $field: $type),+ }

        impl<'a> $view<'a> {
            pub(crate) fn of(value: &'a $policy) -> Self {
                Self { $($field: &value.$field),+ }
            }
        }
    };
}

wire_view!(WireExposures = policy::Exposures {
    symbols: &'a [u32] = "symbols",
    size_usd: &'a [f64] = "size-usd",
});
wire_view!(WireReturns = policy::Returns {
    step_ms: &'a u64 = "step-ms",
    count: &'a u32 = "count",
    symbols: &'a [u32] = "symbols",
    values: &'a [f64] = "values",
});
wire_view!(WirePositions = policy::Positions {
    symbols: &'a [u32] = "symbols",
    quantity: &'a [f64] = "quantity",
    entry_price: &'a [f64] = "entry-price",
    mark_price: &'a [f64] = "mark-price",
    margin_usd: &'a [f64] = "margin-usd",
    leverage_x: &'a [f64] = "leverage-x",
    risk_usd: &'a [f64] = "risk-usd",
    opened_ms: &'a [u64] = "opened-ms",
    r: &'a [f64] = "r",
    peak_r: &'a [f64] = "peak-r",
});
wire_view!(WireBars = policy::hooks::signal::Bars {
    symbols: &'a [u32] = "symbols",
    open: &'a [f64] = "open",
    high: &'a [f64] = "high",
    low: &'a [f64] = "low",
    close: &'a [f64] = "close",
    volume: &'a [f64] = "volume",
});

/// Columns of the universe; the marks are rewritten as flags.
#[derive(Clone, Debug, ComponentType, Lower)]
#[component(record)]
pub struct WireUniverse<'a> {
    symbols: &'a [u32],
    marks: Vec<WireMarks>,
    #[component(name = "volume-24h-usd")]
    volume_24h_usd: &'a [f64],
    #[component(name = "range-bps")]
    range_bps: &'a [f64],
    #[component(name = "spread-bps")]
    spread_bps: &'a [f64],
}

impl<'a> WireUniverse<'a> {
    pub(crate) fn of(u: &'a policy::hooks::universe::Universe) -> Self {
        Self {
            symbols: &u.symbols,
            marks: u.marks.iter().map(|m| WireMarks::of(*m)).collect(),
            volume_24h_usd: &u.volume_24h_usd,
            range_bps: &u.range_bps,
            spread_bps: &u.spread_bps,
        }
    }
}
