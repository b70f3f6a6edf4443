//! Positions as they are built and reduced.

use super::*;

#[test]
fn entries_add_up_and_exits_take_away() {
    let mut rig = Rig::at_100();
    rig.enter(Side::Long, Some(PLAN));
    rig.bar(110.0, 110.0, 110.0, 110.0);
    // The target at 104.05 took it; build again without one.
    assert_eq!(rig.quantity(), 0.0);
    let mut rig = Rig::at_100();
    rig.enter(Side::Long, None);
    let add = OrderRequest { leverage_x: 2.0, ..rig.request(Side::Long, OrderPlan::MARKET) };
    rig.submit(add).unwrap();
    rig.bar(102.0, 102.0, 102.0, 102.0);
    let position = rig.venue.position(0).unwrap();
    near(position.entry_price, (100.05 + 102.05) / 2.0);
    near(position.margin_usd, 1000.5 / 5.0 + 1020.5 / 2.0);
    near(position.leverage_x, 2021.0 / (200.1 + 510.25));
    near(position.unrealized_usd, 20.0 * (102.0 - 101.05));
    assert_eq!((position.quantity, position.owner, position.correlation), (20.0, 7, 1001));

    rig.close(0.25).unwrap();
    let events = rig.bar(104.0, 104.0, 104.0, 104.0);
    let fill = fills(&events)[0];
    assert_eq!((fill.quantity, fill.side, fill.purpose), (5.0, Side::Short, Purpose::Exit(ExitReason::Signal)));
    near(fill.price, 103.95);
    near(fill.expected_price, 102.0);
    near(fill.slippage_bps, -(103.95 - 102.0) / 102.0 * 1e4);
    near(fill.realized_usd, 5.0 * (103.95 - 101.05));
    let rest = rig.venue.position(0).unwrap();
    assert_eq!(rest.quantity, 15.0);
    near(rest.margin_usd, position.margin_usd * 0.75);
    near(rest.entry_price, position.entry_price);
    assert_eq!(closed(&events), []);

    rig.close(1.0).unwrap();
    let events = rig.bar(103.0, 103.0, 103.0, 103.0);
    assert!(fills(&events)[0].position_closed);
    let end = closed(&events)[0];
    near(end.quantity, 20.0);
    near(end.entry_price, 101.05);
    near(end.exit_price, (5.0 * 103.95 + 15.0 * 102.95) / 20.0);
    near(end.fees_usd, (1000.5 + 1020.5 + 5.0 * 103.95 + 15.0 * 102.95) * 5e-4);
    near(end.pnl_usd, 20.0 * (end.exit_price - 101.05) - end.fees_usd);
    near(end.r, end.pnl_usd / (200.1 + 510.25));
    assert_eq!((end.reason, end.owner, end.held_ms), (ExitReason::Signal, 7, 3 * MIN));
    near(rig.equity(), 100_000.0 + end.pnl_usd);
    assert_eq!(rig.venue.position(0), None);
    assert!(rig.venue.positions().is_empty() && rig.venue.exposures().is_empty());
}

#[test]
fn closing_is_never_refused_for_size_and_never_doubled() {
    let mut rig = Rig::at_100();
    assert_eq!(rig.close(1.0), Err(Reject::NoPosition));
    rig.enter(Side::Short, None);
    for fraction in [0.0, -1.0, 1.1, f64::NAN] {
        assert_eq!(rig.close(fraction), Err(Reject::BadFraction));
    }
    assert_eq!(rig.close(1e-9).unwrap().quantity, 0.001);
    let whole = rig.close(1.0).unwrap();
    assert!(whole.id >= VENUE_ORDER_IDS && whole.quantity == 10.0);
    assert_eq!(rig.close(0.5), Ok(whole), "it is closing already");
    assert!(rig.venue.position(0).unwrap().closing);
    assert_eq!(rig.venue.working().len(), 2);
    let events = rig.bar(100.0, 100.0, 100.0, 100.0);
    assert_eq!(fills(&events).iter().map(|f| f.quantity).collect::<Vec<_>>(), [0.001, 9.999]);
    assert!(events.iter().any(|e| matches!(
        e,
        VenueEvent::Cancelled { reason: CancelReason::NothingToReduce, order: Unfilled { remaining: 0.001, .. } }
    )));
    assert_eq!((rig.quantity(), rig.venue.working().len()), (0.0, 0));
}

