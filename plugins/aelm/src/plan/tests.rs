use super::*;
use crate::testkit::{book, context};
use OrderType::{Iceberg, Limit, Market, PostOnly, Twap};
use RiskMode::{Aggressive, Critical, Normal, Safe};
use bulkhead_sdk::testing;

mod properties;

fn smart() -> Config {
    Config { smart_exec: true, ..Config::default() }
}

fn automatic() -> Config {
    Config { order_type_auto: true, ..Config::default() }
}

fn directed(change: impl FnOnce(&mut Directives)) -> Context {
    let mut directives = testing::directives();
    change(&mut directives);
    context(Normal, Some(directives))
}

/// From MARKET as the default plan, in a narrow spread.
fn from_market(config: &Config, ctx: &Context, impact_bps: f64) -> OrderType {
    choose(config, ctx, &form::MARKET, &book(1.0, impact_bps)).order_type
}

#[test]
fn with_nothing_configured_the_default_plan_stands() {
    for planned in [
        form::MARKET,
        form::limit(3.0),
        OrderPlan { order_type: PostOnly, ..form::limit(0.0) },
        form::iceberg(7, 500.0),
        form::twap(100, 86_400_000),
    ] {
        for risk_mode in [Critical, Safe, Normal, Aggressive] {
            let got = choose(&Config::default(), &context(risk_mode, None), &planned, &book(10.0, 15.0));
            assert_eq!(got, planned);
        }
    }
}

#[test]
fn what_costs_more_than_a_cap_allows_rests_instead_of_taking() {
    let config = Config { limit_offset_bps: 2.0, slippage_measure: Measure::Adverse, ..Config::default() };
    let choose =
        |planned: OrderPlan, spread, impact| choose(&config, &context(Normal, None), &planned, &book(spread, impact));
    assert_eq!(choose(form::MARKET, 10.0, 15.1), form::limit(2.0), "impact over the slippage cap");
    assert_eq!(choose(form::MARKET, 10.1, 6.0), form::limit(2.0), "spread over its cap");
    assert_eq!(choose(form::MARKET, f64::NAN, 6.0), form::limit(2.0), "spread unknown");
    assert_eq!(choose(form::MARKET, 1.0, f64::NAN), form::limit(2.0), "impact unknown");
    assert_eq!(choose(form::twap(4, 60_000), 10.1, 6.0), form::iceberg(4, 2.0), "in the same parts");
    assert_eq!(choose(form::twap(4, 60_000), 10.0, 90.0), form::twap(4, 60_000), "its parts cost less than the whole");
}

#[test]
fn smart_execution_has_the_documented_numbers() {
    for (impact, want) in [
        (-1.0, form::MARKET),
        (0.0, form::MARKET),
        (9.99, form::MARKET),
        (10.0, form::limit(0.0)),
        (49.9, form::limit(0.0)),
        (50.0, form::twap(10, 300_000)),
        (199.9, form::twap(10, 300_000)),
        (200.0, form::iceberg(10, 0.0)),
        (f64::INFINITY, form::iceberg(10, 0.0)),
        (f64::NAN, form::iceberg(10, 0.0)),
    ] {
        let got = choose(&smart(), &context(Normal, None), &form::MARKET, &book(1.0, impact));
        assert_eq!(got, want, "{impact}");
    }
}

#[test]
fn little_tolerance_for_slippage_makes_icebergs_of_limits_and_twaps() {
    for (cap, at_20, at_100) in [(10.1, Limit, Twap), (10.0, Iceberg, Iceberg), (5.0, Iceberg, Iceberg)] {
        let configured = Config { max_slippage_bps: cap, ..smart() };
        let told = directed(|d| d.max_slippage_bps = cap);
        for (config, ctx) in [(configured, context(Normal, None)), (smart(), told)] {
            assert_eq!(from_market(&config, &ctx, 20.0), at_20, "{cap}");
            assert_eq!(from_market(&config, &ctx, 100.0), at_100, "{cap}");
        }
    }
    // Cheap enough for a market order, but not for the cap.
    assert_eq!(from_market(&smart(), &directed(|d| d.max_slippage_bps = 5.0), 5.0), Market);
    assert_eq!(from_market(&smart(), &directed(|d| d.max_slippage_bps = 5.0), 5.1), Limit);
}

