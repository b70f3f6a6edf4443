//! A recorded question, asked again: of a candidate before it serves, and of everybody in a replay.

use bulkhead_journal::CallRecord;
use bulkhead_policy::{Context, Directives, Limits, Mode};
use bulkhead_sandbox::{Budget, Fault, Instance, Usage, WireHook};

use crate::fold::checked;

/// What went with a recorded question. The record names the directives; who asks has looked them up.
#[must_use]
pub const fn context(call: &CallRecord, mode: Mode, directives: Option<Directives>) -> Context {
    Context {
        event_time_ms: call.event_time_ms,
        cycle: call.cycle,
        stage: call.stage,
        mode,
        risk_mode: call.risk_mode,
        directives,
    }
}

/// Asks an instance, unchecked. What it logs was logged when the question was new.
///
/// # Errors
/// The [`Fault`], with the usage to be charged.
pub fn ask<H: WireHook>(
    instance: &mut Instance,
    context: &Context,
    input: &H::Input,
    budget: &Budget,
) -> (Result<H::Raw, Fault>, Usage) {
    let said = instance.ask::<H>(context, input, budget);
    drop(instance.take_log());
    said
}

/// Asks an instance and holds the answer against the contract.
///
/// # Errors
/// The [`Fault`]: its own, or the breach.
pub fn ask_checked<H: WireHook>(
    instance: &mut Instance,
    context: &Context,
    input: &H::Input,
    budget: &Budget,
    limits: &Limits,
) -> Result<H::Answer, Fault> {
    ask::<H>(instance, context, input, budget).0.and_then(|raw| checked::<H>(input, raw, limits))
}
