use super::*;
use crate::config::ShutdownOn;
use crate::names::PARTS;
use crate::selftest::NO_RESULTS;
use HealthStatus::{Critical, Degraded, Failed, Healthy, Unknown};
use Recovery::{DisableModule, PauseTrading, ReloadConfig, RestartSubsystem, SwitchToSafeProfile};
use bulkhead_sdk::self_healing::Part;
use bulkhead_sdk::testing;

const STATUSES: [HealthStatus; 5] = [Healthy, Unknown, Degraded, Critical, Failed];

fn aggressive() -> Config {
    Config { level: Level::Aggressive, ..Config::default() }
}

/// All parts are well but these.
fn rows(but: &[(Part, HealthStatus)]) -> Vec<PartStatus> {
    let status = |part| but.iter().find(|(other, _)| *other == part).map_or(Healthy, |(_, status)| *status);
    PARTS.into_iter().map(|part| PartStatus { part, status: status(part), age_ms: 0 }).collect()
}

fn ask(config: &Config, memory: &mut Memory, rows: &[PartStatus]) -> HealthReport {
    check(config, memory, 0, rows, &testing::account(), &NO_RESULTS)
}

fn once(config: &Config, but: &[(Part, HealthStatus)]) -> HealthReport {
    ask(config, &mut Memory::default(), &rows(but))
}

fn cures(report: &HealthReport) -> Vec<(Recovery, bool, u32)> {
    report.actions.iter().map(|action| (action.action, action.automatic, action.priority)).collect()
}

/// Measured by running the original.
#[test]
fn golden_vectors() {
    let ask = |but: &[(Part, HealthStatus)]| once(&aggressive(), but);
    let well = ask(&[]);
    assert_eq!((well.overall, well.directive), (Healthy, Directive::AllowAll));
    assert!(well.issues.is_empty() && well.actions.is_empty());
    for part in PARTS {
        assert_eq!(ask(&[(part, Unknown)]).directive, Directive::NoNewTrades, "{part:?}");
        assert_eq!(ask(&[(part, Degraded)]).directive, Directive::NoNewTrades, "{part:?}");
        let failed = ask(&[(part, Failed)]);
        assert_eq!((failed.overall, failed.directive), (Failed, Directive::EmergencyShutdown), "{part:?}");
    }
    for (part, directive, cure) in [
        (Part::ExchangeConnection, Directive::DefensiveExit, PauseTrading),
        (Part::AiModel, Directive::NoNewTrades, DisableModule),
        (Part::Database, Directive::NoNewTrades, RestartSubsystem),
    ] {
        let report = ask(&[(part, Critical)]);
        assert_eq!((report.overall, report.directive), (Critical, directive), "{part:?}");
        assert_eq!(cures(&report), [(cure, true, 1)], "{part:?}");
    }
}

/// No file is there: the models and the database are critical, most of the rest is unknown.
#[test]
fn golden_vector_of_a_fresh_installation() {
    let fresh = [
        (Part::DataFeed, Degraded),
        (Part::ExchangeConnection, Unknown),
        (Part::AiModel, Critical),
        (Part::EventExecutor, Unknown),
        (Part::Orchestrator, Unknown),
        (Part::PortfolioBalancer, Unknown),
        (Part::Database, Critical),
    ];
    assert_eq!(once(&aggressive(), &fresh).overall, Critical);
}

#[test]
fn the_table_of_issues_and_recoveries() {
    for part in PARTS {
        for (status, severity) in [
            (Unknown, Severity::Medium),
            (Degraded, Severity::Medium),
            (Failed, Severity::High),
            (Critical, Severity::Critical),
        ] {
            let report = once(&aggressive(), &[(part, status)]);
            let cure = match (severity, part) {
                (Severity::Critical, Part::ExchangeConnection | Part::DataFeed) => (PauseTrading, true, 1),
                (Severity::Critical, Part::AiModel) => (DisableModule, true, 1),
                (Severity::Critical, _) => (RestartSubsystem, true, 1),
                (Severity::High, _) => (SwitchToSafeProfile, true, 2),
                _ => (ReloadConfig, false, 2),
            };
            assert_eq!(cures(&report), [cure], "{part:?} {status:?}");
            let [issue] = &report.issues[..] else { panic!("{part:?}") };
            let trades =
                matches!(part, Part::ExchangeConnection | Part::EventExecutor | Part::RiskGuard | Part::DataFeed);
            assert_eq!((issue.part, issue.severity, issue.impacts_trading), (part, severity, trades));
            assert!(issue.text.contains(names::part(part)) && issue.text.contains(names::status(status)));
        }
    }
}

