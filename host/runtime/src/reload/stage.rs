//! Another stage, and with it other plugins where a subsystem has some of its own for it: all of them or none.
//!
//! Every candidate of the new stage passes the steps of a reload before anything changes. Then stage and versions come
//! into force with one swap of one pointer.

use std::sync::Arc;

use bulkhead_journal::EventKind;
use bulkhead_policy::Stage;
use bulkhead_sandbox::Lease;
use serde_json::json;

use super::{
    Refused, Step, Wish,
    handover::{NotSwapped, move_state},
};
use crate::{
    DialsFileError, Recorded, Registry,
    dials::{Keeping, Set},
    spec::Binding,
    subsystem::Subsystem,
    version::{Candidate, Entry, Way, short},
    world::Version,
};

/// The stage did not change, and nothing else did.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StageError {
    /// A person and a reason are missing.
    #[error("the stage stays {stays}: going up to {wanted} needs a person and a reason; give both")]
    Unexplained {
        /// The stage that holds.
        stays: Stage,
        /// The stage that was asked for.
        wanted: Stage,
    },
    /// The configuration allows no such stage.
    #[error(
        "the stage stays {stays}: {highest} is the highest that the configuration allows; where that is the mainnet, {wanted} is allowed by name with rollout.autonomy_on_mainnet and a new start"
    )]
    TooHigh {
        /// The stage that holds.
        stays: Stage,
        /// The stage that was asked for.
        wanted: Stage,
        /// The highest one.
        highest: Stage,
    },
    /// A plugin of the new stage was refused.
    #[error(
        "the stage stays {stays}, because {wanted} has a plugin that cannot serve: {refused}; to have less at once, engage the brake or lower modes"
    )]
    Refused {
        /// The stage that holds.
        stays: Stage,
        /// The stage that was asked for.
        wanted: Stage,
        /// The first candidate that failed.
        refused: Box<Refused>,
    },
    /// A higher stage would not survive a restart.
    #[error("the stage stays {stays}, because {wanted} cannot be kept: {error}")]
    NotKept {
        /// The stage that holds.
        stays: Stage,
        /// The stage that was asked for.
        wanted: Stage,
        /// What happened.
        error: DialsFileError,
    },
}

/// Why a change of stage stopped.
#[derive(Debug, thiserror::Error)]
enum Stopped {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    NotKept(#[from] DialsFileError),
}

/// A subsystem on its way into another stage.
struct Move<'a> {
    slot: &'a Subsystem,
    candidate: Candidate,
    old: Arc<Version>,
    new: Arc<Version>,
    /// For the history; absent where the same version serves on.
    entry: Option<Entry>,
}

impl Registry {
    /// Goes to another stage. In force for the next decision. A lower one is in force before it is kept, a higher one is
    /// kept before it is in force.
    ///
    /// # Errors
    /// [`StageError`]; then the old stage stays, with all of its plugins.
    pub fn set_stage(&self, stage: Stage, wish: &Wish) -> Result<Recorded, StageError> {
        let _one_at_a_time = self.staging.lock();
        let stays = self.dials().stage;
        if stage == stays {
            return Ok(self.record_stage(stage, wish));
        }
        if stage > stays && (wish.actor.trim().is_empty() || wish.reason.trim().is_empty()) {
            return Err(StageError::Unexplained { stays, wanted: stage });
        }
        if stage > stays.max(self.highest_stage) {
            return Err(StageError::TooHigh { stays, wanted: stage, highest: self.highest_stage });
        }
        let moved = self.try_stage(stage, stage > stays, wish);
        self.prune();
        let recorded = if moved.is_ok() { self.record_stage(stage, wish) } else { Recorded::default() };
        let text = match &moved {
            Ok(swapped) => format!("stage {stays} -> {stage}: {}{swapped}", wish.reason),
            Err(stopped) => format!("stage stays {stays}, {stage} was asked for: {stopped}"),
        };
        tracing::warn!("{text}");
        let states = (json!(stays), json!(self.dials().stage));
        self.changed(EventKind::StageChanged, wish, self.last_event_ms(), text, states, &recorded);
        match moved {
            Ok(_) => Ok(recorded),
            Err(Stopped::Refused(refused)) => {
                Err(StageError::Refused { stays, wanted: stage, refused: Box::new(refused) })
            }
            Err(Stopped::NotKept(error)) => Err(StageError::NotKept { stays, wanted: stage, error }),
        }
    }

    /// Notes the stage that is in force, unless it is noted.
    fn record_stage(&self, stage: Stage, wish: &Wish) -> Recorded {
        let noted = |keeping: Keeping<'_>| keeping.document().stage.as_ref().is_some_and(|set| set.value == stage);
        if self.keeping().is_none_or(noted) {
            return Recorded { lost: self.unrecorded() };
        }
        self.note(|document| document.stage = Some(Set::by(wish, stage, self.last_event_ms())))
    }

