//! Each order type: where it fills, at what price, for what fee.

use super::*;

/// Submits 10 of symbol 0 decided at 100, then gives the bars and says what filled: bar, quantity, price, maker.
fn run(side: Side, plan: OrderPlan, bars: &[(f64, f64, f64, f64, f64)]) -> Vec<(usize, f64, f64, bool)> {
    let mut rig = Rig::at_100();
    let request = rig.request(side, plan);
    rig.submit(request).unwrap();
    let mut seen = Vec::new();
    for (n, (open, high, low, close, volume)) in bars.iter().enumerate() {
        for fill in fills(&rig.thin(*open, *high, *low, *close, *volume)) {
            assert_eq!((fill.order, fill.correlation, fill.owner, fill.symbol), (1, 1001, 7, 0));
            assert_eq!((fill.side, fill.purpose, fill.realized_usd), (side, Purpose::Entry, 0.0));
            let rate = if fill.maker { 2e-4 } else { 5e-4 };
            near(fill.fee_usd, fill.quantity * fill.price * rate);
            near(fill.slippage_bps, (fill.price / 100.0 - 1.0) * 1e4 * side.sign());
            seen.push((n, fill.quantity, (fill.price * 1e6).round() / 1e6, fill.maker));
        }
    }
    seen
}

const BIG: f64 = 1e6;

#[test]
fn market_orders_take_the_next_open_and_half_a_tick() {
    let up = (101.0, 103.0, 99.0, 102.0, BIG);
    assert_eq!(run(Side::Long, OrderPlan::MARKET, &[up, up]), [(0, 10.0, 101.05, false)]);
    assert_eq!(run(Side::Short, OrderPlan::MARKET, &[up, up]), [(0, 10.0, 100.95, false)]);
}

#[test]
fn a_market_order_takes_a_tenth_of_the_volume_and_goes_on() {
    let bar = |open, volume| (open, open, open, open, volume);
    let bars = [bar(100.0, 40.0), bar(101.0, 0.0), bar(102.0, 55.559), bar(103.0, BIG)];
    let want = [(0, 4.0, 100.05, false), (2, 5.555, 102.05, false), (3, 0.445, 103.05, false)];
    assert_eq!(run(Side::Long, OrderPlan::MARKET, &bars), want);
}

#[test]
fn a_limit_fills_only_when_traded_through_and_at_its_own_price() {
    // The touch of a buy at 100 is 99.95: half a tick below, rounded down to 99.9.
    let table = [
        ("not reached", (100.0, 101.0, 99.95, 100.0), None),
        ("touched is not through", (100.0, 101.0, 99.9, 100.0), None),
        ("through", (100.0, 101.0, 99.8, 100.0), Some((99.9, true))),
        ("arrives behind the market: takes", (99.0, 99.5, 98.0, 99.0), Some((99.05, false))),
        ("takes, but never over its limit", (99.89, 99.9, 98.0, 99.0), Some((99.9, false))),
    ];
    for (what, (open, high, low, close), want) in table {
        let got = run(Side::Long, limit(OrderType::Limit, 0.0), &[(open, high, low, close, BIG)]);
        assert_eq!(got, want.map(|(price, maker)| (0, 10.0, price, maker)).into_iter().collect::<Vec<_>>(), "{what}");
    }
    // A sell is the mirror image, 20 bps behind: 100.05 x 1.002 = 100.2501, rounded up.
    let sell = limit(OrderType::Limit, 20.0);
    assert_eq!(run(Side::Short, sell, &[(100.0, 100.3, 99.0, 100.0, BIG)]), []);
    assert_eq!(run(Side::Short, sell, &[(100.0, 100.4, 99.0, 100.0, BIG)]), [(0, 10.0, 100.3, true)]);
}

#[test]
fn a_resting_limit_keeps_its_price_when_the_market_gaps_through() {
    let bars = [(100.0, 101.0, 99.95, 100.0, BIG), (95.0, 95.0, 94.0, 95.0, BIG)];
    assert_eq!(run(Side::Long, limit(OrderType::Limit, 0.0), &bars), [(1, 10.0, 99.9, true)]);
}

#[test]
fn a_limit_fills_in_parts() {
    let through = (100.0, 101.0, 99.0, 100.0, 60.0);
    let bars = [through, (100.0, 101.0, 100.0, 100.0, BIG), through];
    let want = [(0, 6.0, 99.9, true), (2, 4.0, 99.9, true)];
    assert_eq!(run(Side::Long, limit(OrderType::Limit, 0.0), &bars), want);
}

