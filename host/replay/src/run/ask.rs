//! Asking a guest once more, and holding what it says against the record.

use std::time::Duration;

use bulkhead_journal::{DecisionRecord, GuestStep};
use bulkhead_policy::{Cause, Context, FaultClass, Outcome, value::tame_text};
use bulkhead_runtime::{again, fold::encode};
use bulkhead_sandbox::{Budget, Fault, Usage, WireHook};

use super::{
    job::{Asked, Stepped},
    lane::Lane,
    proof::{Difference, Proof},
    tell::Teller,
};
use crate::inputs::aged;

/// Time is not replayed: a guest is bounded by fuel alone, and that is a bound.
const AT_LEISURE: Duration = Duration::from_secs(3_600);

/// The recorded budget, without the clock.
pub(crate) const fn budget(recorded: Budget) -> Budget {
    Budget { fuel: recorded.fuel, cpu: AT_LEISURE, wall: AT_LEISURE }
}

/// Asks a hook. Without `compare` only for what the guest remembers.
pub(super) fn hook<H: WireHook>(
    lane: &mut Lane,
    asked: &Asked,
    decision: &DecisionRecord,
    input: &H::Input,
    teller: &Teller<'_>,
    proof: &mut Proof,
    compare: bool,
) {
    let call = &asked.call;
    let context = again::context(call, decision.mode, aged(asked.directives.as_ref(), call.directive));
    let (budget, exact) = (budget(lane.made.setup.budget), lane.exact);
    let (said, usage) = match lane.instance() {
        Ok(instance) => again::ask::<H>(instance, &context, input, &budget),
        Err(fault) => (Err(fault), Usage::default()),
    };
    if !compare {
        return;
    }
    proof.made_again += 1;
    let said = said.map(|raw| encode(&raw));
    if !same(decision, &said) {
        proof.differs(teller.answer::<H>(decision, &said));
    } else if exact && (usage.fuel, usage.memory_bytes) != (decision.fuel, decision.memory_bytes) {
        proof.differs(teller.cost(decision, usage));
    }
}

/// Whether a guest says what it said.
fn same(decision: &DecisionRecord, said: &Result<Vec<u8>, Fault>) -> bool {
    match (&decision.proposed, said) {
        (Some(recorded), Ok(now)) => recorded == now,
        (None, Err(fault)) => Some(fault.class) == fault_of(decision) && decision.fault == Some(as_kept(&fault.text)),
        _ => false,
    }
}

/// A fault's text as a journal keeps it.
pub(super) fn as_kept(text: &str) -> String {
    tame_text(&tame_text(text))
}

fn fault_of(decision: &DecisionRecord) -> Option<FaultClass> {
    match decision.outcome {
        Outcome::Defaulted(Cause::Fault(class)) => Some(class),
        _ => None,
    }
}

/// Asks for a report, and says how it differs.
pub(super) fn report(
    lane: &mut Lane,
    step: &Stepped,
    teller: &Teller<'_>,
    proof: &mut Proof,
    compare: bool,
) -> Option<Difference> {
    let GuestStep::Reported { cycle, stage, mode, risk_mode, directive, report, fault } = &step.record.step else {
        return None;
    };
    if *fault == Some(FaultClass::Deadline) {
        if compare {
            proof.believe(FaultClass::Deadline);
        }
        return None;
    }
    let context = Context {
        event_time_ms: step.record.event_time_ms,
        cycle: *cycle,
        stage: *stage,
        mode: *mode,
        risk_mode: *risk_mode,
        directives: aged(step.directives.as_ref(), *directive),
    };
    let budget = budget(lane.made.setup.budget);
    let said = lane.instance().and_then(|instance| instance.report(&context, &budget));
    let (now, failed) = match said {
        Ok(said) => (Some(encode(&said)), None),
        Err(fault) => (None, Some(fault.class)),
    };
    if !compare {
        return None;
    }
    proof.reports += 1;
    let same = (report, fault) == (&now, &failed);
    (!same).then(|| teller.report((report.as_deref(), *fault), (now.as_deref(), failed)))
}
