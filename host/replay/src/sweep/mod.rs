//! A grid of configurations over one market, on all cores.
//!
//! Invariants:
//! - **Everything is checked before anything runs**: every configuration of the grid is loaded first.
//! - **The same ranking, whatever the number of threads**: a course knows no clock, and rows carry no host times.
//! - **What is done is kept**, where a folder is given: a sweep that was stopped goes on where it was.
//! - **One that fails is a row with its reason**; the others go on.

mod grid;
mod rank;
mod row;

use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use bulkhead_config::{HostConfig, Problems, Sources, load};
use bulkhead_executor::{account::Opening, market::choice::Chosen};
use bulkhead_runtime::version::digest_of;
use bulkhead_sandbox::Sandbox;
use serde::Serialize;

pub use grid::{Axis, Grid, GridError, MOST};
pub use rank::By;
pub use row::{Row, RowFigures};

use crate::{
    course::{Course, CourseError, Pace},
    report::MarketLine,
};

/// Why a sweep did not begin, or did not end.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the message of each variant is its documentation")]
pub enum SweepError {
    #[error(transparent)]
    Grid(#[from] GridError),
    #[error("combination {cell} ({set}): {problems}")]
    Config { cell: usize, set: String, problems: Problems },
    #[error("combination {cell} ({set}): {problem}; nothing was run")]
    Setting { cell: usize, set: String, problem: String },
    #[error(transparent)]
    Course(#[from] CourseError),
    #[error("{} cannot be used to keep what is done ({error}); give another folder", folder.display())]
    Folder { folder: PathBuf, error: std::io::Error },
}

/// A sweep that is ready to run.
#[derive(Debug)]
pub struct Sweep {
    grid: Grid,
    market: Chosen,
    cells: Vec<(Course, Row)>,
    keep: Option<PathBuf>,
}

/// What came of it.
#[derive(Clone, Debug, Serialize)]
pub struct Swept {
    /// The keys that varied.
    pub axes: Vec<Axis>,
    /// What ranks.
    pub by: By,
    /// The market.
    pub market: MarketLine,
    /// The best first.
    pub rows: Vec<Row>,
    /// Rows that an earlier sweep had done.
    #[serde(skip)]
    pub found: usize,
}

impl Sweep {
    /// Loads every configuration, and what was done before.
    ///
    /// # Errors
    /// [`SweepError`] names the first combination that is not sound.
    pub fn prepare(
        grid: Grid,
        base: &Sources,
        market: Chosen,
        plugins: &Path,
        keep: Option<PathBuf>,
    ) -> Result<Self, SweepError> {
        if let Some(folder) = &keep {
            std::fs::create_dir_all(folder).map_err(|error| SweepError::Folder { folder: folder.clone(), error })?;
        }
        let identity = serde_json::to_string(&market.identity()).unwrap_or_default();
        let mut components = std::collections::BTreeMap::new();
        let mut cells = Vec::with_capacity(grid.cells());
        for cell in 0..grid.cells() {
            let set = grid.cell(cell);
            let said = || words(&set);
            let mut sources = base.clone();
            sources.set.extend(set.iter().map(|(key, value)| format!("{key}={value}")));
            let config = load(&sources).map_err(|problems| SweepError::Config { cell, set: said(), problems })?.config;
            let wrong = |problem| SweepError::Setting { cell, set: said(), problem };
            let specs = config.specs(plugins).map_err(wrong)?;
            for spec in &specs {
                let digest = || std::fs::read(&spec.file).map(|bytes| digest_of(&bytes)).unwrap_or_default();
                components.entry(spec.file.clone()).or_insert_with(digest);
            }
            let used: Vec<&String> = specs.iter().filter_map(|spec| components.get(&spec.file)).collect();
            let key = key(&config, &identity, &used).map_err(wrong)?;
            let course = Course { config, specs, opening: Opening::Anew { instead: None }, until_ms: None };
            cells.push((course, Row { cell, set, key, figures: None, error: None }));
        }
        Ok(Self { grid, market, cells, keep })
    }

    /// Bars that all runs take in together.
    #[must_use]
    pub fn bars(&self) -> u64 {
        self.market.market.rows() * self.cells.len() as u64
    }

    /// Number of configurations.
    #[must_use]
    pub fn configurations(&self) -> usize {
        self.cells.len()
    }

    /// What the one sandbox of all runs is made with.
    #[must_use]
    pub fn sandbox_config(&self) -> bulkhead_config::SandboxConfig {
        self.cells.first().map(|(course, _)| course.config.sandbox.clone()).unwrap_or_default()
    }

    /// Runs all that is not done, and ranks.
    ///
    /// # Errors
    /// [`SweepError::Course`] when it was stopped or no thread starts, [`SweepError::Folder`] when what is done cannot be
    /// kept.
    pub fn run(self, sandbox: &Sandbox, threads: NonZeroUsize, by: By, pace: &Pace) -> Result<Swept, SweepError> {
        let folder = tempfile::tempdir().map_err(|error| SweepError::Folder { folder: std::env::temp_dir(), error })?;
        let next = AtomicUsize::new(0);
        let (rows, found) = (Mutex::new(Vec::with_capacity(self.cells.len())), AtomicUsize::new(0));
        let work = || {
            let ended = self.work(&next, &rows, &found, sandbox, folder.path(), pace);
            if ended.is_err() {
                // Nobody begins another one.
                next.store(self.cells.len(), Ordering::Relaxed);
            }
            ended
        };
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads.get().min(self.cells.len())).map(|_| scope.spawn(work)).collect();
            let ended = workers.into_iter().map(|worker| worker.join().unwrap_or(Err(CourseError::Panicked.into())));
            // All of them are waited for before the first error counts.
            ended.collect::<Vec<_>>().into_iter().collect::<Result<(), _>>()
        })?;
        let mut rows = rows.into_inner().unwrap_or_else(PoisonError::into_inner);
        rank::rank(&mut rows, by);
        let market = MarketLine::of(&self.market);
        Ok(Swept { axes: self.grid.axes, by, market, rows, found: found.into_inner() })
    }

    /// Takes the next configuration, until there is none.
    fn work(
        &self,
        next: &AtomicUsize,
        rows: &Mutex<Vec<Row>>,
        found: &AtomicUsize,
        sandbox: &Sandbox,
        folder: &Path,
        pace: &Pace,
    ) -> Result<(), SweepError> {
        while let Some((course, empty)) = self.cells.get(next.fetch_add(1, Ordering::Relaxed)) {
            let row = match self.keep.as_deref().and_then(|kept| Row::kept(kept, &empty.key)) {
                Some(row) => {
                    found.fetch_add(1, Ordering::Relaxed);
                    pace.skip(self.market.market.rows());
                    // The same configuration may stand elsewhere in another grid.
                    Row { cell: empty.cell, set: empty.set.clone(), ..row }
                }
                None => self.one(course, empty, sandbox, folder, pace)?,
            };
            rows.lock().unwrap_or_else(PoisonError::into_inner).push(row);
        }
        Ok(())
    }

    fn one(
        &self,
        course: &Course,
        empty: &Row,
        sandbox: &Sandbox,
        folder: &Path,
        pace: &Pace,
    ) -> Result<Row, SweepError> {
        let journal = folder.join(empty.cell.to_string());
        let ran = std::thread::scope(|scope| course.start(scope, sandbox, &self.market, &journal, pace)?.end());
        // Nobody asks for it again; on a failure it goes with the folder.
        let _ = std::fs::remove_dir_all(&journal);
        let row = match ran {
            Ok(outcome) => Row { figures: Some(RowFigures::of(&outcome)), ..empty.clone() },
            Err(error @ (CourseError::Stopped | CourseError::Thread(_))) => return Err(error.into()),
            Err(error) => return Ok(Row { error: Some(error.to_string()), ..empty.clone() }),
        };
        if let Some(kept) = &self.keep {
            row.keep(kept).map_err(|error| SweepError::Folder { folder: kept.clone(), error })?;
        }
        Ok(row)
    }
}

/// Everything that decides what comes of a configuration.
fn key(config: &HostConfig, market: &str, components: &[&String]) -> Result<String, String> {
    let config = toml::Table::try_from(config).map_err(|error| error.to_string())?.to_string();
    let components: Vec<&str> = components.iter().map(|digest| digest.as_str()).collect();
    let all = [env!("CARGO_PKG_VERSION"), &config, market, &components.join(" ")].join("\n");
    Ok(digest_of(all.as_bytes()))
}

/// A combination as it is set.
#[must_use]
pub fn words(set: &[(String, String)]) -> String {
    set.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" ")
}
