//! The drawdown limits on the paper venue: what they cancel and close, what a release does, and what a restart keeps.

use std::{fs, path::Path, sync::Arc};

use bulkhead_executor::{
    account::{AccountBoard, AccountFile, AccountSnapshot, Keeper, Opening},
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

const MINUTE: i64 = 60_000;
const DAY: i64 = 1_440 * MINUTE;
/// 2025-05-05, 12:00.
const NOON: i64 = 1_746_446_400_000;
const START_USD: f64 = 100_000.0;

/// A market of two symbols whose first goes through these prices, a minute each. The second stands still.
fn market(from_ms: i64, prices: &[f64]) -> Arc<Market> {
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

struct Host {
    lab: Lab,
    registry: Arc<Registry>,
    trading: TradingLoop<PaperVenue>,
    feed: ReplayFeed,
    board: Arc<AccountBoard>,
}

fn order(id: u64, symbol: u32, quantity: f64, plan: OrderPlan) -> OrderRequest {
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

fn resting() -> OrderPlan {
    OrderPlan { order_type: OrderType::Limit, limit_offset_bps: 400.0, ..OrderPlan::MARKET }
}

impl Host {
    /// A host without plugins. Its first bar is seen by the venue alone, which then gets these orders.
    fn new(state: Option<&Path>, market: &Arc<Market>, orders: &[OrderRequest]) -> Self {
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
        let trading = TradingLoop::new(
            Arc::clone(&registry),
            venue,
            limits,
            LoopConfig::default(),
            instruments,
            config.slippage.into(),
        );
        let trading = trading.with_account(Arc::clone(&board), &opening);
        Self { lab, registry, trading, feed, board }
    }

    fn bar(&mut self) -> bool {
        let Some(slice) = self.feed.next() else { return false };
        self.trading.step(&slice);
        true
    }

    fn run(mut self) -> Self {
        while self.bar() {}
        self
    }

    fn brake(&self) -> Brake {
        self.registry.dials().brake
    }

    fn positions(&self) -> usize {
        self.trading.venue().exposures().len()
    }

    fn entries_at_work(&self) -> usize {
        self.trading.venue().working().iter().filter(|o| !o.reduce_only).count()
    }

    fn now(&self) -> Arc<AccountSnapshot> {
        self.board.look()
    }

    /// Why the brake was changed, in order.
    fn reasons(&self) -> Vec<String> {
        let events = self.lab.reader(&self.registry).events(&Filter::default()).unwrap();
        let changes = events.into_iter().filter(|e| e.record.kind == EventKind::BrakeChanged);
        changes.map(|e| e.record.text).collect()
    }

    fn release(&self, rebase: bool) {
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
fn fall(bars: usize, price: f64) -> Vec<f64> {
    [vec![100.0; 4], vec![price; bars]].concat()
}

fn long() -> OrderRequest {
    order(1, 0, LONG, OrderPlan::MARKET)
}

#[test]
fn five_percent_of_the_day_halts_and_leaves_positions_and_resting_orders() {
    let orders = [long(), order(2, 1, 100.0, resting())];
    let host = Host::new(None, &market(NOON, &fall(5, 97.3)), &orders).run();
    assert_eq!(host.brake(), Brake::Halt);
    assert_eq!((host.positions(), host.entries_at_work()), (1, 1));
    let reasons = host.reasons();
    assert_eq!(reasons.len(), 1, "{reasons:?}");
    for figure in ["under the day's start 100000.00 (limit 5 %)", "under the peak 100000.00 (limit 10 %)", "equity 94"]
    {
        assert!(reasons[0].contains(figure), "{reasons:?}");
    }
    let almost = Host::new(None, &market(NOON, &fall(5, 97.7)), &orders).run();
    assert_eq!(almost.brake(), Brake::Released);
}

#[test]
fn ten_percent_from_the_peak_cancels_entries_and_closes_positions() {
    // It stands still at the start of the second day: the day's loss is small then, the fall from the peak is not.
    let prices = [vec![100.0; 4], vec![98.0; 1_440], vec![96.5; 4], vec![94.9; 6]].concat();
    let orders = [long(), order(2, 1, 100.0, resting())];
    let mut host = Host::new(None, &market(NOON, &prices), &orders);
    for _ in 0..1_446 {
        assert!(host.bar());
        assert_eq!(host.brake(), Brake::Released);
    }
    assert_eq!((host.positions(), host.entries_at_work()), (1, 1));
    let host = host.run();
    assert_eq!(host.brake(), Brake::HaltCancel);
    assert_eq!((host.positions(), host.entries_at_work()), (0, 0), "exits pass, entries are taken back");
    let fills = host.lab.reader(&host.registry).fills(&Filter::default()).unwrap();
    assert_eq!(fills.last().unwrap().record.side, Side::Short, "the long position was sold");
    let reason = host.reasons().pop().unwrap();
    assert!(reason.contains("-> halt-cancel") && reason.contains("(limit 10 %)"), "{reason}");
    let money = host.now().money.unwrap();
    assert!(money.drawdowns.unwrap().open_pct >= 10.0 && money.gross_exposure_pct == Some(0.0));
}

#[test]
fn a_release_alone_halts_again_and_one_that_rebases_does_not() {
    let mut host = Host::new(None, &market(NOON, &[fall(20, 97.3), vec![94.5; 5]].concat()), &[long()]);
    while host.brake() == Brake::Released {
        assert!(host.bar());
    }
    host.release(false);
    assert!(host.bar());
    assert_eq!(host.brake(), Brake::Halt, "the drawdown stands");
    let seen = host.registry.dials().brake_generation;
    host.registry.release_and_rebase(seen - 1, "ann", "too late", 0).unwrap_err();
    assert!(host.bar());
    assert_eq!(host.brake(), Brake::Halt);
    assert_eq!(host.now().money.unwrap().drawdowns.unwrap().marks.day_start_usd(), START_USD, "nothing was re-based");

    host.release(true);
    for _ in 0..5 {
        assert!(host.bar());
        assert_eq!(host.brake(), Brake::Released);
    }
    let anew = host.now().money.unwrap();
    let marks = anew.drawdowns.unwrap().marks;
    assert_eq!((marks.day_start_usd(), marks.peak_usd()), (anew.equity_usd, anew.equity_usd));
    let again = host.registry.release_and_rebase(host.registry.dials().brake_generation, "ann", "again", 0);
    assert!(again.unwrap_err().to_string().contains("released already"));
    let host = host.run();
    assert_eq!(host.brake(), Brake::Halt, "the limit holds from the new level on");
}

#[test]
fn a_person_s_brake_takes_hold_of_orders_between_two_bars() {
    let sliced = OrderPlan { order_type: OrderType::Twap, slices: 10, duration_ms: 600_000, ..OrderPlan::MARKET };
    let orders = [order(1, 0, 100.0, sliced), order(2, 1, 100.0, resting())];
    let stand = || {
        let mut host = Host::new(None, &market(NOON, &[100.0; 30]), &orders);
        assert!(host.bar() && host.bar());
        assert_eq!(host.entries_at_work(), 2);
        host
    };
    let held = |host: &Host| host.trading.venue().position(0).unwrap().quantity;

    let mut halted = stand();
    halted.registry.engage(Brake::Halt, "ann", "look", 0);
    halted.trading.idle();
    assert_eq!(halted.entries_at_work(), 1, "no further slice goes out, what rests may rest");
    assert_eq!(halted.now().working_orders, 1, "it is shown at once");
    let before = held(&halted);
    let halted = halted.run();
    assert_eq!((held(&halted), halted.positions()), (before, 1), "nothing increased");

    let mut cancelled = stand();
    cancelled.registry.engage(Brake::HaltCancel, "ann", "out", 0);
    cancelled.trading.idle();
    assert_eq!(cancelled.entries_at_work(), 0);
    let free = stand().run();
    assert!(held(&free) > before, "without a brake the slices go on");
}

/// A host that was killed: its files as they were at that moment.
fn killed(host: &Host, state: &Path) -> tempfile::TempDir {
    let shown = host.now();
    let keeper = Keeper::start(Arc::clone(&host.board), AccountFile::open(state)).unwrap();
    let wanted = format!("\"event_time_ms\": {}", shown.event_time_ms.unwrap());
    while !fs::read_to_string(state.join("account.json")).is_ok_and(|text| text.contains(&wanted)) {
        std::thread::yield_now();
    }
    let left = tempfile::tempdir().unwrap();
    for name in ["account.json", "account.began", "brake.json", "brake.began"] {
        // The marker comes right after the file.
        while !state.join(name).exists() {
            std::thread::yield_now();
        }
        fs::copy(state.join(name), left.path().join(name)).unwrap();
    }
    drop(keeper);
    left
}

#[test]
fn a_host_that_was_killed_within_the_day_knows_the_loss_of_the_day() {
    let state = tempfile::tempdir().unwrap();
    let host = Host::new(Some(state.path()), &market(NOON, &fall(10, 98.2)), &[long()]).run();
    assert_eq!(host.brake(), Brake::Released);
    let lost = host.now().money.unwrap();
    let left = killed(&host, state.path());

    // The second loss alone is harmless.
    let later = NOON + 60 * MINUTE;
    let second = || market(later, &fall(10, 99.0));
    let other = Host::new(None, &second(), &[long()]).run();
    assert_eq!(other.brake(), Brake::Released);
    let host = Host::new(Some(left.path()), &second(), &[long()]);
    let begun = host.trading.venue().account().equity_usd;
    assert!((begun - lost.equity_usd).abs() < 1e-6, "the account goes on");
    let host = host.run();
    assert_eq!(host.brake(), Brake::Halt);
    assert!(host.reasons()[0].contains("under the day's start 100000.00"), "{:?}", host.reasons());

    // On another day it is the peak that is remembered.
    let host =
        Host::new(Some(killed(&host, left.path()).path()), &market(NOON + DAY, &fall(10, 99.9)), &[long()]).run();
    let marks = host.now().money.unwrap().drawdowns.unwrap().marks;
    assert_eq!(marks.peak_usd(), START_USD);
    assert!(marks.day_start_usd() < START_USD * 0.96);
    assert_eq!(host.brake(), Brake::Halt, "nobody released it");
}

#[test]
fn an_account_that_cannot_be_read_is_halted_until_a_release_begins_anew() {
    let state = tempfile::tempdir().unwrap();
    let host = Host::new(Some(state.path()), &market(NOON, &fall(3, 99.9)), &[long()]).run();
    let left = killed(&host, state.path());
    fs::write(left.path().join("account.json"), "{").unwrap();
    let mut host = Host::new(Some(left.path()), &market(NOON + DAY, &[100.0; 20]), &[]);
    assert_eq!(host.brake(), Brake::Halt, "before the first bar");
    assert!(host.bar());
    let money = host.now().money.unwrap();
    assert!(money.drawdowns.is_none(), "nobody knows");
    host.release(false);
    assert!(host.bar());
    assert_eq!(host.brake(), Brake::Halt);
    assert!(host.reasons().last().unwrap().contains("account.json cannot be understood"), "{:?}", host.reasons());
    host.release(true);
    assert!(host.bar() && host.bar());
    assert_eq!(host.brake(), Brake::Released);
    assert!(host.now().money.unwrap().drawdowns.is_some());
    let again = Host::new(Some(killed(&host, left.path()).path()), &market(NOON + 2 * DAY, &[100.0; 3]), &[]).run();
    assert_eq!(again.brake(), Brake::Released, "it is known again");
}

/// The release reached the disk and the host was killed before its loop looked.
#[test]
fn a_rebase_that_no_loop_has_seen_yet_is_not_lost() {
    let state = tempfile::tempdir().unwrap();
    let host = Host::new(Some(state.path()), &market(NOON, &fall(10, 97.3)), &[long()]).run();
    assert_eq!(host.brake(), Brake::Halt);
    host.release(true);
    let left = killed(&host, state.path());
    let host = Host::new(Some(left.path()), &market(NOON + 60 * MINUTE, &[100.0; 4]), &[]).run();
    assert_eq!(host.brake(), Brake::Released);
    let money = host.now().money.unwrap();
    assert_eq!(money.drawdowns.unwrap().marks.day_start_usd(), money.equity_usd);
}

#[test]
fn the_board_shows_what_the_venue_holds() {
    let host = Host::new(None, &market(NOON, &fall(700, 99.0)), &[long()]).run();
    let (now, account, stats) = (host.now(), host.trading.venue().account(), host.trading.venue().stats());
    let money = now.money.unwrap();
    assert_eq!((money.equity_usd, money.balance_usd), (account.equity_usd, stats.balance_usd));
    assert_eq!(now.event_time_ms, Some(NOON + 704 * MINUTE));
    assert_eq!((now.open_positions, now.working_orders, now.trades_closed), (1, 0, 0));
    assert_eq!((now.progress.bars_done, now.progress.bars_total, now.progress.ended), (703 * 2, 704 * 2, false));
    let drawdowns = money.drawdowns.unwrap();
    assert!((drawdowns.daily_pct - account.daily_drawdown_pct).abs() < 1e-9);
    assert!((drawdowns.open_pct - account.open_drawdown_pct).abs() < 1e-9);
    assert_eq!(now.history.first().unwrap().0, NOON + 2 * MINUTE);
    assert!(now.history.len() <= 600 && now.history.len() > 300);
    let mut host = host;
    host.trading.end();
    assert!(host.now().progress.ended);
}
