//! The envelope's limits in force. A decision reads them with one load, and before every order they are read again.
//!
//! Invariants:
//! - **A tighter limit waits for nothing**: it is in force before it is kept, whatever the disk does.
//! - **A wider one is the release procedure's**: a reason, the generation that was seen, and kept before it is in force.
//! - **No drawdown limit is ever wider than what is configured.**

use std::sync::Arc;

use arc_swap::ArcSwap;
use bulkhead_journal::EventKind;
use bulkhead_policy::envelope::{ChangeRefused, EnvelopeLimits, LimitsChange};
use serde_json::json;

use crate::{
    DialsFileError, Recorded, Registry, Wish,
    dials::{Document, Set},
};

/// The limits as they stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LimitsNow {
    /// In force.
    pub limits: EnvelopeLimits,
    /// In the configuration.
    pub configured: EnvelopeLimits,
    /// Changes so far, starts included. A wider limit names it.
    pub generation: u64,
}

/// How limits are changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Procedure {
    /// None may become wider. Where a generation is given, it is the one that was seen.
    Tighten {
        /// What was seen.
        seen: Option<u64>,
    },
    /// Any may change, but no drawdown limit becomes wider than what is configured. Who may ask for it is for the caller to
    /// decide.
    Release {
        /// What was seen.
        seen: u64,
    },
}

/// Limits that did not change.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LimitsRefused {
    /// Not to be had.
    #[error("{error}; no limit has changed")]
    Refused {
        /// Why.
        error: ChangeRefused,
    },
    /// Wider without the procedure.
    #[error(
        "{error}; no limit has changed; a wider limit needs the release procedure: the role admin, a reason, and the generation that was seen (it is {generation})"
    )]
    Wider {
        /// Which.
        error: ChangeRefused,
        /// In force.
        generation: u64,
    },
    /// Somebody changed them in between.
    #[error(
        "the limits are at generation {now}, not at {seen}: somebody changed them in between, or the host was started anew; no limit has changed; look at them again"
    )]
    Changed {
        /// What was seen.
        seen: u64,
        /// In force.
        now: u64,
    },
    /// A person and a reason are missing.
    #[error("wider limits need a person and a reason; no limit has changed; give both")]
    Unexplained,
    /// It would not survive a restart.
    #[error("no limit has changed, because the wider one cannot be kept: {0}")]
    NotKept(#[from] DialsFileError),
}

/// The limits behind one pointer.
#[derive(Debug)]
pub(crate) struct LimitsBook {
    now: ArcSwap<Limited>,
    configured: EnvelopeLimits,
}

#[derive(Clone, Copy, Debug)]
struct Limited {
    limits: EnvelopeLimits,
    generation: u64,
}

impl LimitsBook {
    pub(crate) fn new(limits: EnvelopeLimits, configured: EnvelopeLimits, generation: u64) -> Self {
        Self { now: ArcSwap::from_pointee(Limited { limits, generation }), configured }
    }

    fn now(&self) -> LimitsNow {
        let Limited { limits, generation } = **self.now.load();
        LimitsNow { limits, configured: self.configured, generation }
    }

    /// Changes them in one step, or not at all. Waits for nobody. Returns what was in force before.
    fn turn(
        &self,
        how: impl Fn(&LimitsNow) -> Result<EnvelopeLimits, LimitsRefused>,
    ) -> Result<LimitsNow, LimitsRefused> {
        loop {
            let before = self.now.load_full();
            let Limited { limits, generation } = *before;
            let was = LimitsNow { limits, configured: self.configured, generation };
            let next = Arc::new(Limited { limits: how(&was)?, generation: generation.saturating_add(1) });
            if Arc::ptr_eq(&self.now.compare_and_swap(&before, next), &before) {
                return Ok(was);
            }
        }
    }
}

impl LimitsNow {
    fn seen(&self, seen: u64) -> Result<(), LimitsRefused> {
        if seen == self.generation {
            return Ok(());
        }
        Err(LimitsRefused::Changed { seen, now: self.generation })
    }

    fn tightened(&self, change: &LimitsChange) -> Result<EnvelopeLimits, LimitsRefused> {
        self.limits.tightened(change).map_err(|error| match error {
            ChangeRefused::Wider { .. } => LimitsRefused::Wider { error, generation: self.generation },
            error => LimitsRefused::Refused { error },
        })
    }
}

