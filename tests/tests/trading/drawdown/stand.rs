//! A host without plugins on a market that does as it is told.

use std::{path::Path, sync::Arc};

use bulkhead_executor::{
    account::{AccountBoard, AccountFile, AccountSnapshot, Opening},
    market::{
        feed::{Feed, ReplayFeed},
        funding::FundingSchedule,
        instruments,
        series::{Candle, Market, MarketSource, Series},
    },
    trading::{LoopConfig, TradingLoop},
    venue::{OrderRequest, PaperVenue, Venue, VenueConfig},
};
use bulkhead_journal::{EventKind, Filter};
use bulkhead_policy::{
    Brake, PolicySet, Side, Stage, envelope::EnvelopeLimits, hooks::order_type::OrderPlan, trade::OrderType,
};
use bulkhead_runtime::{BrakeFile, Registry};
use bulkhead_tests::lab::Lab;

pub(super) const MINUTE: i64 = 60_000;
pub(super) const DAY: i64 = 1_440 * MINUTE;
/// 2025-05-05, 12:00.
pub(super) const NOON: i64 = 1_746_446_400_000;
pub(super) const START_USD: f64 = 100_000.0;

/// A market of two symbols whose first goes through these prices, a minute each. The second stands still.
pub(super) fn market(from_ms: i64, prices: &[f64]) -> Arc<Market> {
    let series = |name: &str, price: &dyn Fn(usize) -> f64| {
        let mut series = Series::with_capacity(name.to_owned(), prices.len());
        for (at, minute) in (0..).zip(0i64..).take(prices.len()) {
            let p = price(at);
            let ts_ms = from_ms + minute * MINUTE;
            series.push(Candle { ts_ms, open: p, high: p + 0.01, low: p - 0.01, close: p, volume: 1e7 });
        }
        series
    };
    let symbols = vec![series("BTCUSDT", &|at| prices[at]), series("ETHUSDT", &|_| 50.01)];
    Arc::new(Market { symbols, step_ms: MINUTE, source: MarketSource::Simulated { seed: 0 } })
}

/// A long position of 200,000 USD at 100: a price that falls by 1 costs 2 % of the account.
const LONG: f64 = 2_000.0;

pub(super) struct Host {
    pub(super) lab: Lab,
    pub(super) registry: Arc<Registry>,
    pub(super) trading: TradingLoop<PaperVenue>,
    feed: ReplayFeed,
    pub(super) board: Arc<AccountBoard>,
}

pub(super) fn order(id: u64, symbol: u32, quantity: f64, plan: OrderPlan) -> OrderRequest {
    OrderRequest {
        id,
        correlation: id,
        owner: 0,
        symbol,
        side: Side::Long,
        quantity,
        plan,
        reduce_only: false,
        leverage_x: 10.0,
        decision_price: if symbol == 0 { 100.0 } else { 50.01 },
        exits: None,
    }
}

pub(super) fn resting() -> OrderPlan {
    OrderPlan { order_type: OrderType::Limit, limit_offset_bps: 400.0, ..OrderPlan::MARKET }
}

impl Host {
    /// A host without plugins. Its first bar is seen by the venue alone, which then gets these orders.
    pub(super) fn new(state: Option<&Path>, market: &Arc<Market>, orders: &[OrderRequest]) -> Self {
        let lab = Lab::default();
        let mut registry = lab.registry(Stage::Coordination, PolicySet::Live, Vec::new());
        if let Some(state) = state {
            registry = registry.with_brake_file(BrakeFile::open(state).unwrap());
        }
        let registry = Arc::new(registry);
        let file = state.map(AccountFile::open);
        let opening = file.map_or(Opening::Anew { instead: None }, |f| f.opening(market.first_ms(), MINUTE));
        let starting_balance_usd = match opening {
            Opening::GoesOn { equity_usd, .. } => equity_usd,
            _ => START_USD,
        };
        let instruments = instruments::resolve(market, None).unwrap();
        let config = VenueConfig { starting_balance_usd, order_ttl_bars: 10_000, ..VenueConfig::default() };
        let mut venue = PaperVenue::new(config, &instruments, FundingSchedule::default_rates()).unwrap();
        let mut feed = ReplayFeed::new(Arc::clone(market));
        let first = feed.next().unwrap();
        venue.on_bar(&first);
        for request in orders {
            venue.submit(*request, first.close_ms).unwrap();
        }
        let limits = EnvelopeLimits::default();
        let board = Arc::new(AccountBoard::new(limits, market.rows()));
        let trading =
            TradingLoop::new(Arc::clone(&registry), venue, LoopConfig::default(), instruments, config.slippage.into());
        let trading = trading.with_account(Arc::clone(&board), &opening);
        Self { lab, registry, trading, feed, board }
    }

    pub(super) fn bar(&mut self) -> bool {
        let Some(slice) = self.feed.next() else { return false };
        self.trading.step(&slice);
        true
    }

    pub(super) fn run(mut self) -> Self {
        while self.bar() {}
        self
    }

    pub(super) fn brake(&self) -> Brake {
        self.registry.dials().brake
    }

    pub(super) fn positions(&self) -> usize {
        self.trading.venue().exposures().len()
    }

    pub(super) fn entries_at_work(&self) -> usize {
        self.trading.venue().working().iter().filter(|o| !o.reduce_only).count()
    }

    pub(super) fn now(&self) -> Arc<AccountSnapshot> {
        self.board.look()
    }

    /// Why the brake was changed, in order.
    pub(super) fn reasons(&self) -> Vec<String> {
        let events = self.lab.reader(&self.registry).events(&Filter::default()).unwrap();
        let changes = events.into_iter().filter(|e| e.record.kind == EventKind::BrakeChanged);
        changes.map(|e| e.record.text).collect()
    }

    pub(super) fn release(&self, rebase: bool) {
        let generation = self.registry.dials().brake_generation;
        let done = if rebase {
            self.registry.release_and_rebase(generation, "ann", "seen", 0)
        } else {
            self.registry.release_at(generation, "ann", "seen", 0)
        };
        done.unwrap();
        assert_eq!(self.brake(), Brake::Released);
    }
}

/// Bars at 100, then bars at this price.
pub(super) fn fall(bars: usize, price: f64) -> Vec<f64> {
    [vec![100.0; 4], vec![price; bars]].concat()
}

pub(super) fn long() -> OrderRequest {
    order(1, 0, LONG, OrderPlan::MARKET)
}
