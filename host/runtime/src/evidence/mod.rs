//! What journals show of each stage: one pass over each, in memory that does not grow with them.
//!
//! Invariants:
//! - **The market's time.** A day is a day of the recorded market, however fast it was replayed; the same minute recorded
//!   twice is one minute.
//! - **Only records made in a stage speak for it.** What has no stage of its own (an event, an order) belongs to the stage
//!   of the hook call before it.
//! - **Nothing is guessed.** A record whose content cannot be understood is counted as such.

mod day;
mod minutes;
mod pass;
#[cfg(test)]
mod tests;
mod trade;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use bulkhead_journal::{JournalError, Reader, Seq, is_journal};
use bulkhead_policy::{
    Stage,
    activation::{Activation, Criteria, Measured},
};
use serde::{Deserialize, Serialize};

use day::Days;
use pass::Pass;

/// A journal that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalRead {
    /// Its folder.
    pub path: PathBuf,
    /// Records in it.
    pub records: u64,
    /// Where its market came from, in the words of the run that wrote it.
    pub markets: Vec<String>,
}

/// What the journals read so far show.
#[derive(Debug)]
pub struct Evidence {
    days: Days,
    late_ms: u64,
    journals: Vec<JournalRead>,
}

impl Evidence {
    /// Nothing yet. A coordination that comes more than `coordination_late_ms` after the one before it is late.
    #[must_use]
    pub fn new(coordination_late_ms: u64) -> Self {
        Self { days: Days::default(), late_ms: coordination_late_ms, journals: Vec::new() }
    }

    /// Reads a journal from its beginning to where it ends now.
    ///
    /// # Errors
    /// [`JournalError`]; what was read before the damage has been counted.
    pub fn add(&mut self, reader: &Reader) -> Result<(), JournalError> {
        let mut pass = Pass::new(&mut self.days, self.late_ms);
        let read = reader.replay(Seq::NONE, |stored| pass.take(&stored.record));
        // After the pass: it can have met a plugin that came while it read.
        let plugins = reader.plugins()?.into_iter().collect();
        let records = pass.end(&plugins);
        let markets = reader.meta()?.into_iter().filter(|line| line.record.0 == "market").map(|line| line.record.1);
        let mut markets: Vec<String> = markets.collect();
        markets.dedup();
        self.journals.push(JournalRead { path: reader.path().to_owned(), records, markets });
        read
    }

    /// The journals that were read.
    #[must_use]
    pub fn journals(&self) -> &[JournalRead] {
        &self.journals
    }

    /// What was recorded in one stage, over the days that the criteria of the step above it ask for.
    #[must_use]
    pub fn measured(&self, stage: Stage, criteria: &Criteria) -> Measured {
        self.days.measured(stage, criteria)
    }

    /// The same for every stage that can be stepped up from.
    #[must_use]
    pub fn all(&self, activation: &Activation) -> BTreeMap<Stage, Measured> {
        let steps = activation.steps(Stage::Observation, Stage::Autonomy);
        steps.map(|(shown, _, criteria)| (shown, self.measured(shown, criteria))).collect()
    }
}

/// A journal and those beside it in the same folder, by name.
#[must_use]
pub fn journals_beside(journal: &Path) -> Vec<PathBuf> {
    let folder = journal.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    // Named as the host names it: a relative path stays one.
    let others = entries.filter(|entry| Some(entry.file_name().as_os_str()) != journal.file_name());
    let mut all: Vec<PathBuf> = others.map(|entry| entry.path()).filter(|path| is_journal(path)).collect();
    all.push(journal.to_owned());
    all.sort();
    all
}
