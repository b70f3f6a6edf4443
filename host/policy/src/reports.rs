//! What subsystems and the host tell the coordinator.

use serde::{Deserialize, Serialize};

use crate::{Regime, SymbolId, stage::closed_set};

closed_set! {
    /// Health words of the original, normalised. Ordered from best to worst, unknown last.
    HealthStatus {
        /// All well.
        Healthy = "HEALTHY",
        /// Works, not well.
        Degraded = "DEGRADED",
        /// Hardly works.
        Critical = "CRITICAL",
        /// Does not work.
        Failed = "FAILED",
        /// Nobody knows.
        Unknown = "UNKNOWN",
    }
}
closed_set! {
    /// How much data the universe rests on.
    DataConfidence {
        /// Little.
        Low = "LOW",
        /// Some.
        Medium = "MEDIUM",
        /// Much.
        High = "HIGH",
        /// Plenty.
        VeryHigh = "VERY_HIGH",
    }
}
closed_set! {
    /// Risk profile of the orchestrator's policy.
    RiskProfile {
        /// The usual.
        Normal = "NORMAL",
        /// Less.
        Reduced = "REDUCED",
        /// Nothing new.
        NoNewTrades = "NO_NEW_TRADES",
    }
}
closed_set! {
    /// How the orchestrator wants positions left.
    ExitMode {
        /// Take profits fast.
        FastTp = "FAST_TP",
        /// Follow the trend.
        TrendFollow = "TREND_FOLLOW",
        /// Trail tightly.
        DefensiveTrail = "DEFENSIVE_TRAIL",
    }
}

/// State of the universe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UniverseReport {
    /// How much data it rests on.
    pub confidence: DataConfidence,
    /// Symbols in it.
    pub symbol_count: u32,
    /// Symbols shut out.
    pub blacklisted: u32,
}
/// State of risk.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RiskReport {
    /// The host's brake is engaged.
    pub brake: bool,
    /// Percent, >= 0.
    pub daily_drawdown_pct: f64,
    /// Percent, >= 0.
    pub open_drawdown_pct: f64,
}
/// State of the positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PositionReport {
    /// Open now.
    pub open: u32,
    /// Of these, classed TOXIC.
    pub toxic: u32,
    /// Of these, winners.
    pub winners: u32,
}
/// State of execution.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExecutionReport {
    /// Mean slippage of recent fills.
    pub mean_slippage_bps: f64,
    /// Mean spread of recent fills.
    pub mean_spread_bps: f64,
    /// Share of orders filled, 0 to 1.
    pub fill_rate: f64,
}
/// State of the models.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelReport {
    /// 0 to 1.
    pub accuracy: f64,
    /// Models that do badly.
    pub degraded: u32,
}
/// What self-healing found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfHealingReport {
    /// Of the whole system.
    pub overall: HealthStatus,
    /// Parts that are critical.
    pub critical: u32,
    /// Parts that are degraded.
    pub degraded: u32,
}
/// A winner that might be amplified.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct AmplificationCandidate {
    /// Which symbol.
    pub symbol: SymbolId,
    /// 1 is the most important.
    pub priority: u32,
    /// 0 to 100.
    pub confidence: f64,
    /// Expected gain in R.
    pub expected_r: f64,
    /// The position is classed TOXIC.
    pub toxic: bool,
}
/// What profit amplification found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AmplificationReport {
    /// Candidates.
    pub candidates: Vec<AmplificationCandidate>,
}
/// The orchestrator's policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrchestratorReport {
    /// Absent until known.
    pub regime: Option<Regime>,
    /// Its risk profile.
    pub risk_profile: RiskProfile,
    /// Its exit mode.
    pub exit_mode: ExitMode,
}
/// State of the portfolio.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PortfolioReport {
    /// Limits broken.
    pub critical_violations: u32,
    /// Limits nearly broken.
    pub warnings: u32,
    /// Of equity.
    pub gross_exposure_pct: f64,
    /// Of equity.
    pub risk_pct: f64,
}

/// One subsystem's report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubsystemReport {
    /// universe-os
    Universe(UniverseReport),
    /// risk-os
    Risk(RiskReport),
    /// position-intelligence
    Positions(PositionReport),
    /// aelm
    Execution(ExecutionReport),
    /// model-supervisor
    Models(ModelReport),
    /// self-healing
    SelfHealing(SelfHealingReport),
    /// profit-amplification
    Amplification(AmplificationReport),
    /// orchestrator
    Orchestrator(OrchestratorReport),
    /// portfolio-balancer
    Portfolio(PortfolioReport),
}

impl SubsystemReport {
    /// Refuses reports with numbers that are not finite or out of range.
    ///
    /// # Errors
    /// The [`crate::Breach`] of the first bad field.
    pub fn checked(self) -> Result<Self, crate::Breach> {
        use crate::value::in_range;
        match &self {
            Self::Risk(r) => {
                in_range("daily-drawdown-pct", r.daily_drawdown_pct, 0.0, 1e4)?;
                in_range("open-drawdown-pct", r.open_drawdown_pct, 0.0, 1e4)?;
            }
            Self::Execution(r) => {
                in_range("mean-slippage-bps", r.mean_slippage_bps, -1e4, 1e4)?;
                in_range("mean-spread-bps", r.mean_spread_bps, 0.0, 1e4)?;
                in_range("fill-rate", r.fill_rate, 0.0, 1.0)?;
            }
            Self::Models(r) => {
                in_range("accuracy", r.accuracy, 0.0, 1.0)?;
            }
            Self::Amplification(r) => {
                for c in &r.candidates {
                    in_range("confidence", c.confidence, 0.0, 100.0)?;
                    in_range("expected-r", c.expected_r, -100.0, 100.0)?;
                }
            }
            Self::Portfolio(r) => {
                in_range("gross-exposure-pct", r.gross_exposure_pct, 0.0, 1e6)?;
                in_range("risk-pct", r.risk_pct, 0.0, 1e6)?;
            }
            Self::Universe(_) | Self::Positions(_) | Self::SelfHealing(_) | Self::Orchestrator(_) => {}
        }
        Ok(self)
    }
}
