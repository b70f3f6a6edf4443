//! What a run was made on: market, configuration, versions, account. A run writes it into its journal, so that it can be
//! made again and with one thing changed.
//!
//! Market and configuration are metadata, known before the first record; the rest is one event of kind
//! [`EventKind::RunStarted`], written when everything serves.

use core::ops::ControlFlow;
use std::{collections::BTreeMap, path::PathBuf};

use bulkhead_executor::{
    account::Opening,
    market::{
        choice::{Chosen, MarketChoice},
        identity::MarketIdentity,
    },
};
use bulkhead_journal::{EventKind, EventRecord, JournalError, Reader, Record, Seq};
use bulkhead_policy::{Brake, Mode, PolicySet, Stage, envelope::EnvelopeLimits, envelope::Watermarks};
use bulkhead_runtime::Registry;
use serde::{Deserialize, Serialize};

/// Metadata: the market, as JSON.
const MARKET: &str = "market-data";
/// Metadata: the effective configuration, as TOML.
const CONFIG: &str = "config";

/// The market of a run, and where it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarketOfRun {
    /// What it holds.
    pub identity: MarketIdentity,
    /// Folder of the candles, as it was given. Absent: simulated.
    pub data: Option<PathBuf>,
    /// File of trading rules, as it was given. Absent: inferred.
    pub exchange_info: Option<PathBuf>,
    /// Folder of funding rates, as it was given. Absent: looked for beside the candles.
    pub funding: Option<PathBuf>,
}

/// A subsystem as a run began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubsystemOfRun {
    /// Its mode, after what was set before the start.
    pub mode: Mode,
    /// SHA-256 of its component, hex.
    pub digest: String,
    /// Its plugin's version.
    pub version: String,
    /// The file it came from.
    pub file: PathBuf,
}

/// The account as a run began.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountOfRun {
    /// Epoch ms UTC at which an account before it was left; absent for a new one.
    pub goes_on_from_ms: Option<i64>,
    /// Equity, USD.
    pub equity_usd: f64,
    /// What drawdowns are measured from, for an account that goes on.
    pub marks: Option<Watermarks>,
}

/// How a run began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartOfRun {
    /// Stage.
    pub stage: Stage,
    /// What holds after a fault.
    pub policy: PolicySet,
    /// Brake.
    pub brake: Brake,
    /// Limits in force.
    pub limits: EnvelopeLimits,
    /// Account.
    pub account: AccountOfRun,
    /// Subsystems, by name.
    pub subsystems: BTreeMap<String, SubsystemOfRun>,
}

/// All of it, read from a journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Premise {
    /// The market.
    pub market: MarketOfRun,
    /// The effective configuration, as TOML.
    pub config: String,
    /// How it began.
    pub start: StartOfRun,
}

/// Why a journal does not say it.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the message of each variant is its documentation")]
pub enum PremiseError {
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(
        "the journal {journal} does not say {what}: it was not made by `bulkhead run`, by an older host, or its beginning was let go; decisions can be replayed without --full"
    )]
    Silent { journal: String, what: &'static str },
    #[error(
        "the journal {journal} holds {runs} runs: the market cannot be run again for all of them at once; record into a journal of its own, or replay decisions without --full"
    )]
    Several { journal: String, runs: usize },
    #[error(
        "the journal {journal} says {what} in a form this host does not know ({error}); use the host that wrote it"
    )]
    Unknown { journal: String, what: &'static str, error: String },
}

/// The lines that a run gives its journal at opening.
#[must_use]
pub fn metadata(choice: &MarketChoice, market: &Chosen, config: String) -> Vec<(String, String)> {
    let of_run = MarketOfRun {
        identity: market.identity(),
        data: choice.data.clone(),
        exchange_info: choice.exchange_info.clone(),
        funding: choice.funding.clone(),
    };
    // Paths that are not UTF-8 cannot be said in JSON; the market is then found by --data.
    let json = serde_json::to_string(&of_run)
        .or_else(|_| serde_json::to_string(&MarketOfRun { data: None, exchange_info: None, funding: None, ..of_run }));
    vec![(MARKET.to_owned(), json.unwrap_or_default()), (CONFIG.to_owned(), config)]
}

/// Journals how a run begins. Once, when everything serves and before the first bar. `starting_usd` is the balance of a new
/// account.
pub fn record_start(registry: &Registry, opening: &Opening, starting_usd: f64, first_ms: u64) {
    let (dials, limits) = (registry.dials(), registry.limits());
    let of = |s: bulkhead_runtime::SubsystemStatus| {
        (s.name, SubsystemOfRun { mode: s.mode, digest: s.digest, version: s.version, file: s.file })
    };
    let start = StartOfRun {
        stage: dials.stage,
        policy: dials.policy,
        brake: dials.brake,
        limits,
        account: account(opening, starting_usd),
        subsystems: registry.status().into_iter().map(of).collect(),
    };
    let text = format!("stage {}, policy {}, brake {}", start.stage, start.policy, start.brake);
    let data = serde_json::to_string(&start).unwrap_or_default();
    let (kind, actor) = (EventKind::RunStarted, "host".to_owned());
    registry.journal().append(Record::Event(EventRecord { event_time_ms: first_ms, kind, actor, text, data }));
}

fn account(opening: &Opening, starting_usd: f64) -> AccountOfRun {
    match opening {
        Opening::GoesOn { event_time_ms, equity_usd, marks, .. } => {
            AccountOfRun { goes_on_from_ms: Some(*event_time_ms), equity_usd: *equity_usd, marks: Some(*marks) }
        }
        _ => AccountOfRun { goes_on_from_ms: None, equity_usd: starting_usd, marks: None },
    }
}

impl AccountOfRun {
    /// The same account, to begin with again.
    #[must_use]
    pub fn opening(&self) -> Opening {
        match (self.goes_on_from_ms, self.marks) {
            (Some(event_time_ms), Some(marks)) => {
                Opening::GoesOn { event_time_ms, equity_usd: self.equity_usd, marks, rebased: 0 }
            }
            _ => Opening::Anew { instead: None },
        }
    }
}

impl Premise {
    /// What a journal says of its run.
    ///
    /// # Errors
    /// [`PremiseError`].
    pub fn read(reader: &Reader) -> Result<Self, PremiseError> {
        let journal = reader.path().display().to_string();
        let meta = reader.meta()?;
        let said = |key: &str, what: &'static str| {
            let mut found = meta.iter().filter(|line| line.record.0 == key).map(|line| line.record.1.clone());
            match (found.next(), found.count()) {
                (None, _) => Err(PremiseError::Silent { journal: journal.clone(), what }),
                (Some(text), 0) => Ok(text),
                (Some(_), more) => Err(PremiseError::Several { journal: journal.clone(), runs: more + 1 }),
            }
        };
        let what = "which market it ran on";
        let market = serde_json::from_str(&said(MARKET, what)?).map_err(|e| PremiseError::Unknown {
            journal: journal.clone(),
            what,
            error: e.to_string(),
        })?;
        let config = said(CONFIG, "its configuration")?;
        let what = "how it began";
        let mut started = None;
        reader.replay(Seq::NONE, |stored| match stored.record {
            Record::Event(event) if event.kind == EventKind::RunStarted => {
                started = Some(event);
                ControlFlow::Break(())
            }
            _ => ControlFlow::Continue(()),
        })?;
        let started = started.ok_or_else(|| PremiseError::Silent { journal: journal.clone(), what })?;
        let start = serde_json::from_str(&started.data).map_err(|e| PremiseError::Unknown {
            journal,
            what,
            error: e.to_string(),
        })?;
        Ok(Self { market, config, start })
    }
}
