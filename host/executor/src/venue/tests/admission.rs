//! What is refused, and that a refusal leaves nothing behind.

use super::*;

fn code(rig: &mut Rig, change: impl FnOnce(&mut OrderRequest)) -> &'static str {
    let mut request = rig.request(Side::Long, OrderPlan::MARKET);
    change(&mut request);
    let before = rig.venue.account();
    match rig.submit(request) {
        Ok(_) => "accepted",
        Err(reject) => {
            assert_eq!(rig.venue.account(), before);
            reject.code()
        }
    }
}

#[test]
fn every_reason_has_its_case() {
    type Change = fn(&mut OrderRequest);
    let table: &[(&str, Change)] = &[
        ("unknown-symbol", |r| r.symbol = 2),
        ("bad-quantity", |r| r.quantity = f64::NAN),
        ("bad-quantity", |r| r.quantity = f64::INFINITY),
        ("bad-quantity", |r| r.quantity = 0.0),
        ("bad-quantity", |r| r.quantity = -1.0),
        ("bad-quantity", |r| r.quantity = 0.0005),
        ("bad-quantity", |r| r.quantity = 1.0005),
        ("accepted", |r| r.quantity = 0.1 + 0.2),
        ("bad-price", |r| r.decision_price = f64::NAN),
        ("bad-price", |r| r.decision_price = 0.0),
        ("bad-price", |r| r.decision_price = 1e10),
        ("bad-plan", |r| r.plan.slices = 0),
        ("bad-plan", |r| r.plan.limit_offset_bps = f64::NAN),
        ("bad-plan", |r| r.plan.limit_offset_bps = 501.0),
        ("bad-plan", |r| r.plan.duration_ms = 86_400_001),
        ("bad-exits", |r| r.exits = Some(ExitPlan { stop_loss: f64::NAN, ..PLAN })),
        ("bad-exits", |r| r.exits = Some(ExitPlan { stop_loss: 0.0, ..PLAN })),
        ("bad-exits", |r| r.exits = Some(ExitPlan { take_profit: f64::INFINITY, ..PLAN })),
        ("bad-exits", |r| r.exits = Some(ExitPlan { trail: Some(1.0), ..PLAN })),
        ("bad-exits", |r| r.exits = Some(ExitPlan { partial: Some(1.5), ..PLAN })),
        ("min-notional", |r| r.quantity = 0.049),
        ("accepted", |r| r.quantity = 0.05),
        ("leverage", |r| r.leverage_x = 20.5),
        ("leverage", |r| r.leverage_x = 0.5),
        ("leverage", |r| r.leverage_x = f64::NAN),
        ("accepted", |r| r.leverage_x = 20.0),
        ("price-band", |r| r.decision_price = 89.0),
        ("price-band", |r| r.decision_price = 111.0),
        ("accepted", |r| r.decision_price = 109.0),
        // The decision is 6 % old and the offset 5 % more.
        ("price-band", |r| (r.decision_price, r.plan) = (94.0, limit(OrderType::Limit, 500.0))),
        ("post-only-would-take", |r| (r.decision_price, r.plan) = (101.0, limit(OrderType::PostOnly, 0.0))),
        ("accepted", |r| (r.decision_price, r.plan) = (101.0, limit(OrderType::Limit, 0.0))),
        ("insufficient-margin", |r| r.quantity = 5000.0),
        ("no-position", |r| r.reduce_only = true),
        ("duplicate-id", |r| r.id = VENUE_ORDER_IDS),
    ];
    for (want, change) in table {
        assert_eq!(code(&mut Rig::at_100(), *change), *want);
    }
}

#[test]
fn a_symbol_without_a_price_is_not_traded() {
    assert_eq!(code(&mut Rig::new(), |_| {}), "no-market-price");
}

#[test]
fn an_id_works_once() {
    let mut rig = Rig::at_100();
    rig.enter(Side::Long, None);
    assert_eq!(code(&mut rig, |r| r.id = 1), "duplicate-id", "filled before");
    assert_eq!(code(&mut rig, |r| (r.id, r.leverage_x) = (77, 0.0)), "leverage");
    assert_eq!(code(&mut rig, |r| r.id = 77), "accepted", "a refused order does not use up its id");
    assert_eq!(code(&mut rig, |r| r.id = 77), "duplicate-id");
}

