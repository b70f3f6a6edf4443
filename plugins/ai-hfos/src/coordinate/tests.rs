use super::*;
use crate::testkit::{base, brake, losses, self_healing, symbols};
use bulkhead_sdk::coordination::{AmplificationReport, ConflictKind, PortfolioReport, SystemHealth, UniverseReport};
use bulkhead_sdk::prelude::{HealthStatus, RiskMode};
use bulkhead_sdk::reports::DataConfidence;
use bulkhead_sdk::testing;

mod golden;
mod properties;

const NOW: u64 = 1_750_000_000_000;

/// The first cycle, which remembers nothing.
fn first(change: impl FnOnce(&mut Inputs)) -> Coordination {
    let mut inputs = base();
    change(&mut inputs);
    coordinate(&Config::default(), &mut Memory::default(), NOW, &symbols(), &inputs, &testing::account())
}

#[test]
fn the_hosts_own_numbers_count_when_no_subsystem_speaks() {
    let silent = crate::selftest::silence();
    let ask =
        |account: &Account| coordinate(&Config::default(), &mut Memory::default(), NOW, &symbols(), &silent, account);
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
        let answer = coordinate(config, &mut Memory::default(), NOW, &symbols(), &inputs, &testing::account());
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
    let ask =
        |config: &Config| coordinate(config, &mut Memory::default(), NOW, &symbols(), &base(), &testing::account());
    let off = Config { enable_hedgefund_mode: false, ..Config::default() };
    assert_eq!(ask(&off).risk_mode, RiskMode::Normal);
    let own = Config { aggressive_confidence_threshold: 0.65, aggressive_size_scale: 1.5, ..Config::default() };
    let answer = ask(&own);
    assert_eq!((answer.global.confidence_threshold, answer.global.scale_position_sizes), (Some(0.65), 1.5));
}
