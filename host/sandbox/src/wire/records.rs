//! Enums and small records shared by several hooks.

use bulkhead_policy as policy;
use wasmtime::component::{ComponentType, Lift, Lower};

use super::convert::{Twin, wire_enum, wire_record};

wire_enum!(WireStage = policy::Stage {
    Observation "observation", Partial "partial", Coordination "coordination", Autonomy "autonomy",
});
wire_enum!(WireMode = policy::Mode { Off "off", Observe "observe", Advisory "advisory", Enforced "enforced" });
wire_enum!(WireRiskMode = policy::RiskMode {
    Critical "critical", Safe "safe", Normal "normal", Aggressive "aggressive",
});
wire_enum!(WireSide = policy::Side { Long "long", Short "short" });
wire_enum!(WireRegime = policy::Regime { Trending "trending", Ranging "ranging", Normal "normal" });
wire_enum!(WireVolatility = policy::Volatility { Low "low", Normal "normal", High "high", Extreme "extreme" });
wire_enum!(WireOrderType = policy::trade::OrderType {
    Market "market", Limit "limit", PostOnly "post-only", Iceberg "iceberg", Twap "twap",
});
wire_enum!(WirePreference = policy::directives::OrderPreference { Market "market", Limit "limit", Smart "smart" });
wire_enum!(WireUniverseMode = policy::directives::UniverseMode {
    Safe "safe", Normal "normal", Aggressive "aggressive", Experimental "experimental",
});
wire_enum!(WireHealth = policy::reports::HealthStatus {
    Healthy "healthy", Degraded "degraded", Critical "critical", Failed "failed", Unknown "unknown",
});
wire_enum!(WireUrgency = policy::hooks::classification::Urgency {
    Normal "normal", Elevated "elevated", Urgent "urgent", Critical "critical",
});
wire_enum!(WireReason = policy::ReasonCode {
    KillSwitch "kill-switch", SymbolNotAllowed "symbol-not-allowed", NotionalLimit "notional-limit",
    PriceInvalid "price-invalid", PriceFloor "price-floor", PriceCeiling "price-ceiling", PriceStale "price-stale",
    DailyLossLimit "daily-loss-limit", PositionLimit "position-limit", GrossExposureLimit "gross-exposure-limit",
    MaxLeverage "max-leverage", MaxRiskPct "max-risk-pct", PositionCap "position-cap",
    NewPositionsDisabled "new-positions-disabled", MaxPositions "max-positions", DrawdownLimit "drawdown-limit",
    RiskModeBlocks "risk-mode-blocks", SymbolPaused "symbol-paused",
    CriticalViolations "critical-violations", PositionAlreadyOpen "position-already-open",
    MaxPositionsReached "max-positions-reached", TotalRiskExceeded "total-risk-exceeded",
    InsufficientMargin "insufficient-margin", SymbolConcentration "symbol-concentration",
    SectorConcentration "sector-concentration", NetExposure "net-exposure", Correlation "correlation",
    Blacklisted "blacklisted", LowVolume "low-volume", LowLiquidity "low-liquidity", WideSpread "wide-spread",
    InsufficientData "insufficient-data", NotInUniverse "not-in-universe",
    SlippageCap "slippage-cap", SpreadCap "spread-cap",
    ModelBias "model-bias", ModelDegraded "model-degraded",
    Other "other",
});

wire_record!(
    WireMarket = policy::Market {
        regime: WireRegime = "regime",
        volatility: WireVolatility = "volatility",
        volatility_bps: f64 = "volatility-bps",
        trend: f64 = "trend",
    }
);
wire_record!(
    WireAccount = policy::Account {
        equity_usd: f64 = "equity-usd",
        free_margin_usd: f64 = "free-margin-usd",
        used_margin_usd: f64 = "used-margin-usd",
        daily_drawdown_pct: f64 = "daily-drawdown-pct",
        open_drawdown_pct: f64 = "open-drawdown-pct",
        daily_loss_usd: f64 = "daily-loss-usd",
        gross_exposure_usd: f64 = "gross-exposure-usd",
        net_exposure_usd: f64 = "net-exposure-usd",
        open_risk_usd: f64 = "open-risk-usd",
        open_positions: u32 = "open-positions",
        losing_streak: u32 = "losing-streak",
    }
);
wire_record!(WireDenial = policy::Denial { code: WireReason = "code", text: String = "text" });

/// Answer of a veto hook.
#[derive(Clone, Debug, ComponentType, Lower, Lift)]
#[component(variant)]
pub enum WireVerdict {
    #[component(name = "allow")]
    Allow,
    #[component(name = "deny")]
    Deny(WireDenial),
}

impl WireVerdict {
    pub(crate) fn into_policy(self) -> policy::Verdict {
        match self {
            Self::Allow => policy::Verdict::Allow,
            Self::Deny(denial) => policy::Verdict::Deny(denial.into_policy()),
        }
    }
}
