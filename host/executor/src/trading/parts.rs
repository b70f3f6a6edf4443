//! The parts that self-healing watches, as the host sees them.

use bulkhead_policy::{
    Mode,
    hooks::self_healing::{Part, PartStatus},
    reports::HealthStatus,
};
use bulkhead_runtime::SubsystemStatus;

use super::TradingLoop;
use crate::venue::Venue;

/// Faults in a row from which a subsystem counts as critical.
const CRITICAL_FAULTS: u32 = 3;

/// Which subsystem stands behind a part. The first that is configured counts.
const BEHIND: [(Part, &str); 6] = [
    (Part::Orchestrator, "orchestrator"),
    (Part::PortfolioBalancer, "portfolio-balancer"),
    (Part::ModelSupervisor, "model-supervisor"),
    (Part::RetrainingOrchestrator, "retraining-orchestrator"),
    (Part::RiskGuard, "risk-os"),
    (Part::UniverseOs, "universe-os"),
];

impl<V: Venue> TradingLoop<V> {
    /// Every part that there is. A subsystem that is off or not configured is no part: nobody can say how it does.
    pub(super) fn parts(&self, now: u64) -> Vec<PartStatus> {
        let journal = self.registry.journal().status();
        let database = if journal.error.is_some() { HealthStatus::Critical } else { HealthStatus::Healthy };
        let logging = if journal.dropped > 0 { HealthStatus::Degraded } else { HealthStatus::Healthy };
        // The loop runs and has a bar, and the venue gave an account, or this would not be asked.
        let own = [
            (Part::DataFeed, HealthStatus::Healthy),
            (Part::ExchangeConnection, HealthStatus::Healthy),
            (Part::EventExecutor, HealthStatus::Healthy),
            (Part::PositionMonitor, HealthStatus::Healthy),
            (Part::Database, database),
            (Part::Logging, logging),
        ];
        let mut parts: Vec<PartStatus> =
            own.into_iter().map(|(part, status)| PartStatus { part, status, age_ms: 0 }).collect();
        let subsystems = self.registry.status();
        parts.extend(BEHIND.iter().filter_map(|(part, name)| {
            let found = subsystems.iter().find(|s| s.name == *name && s.mode != Mode::Off)?;
            Some(of_subsystem(*part, found, now))
        }));
        parts.extend(self.worst_model(&subsystems, now));
        parts
    }

    /// The models are one part: the worst of the strategies speaks for it.
    fn worst_model(&self, subsystems: &[SubsystemStatus], now: u64) -> Option<PartStatus> {
        let models =
            subsystems.iter().filter(|s| s.mode != Mode::Off && s.hooks.contains(&bulkhead_policy::HookId::Signal));
        models.map(|s| of_subsystem(Part::AiModel, s, now)).max_by_key(|p| (severity(p.status), p.age_ms))
    }
}

/// By its faults since the last good answer.
fn of_subsystem(part: Part, s: &SubsystemStatus, now: u64) -> PartStatus {
    let status = match s.faults_in_a_row {
        0 => HealthStatus::Healthy,
        n if n < CRITICAL_FAULTS => HealthStatus::Degraded,
        _ => HealthStatus::Critical,
    };
    PartStatus { part, status, age_ms: s.last_answer_ms.map_or(0, |at| now.saturating_sub(at)) }
}

const fn severity(status: HealthStatus) -> u8 {
    match status {
        HealthStatus::Healthy => 0,
        HealthStatus::Unknown => 1,
        HealthStatus::Degraded => 2,
        HealthStatus::Critical => 3,
        HealthStatus::Failed => 4,
    }
}
