//! One run of the loop over a market, from the first bar to the last, without anybody beside it.
//!
//! Invariants:
//! - **The same twice.** Equal configuration, components and market give equal curves, bit by bit, whatever else the machine
//!   does: no clock decides, fuel alone bounds a call, no upkeep runs beside the loop.
//! - **Any number at once.** A course owns its registry, journal and account; several share engine and market only.

mod curve;
mod outcome;

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::Scope,
    time::Duration,
};

use bulkhead_config::HostConfig;
use bulkhead_executor::{
    account::{AccountBoard, Opening},
    market::{
        choice::Chosen,
        feed::{Feed, ReplayFeed},
    },
    trading::TradingLoop,
    venue::{ClosedPosition, PaperVenue, Venue, VenueError, VenueEvent},
};
use bulkhead_journal::{Journal, JournalError, JournalOptions, Synchronous};
use bulkhead_runtime::{Registry, RuntimeError, SubsystemSpec};
use bulkhead_sandbox::Sandbox;

pub use curve::Curve;
pub use outcome::Outcome;

/// Stack of a course's thread. A guest may use 256 KiB of it, the rest is the host's.
const STACK: usize = 8 << 20;
/// Time that a call gets, by any clock: over it a machine is stopped, not slow.
const PATIENCE: Duration = Duration::from_secs(60);
/// Moments between two looks at whether to stop.
const LOOK_EVERY: u64 = 64;

