use super::*;
use crate::testkit::{book, execution};
use bulkhead_sdk::reports::ExecutionReport;
use bulkhead_sdk::testing;

mod configuration;

const MINUTE_MS: u64 = 60_000;

fn plugin(json: &str) -> Result<Aelm, String> {
    Aelm::new(bulkhead_sdk::config::parse(json)?)
}

fn table() -> SymbolTable {
    SymbolTable::new(vec![testing::symbol(0, "BTC"), testing::symbol(1, "ETH")])
}

fn at(minute: u64) -> Context {
    Context { event_time_ms: minute * MINUTE_MS, ..testing::context() }
}

fn check(plugin: &mut Aelm, minute: u64, execution: &Execution) -> Verdict {
    let (symbols, context) = (table(), at(minute));
    plugin.check(&Ctx::new(&context, &symbols), execution).unwrap()
}

fn select(plugin: &mut Aelm, book: &Book) -> OrderPlan {
    let (symbols, context) = (table(), testing::context());
    plugin.select(&Ctx::new(&context, &symbols), &testing::candidate(), &form::MARKET, book).unwrap()
}

fn report(plugin: &mut Aelm, minute: u64) -> Option<SubsystemReport> {
    let (symbols, context) = (table(), at(minute));
    plugin.report(&Ctx::new(&context, &symbols)).unwrap()
}

fn asked(symbol: SymbolId) -> Execution {
    Execution { symbol, ..execution(Phase::Estimate, Side::Long, 100.0, 100.0, 1.0) }
}

fn filled(symbol: SymbolId, price: f64, spread_bps: f64) -> Execution {
    Execution { symbol, ..execution(Phase::Filled, Side::Long, 100.0, price, spread_bps) }
}

#[test]
fn the_coordinator_is_told_of_fills_and_nothing_else() {
    let mut plugin = plugin("{}").unwrap();
    assert_eq!(report(&mut plugin, 0), None);
    for symbol in [0, 1] {
        assert_eq!(check(&mut plugin, 0, &asked(symbol)), ALLOW);
    }
    assert_eq!(report(&mut plugin, 0), None);
    check(&mut plugin, 1, &filled(0, 100.125, 2.0));
    check(&mut plugin, 2, &filled(0, 100.375, 4.0));
    let want = |fill_rate| {
        let report = ExecutionReport { mean_slippage_bps: 25.0, mean_spread_bps: 3.0, fill_rate };
        Some(SubsystemReport::Execution(report))
    };
    assert_eq!(report(&mut plugin, 2), want(1.0));
    assert_eq!(report(&mut plugin, 16), want(0.5), "the other one had its time");
    assert_eq!(report(&mut plugin, 241), want(1.0), "what it was asked for is old");
    assert_eq!(report(&mut plugin, 243), None, "and now the fills are");
}

#[test]
fn the_next_version_tells_the_same_and_goes_on_counting() {
    let mut old = plugin("{}").unwrap();
    check(&mut old, 0, &asked(0));
    check(&mut old, 1, &filled(0, 100.1, 2.0));
    check(&mut old, 2, &asked(1));
    let mut new = plugin(r#"{"smart_exec": true}"#).unwrap();
    new.restore(old.snapshot().unwrap()).unwrap();
    for plugin in [&mut old, &mut new] {
        check(plugin, 3, &filled(1, 100.3, 2.0));
    }
    assert!(report(&mut new, 30).is_some());
    assert_eq!(report(&mut new, 30), report(&mut old, 30));
    assert!(new.restore(Blob { schema: 9, bytes: Vec::new() }).is_err());
    assert_eq!(report(&mut new, 30), report(&mut old, 30), "a state that was refused changes nothing");
}

#[test]
fn neither_order_nor_history_changes_an_answer() {
    let questions: Vec<Execution> = (0..40)
        .map(|i| {
            let phase = if i % 3 == 0 { Phase::Filled } else { Phase::Estimate };
            execution(phase, Side::Short, 100.0, 99.8 + 0.01 * f64::from(i), f64::from(i % 13))
        })
        .collect();
    let books: Vec<Book> = (0..40).map(|i| book(f64::from(i % 13), f64::from(i) * 7.0)).collect();
    for json in ["{}", r#"{"smart_exec": true, "wide_spread": "rest", "slippage_measure": "adverse"}"#] {
        let fresh = || plugin(json).unwrap();
        let alone: Vec<Verdict> = questions.iter().map(|question| check(&mut fresh(), 0, question)).collect();
        assert!(alone.contains(&ALLOW) && alone.iter().any(|verdict| *verdict != ALLOW));
        let plans: Vec<OrderPlan> = books.iter().map(|book| select(&mut fresh(), book)).collect();
        let mut busy = fresh();
        for step in [1usize, 3, 7, 11] {
            for i in (0..40).map(|i| i * step % 40) {
                assert_eq!(check(&mut busy, i as u64, &questions[i]), alone[i]);
                assert_eq!(select(&mut busy, &books[i]), plans[i]);
            }
        }
    }
}

/// What the estimate after a plan looks like, as the host makes it: the whole cost if it takes, none if it rests.
#[test]
fn a_plan_made_for_the_caps_passes_the_check_that_follows() {
    let mut plugin = plugin(r#"{"wide_spread": "rest"}"#).unwrap();
    for spread in 0..30 {
        for impact in 0..60 {
            let book = book(f64::from(spread), f64::from(spread) / 2.0 + f64::from(impact));
            let plan = select(&mut plugin, &book);
            let cost_bps = if form::rests(&plan) { 0.0 } else { book.impact_bps };
            let price = 100.0 * (1.0 + cost_bps / 1e4);
            let estimate = execution(Phase::Estimate, Side::Long, 100.0, price, book.spread_bps);
            assert_eq!(check(&mut plugin, 0, &estimate), ALLOW, "{book:?} {plan:?}");
        }
    }
}

/// As the paper venue prices a rest: behind the touch by the offset, on the tick, away from the market.
#[test]
fn the_fill_of_a_limit_made_here_is_never_refused() {
    let mut plugin = plugin(r#"{"order_type_auto": true, "limit_offset_bps": 500}"#).unwrap();
    let symbols = table();
    let context = Context { risk_mode: RiskMode::Safe, ..testing::context() };
    let ctx = Ctx::new(&context, &symbols);
    for ticks in 20_000..24_000 {
        let (tick, expected) = (0.01, f64::from(ticks) * 0.01);
        let spread_bps = 1.03 * tick / expected * 1e4;
        let book = Book { spread_bps, ..book(0.0, 3.0) };
        let plan = plugin.select(&ctx, &testing::candidate(), &form::MARKET, &book).unwrap();
        assert!(plan.limit_offset_bps > 10.0, "{plan:?}");
        let touch = expected * (1.0 - spread_bps / 2e4);
        let limit = (touch * (1.0 - plan.limit_offset_bps / 1e4) / tick).floor() * tick;
        let fill = execution(Phase::Filled, Side::Long, expected, limit, spread_bps);
        assert_eq!(plugin.check(&ctx, &fill).unwrap(), ALLOW, "{expected}");
    }
}
