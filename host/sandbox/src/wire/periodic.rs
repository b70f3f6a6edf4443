//! The large records of the periodic and model hooks.

use bulkhead_policy::hooks::{coordination as co, model_evaluation as me, retraining as rt, self_healing as sh};
use wasmtime::component::{ComponentType, Lower};

use super::{
    convert::{Twin, wire_enum, wire_record},
    lifecycle::{
        WireAmplificationReport, WireExecutionReport, WireModelReport, WireOrchestratorReport, WirePortfolioReport,
        WirePositionReport, WireRiskReport, WireSelfHealingReport, WireUniverseReport,
    },
    records::{WireHealth, WirePreference, WireRegime, WireRiskMode, WireSide, WireUniverseMode},
};

wire_enum!(WirePart = sh::Part {
    DataFeed "data-feed", ExchangeConnection "exchange-connection", AiModel "ai-model", EventExecutor "event-executor",
    Orchestrator "orchestrator", PortfolioBalancer "portfolio-balancer", ModelSupervisor "model-supervisor",
    RetrainingOrchestrator "retraining-orchestrator", PositionMonitor "position-monitor", RiskGuard "risk-guard",
    Database "database", UniverseOs "universe-os", Logging "logging",
});
wire_enum!(WireHealingDirective = sh::Directive {
    AllowAll "allow-all", SafeRiskProfile "safe-risk-profile", NoNewTrades "no-new-trades",
    DefensiveExit "defensive-exit", EmergencyShutdown "emergency-shutdown",
});
wire_enum!(WireIssueSeverity = sh::Severity { Low "low", Medium "medium", High "high", Critical "critical" });
wire_enum!(WireRecovery = sh::Recovery {
    RestartSubsystem "restart-subsystem", PauseTrading "pause-trading", DisableModule "disable-module",
    SwitchToSafeProfile "switch-to-safe-profile", ReloadConfig "reload-config",
    FallbackToBackup "fallback-to-backup", CloseAllPositions "close-all-positions", ClearCache "clear-cache",
});
wire_record!(
    WirePartStatus = sh::PartStatus { part: WirePart = "part", status: WireHealth = "status", age_ms: u64 = "age-ms" }
);
wire_record!(WirePerformance = sh::Performance {
    win_rate_7d: Option<f64> = "win-rate-7d", trades_7d: u32 = "trades-7d", losing_streak: u32 = "losing-streak",
});
wire_record!(
    WireIssue = sh::Issue {
        part: WirePart = "part",
        severity: WireIssueSeverity = "severity",
        impacts_trading: bool = "impacts-trading",
        text: String = "text",
    }
);
wire_record!(
    WireRecoveryAction = sh::RecoveryAction {
        action: WireRecovery = "action",
        part: WirePart = "part",
        automatic: bool = "automatic",
        priority: u32 = "priority",
    }
);
wire_record!(WireHealthReport = sh::HealthReport {
    overall: WireHealth = "overall", directive: WireHealingDirective = "directive",
    issues: Vec<WireIssue> = "issues", actions: Vec<WireRecoveryAction> = "actions",
});

wire_record!(WireInputs = co::Inputs {
    universe: Option<WireUniverseReport> = "universe",
    risk: Option<WireRiskReport> = "risk",
    positions: Option<WirePositionReport> = "positions",
    execution: Option<WireExecutionReport> = "execution",
    models: Option<WireModelReport> = "models",
    self_healing: Option<WireSelfHealingReport> = "self-healing",
    amplification: Option<WireAmplificationReport> = "amplification",
    orchestrator: Option<WireOrchestratorReport> = "orchestrator",
    portfolio: Option<WirePortfolioReport> = "portfolio",
    regime_changed: bool = "regime-changed",
    erratic_symbols: Vec<u32> = "erratic-symbols",
    brake_age_ms: Option<u64> = "brake-age-ms",
});
wire_enum!(WireSystemHealth = co::SystemHealth {
    Optimal "optimal", Healthy "healthy", Degraded "degraded", Critical "critical", Emergency "emergency",
});
wire_record!(WireGlobal = co::GlobalDirectives {
    allow_new_trades: bool = "allow-new-trades",
    allow_new_positions: bool = "allow-new-positions",
    enforce_defensive_exits: bool = "enforce-defensive-exits",
    reduce_global_risk: bool = "reduce-global-risk",
    pause_symbols: Vec<u32> = "pause-symbols",
    confidence_threshold: Option<f64> = "confidence-threshold",
    scale_position_sizes: f64 = "scale-position-sizes",
    max_daily_drawdown_pct: Option<f64> = "max-daily-drawdown-pct",
    force_exit_symbols: Vec<u32> = "force-exit-symbols",
});