impl Registry {
    /// The limits in force, for the next decision.
    #[must_use]
    pub fn limits(&self) -> EnvelopeLimits {
        self.limits.now.load().limits
    }

    /// The limits with what is configured and their generation.
    #[must_use]
    pub fn limits_now(&self) -> LimitsNow {
        self.limits.now()
    }

    /// Changes limits, all of them or none. In force for the next decision.
    ///
    /// # Errors
    /// [`LimitsRefused`]; then nothing has changed.
    pub fn set_limits(
        &self,
        change: &LimitsChange,
        procedure: Procedure,
        wish: &Wish,
    ) -> Result<(LimitsNow, Recorded), LimitsRefused> {
        let done = match procedure {
            Procedure::Tighten { seen } => self.tighten(change, seen, wish),
            // What only tightens waits for nothing, whoever asks for it.
            Procedure::Release { seen } if self.limits().tightened(change).is_ok() => {
                self.tighten(change, Some(seen), wish)
            }
            Procedure::Release { seen } => self.release_limits(change, seen, wish),
        };
        let (kept, was) = match done {
            Ok(done) => done,
            Err(refused) => {
                let text = format!("limits stay: {refused} (asked for: {})", wish.reason);
                self.event(self.last_event_ms(), EventKind::LimitsChanged, &wish.actor, text);
                return Err(refused);
            }
        };
        let now = self.limits.now();
        let said: Vec<String> =
            change.iter().map(|(key, value)| format!("{key} {} -> {value}", was.limits.get(*key))).collect();
        let text = format!("limits: {}: {}", said.join(", "), wish.reason);
        tracing::warn!(actor = wish.actor, "{text}");
        let states = (json!(was.limits), json!(now.limits));
        self.changed(EventKind::LimitsChanged, wish, self.last_event_ms(), text, states, &kept);
        Ok((now, kept))
    }

    fn tighten(
        &self,
        change: &LimitsChange,
        seen: Option<u64>,
        wish: &Wish,
    ) -> Result<(Recorded, LimitsNow), LimitsRefused> {
        let was = self.limits.turn(|now| {
            seen.map_or(Ok(()), |seen| now.seen(seen))?;
            now.tightened(change)
        })?;
        let kept = self.note(|document| document.set_limits(change, &self.limits.now(), wish, self.last_event_ms()));
        Ok((kept, was))
    }

    fn release_limits(
        &self,
        change: &LimitsChange,
        seen: u64,
        wish: &Wish,
    ) -> Result<(Recorded, LimitsNow), LimitsRefused> {
        if wish.actor.trim().is_empty() || wish.reason.trim().is_empty() {
            return Err(LimitsRefused::Unexplained);
        }
        let released = |now: &LimitsNow| {
            now.seen(seen)?;
            now.limits.released(change, &now.configured).map_err(|error| LimitsRefused::Refused { error })
        };
        let mut keeping = self.keeping();
        let before = self.limits.now();
        let next = LimitsNow { limits: released(&before)?, generation: seen.saturating_add(1), ..before };
        let was = keeping.as_ref().map(|keeping| keeping.document().limits.clone());
        if let Some(keeping) = &mut keeping {
            keeping.before(|document| document.set_limits(change, &next, wish, self.last_event_ms()))?;
        }
        let turned = self.limits.turn(released);
        if let (Err(_), Some(keeping)) = (&turned, &mut keeping) {
            // Somebody tightened meanwhile, and waits to record it. A failure here is tried again, and told until then.
            let _ = keeping.after(|document| document.limits = was.unwrap_or_default());
        }
        turned.map(|was| (Recorded::default(), was))
    }
}

impl Document {
    /// Notes those of the changes that are in force: whoever changed one since notes it for himself.
    fn set_limits(&mut self, change: &LimitsChange, now: &LimitsNow, wish: &Wish, event_ms: u64) {
        self.limits_generation = now.generation;
        let mine = change.iter().filter(|(key, value)| now.limits.get(**key) == **value);
        self.limits.extend(mine.map(|(key, value)| (*key, Set::by(wish, *value, event_ms))));
    }
}
