use super::*;
use crate::testkit::{base, brake, everything_bad, losses, open_positions, self_healing, symbols};
use bulkhead_sdk::coordination::{
    AmplificationReport, ConflictKind, EmergencyKind, ExecutionReport, ModelReport, PortfolioReport, SystemHealth,
    UniverseReport,
};
use bulkhead_sdk::prelude::{HealthStatus, RiskMode};
use bulkhead_sdk::reports::DataConfidence;
use bulkhead_sdk::testing;

const NOW: u64 = 1_750_000_000_000;

/// The first cycle, which remembers nothing.
fn first(change: impl FnOnce(&mut Inputs)) -> Coordination {
    let mut inputs = base();
    change(&mut inputs);
    coordinate(&Config::default(), &mut Memory::default(), NOW, &symbols(), &inputs, &testing::account())
}

struct Golden {
    change: fn(&mut Inputs),
    mean: f64,
    health: SystemHealth,
    mode: RiskMode,
    threshold: Option<f64>,
    scale: f64,
    emergency: &'static [EmergencyKind],
    conflicts: usize,
}

fn golden(change: fn(&mut Inputs), mean: f64, mode: RiskMode) -> Golden {
    let (threshold, scale) = match mode {
        RiskMode::Critical => (Some(0.85), 0.3),
        RiskMode::Safe => (Some(0.75), 0.6),
        RiskMode::Normal => (None, 1.0),
        RiskMode::Aggressive => (Some(0.60), 1.3),
    };
    Golden { change, mean, health: SystemHealth::Optimal, mode, threshold, scale, emergency: &[], conflicts: 0 }
}

/// Measured by running the original. Rows that differ say so; the reasons stand in DEVIATIONS.md.
#[test]
fn golden_vectors_of_the_original() {
    use RiskMode::{Aggressive, Critical, Normal, Safe};
    let stubs: fn(&mut Inputs) = |i| {
        i.universe = Some(UniverseReport { confidence: DataConfidence::Medium, symbol_count: 0, blacklisted: 0 });
        i.models = Some(ModelReport { accuracy: 0.0, degraded: 0 });
        i.orchestrator.as_mut().unwrap().regime = None;
        open_positions(i, 0);
        self_healing(i, HealthStatus::Unknown, 0);
    };
    let mediocre: fn(&mut Inputs) = |i| {
        i.universe = Some(UniverseReport { confidence: DataConfidence::Low, symbol_count: 222, blacklisted: 156 });
        losses(i, 1.2, 3.5);
        i.execution = Some(ExecutionReport { mean_slippage_bps: 5.0, mean_spread_bps: 0.0, fill_rate: 0.95 });
        i.models = Some(ModelReport { accuracy: 0.62, degraded: 0 });
    };
    let rows = [
        golden(|_| (), 99.375, Aggressive),
        golden(|i| losses(i, 1.5, 0.0), 98.4375, Normal),
        golden(|i| losses(i, 3.0, 0.0), 97.5, Normal),
        golden(|i| losses(i, 3.1, 0.0), 97.4375, Safe),
        // The original: SAFE, and no action.
        Golden {
            emergency: &[EmergencyKind::CloseAllPositions],
            ..golden(|i| losses(i, 6.0, 12.0), 93.125, Critical)
        },
        Golden { conflicts: 1, ..golden(brake, 94.375, Critical) },
        Golden { health: SystemHealth::Healthy, ..golden(mediocre, 88.3125, Normal) },
        // The original: AGGRESSIVE beside the pause; and for `critical` in lower case no pause and a mean of 99.375.
        Golden {
            emergency: &[EmergencyKind::PauseNewTrades],
            ..golden(|i| self_healing(i, HealthStatus::Critical, 0), 94.375, Safe)
        },
        golden(|i| open_positions(i, 7), 99.375, Aggressive),
        golden(|i| open_positions(i, 8), 99.375, Normal),
        Golden { health: SystemHealth::Healthy, ..golden(stubs, 80.0, Normal) },
        Golden {
            health: SystemHealth::Emergency,
            emergency: &[EmergencyKind::CloseAllPositions, EmergencyKind::PauseNewTrades],
            ..golden(everything_bad, 34.375, Critical)
        },
    ];
    for (row, want) in rows.iter().enumerate() {
        let got = first(want.change);
        assert_eq!((got.mean_score, got.health, got.risk_mode), (Some(want.mean), want.health, want.mode), "row {row}");
        assert_eq!((got.global.confidence_threshold, got.global.scale_position_sizes), (want.threshold, want.scale));
        let kinds: Vec<EmergencyKind> = got.emergency.iter().map(|action| action.kind).collect();
        assert_eq!((kinds.as_slice(), got.conflicts.len()), (want.emergency, want.conflicts), "row {row}");
        assert!(got.summary.len() < 256 && !got.summary.is_empty(), "{}", got.summary);
    }
}