#[test]
fn an_exit_works_until_it_is_filled_and_nothing_is_added_meanwhile() {
    let mut rig = Rig::at_100();
    rig.enter(Side::Long, None);
    rig.close(1.0).unwrap();
    let more = rig.request(Side::Long, OrderPlan::MARKET);
    rig.submit(more).unwrap();
    // 1 unit a bar, and longer than an entry would live.
    for left in (0..10).rev() {
        let events = rig.thin(100.0, 100.0, 100.0, 100.0, 10.0);
        assert_eq!(fills(&events)[0].remaining, f64::from(left));
        // A closed position makes room for the entry that waited for it, with the volume that entries have.
        assert_eq!(fills(&events).len(), if left == 0 { 2 } else { 1 });
    }
    assert_eq!(rig.quantity(), 1.0);
    assert_eq!(rig.venue.cancel_all(T0).len(), 0, "the entry had its ten bars and expired");
}

#[test]
fn closing_ends_the_rest_of_the_entry() {
    let mut rig = Rig::at_100();
    let request = rig.request(Side::Long, OrderPlan::MARKET);
    rig.submit(request).unwrap();
    rig.thin(100.0, 100.0, 100.0, 100.0, 40.0);
    rig.close(1.0).unwrap();
    let events = rig.bar(100.0, 100.0, 100.0, 100.0);
    assert!(matches!(
        events[0],
        VenueEvent::Cancelled { reason: CancelReason::PositionClosed, order: Unfilled { order: 1, filled: 4.0, .. } }
    ));
    assert_eq!((closed(&events).len(), rig.quantity(), rig.venue.working().len()), (1, 0.0, 0));
}

#[test]
fn liquidation_ends_the_rest_of_the_entry_too() {
    let mut rig = Rig::at_100();
    let request = rig.request(Side::Long, OrderPlan::MARKET);
    rig.submit(request).unwrap();
    rig.thin(100.0, 100.0, 100.0, 100.0, 40.0);
    let events = rig.bar(50.0, 50.0, 50.0, 50.0);
    assert_eq!(closed(&events)[0].reason, ExitReason::Liquidation);
    assert!(matches!(events[2], VenueEvent::Cancelled { reason: CancelReason::PositionClosed, .. }));
    assert_eq!((fills(&events).len(), rig.quantity(), rig.venue.working().len()), (0, 0.0, 0));
}

#[test]
fn a_close_that_is_taken_back_can_be_asked_again() {
    let mut rig = Rig::at_100();
    rig.enter(Side::Long, None);
    let first = rig.close(1.0).unwrap();
    assert_eq!(rig.venue.cancel(first.id, T0).len(), 1);
    assert!(!rig.venue.position(0).unwrap().closing);
    assert_eq!(rig.bar(100.0, 100.0, 100.0, 100.0), []);
    assert_ne!(rig.close(1.0).unwrap().id, first.id);
    assert_eq!(closed(&rig.bar(100.0, 100.0, 100.0, 100.0)).len(), 1);
}

#[test]
fn a_bar_that_enlarges_a_position_inside_does_not_also_sell_it_at_the_top() {
    let mut rig = Rig::at_100();
    rig.enter(Side::Long, None);
    let add = rig.request(Side::Long, limit(OrderType::Limit, 0.0));
    rig.submit(add).unwrap();
    let out = OrderRequest { reduce_only: true, ..rig.request(Side::Short, limit(OrderType::Limit, 100.0)) };
    rig.submit(out).unwrap();
    let wide = |rig: &mut Rig| fills(&rig.bar(100.0, 102.0, 99.0, 100.0)).iter().map(|f| f.order).collect::<Vec<_>>();
    assert_eq!(wide(&mut rig), [2]);
    assert_eq!(wide(&mut rig), [3]);
}

#[test]
fn the_risk_of_a_stop_behind_the_liquidation_is_the_margin() {
    let mut rig = Rig::at_100();
    rig.enter(Side::Long, Some(ExitPlan { stop_loss: 0.4, ..PLAN }));
    near(rig.venue.positions().risk_usd[0], 200.1);
    near(rig.venue.positions().r[0], -0.05 / 20.01);
}

