//! The chain of a call, worked out again from what was said.

use bulkhead_journal::DecisionRecord;
use bulkhead_policy::{Cause, Disposition, FaultClass, Hook, Outcome, ReasonCode, disposition};
use bulkhead_runtime::{
    RecordedSetup,
    fold::{Fold, checked, encode},
};

/// What one decision comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Redone {
    pub(crate) outcome: Outcome,
    pub(crate) reason: Option<ReasonCode>,
    pub(crate) effective: Vec<u8>,
    /// How the host refused the answer, in words.
    pub(crate) refused: Option<String>,
}

/// How a decision stands in its call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing<'a> {
    pub(super) setup: &'a RecordedSetup,
    /// Postcard of the answer that may stand in for it.
    pub(super) last_good: Option<&'a [u8]>,
    /// Nobody was asked after it.
    pub(super) last: bool,
}

/// Lets a recorded answer take effect once more.
pub(super) fn redo<H: Hook>(fold: &mut Fold<H>, decision: &DecisionRecord, standing: Standing<'_>) -> Redone {
    let does = disposition(decision.authority, H::ID.kind());
    let limits = standing.setup.limits(H::ID);
    let raw = decision.proposed.as_deref().and_then(|bytes| postcard::from_bytes::<H::Raw>(bytes).ok());
    let (outcome, reason, refused) = match (raw.map(|raw| checked::<H>(&fold.input, raw, &limits)), decision.outcome) {
        (Some(Ok(answer)), recorded) => {
            let outcome = take::<H>(fold, does, &answer, recorded, decision, standing);
            // What a brake cut off is no refusal.
            let counts = outcome != Outcome::Defaulted(Cause::Brake);
            (outcome, H::reasons(&answer).first().copied().filter(|_| counts), None)
        }
        (Some(Err(fault)), _) => {
            fall_back::<H>(fold, does, fault.class, decision, standing);
            let outcome = Outcome::Defaulted(Cause::Fault(fault.class));
            (outcome, None, Some(fault.text))
        }
        (None, recorded) => {
            if let Outcome::Defaulted(Cause::Fault(class)) = recorded {
                fall_back::<H>(fold, does, class, decision, standing);
            }
            (recorded, None, None)
        }
    };
    Redone { outcome, reason, effective: encode(&fold.effective), refused }
}

fn take<H: Hook>(
    fold: &mut Fold<H>,
    does: Disposition,
    answer: &H::Answer,
    recorded: Outcome,
    decision: &DecisionRecord,
    standing: Standing<'_>,
) -> Outcome {
    match recorded {
        Outcome::Defaulted(Cause::Brake) => recorded,
        // Observed where it could have been applied: it was on trial after a fall.
        Outcome::Observed if does == Disposition::Apply => {
            fall_back::<H>(fold, does, FaultClass::Quarantined, decision, standing);
            recorded
        }
        _ => fold.take(does, answer),
    }
}

fn fall_back<H: Hook>(
    fold: &mut Fold<H>,
    does: Disposition,
    class: FaultClass,
    decision: &DecisionRecord,
    standing: Standing<'_>,
) {
    // Under a brake that came during the call nothing stands in. It ends the chain, and no record says more of it.
    if standing.last && encode(&fold.effective) == decision.effective {
        return;
    }
    let on_fault = standing.setup.on_fault(H::ID, decision.authority);
    fold.fall_back(does, on_fault, class, |input| {
        let raw = postcard::from_bytes::<H::Raw>(standing.last_good?).ok()?;
        H::check(input, raw, &standing.setup.limits(H::ID)).ok()
    });
}
