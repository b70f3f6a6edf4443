//! Exit plans: which level goes first, and at what price.

use super::*;

/// Enters 10 at 100.05 (long) or 99.95 (short), gives one bar, and says price and reason of the exit.
fn one(side: Side, plan: ExitPlan, bar: (f64, f64, f64, f64)) -> Option<(f64, ExitReason)> {
    let mut rig = Rig::at_100();
    rig.enter(side, Some(plan));
    let events = rig.bar(bar.0, bar.1, bar.2, bar.3);
    fills(&events).first().map(|fill| {
        let Purpose::Exit(reason) = fill.purpose else { panic!("{fill:?}") };
        assert!(!fill.maker);
        near(fill.fee_usd, fill.quantity * fill.price * 5e-4);
        ((fill.price * 1e6).round() / 1e6, reason)
    })
}

#[test]
fn stops_and_targets_are_pessimistic() {
    // Long: stop 98.049, target 104.052. Short: stop 101.949, target 95.952. Each exit pays half a tick.
    let (stop, target) = (ExitReason::StopLoss, ExitReason::TakeProfit);
    let table = [
        ("nothing", Side::Long, (100.0, 104.0, 98.1, 100.0), None),
        ("stop", Side::Long, (100.0, 101.0, 98.0, 100.0), Some((97.999, stop))),
        ("a touch stops", Side::Long, (100.0, 101.0, 100.05 * (1.0 - 0.02), 100.0), Some((97.999, stop))),
        ("both: the stop goes first", Side::Long, (100.0, 110.0, 98.0, 100.0), Some((97.999, stop))),
        ("gap through the stop", Side::Long, (95.0, 110.0, 94.0, 100.0), Some((94.95, stop))),
        ("target", Side::Long, (100.0, 104.1, 99.0, 100.0), Some((104.002, target))),
        ("a touch is not enough for a target", Side::Long, (100.0, 100.05 * (1.0 + 0.04), 99.0, 100.0), None),
        ("a gap over the target is no gift", Side::Long, (106.0, 107.0, 105.0, 106.0), Some((104.002, target))),
        ("stop", Side::Short, (100.0, 102.0, 99.0, 100.0), Some((101.999, stop))),
        ("both: the stop goes first", Side::Short, (100.0, 102.0, 90.0, 100.0), Some((101.999, stop))),
        ("gap through the stop", Side::Short, (105.0, 106.0, 104.0, 105.0), Some((105.05, stop))),
        ("target", Side::Short, (100.0, 101.0, 95.0, 100.0), Some((96.002, target))),
    ];
    for (what, side, bar, want) in table {
        assert_eq!(one(side, PLAN, bar), want, "{what} {side}");
    }
}

#[test]
fn the_slippage_of_an_exit_is_counted_from_its_level() {
    let mut rig = Rig::at_100();
    rig.enter(Side::Long, Some(PLAN));
    let fill = fills(&rig.bar(95.0, 95.0, 94.0, 95.0))[0];
    near(fill.expected_price, 100.05 * 0.98);
    near(fill.slippage_bps, (98.049 - 94.95) / 98.049 * 1e4);
    assert_eq!(fill.correlation, 1001, "that of the order that opened it");
}

#[test]
fn the_bar_of_the_entry_can_stop_it_out() {
    let enter = |plan: OrderPlan, bar: (f64, f64, f64, f64)| {
        let mut rig = Rig::at_100();
        let request = OrderRequest { exits: Some(PLAN), ..rig.request(Side::Long, plan) };
        rig.submit(request).unwrap();
        let events = rig.bar(bar.0, bar.1, bar.2, bar.3);
        closed(&events).first().map(|c| c.reason)
    };
    // A market order was in from the open: both levels count.
    assert_eq!(enter(OrderPlan::MARKET, (100.0, 101.0, 97.0, 100.0)), Some(ExitReason::StopLoss));
    assert_eq!(enter(OrderPlan::MARKET, (100.0, 105.0, 99.0, 100.0)), Some(ExitReason::TakeProfit));
    // A limit came in on the way down: the high may have been before.
    let resting = limit(OrderType::Limit, 0.0);
    assert_eq!(enter(resting, (100.0, 101.0, 97.0, 100.0)), Some(ExitReason::StopLoss));
    assert_eq!(enter(resting, (100.0, 105.0, 99.0, 100.0)), None);
}

