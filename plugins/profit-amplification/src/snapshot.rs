//! What is known of one position at the moment. Every number in it is one.

use crate::config::Config;
use crate::trend::Trend;
use bulkhead_sdk::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Snapshot {
    pub symbol: SymbolId,
    /// Value at the mark price, long or short.
    pub size_usd: f64,
    pub leverage_x: f64,
    pub r: f64,
    pub peak_r: f64,
    /// Share of the best profit that was given back.
    pub drawdown: f64,
    pub trend: Trend,
    pub volatility: Volatility,
    /// 1 is the best.
    pub rank: u32,
    pub category: Category,
    pub toxic: bool,
}

/// The original's categories of symbols.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    Core,
    Tactical,
    Opportunistic,
}

/// R is decimal: 0.95 after 1 is a drawdown of 5 %, and in binary a hair more.
const ROUNDING_PCT: f64 = 1e-9;

/// Nobody said how good the symbol is: no better than the last that earns points for its rank.
const UNRANKED: u32 = 100;

impl Snapshot {
    /// `None` for a position whose numbers are none.
    pub fn of(
        ctx: &Ctx<'_>,
        row: &PositionRow,
        class: Option<Class>,
        market: &Market,
        config: &Config,
    ) -> Option<Self> {
        // Computed as the host computes it, so that both find the same share of it.
        let size_usd = (row.quantity * row.mark_price).abs();
        let numbers = [size_usd, row.leverage_x, row.r, row.peak_r];
        if !numbers.iter().all(|number| number.is_finite()) || size_usd <= 0.0 {
            return None;
        }
        let info = ctx.symbols().info(row.symbol);
        let standing = info.and_then(|info| config.symbols.get(&info.name));
        let with_market = if market.trend.is_finite() { market.trend * row.quantity.signum() } else { 0.0 };
        Some(Self {
            symbol: row.symbol,
            size_usd,
            leverage_x: row.leverage_x,
            r: row.r,
            peak_r: row.peak_r,
            drawdown: drawdown(row.r, row.peak_r),
            trend: Trend::of(class, row.r, row.peak_r, with_market),
            volatility: market.volatility,
            rank: standing.map_or(UNRANKED, |standing| standing.rank),
            category: standing.map_or_else(|| category(info.and_then(|info| info.tier)), |standing| standing.category),
            toxic: class == Some(Class::Toxic),
        })
    }

    /// Whether more than this share of the best profit was given back, in percent.
    pub fn gave_back_over(&self, pct: f64) -> bool {
        self.drawdown * 100.0 > pct + ROUNDING_PCT
    }
}

fn drawdown(r: f64, peak_r: f64) -> f64 {
    if peak_r > 0.0 { ((peak_r - r) / peak_r).max(0.0) } else { 0.0 }
}

/// The universe's tiers in the original's other words. Of a symbol without a tier nothing speaks against taking profit.
fn category(tier: Option<Tier>) -> Category {
    match tier {
        Some(Tier::Core) => Category::Core,
        Some(Tier::Expansion) | None => Category::Tactical,
        Some(Tier::Conditional | Tier::Blacklist | Tier::InsufficientData) => Category::Opportunistic,
    }
}

#[cfg(test)]
pub mod testkit {
    use super::*;

    /// The original's base case.
    pub fn base() -> Snapshot {
        Snapshot {
            symbol: 0,
            size_usd: 500.0,
            leverage_x: 10.0,
            r: 2.5,
            peak_r: 2.8,
            drawdown: 0.05,
            trend: Trend::Strong,
            volatility: Volatility::Normal,
            rank: 1,
            category: Category::Core,
            toxic: false,
        }
    }

    /// The same as the host would show it, but for the drawdown that follows from R and peak.
    pub fn row() -> PositionRow {
        PositionRow {
            symbol: 0,
            quantity: 5.0,
            entry_price: 75.0,
            mark_price: 100.0,
            margin_usd: 50.0,
            leverage_x: 10.0,
            risk_usd: 10.0,
            opened_ms: 0,
            r: 2.5,
            peak_r: 2.6,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::testkit::row;
    use super::*;
    use bulkhead_sdk::testing;

    fn of(row: &PositionRow, class: Option<Class>, trend: f64, config: &Config) -> Option<Snapshot> {
        let core = SymbolInfo { tier: Some(Tier::Core), ..testing::symbol(0, "BTC") };
        let symbols = SymbolTable::new(vec![core, testing::symbol(1, "ETH")]);
        let context = testing::context();
        Snapshot::of(&Ctx::new(&context, &symbols), row, class, &Market { trend, ..testing::market() }, config)
    }

    #[test]
    fn a_short_is_as_large_as_a_long_and_goes_with_a_falling_market() {
        let short = PositionRow { quantity: -5.0, ..row() };
        for (row, trend, want) in [
            (row(), 0.5, Trend::VeryStrong),
            (row(), -0.5, Trend::Moderate),
            (short, 0.5, Trend::Moderate),
            (short, -0.5, Trend::VeryStrong),
            (short, f64::NAN, Trend::Strong),
        ] {
            let snapshot = of(&row, Some(Class::StrongTrend), trend, &Config::default()).unwrap();
            assert_eq!((snapshot.size_usd, snapshot.trend), (500.0, want));
        }
    }

    #[test]
    fn what_the_configuration_says_of_a_symbol_comes_before_its_tier() {
        let standing = crate::config::Standing { rank: 7, category: Category::Opportunistic };
        let config = Config { symbols: [("BTC".to_string(), standing)].into(), ..Config::default() };
        let told = of(&row(), None, 0.0, &config).unwrap();
        assert_eq!((told.rank, told.category), (7, Category::Opportunistic));
        let tiered = of(&row(), None, 0.0, &Config::default()).unwrap();
        assert_eq!((tiered.rank, tiered.category), (100, Category::Core));
        let unknown = of(&PositionRow { symbol: 9, ..row() }, None, 0.0, &config).unwrap();
        assert_eq!((unknown.rank, unknown.category), (100, Category::Tactical));
    }

    #[test]
    fn drawdown_is_a_share_of_the_best_profit() {
        for (r, peak, want) in [(2.0, 2.5, 0.2), (2.5, 2.5, 0.0), (3.0, 2.5, 0.0), (-1.0, 1.0, 2.0), (-1.0, 0.0, 0.0)] {
            assert_eq!(drawdown(r, peak), want);
        }
    }

    #[test]
    fn at_a_limit_is_not_over_it_whatever_the_binary_fraction() {
        for pct in 1..=99 {
            let peak_r = 2.5;
            let row = PositionRow { r: peak_r - peak_r * f64::from(pct) / 100.0, peak_r, ..row() };
            let snapshot = of(&row, None, 0.0, &Config::default()).unwrap();
            assert!(!snapshot.gave_back_over(f64::from(pct)), "{pct}");
            assert!(snapshot.gave_back_over(f64::from(pct) - 1e-6), "{pct}");
        }
    }

    #[test]
    fn what_is_no_number_is_no_snapshot() {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            for broken in [
                PositionRow { quantity: bad, ..row() },
                PositionRow { mark_price: bad, ..row() },
                PositionRow { leverage_x: bad, ..row() },
                PositionRow { r: bad, ..row() },
                PositionRow { peak_r: bad, ..row() },
            ] {
                assert_eq!(of(&broken, None, 0.0, &Config::default()), None);
            }
        }
        assert_eq!(of(&PositionRow { quantity: 0.0, ..row() }, None, 0.0, &Config::default()), None);
    }
}
