//! Taking a subsystem out after repeated faults, and bringing it or its last good version back.

use std::sync::{Arc, atomic::Ordering};

use bulkhead_journal::EventKind;
use bulkhead_policy::{
    FaultClass,
    quarantine::{Change, Quarantine, QuarantineRules, Standing},
};

use crate::{Refused, Registry, Wish, subsystem::Subsystem, version::short, world::Version};

impl Registry {
    /// Takes subsystems out after repeated faults. Without this a fault has no consequence beyond its own call.
    #[must_use]
    pub fn with_quarantine(mut self, rules: QuarantineRules) -> Self {
        for slot in &self.subsystems {
            if self.serving(slot).is_ok_and(|version| self.is_bad(&version)) {
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

    /// A fault that is the version's own. One that no longer serves is not held against the next.
    pub(crate) fn strike(&self, slot: &Subsystem, version: &Arc<Version>, class: FaultClass, now_ms: u64) {
        let Some(rules) = &self.quarantine else { return };
        if !self.serving(slot).is_ok_and(|serving| Arc::ptr_eq(&serving, version)) {
            return;
        }
        let on_trial = slot.trial.lock().is_some_and(|until_ms| now_ms < until_ms);
        let watched = QuarantineRules {
            strikes: self.promotion.watch_faults.min(rules.strikes),
            window_ms: self.promotion.watch_ms.max(rules.window_ms),
            ..*rules
        };
        let rules = if on_trial { &watched } else { rules };
        let change = slot.quarantine.lock().failed(class, now_ms, rules);
        let Change::TakenOut { until_ms } = change else { return };
        slot.out.store(true, Ordering::Release);
        slot.fallen.store(true, Ordering::Release);
        let text = format!(
            "{} ({}) is taken out for {} s after {} ({class}): its safe default is answered",
            slot.name,
            short(version.digest()),
            until_ms.saturating_sub(now_ms) / 1_000,
            if on_trial { "a fault in its watch period" } else { "repeated faults" },
        );
        tracing::error!("{text}");
        self.event(now_ms, EventKind::Quarantined, "host", text);
    }

    pub(crate) fn probed(&self, slot: &Subsystem, now_ms: u64) {
        let Some(rules) = &self.quarantine else { return };
        if slot.quarantine.lock().answered(rules) == Change::Back {
            slot.out.store(false, Ordering::Release);
            // The history is written by whoever mends, not on the thread of a call.
            slot.recovered.store(true, Ordering::Release);
            let text = format!("{} answered {} probes and serves again", slot.name, rules.probes);
            self.event(now_ms, EventKind::QuarantineEnded, "host", text);
        }
    }

    /// Notes versions that were taken out, and puts the last good ones in their place; forgives those that have come back.
    /// Not for the thread of a call.
    pub fn mend(&self) {
        for slot in &self.subsystems {
            if slot.fallen.swap(false, Ordering::AcqRel) {
                self.bring_back_the_last_good(slot);
            }
            if slot.recovered.swap(false, Ordering::AcqRel)
                && let Ok(version) = self.serving(slot)
            {
                self.mark(&version, false);
            }
        }
    }

    fn bring_back_the_last_good(&self, slot: &Subsystem) {
        let Ok(version) = self.serving(slot) else { return };
        self.mark(&version, true);
        let wish = Wish {
            actor: "host".to_owned(),
            reason: format!("{} was taken out after repeated faults", short(version.digest())),
            downgrade: true,
        };
        // Without another version it stays out and is probed; the refusal has been told.
        let _ = self.rollback(&slot.name, &wish);
    }

    /// Lets a subsystem serve again at once: an explicit act of a person.
    ///
    /// # Errors
    /// [`Refused`] when there is no such subsystem.
    pub fn release_quarantine(&self, subsystem: &str, wish: &Wish) -> Result<(), Refused> {
        let slot = self.slot(subsystem)?;
        self.mark(&*self.serving(slot)?, false);
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
        slot.recovered.store(false, Ordering::Release);
    }

    fn is_bad(&self, version: &Version) -> bool {
        let Some(reloads) = &self.reloads else { return false };
        reloads.book.lock().slot(&version.binding.history).bad.contains(version.digest())
    }

    fn mark(&self, version: &Version, bad: bool) {
        let Some(reloads) = &self.reloads else { return };
        if let Err(error) = reloads.book.lock().mark(&version.binding.history, version.digest(), bad) {
            tracing::warn!("{error}");
        }
    }
}