#[test]
fn the_hosts_own_numbers_count_when_no_subsystem_speaks() {
    let silent = crate::selftest::silence();
    let ask = |account: &Account| {
        coordinate(&Config::default(), &mut Memory::default(), NOW, &symbols(), &silent, account)
    };
    let account = testing::account();
    assert_eq!((ask(&account).risk_mode, ask(&account).health), (RiskMode::Safe, SystemHealth::Degraded));
    let hurt = Account { daily_drawdown_pct: 5.1, ..account };
    assert_eq!(ask(&hurt).risk_mode, RiskMode::Critical);
    let low = Account { open_drawdown_pct: 10.1, ..account };
    assert_eq!(ask(&low).risk_mode, RiskMode::Critical);
    let at_the_limits = Account { daily_drawdown_pct: 5.0, open_drawdown_pct: 10.0, ..account };
    assert_eq!(ask(&at_the_limits).risk_mode, RiskMode::Safe);
}

/// The original aborted on the way into CRITICAL unless it was the first cycle, and stayed bold.
#[test]
fn critical_is_reached_from_every_mode_and_left_only_after_the_wait() {
    let config = Config::default();
    let (calm, account, symbols) = (base(), testing::account(), symbols());
    let mut burning = base();
    brake(&mut burning);
    for mode in [RiskMode::Aggressive, RiskMode::Normal, RiskMode::Safe, RiskMode::Critical] {
        let mut memory = Memory { dwell: Some(Dwell::settle(None, mode, NOW, 0)), ..Memory::default() };
        let mut at = |minute: u64, inputs: &Inputs| {
            coordinate(&config, &mut memory, NOW + minute * 60_000, &symbols, inputs, &account)
        };
        let fire = at(1, &burning);
        assert_eq!(fire.risk_mode, RiskMode::Critical);
        assert!(!fire.global.allow_new_trades && !fire.global.allow_new_positions);
        for minute in 2..6 {
            assert_eq!(at(minute, &calm).risk_mode, RiskMode::Critical);
        }
        let better = at(6, &calm);
        assert_eq!(better.risk_mode, RiskMode::Safe);
        assert!(better.global.allow_new_trades);
        assert!(better.summary.contains("on the way to AGGRESSIVE"), "{}", better.summary);
    }
}

#[test]
fn a_pause_lasts_its_time_even_when_the_cause_is_gone() {
    let config = Config::default();
    let (calm, account, symbols) = (base(), testing::account(), symbols());
    let mut sick = base();
    self_healing(&mut sick, HealthStatus::Failed, 0);
    let mut memory = Memory::default();
    let mut trades = |minute: u64, inputs: &Inputs| {
        coordinate(&config, &mut memory, NOW + minute * 60_000, &symbols, inputs, &account).global.allow_new_trades
    };
    assert!(trades(0, &calm));
    assert!(!trades(1, &sick));
    assert!(!trades(30, &calm));
    assert!(!trades(60, &calm));
    assert!(trades(61, &calm));
}