wasmtime::component::flags! {
    WireCategories {
        #[component(name = "core")]
        const CORE;
        #[component(name = "expansion")]
        const EXPANSION;
        #[component(name = "conditional")]
        const CONDITIONAL;
        #[component(name = "monitoring")]
        const MONITORING;
        #[component(name = "toxic")]
        const TOXIC;
    }
}

impl Twin<co::Categories> for WireCategories {
    fn from_policy(value: &co::Categories) -> Self {
        let mut flags = Self::default();
        for (set, flag) in [
            (value.core, Self::CORE),
            (value.expansion, Self::EXPANSION),
            (value.conditional, Self::CONDITIONAL),
            (value.monitoring, Self::MONITORING),
            (value.toxic, Self::TOXIC),
        ] {
            if set {
                flags |= flag;
            }
        }
        flags
    }

    fn into_policy(self) -> co::Categories {
        let has = |flag| self & flag == flag;
        co::Categories {
            core: has(Self::CORE),
            expansion: has(Self::EXPANSION),
            conditional: has(Self::CONDITIONAL),
            monitoring: has(Self::MONITORING),
            toxic: has(Self::TOXIC),
        }
    }
}

wire_record!(WireUniverseDirectives = co::UniverseDirectives {
    universe_mode: WireUniverseMode = "universe-mode",
    blacklist_symbols: Vec<u32> = "blacklist-symbols",
    whitelist_symbols: Vec<u32> = "whitelist-symbols",
    promote: WireCategories = "promote",
    demote: WireCategories = "demote",
});
wire_record!(
    WireExecutionDirectives = co::ExecutionDirectives {
        order_preference: WirePreference = "order-preference",
        max_slippage_bps: f64 = "max-slippage-bps",
        max_spread_bps: f64 = "max-spread-bps",
        reduce_urgency: bool = "reduce-urgency",
        enforce_limit_orders: bool = "enforce-limit-orders",
        delay_ms: u64 = "delay-ms",
    }
);
wire_record!(WirePortfolioDirectives = co::PortfolioDirectives {
    reduce_exposure_pct: f64 = "reduce-exposure-pct",
    max_position_count: Option<u32> = "max-position-count",
    max_leverage_x: Option<f64> = "max-leverage-x",
    reduce_correlated_positions: bool = "reduce-correlated-positions",
    avoid_expansion_symbols: bool = "avoid-expansion-symbols",
    concentration_limit_pct: f64 = "concentration-limit-pct",
});
wire_record!(WireModelWeight = co::ModelWeight { model: String = "model", weight: f64 = "weight" });
wire_record!(WireModelDirectives = co::ModelDirectives {
    weights: Vec<WireModelWeight> = "weights",
    retrain: Vec<String> = "retrain",
    disable: Vec<String> = "disable",
    confidence_threshold: Option<f64> = "confidence-threshold",
    use_conservative_predictions: bool = "use-conservative-predictions",
});
wire_enum!(WireEmergencyKind = co::EmergencyKind {
    CloseAllPositions "close-all-positions", PauseNewTrades "pause-new-trades",
    ReduceAllPositions "reduce-all-positions", HaltSymbol "halt-symbol", HaltSystem "halt-system",
});
wire_record!(WireEmergencyAction = co::EmergencyAction {
    kind: WireEmergencyKind = "kind",
    symbol: Option<u32> = "symbol",
    fraction: Option<f64> = "fraction",
    duration_ms: Option<u64> = "duration-ms",
    priority: u32 = "priority",
    rationale: String = "rationale",
});
wire_enum!(WireConflictKind = co::ConflictKind {
    RiskUniverseMismatch "risk-universe-mismatch", AmplifyToxic "amplify-toxic",
    MarketAgainstLimit "market-against-limit",
});
wire_enum!(WireConflictSeverity = co::ConflictSeverity {
    Info "info", Warning "warning", Error "error", Critical "critical",
});
wire_record!(
    WireConflict = co::Conflict {
        kind: WireConflictKind = "kind",
        severity: WireConflictSeverity = "severity",
        resolution: String = "resolution",
    }
);
wire_enum!(WireSubsystem = co::Subsystem {
    UniverseOs "universe-os", RiskOs "risk-os", PositionIntelligence "position-intelligence",
    ExecutionLayer "execution-layer", ModelSupervisor "model-supervisor", SelfHealing "self-healing",
    ProfitAmplification "profit-amplification", Orchestrator "orchestrator",
});
wire_enum!(WireSubsystemStatus = co::SubsystemStatus {
    Active "active", Degraded "degraded", Disabled "disabled", Failed "failed", Absent "absent",
});
wire_record!(WireSubsystemState = co::SubsystemState {
    subsystem: WireSubsystem = "subsystem", status: WireSubsystemStatus = "status", score: Option<f64> = "score",
    issues: u32 = "issues",
});
wire_record!(
    WireOpportunity = co::Opportunity {
        symbol: u32 = "symbol",
        priority: u32 = "priority",
        confidence: f64 = "confidence",
        expected_r: f64 = "expected-r",
    }
);
wire_record!(WireCoordination = co::CoordinationAnswer {
    risk_mode: WireRiskMode = "risk-mode",
    health: WireSystemHealth = "health",
    mean_score: Option<f64> = "mean-score",
    global: WireGlobal = "global",
    universe: WireUniverseDirectives = "universe",
    execution: WireExecutionDirectives = "execution",
    portfolio: WirePortfolioDirectives = "portfolio",
    models: WireModelDirectives = "models",
    emergency: Vec<WireEmergencyAction> = "emergency",
    conflicts: Vec<WireConflict> = "conflicts",
    opportunities: Vec<WireOpportunity> = "opportunities",
    states: Vec<WireSubsystemState> = "states",
    summary: String = "summary",
});

