//! What holds for every picture of the system.

use super::*;
use crate::testkit::candidate;
use bulkhead_sdk::coordination::{
    EmergencyAction, ExecutionReport, ModelReport, Opportunity, PositionReport, RiskReport, SelfHealingReport,
};
use bulkhead_sdk::prelude::SymbolId;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % u64::from(sides)) as u32
    }

    fn of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.roll(values.len() as u32) as usize]
    }

    /// Mostly well, so that every mode comes up.
    fn number(&mut self, most: f64) -> f64 {
        if self.roll(3) == 0 { most * f64::from(self.roll(1_001)) / 1_000.0 } else { 0.0 }
    }

    fn count(&mut self, most: u32) -> u32 {
        if self.roll(3) == 0 { self.roll(most + 1) } else { 0 }
    }
}

/// Best first.
const STATUSES: [HealthStatus; 4] =
    [HealthStatus::Healthy, HealthStatus::Degraded, HealthStatus::Critical, HealthStatus::Failed];

/// Everybody speaks.
fn any(dice: &mut Dice) -> Inputs {
    let toxic = dice.count(10);
    Inputs {
        universe: Some(UniverseReport {
            confidence: dice.of(&[DataConfidence::Low, DataConfidence::Medium, DataConfidence::High]),
            symbol_count: dice.of(&[0, 10, 50, 222]),
            blacklisted: dice.of(&[0, 100, 151]),
        }),
        risk: Some(RiskReport {
            brake: dice.roll(20) == 0,
            daily_drawdown_pct: dice.number(6.0),
            open_drawdown_pct: dice.number(12.0),
        }),
        positions: Some(PositionReport { open: toxic + dice.count(10), toxic, winners: 0 }),
        execution: Some(ExecutionReport {
            mean_slippage_bps: dice.number(40.0),
            mean_spread_bps: 1.0,
            fill_rate: 1.0 - dice.number(1.0),
        }),
        models: Some(ModelReport { accuracy: 1.0 - dice.number(1.0), degraded: dice.count(3) }),
        self_healing: Some(SelfHealingReport {
            overall: dice.of(&STATUSES),
            critical: dice.count(6),
            degraded: dice.count(6),
        }),
        portfolio: Some(PortfolioReport {
            critical_violations: dice.count(2),
            warnings: 0,
            gross_exposure_pct: 10.0,
            risk_pct: 1.0,
        }),
        ..base()
    }
}

/// One thing is worse than before, or as bad already.
fn worsen(inputs: &mut Inputs, what: u32) {
    let universe = inputs.universe.as_mut().unwrap();
    let (risk, positions) = (inputs.risk.as_mut().unwrap(), inputs.positions.as_mut().unwrap());
    let (execution, models) = (inputs.execution.as_mut().unwrap(), inputs.models.as_mut().unwrap());
    let (healing, portfolio) = (inputs.self_healing.as_mut().unwrap(), inputs.portfolio.as_mut().unwrap());
    match what {
        0 => universe.confidence = DataConfidence::Low,
        1 => universe.symbol_count /= 2,
        2 => universe.blacklisted += 100,
        3 => risk.brake = true,
        4 => risk.daily_drawdown_pct += 1.0,
        5 => risk.open_drawdown_pct += 2.0,
        6 => positions.toxic += 2,
        7 => positions.open += 4,
        8 => execution.mean_slippage_bps += 8.0,
        9 => execution.fill_rate *= 0.8,
        10 => models.accuracy *= 0.8,
        11 => models.degraded += 1,
        12 => healing.critical += 2,
        13 => healing.degraded += 4,
        14 => portfolio.critical_violations += 1,
        15 => inputs.brake_age_ms = Some(0),
        _ => {
            let rank = STATUSES.iter().position(|status| *status == healing.overall).unwrap();
            healing.overall = STATUSES[(rank + 1).min(3)];
        }
    }
}

fn ask(inputs: &Inputs) -> Coordination {
    coordinate(&Config::default(), &mut Memory::default(), NOW, &symbols(), inputs, &testing::account())
}

