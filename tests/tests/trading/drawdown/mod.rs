//! The drawdown limits on the paper venue: what they cancel and close, what a release does, and what a restart keeps.

mod restart;
mod stand;

use bulkhead_executor::venue::Venue;
use bulkhead_journal::Filter;
use bulkhead_policy::{Brake, Side, hooks::order_type::OrderPlan, trade::OrderType};

use stand::{Host, MINUTE, NOON, START_USD, fall, long, market, order, resting};

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