#[test]
fn the_brake_cancels_entries_and_leaves_exits() {
    let mut rig = Rig::at_100();
    rig.enter(Side::Long, None);
    let add = rig.request(Side::Long, limit(OrderType::Limit, 100.0));
    rig.submit(add).unwrap();
    let out = OrderRequest { reduce_only: true, ..rig.request(Side::Short, limit(OrderType::Limit, 100.0)) };
    rig.submit(out).unwrap();
    let ids = |events: &[VenueEvent]| -> Vec<u64> {
        let id = |e: &VenueEvent| if let VenueEvent::Cancelled { order, .. } = e { Some(order.order) } else { None };
        events.iter().filter_map(id).collect()
    };
    assert_eq!(ids(rig.venue.cancel_all(T0)), [2]);
    assert_eq!(rig.venue.working().iter().map(|o| o.id).collect::<Vec<_>>(), [3]);
    // 100.05 x 1.01 = 101.0505, up to the tick.
    let events = rig.bar(100.0, 102.0, 100.0, 102.0);
    let fill = fills(&events)[0];
    assert_eq!((fill.price, fill.maker, fill.purpose), (101.1, true, Purpose::Exit(ExitReason::Order)));
    near(fill.fee_usd, 1011.0 * 2e-4);
    assert_eq!(closed(&events)[0].reason, ExitReason::Order);
}

#[test]
fn two_entries_on_both_sides_do_not_flip_a_position() {
    let mut rig = Rig::at_100();
    let buy = rig.request(Side::Long, limit(OrderType::Limit, 0.0));
    rig.submit(buy).unwrap();
    let sell = rig.request(Side::Short, limit(OrderType::Limit, 0.0));
    rig.submit(sell).unwrap();
    let events = rig.bar(100.0, 101.0, 99.0, 100.0);
    assert_eq!(fills(&events).len(), 1);
    assert!(matches!(
        events[1],
        VenueEvent::Rejected { reason: Reject::OppositePosition, order: Unfilled { order: 2, .. } }
    ));
    assert_eq!(rig.quantity(), 10.0);
}

#[test]
fn columns_show_what_hooks_need() {
    let mut rig = Rig::at_100();
    rig.enter(Side::Long, Some(PLAN));
    let short = OrderRequest { symbol: 1, quantity: 4.0, exits: None, ..rig.request(Side::Short, OrderPlan::MARKET) };
    rig.submit(short).unwrap();
    rig.flat(100.0);
    rig.both(101.0, 101.0, 101.0, 101.0, 1e6);
    let rows = rig.venue.positions().clone();
    assert_eq!((rows.symbols.as_slice(), rows.quantity.as_slice()), (&[0, 1][..], &[10.0, -4.0][..]));
    assert_eq!(rows.mark_price, [101.0, 101.0]);
    near(rows.entry_price[1], 99.95);
    near(rows.risk_usd[0], 10.0 * 100.05 * 0.02);
    near(rows.risk_usd[1], 4.0 * 99.95 / 5.0);
    near(rows.r[0], 0.95 / (100.05 * 0.02));
    near(rows.r[1], -1.05 / (99.95 / 5.0));
    near(rows.peak_r[0], rows.r[0]);
    assert_eq!(rows.peak_r[1], 0.0);
    assert_eq!(rows.opened_ms[0], u64::try_from(T0 + MIN).unwrap());
    let lean = rig.venue.exposures();
    assert_eq!(lean.size_usd, [1010.0, -404.0]);
    let account = rig.venue.account();
    near(account.gross_exposure_usd, 1414.0);
    near(account.net_exposure_usd, 606.0);
    near(account.used_margin_usd, rows.margin_usd.iter().sum());
    near(account.free_margin_usd, account.equity_usd - account.used_margin_usd);
    near(account.equity_usd, 100_000.0 + 9.5 - 4.2 - (1000.5 + 399.8) * 5e-4);
    rig.both(100.0, 100.0, 100.0, 100.0, 1e6);
    assert!(rig.venue.positions().r[0] < 0.0);
    near(rig.venue.positions().peak_r[0], rows.r[0]);
}