/// Why a course did not come to its end.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the message of each variant is its documentation")]
pub enum CourseError {
    #[error("{0}")]
    Configuration(String),
    #[error(transparent)]
    Runtime(#[from] RuntimeError),
    #[error(transparent)]
    Venue(#[from] VenueError),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error("the thread of a run does not start ({0}); nothing was changed, try again with fewer threads")]
    Thread(std::io::Error),
    #[error("the run was stopped before its end; nothing was changed")]
    Stopped,
    #[error("a run ended in a panic of the host; nothing was changed; please report it with the journal")]
    Panicked,
}

/// What is run.
#[derive(Clone, Debug)]
pub struct Course {
    /// In force from the first bar on.
    pub config: HostConfig,
    /// The subsystems, with the files of their components.
    pub specs: Vec<SubsystemSpec>,
    /// How the account begins. A paper account that goes on begins with the equity that was left.
    pub opening: Opening,
    /// Bars that close after this are left out, epoch ms UTC. Absent: to the end of the market.
    pub until_ms: Option<i64>,
}

/// How far courses have come, and whether they are to go on.
#[derive(Debug, Default)]
pub struct Pace {
    done: AtomicU64,
    stop: AtomicBool,
}

impl Pace {
    /// Bars taken in by all courses together.
    #[must_use]
    pub fn bars(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// Counts bars that need not be run.
    pub(crate) fn skip(&self, bars: u64) {
        self.done.fetch_add(bars, Ordering::Relaxed);
    }

    /// Ends every course at its next look.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked to stop.
    #[must_use]
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

impl Course {
    /// Runs on a thread of its own. Its journal is made in `journal`, which must not be there yet.
    ///
    /// # Errors
    /// [`CourseError::Thread`]; every other error comes with the outcome.
    pub fn start<'s>(
        &'s self,
        scope: &'s Scope<'s, '_>,
        sandbox: &'s Sandbox,
        market: &'s Chosen,
        journal: &'s Path,
        pace: &'s Pace,
    ) -> Result<Running<'s>, CourseError> {
        let builder = std::thread::Builder::new().name("course".to_owned()).stack_size(STACK);
        let thread = builder.spawn_scoped(scope, move || self.run(sandbox, market, journal, pace));
        Ok(Running(thread.map_err(CourseError::Thread)?))
    }

    /// Runs on this thread, whose stack must have 2 MiB at least.
    ///
    /// # Errors
    /// [`CourseError`]: it could not begin, or was stopped.
    pub fn run(&self, sandbox: &Sandbox, market: &Chosen, journal: &Path, pace: &Pace) -> Result<Outcome, CourseError> {
        // What it leaves is read by the same process and then removed: it need not survive loss of power.
        let options =
            JournalOptions { synchronous: Synchronous::Normal, patience: PATIENCE, ..JournalOptions::default() };
        let ledger = Journal::open(journal, options)?;
        let outcome = self.through(sandbox, market, ledger.clone(), pace);
        ledger.close()?;
        outcome.map(|outcome| Outcome { journal: journal.to_owned(), ..outcome })
    }

    fn through(
        &self,
        sandbox: &Sandbox,
        market: &Chosen,
        ledger: Journal,
        pace: &Pace,
    ) -> Result<Outcome, CourseError> {
        let registry = Arc::new(self.registry(sandbox, market, ledger)?);
        let board = Arc::new(AccountBoard::new(self.config.envelope, market.market.rows()));
        let mut trading = self.trading(&registry, market)?.with_account(Arc::clone(&board), &self.opening);
        let mut feed = ReplayFeed::new(Arc::clone(&market.market));
        let (mut curve, mut trades) = (Curve::default(), Vec::new());
        let mut moments = 0u64;
        while let Some(slice) = feed.next() {
            moments += 1;
            if moments.is_multiple_of(LOOK_EVERY) && pace.stopped() {
                return Err(CourseError::Stopped);
            }
            if self.until_ms.is_some_and(|until| slice.close_ms > until) {
                break;
            }
            let rows = slice.symbol.len() as u64;
            trading.step(&slice);
            curve.push(&board.look());
            trades.extend(trading.venue().events().iter().filter_map(closed));
            pace.done.fetch_add(rows, Ordering::Relaxed);
        }
        trading.end();
        Ok(Outcome { curve, trades, summary: trading.summary(), journal: PathBuf::new() })
    }

    fn registry(&self, sandbox: &Sandbox, market: &Chosen, ledger: Journal) -> Result<Registry, CourseError> {
        let options = self.config.registry_options(&market.instruments);
        let specs = self.specs.iter().cloned().map(unhurried).collect();
        let registry = Registry::new(sandbox, ledger, options, specs)?.with_quarantine(self.config.quarantine);
        let first_ms = market.market.first_ms().and_then(|ms| u64::try_from(ms).ok()).unwrap_or(0);
        let brake = self.config.brake;
        registry.engage(brake, "configuration", &format!("brake = {brake}"), first_ms);
        Ok(registry)
    }

    fn trading(&self, registry: &Arc<Registry>, market: &Chosen) -> Result<TradingLoop<PaperVenue>, CourseError> {
        let mut venue = self.config.venue;
        if let Opening::GoesOn { equity_usd, .. } = self.opening {
            venue.starting_balance_usd = equity_usd;
        }
        let paper = PaperVenue::new(venue, &market.instruments, market.funding.clone())?;
        let (registry, instruments) = (Arc::clone(registry), market.instruments.clone());
        Ok(TradingLoop::new(registry, paper, self.config.trading, instruments, venue.slippage.into()))
    }
}

/// A course on its thread.
#[derive(Debug)]
pub struct Running<'s>(std::thread::ScopedJoinHandle<'s, Result<Outcome, CourseError>>);

impl Running<'_> {
    /// Waits for its end.
    ///
    /// # Errors
    /// [`CourseError`].
    pub fn end(self) -> Result<Outcome, CourseError> {
        self.0.join().unwrap_or(Err(CourseError::Panicked))
    }
}

/// How busy the machine is must change no answer: fuel alone bounds a call.
fn unhurried(mut spec: SubsystemSpec) -> SubsystemSpec {
    spec.budget.cpu = spec.budget.cpu.max(PATIENCE);
    spec.budget.wall = spec.budget.wall.max(PATIENCE);
    spec
}

fn closed(event: &VenueEvent) -> Option<ClosedPosition> {
    match event {
        VenueEvent::PositionClosed(closed) => Some(*closed),
        _ => None,
    }
}
