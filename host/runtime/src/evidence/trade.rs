//! What became of one trade that hooks were asked about.

use bulkhead_journal::{CallRecord, DecisionRecord};
use bulkhead_policy::{
    Authority, Brake, Disposition, HookId, Outcome, Stage, Verdict, authority, disposition,
    hooks::{confidence, slippage},
    value::{Confidence, SizeUsd},
};

use super::{day::Key, pass::understood};

/// A trade under negotiation: the calls with its correlation follow each other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trade {
    pub(super) key: Key,
    pub(super) correlation: u64,
    /// Stopped by what was applied.
    pub(super) blocked: bool,
    /// Would have been stopped in a higher stage.
    pub(super) held_back: bool,
}

/// What one call means for its trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// It has nothing to do with a trade that is to be made.
    Nothing,
    /// The trade goes on.
    GoOn,
    /// Only the stage lets it go on.
    HeldBack,
    /// It ends here.
    Blocked,
}

/// What a call says of the trade that it is about. `None`: its content cannot be understood.
pub(super) fn said(call: &CallRecord) -> Option<Said> {
    match call.hook {
        HookId::RiskCheck | HookId::PortfolioCheck => veto(call),
        HookId::SlippageCheck => match understood::<slippage::Execution>(&call.input)?.phase {
            slippage::Phase::Estimate => veto(call),
            slippage::Phase::Filled => Some(Said::Nothing),
        },
        HookId::ConfidenceAdjustment => threshold(call),
        HookId::PositionSizing => {
            let size = understood::<SizeUsd>(&call.effective)?;
            Some(if size.get() > 0.0 { Said::GoOn } else { Said::Blocked })
        }
        HookId::OrderTypeSelection => Some(Said::GoOn),
        _ => Some(Said::Nothing),
    }
}

fn veto(call: &CallRecord) -> Option<Said> {
    let verdict = understood::<Verdict>(&call.effective)?;
    Some(if !verdict.allows() {
        Said::Blocked
    } else if call.decisions.iter().any(|d| d.reason.is_some() && only_the_stage(call.hook, d)) {
        Said::HeldBack
    } else {
        Said::GoOn
    })
}

/// A threshold stops what the base threshold lets through.
fn threshold(call: &CallRecord) -> Option<Said> {
    let input = understood::<confidence::Input>(&call.input)?;
    let effective = understood::<Confidence>(&call.effective)?;
    let confidence = input.candidate.confidence;
    if confidence < input.base_threshold.get() {
        // The base logic stops it by itself: nobody has blocked it.
        return Some(Said::Nothing);
    }
    let over = |d: &DecisionRecord| {
        d.proposed.as_deref().and_then(understood::<f64>).is_some_and(|threshold| threshold > confidence)
    };
    Some(if effective.get() > confidence {
        Said::Blocked
    } else if call.decisions.iter().any(|d| only_the_stage(call.hook, d) && over(d)) {
        Said::HeldBack
    } else {
        Said::GoOn
    })
}

/// The answer had no effect, and the subsystem's mode would have given it one.
fn only_the_stage(hook: HookId, decision: &DecisionRecord) -> bool {
    let by_mode: Authority = authority(decision.mode, Stage::Autonomy, hook, Brake::Released);
    matches!(decision.outcome, Outcome::Observed | Outcome::Advised)
        && disposition(by_mode, hook.kind()) == Disposition::Apply
}
