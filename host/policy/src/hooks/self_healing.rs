//! Hook 12: health of the system. The most severe directive of the chain holds.

use serde::{Deserialize, Serialize};

use crate::{Account, Breach, Hook, HookId, Limits, reports::HealthStatus, stage::closed_set, value::tame_text};

/// Marker of the hook.
pub struct SelfHealing;

closed_set! {
    /// Parts that the host watches.
    Part {
        /// Market data.
        DataFeed = "DATA_FEED",
        /// The venue.
        ExchangeConnection = "EXCHANGE_CONNECTION",
        /// Models behind the strategies.
        AiModel = "AI_MODEL",
        /// The trading loop.
        EventExecutor = "EVENT_EXECUTOR",
        /// Subsystem.
        Orchestrator = "ORCHESTRATOR",
        /// Subsystem.
        PortfolioBalancer = "PORTFOLIO_BALANCER",
        /// Subsystem.
        ModelSupervisor = "MODEL_SUPERVISOR",
        /// Subsystem.
        RetrainingOrchestrator = "RETRAINING_ORCHESTRATOR",
        /// Subsystem.
        PositionMonitor = "POSITION_MONITOR",
        /// The envelope.
        RiskGuard = "RISK_GUARD",
        /// The journal.
        Database = "DATABASE",
        /// Subsystem.
        UniverseOs = "UNIVERSE_OS",
        /// Logs.
        Logging = "LOGGING",
    }
}
closed_set! {
    /// Least severe first.
    Directive {
        /// Nothing is wrong.
        AllowAll = "ALLOW_ALL",
        /// Smaller trades.
        SafeRiskProfile = "SAFE_RISK_PROFILE",
        /// No entries.
        NoNewTrades = "NO_NEW_TRADES",
        /// No entries, exits early.
        DefensiveExit = "DEFENSIVE_EXIT",
        /// Everything is closed and the brake engaged.
        EmergencyShutdown = "EMERGENCY_SHUTDOWN",
    }
}
closed_set! {
    /// How bad an issue is.
    Severity {
        /// Note it.
        Low = "LOW",
        /// Look at it.
        Medium = "MEDIUM",
        /// Mend it.
        High = "HIGH",
        /// Now.
        Critical = "CRITICAL",
    }
}
closed_set! {
    /// What would mend it.
    Recovery {
        /// Restart it.
        RestartSubsystem = "RESTART_SUBSYSTEM",
        /// Stop trading.
        PauseTrading = "PAUSE_TRADING",
        /// Turn it off.
        DisableModule = "DISABLE_MODULE",
        /// Trade smaller.
        SwitchToSafeProfile = "SWITCH_TO_SAFE_PROFILE",
        /// Read the configuration again.
        ReloadConfig = "RELOAD_CONFIG",
        /// Use the spare.
        FallbackToBackup = "FALLBACK_TO_BACKUP",
        /// Close everything.
        CloseAllPositions = "CLOSE_ALL_POSITIONS",
        /// Drop caches.
        ClearCache = "CLEAR_CACHE",
    }
}

/// What the host sees of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartStatus {
    /// Which part.
    pub part: Part,
    /// How it does.
    pub status: HealthStatus,
    /// Since its last sign of life.
    pub age_ms: u64,
}

/// Trading results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Performance {
    /// Absent until there are enough trades.
    pub win_rate_7d: Option<f64>,
    /// Closed in 7 days.
    pub trades_7d: u32,
    /// Losing trades in a row.
    pub losing_streak: u32,
}

/// Something wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// Where.
    pub part: Part,
    /// How bad.
    pub severity: Severity,
    /// Orders depend on it.
    pub impacts_trading: bool,
    /// For people.
    pub text: String,
}

/// What would mend it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryAction {
    /// What to do.
    pub action: Recovery,
    /// Where.
    pub part: Part,
    /// Without asking.
    pub automatic: bool,
    /// 1 is the most important.
    pub priority: u32,
}

/// Answer of the hook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthReport {
    /// Of the whole system.
    pub overall: HealthStatus,
    /// What to do.
    pub directive: Directive,
    /// What is wrong.
    pub issues: Vec<Issue>,
    /// What would mend it.
    pub actions: Vec<RecoveryAction>,
}

/// Input of the hook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// What the host sees.
    pub parts: Vec<PartStatus>,
    /// The account.
    pub account: Account,
    /// Trading results.
    pub performance: Performance,
}

/// Most issues or actions of one answer.
pub const MAX_ROWS: usize = 256;

impl Hook for SelfHealing {
    const ID: HookId = HookId::SelfHealing;
    type Input = Input;
    type Raw = HealthReport;
    type Answer = Option<HealthReport>;

    fn safe_default(_: &Input) -> Option<HealthReport> {
        None
    }

    fn check(_: &Input, mut raw: HealthReport, _: &Limits) -> Result<Option<HealthReport>, Breach> {
        if raw.issues.len() > MAX_ROWS || raw.actions.len() > MAX_ROWS {
            return Err(Breach::malformed("health-report", format!("over {MAX_ROWS} issues or actions")));
        }
        for issue in &mut raw.issues {
            issue.text = tame_text(&issue.text);
        }
        Ok(Some(raw))
    }

    fn combine(so_far: Option<HealthReport>, next: Option<HealthReport>) -> Option<HealthReport> {
        match (so_far, next) {
            (Some(mut a), Some(b)) => {
                a.overall = a.overall.max(b.overall);
                a.directive = a.directive.max(b.directive);
                a.issues.extend(b.issues);
                a.actions.extend(b.actions);
                Some(a)
            }
            (a, b) => a.or(b),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_severe_directive_holds_in_any_order() {
        let report = |directive| {
            Some(HealthReport { overall: HealthStatus::Healthy, directive, issues: Vec::new(), actions: Vec::new() })
        };
        for a in Directive::ALL {
            for b in Directive::ALL {
                let both = SelfHealing::combine(report(*a), report(*b)).unwrap();
                assert_eq!(both.directive, *a.max(b));
            }
        }
    }
}