#[test]
fn a_trailing_stop_follows_closes_and_only_in_profit() {
    let mut rig = Rig::at_100();
    rig.enter(Side::Long, Some(ExitPlan { take_profit: 1.0, trail: Some(0.01), ..PLAN }));
    let stop = |rig: &Rig| rig.venue.position(0).unwrap().stop_price.unwrap();
    near(stop(&rig), 98.049);
    // The high of a bar is not a close: 106 does not move it, 103 does.
    rig.bar(100.0, 106.0, 100.0, 103.0);
    near(stop(&rig), 103.0 * 0.99);
    rig.bar(103.0, 103.0, 102.5, 102.5);
    near(stop(&rig), 101.97);
    // A new plan keeps the best close.
    rig.venue.set_exits(0, ExitPlan { take_profit: 0.5, trail: Some(0.01), ..PLAN }).unwrap();
    near(stop(&rig), 101.97);
    near(rig.venue.positions().risk_usd[0], 0.0);
    let events = rig.bar(102.5, 102.5, 101.0, 101.0);
    near(fills(&events)[0].price, 101.97 * (1.0 - 0.05 / 101.97));
    assert_eq!(closed(&events)[0].reason, ExitReason::TrailingStop);

    let mut rig = Rig::at_100();
    rig.enter(Side::Short, Some(ExitPlan { take_profit: 0.9, trail: Some(0.01), ..PLAN }));
    near(stop(&rig), 99.95 * 1.02);
    rig.bar(100.0, 101.0, 100.0, 101.0);
    near(stop(&rig), 99.95 * 1.02);
    rig.bar(100.0, 100.0, 97.0, 97.0);
    near(stop(&rig), 97.97);
}

#[test]
fn a_share_is_closed_at_the_target_and_the_rest_cannot_lose() {
    let mut rig = Rig::at_100();
    rig.enter(Side::Long, Some(ExitPlan { trail: Some(0.03), partial: Some(0.4), ..PLAN }));
    let events = rig.bar(100.0, 104.2, 100.0, 104.2);
    let fill = fills(&events)[0];
    assert_eq!((fill.quantity, fill.purpose), (4.0, Purpose::Exit(ExitReason::PartialTarget)));
    near(fill.price, 104.002);
    assert!(!fill.position_closed);
    let rest = rig.venue.position(0).unwrap();
    assert_eq!((rest.quantity, rest.target_price), (6.0, None));
    near(rest.stop_price.unwrap(), 104.2 * 0.97);
    // Another plan with the same share does not close it again; one without a share closes the rest at its target.
    rig.venue.set_exits(0, ExitPlan { partial: Some(0.4), ..PLAN }).unwrap();
    near(rig.venue.position(0).unwrap().stop_price.unwrap(), 100.05);
    assert_eq!(rig.bar(104.2, 110.0, 104.2, 104.2), []);
    rig.venue.set_exits(0, PLAN).unwrap();
    near(rig.venue.position(0).unwrap().target_price.unwrap(), 104.052);
    rig.venue.set_exits(0, ExitPlan { partial: Some(0.4), ..PLAN }).unwrap();
    let events = rig.bar(104.2, 104.2, 99.0, 99.0);
    assert_eq!(closed(&events)[0].reason, ExitReason::BreakEven);
    near(fills(&events)[0].price, 100.0);
    assert!(closed(&events)[0].pnl_usd > 0.0);
}

#[test]
fn shares_at_the_edges() {
    let after = |partial: f64| {
        let mut rig = Rig::at_100();
        rig.enter(Side::Long, Some(ExitPlan { partial: Some(partial), ..PLAN }));
        let events = rig.bar(100.0, 105.0, 100.0, 105.0);
        (closed(&events).first().map(|c| c.reason), rig.venue.position(0).and_then(|p| p.stop_price))
    };
    assert_eq!(after(1.0), (Some(ExitReason::TakeProfit), None));
    // Nothing to close, and still: at the target the stop goes to the entry.
    assert_eq!(after(0.0), (None, Some(100.05)));
    assert_eq!(after(0.00001), (None, Some(100.05)));
}