#[test]
fn a_post_only_order_rests_or_is_dropped() {
    let plan = limit(OrderType::PostOnly, 0.0);
    assert_eq!(run(Side::Long, plan, &[(100.0, 101.0, 99.0, 100.0, BIG)]), [(0, 10.0, 99.9, true)]);

    let mut rig = Rig::at_100();
    let request = rig.request(Side::Long, plan);
    rig.submit(request).unwrap();
    let events = rig.bar(99.0, 99.0, 98.0, 98.0);
    assert!(matches!(
        events[..],
        [VenueEvent::Rejected { reason: Reject::PostOnlyWouldTake, order: Unfilled { order: 1, remaining: 10.0, .. } }]
    ));
    assert_eq!((rig.venue.working().len(), rig.quantity()), (0, 0.0));
}

#[test]
fn an_iceberg_shows_one_slice_a_bar() {
    let plan = OrderPlan { slices: 3, ..limit(OrderType::Iceberg, 0.0) };
    let through = (100.0, 101.0, 99.0, 100.0, BIG);
    let want = [(0, 3.333, 99.9, true), (1, 3.333, 99.9, true), (2, 3.333, 99.9, true), (3, 0.001, 99.9, true)];
    assert_eq!(run(Side::Long, plan, &[through; 5]), want);
    // A slice that the bar has no volume for is finished before the next one shows.
    let want = [(0, 2.0, 99.9, true), (1, 1.333, 99.9, true), (2, 2.0, 99.9, true)];
    let thin = (100.0, 101.0, 99.0, 100.0, 20.0);
    assert_eq!(run(Side::Long, plan, &[thin; 3]), want);
}

#[test]
fn a_twap_goes_out_over_its_time() {
    let plan = OrderPlan { order_type: OrderType::Twap, limit_offset_bps: 0.0, slices: 4, duration_ms: 480_000 };
    let bars: Vec<_> = (0..10).map(|n| 100.0 + f64::from(n)).map(|p| (p, p, p, p, BIG)).collect();
    let want = [(0, 2.5, 100.05, false), (2, 2.5, 102.05, false), (4, 2.5, 104.05, false), (6, 2.5, 106.05, false)];
    assert_eq!(run(Side::Long, plan, &bars), want);
    // A child that found no volume goes out with the next one.
    let mut thin = bars.clone();
    thin[2].4 = 0.0;
    thin[3].4 = 0.0;
    let want = [(0, 2.5, 100.05, false), (4, 5.0, 104.05, false), (6, 2.5, 106.05, false)];
    assert_eq!(run(Side::Long, plan, &thin), want);
    // Without a duration there is one moment.
    assert_eq!(run(Side::Long, OrderPlan { duration_ms: 0, ..plan }, &bars), [(0, 10.0, 100.05, false)]);
}

#[test]
fn no_child_is_smaller_than_the_smallest_order() {
    let mut rig = Rig::at_100();
    // 10 units are 1000 USD: 100 slices of 10 USD, but 0.2 units are four times 5 USD at most.
    let plan = OrderPlan { slices: 100, ..limit(OrderType::Iceberg, 0.0) };
    let whole = rig.request(Side::Long, plan);
    assert_eq!(rig.submit(whole).unwrap().children, 100);
    let small = OrderRequest { quantity: 0.2, ..rig.request(Side::Long, plan) };
    let ack = rig.submit(small).unwrap();
    assert_eq!((ack.children, ack.limit_price), (3, Some(99.9)));
}

#[test]
fn the_impact_of_size_is_paid_by_takers() {
    let slippage = SlippageConfig { half_spread_ticks: 0.5, impact_bps: 100.0, exponent: 1.0, max_impact_bps: 50.0 };
    let mut rig = Rig::with(VenueConfig { slippage, ..config() }, FundingSchedule::none());
    rig.flat(100.0);
    let request = rig.request(Side::Long, OrderPlan::MARKET);
    rig.submit(request).unwrap();
    // 1000 USD of a minute of 20,000: 5 % of 100 bps, and 5 bps of spread.
    let fill = fills(&rig.thin(100.0, 100.0, 100.0, 100.0, 200.0))[0];
    near(fill.price, 100.1);
    near(fill.slippage_bps, 10.0);
}

