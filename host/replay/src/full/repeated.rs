//! Whether the first run is the recorded one.

use core::ops::ControlFlow;
use std::path::Path;

use bulkhead_executor::market::time::format_ms;
use bulkhead_journal::{EventKind, EventRecord, JournalError, Reader, Record, Seq};

use crate::report::pairs::Pairs;

/// What a person does to a host while it runs, which no run here repeats.
const BY_PEOPLE: [EventKind; 7] = [
    EventKind::StageChanged,
    EventKind::ModeChanged,
    EventKind::LimitsChanged,
    EventKind::BindingChanged,
    EventKind::ShadowEnded,
    EventKind::BrakeChanged,
    EventKind::PluginLoaded,
];

/// How many of these are named.
const TOLD: usize = 3;

/// A sentence where the first run and the journal are not the same, decision for decision.
pub(super) fn note(recorded: &Path, run: &Path) -> Result<Option<String>, JournalError> {
    let pairs = Pairs::walk(recorded, run)?;
    let span = pairs.before.span_ms.unwrap_or((0, 0));
    let changes = pairs.counting.end(span.0, span.1);
    let differ = changes.changed() + changes.reworded() + changes.alone();
    if differ == 0 {
        return Ok(None);
    }
    let first = changes.examples.iter().map(|change| change.time_ms).min();
    let since = first.and_then(|ms| i64::try_from(ms).ok()).map(|ms| format!(", the first at {}", format_ms(ms)));
    let said = meanwhile(recorded)?;
    let why = if said.is_empty() {
        "time limits of calls fire by the clock, and no run here has one".to_owned()
    } else {
        format!("what was done while it was recorded is not repeated ({})", said.join("; "))
    };
    Ok(Some(format!(
        "The run as it was is not the recorded one: {differ} of {} decisions differ{}. Likely because {why}. Both runs that are compared here were made alike.",
        changes.compared() + changes.alone(),
        since.unwrap_or_default()
    )))
}

/// What the configuration and the loop itself do, every run does again; time 0 is the start.
fn is_by_people(event: &EventRecord) -> bool {
    let by_itself = ["configuration", "envelope", "self-healing", "ai-hfos", "host"];
    let brake = event.kind == EventKind::BrakeChanged && by_itself.contains(&event.actor.as_str());
    BY_PEOPLE.contains(&event.kind) && event.event_time_ms > 0 && !brake
}

/// The first things that were done while it was recorded.
fn meanwhile(recorded: &Path) -> Result<Vec<String>, JournalError> {
    let mut said = Vec::new();
    Reader::open(recorded)?.replay(Seq::NONE, |stored| {
        if let Record::Event(event) = stored.record
            && is_by_people(&event)
        {
            said.push(event.text);
        }
        if said.len() < TOLD { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    Ok(said)
}