#[test]
fn three_conflicts_have_their_rules() {
    let kinds = |config: &Config, change: fn(&mut Inputs)| -> Vec<ConflictKind> {
        let mut inputs = base();
        change(&mut inputs);
        let answer =
            coordinate(config, &mut Memory::default(), NOW, &symbols(), &inputs, &testing::account());
        answer.conflicts.iter().map(|conflict| conflict.kind).collect()
    };
    let smart = Config::default();
    let market = Config { order_preference: crate::config::Preference::Market, ..Config::default() };
    assert_eq!(kinds(&smart, |_| ()), []);
    assert_eq!(kinds(&smart, brake), [ConflictKind::RiskUniverseMismatch]);
    let small = |i: &mut Inputs| {
        brake(i);
        i.universe = Some(UniverseReport { confidence: DataConfidence::Low, symbol_count: 222, blacklisted: 0 });
    };
    assert_eq!(kinds(&smart, small), []);
    assert_eq!(kinds(&market, small), [ConflictKind::MarketAgainstLimit]);
    assert_eq!(kinds(&market, |_| ()), []);
    let toxic = |i: &mut Inputs| {
        let candidates = vec![crate::testkit::candidate(1, 1, 90.0, true)];
        i.amplification = Some(AmplificationReport { candidates });
    };
    assert_eq!(kinds(&smart, toxic), [ConflictKind::AmplifyToxic]);
}

#[test]
fn opportunities_pass_by_mode_priority_confidence_and_class() {
    let offer = |change: fn(&mut Inputs)| {
        first(|i| {
            let candidates = vec![
                crate::testkit::candidate(0, 1, 75.0, false),
                crate::testkit::candidate(1, 3, 75.0, false),
                crate::testkit::candidate(2, 1, 59.0, false),
                crate::testkit::candidate(3, 2, 60.0, false),
                crate::testkit::candidate(4, 1, 99.0, true),
            ];
            i.amplification = Some(AmplificationReport { candidates });
            change(i);
        })
    };
    let ids = |answer: &Coordination| answer.opportunities.iter().map(|o| o.symbol).collect::<Vec<_>>();
    assert_eq!(ids(&offer(|_| ())), [0, 3]);
    assert_eq!(ids(&offer(|i| losses(i, 2.0, 0.0))), [0, 3]);
    assert!(ids(&offer(|i| losses(i, 3.5, 0.0))).is_empty());
    assert!(ids(&offer(brake)).is_empty());
}

#[test]
fn courage_needs_evidence() {
    let silence = |i: &mut Inputs| {
        i.models = None;
        i.execution = None;
        i.universe = None;
        i.positions = None;
    };
    assert_eq!(first(silence).risk_mode, RiskMode::Aggressive);
    let more = |i: &mut Inputs| {
        silence(i);
        i.orchestrator = None;
    };
    assert_eq!((first(more).health, first(more).risk_mode), (SystemHealth::Optimal, RiskMode::Normal));
}

#[test]
fn a_book_that_breaks_its_limits_is_no_time_to_be_aggressive() {
    let report = |critical_violations| {
        move |i: &mut Inputs| {
            i.portfolio =
                Some(PortfolioReport { critical_violations, warnings: 3, gross_exposure_pct: 90.0, risk_pct: 9.0 });
        }
    };
    assert_eq!(first(report(0)).risk_mode, RiskMode::Aggressive);
    assert_eq!(first(report(1)).risk_mode, RiskMode::Normal);
}

#[test]
fn hedgefund_mode_can_be_turned_off_and_its_numbers_changed() {
    let ask = |config: &Config| {
        coordinate(config, &mut Memory::default(), NOW, &symbols(), &base(), &testing::account())
    };
    let off = Config { enable_hedgefund_mode: false, ..Config::default() };
    assert_eq!(ask(&off).risk_mode, RiskMode::Normal);
    let own =
        Config { aggressive_confidence_threshold: 0.65, aggressive_size_scale: 1.5, ..Config::default() };
    let answer = ask(&own);
    assert_eq!((answer.global.confidence_threshold, answer.global.scale_position_sizes), (Some(0.65), 1.5));
}
