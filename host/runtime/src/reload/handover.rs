//! The last steps: state, history, pointer.

use std::{sync::Arc, time::Instant};

use bulkhead_journal::EventKind;
use bulkhead_sandbox::{Instance, Lease, Pool};

use super::{Admitted, Refused, Reloaded, Reloads, Step, Wish, back::pinned_elsewhere};
use crate::{
    Registry,
    subsystem::{Subsystem, Version},
    version::{Candidate, Way, short},
};

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
        let refuse = |step, reason: String| slot.refuse(&candidate.file, Some(&candidate.digest), step, reason);
        let reference = self.journal.intern(&admitted.identity);
        let mut book = reloads.book.lock();
        // The pin may be younger than this reload.
        if let Some(pinned) = pinned_elsewhere(&book, &slot.name, candidate) {
            return Err(refuse(Step::Pin, pinned));
        }
        let entry = self.entry(&admitted, &candidate.digest, wish);
        let noted = book.prepare(&slot.name, entry, way).map_err(|error| refuse(Step::Swap, error.to_string()))?;
        let (version, digest) = (admitted.version().to_owned(), candidate.digest.clone());
        let serving = slot.serving.load_full();
        let held_since = Instant::now();
        let (held, forgotten) = match move_state(&serving.pool, &admitted.pool) {
            Ok(held) => (held, None),
            Err(why) if way == Way::Back => (None, Some(why)),
            Err(why) => return Err(refuse(Step::State, why)),
        };
        book.commit(noted).map_err(|error| refuse(Step::Swap, error.to_string()))?;
        let next = Arc::new(Version { pool: admitted.pool, reference });
        let swapped_at = Instant::now();
        let old = slot.serving.swap(next);
        let swap_ns = nanos(swapped_at);
        self.serve_again(slot);
        if held.is_some() {
            old.pool.hand_over();
        }
        drop(held);
        let held_ns = nanos(held_since);
        drop(serving);
        if let Err(error) = book.sync() {
            tracing::warn!("{error}");
        }
        drop(book);
        *slot.refused.lock() = None;
        let was = short(old.pool.plugin().digest()).to_owned();
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
}

fn nanos(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

/// Gives one pool the state of another, where both keep some. The lease keeps the other from changing it any more.
///
/// # Errors
/// Who failed, and how.
fn move_state<'a>(from: &'a Pool, to: &Pool) -> Result<Option<Lease<'a>>, String> {
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
