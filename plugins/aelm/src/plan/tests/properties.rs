//! What holds for every input.

use super::*;
use crate::testkit::{Dice, HOSTILE, RISK_MODES, TYPES};

/// How much of the size meets the market at once, and then whether it takes.
fn haste(plan: &OrderPlan) -> u8 {
    match plan.order_type {
        Market => 3,
        Limit | PostOnly => 2,
        Twap => 1,
        Iceberg => 0,
    }
}

fn config(dice: &mut Dice) -> Config {
    let market = dice.number(30.0);
    let limit = market + dice.number(60.0);
    let config = Config {
        smart_exec: dice.coin(),
        order_type_auto: dice.coin(),
        max_slippage_bps: dice.number(60.0),
        max_spread_bps: dice.number(30.0),
        slippage_measure: dice.pick(&[Measure::Absolute, Measure::Adverse]),
        limit_offset_bps: dice.number(500.0),
        smart_market_bps: market,
        smart_limit_bps: limit,
        smart_twap_bps: limit + dice.number(200.0),
        iceberg_tolerance_bps: dice.number(30.0),
        ..Config::default()
    };
    assert_eq!(config.check(), Ok(()));
    config
}

fn planned(dice: &mut Dice) -> OrderPlan {
    OrderPlan { order_type: dice.pick(&TYPES), limit_offset_bps: dice.number(500.0), slices: 5, duration_ms: 60_000 }
}

fn anything(dice: &mut Dice) -> (Config, Context, OrderPlan) {
    (config(dice), context(dice.pick(&RISK_MODES), dice.directives()), planned(dice))
}

#[test]
fn every_answer_passes_the_contract_whatever_comes_in() {
    let mut dice = Dice(1);
    for _ in 0..50_000 {
        let (config, ctx, _) = anything(&mut dice);
        let planned = OrderPlan {
            order_type: dice.pick(&TYPES),
            limit_offset_bps: dice.pick(&HOSTILE),
            slices: dice.pick(&[0, 1, 100, 101, u32::MAX]),
            duration_ms: dice.pick(&[0, 86_400_000, 86_400_001, u64::MAX]),
        };
        let plan = choose(&config, &ctx, &planned, &book(dice.pick(&HOSTILE), dice.pick(&HOSTILE)));
        assert!((0.0..=500.0).contains(&plan.limit_offset_bps), "{plan:?}");
        assert!((1..=100).contains(&plan.slices) && plan.duration_ms <= 86_400_000, "{plan:?}");
    }
}

#[test]
fn a_dearer_order_is_never_in_a_greater_hurry() {
    let mut dice = Dice(2);
    for _ in 0..5_000 {
        let (config, ctx, planned) = anything(&mut dice);
        let spread = dice.number(30.0);
        let mut before = u8::MAX;
        for impact in (0..400).map(f64::from).chain([f64::INFINITY, f64::NAN]) {
            let now = haste(&choose(&config, &ctx, &planned, &book(spread, impact)));
            assert!(now <= before, "{config:?} {ctx:?} {planned:?} {spread} {impact}");
            before = now;
        }
    }
}

#[test]
fn tighter_caps_never_make_an_order_take() {
    let mut dice = Dice(3);
    for _ in 0..20_000 {
        let (config, ctx, planned) = anything(&mut dice);
        let book = book(dice.number(30.0), dice.number(300.0));
        let tight = Config {
            max_slippage_bps: dice.number(config.max_slippage_bps),
            max_spread_bps: dice.number(config.max_spread_bps),
            ..config.clone()
        };
        let (wide, tight) = (choose(&config, &ctx, &planned, &book), choose(&tight, &ctx, &planned, &book));
        assert!(haste(&tight) <= haste(&wide), "{wide:?} {tight:?}");
        assert!(form::rests(&tight) || !form::rests(&wide), "{wide:?} {tight:?}");
    }
}

#[test]
fn what_rests_by_default_takes_only_when_somebody_says_so() {
    let mut dice = Dice(4);
    let mut taken = 0;
    for _ in 0..50_000 {
        let (config, ctx, planned) = anything(&mut dice);
        let plan = choose(&config, &ctx, &planned, &book(dice.number(30.0), dice.number(300.0)));
        if form::rests(&planned) && !form::rests(&plan) {
            let preferred = ctx.directives.is_some_and(|d| d.order_preference == OrderPreference::Market);
            assert!(config.smart_exec || config.order_type_auto || preferred, "{config:?} {ctx:?} {planned:?}");
            taken += 1;
        }
    }
    assert!(taken > 0, "nothing was tested");
}

#[test]
fn a_forced_limit_is_a_limit_and_a_wide_spread_is_not_taken_from() {
    let mut dice = Dice(5);
    for _ in 0..50_000 {
        let (config, ctx, planned) = anything(&mut dice);
        let book = book(dice.number(30.0), dice.number(300.0));
        let plan = choose(&config, &ctx, &planned, &book);
        assert!(plan.order_type == Limit || ctx.directives.is_none_or(|d| !d.enforce_limit_orders));
        let wide = Caps::of(&config, ctx.directives.as_ref()).forbids_spread(book.spread_bps);
        assert!(!wide || form::rests(&plan), "{plan:?}");
    }
}