#[test]
fn orders_wait_through_gaps_and_expire_by_bars() {
    let mut rig = Rig::at_100();
    let request = rig.request(Side::Long, limit(OrderType::Limit, 100.0));
    rig.submit(request).unwrap();
    let other = OrderRequest { symbol: 1, ..rig.request(Side::Long, limit(OrderType::Limit, 100.0)) };
    rig.submit(other).unwrap();
    for _ in 0..9 {
        assert_eq!(rig.bar(100.0, 100.0, 100.0, 100.0), []);
    }
    rig.gap();
    assert_eq!(rig.venue.working().len(), 2);
    let events = rig.bar(100.0, 100.0, 100.0, 100.0);
    let VenueEvent::Expired(unfilled) = events[0] else { panic!("{events:?}") };
    assert_eq!((unfilled.order, unfilled.filled, unfilled.remaining), (1, 0.0, 10.0));
    assert_eq!(unfilled.time_ms, rig.next_ms);
    // Symbol 1 had no bar: its order has not aged.
    assert_eq!(rig.venue.working().iter().map(|o| (o.id, o.bars_left)).collect::<Vec<_>>(), [(2, Some(10))]);
    assert_eq!(rig.venue.account().used_margin_usd, 10.0 * 98.9 / 5.0);
}

#[test]
fn lives_of_slices_and_twaps_are_counted_from_the_slice() {
    let mut rig = Rig::at_100();
    let iceberg = OrderPlan { slices: 2, ..limit(OrderType::Iceberg, 0.0) };
    let request = rig.request(Side::Long, iceberg);
    rig.submit(request).unwrap();
    for _ in 0..5 {
        rig.bar(100.0, 100.0, 100.0, 100.0);
    }
    assert_eq!(fills(&rig.bar(100.0, 100.0, 99.0, 100.0)).len(), 1);
    for _ in 0..9 {
        assert_eq!(rig.bar(100.0, 100.0, 100.0, 100.0), []);
    }
    assert!(matches!(rig.bar(100.0, 100.0, 100.0, 100.0)[..], [VenueEvent::Expired(_)]));

    // The last child goes out in the 30th minute; until then only volume can be missing.
    let twap = OrderPlan { order_type: OrderType::Twap, limit_offset_bps: 0.0, slices: 2, duration_ms: 3_600_000 };
    let request = rig.request(Side::Long, twap);
    rig.submit(request).unwrap();
    let mut expired = None;
    for n in 0..60 {
        for event in rig.thin(100.0, 100.0, 100.0, 100.0, 0.0) {
            assert!(matches!(event, VenueEvent::Expired(_)));
            expired = Some(n);
        }
    }
    assert_eq!(expired, Some(39));
}

#[test]
fn an_order_is_never_filled_by_a_bar_that_was_over_before_it() {
    let mut rig = Rig::at_100();
    let request = rig.request(Side::Long, OrderPlan::MARKET);
    // The feed is three minutes late: the bars that now come were over when the order was made.
    rig.venue.submit(request, rig.next_ms + 3 * MIN).unwrap();
    for _ in 0..3 {
        assert_eq!(rig.bar(90.0, 90.0, 90.0, 90.0), []);
    }
    near(fills(&rig.bar(100.0, 100.0, 100.0, 100.0))[0].price, 100.05);
}

#[test]
fn a_slice_that_comes_twice_changes_nothing() {
    let mut rig = Rig::at_100();
    rig.enter(Side::Long, None);
    let before = (rig.venue.account(), rig.venue.positions().clone());
    rig.next_ms -= MIN;
    assert_eq!(rig.bar(50.0, 50.0, 50.0, 50.0), []);
    assert_eq!((rig.venue.account(), rig.venue.positions().clone()), before);
}

#[test]
fn cancelling_gives_one_event_and_frees_the_margin() {
    let mut rig = Rig::at_100();
    for _ in 0..2 {
        let request = rig.request(Side::Long, limit(OrderType::Limit, 100.0));
        rig.submit(request).unwrap();
    }
    assert_eq!(rig.venue.account().used_margin_usd, 2.0 * 10.0 * 98.9 / 5.0);
    let events = rig.venue.cancel(1, T0).to_vec();
    assert!(matches!(
        events[..],
        [VenueEvent::Cancelled { reason: CancelReason::Asked, order: Unfilled { order: 1, .. } }]
    ));
    assert_eq!(rig.venue.cancel(1, T0), []);
    assert_eq!(rig.venue.cancel(99, T0), []);
    assert_eq!(rig.venue.account().used_margin_usd, 10.0 * 98.9 / 5.0);
    assert_eq!(rig.venue.cancel_all(T0).len(), 1);
    assert_eq!(rig.venue.account().used_margin_usd, 0.0);
    assert_eq!(rig.bar(90.0, 90.0, 90.0, 90.0), []);
}