#[test]
fn the_level_says_how_far_a_directive_goes() {
    let config = |level| Config { level, ..Config::default() };
    for part in PARTS {
        for status in STATUSES {
            let free = once(&config(Level::Aggressive), &[(part, status)]);
            let careful = once(&config(Level::Protective), &[(part, status)]);
            let silent = once(&config(Level::Observe), &[(part, status)]);
            assert_eq!(careful.directive, free.directive.min(Directive::NoNewTrades));
            assert_eq!(silent.directive, Directive::AllowAll);
            // What is wrong does not depend on what may be done about it.
            assert_eq!((&silent.issues, silent.overall), (&free.issues, free.overall));
            assert!(silent.actions.iter().all(|action| !action.automatic));
        }
    }
    assert_eq!(Config::default().level, Level::Protective);
}

#[test]
fn a_part_that_nobody_reports_stops_nothing() {
    for config in [aggressive(), Config::default()] {
        let nobody = ask(&config, &mut Memory::default(), &[]);
        assert_eq!((nobody.overall, nobody.directive), (Unknown, Directive::AllowAll));
        assert!(nobody.issues.is_empty());
        for kept in PARTS {
            let one = [PartStatus { part: kept, status: Healthy, age_ms: 0 }];
            let report = ask(&config, &mut Memory::default(), &one);
            assert_eq!((report.overall, report.directive), (Healthy, Directive::AllowAll), "{kept:?}");
            // The four on which orders depend are named.
            let missing = crate::parts::TRADING.iter().filter(|part| **part != kept).count();
            assert_eq!(report.issues.len(), missing);
            assert!(report.issues.iter().all(|issue| issue.severity == Severity::Low));
            assert!(report.actions.iter().all(|action| !action.automatic));
        }
    }
}

#[test]
fn a_shutdown_can_be_kept_for_parts_that_matter_and_for_failures_that_last() {
    let trading = Config { shutdown_on: ShutdownOn::TradingPart, ..aggressive() };
    assert_eq!(once(&trading, &[(Part::Logging, Failed)]).directive, Directive::NoNewTrades);
    assert_eq!(once(&trading, &[(Part::RiskGuard, Failed)]).directive, Directive::EmergencyShutdown);
    let patient = Config { shutdown_after_checks: 3, ..aggressive() };
    for (part, before) in [(Part::Logging, Directive::NoNewTrades), (Part::RiskGuard, Directive::DefensiveExit)] {
        let mut memory = Memory::default();
        let mut directives = Vec::new();
        for status in [Failed, Failed, Healthy, Failed, Failed, Failed, Failed] {
            directives.push(ask(&patient, &mut memory, &rows(&[(part, status)])).directive);
        }
        let (all, end) = (Directive::AllowAll, Directive::EmergencyShutdown);
        assert_eq!(directives, [before, before, all, before, before, end, end], "{part:?}");
    }
}

#[test]
fn the_sixth_restart_needs_a_person_until_the_part_was_healthy() {
    let mut memory = Memory::default();
    let mut automatic = |status| {
        let report = ask(&aggressive(), &mut memory, &rows(&[(Part::Database, status)]));
        report.actions.first().map(|action| action.automatic)
    };
    for _ in 0..5 {
        assert_eq!(automatic(Critical), Some(true));
    }
    assert_eq!((automatic(Critical), automatic(Critical)), (Some(false), Some(false)));
    assert_eq!((automatic(Healthy), automatic(Critical)), (None, Some(true)));
    // A pause is no repair: it is not given up.
    let mut memory = Memory::default();
    for _ in 0..20 {
        let report = ask(&aggressive(), &mut memory, &rows(&[(Part::ExchangeConnection, Critical)]));
        assert_eq!(cures(&report), [(PauseTrading, true, 1)]);
    }
}

#[test]
fn results_and_parts_are_joined_and_each_action_stands_once() {
    let account = Account { daily_drawdown_pct: 3.6, losing_streak: 6, ..testing::account() };
    let bad = Performance { win_rate_7d: Some(0.2), trades_7d: 40, losing_streak: 6 };
    let ask = |config: &Config, but| check(config, &mut Memory::default(), 0, &rows(but), &account, &bad);
    let report = ask(&aggressive(), &[]);
    // The parts are well: what the trades do is another matter.
    assert_eq!((report.overall, report.directive), (Healthy, Directive::DefensiveExit));
    let texts: Vec<(Part, Severity)> = report.issues.iter().map(|issue| (issue.part, issue.severity)).collect();
    let model = (Part::AiModel, Severity::High);
    assert_eq!(texts, [(Part::RiskGuard, Severity::Critical), model, model]);
    assert_eq!(cures(&report), [(PauseTrading, true, 1), (SwitchToSafeProfile, true, 2)]);
    assert_eq!(ask(&Config::default(), &[]).directive, Directive::NoNewTrades);
    assert_eq!(ask(&aggressive(), &[(Part::Logging, Failed)]).directive, Directive::EmergencyShutdown);
}

mod properties;
