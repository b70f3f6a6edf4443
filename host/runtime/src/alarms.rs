//! Strange answers, told to people.

use std::hash::{DefaultHasher, Hasher as _};

use bulkhead_journal::EventKind;
use bulkhead_policy::alarm::{AlarmChange, Heard};
use bulkhead_sandbox::WireHook;

use crate::{Moment, Registry, subsystem::Subsystem};

impl Registry {
    /// Takes in an answer that passed its contract.
    pub(crate) fn listen_for_strangeness<H: WireHook>(
        &self,
        slot: &Subsystem,
        moment: &Moment,
        input: &H::Input,
        said: Option<&[u8]>,
        answer: &H::Answer,
    ) {
        let mut hasher = DefaultHasher::new();
        hasher.write(said.unwrap_or_default());
        let heard = Heard {
            symbol: H::symbol(input),
            answer: hasher.finish(),
            neutral: *answer == H::safe_default(input),
            stops_all: H::stops_all(answer),
        };
        let changes = slot.listeners.lock().entry(H::ID).or_default().hear(heard, &self.alarms);
        for change in changes {
            let (kind, text) = match change {
                AlarmChange::Raised(what) => (EventKind::AlarmRaised, format!("{} on {}: {what}", slot.name, H::ID)),
                AlarmChange::Cleared(what) => {
                    (EventKind::AlarmCleared, format!("{} on {}: no longer {what}", slot.name, H::ID))
                }
            };
            tracing::warn!("{text}");
            self.event(moment.event_time_ms, kind, &slot.name, text);
        }
    }
}
