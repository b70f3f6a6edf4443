//! `describe`, symbols, state and report.

use bulkhead_policy::reports;
use wasmtime::component::{ComponentType, Lift, Lower};

use super::{
    convert::{Twin, wire_enum, wire_record},
    records::{WireHealth, WireRegime},
};

/// Fuel of one hook.
#[derive(Clone, Debug, ComponentType, Lift)]
#[component(record)]
pub(crate) struct WireHookFuel {
    pub(crate) hook: String,
    pub(crate) fuel: u64,
}

/// What a plugin says of itself.
#[derive(Clone, Debug, ComponentType, Lift)]
#[component(record)]
pub(crate) struct WireDescription {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) summary: String,
    #[component(name = "config-schema")]
    pub(crate) config_schema: String,
    pub(crate) fuel: Vec<WireHookFuel>,
    pub(crate) stateful: bool,
}

wire_enum!(WireTier = bulkhead_policy::trade::Tier {
    Core "core", Expansion "expansion", Conditional "conditional", Blacklist "blacklist",
    InsufficientData "insufficient-data",
});

/// One row of the symbol table.
#[derive(Clone, Debug, ComponentType, Lower)]
#[component(record)]
pub(crate) struct WireSymbolInfo<'a> {
    pub(crate) id: u32,
    pub(crate) name: &'a str,
    pub(crate) tick: f64,
    pub(crate) step: f64,
    #[component(name = "min-notional-usd")]
    pub(crate) min_notional_usd: f64,
    pub(crate) sector: &'a str,
    pub(crate) tier: Option<WireTier>,
}

/// A plugin's state.
#[derive(Clone, Debug, ComponentType, Lower, Lift)]
#[component(record)]
pub(crate) struct WireBlob {
    pub(crate) schema: u32,
    pub(crate) bytes: Vec<u8>,
}

wire_enum!(WireDataConfidence = reports::DataConfidence {
    Low "low", Medium "medium", High "high", VeryHigh "very-high",
});
wire_enum!(WireRiskProfile = reports::RiskProfile {
    Normal "normal", Reduced "reduced", NoNewTrades "no-new-trades",
});
wire_enum!(WireExitMode = reports::ExitMode {
    FastTp "fast-tp", TrendFollow "trend-follow", DefensiveTrail "defensive-trail",
});
wire_record!(
    WireUniverseReport = reports::UniverseReport {
        confidence: WireDataConfidence = "confidence",
        symbol_count: u32 = "symbol-count",
        blacklisted: u32 = "blacklisted",
    }
);
wire_record!(
    WireRiskReport = reports::RiskReport {
        brake: bool = "brake",
        daily_drawdown_pct: f64 = "daily-drawdown-pct",
        open_drawdown_pct: f64 = "open-drawdown-pct",
    }
);
wire_record!(
    WirePositionReport = reports::PositionReport { open: u32 = "open", toxic: u32 = "toxic", winners: u32 = "winners" }
);
wire_record!(
    WireExecutionReport = reports::ExecutionReport {
        mean_slippage_bps: f64 = "mean-slippage-bps",
        mean_spread_bps: f64 = "mean-spread-bps",
        fill_rate: f64 = "fill-rate",
    }
);
wire_record!(WireModelReport = reports::ModelReport { accuracy: f64 = "accuracy", degraded: u32 = "degraded" });
wire_record!(
    WireSelfHealingReport = reports::SelfHealingReport {
        overall: WireHealth = "overall",
        critical: u32 = "critical",
        degraded: u32 = "degraded",
    }
);
wire_record!(
    WireAmplificationCandidate = reports::AmplificationCandidate {
        symbol: u32 = "symbol",
        priority: u32 = "priority",
        confidence: f64 = "confidence",
        expected_r: f64 = "expected-r",
        toxic: bool = "toxic",
    }
);
wire_record!(WireAmplificationReport = reports::AmplificationReport {
    candidates: Vec<WireAmplificationCandidate> = "candidates",
});
wire_record!(WireOrchestratorReport = reports::OrchestratorReport {
    regime: Option<WireRegime> = "regime",
    risk_profile: WireRiskProfile = "risk-profile",
    exit_mode: WireExitMode = "exit-mode",
});
wire_record!(
    WirePortfolioReport = reports::PortfolioReport {
        critical_violations: u32 = "critical-violations",
        warnings: u32 = "warnings",
        gross_exposure_pct: f64 = "gross-exposure-pct",
        risk_pct: f64 = "risk-pct",
    }
);

/// What a subsystem tells the coordinator.
#[derive(Clone, Debug, ComponentType, Lift)]
#[component(variant)]
pub(crate) enum WireReport {
    #[component(name = "universe")]
    Universe(WireUniverseReport),
    #[component(name = "risk")]
    Risk(WireRiskReport),
    #[component(name = "positions")]
    Positions(WirePositionReport),
    #[component(name = "execution")]
    Execution(WireExecutionReport),
    #[component(name = "models")]
    Models(WireModelReport),
    #[component(name = "self-healing")]
    SelfHealing(WireSelfHealingReport),
    #[component(name = "amplification")]
    Amplification(WireAmplificationReport),
    #[component(name = "orchestrator")]
    Orchestrator(WireOrchestratorReport),
    #[component(name = "portfolio")]
    Portfolio(WirePortfolioReport),
}

impl WireReport {
    pub(crate) fn into_policy(self) -> reports::SubsystemReport {
        use reports::SubsystemReport as R;
        match self {
            Self::Universe(r) => R::Universe(r.into_policy()),
            Self::Risk(r) => R::Risk(r.into_policy()),
            Self::Positions(r) => R::Positions(r.into_policy()),
            Self::Execution(r) => R::Execution(r.into_policy()),
            Self::Models(r) => R::Models(r.into_policy()),
            Self::SelfHealing(r) => R::SelfHealing(r.into_policy()),
            Self::Amplification(r) => R::Amplification(r.into_policy()),
            Self::Orchestrator(r) => R::Orchestrator(r.into_policy()),
            Self::Portfolio(r) => R::Portfolio(r.into_policy()),
        }
    }
}
