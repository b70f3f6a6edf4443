//! The last steps: state, history, pointer.

use std::sync::Arc;

use bulkhead_journal::EventKind;

use super::{Admitted, Refused, Reloaded, Reloads, Step, Wish};
use crate::{
    Registry,
    subsystem::{Subsystem, Version},
    version::{Candidate, short},
};

impl Registry {
    /// Gives the new version the state of the old one and swaps. The old instance of a stateful plugin is held from its
    /// snapshot to the swap, so that no decision falls between the two; calls that come meanwhile wait for it.
    pub(super) fn hand_over(
        &self,
        slot: &Subsystem,
        reloads: &Reloads,
        admitted: Admitted,
        candidate: &Candidate,
        wish: &Wish,
    ) -> Result<Reloaded, Refused> {
        let refuse = |step, reason: String| slot.refuse(&candidate.file, Some(&candidate.digest), step, reason);
        let serving = slot.serving.load_full();
        let both_keep_state = serving.pool.plugin().hands_over() && admitted.plugin().hands_over();
        let mut held = None;
        if both_keep_state {
            let mut lease = serving.pool.lease().map_err(|fault| refuse(Step::State, fault.to_string()))?;
            let moved = lease.with(|old| old.snapshot()).and_then(|state| match state {
                Some(state) => admitted.pool.restore(&state),
                None => Ok(()),
            });
            moved.map_err(|fault| refuse(Step::State, fault.to_string()))?;
            held = Some(lease);
        }
        let entry = self.entry(&admitted, &candidate.digest, wish);
        reloads.book.lock().serve(&slot.name, entry).map_err(|error| refuse(Step::Swap, error.to_string()))?;
        let (version, digest) = (admitted.version().to_owned(), candidate.digest.clone());
        let reference = self.journal.intern(&admitted.identity);
        let old = slot.serving.swap(Arc::new(Version { pool: admitted.pool, reference }));
        self.serve_again(slot);
        drop(held);
        drop(serving);
        *slot.refused.lock() = None;
        let was = short(old.pool.plugin().digest()).to_owned();
        reloads.retired.keep(old);
        let text = format!("{version} ({}) serves {} in place of {was}: {}", short(&digest), slot.name, wish.reason);
        tracing::info!("{text}");
        self.event(self.last_event_ms(), EventKind::PluginLoaded, &wish.actor, text);
        self.prune(reloads);
        Ok(Reloaded::Serving { digest, version })
    }

    /// A store that cannot be pruned is too big and harms nobody.
    pub(super) fn prune(&self, reloads: &Reloads) {
        let needed = reloads.book.lock().needed();
        if let Err(error) = reloads.store.prune(&needed) {
            tracing::warn!("{error}");
        }
    }
}
