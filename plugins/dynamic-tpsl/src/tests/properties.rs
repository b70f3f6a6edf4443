//! What holds whatever the input.

use super::*;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.roll() % 1_000_001) as f64 / 1e6
    }

    /// From a millionth on, every magnitude as likely.
    fn distance(&mut self, most: f64) -> f64 {
        10f64.powf(self.between(-6.0, most.log10())).clamp(1e-6, most)
    }
}

/// Configurations that differ in what counts.
const CONFIGS: [&str; 6] = [
    "{}",
    OVERRIDE,
    r#"{"override": true, "stop_cap": 3}"#,
    r#"{"override": true, "stop_cap": 10, "take_profit": 0.5, "stop_loss": 0.5, "max_risk_reward": 10}"#,
    r#"{"take_profit": 0.001, "min_take_profit": 0, "stop_loss": 0.001, "min_stop_loss": 0, "min_risk_reward": 4}"#,
    r#"{"override": true, "min_risk_reward": 0.1, "max_risk_reward": 0.5, "trail_share": 1}"#,
];

fn directives(dice: &mut Dice) -> Option<Directives> {
    let defensive = Directives { enforce_defensive_exits: true, ..testing::directives() };
    [None, Some(testing::directives()), Some(defensive)][(dice.roll() % 3) as usize]
}

#[test]
fn reward_and_risk_are_in_their_limits_for_every_base() {
    let mut dice = Dice(7);
    for json in CONFIGS {
        let mut plugin = plugin(json).unwrap();
        let (low, high) = (plugin.config.min_risk_reward, plugin.config.max_risk_reward);
        for _ in 0..20_000 {
            let base = ExitPlan { stop_loss: dice.distance(0.5), take_profit: dice.distance(5.0), ..BASE };
            let risk_mode = MODES[(dice.roll() % 4) as usize];
            let context = Context { directives: directives(&mut dice), ..in_mode(risk_mode) };
            let market = Market { volatility_bps: dice.between(0.0, 40.0), ..testing::market() };
            let candidate = sure(dice.between(0.0, 1.0));
            let Ok(plan) = ask_in(&mut plugin, &context, &candidate, &base, &market, None) else {
                // Only a base that is nothing itself leaves no room.
                assert!(base.take_profit < 1e-5 || base.stop_loss < 1e-5, "{json} {base:?}");
                continue;
            };
            let reward = plan.take_profit / plan.stop_loss;
            assert!((low - 1e-9..=high + 1e-9).contains(&reward), "{json} {reward} {base:?}");
            if !plugin.config.replace {
                assert!(plan.stop_loss <= base.stop_loss && plan.take_profit <= base.take_profit, "{plan:?} {base:?}");
            }
        }
    }
}

#[test]
fn no_numbers_whatever_break_the_contract() {
    let values = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN_POSITIVE, -1.0, 0.0, 0.03];
    for json in CONFIGS {
        let mut plugin = plugin(json).unwrap();
        for at in 0..32_768usize {
            let value = |place: u32| values[at / 8usize.pow(place) % 8];
            let base = ExitPlan { stop_loss: value(0), take_profit: value(1), ..BASE };
            let market = Market { volatility_bps: value(2), ..testing::market() };
            let aged = (at % 3 > 0).then_some(PositionAge { age_ms: u64::MAX >> (at % 64), profit: value(3) });
            // The host's check is in it, and a base without numbers has no answer.
            let answer = ask_in(&mut plugin, &testing::context(), &sure(value(4)), &base, &market, aged);
            assert_eq!(answer.is_ok(), base.stop_loss == 0.03 && base.take_profit == 0.03, "{answer:?}");
        }
    }
}

#[test]
fn more_confidence_never_brings_the_target_nearer_nor_the_stop_farther() {
    for json in [OVERRIDE, "{}", r#"{"override": true, "stop_cap": 10}"#] {
        for (risk_mode, base) in MODES.into_iter().flat_map(|mode| [(mode, BASE), (mode, WIDE)]) {
            let mut plugin = plugin(json).unwrap();
            let mut before: Option<ExitPlan> = None;
            let mut compared = 0;
            for step in 0..=1_000 {
                let now = ask(&mut plugin, risk_mode, f64::from(step) / 1_000.0, &base);
                let reward = now.take_profit / now.stop_loss;
                if let Some(before) = before {
                    // As in the original, a target that follows a wide stop comes nearer with it, and a stop that
                    // follows a far target goes farther with it.
                    if reward > 1.5 + 1e-9 {
                        assert!(now.take_profit >= before.take_profit - 1e-12, "{json} {risk_mode:?} {step}");
                        compared += 1;
                    }
                    if reward < 4.0 - 1e-9 {
                        assert!(now.stop_loss <= before.stop_loss + 1e-12, "{json} {risk_mode:?} {step}");
                    }
                }
                before = (reward > 1.5 + 1e-9).then_some(now);
            }
            assert!(compared > 300, "{compared}");
        }
    }
}

#[test]
fn a_position_that_ages_only_ever_loses_room() {
    let mut dice = Dice(11);
    for json in CONFIGS {
        let mut plugin = plugin(json).unwrap();
        for position in 0..200u64 {
            let mut plan = ExitPlan { stop_loss: dice.distance(0.5), take_profit: dice.distance(5.0), ..BASE };
            let (first, mut minutes) = (plan, 0);
            for _ in 0..60 {
                minutes += 1 + dice.roll() % 10;
                let event_time_ms = position * 10_000 * MINUTE_MS + minutes * MINUTE_MS;
                let context = Context { event_time_ms, ..in_mode(MODES[(dice.roll() % 4) as usize]) };
                let aged = PositionAge { age_ms: minutes * MINUTE_MS, profit: dice.between(-0.03, 0.05) };
                let next = ask_in(&mut plugin, &context, &sure(0.9), &plan, &testing::market(), Some(aged)).unwrap();
                assert!(next.stop_loss <= plan.stop_loss && next.take_profit <= plan.take_profit);
                plan = next;
            }
            // Not to nothing: the target is drawn in once, the stop to that of the least winner at most.
            let factor = plugin.config.undecided_factor - 1e-12;
            assert!(plan.take_profit >= first.take_profit * factor, "{plan:?} {first:?}");
            assert!(plan.stop_loss >= (first.stop_loss * factor).min(0.006 * factor), "{plan:?} {first:?}");
        }
    }
}
