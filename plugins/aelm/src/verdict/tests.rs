use super::*;
use crate::testkit::{Dice, HOSTILE, context, execution};
use Phase::{Estimate, Filled};
use Side::{Long, Short};
use bulkhead_sdk::testing;

const PHASES: [Phase; 2] = [Estimate, Filled];
const SIDES: [Side; 2] = [Long, Short];

/// The reason of a deny, `None` for an allow.
fn reason(config: &Config, directives: Option<Directives>, execution: &Execution) -> Option<ReasonCode> {
    match judge(config, &context(RiskMode::Normal, directives), execution) {
        Verdict::Allow => None,
        Verdict::Deny(denial) => {
            assert!(!denial.text.is_empty() && denial.text.len() <= 256, "{}", denial.text);
            Some(denial.code)
        }
    }
}

fn of_default(execution: &Execution) -> Option<ReasonCode> {
    reason(&Config::default(), None, execution)
}

#[test]
fn slippage_strictly_over_its_cap_is_refused_before_and_after() {
    for phase in PHASES {
        for side in SIDES {
            for (actual, want) in [
                (100.0, None),
                (100.15, None),
                (100.1501, Some(ReasonCode::SlippageCap)),
                (99.85, None),
                (99.8499, Some(ReasonCode::SlippageCap)),
                (1e300, Some(ReasonCode::SlippageCap)),
            ] {
                assert_eq!(of_default(&execution(phase, side, 100.0, actual, 1.0)), want, "{actual}");
            }
        }
    }
}

#[test]
fn a_better_price_is_slippage_only_in_the_absolute_measure() {
    let adverse = Config { slippage_measure: Measure::Adverse, ..Config::default() };
    for phase in PHASES {
        for (side, better, worse) in [(Long, 99.0, 101.0), (Short, 101.0, 99.0)] {
            let at = |price| execution(phase, side, 100.0, price, 1.0);
            assert_eq!(of_default(&at(better)), Some(ReasonCode::SlippageCap));
            assert_eq!(reason(&adverse, None, &at(better)), None);
            assert_eq!(reason(&adverse, None, &at(worse)), Some(ReasonCode::SlippageCap));
        }
    }
}

#[test]
fn a_wide_spread_is_refused_before_the_order_and_no_longer_after() {
    for (phase, spread, want) in [
        (Estimate, 10.0, None),
        (Estimate, 10.01, Some(ReasonCode::SpreadCap)),
        (Estimate, f64::NAN, Some(ReasonCode::SpreadCap)),
        (Estimate, f64::INFINITY, Some(ReasonCode::SpreadCap)),
        (Filled, 500.0, None),
        (Filled, f64::NAN, None),
    ] {
        for actual in [100.0, 100.06] {
            assert_eq!(of_default(&execution(phase, Long, 100.0, actual, spread)), want, "{phase:?} {spread}");
        }
    }
}

#[test]
fn where_wide_spreads_may_be_rested_in_only_what_takes_is_refused() {
    let config = Config { wide_spread: WideSpread::Rest, ..Config::default() };
    for (actual, want) in [(100.0, None), (100.06, Some(ReasonCode::SpreadCap))] {
        for spread in [12.0, f64::NAN] {
            assert_eq!(reason(&config, None, &execution(Estimate, Long, 100.0, actual, spread)), want, "{actual}");
        }
    }
}

#[test]
fn directives_tighten_the_caps_and_never_widen_them() {
    for (slippage_cap, spread_cap, bps, spread, want) in [
        (5.0, 50.0, 5.0, 10.0, None),
        (5.0, 50.0, 5.1, 10.0, Some(ReasonCode::SlippageCap)),
        (50.0, 4.0, 5.0, 4.1, Some(ReasonCode::SpreadCap)),
        (50.0, 25.0, 15.1, 1.0, Some(ReasonCode::SlippageCap)),
        (50.0, 25.0, 15.0, 10.1, Some(ReasonCode::SpreadCap)),
    ] {
        let directives =
            Directives { max_slippage_bps: slippage_cap, max_spread_bps: spread_cap, ..testing::directives() };
        let execution = execution(Estimate, Long, 1_000.0, 1_000.0 + bps / 10.0, spread);
        assert_eq!(reason(&Config::default(), Some(directives), &execution), want, "{bps} {spread}");
    }
}

