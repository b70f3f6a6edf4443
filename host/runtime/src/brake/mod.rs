//! The brake: engaged by anybody, released by a person.
//!
//! Invariants:
//! - **Effect before record** when it is engaged: the next decision is braked, whatever becomes of disk and journal.
//! - **Record before effect** when it is released: what cannot be kept is not released.
//! - **Latching.** The stricter state wins, also over a restart; nothing but [`Registry::release`] loosens it.
//! - **No lock before the effect.** State and generation are one atomic value.

mod file;
mod kept;
mod words;

pub use file::{BrakeFile, BrakeFileError};
pub use words::BrakeWords;

use std::sync::Arc;

use bulkhead_journal::EventKind;
use bulkhead_policy::Brake;

use crate::Registry;
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
    /// A re-base is part of a release, and there is nothing to release.
    #[error(
        "the brake is released already, so drawdowns are measured as before; they begin anew only with the release of an engaged brake"
    )]
    NothingToRelease,
    /// The release would not survive a restart.
    #[error("the brake is not released, because that cannot be kept: {0}")]
    NotKept(#[from] BrakeFileError),
}

/// The brake as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Braked {
    pub(crate) brake: Brake,
    /// Changes so far, those of earlier runs included where it is kept.
    pub(crate) generation: u64,
    /// When it left `released`, epoch ms of event time.
    pub(crate) since_ms: Option<u64>,
    /// Generation of the latest release that let drawdowns begin anew; 0: none.
    pub(crate) rebased: u64,
}

impl Braked {
    pub(crate) const RELEASED: Self = Self { brake: Brake::Released, generation: 0, since_ms: None, rebased: 0 };
}

/// A brake that was engaged and is to be recorded.
#[derive(Clone, Copy, Debug)]
#[must_use = "a brake that is not recorded is forgotten at the next start"]
pub struct Engaged {
    before: Brake,
    now: Braked,
    at_ms: u64,
}

