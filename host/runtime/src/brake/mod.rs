//! The brake: engaged by anybody, released by a person.
//!
//! Invariants:
//! - **Effect before record** when it is engaged: the next decision is braked, whatever becomes of disk and journal.
//! - **Record before effect** when it is released: what cannot be kept is not released.
//! - **Latching.** The stricter state wins, also over a restart; nothing but [`Registry::release`] loosens it.
//! - **No lock before the effect.** State and generation are one atomic value.

mod file;
mod kept;

pub use file::{BrakeFile, BrakeFileError};

use std::sync::Arc;

use bulkhead_journal::EventKind;
use bulkhead_policy::Brake;

use crate::{Dials, Registry};
use kept::Kept;

/// The brake was not released. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseRefused {
    /// Somebody changed it in between.
    #[error(
        "the brake is {brake} at generation {now}, not at {seen}: somebody changed it in between; it is not released; look at it again, then release generation {now}"
    )]
    Changed {
        /// The generation that was to be released.
        seen: u64,
        /// The generation in force.
        now: u64,
        /// The state in force.
        brake: Brake,
    },
    /// The release would not survive a restart.
    #[error("the brake is not released, because that cannot be kept: {0}")]
    NotKept(#[from] BrakeFileError),
}

/// A brake that was engaged and is to be recorded.
#[derive(Clone, Copy, Debug)]
#[must_use = "a brake that is not recorded is forgotten at the next start"]
pub struct Engaged {
    before: Brake,
    now: Dials,
    at_ms: u64,
}

impl Registry {
    /// Lets the brake outlive this host: what an earlier host left engaged is engaged, and so is what cannot be read.
    #[must_use]
    pub fn with_brake_file(mut self, file: BrakeFile) -> Self {
        let found = file.found().clone();
        self.brake_file = Some(file);
        let (_, now) = self.turn(|dials| {
            let brake = dials.brake.stricter(found.brake);
            let braked_since_ms = (brake != Brake::Released).then_some(found.since_ms.unwrap_or(0));
            Some(Dials { brake, brake_generation: found.generation, braked_since_ms, ..*dials })
        });
        if now.brake != Brake::Released {
            let text = format!("brake {} from before this start ({}): {}", now.brake, found.actor, found.reason);
            tracing::warn!("{text}");
            self.event(found.since_ms.unwrap_or(0), EventKind::BrakeChanged, &found.actor, text);
        }
        self
    }

    /// Engages at least `brake`. Never loosens; idempotent. In force for the next decision, and the coordinator's
    /// directives are taken down: under a brake nothing of a plugin has an effect.
    pub fn engage(&self, brake: Brake, actor: &str, reason: &str, now_ms: u64) {
        if let Some(engaged) = self.engage_now(brake, now_ms) {
            self.record_brake(&engaged, actor, reason);
        }
    }

    /// The effect of [`Registry::engage`] alone: no lock, no I/O. What it returns is to be recorded.
    pub fn engage_now(&self, brake: Brake, now_ms: u64) -> Option<Engaged> {
        let (before, now) = self.turn(|dials| {
            let next = dials.brake.stricter(brake);
            (next != dials.brake).then(|| Dials {
                brake: next,
                brake_generation: dials.brake_generation.saturating_add(1),
                braked_since_ms: dials.braked_since_ms.or(Some(now_ms)),
                ..*dials
            })
        });
        let changed = now.brake_generation != before.brake_generation;
        changed.then(|| {
            self.board.clear();
            Engaged { before: before.brake, now, at_ms: now_ms }
        })
    }

    /// Keeps an engaged brake over a restart, and journals it.
    pub fn record_brake(&self, engaged: &Engaged, actor: &str, reason: &str) {
        let text = format!("brake {} -> {}: {reason}", engaged.before, engaged.now.brake);
        tracing::warn!(actor, "{text}");
        self.keep_engaged(&engaged.now, actor, reason);
        self.event(engaged.at_ms, EventKind::BrakeChanged, actor, text);
    }

    /// Releases the brake, whoever engaged it: an explicit act of a person. Where the release cannot be kept, it stays
    /// engaged.
    pub fn release(&self, actor: &str, reason: &str, now_ms: u64) {
        while let Err(ReleaseRefused::Changed { .. }) =
            self.release_at(self.dials().brake_generation, actor, reason, now_ms)
        {}
    }

    /// Releases the brake if it is still as it was seen, so that two people cannot undo each other. Already released at
    /// that generation: nothing happens.
    ///
    /// # Errors
    /// [`ReleaseRefused`]; then it is engaged as before.
    pub fn release_at(&self, generation: u64, actor: &str, reason: &str, now_ms: u64) -> Result<(), ReleaseRefused> {
        let writing = self.brake_file.as_ref().map(BrakeFile::writing);
        let before = self.dials();
        let changed =
            |now: Dials| ReleaseRefused::Changed { seen: generation, now: now.brake_generation, brake: now.brake };
        if before.brake_generation != generation {
            return Err(changed(before));
        }
        if before.brake == Brake::Released {
            return Ok(());
        }
        let next = Dials {
            brake: Brake::Released,
            brake_generation: generation.saturating_add(1),
            braked_since_ms: None,
            ..before
        };
        if let Some(writing) = &writing {
            writing.write(&Kept::of(&next, actor, reason))?;
        }
        let (_, now) = self.turn(|dials| {
            (dials.brake_generation == generation).then_some(Dials {
                brake: Brake::Released,
                brake_generation: next.brake_generation,
                braked_since_ms: None,
                ..*dials
            })
        });
        if now.brake != Brake::Released {
            // Engaged while the release was written. Whoever did it waits for the file; a host that is killed now must not
            // come back released.
            if let Some(writing) = &writing {
                writing.write(&Kept::of(&now, "host", "engaged while a release was written"))?;
            }
            return Err(changed(now));
        }
        drop(writing);
        self.event(now_ms, EventKind::BrakeChanged, actor, format!("brake {} -> released: {reason}", before.brake));
        Ok(())
    }

    fn keep_engaged(&self, engaged: &Dials, actor: &str, reason: &str) {
        let Some(file) = &self.brake_file else { return };
        let writing = file.writing();
        // Who changed it since writes for himself.
        if self.dials().brake_generation != engaged.brake_generation {
            return;
        }
        if let Err(error) = writing.write(&Kept::of(engaged, actor, reason)) {
            tracing::error!("{error}; the brake is engaged all the same");
            let text = format!("{error}; the brake is engaged all the same, but a restart may not know");
            self.event(self.last_event_ms(), EventKind::Note, "host", text);
        }
    }

    /// Changes the dials in one step. Returns them before and after.
    fn turn(&self, how: impl Fn(&Dials) -> Option<Dials>) -> (Dials, Dials) {
        let mut next = self.dials();
        let before = self.dials.rcu(|dials| {
            next = how(dials).unwrap_or(**dials);
            Arc::new(next)
        });
        (*before, next)
    }
}
