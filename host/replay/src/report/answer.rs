//! Answers of hooks: compared as their contracts say, and written as people read them.

use bulkhead_policy::{
    Hook, HookId, Likeness, Limits, for_hook,
    hooks::{confidence, slippage},
    json,
};
use serde_json::Value;

use super::alike::{Answer, alike};
use crate::diff::Names;

/// An answer that is in the journal has passed the limits of its time: here only its form is looked at.
const OPEN: Limits =
    Limits { size_cap: 1e12, loosen_threshold: true, threshold_floor: 0.0, stop_cap: 1e12, add_size_cap: 1e12 };

/// How the second of two answers that took effect stands to the first.
pub(crate) fn likeness(hook: HookId, first: &[u8], second: &[u8]) -> Likeness {
    if first == second {
        return Likeness::Same;
    }
    if let Some(likeness) = alike(hook, Answer::InForce(first), Answer::InForce(second)) {
        return likeness;
    }
    for_hook!(hook, H => match (read::<H>(first), read::<H>(second)) {
        (Some(first), Some(second)) => H::compare(&first, &second),
        _ => Likeness::Other,
    })
}

/// How what a subsystem said would stand to what took effect. Absent: it broke its contract, or cannot be understood.
pub(crate) fn would(hook: HookId, input: &[u8], holds: &[u8], said: &[u8]) -> Option<Likeness> {
    if let Some(likeness) = alike(hook, Answer::InForce(holds), Answer::Said(said)) {
        return Some(likeness);
    }
    for_hook!(hook, H => Some(H::compare(&read::<H>(holds)?, &heard::<H>(input, said)?)))
}

/// How the second of two things said to one question stands to the first.
pub(crate) fn said(hook: HookId, input: &[u8], first: &[u8], second: &[u8]) -> Likeness {
    if first == second {
        return Likeness::Same;
    }
    if let Some(likeness) = alike(hook, Answer::Said(first), Answer::Said(second)) {
        return likeness;
    }
    for_hook!(hook, H => match (heard::<H>(input, first), heard::<H>(input, second)) {
        (Some(first), Some(second)) => H::compare(&first, &second),
        _ => Likeness::Other,
    })
}

/// Whether an answer of this hook can stop the trade that it is about.
pub(crate) const fn can_stop(hook: HookId) -> bool {
    matches!(
        hook,
        HookId::RiskCheck
            | HookId::PortfolioCheck
            | HookId::ConfidenceAdjustment
            | HookId::PositionSizing
            | HookId::SlippageCheck
    )
}

/// Whether what was said, had it been applied, stops the trade that it is about.
pub(crate) fn stops(hook: HookId, input: &[u8], said: &[u8]) -> bool {
    if hook == HookId::ConfidenceAdjustment {
        let asked = postcard::from_bytes::<confidence::Input>(input).ok();
        let threshold = postcard::from_bytes::<f64>(said).ok();
        return asked.zip(threshold).is_some_and(|(asked, threshold)| {
            let confidence = asked.candidate.confidence;
            // What the base threshold stops already is nobody's.
            confidence >= asked.base_threshold.get() && confidence < threshold
        });
    }
    if hook == HookId::SlippageCheck {
        // After the fill nothing can be stopped any more.
        let asked = postcard::from_bytes::<slippage::Execution>(input).ok();
        if asked.is_none_or(|asked| asked.phase == slippage::Phase::Filled) {
            return false;
        }
    }
    for_hook!(hook, H => heard::<H>(input, said).is_some_and(|answer| H::stops_all(&answer)))
}

/// An answer that took effect, as a document.
pub(crate) fn effective(hook: HookId, bytes: &[u8], names: &Names) -> Value {
    for_hook!(hook, H => read::<H>(bytes).and_then(|answer| json::write(&answer).ok()))
        .map_or(Value::Null, |document| named(document, names))
}

/// What a subsystem said, as a document.
pub(crate) fn proposed(hook: HookId, bytes: &[u8], names: &Names) -> Value {
    for_hook!(hook, H => postcard::from_bytes::<<H as Hook>::Raw>(bytes).ok().and_then(|raw| json::write(&raw).ok()))
        .map_or(Value::Null, |document| named(document, names))
}

fn read<H: Hook>(bytes: &[u8]) -> Option<H::Answer> {
    postcard::from_bytes(bytes).ok()
}

fn heard<H: Hook>(input: &[u8], said: &[u8]) -> Option<H::Answer> {
    let input: H::Input = postcard::from_bytes(input).ok()?;
    H::check(&input, postcard::from_bytes(said).ok()?, &OPEN).ok()
}

fn named(mut document: Value, names: &Names) -> Value {
    json::to_names(&mut document, &|id| names.get(&id).map(String::as_str));
    document
}

/// A symbol's name, or its id where it has none.
pub(crate) fn symbol(id: u32, names: &Names) -> String {
    names.get(&id).cloned().unwrap_or_else(|| format!("#{id}"))
}
