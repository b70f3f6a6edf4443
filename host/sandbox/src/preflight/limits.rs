//! Amounts of every [`Measure`]: those found in a file, and the most that is accepted.

use super::{Excess, Measure};
use crate::Ceilings;

/// What a file has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Structure {
    found: [u64; Measure::ALL.len()],
}

impl Structure {
    /// How much of this was found.
    #[must_use]
    pub fn found(&self, measure: Measure) -> u64 {
        self.found.get(measure as usize).copied().unwrap_or(0)
    }
}

/// The most that is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreflightLimits {
    most: [u64; Measure::ALL.len()],
}

impl Default for PreflightLimits {
    /// [`Measure::most`] of every measure; memory and tables under the default [`Ceilings`].
    fn default() -> Self {
        Self::under(&Ceilings::default())
    }
}

impl PreflightLimits {
    /// The default limits, with memory and tables under these ceilings.
    #[must_use]
    pub fn under(ceilings: &Ceilings) -> Self {
        Self { most: Measure::ALL.map(Measure::most) }
            .with(Measure::MemoryBytes, ceilings.memory_bytes as u64)
            .with(Measure::TableElements, ceilings.table_elements as u64)
    }

    /// The same with another limit.
    #[must_use]
    pub fn with(mut self, measure: Measure, most: u64) -> Self {
        if let Some(slot) = self.most.get_mut(measure as usize) {
            *slot = most;
        }
        self
    }

    /// How much of this is accepted.
    #[must_use]
    pub fn most(&self, measure: Measure) -> u64 {
        self.most.get(measure as usize).copied().unwrap_or(0)
    }
}

/// Counts, and stops at the first limit that is passed.
#[derive(Debug)]
pub(super) struct Gauge<'a> {
    limits: &'a PreflightLimits,
    structure: Structure,
}

impl<'a> Gauge<'a> {
    pub(super) fn new(limits: &'a PreflightLimits) -> Self {
        Self { limits, structure: Structure { found: [0; Measure::ALL.len()] } }
    }

    /// So much more of it.
    pub(super) fn add(&mut self, measure: Measure, more: u64) -> Result<(), Excess> {
        self.set(measure, self.structure.found(measure).saturating_add(more))
    }

    /// So much of it in one place.
    pub(super) fn peak(&mut self, measure: Measure, height: u64) -> Result<(), Excess> {
        self.set(measure, self.structure.found(measure).max(height))
    }

    fn set(&mut self, measure: Measure, found: u64) -> Result<(), Excess> {
        if let Some(slot) = self.structure.found.get_mut(measure as usize) {
            *slot = found;
        }
        let most = self.limits.most(measure);
        if found > most { Err(Excess { measure, found, most }) } else { Ok(()) }
    }

    pub(super) fn finish(self) -> Structure {
        self.structure
    }
}