#[test]
fn what_gets_worse_never_makes_the_mode_bolder_or_the_mean_higher() {
    let mut dice = Dice(3);
    let mut seen = [false; 4];
    let mut more_careful = [0; 17];
    for round in 0..34_000 {
        let what = round % 17;
        let mut inputs = any(&mut dice);
        let before = ask(&inputs);
        worsen(&mut inputs, what);
        let after = ask(&inputs);
        assert!(after.risk_mode <= before.risk_mode, "{what}: {inputs:?}");
        assert!(after.mean_score <= before.mean_score, "{what}: {inputs:?}");
        assert!(after.global.scale_position_sizes <= before.global.scale_position_sizes, "{what}: {inputs:?}");
        assert!(before.global.allow_new_trades || !after.global.allow_new_trades, "{what}: {inputs:?}");
        seen[before.risk_mode as usize] = true;
        let tighter = after.risk_mode < before.risk_mode || after.mean_score < before.mean_score;
        more_careful[what as usize] += u32::from(tighter);
    }
    assert_eq!(seen, [true; 4], "every mode came up");
    // A degraded model is an issue without points.
    let counts = |what: &usize| more_careful[*what] > 0;
    assert_eq!((0..17).filter(|what| !counts(what)).collect::<Vec<_>>(), [11], "{more_careful:?}");
}

#[test]
fn no_numbers_whatever_leave_the_range() {
    let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, -1.0, 0.0, 1.0, 50.0];
    let mut dice = Dice(5);
    for _ in 0..20_000 {
        let mut inputs = any(&mut dice);
        losses(&mut inputs, dice.of(&odd), dice.of(&odd));
        inputs.execution = Some(ExecutionReport {
            mean_slippage_bps: dice.of(&odd),
            mean_spread_bps: dice.of(&odd),
            fill_rate: dice.of(&odd),
        });
        inputs.models = Some(ModelReport { accuracy: dice.of(&odd), degraded: u32::MAX });
        self_healing(&mut inputs, dice.of(&STATUSES), dice.of(&[0, u32::MAX]));
        let account =
            Account { daily_drawdown_pct: dice.of(&odd), open_drawdown_pct: dice.of(&odd), ..testing::account() };
        let answer = coordinate(&Config::default(), &mut Memory::default(), NOW, &symbols(), &inputs, &account);
        assert!(answer.mean_score.is_some_and(|mean| (0.0..=100.0).contains(&mean)), "{answer:?}");
        assert!(answer.states.iter().all(|s| s.score.is_none_or(|score| (0.0..=100.0).contains(&score))), "{answer:?}");
        assert!((0.3..=1.3).contains(&answer.global.scale_position_sizes));
        assert!(answer.emergency.iter().all(|action| !action.rationale.is_empty()), "{answer:?}");
        assert!(answer.summary.len() <= 256, "{}", answer.summary);
    }
}

/// Reports are lists of things that are true at once.
#[test]
fn the_order_of_symbols_and_candidates_changes_nothing() {
    let mut dice = Dice(7);
    for _ in 0..2_000 {
        let mut inputs = any(&mut dice);
        let mut candidates: Vec<_> = (0..6)
            .map(|symbol| candidate(symbol, 1 + dice.roll(3), dice.of(&[50.0, 60.0, 90.0]), dice.roll(5) == 0))
            .collect();
        inputs.erratic_symbols = (0..dice.roll(5)).collect();
        inputs.amplification = Some(AmplificationReport { candidates: candidates.clone() });
        let want = ask(&inputs);
        inputs.erratic_symbols.reverse();
        candidates.rotate_left(dice.roll(6) as usize);
        inputs.amplification = Some(AmplificationReport { candidates });
        let got = ask(&inputs);
        assert_eq!(by_symbol(&got), by_symbol(&want));
        assert!(got.opportunities.len() == want.opportunities.len() && got.emergency.len() == want.emergency.len());
        let same = Coordination { opportunities: want.opportunities.clone(), emergency: want.emergency.clone(), ..got };
        assert_eq!(same, want);
    }
}

fn by_symbol(answer: &Coordination) -> (Vec<Opportunity>, Vec<(u32, Option<SymbolId>)>) {
    let mut opportunities = answer.opportunities.clone();
    opportunities.sort_by_key(|opportunity| opportunity.symbol);
    let of = |action: &EmergencyAction| (action.priority, action.symbol);
    let mut actions: Vec<_> = answer.emergency.iter().map(of).collect();
    actions.sort_unstable();
    (opportunities, actions)
}
