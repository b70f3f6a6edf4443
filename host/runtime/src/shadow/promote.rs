//! From the shadow into service, on evidence.

use std::fmt;

use bulkhead_journal::EventKind;
use bulkhead_policy::promotion::{PromotionRules, Unmet};

use crate::{Refused, Registry, Reloaded, Wish, subsystem::Subsystem, version::short};

/// A shadow was not promoted. Nothing has changed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PromotionRefused {
    /// There is nobody to promote.
    #[error("{subsystem} has no candidate in its shadow; nothing has changed; put one there first")]
    NoShadow {
        /// Which subsystem.
        subsystem: String,
    },
    /// It has not shown enough.
    #[error(
        "{subsystem}: {} is not promoted: {}; nothing has changed; let it run on, or mend it",
        short(digest),
        Listed(unmet)
    )]
    Unmet {
        /// Which subsystem.
        subsystem: String,
        /// Digest of the shadow.
        digest: String,
        /// Every rule that is not met.
        unmet: Vec<Unmet>,
    },
    /// It was refused on its way into service.
    #[error(transparent)]
    Refused(#[from] Refused),
}

struct Listed<'a>(&'a [Unmet]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, unmet) in self.0.iter().enumerate() {
            write!(f, "{}{unmet}", if n == 0 { "" } else { "; " })?;
        }
        Ok(())
    }
}

impl Registry {
    /// The rules.
    #[must_use]
    pub const fn promotion(&self) -> &PromotionRules {
        &self.promotion
    }

    /// Puts the candidate in the shadow into service, if it has met every rule.
    ///
    /// # Errors
    /// [`PromotionRefused`]; then everything is as it was, and the shadow runs on.
    pub fn promote(&self, subsystem: &str, wish: &Wish) -> Result<Reloaded, PromotionRefused> {
        let slot = self.slot(subsystem)?;
        let done = self.try_promote(slot, wish);
        if let Err(refused) = &done
            && !matches!(refused, PromotionRefused::Refused(_))
        {
            self.event(self.last_event_ms(), EventKind::PluginRefused, &wish.actor, refused.to_string());
        }
        done
    }

    /// Promotes every shadow that has met the rules, where nobody has to be asked. Not for the thread of a call.
    pub fn promote_ready(&self) {
        if !self.promotion.automatic {
            return;
        }
        for slot in &self.subsystems {
            if self.unmet(slot).is_some_and(|unmet| unmet.is_empty()) {
                let wish = Wish {
                    actor: "host".to_owned(),
                    reason: "its shadow met every rule of promotion".to_owned(),
                    downgrade: false,
                };
                // Refused or not: people have been told. What was refused once is refused again: it leaves the shadow.
                if self.try_promote(slot, &wish).is_err() {
                    let _one_at_a_time = slot.reloading.lock();
                    self.end_shadow(slot, "host", "it met the rules of promotion and was refused");
                }
            }
        }
    }

    /// The rules that a shadow does not meet yet. `None`: there is no shadow.
    #[must_use]
    pub fn unmet_by(&self, subsystem: &str) -> Option<Vec<Unmet>> {
        self.unmet(self.find(subsystem)?)
    }

    fn unmet(&self, slot: &Subsystem) -> Option<Vec<Unmet>> {
        let shadow = slot.shadow.load_full()?;
        Some(shadow.evidence().unmet(&self.promotion, slot.spec.budget.fuel))
    }

    fn try_promote(&self, slot: &Subsystem, wish: &Wish) -> Result<Reloaded, PromotionRefused> {
        let subsystem = slot.name.clone();
        let Some(shadow) = slot.shadow.load_full() else { return Err(PromotionRefused::NoShadow { subsystem }) };
        let unmet = shadow.evidence().unmet(&self.promotion, slot.spec.budget.fuel);
        if !unmet.is_empty() {
            return Err(PromotionRefused::Unmet { subsystem, digest: shadow.candidate.digest.clone(), unmet });
        }
        // From the beginning: the state of the serving version is the one to go on with, not the shadow's copy of it.
        Ok(self.reload(&slot.name, &shadow.candidate, wish)?)
    }
}
