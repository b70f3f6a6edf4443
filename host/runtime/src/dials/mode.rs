//! What a subsystem may do, set while the host runs.

use bulkhead_journal::EventKind;
use bulkhead_policy::Mode;
use serde_json::json;

use super::{Document, Recorded, Set};
use crate::{
    ModeError, Registry, Wish,
    subsystem::Subsystem,
    world::{Owners, World},
};

/// Why a mode that is more does not come into force.
enum NotRaised {
    Owned(Owners),
    Changed(Mode),
}

impl From<Owners> for NotRaised {
    fn from(owners: Owners) -> Self {
        Self::Owned(owners)
    }
}

impl Registry {
    /// Sets a subsystem's mode. In force for the next decision: a coordinator that may no longer enforce takes its
    /// directives down with it. A lower mode is in force before it is kept, a higher one is kept before it is in force.
    ///
    /// # Errors
    /// [`ModeError`]; then nothing has changed.
    pub fn set_mode(
        &self,
        subsystem: &str,
        mode: Mode,
        actor: &str,
        reason: &str,
        now_ms: u64,
    ) -> Result<Recorded, ModeError> {
        let slot = self.find(subsystem).ok_or_else(|| ModeError::Unknown { subsystem: subsystem.to_owned() })?;
        let wish = Wish { actor: actor.to_owned(), reason: reason.to_owned(), downgrade: false };
        let before = self.worlds.now().mode(slot.index);
        let recorded = if mode > before {
            self.raise_mode(slot, mode, &wish, now_ms)?
        } else {
            self.lower_mode(slot, mode, &wish, now_ms)?
        };
        self.let_go_of_directives();
        let text = format!("mode of {subsystem} {before} -> {mode}: {reason}");
        self.changed(EventKind::ModeChanged, &wish, now_ms, text, (json!(before), json!(mode)), &recorded);
        Ok(recorded)
    }

    fn lower_mode(&self, slot: &Subsystem, mode: Mode, wish: &Wish, now_ms: u64) -> Result<Recorded, ModeError> {
        self.worlds.change(|world| world.set_mode(slot.index, mode)).map_err(|owners| owned(slot, owners))?;
        Ok(self.note(|document| {
            // Whoever changed it since records for himself.
            if self.worlds.now().mode(slot.index) == mode {
                document.set_mode(slot, mode, wish, now_ms);
            }
        }))
    }

    fn raise_mode(&self, slot: &Subsystem, mode: Mode, wish: &Wish, now_ms: u64) -> Result<Recorded, ModeError> {
        let subsystem = || slot.name.clone();
        if wish.actor.trim().is_empty() || wish.reason.trim().is_empty() {
            return Err(ModeError::Unexplained { subsystem: subsystem() });
        }
        let mut keeping = self.keeping();
        let before = self.worlds.now().mode(slot.index);
        let mut trial = World::clone(&self.worlds.now());
        trial.set_mode(slot.index, mode).map_err(|owners| owned(slot, owners))?;
        let was = keeping.as_ref().and_then(|keeping| keeping.document().modes.get(&slot.name).cloned());
        if let Some(keeping) = &mut keeping {
            let kept = keeping.before(|document| document.set_mode(slot, mode, wish, now_ms));
            kept.map_err(|error| ModeError::NotKept { subsystem: subsystem(), error })?;
        }
        let raised = self.worlds.change(|world| -> Result<(), NotRaised> {
            match world.mode(slot.index) {
                now if now == before => Ok(world.set_mode(slot.index, mode)?),
                now => Err(NotRaised::Changed(now)),
            }
        });
        let Err(not_raised) = raised else { return Ok(Recorded::default()) };
        if let Some(keeping) = &mut keeping {
            // A failure is tried again, and told until then.
            let _ = keeping.after(|document| {
                document.modes.remove(&slot.name);
                document.modes.extend(was.map(|was| (slot.name.clone(), was)));
            });
        }
        Err(match not_raised {
            NotRaised::Owned(owners) => owned(slot, owners),
            NotRaised::Changed(now) => ModeError::Changed { subsystem: subsystem(), now },
        })
    }
}

impl Document {
    fn set_mode(&mut self, slot: &Subsystem, mode: Mode, wish: &Wish, now_ms: u64) {
        self.modes.insert(slot.name.clone(), Set::by(wish, mode, now_ms));
    }
}

fn owned(slot: &Subsystem, Owners { hook, first, second }: Owners) -> ModeError {
    let owner = if first == slot.name { second } else { first };
    ModeError::Owned { subsystem: slot.name.clone(), hook, owner }
}
