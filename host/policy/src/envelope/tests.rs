use proptest::prelude::*;

use super::*;
use crate::{Account, Side};

fn limits() -> EnvelopeLimits {
    EnvelopeLimits::default()
}

fn order(id: u64) -> OrderIntent {
    OrderIntent {
        id,
        decision: id,
        symbol: 1,
        side: Side::Long,
        quantity: 10.0,
        price: 100.0,
        reference_price: 100.0,
        reference_age_ms: 0,
        leverage_x: 3.0,
        risk_usd: 20.0,
        base_size_usd: 1000.0,
        reduce_only: false,
        held_quantity: 0.0,
    }
}

fn admit(envelope: &mut Envelope, order: &OrderIntent, exposures: &Exposures, brake: Brake) -> Result<(), Refusal> {
    envelope.decided(order.decision);
    envelope.admit(order, &Book { equity_usd: 100_000.0, exposures }, brake, 0)
}

#[test]
fn each_limit_refuses_by_name() {
    let ok = order(1);
    let table: [(&str, OrderIntent); 11] = [
        ("not-sane", OrderIntent { quantity: f64::NAN, ..ok }),
        ("not-sane", OrderIntent { quantity: -1.0, ..ok }),
        ("not-sane", OrderIntent { price: f64::INFINITY, ..ok }),
        ("not-sane", OrderIntent { leverage_x: f64::NAN, ..ok }),
        ("not-sane", OrderIntent { reference_price: 0.0, ..ok }),
        ("stale-price", OrderIntent { reference_age_ms: 180_001, ..ok }),
        ("price-collar", OrderIntent { reference_price: 97.0, ..ok }),
        ("leverage", OrderIntent { leverage_x: 1e9, ..ok }),
        ("order-notional", OrderIntent { quantity: 251.0, base_size_usd: 1e6, ..ok }),
        ("size-factor", OrderIntent { quantity: 15.1, ..ok }),
        ("would-not-reduce", OrderIntent { reduce_only: true, ..ok }),
    ];
    for (name, bad) in table {
        let mut envelope = Envelope::new(limits());
        let refusal = admit(&mut envelope, &bad, &Exposures::default(), Brake::Released).unwrap_err();
        assert_eq!(refusal.name(), name, "{refusal}");
        assert_eq!(envelope.slots_taken(&Book { equity_usd: 1.0, exposures: &Exposures::default() }), 0);
    }
    assert_eq!(admit(&mut Envelope::new(limits()), &ok, &Exposures::default(), Brake::Released), Ok(()));
}

#[test]
fn n_orders_cannot_pass_one_free_slot() {
    let mut exposures = Exposures::default();
    for symbol in 0..9 {
        exposures.push(symbol, 100.0);
    }
    let mut envelope = Envelope::new(limits());
    let first = OrderIntent { symbol: 100, ..order(1) };
    let second = OrderIntent { symbol: 101, ..order(2) };
    assert_eq!(admit(&mut envelope, &first, &exposures, Brake::Released), Ok(()));
    assert_eq!(admit(&mut envelope, &second, &exposures, Brake::Released).unwrap_err().name(), "open-positions");
    // The first expires unfilled: its slot is free again.
    envelope.settle(1);
    assert_eq!(
        admit(&mut envelope, &OrderIntent { id: 3, decision: 3, ..second }, &exposures, Brake::Released),
        Ok(())
    );
}

#[test]
fn reserved_exposure_counts_until_it_is_settled() {
    let mut envelope = Envelope::new(EnvelopeLimits { max_symbol_share_pct: 1.5, ..limits() });
    assert_eq!(admit(&mut envelope, &order(1), &Exposures::default(), Brake::Released), Ok(()));
    let refused = admit(&mut envelope, &order(2), &Exposures::default(), Brake::Released).unwrap_err();
    assert!(matches!(refused, Refusal::Exposure { what: "share of one symbol", .. }), "{refused}");
}

#[test]
fn an_order_without_a_decision_and_a_decision_used_twice_are_refused() {
    let exposures = Exposures::default();
    let book = Book { equity_usd: 100_000.0, exposures: &exposures };
    let mut envelope = Envelope::new(limits());
    assert_eq!(envelope.admit(&order(1), &book, Brake::Released, 0), Err(Refusal::NoDecision));
    envelope.decided(1);
    assert_eq!(envelope.admit(&order(1), &book, Brake::Released, 0), Ok(()));
    assert_eq!(envelope.admit(&order(1), &book, Brake::Released, 0), Err(Refusal::Duplicate));
    let again = OrderIntent { id: 2, ..order(1) };
    assert_eq!(envelope.admit(&again, &book, Brake::Released, 0), Err(Refusal::NoDecision));
    assert_eq!(envelope.counters(), (1, 1));
}

#[test]
fn exits_pass_every_brake_and_every_limit() {
    let mut exposures = Exposures::default();
    exposures.push(1, 1e9);
    for brake in Brake::ALL {
        let mut envelope = Envelope::new(limits());
        let exit = OrderIntent {
            reduce_only: true,
            side: Side::Short,
            quantity: 1e6,
            held_quantity: 1e6,
            reference_age_ms: u64::MAX,
            leverage_x: f64::NAN,
            ..order(7)
        };
        let book = Book { equity_usd: f64::NAN, exposures: &exposures };
        assert_eq!(envelope.admit(&exit, &book, *brake, 0), Ok(()), "{brake}");
    }
}

#[test]
fn increases_stop_at_halt_and_not_at_bypass() {
    for brake in Brake::ALL {
        let result = admit(&mut Envelope::new(limits()), &order(1), &Exposures::default(), *brake);
        assert_eq!(result.is_ok(), brake.allows_increase(), "{brake}");
    }
}