wire_enum!(WireModelHealth = me::ModelHealth {
    Healthy "healthy", Degraded "degraded", Critical "critical", InsufficientData "insufficient-data",
});
wire_enum!(WireTrend = me::Trend {
    Improving "improving", Stable "stable", Degrading "degrading", Unknown "unknown",
});
wire_record!(WireModelScore = me::ModelScore {
    model: u32 = "model",
    health: WireModelHealth = "health",
    trend: WireTrend = "trend",
    win_rate: Option<f64> = "win-rate",
    mean_r: Option<f64> = "mean-r",
    calibration: Option<f64> = "calibration",
    weight: f64 = "weight",
    drift: bool = "drift",
});
wire_record!(WireEvaluation = me::Evaluation {
    scores: Vec<WireModelScore> = "scores", biased_side: Option<WireSide> = "biased-side",
});

/// Closed trades by model.
#[derive(Clone, Debug, ComponentType, Lower)]
#[component(record)]
pub struct WireOutcomes<'a> {
    model: &'a [u32],
    confidence: &'a [f64],
    r: &'a [f64],
    #[component(name = "closed-ms")]
    closed_ms: &'a [u64],
    side: Vec<WireSide>,
    regime: Vec<WireRegime>,
}

impl<'a> WireOutcomes<'a> {
    pub(crate) fn of(o: &'a me::Outcomes) -> Self {
        Self {
            model: &o.model,
            confidence: &o.confidence,
            r: &o.r,
            closed_ms: &o.closed_ms,
            side: Twin::from_policy(&o.side),
            regime: Twin::from_policy(&o.regime),
        }
    }
}

wire_enum!(WireTrigger = rt::Trigger {
    Performance "performance", Drift "drift", Time "time", RegimeChange "regime-change", Manual "manual",
});
wire_enum!(WirePriority = rt::Priority { Urgent "urgent", High "high", Medium "medium", Low "low" });
wire_enum!(WireDeployment = rt::Deployment {
    KeepOld "keep-old", DeployImmediately "deploy-immediately", RunCanary "run-canary",
    RequiresReview "requires-review",
});
wire_record!(WireModelHistory = rt::ModelHistory {
    score: WireModelScore = "score",
    name: String = "name",
    deployed_ms: Option<u64> = "deployed-ms",
    trained_in: Option<WireRegime> = "trained-in",
    candidate: Option<WireModelScore> = "candidate",
});
wire_record!(
    WireJob = rt::Job {
        model: u32 = "model",
        trigger: WireTrigger = "trigger",
        priority: WirePriority = "priority",
        window_days: u32 = "window-days",
    }
);
wire_record!(
    WireDeploymentDecision = rt::DeploymentDecision {
        model: u32 = "model",
        decision: WireDeployment = "decision",
        improvement: f64 = "improvement",
    }
);
wire_record!(WirePlan = rt::Plan {
    jobs: Vec<WireJob> = "jobs", deployments: Vec<WireDeploymentDecision> = "deployments",
    estimate_minutes: u32 = "estimate-minutes",
});
