//! What an instance has been through, so that another one can be taken through the same.
//!
//! An instance is what its plugin makes of everything that it was given, in that order. Hook calls and reports are told by
//! whoever asks; the rest is noted here until somebody takes it down.

use crate::StateBlob;

/// An entry into the guest beside configuration, symbols, hook calls and reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It tested itself.
    SelfTested,
    /// It was given this state.
    Restored(StateBlob),
    /// Its state was taken, and it went on.
    Snapshot,
}

/// The life of an instance.
#[derive(Debug, Default)]
pub struct Life {
    name: u64,
    turn: u32,
    steps: Vec<(u32, Step)>,
}

/// Steps that are kept for who takes them down. Nobody does for an instance that is never asked.
const MOST_STEPS: usize = 64;

impl Life {
    /// What it is called where its life is recorded; 0 while it has no name.
    #[must_use]
    pub const fn name(&self) -> u64 {
        self.name
    }

    /// Names it.
    pub const fn set_name(&mut self, name: u64) {
        self.name = name;
    }

    /// Entries into the guest so far: configuration and symbols are the first two.
    #[must_use]
    pub const fn turn(&self) -> u32 {
        self.turn
    }

    /// Takes the steps since the last time, each with its turn.
    pub fn take_steps(&mut self) -> Vec<(u32, Step)> {
        std::mem::take(&mut self.steps)
    }

    pub(crate) const fn enter(&mut self) {
        self.turn = self.turn.saturating_add(1);
    }

    pub(crate) fn note(&mut self, step: Step) {
        if self.steps.len() < MOST_STEPS {
            self.steps.push((self.turn, step));
        }
    }
}