#[test]
fn the_order_rate_recovers_after_a_minute() {
    let exposures = Exposures::default();
    let book = Book { equity_usd: 1e9, exposures: &exposures };
    let mut envelope = Envelope::new(EnvelopeLimits { max_orders_per_minute: 2, ..limits() });
    let mut send = |id: u64, now: u64| {
        envelope.decided(id);
        envelope.admit(&order(id), &book, Brake::Released, now)
    };
    assert!(send(1, 0).is_ok() && send(2, 30_000).is_ok());
    assert_eq!(send(3, 59_999), Err(Refusal::Rate { max: 2 }));
    assert!(send(4, 60_000).is_ok());
}

#[test]
fn unknown_equity_refuses_an_increase() {
    let exposures = Exposures::default();
    for equity_usd in [f64::NAN, 0.0, -5.0, f64::INFINITY] {
        let mut envelope = Envelope::new(limits());
        envelope.decided(1);
        let book = Book { equity_usd, exposures: &exposures };
        assert_eq!(envelope.admit(&order(1), &book, Brake::Released, 0), Err(Refusal::EquityUnknown));
    }
}

#[test]
fn drawdown_halts_at_five_and_closes_at_ten_and_an_override_only_tightens() {
    let account = |daily, open| Account { daily_drawdown_pct: daily, open_drawdown_pct: open, ..Account::default() };
    let act = |daily, open, over| drawdown_action(&account(daily, open), &limits(), over);
    assert_eq!(act(4.99, 9.99, None), DrawdownAction::None);
    assert_eq!(act(5.0, 5.0, None), DrawdownAction::Halt);
    assert_eq!(act(0.0, 10.0, None), DrawdownAction::HaltAndClose);
    assert_eq!(act(2.0, 2.0, Some(2.0)), DrawdownAction::Halt);
    assert_eq!(act(5.0, 5.0, Some(50.0)), DrawdownAction::Halt);
    assert_eq!(act(f64::NAN, 0.0, None), DrawdownAction::Halt);
}

#[test]
fn contradictory_limits_are_named() {
    let error = EnvelopeLimits { max_net_exposure_pct: 300.0, ..limits() }.validated().unwrap_err();
    assert_eq!(error.limit, "max_net_exposure_pct");
    let error = EnvelopeLimits { daily_drawdown_halt_pct: 20.0, ..limits() }.validated().unwrap_err();
    assert_eq!(error.limit, "daily_drawdown_halt_pct");
    assert!(EnvelopeLimits { max_leverage_x: f64::NAN, ..limits() }.validated().is_err());
    assert!(limits().validated().is_ok());
}

/// Any bit pattern, with the interesting ones often.
fn hostile() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<u64>().prop_map(f64::from_bits),
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(-0.0),
        Just(5e-324),
        Just(1e308),
        -1e3..1e6f64,
        0.01..100.0f64,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    /// Whatever numbers come in, what is admitted lies inside every limit.
    #[test]
    fn nothing_outside_the_limits_is_ever_admitted(
        quantity in hostile(), price in hostile(), reference_price in hostile(), leverage_x in hostile(),
        base_size_usd in hostile(), held in hostile(), equity_usd in hostile(), reduce_only: bool, long: bool,
        age in 0u64..400_000,
    ) {
        let l = limits();
        let exposures = Exposures::default();
        let side = if long { Side::Long } else { Side::Short };
        let o = OrderIntent {
            quantity, price, reference_price, leverage_x, base_size_usd, reduce_only, side,
            held_quantity: held, reference_age_ms: age, ..order(1)
        };
        let mut envelope = Envelope::new(l);
        envelope.decided(1);
        if envelope.admit(&o, &Book { equity_usd, exposures: &exposures }, Brake::Released, 0).is_ok() {
            prop_assert!(quantity.is_finite() && quantity > 0.0 && price.is_finite() && price > 0.0);
            if reduce_only {
                prop_assert!(held * side.sign() < 0.0 && quantity <= held.abs() * 1.000_001);
            } else {
                let usd = quantity * price;
                prop_assert!(usd <= l.max_order_notional_usd && leverage_x <= l.max_leverage_x && leverage_x > 0.0);
                prop_assert!(usd <= base_size_usd * l.max_size_factor * 1.000_001);
                prop_assert!(usd / equity_usd * 100.0 <= l.max_symbol_share_pct && equity_usd > 0.0);
                prop_assert!(((price - reference_price) / reference_price).abs() * 1e4 <= l.price_collar_bps);
                prop_assert!(age <= l.max_price_age_ms);
            }
        }
    }

    /// Orders out never exceed decisions in, whatever the order of events.
    #[test]
    fn orders_never_exceed_decisions(events in prop::collection::vec((0u64..20, 0u64..20, any::<bool>()), 0..200)) {
        let exposures = Exposures::default();
        let book = Book { equity_usd: 1e7, exposures: &exposures };
        let mut envelope = Envelope::new(EnvelopeLimits { max_orders_per_minute: 1000, ..limits() });
        let mut now = 0;
        for (i, (id, decision, decide)) in events.into_iter().enumerate() {
            now += 100;
            if decide {
                envelope.decided(decision);
            }
            let o = OrderIntent { id: id * 1000 + i as u64, decision, ..order(1) };
            if envelope.admit(&o, &book, Brake::Released, now).is_ok() {
                envelope.settle(o.id);
            }
            let (decisions, orders) = envelope.counters();
            prop_assert!(orders <= decisions);
        }
    }
}