#[test]
fn a_position_is_closed_when_its_time_is_up() {
    let mut rig = Rig::at_100();
    let plan = ExitPlan { max_hold_ms: Some(180_000), ..PLAN };
    let opened = rig.enter(Side::Long, Some(plan)).time_ms;
    rig.bar(100.0, 100.0, 100.0, 100.0);
    assert_eq!(rig.bar(100.0, 100.0, 100.0, 100.0), []);
    let events = rig.bar(101.0, 103.0, 99.0, 100.0);
    let end = closed(&events)[0];
    assert_eq!((end.reason, end.time_ms, end.held_ms), (ExitReason::MaxHold, opened + 180_000, 180_000));
    near(end.exit_price, 100.95);
}

#[test]
fn a_stop_that_finds_no_volume_goes_on_at_the_next_open() {
    let mut rig = Rig::at_100();
    rig.enter(Side::Long, Some(PLAN));
    let events = rig.thin(100.0, 100.0, 97.0, 97.0, 40.0);
    assert_eq!(fills(&events)[0].quantity, 4.0);
    assert!(rig.venue.position(0).unwrap().closing);
    // It is on its way out: neither target nor stop starts another exit.
    let events = rig.thin(96.0, 110.0, 90.0, 96.0, 40.0);
    assert_eq!(fills(&events).iter().map(|f| (f.quantity, f.price)).collect::<Vec<_>>(), [(4.0, 95.95)]);
    let events = rig.bar(101.0, 101.0, 101.0, 101.0);
    assert_eq!((fills(&events)[0].quantity, closed(&events)[0].reason), (2.0, ExitReason::StopLoss));
    near(closed(&events)[0].exit_price, (4.0 * 97.999 + 4.0 * 95.95 + 2.0 * 100.95) / 10.0);
}

#[test]
fn adding_to_a_position_does_not_loosen_its_stop() {
    let mut rig = Rig::at_100();
    rig.enter(Side::Long, Some(PLAN));
    rig.bar(99.0, 99.0, 99.0, 99.0);
    let add = OrderRequest { decision_price: 99.0, exits: Some(PLAN), ..rig.request(Side::Long, OrderPlan::MARKET) };
    rig.submit(add).unwrap();
    rig.bar(99.0, 99.0, 99.0, 99.0);
    let position = rig.venue.position(0).unwrap();
    near(position.entry_price, (100.05 + 99.05) / 2.0);
    near(position.stop_price.unwrap(), 98.049);
    near(position.target_price.unwrap(), 99.55 * 1.04);
    // On purpose it can be loosened: whether that is allowed was decided by the hook.
    rig.venue.set_exits(0, ExitPlan { stop_loss: 0.1, ..PLAN }).unwrap();
    near(rig.venue.position(0).unwrap().stop_price.unwrap(), 99.55 * 0.9);
    assert_eq!(rig.venue.set_exits(0, ExitPlan { stop_loss: -0.1, ..PLAN }), Err(Reject::BadExits));
    assert_eq!(rig.venue.set_exits(1, PLAN), Err(Reject::NoPosition));
    assert_eq!(rig.venue.set_exits(9, PLAN), Err(Reject::UnknownSymbol));
}

#[test]
fn a_position_without_exits_gets_them_later() {
    let mut rig = Rig::at_100();
    rig.enter(Side::Long, None);
    assert_eq!(rig.bar(100.0, 120.0, 90.0, 100.0), []);
    rig.venue.set_exits(0, PLAN).unwrap();
    near(rig.venue.positions().risk_usd[0], 10.0 * 100.05 * 0.02);
    assert_eq!(closed(&rig.bar(100.0, 100.0, 97.0, 97.0))[0].reason, ExitReason::StopLoss);
}

#[test]
fn a_gap_in_the_data_does_not_hide_a_stop() {
    let mut rig = Rig::at_100();
    rig.enter(Side::Long, Some(PLAN));
    for _ in 0..30 {
        rig.gap();
    }
    near(fills(&rig.bar(97.0, 99.0, 97.0, 99.0))[0].price, 96.95);
}
