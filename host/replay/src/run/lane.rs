//! An instance on its way through what it was given.

use std::{collections::BTreeMap, sync::Arc};

use bulkhead_journal::{GuestRecord, GuestStep, Seq};
use bulkhead_sandbox::{Fault, Instance, Plugin, StateBlob};

use super::job::{Asked, Stepped};
use crate::inputs::Made;

/// What came before its turn: callers append in another order than they ask.
#[derive(Debug)]
pub(super) enum Waiting {
    Call(Arc<Asked>, usize),
    Step(Arc<Stepped>),
}

impl Waiting {
    pub(super) fn seq(&self) -> Seq {
        match self {
            Self::Call(asked, _) => asked.seq,
            Self::Step(step) => step.seq,
        }
    }
}

/// Records that may wait for one that is missing. Callers overtake each other by a few.
pub(super) const MOST_WAITING: usize = 1_024;

/// An instance, and whose turn it is.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) made: Arc<Made>,
    plugin: Plugin,
    instance: Option<Instance>,
    /// The turn of the next entry.
    pub(super) next: u32,
    /// It went through everything from its birth on, so that fuel and memory are to be the same as well.
    pub(super) exact: bool,
    pub(super) waiting: BTreeMap<u32, Waiting>,
    /// Records of it are missing: it is not followed any more.
    pub(super) lost: bool,
}

/// Whether it is an entry's turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Now,
    Later,
    /// It came before, or never will.
    Never,
}

impl Lane {
    /// Before its birth.
    pub(super) const fn new(made: Arc<Made>, plugin: Plugin) -> Self {
        // Configuration and symbols are the first two.
        Self { made, plugin, instance: None, next: 3, exact: true, waiting: BTreeMap::new(), lost: false }
    }

    /// Whether it remembers from one call to the next.
    pub(super) fn remembers(&self) -> bool {
        self.plugin.description().stateful
    }

    pub(super) const fn turn(&self, turn: u32) -> Turn {
        if self.lost || turn < self.next {
            Turn::Never
        } else if turn == self.next {
            Turn::Now
        } else {
            Turn::Later
        }
    }

    /// The instance, made when it is entered first.
    pub(super) fn instance(&mut self) -> Result<&mut Instance, Fault> {
        let made = match self.instance.take() {
            Some(instance) => instance,
            None => self.made.instance(&self.plugin)?,
        };
        Ok(self.instance.insert(made))
    }

    /// An entry is passed over: what is judged of one that remembers nothing does not need it.
    pub(super) const fn pass_over(&mut self) {
        self.next += 1;
        self.exact = false;
    }

    /// An entry is behind it.
    pub(super) const fn entered(&mut self) {
        self.next += 1;
    }

    /// Takes a step that nothing is compared of.
    pub(super) fn step(&mut self, record: &GuestRecord) -> Result<(), Fault> {
        let instance = self.instance()?;
        match &record.step {
            GuestStep::SelfTested => instance.self_test(),
            GuestStep::Restored { schema, state } => {
                instance.restore(&StateBlob { schema: *schema, bytes: state.clone() })
            }
            // It may refuse; it was entered all the same.
            GuestStep::Snapshot => instance.snapshot().map(drop).or_else(|fault| declared(instance, fault)),
            GuestStep::Born | GuestStep::Reported { .. } => Ok(()),
        }
    }
}

fn declared(instance: &Instance, fault: Fault) -> Result<(), Fault> {
    if instance.alive() { Ok(()) } else { Err(fault) }
}