impl Registry {
    /// Lets the brake outlive this host: what an earlier host left engaged is engaged, and so is what cannot be read.
    #[must_use]
    pub fn with_brake_file(mut self, file: BrakeFile) -> Self {
        let found = file.found().clone();
        self.brake_file = Some(file);
        let (_, now) = self.turn(|braked| {
            let brake = braked.brake.stricter(found.brake);
            let since_ms = (brake != Brake::Released).then_some(found.since_ms.unwrap_or(0));
            Some(Braked { brake, generation: found.generation, since_ms, rebased: found.rebased })
        });
        if now.brake != Brake::Released {
            let text = format!("brake {} from before this start ({}): {}", now.brake, found.actor, found.reason);
            tracing::warn!("{text}");
            self.brake_said(now.generation, &found.actor, &found.reason);
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
        let (before, now) = self.turn(|braked| {
            let next = braked.brake.stricter(brake);
            (next != braked.brake).then(|| Braked {
                brake: next,
                generation: braked.generation.saturating_add(1),
                since_ms: braked.since_ms.or(Some(now_ms)),
                rebased: braked.rebased,
            })
        });
        let changed = now.generation != before.generation;
        changed.then(|| {
            self.board.clear();
            Engaged { before: before.brake, now, at_ms: now_ms }
        })
    }

    /// Keeps an engaged brake over a restart, and journals it. Whether a restart will find it, or what came after it.
    pub fn record_brake(&self, engaged: &Engaged, actor: &str, reason: &str) -> bool {
        let text = format!("brake {} -> {}: {reason}", engaged.before, engaged.now.brake);
        tracing::warn!(actor, "{text}");
        self.brake_said(engaged.now.generation, actor, reason);
        let kept = self.keep_engaged(&engaged.now, actor, reason);
        self.event(engaged.at_ms, EventKind::BrakeChanged, actor, text);
        kept
    }

    /// Releases the brake, whoever engaged it: an explicit act of a person. Where the release cannot be kept, it stays
    /// engaged.
    pub fn release(&self, actor: &str, reason: &str, now_ms: u64) {
        while let Err(ReleaseRefused::Changed { .. }) =
            self.release_at(self.brake.load().generation, actor, reason, now_ms)
        {}
    }

    /// Releases the brake if it is still as it was seen, so that two people cannot undo each other. Already released at
    /// that generation: nothing happens, and it returns false.
    ///
    /// # Errors
    /// [`ReleaseRefused`]; then it is engaged as before.
    pub fn release_at(&self, generation: u64, actor: &str, reason: &str, now_ms: u64) -> Result<bool, ReleaseRefused> {
        self.release_how(generation, false, actor, reason, now_ms)
    }

    /// The same, and drawdowns are measured from the equity of the next look on: while the old ones stand, a release
    /// alone is followed by the next halt at once. Release and re-base are one change: both or neither.
    ///
    /// # Errors
    /// [`ReleaseRefused`]; then it is engaged as before, and drawdowns are measured as before.
    pub fn release_and_rebase(
        &self,
        generation: u64,
        actor: &str,
        reason: &str,
        now_ms: u64,
    ) -> Result<bool, ReleaseRefused> {
        self.release_how(generation, true, actor, reason, now_ms)
    }

    fn release_how(
        &self,
        generation: u64,
        rebase: bool,
        actor: &str,
        reason: &str,
        now_ms: u64,
    ) -> Result<bool, ReleaseRefused> {
        let writing = self.brake_file.as_ref().map(BrakeFile::writing);
        let before = **self.brake.load();
        let changed = |now: Braked| ReleaseRefused::Changed { seen: generation, now: now.generation, brake: now.brake };
        if before.generation != generation {
            return Err(changed(before));
        }
        if before.brake == Brake::Released {
            return if rebase { Err(ReleaseRefused::NothingToRelease) } else { Ok(false) };
        }
        let generation_after = generation.saturating_add(1);
        let rebased = if rebase { generation_after } else { before.rebased };
        let next = Braked { generation: generation_after, rebased, ..Braked::RELEASED };
        if let Some(writing) = &writing {
            writing.write(&Kept::of(&next, actor, reason))?;
        }
        let (_, now) = self.turn(|braked| (braked.generation == generation).then_some(next));
        if now.brake != Brake::Released {
            // Engaged while the release was written. Whoever did it waits for the file; a host that is killed now must not
            // come back released.
            if let Some(writing) = &writing {
                writing.write(&Kept::of(&now, "host", "engaged while a release was written"))?;
            }
            return Err(changed(now));
        }
        drop(writing);
        let anew = if rebase { "; drawdowns begin anew with the equity of the next look" } else { "" };
        let text = format!("brake {} -> released: {reason}{anew}", before.brake);
        self.event(now_ms, EventKind::BrakeChanged, actor, text);
        Ok(true)
    }

    fn keep_engaged(&self, engaged: &Braked, actor: &str, reason: &str) -> bool {
        let Some(file) = &self.brake_file else { return false };
        let writing = file.writing();
        // Who changed it since writes for himself, once this lock is free.
        if self.brake.load().generation != engaged.generation {
            return false;
        }
        let written = writing.write(&Kept::of(engaged, actor, reason));
        if let Err(error) = &written {
            tracing::error!("{error}; the brake is engaged all the same");
            let text = format!("{error}; the brake is engaged all the same, but a restart may not know");
            self.event(self.last_event_ms(), EventKind::Note, "host", text);
        }
        written.is_ok()
    }

    /// Changes the brake in one step. Returns it before and after.
    fn turn(&self, how: impl Fn(&Braked) -> Option<Braked>) -> (Braked, Braked) {
        let mut next = Braked::RELEASED;
        let before = self.brake.rcu(|braked| {
            next = how(braked).unwrap_or(**braked);
            Arc::new(next)
        });
        (*before, next)
    }
}
