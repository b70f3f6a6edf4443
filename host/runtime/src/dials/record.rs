//! The record of a change, and what is said of one that could not be made.

use std::time::Duration;

use bulkhead_journal::{EventKind, EventRecord, Record};
use serde_json::Value;

use super::{Document, Keeping, Recorded};
use crate::{Registry, Wish};

/// Time between two tries to write what could not be written.
const AGAIN: Duration = Duration::from_secs(1);

impl Registry {
    /// The right to change what is kept of the dials, where something is.
    pub(crate) fn keeping(&self) -> Option<Keeping<'_>> {
        self.dials_file.as_ref().map(|file| file.lock())
    }

    /// Records what is in force already.
    pub(crate) fn note(&self, change: impl FnOnce(&mut Document)) -> Recorded {
        let Some(mut keeping) = self.keeping() else { return Recorded::default() };
        let lost = keeping.after(change).err().map(|error| {
            tracing::error!("{error}; the change is in force, and a restart would not know of it");
            format!("{error}; the change is in force, and a restart now would lose it; it is tried again every second")
        });
        Recorded { lost }
    }

    /// What a restart would lose, if anything: one sentence.
    #[must_use]
    pub fn unrecorded(&self) -> Option<String> {
        let (_, error) = self.dials_file.as_ref()?.unwritten()?;
        Some(format!("{error}; what was set since is in force, and a restart would lose it"))
    }

    /// Tries again to write what could not be written. Not for the thread of a call.
    pub(crate) fn record_again(&self) {
        let Some(file) = &self.dials_file else { return };
        let due = file.unwritten().is_some_and(|(tried, _)| tried.elapsed() >= AGAIN);
        // Whoever has the document writes it.
        if due && file.try_lock().is_some_and(|keeping| keeping.again().is_ok()) {
            let text = "the dials are on the disk again, with all that was set meanwhile".to_owned();
            tracing::warn!("{text}");
            self.event(self.last_event_ms(), EventKind::Note, "host", text);
        }
    }

    /// What people should know of how this start was settled: a sentence each.
    #[must_use]
    pub fn settled(&self) -> &[String] {
        &self.settled
    }

    /// Journals a change with what was and what is.
    pub(crate) fn changed(
        &self,
        kind: EventKind,
        wish: &Wish,
        at_ms: u64,
        text: String,
        states: (Value, Value),
        recorded: &Recorded,
    ) {
        let (old, new) = states;
        let kept = recorded.lost.is_none();
        let data = serde_json::json!({ "old": old, "new": new, "reason": wish.reason, "kept": kept });
        self.journal.append(Record::Event(EventRecord {
            event_time_ms: at_ms,
            kind,
            actor: wish.actor.clone(),
            text,
            data: data.to_string(),
        }));
    }
}