#[test]
fn without_a_price_nothing_is_divided_and_the_answer_says_so() {
    let lenient = Config { enforce_slippage_caps: false, max_slippage_bps: 1_000.0, ..Config::default() };
    for config in [Config::default(), lenient] {
        for phase in PHASES {
            for bad in [0.0, -0.0, -100.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                for (expected, actual) in [(bad, 100.0), (100.0, bad), (bad, bad)] {
                    let execution = execution(phase, Long, expected, actual, 1.0);
                    assert_eq!(cost_bps(&execution), None);
                    assert_eq!(reason(&config, None, &execution), Some(ReasonCode::PriceInvalid), "{bad}");
                }
            }
            let no_number = execution(phase, Long, f64::MIN_POSITIVE, f64::MAX, 1.0);
            assert_eq!(reason(&config, None, &no_number), Some(ReasonCode::PriceInvalid));
        }
    }
}

#[test]
fn caps_that_are_not_enforced_refuse_nothing() {
    let config = Config { enforce_slippage_caps: false, ..Config::default() };
    for phase in PHASES {
        for (actual, spread) in [(101.0, 1.0), (100.0, 400.0), (150.0, f64::NAN)] {
            assert_eq!(reason(&config, None, &execution(phase, Long, 100.0, actual, spread)), None);
        }
    }
}

#[test]
fn cost_is_what_the_price_moved_against_the_order() {
    for (side, actual, want) in [(Long, 100.5, 50.0), (Long, 99.5, -50.0), (Short, 100.5, -50.0), (Short, 99.5, 50.0)] {
        let got = cost_bps(&execution(Filled, side, 100.0, actual, 1.0)).unwrap();
        assert!((got - want).abs() < 1e-9, "{got}");
    }
}

fn config(dice: &mut Dice) -> Config {
    Config {
        max_slippage_bps: dice.number(60.0),
        max_spread_bps: dice.number(30.0),
        slippage_measure: dice.pick(&[Measure::Absolute, Measure::Adverse]),
        wide_spread: dice.pick(&[WideSpread::Refuse, WideSpread::Rest]),
        ..Config::default()
    }
}

#[test]
fn a_larger_deviation_never_turns_a_deny_into_an_allow() {
    let mut dice = Dice(11);
    for _ in 0..3_000 {
        let (config, directives) = (config(&mut dice), dice.directives());
        let (phase, side) = (dice.pick(&PHASES), dice.pick(&SIDES));
        let (expected, spread) = (dice.number(1e5) + 1e-3, dice.number(30.0));
        for direction in [1.0, -1.0] {
            let mut denied = false;
            for step in 0..100 {
                let actual = expected * (1.0 + direction * f64::from(step) / 1e4);
                let now = reason(&config, directives, &execution(phase, side, expected, actual, spread)).is_some();
                assert!(now || !denied, "{config:?} {directives:?} {phase:?} {side:?} {direction} {step}");
                denied = now;
            }
        }
    }
}

#[test]
fn a_tighter_cap_never_allows_more() {
    let mut dice = Dice(12);
    let mut denied = 0;
    for _ in 0..30_000 {
        let (config, directives) = (config(&mut dice), dice.directives());
        let actual = 100.0 * (1.0 + (dice.number(100.0) - 50.0) / 1e4);
        let asked = execution(dice.pick(&PHASES), dice.pick(&SIDES), 100.0, actual, dice.number(30.0));
        let tight = Config {
            max_slippage_bps: dice.number(config.max_slippage_bps),
            max_spread_bps: dice.number(config.max_spread_bps),
            ..config.clone()
        };
        let tightened = directives.map(|d| Directives {
            max_slippage_bps: dice.number(d.max_slippage_bps),
            max_spread_bps: dice.number(d.max_spread_bps),
            ..d
        });
        if reason(&config, directives, &asked).is_some() {
            assert!(reason(&tight, directives, &asked).is_some() && reason(&config, tightened, &asked).is_some());
            denied += 1;
        }
        // Directives alone only take away.
        assert!(reason(&config, None, &asked).is_none() || reason(&config, directives, &asked).is_some());
    }
    assert!(denied > 0, "nothing was tested");
}

#[test]
fn no_numbers_whatever_are_accepted_unless_both_prices_are_some() {
    for expected in HOSTILE {
        for actual in HOSTILE {
            for spread in HOSTILE {
                for phase in PHASES {
                    let asked = execution(phase, Long, expected, actual, spread);
                    let accepted = of_default(&asked).is_none();
                    assert!(!accepted || expected.is_finite() && expected > 0.0 && actual == expected);
                }
            }
        }
    }
}
