//! What holds for every market and account.

use super::*;
use crate::stability::settle;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }

    fn of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.roll(values.len())]
    }
}

const REGIMES: [Regime; 3] = [Trending, Ranging, Other];
/// Calmest first.
const VOLATILITIES: [Volatility; 4] = [Low, Calm, High, Extreme];

/// Where each rule of the policy stands, from well to bad.
#[derive(Clone, Copy, Debug)]
struct Case {
    regime: Regime,
    volatility: usize,
    drawdown_pct: f64,
    streak: u32,
    positions: u32,
    exposure_usd: f64,
    high_cost: bool,
    quality: Option<f64>,
}

impl Case {
    fn any(dice: &mut Dice) -> Self {
        Self {
            regime: dice.of(&REGIMES),
            volatility: dice.roll(4),
            drawdown_pct: dice.of(&[0.0, 2.99, 3.0, 50.0]),
            streak: dice.of(&[0, 4, 5, 99]),
            positions: dice.of(&[0, 7, 8, 99]),
            exposure_usd: dice.of(&[0.0, 1_499.0, 1_500.0, 1e9]),
            high_cost: dice.roll(2) == 0,
            quality: dice.of(&[None, Some(0.9), Some(0.40), Some(0.39), Some(0.0)]),
        }
    }

    /// The same with one thing a step worse, where it can be.
    fn worse(self, what: usize) -> Self {
        match what {
            0 => Self { volatility: (self.volatility + 1).min(3), ..self },
            1 => Self { drawdown_pct: self.drawdown_pct + 0.01, ..self },
            2 => Self { streak: self.streak + 1, ..self },
            3 => Self { positions: self.positions + 1, ..self },
            4 => Self { exposure_usd: self.exposure_usd + 1.0, ..self },
            5 => Self { high_cost: true, ..self },
            _ => Self { quality: self.quality.map(|quality| quality * 0.9), ..self },
        }
    }

    fn policy(self) -> Policy {
        let config = Config { high_cost: self.high_cost, ensemble_quality: self.quality, ..Config::default() };
        ask(self.regime, VOLATILITIES[self.volatility], &config, |account| {
            account.daily_drawdown_pct = self.drawdown_pct;
            account.losing_streak = self.streak;
            account.open_positions = self.positions;
            account.gross_exposure_usd = self.exposure_usd;
        })
    }
}

#[test]
fn what_gets_worse_never_asks_for_less() {
    let mut dice = Dice(3);
    let mut stricter = [0; 7];
    for round in 0..40_000 {
        let what = round % 7;
        let case = Case::any(&mut dice);
        let (before, after) = (case.policy(), case.worse(what).policy());
        assert!(before.allow_new_trades || !after.allow_new_trades, "{what} {case:?}");
        // Extreme volatility stops new trades instead of making them smaller.
        assert!(!after.allow_new_trades || after.max_risk_pct <= before.max_risk_pct, "{what} {case:?}");
        for base in [0.0, 0.35, 0.55, 1.0] {
            for loosening in [false, true] {
                let (was, is) = (before.threshold(base, loosening), after.threshold(base, loosening));
                assert!(is >= was, "{what} {case:?}");
                stricter[what] += u32::from(is > was);
            }
        }
    }
    assert!(stricter.iter().all(|times| *times > 0), "each of them counts for something: {stricter:?}");
}

#[test]
fn no_numbers_whatever_leave_the_range() {
    let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN_POSITIVE, -1.0, 0.0, 3.0];
    let mut dice = Dice(5);
    for _ in 0..40_000 {
        let config = Config {
            base_risk_pct: dice.of(&[0.0, 1.0, 100.0]),
            high_cost: dice.roll(2) == 0,
            ensemble_quality: dice.of(&[None, Some(0.0), Some(1.0)]),
            ..Config::default()
        };
        let policy = ask(dice.of(&REGIMES), dice.of(&VOLATILITIES), &config, |account| {
            account.daily_drawdown_pct = dice.of(&odd);
            account.gross_exposure_usd = dice.of(&odd);
            account.equity_usd = dice.of(&odd);
            account.losing_streak = dice.of(&[0, u32::MAX]);
            account.open_positions = dice.of(&[0, u32::MAX]);
        });
        // The range of the first step, and the three that are added to it.
        assert!((0.15..=0.60 + 0.13).contains(&policy.min_confidence), "{policy:?}");
        assert!((0.0..=config.base_risk_pct).contains(&policy.max_risk_pct), "{policy:?}");
        let threshold = policy.threshold(dice.of(&[0.0, 0.5, 1.0]), dice.roll(2) == 0);
        assert!((0.0..=1.0).contains(&threshold), "{policy:?}");
    }
}

/// What was asked before changes a number by a tenth at most, and nothing else: a stop is never late.
#[test]
fn the_past_of_a_policy_is_worth_a_tenth_of_a_number() {
    let mut dice = Dice(7);
    let mut kept = None;
    let mut differed = 0;
    for _ in 0..40_000 {
        let new = Case::any(&mut dice).policy();
        let settled = settle(kept, new);
        let steps = |p: Policy| (p.allow_new_trades, p.risk_profile, p.entry_mode, p.exit_mode);
        assert_eq!(steps(settled), steps(new));
        for (was, is) in [(settled.min_confidence, new.min_confidence), (settled.max_risk_pct, new.max_risk_pct)] {
            assert!((was - is).abs() <= 0.1 * was.max(is), "{settled:?} {new:?}");
        }
        differed += u32::from(settled != new);
        kept = Some(settled);
    }
    assert!(differed > 0, "nothing was ever kept");
}
