//! The way back, and standing still: rollback and pin.

use bulkhead_journal::EventKind;

use super::{Refused, Reloaded, Step, Wish};
use crate::{
    Registry,
    subsystem::Subsystem,
    version::{Candidate, VersionBook, Way, short},
};

impl Registry {
    /// Puts the version before the serving one back into service. The one that it replaces is set aside: its file may
    /// stay where it is, and is not put into service again until somebody asks for it with [`Registry::reload_file`].
    ///
    /// # Errors
    /// [`Refused`]; then everything is as it was.
    pub fn rollback(&self, subsystem: &str, wish: &Wish) -> Result<Reloaded, Refused> {
        let slot = self.slot(subsystem)?;
        let previous = self.previous(slot).map_err(|refused| self.told(slot, wish, refused))?;
        self.put(slot, &previous, &Wish { downgrade: true, ..wish.clone() }, Way::Back)
    }

    /// Keeps the serving version whatever the folder holds, or (`false`) lets go of it.
    ///
    /// # Errors
    /// [`Refused`] when the history cannot be written.
    pub fn pin(&self, subsystem: &str, pinned: bool, wish: &Wish) -> Result<(), Refused> {
        let slot = self.slot(subsystem)?;
        let mut book = self.reloads(slot)?.book.lock();
        // Under the book's lock no other version comes into service.
        let serving = self.serving(slot)?;
        let digest = serving.digest().to_owned();
        let text = format!(
            "{subsystem} {} {}: {}",
            if pinned { "pinned to" } else { "let go of" },
            short(&digest),
            wish.reason
        );
        let noted = book.pin(&serving.binding.history, pinned.then_some(digest));
        drop(book);
        noted.map_err(|error| self.refuse(slot, &serving.binding.file, None, Step::Store, error.to_string()))?;
        self.event(self.last_event_ms(), EventKind::Note, &wish.actor, text);
        Ok(())
    }

    /// The version that a subsystem is pinned to.
    #[must_use]
    pub fn pinned(&self, subsystem: &str) -> Option<String> {
        let serving = self.serving(self.find(subsystem)?).ok()?;
        self.reloads.as_ref()?.book.lock().slot(&serving.binding.history).pinned
    }

    fn previous(&self, slot: &Subsystem) -> Result<Candidate, Refused> {
        let reloads = self.reloads(slot)?;
        let history = reloads.book.lock().slot(&self.serving(slot)?.binding.history);
        let missing = |what: String| self.refuse(slot, &self.file_of(slot), None, Step::Store, what);
        let previous = history.previous().ok_or_else(|| missing("no other version served here before".to_owned()))?;
        reloads.store.get(&previous.digest).map_err(|error| missing(error.to_string()))
    }
}

/// The pin that keeps a candidate out, as people are told.
pub(super) fn pinned_elsewhere(book: &VersionBook, history: &str, candidate: &Candidate) -> Option<String> {
    let pinned = book.slot(history).pinned?;
    (pinned != candidate.digest).then(|| format!("the subsystem is pinned to {}", short(&pinned)))
}
