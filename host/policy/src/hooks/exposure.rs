//! Hook 10: exposure and its violations. One owner. The neutral report says nothing, and nothing is not zero.

use serde::{Deserialize, Serialize};

use crate::{
    Account, Breach, Hook, HookId, Limits, Positions, ReasonCode, Returns, RiskMode, SymbolId,
    stage::closed_set,
    value::{finite, in_range},
};

/// Marker of the hook.
pub struct ExposureCheck;

closed_set! {
    /// How bad a violation is.
    Severity {
        /// Near the limit.
        Warning = "WARNING",
        /// Over it.
        Critical = "CRITICAL",
    }
}

/// A limit that is broken or nearly.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Violation {
    /// Which limit.
    pub code: ReasonCode,
    /// How bad.
    pub severity: Severity,
    /// Where, if in one symbol.
    pub symbol: Option<SymbolId>,
    /// What was measured.
    pub value: f64,
    /// The limit.
    pub limit: f64,
}

/// What the owner measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExposureReport {
    /// Of equity.
    pub gross_exposure_pct: f64,
    /// Of equity, signed.
    pub net_exposure_pct: f64,
    /// Of equity.
    pub risk_pct: f64,
    /// What the owner would set.
    pub risk_mode: RiskMode,
    /// Limits broken.
    pub violations: Vec<Violation>,
}

/// Input of the hook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// Open positions.
    pub positions: Positions,
    /// The account.
    pub account: Account,
    /// Of what is open.
    pub returns: Returns,
}

impl Hook for ExposureCheck {
    const ID: HookId = HookId::ExposureCheck;
    type Input = Input;
    type Raw = ExposureReport;
    /// `None`: unknown.
    type Answer = Option<ExposureReport>;

    fn safe_default(_: &Input) -> Option<ExposureReport> {
        None
    }

    fn check(input: &Input, raw: ExposureReport, _: &Limits) -> Result<Option<ExposureReport>, Breach> {
        in_range("gross-exposure-pct", raw.gross_exposure_pct, 0.0, 1e6)?;
        in_range("net-exposure-pct", raw.net_exposure_pct, -1e6, 1e6)?;
        in_range("risk-pct", raw.risk_pct, 0.0, 1e6)?;
        for v in &raw.violations {
            finite("violation.value", v.value)?;
            finite("violation.limit", v.limit)?;
            if let Some(symbol) = v.symbol.filter(|s| !input.positions.symbols.contains(s)) {
                return Err(Breach::ForeignSymbol { field: "violation.symbol".to_owned(), symbol });
            }
        }
        Ok(Some(raw))
    }

    fn combine(_: Self::Answer, next: Self::Answer) -> Self::Answer {
        next
    }

    fn reasons(answer: &Self::Answer) -> Vec<ReasonCode> {
        answer.iter().flat_map(|r| r.violations.iter().map(|v| v.code)).collect()
    }
}