    fn try_stage(&self, stage: Stage, up: bool, wish: &Wish) -> Result<String, Stopped> {
        let bound = self.subsystems.iter().map(|slot| (slot, slot.binding(stage)));
        let affected: Vec<_> = bound.filter(|(slot, to)| self.serving(slot).is_ok_and(|v| v.binding != *to)).collect();
        let _no_reload: Vec<_> = affected.iter().map(|(slot, _)| slot.reloading.lock()).collect();
        let _kept = self.reloads.as_ref().map(|reloads| reloads.trying.read());
        let mut moves = Vec::with_capacity(affected.len());
        for (slot, binding) in &affected {
            moves.push(self.prepare(slot, binding, wish).map_err(|refused| self.told(slot, wish, refused))?);
        }
        let mut keeping = self.keeping().filter(|_| up);
        let was = keeping.as_ref().and_then(|keeping| keeping.document().stage.clone());
        if let Some(keeping) = &mut keeping {
            keeping.before(|document| document.stage = Some(Set::by(wish, stage, self.last_event_ms())))?;
        }
        let swapped = self.swap_with_state(stage, &moves, wish);
        if let (Err(_), Some(keeping)) = (&swapped, &mut keeping) {
            // A failure here is tried again, and told until then.
            let _ = keeping.after(|document| document.stage = was);
        }
        drop(keeping);
        swapped?;
        self.let_go_of_directives();
        Ok(moves.into_iter().map(|m| self.settle(m)).collect())
    }

    /// Hands the states over and swaps.
    fn swap_with_state(&self, stage: Stage, moves: &[Move<'_>], wish: &Wish) -> Result<(), Refused> {
        let mut held = Vec::new();
        for m in moves {
            let lease = self.carry_state(m).map_err(|refused| self.told(m.slot, wish, refused))?;
            held.extend(lease.map(|lease| (&m.old.pool, lease)));
        }
        self.swap_stage(stage, moves).map_err(|(step, reason)| match moves.first() {
            Some(m) => self.refuse(m.slot, &m.candidate.file, Some(&m.candidate.digest), step, reason),
            None => Refused::of_host(step, &reason),
        })?;
        for (pool, lease) in held {
            pool.hand_over();
            drop(lease);
        }
        Ok(())
    }

    /// A version for the new stage, made and tested.
    fn prepare<'a>(&self, slot: &'a Subsystem, binding: &Arc<Binding>, wish: &Wish) -> Result<Move<'a>, Refused> {
        let old = self.serving(slot)?;
        let candidate = self.candidate_of(slot, binding)?;
        if candidate.digest == old.digest()
            && binding.config == old.binding.config
            && binding.hooks == old.binding.hooks
        {
            let new = Version { pool: Arc::clone(&old.pool), reference: old.reference, binding: Arc::clone(binding) };
            return Ok(Move { slot, candidate, old, new: Arc::new(new), entry: None });
        }
        self.not_kept_out(slot, binding, &candidate)?;
        let admitted = self.make_ready(slot, &candidate, binding)?;
        let entry = Some(self.entry(&admitted, &candidate.digest, wish));
        let new = Arc::new(admitted.into_version(&self.journal));
        Ok(Move { slot, candidate, old, new, entry })
    }

    /// The pinned version of a binding, or what its file holds.
    fn candidate_of(&self, slot: &Subsystem, binding: &Binding) -> Result<Candidate, Refused> {
        let reloads = self.reloads(slot)?;
        let refuse = |step, reason| self.refuse(slot, &binding.file, None, step, reason);
        match reloads.book.lock().slot(&binding.history).pinned {
            Some(pinned) => reloads.store.get(&pinned).map_err(|error| refuse(Step::Store, error.to_string())),
            None => Candidate::read(&binding.file).map_err(|error| refuse(Step::Read, error.to_string())),
        }
    }

    /// A plugin that goes on in another version keeps what it knows. Another plugin begins with nothing.
    fn carry_state<'m>(&self, m: &'m Move<'_>) -> Result<Option<Lease<'m>>, Refused> {
        let (old, new) = (m.old.pool.plugin(), m.new.pool.plugin());
        if m.entry.is_none() || old.description().name != new.description().name {
            return Ok(None);
        }
        move_state(&m.old.pool, &m.new.pool)
            .map_err(|reason| self.refuse(m.slot, &m.candidate.file, Some(&m.candidate.digest), Step::State, reason))
    }

    /// Stage and versions at once.
    fn swap_stage(&self, stage: Stage, moves: &[Move<'_>]) -> Result<(), (Step, String)> {
        let entered = || moves.iter().filter_map(|m| Some((m.new.binding.history.as_str(), m.entry.clone()?)));
        let mut book = self.reloads.as_ref().filter(|_| entered().next().is_some()).map(|r| r.book.lock());
        let noted = book.as_ref().map(|book| book.prepare(entered(), Way::Forward)).transpose();
        let noted = noted.map_err(|error| (Step::Swap, error.to_string()))?;
        let swapped = self.worlds.change(|world| -> Result<_, NotSwapped> {
            world.stage = stage;
            world.serve(moves.iter().map(|m| (m.slot.index, Arc::clone(&m.new))))?;
            if let Some((book, noted)) = book.as_mut().zip(noted) {
                book.commit(noted)?;
            }
            Ok(())
        });
        swapped.map_err(NotSwapped::explained)?;
        if let Some(Err(error)) = book.map(|book| book.sync()) {
            tracing::warn!("{error}");
        }
        Ok(())
    }

    /// Tidies up after the swap, and says what has changed.
    fn settle(&self, m: Move<'_>) -> String {
        let Move { slot, candidate, old, new, entry } = m;
        if entry.is_none() {
            return String::new();
        }
        self.came_into_service(slot, &new, Way::Forward);
        self.end_shadow(slot, "host", "another stage has another plugin");
        if let Some(reloads) = &self.reloads {
            reloads.retired.keep(old);
        }
        let plugin = new.pool.plugin().description();
        format!("; {} {} ({}) serves {}", plugin.name, plugin.version, short(&candidate.digest), slot.name)
    }
}
