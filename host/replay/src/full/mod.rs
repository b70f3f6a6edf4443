//! What would have followed: the loop runs again on the recorded market, once as it was and once with something changed.
//!
//! Invariants:
//! - **Both runs are made here.** The recorded curve is never compared with a new one: two runs of one host differ only by
//!   what was changed.
//! - **The first run is checked against the journal**, decision by decision; where it differs the report says so.
//! - **The same market or none**: candles, rules and funding have the digests that the journal names.
//! - **The same components**: by digest, from the store or wherever a file has it.

mod components;
mod market;
mod plan;
mod repeated;

use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use bulkhead_config::{Problems, Sources};
use bulkhead_executor::market::choice::{ChoiceError, Chosen};
use bulkhead_journal::{Filter, JournalError, Reader};
use bulkhead_policy::{Mode, Stage};
use bulkhead_sandbox::Sandbox;

pub use components::Places;
pub use market::MarketPlaces;

use crate::{
    course::{Course, CourseError, Outcome, Pace},
    premise::{Premise, PremiseError},
    report::{self, Report},
};

/// What is to be different.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// Components in the place of those recorded, by subsystem.
    pub swaps: Vec<(String, PathBuf)>,
    /// A configuration in the place of the recorded one.
    pub config: Option<Sources>,
    /// Keys laid over it, as `KEY=VALUE`.
    pub set: Vec<String>,
    /// Another stage.
    pub stage: Option<Stage>,
    /// Other modes, by subsystem.
    pub modes: Vec<(String, Mode)>,
}

/// Why there is no full replay.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the message of each variant is its documentation")]
pub enum FullError {
    #[error(transparent)]
    Premise(#[from] PremiseError),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Course(#[from] CourseError),
    #[error(transparent)]
    Choice(#[from] ChoiceError),
    #[error("{0}")]
    Config(#[from] Problems),
    #[error("{0}")]
    Setting(String),
    #[error(
        "the market of this journal is not found: it was recorded from {recorded}; name its folder with --data, or a folder above it with BULKHEAD_DATA; without --full no market is needed"
    )]
    NoMarket { recorded: String },
    #[error(
        "the market in {folder} is not the one of this journal: {what} differ; name the right folder with --data{hint}; without --full no market is needed"
    )]
    OtherMarket { folder: String, what: String, hint: &'static str },
    #[error(
        "subsystem {subsystem}: version {digest} of the recording is in none of {looked}; name the state folder of the host that recorded with --state, or swap it with --swap {subsystem}=FILE"
    )]
    NoComponent { subsystem: String, digest: String, looked: String },
    #[error("{named} is no subsystem of this journal's configuration{hint}; nothing was run")]
    NoSubsystem { named: String, hint: String },
    #[error("the working folder for both runs cannot be made ({0}); free some room in the temporary folder")]
    Folder(std::io::Error),
}

/// A full replay that is ready to begin.
#[derive(Debug)]
pub struct Full {
    journal: PathBuf,
    market: Chosen,
    before: Course,
    after: Course,
    told: report::Told,
}

impl Full {
    /// Finds everything that both runs need, and says what cannot be found.
    ///
    /// # Errors
    /// [`FullError`].
    pub fn prepare(
        journal: &Path,
        wish: &Wish,
        market_places: &MarketPlaces,
        places: &Places,
    ) -> Result<Self, FullError> {
        let reader = Reader::open(journal)?;
        let premise = Premise::read(&reader)?;
        let until_ms = last_ms(&reader)?;
        let market = market::find(&premise.market, market_places)?;
        let plan = plan::make(&premise, wish, places)?;
        let course = |(config, specs)| Course { config, specs, opening: premise.start.account.opening(), until_ms };
        Ok(Self {
            journal: journal.to_owned(),
            market,
            before: course(plan.before),
            after: course(plan.after),
            told: plan.told,
        })
    }

    /// Bars that both runs take in together.
    #[must_use]
    pub fn bars(&self) -> u64 {
        self.market.market.rows() * 2
    }

    /// What limits of a sandbox the runs have.
    #[must_use]
    pub const fn sandbox_config(&self) -> &bulkhead_config::SandboxConfig {
        &self.after.config.sandbox
    }

    /// Runs both, at once where there are two threads for it, and compares.
    ///
    /// # Errors
    /// [`FullError`].
    pub fn run(self, sandbox: &Sandbox, threads: NonZeroUsize, pace: &Pace) -> Result<Report, FullError> {
        let folder = tempfile::tempdir().map_err(FullError::Folder)?;
        let (first, second) = (folder.path().join("before"), folder.path().join("after"));
        let (before, after) = std::thread::scope(|scope| -> Result<(Outcome, Outcome), CourseError> {
            let running = self.before.start(scope, sandbox, &self.market, &first, pace)?;
            if threads.get() == 1 {
                let before = running.end()?;
                let after = self.after.start(scope, sandbox, &self.market, &second, pace)?.end()?;
                return Ok((before, after));
            }
            let also = self.after.start(scope, sandbox, &self.market, &second, pace)?;
            let (before, after) = (running.end(), also.end());
            Ok((before?, after?))
        })?;
        let mut told = self.told;
        told.notes.extend(repeated::note(&self.journal, &before.journal)?);
        Ok(report::of_runs(&self.journal, &self.market, &before, &after, told)?)
    }
}

/// Close of the last bar that the recorded run took in, as far as the journal tells.
fn last_ms(reader: &Reader) -> Result<Option<i64>, JournalError> {
    let latest = Filter { newest_first: true, limit: Some(1), ..Filter::default() };
    let call = reader.calls(&latest)?.first().map(|stored| stored.record.event_time_ms);
    let event = reader.events(&latest)?.first().map(|stored| stored.record.event_time_ms);
    Ok(call.max(event).and_then(|ms| i64::try_from(ms).ok()))
}