#[test]
fn the_automatic_type_follows_the_risk_mode() {
    for (risk_mode, cheap, dear) in [
        (Critical, Limit, Limit),
        (Safe, Limit, Limit),
        (Normal, Market, Limit),
        // With urgency: now or, where the slippage check refuses it, not at all.
        (Aggressive, Market, Market),
    ] {
        for planned in [form::MARKET, form::limit(1.0), form::twap(2, 1)] {
            let choose = |impact| choose(&automatic(), &context(risk_mode, None), &planned, &book(1.0, impact));
            assert_eq!((choose(15.0).order_type, choose(15.1).order_type), (cheap, dear), "{risk_mode:?}");
        }
    }
}

#[test]
fn with_both_the_risk_mode_sets_the_tone_and_leaves_the_usual_to_smart_execution() {
    let both = Config { smart_exec: true, ..automatic() };
    for (risk_mode, types) in [
        (Critical, [Limit; 4]),
        (Safe, [Limit; 4]),
        (Normal, [Market, Limit, Twap, Iceberg]),
        (Aggressive, [Market; 4]),
    ] {
        let got = [5.0, 30.0, 100.0, 300.0].map(|impact| from_market(&both, &context(risk_mode, None), impact));
        assert_eq!(got, types, "{risk_mode:?}");
    }
}

#[test]
fn a_preference_of_the_coordinator_is_followed_and_smart_is_none() {
    for config in [Config::default(), smart(), automatic()] {
        for (preference, want) in [(OrderPreference::Market, Market), (OrderPreference::Limit, Limit)] {
            for impact in [0.0, 30.0, 300.0] {
                for planned in [form::MARKET, form::limit(1.0), form::twap(2, 60_000), form::iceberg(3, 1.0)] {
                    let ctx = directed(|d| d.order_preference = preference);
                    assert_eq!(choose(&config, &ctx, &planned, &book(1.0, impact)).order_type, want);
                }
            }
        }
        let left = directed(|d| d.order_preference = OrderPreference::Smart);
        for impact in [0.0, 30.0, 300.0] {
            assert_eq!(from_market(&config, &left, impact), from_market(&config, &context(Normal, None), impact));
        }
    }
}

#[test]
fn market_against_a_demand_for_limit_is_limit() {
    let forced = directed(|d| {
        d.enforce_limit_orders = true;
        d.order_preference = OrderPreference::Market;
    });
    let prefers = Directives { order_preference: OrderPreference::Market, ..testing::directives() };
    for impact in [0.0, 30.0, 300.0] {
        for config in [Config::default(), smart(), automatic()] {
            for risk_mode in [Critical, Safe, Normal, Aggressive] {
                assert_eq!(from_market(&config, &Context { risk_mode, ..forced }, impact), Limit);
            }
        }
        for risk_mode in [Critical, Safe] {
            assert_eq!(from_market(&automatic(), &context(risk_mode, Some(prefers)), impact), Limit);
        }
    }
    // And no preference takes in a spread over its cap.
    let wide = choose(&Config::default(), &context(Normal, Some(prefers)), &form::MARKET, &book(10.1, 6.0));
    assert_eq!(wide.order_type, Limit);
}

#[test]
fn directives_tighten_what_a_plan_may_cost() {
    let config = Config::default();
    for (impact, cap, want) in [(10.0, 5.0, Limit), (5.0, 5.0, Market), (20.0, 50.0, Limit)] {
        assert_eq!(from_market(&config, &directed(|d| d.max_slippage_bps = cap), impact), want);
    }
    for (spread, cap, want) in [(6.0, 5.0, Limit), (5.0, 5.0, Market), (12.0, 25.0, Limit)] {
        let got = choose(&config, &directed(|d| d.max_spread_bps = cap), &form::MARKET, &book(spread, 3.0));
        assert_eq!(got.order_type, want);
    }
}

#[test]
fn an_offset_is_kept_if_planned_and_else_stays_within_what_its_own_fill_may_slip() {
    let forced = |cap| {
        directed(|d| {
            d.enforce_limit_orders = true;
            d.max_slippage_bps = cap;
        })
    };
    let absolute = Config { limit_offset_bps: 8.0, ..Config::default() };
    let adverse = Config { slippage_measure: Measure::Adverse, ..absolute.clone() };
    for (config, spread, cap, want) in [
        (&absolute, 2.0, 15.0, 8.0),
        (&absolute, 2.0, 5.0, 2.0),
        (&absolute, 8.0, 5.0, 0.0),
        (&absolute, f64::INFINITY, 5.0, 0.0),
        (&adverse, 2.0, 5.0, 8.0),
    ] {
        assert_eq!(choose(config, &forced(cap), &form::MARKET, &book(spread, 3.0)), form::limit(want));
        let planned = OrderPlan { order_type: PostOnly, ..form::limit(33.0) };
        assert_eq!(choose(config, &forced(cap), &planned, &book(spread, 3.0)), form::limit(33.0));
    }
}
