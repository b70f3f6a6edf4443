//! Taking a subsystem out after repeated faults, and bringing it or its last good version back.

use std::sync::atomic::Ordering;

use bulkhead_journal::EventKind;
use bulkhead_policy::{
    FaultClass,
    quarantine::{Change, Quarantine, QuarantineRules, Standing},
};

use crate::{Refused, Registry, Wish, subsystem::Subsystem, version::short};

impl Registry {
    /// Takes subsystems out after repeated faults. Without this a fault has no consequence beyond its own call.
    #[must_use]
    pub fn with_quarantine(mut self, rules: QuarantineRules) -> Self {
        for slot in &self.subsystems {
            if self.is_bad(slot) {
                *slot.quarantine.lock() = Quarantine::out(0, &rules);
                slot.out.store(true, Ordering::Release);
            }
        }
        self.quarantine = Some(rules);
        self
    }

    /// What a subsystem may do now. One atomic load while all is well.
    pub(crate) fn standing(&self, slot: &Subsystem, now_ms: u64) -> Standing {
        if slot.out.load(Ordering::Acquire) { slot.quarantine.lock().standing(now_ms) } else { Standing::Serving }
    }

    pub(crate) fn strike(&self, slot: &Subsystem, class: FaultClass, now_ms: u64) {
        let Some(rules) = &self.quarantine else { return };
        let change = slot.quarantine.lock().failed(class, now_ms, rules);
        let Change::TakenOut { until_ms } = change else { return };
        slot.out.store(true, Ordering::Release);
        slot.fallen.store(true, Ordering::Release);
        let digest = slot.serving.load().pool.plugin().digest().to_owned();
        let text = format!(
            "{} ({}) is taken out for {} s after repeated faults ({class}): its safe default is answered",
            slot.name,
            short(&digest),
            until_ms.saturating_sub(now_ms) / 1_000
        );
        tracing::error!("{text}");
        self.event(now_ms, EventKind::Quarantined, "host", text);
    }

    pub(crate) fn probed(&self, slot: &Subsystem, now_ms: u64) {
        let Some(rules) = &self.quarantine else { return };
        if slot.quarantine.lock().answered(rules) == Change::Back {
            slot.out.store(false, Ordering::Release);
            let digest = slot.serving.load().pool.plugin().digest().to_owned();
            self.forgive(slot, &digest);
            let text = format!("{} answered {} probes and serves again", slot.name, rules.probes);
            self.event(now_ms, EventKind::QuarantineEnded, "host", text);
        }
    }

    /// Notes versions that were taken out, and puts the last good ones in their place. Not for the thread of a call.
    pub fn mend(&self) {
        for slot in self.subsystems.iter().filter(|s| s.fallen.swap(false, Ordering::AcqRel)) {
            let Some(reloads) = &self.reloads else { continue };
            let digest = slot.serving.load().pool.plugin().digest().to_owned();
            if let Err(error) = reloads.book.lock().mark(&slot.name, &digest, true) {
                tracing::warn!("{error}");
            }
            let wish = Wish {
                actor: "host".to_owned(),
                reason: format!("{} was taken out after repeated faults", short(&digest)),
                downgrade: true,
            };
            // Without another version it stays out and is probed; the refusal has been told.
            let _ = self.rollback(&slot.name, &wish);
        }
    }

    /// Lets a subsystem serve again at once: an explicit act of a person.
    ///
    /// # Errors
    /// [`Refused`] when there is no such subsystem.
    pub fn release_quarantine(&self, subsystem: &str, wish: &Wish) -> Result<(), Refused> {
        let slot = self.slot(subsystem)?;
        let digest = slot.serving.load().pool.plugin().digest().to_owned();
        self.forgive(slot, &digest);
        self.serve_again(slot);
        let text = format!("{subsystem} released from quarantine: {}", wish.reason);
        self.event(self.last_event_ms(), EventKind::QuarantineEnded, &wish.actor, text);
        Ok(())
    }

    /// A version that has just been put into service begins without strikes.
    pub(crate) fn serve_again(&self, slot: &Subsystem) {
        *slot.quarantine.lock() = Quarantine::default();
        slot.out.store(false, Ordering::Release);
        slot.fallen.store(false, Ordering::Release);
    }

    fn is_bad(&self, slot: &Subsystem) -> bool {
        let digest = slot.serving.load().pool.plugin().digest().to_owned();
        self.reloads.as_ref().is_some_and(|r| r.book.lock().slot(&slot.name).bad.contains(&digest))
    }

    fn forgive(&self, slot: &Subsystem, digest: &str) {
        let Some(reloads) = &self.reloads else { return };
        if let Err(error) = reloads.book.lock().mark(&slot.name, digest, false) {
            tracing::warn!("{error}");
        }
    }
}
