//! Parts in trouble: the original's tables of severity, directive and recovery.

use crate::config::{Config, ShutdownOn};
use crate::finding::Finding;
use crate::memory::Memory;
use crate::names;
use crate::parts::{Seen, TRADING, impacts_trading};
use bulkhead_sdk::prelude::*;
use bulkhead_sdk::self_healing::{Directive, Part, Recovery, Severity};
use std::collections::BTreeMap;

/// One finding per part that is not well. `memory` has seen these parts already.
pub fn findings(parts: &BTreeMap<Part, Seen>, memory: &Memory, config: &Config) -> Vec<Finding> {
    let in_trouble = parts.iter().filter_map(|(part, seen)| {
        let severity = severity(seen.status)?;
        Some(Finding {
            part: *part,
            severity,
            impacts_trading: impacts_trading(*part),
            demand: demand(*part, seen.status, memory, config),
            cure: cure(*part, severity),
            text: text(*part, *seen),
        })
    });
    let unwatched = TRADING.into_iter().filter(|part| !parts.contains_key(part)).map(unwatched);
    // A host that watches nothing at all is not told so part by part.
    let unwatched = unwatched.filter(|_| !parts.is_empty());
    in_trouble.chain(unwatched).collect()
}

fn severity(status: HealthStatus) -> Option<Severity> {
    match status {
        HealthStatus::Healthy => None,
        // The original named no issue for an unknown part, although it stopped trading.
        HealthStatus::Unknown | HealthStatus::Degraded => Some(Severity::Medium),
        HealthStatus::Failed => Some(Severity::High),
        HealthStatus::Critical => Some(Severity::Critical),
    }
}

fn demand(part: Part, status: HealthStatus, memory: &Memory, config: &Config) -> Directive {
    match status {
        HealthStatus::Healthy => Directive::AllowAll,
        HealthStatus::Unknown | HealthStatus::Degraded => Directive::NoNewTrades,
        HealthStatus::Failed if shuts_down(part, memory, config) => Directive::EmergencyShutdown,
        HealthStatus::Critical | HealthStatus::Failed if impacts_trading(part) => Directive::DefensiveExit,
        HealthStatus::Critical | HealthStatus::Failed => Directive::NoNewTrades,
    }
}

fn shuts_down(part: Part, memory: &Memory, config: &Config) -> bool {
    let concerned = match config.shutdown_on {
        ShutdownOn::AnyPart => true,
        ShutdownOn::TradingPart => impacts_trading(part),
    };
    concerned && memory.failed_checks(part) >= config.shutdown_after_checks
}

fn cure(part: Part, severity: Severity) -> Recovery {
    match (severity, part) {
        (Severity::Critical, Part::ExchangeConnection | Part::DataFeed) => Recovery::PauseTrading,
        (Severity::Critical, Part::AiModel) => Recovery::DisableModule,
        (Severity::Critical, _) => Recovery::RestartSubsystem,
        (Severity::High, _) => Recovery::SwitchToSafeProfile,
        (Severity::Medium | Severity::Low, _) => Recovery::ReloadConfig,
    }
}

fn text(part: Part, seen: Seen) -> String {
    let (name, status) = (names::part(part), names::status(seen.status));
    format!("{name} is {status}, last sign of life {} s ago", seen.age_ms / 1_000)
}

/// A part on which orders depend and which the host does not watch. Worth a note, but the absence of a report must not
/// stop anything: a host that does not know a part would never trade.
fn unwatched(part: Part) -> Finding {
    Finding {
        part,
        severity: Severity::Low,
        impacts_trading: true,
        demand: Directive::AllowAll,
        cure: Recovery::ReloadConfig,
        text: format!("nobody watches {}", names::part(part)),
    }
}
