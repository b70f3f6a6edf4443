//! The last steps: state, history, pointer.

use std::{sync::Arc, time::Instant};

use bulkhead_journal::EventKind;
use bulkhead_sandbox::{Instance, Lease, Pool};

use super::{Admitted, Refused, Reloaded, Reloads, Step, Wish, back::pinned_elsewhere};
use crate::{
    Registry,
    call::nanos,
    subsystem::Subsystem,
    version::{BookError, Candidate, Way, short},
    world::{Owners, Version},
};

/// Why a version that passed everything does not come into service after all.
#[derive(Debug)]
pub(super) enum NotSwapped {
    /// Somebody else owns one of its hooks.
    Owned(Owners),
    /// The history was not written.
    Unwritten(BookError),
}

impl From<Owners> for NotSwapped {
    fn from(owners: Owners) -> Self {
        Self::Owned(owners)
    }
}

impl From<BookError> for NotSwapped {
    fn from(error: BookError) -> Self {
        Self::Unwritten(error)
    }
}

impl NotSwapped {
    pub(super) fn explained(self) -> (Step, String) {
        match self {
            Self::Owned(Owners { hook, first, second }) => {
                (Step::Hooks, format!("{hook} has one owner, and both {first} and {second} would answer it"))
            }
            Self::Unwritten(error) => (Step::Swap, error.to_string()),
        }
    }
}

impl Registry {
    /// Gives the new version the state of the old one and swaps. The old instance of a stateful plugin is held from its
    /// snapshot to the swap, so that no decision falls between the two; calls that come meanwhile wait for it, and are
    /// answered by the new version. So what takes its time on the disk comes before and after.
    pub(super) fn hand_over(
        &self,
        slot: &Subsystem,
        reloads: &Reloads,
        admitted: Admitted,
        candidate: &Candidate,
        wish: &Wish,
        way: Way,
    ) -> Result<Reloaded, Refused> {
        let refuse = |step, reason: String| self.refuse(slot, &candidate.file, Some(&candidate.digest), step, reason);
        let mut book = reloads.book.lock();
        // The pin may be younger than this reload.
        if let Some(pinned) = pinned_elsewhere(&book, &admitted.binding.history, candidate) {
            return Err(refuse(Step::Pin, pinned));
        }
        let entry = (admitted.binding.history.as_str(), self.entry(&admitted, &candidate.digest, wish));
        let noted = book.prepare([entry], way).map_err(|error| refuse(Step::Swap, error.to_string()))?;
        let (version, digest) = (admitted.version().to_owned(), candidate.digest.clone());
        let old = self.serving(slot)?;
        let held_since = Instant::now();
        let other = another_plugin(&old, &admitted);
        let (held, forgotten) = match if other { Ok(None) } else { move_state(&old.pool, &admitted.pool) } {
            Ok(held) => (held, other.then(|| "it is another plugin than the one before".to_owned())),
            Err(why) if way == Way::Back => (None, Some(why)),
            Err(why) => return Err(refuse(Step::State, why)),
        };
        let new = Arc::new(admitted.into_version(&self.journal));
        let swapped = self.worlds.change(|world| -> Result<_, NotSwapped> {
            world.serve([(slot.index, Arc::clone(&new))])?;
            Ok(book.commit(noted)?)
        });
        let swap_ns = swapped.map_err(NotSwapped::explained).map_err(|(step, reason)| refuse(step, reason))?;
        if held.is_some() {
            old.pool.hand_over();
        }
        drop(held);
        let held_ns = nanos(held_since);
        if let Err(error) = book.sync() {
            tracing::warn!("{error}");
        }
        drop(book);
        self.came_into_service(slot, &new, way);
        let was = short(old.digest()).to_owned();
        reloads.retired.keep(old);
        let mut text =
            format!("{version} ({}) serves {} in place of {was}: {}", short(&digest), slot.name, wish.reason);
        if let Some(why) = forgotten {
            text = format!("{text}; it begins without a state, because {why}");
        }
        tracing::info!(swap_ns, held_ns, "{text}");
        self.event(self.last_event_ms(), EventKind::PluginLoaded, &wish.actor, text);
        Ok(Reloaded::Serving { digest, version })
    }

    /// What was known of the version before does not count for the new one, and for a while it is watched.
    pub(super) fn came_into_service(&self, slot: &Subsystem, new: &Version, way: Way) {
        self.serve_again(slot);
        slot.note_version();
        slot.listeners.lock().clear();
        let until_ms = self.last_event_ms().saturating_add(self.promotion.watch_ms);
        *slot.trial.lock() = (way == Way::Forward && self.promotion.watch_ms > 0).then_some(until_ms);
        let shadow = slot.shadow.load_full();
        match shadow {
            Some(shadow) if shadow.candidate.digest == new.digest() => self.end_shadow(slot, "host", "it serves now"),
            Some(shadow) => shadow.begin_anew(),
            None => {}
        }
    }
}

/// Whether somebody bound the subsystem to a plugin of another name: it could make nothing of the state.
fn another_plugin(old: &Version, new: &Admitted) -> bool {
    old.binding.file != new.binding.file && old.pool.plugin().description().name != new.identity.plugin
}

/// Gives one pool the state of another, where both keep some. The lease keeps the other from changing it any more.
///
/// # Errors
/// Who failed, and how.
pub(super) fn move_state<'a>(from: &'a Pool, to: &Pool) -> Result<Option<Lease<'a>>, String> {
    if !from.plugin().hands_over() || !to.plugin().hands_over() {
        return Ok(None);
    }
    let mut held = from.lease().map_err(|fault| format!("the serving version is not to be had: {fault}"))?;
    let state = held.with(Instance::snapshot).map_err(|fault| {
        // A fault that is not declared ends an instance, and here the state with it.
        let lost = if held.instance().is_some_and(|i| i.alive()) { "" } else { ", and its state is lost with that" };
        format!("the serving version cannot give its state: {fault}{lost}")
    })?;
    if let Some(state) = state {
        to.restore(&state).map_err(|fault| format!("the candidate cannot take the state: {fault}"))?;
    }
    Ok(Some(held))
}
