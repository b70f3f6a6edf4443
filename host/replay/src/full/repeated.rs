//! Whether the first run is the recorded one.

use std::path::Path;

use bulkhead_executor::market::time::format_ms;
use bulkhead_journal::{EventKind, Filter, JournalError, Reader};

use crate::report::pairs::Pairs;

/// What a person does to a host while it runs, which no run here repeats.
const BY_PEOPLE: [EventKind; 6] = [
    EventKind::StageChanged,
    EventKind::ModeChanged,
    EventKind::LimitsChanged,
    EventKind::BindingChanged,
    EventKind::ShadowEnded,
    EventKind::BrakeChanged,
];

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
    let meanwhile = Reader::open(recorded)?.events(&Filter::default())?.into_iter().map(|stored| stored.record);
    let meanwhile = meanwhile.filter(|event| BY_PEOPLE.contains(&event.kind) && event.actor != "configuration");
    let said: Vec<String> = meanwhile.map(|event| event.text).take(3).collect();
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
