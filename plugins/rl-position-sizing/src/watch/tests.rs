use super::*;
use crate::testkit::{Desk, MINUTE_MS};
use bulkhead_sdk::testing;

const WAIT_MS: u64 = 30 * MINUTE_MS;

fn state() -> StateId {
    StateId::of_number(7).unwrap()
}

fn observe(watch: &mut Watch, desk: &Desk) -> Vec<(StateId, Outcome)> {
    watch.observe(desk.now_ms, WAIT_MS, &desk.account(), &desk.exposures())
}

/// A decision on symbol 0, a minute ago.
fn decided(watch: &mut Watch, desk: &mut Desk, side: Side) {
    observe(watch, desk);
    watch.decide(desk.now_ms, &Candidate { side, ..testing::candidate() }, state());
    desk.now_ms += MINUTE_MS;
}

fn outcome(profit: f64, drawdown: f64, minutes: u64) -> Outcome {
    Outcome::new(profit, drawdown, minutes * MINUTE_MS).unwrap()
}

#[track_caller]
fn assert_near(got: &[(StateId, Outcome)], want: Outcome) {
    assert_eq!(got.len(), 1, "{got:?}");
    assert_eq!(got[0].0, state());
    for share in [0.0, 0.5, 1.0] {
        assert!((got[0].1.reward(share) - want.reward(share)).abs() < 1e-9, "{got:?} {want:?}");
    }
}

#[test]
fn a_trade_is_followed_to_its_end() {
    for (usd, side) in [(2_000.0, Side::Long), (-2_000.0, Side::Short)] {
        let (mut watch, mut desk) = (Watch::default(), Desk::new());
        decided(&mut watch, &mut desk, side);
        desk.held.insert(0, usd);
        // Up by 80, down to 20: then closed at 100 in all.
        for by in [0.0, 80.0, -60.0] {
            desk.moves(0, by / desk.held[&0]);
            assert_eq!(observe(&mut watch, &desk), []);
            desk.now_ms += 10 * MINUTE_MS;
        }
        desk.equity_usd += 80.0;
        desk.held.clear();
        assert_near(&observe(&mut watch, &desk), outcome(0.05, 0.03, 31));
        assert_eq!(observe(&mut watch, &desk), [], "once");
    }
}

#[test]
fn the_outcome_is_per_unit_of_notional_whoever_chose_the_size() {
    for usd in [10.0, 500.0, 20_000.0] {
        let (mut watch, mut desk) = (Watch::default(), Desk::new());
        decided(&mut watch, &mut desk, Side::Long);
        desk.held.insert(0, usd);
        observe(&mut watch, &desk);
        desk.moves(0, -0.025);
        desk.held.clear();
        assert_near(&observe(&mut watch, &desk), outcome(-0.025, 0.025, 1));
    }
}

#[test]
fn other_positions_do_not_disturb_it() {
    let (mut watch, mut desk) = (Watch::default(), Desk::new());
    desk.held.extend([(1, 4_000.0), (2, -3_000.0)]);
    decided(&mut watch, &mut desk, Side::Long);
    desk.held.insert(0, 1_000.0);
    observe(&mut watch, &desk);
    for (symbol, by) in [(0, 0.04), (1, -0.05), (2, 0.03)] {
        desk.moves(symbol, by);
    }
    desk.held.remove(&0);
    assert_near(&observe(&mut watch, &desk), outcome(0.04, 0.0, 1));
}

#[test]
fn an_order_that_was_never_filled_teaches_nothing() {
    let (mut watch, mut desk) = (Watch::default(), Desk::new());
    decided(&mut watch, &mut desk, Side::Long);
    desk.working.insert(0, 1_000.0);
    assert_eq!(observe(&mut watch, &desk), []);
    desk.working.clear();
    desk.equity_usd -= 50.0;
    assert_eq!(observe(&mut watch, &desk), []);
    assert!(watch.trades.is_empty());
    // Filled, it does.
    decided(&mut watch, &mut desk, Side::Long);
    desk.working.insert(0, 1_000.0);
    observe(&mut watch, &desk);
    desk.held.append(&mut desk.working);
    observe(&mut watch, &desk);
    desk.moves(0, 0.02);
    desk.held.clear();
    assert_near(&observe(&mut watch, &desk), outcome(0.02, 0.0, 1));
}

#[test]
fn a_decision_that_led_to_nothing_is_forgotten() {
    let (mut watch, mut desk) = (Watch::default(), Desk::new());
    decided(&mut watch, &mut desk, Side::Long);
    desk.now_ms += WAIT_MS - MINUTE_MS;
    observe(&mut watch, &desk);
    assert_eq!(watch.trades.len(), 1);
    desk.now_ms += 1;
    observe(&mut watch, &desk);
    assert!(watch.trades.is_empty());
    // Nor is a position of the other side, or one that was there before, ours.
    decided(&mut watch, &mut desk, Side::Short);
    desk.held.insert(0, 1_000.0);
    observe(&mut watch, &desk);
    assert!(watch.trades.iter().all(|trade| trade.position.is_none()));
    watch.forget();
    decided(&mut watch, &mut desk, Side::Long);
    assert!(watch.trades.is_empty());
}

#[test]
fn an_unknown_profit_teaches_nothing() {
    let (mut watch, mut desk) = (Watch::default(), Desk::new());
    decided(&mut watch, &mut desk, Side::Long);
    desk.held.insert(0, 1_000.0);
    observe(&mut watch, &desk);
    desk.held.clear();
    desk.equity_usd = f64::NAN;
    assert_eq!(observe(&mut watch, &desk), []);
    assert!(watch.trades.is_empty());
}

#[test]
fn time_that_goes_back_and_rows_that_cannot_be_end_all_watching() {
    for spoil in [
        |desk: &mut Desk| desk.now_ms -= 2 * MINUTE_MS,
        |desk: &mut Desk| {
            desk.held.insert(9, f64::NAN);
        },
    ] as [fn(&mut Desk); 2]
    {
        let (mut watch, mut desk) = (Watch::default(), Desk::new());
        decided(&mut watch, &mut desk, Side::Long);
        desk.held.insert(0, 1_000.0);
        observe(&mut watch, &desk);
        spoil(&mut desk);
        assert_eq!(observe(&mut watch, &desk), []);
        assert!(watch.trades.is_empty());
        desk.held.clear();
        desk.equity_usd -= 100.0;
        assert_eq!(observe(&mut watch, &desk), []);
    }
}

#[test]
fn what_is_remembered_is_bounded() {
    let (mut watch, mut desk) = (Watch::default(), Desk::new());
    observe(&mut watch, &desk);
    for symbol in 0..10_000 {
        watch.decide(desk.now_ms, &Candidate { symbol, ..testing::candidate() }, state());
    }
    assert_eq!(watch.trades.len(), MOST_TRADES);
    desk.now_ms += WAIT_MS + 1;
    observe(&mut watch, &desk);
    assert!(watch.trades.is_empty());
}
