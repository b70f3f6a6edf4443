//! Words for people, and for the state that is handed over.

use bulkhead_sdk::prelude::HealthStatus;
use bulkhead_sdk::self_healing::{Directive, Part};

pub const PARTS: [Part; 13] = [
    Part::DataFeed,
    Part::ExchangeConnection,
    Part::AiModel,
    Part::EventExecutor,
    Part::Orchestrator,
    Part::PortfolioBalancer,
    Part::ModelSupervisor,
    Part::RetrainingOrchestrator,
    Part::PositionMonitor,
    Part::RiskGuard,
    Part::Database,
    Part::UniverseOs,
    Part::Logging,
];

pub fn part(part: Part) -> &'static str {
    match part {
        Part::DataFeed => "data-feed",
        Part::ExchangeConnection => "exchange-connection",
        Part::AiModel => "ai-model",
        Part::EventExecutor => "event-executor",
        Part::Orchestrator => "orchestrator",
        Part::PortfolioBalancer => "portfolio-balancer",
        Part::ModelSupervisor => "model-supervisor",
        Part::RetrainingOrchestrator => "retraining-orchestrator",
        Part::PositionMonitor => "position-monitor",
        Part::RiskGuard => "risk-guard",
        Part::Database => "database",
        Part::UniverseOs => "universe-os",
        Part::Logging => "logging",
    }
}

pub fn part_of(name: &str) -> Option<Part> {
    PARTS.into_iter().find(|known| part(*known) == name)
}

pub fn status(status: HealthStatus) -> &'static str {
    match status {
        HealthStatus::Healthy => "healthy",
        HealthStatus::Degraded => "degraded",
        HealthStatus::Critical => "critical",
        HealthStatus::Failed => "failed",
        HealthStatus::Unknown => "unknown",
    }
}

pub fn directive(directive: Directive) -> &'static str {
    match directive {
        Directive::AllowAll => "ALLOW_ALL",
        Directive::SafeRiskProfile => "SAFE_RISK_PROFILE",
        Directive::NoNewTrades => "NO_NEW_TRADES",
        Directive::DefensiveExit => "DEFENSIVE_EXIT",
        Directive::EmergencyShutdown => "EMERGENCY_SHUTDOWN",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_a_name_of_its_own() {
        for known in PARTS {
            assert_eq!(part_of(part(known)), Some(known));
        }
        assert_eq!(part_of("gpu"), None);
    }
}