#[test]
fn against_a_position_only_reduce_only_and_with_it_never() {
    let mut rig = Rig::at_100();
    rig.enter(Side::Long, None);
    assert_eq!(code(&mut rig, |r| r.side = Side::Short), "opposite-position");
    assert_eq!(code(&mut rig, |r| r.reduce_only = true), "reduce-only");
    assert_eq!(code(&mut rig, |r| (r.side, r.reduce_only) = (Side::Short, true)), "accepted");
}

#[test]
fn an_exit_is_not_refused_for_what_only_matters_to_entries() {
    type Change = fn(&mut OrderRequest);
    let table: [Change; 6] = [
        |r| r.quantity = 0.001,
        |r| r.leverage_x = f64::NAN,
        |r| r.decision_price = f64::NAN,
        |r| r.decision_price = 1.0,
        |r| r.quantity = 11.0,
        |r| r.plan = limit(OrderType::Limit, 500.0),
    ];
    for change in table {
        let mut rig = Rig::at_100();
        rig.enter(Side::Long, None);
        let mut request = OrderRequest { reduce_only: true, ..rig.request(Side::Short, OrderPlan::MARKET) };
        change(&mut request);
        let ack = rig.submit(request).unwrap();
        assert_eq!(ack.quantity, request.quantity.min(10.0), "cut to the position");
    }
}

#[test]
fn an_instrument_whose_maintenance_eats_the_margin_caps_the_leverage() {
    let rules = Instrument { max_leverage: 125.0, ..instrument("AAA") };
    let venue = PaperVenue::new(config(), &[rules], FundingSchedule::none()).unwrap();
    let mut rig = Rig { venue, next_ms: T0, ids: 0 };
    rig.bar(100.0, 100.0, 100.0, 100.0);
    assert_eq!(code(&mut rig, |r| r.leverage_x = 39.0), "accepted");
    let request = OrderRequest { leverage_x: 40.0, ..rig.request(Side::Long, OrderPlan::MARKET) };
    assert_eq!(rig.submit(request), Err(Reject::Leverage { leverage_x: 40.0, maximum_x: 40.0 }));
}

#[test]
fn an_instrument_that_makes_no_sense_is_named() {
    let made = |rules: Instrument| PaperVenue::new(config(), &[rules], FundingSchedule::none());
    let said = |rules: Instrument| made(rules).unwrap_err().to_string();
    let repair = "repair the exchange information of the symbol or leave the symbol out";
    assert_eq!(said(Instrument { step: 0.0, ..instrument("AAA") }), format!("AAA: step is 0: {repair}"));
    assert_eq!(said(Instrument { tick: f64::NAN, ..instrument("AAA") }), format!("AAA: tick is NaN: {repair}"));
    let bad = Instrument { maintenance_margin_ratio: 1.0, ..instrument("AAA") };
    assert_eq!(said(bad), format!("AAA: maintenance_margin_ratio is 1: {repair}"));
}

#[test]
fn margin_that_is_gone_when_the_order_fills_refuses_it() {
    let mut rig = Rig::at_100();
    // Each alone fits; together they do not, and the second is refused at once.
    let first = OrderRequest { quantity: 3000.0, ..rig.request(Side::Long, OrderPlan::MARKET) };
    rig.submit(first).unwrap();
    let second = OrderRequest { quantity: 3000.0, symbol: 1, ..rig.request(Side::Long, OrderPlan::MARKET) };
    assert_eq!(
        rig.submit(second),
        Err(Reject::InsufficientMargin { needed_usd: 60_000.0 + 150.0, free_usd: 40_000.0 })
    );
    // What fits is accepted, and the market then takes the margin away.
    let second = OrderRequest { quantity: 1990.0, symbol: 1, ..rig.request(Side::Long, OrderPlan::MARKET) };
    rig.submit(second).unwrap();
    let events = rig.both(102.0, 102.0, 99.0, 99.0, 1e6);
    let rejected = events.iter().find_map(|e| match e {
        VenueEvent::Rejected { reason, order } => Some((reason.code(), order.order, order.remaining)),
        _ => None,
    });
    assert_eq!(rejected, Some(("insufficient-margin", 3, 1990.0)));
    assert_eq!(rig.venue.account().open_positions, 1);
}
