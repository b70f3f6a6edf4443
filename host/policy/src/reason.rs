//! Verdicts and the closed set of reasons.

use serde::{Deserialize, Serialize};

use crate::stage::closed_set;

closed_set! {
    /// Why something was denied. Names are those of the WIT enum.
    ReasonCode in "SCREAMING_SNAKE_CASE" {
        /// The kill switch of a risk plugin.
        KillSwitch = "kill-switch",
        /// Not on the allow-list.
        SymbolNotAllowed = "symbol-not-allowed",
        /// Order too large.
        NotionalLimit = "notional-limit",
        /// Price not finite or not positive.
        PriceInvalid = "price-invalid",
        /// Price under the floor.
        PriceFloor = "price-floor",
        /// Price over the ceiling.
        PriceCeiling = "price-ceiling",
        /// Price too old.
        PriceStale = "price-stale",
        /// Too many losses in 24 h.
        DailyLossLimit = "daily-loss-limit",
        /// Position in the symbol too large.
        PositionLimit = "position-limit",
        /// Gross exposure too large.
        GrossExposureLimit = "gross-exposure-limit",
        /// Leverage too high.
        MaxLeverage = "max-leverage",
        /// Risk of the trade too large a share of equity.
        MaxRiskPct = "max-risk-pct",
        /// Size over the cap.
        PositionCap = "position-cap",
        /// No new positions.
        NewPositionsDisabled = "new-positions-disabled",
        /// Too many positions.
        MaxPositions = "max-positions",
        /// Drawdown too deep.
        DrawdownLimit = "drawdown-limit",
        /// The coordinator's risk mode forbids it.
        RiskModeBlocks = "risk-mode-blocks",
        /// The coordinator paused the symbol.
        SymbolPaused = "symbol-paused",
        /// The portfolio has critical violations.
        CriticalViolations = "critical-violations",
        /// A position in the symbol is open.
        PositionAlreadyOpen = "position-already-open",
        /// The portfolio is full.
        MaxPositionsReached = "max-positions-reached",
        /// Total risk too large.
        TotalRiskExceeded = "total-risk-exceeded",
        /// Not enough free margin.
        InsufficientMargin = "insufficient-margin",
        /// Too much in one symbol.
        SymbolConcentration = "symbol-concentration",
        /// Too much in one sector.
        SectorConcentration = "sector-concentration",
        /// Net exposure too large.
        NetExposure = "net-exposure",
        /// Too correlated with what is held.
        Correlation = "correlation",
        /// On the blacklist.
        Blacklisted = "blacklisted",
        /// Too little traded.
        LowVolume = "low-volume",
        /// Book too thin.
        LowLiquidity = "low-liquidity",
        /// Spread too wide.
        WideSpread = "wide-spread",
        /// Not enough data to judge.
        InsufficientData = "insufficient-data",
        /// Not selected for the universe.
        NotInUniverse = "not-in-universe",
        /// Slippage over the cap.
        SlippageCap = "slippage-cap",
        /// Spread over the cap.
        SpreadCap = "spread-cap",
        /// Models lean too much to one side.
        ModelBias = "model-bias",
        /// The model does badly.
        ModelDegraded = "model-degraded",
        /// Something else: the text explains.
        Other = "other",
    }
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Denial {
    /// Closed reason.
    pub code: ReasonCode,
    /// For people, at most [`crate::value::MAX_TEXT`] bytes.
    pub text: String,
}

/// Answer of a veto hook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Go on.
    Allow,
    /// Stop.
    Deny(Denial),
}

impl Verdict {
    /// Whether the trade may go on.
    #[must_use]
    pub const fn allows(&self) -> bool {
        matches!(self, Self::Allow)
    }

    /// A refusal with a reason.
    #[must_use]
    pub fn deny(code: ReasonCode, text: impl Into<String>) -> Self {
        Self::Deny(Denial { code, text: text.into() })
    }
}
