//! What a replay has to tell, for people and for their tools: one value, written as a table, as JSON, as a page.

mod alike;
mod answer;
mod assemble;
mod changes;
mod directed;
mod figures;
mod observed;
pub(crate) mod pairs;
mod spent;
mod stream;
mod thin;
mod thinned;
mod trades;

use std::collections::BTreeMap;

use bulkhead_executor::market::choice::Chosen;
use serde::Serialize;

pub use assemble::{Gathering, Told, of_decisions, of_journal, of_runs};
pub use changes::{Change, Changes, Counting, HookChanges, OverTime, ReasonChange};
pub use figures::{Figures, HookTime, Runs};
pub use observed::{Observed, observed};
pub use pairs::SizePair;
pub use spent::Spent;
pub use thin::CurvePair;
pub use trades::{TradeChanges, TradeLine, TradePair};

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// The recorded questions were asked again.
    Decisions,
    /// The loop ran again on the recorded market.
    Full,
    /// Nothing was asked: what the journal itself tells of answers without effect.
    Observed,
}

/// The market that it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MarketLine {
    /// `recorded` or `simulated`.
    pub kind: &'static str,
    /// Open time of the first bar, epoch ms UTC.
    pub from_ms: i64,
    /// End of the last one, epoch ms UTC.
    pub to_ms: i64,
    /// Names.
    pub symbols: Vec<String>,
    /// Bars over all symbols.
    pub bars: u64,
}

impl MarketLine {
    /// Of a loaded market.
    #[must_use]
    pub fn of(market: &Chosen) -> Self {
        let m = &market.market;
        Self {
            kind: market.label(),
            from_ms: m.first_ms().unwrap_or(0),
            to_ms: m.last_ms().unwrap_or(0).saturating_add(m.step_ms),
            symbols: m.names().map(str::to_owned).collect(),
            bars: m.rows(),
        }
    }
}

/// A subsystem whose component is another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VersionChange {
    /// The subsystem.
    pub subsystem: String,
    /// Version and digest before.
    pub before: String,
    /// Version and digest after.
    pub after: String,
}

/// A key of the configuration with another value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SettingChange {
    /// Its name, with points.
    pub key: String,
    /// Value before; empty where there was none.
    pub before: String,
    /// Value after; empty where there is none.
    pub after: String,
}

/// A cause that stopped proposals, in both runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StopPair {
    /// Who: a hook, the envelope, the venue, the base logic …
    pub by: String,
    /// Why.
    pub reason: String,
    /// How often before.
    pub before: u64,
    /// How often after.
    pub after: u64,
}

/// From proposals to orders, in both runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Funnel {
    /// Proposals before and after.
    pub proposals: [u64; 2],
    /// Orders that went out, before and after.
    pub orders: [u64; 2],
    /// What stopped the others, in the order of a trade.
    pub stops: Vec<StopPair>,
}

/// What one subsystem has cost, in both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CostPair {
    /// Before.
    pub before: Spent,
    /// After.
    pub after: Spent,
}

/// All of it.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// What was done.
    pub level: Level,
    /// The journal, as it was named.
    pub journal: String,
    /// What is to be known first, a sentence each.
    pub sentences: Vec<String>,
    /// What limits the comparison, a sentence each.
    pub notes: Vec<String>,
    /// The market, where it is known.
    pub market: Option<MarketLine>,
    /// Other components.
    pub versions: Vec<VersionChange>,
    /// Other settings.
    pub settings: Vec<SettingChange>,
    /// Decisions that came out otherwise.
    pub changes: Changes,
    /// Money, for a full replay.
    pub runs: Option<Runs>,
    /// From proposals to orders; for decisions alone, nothing follows from them.
    pub funnel: Option<Funnel>,
    /// Sizes in both.
    pub sizes: Vec<SizePair>,
    /// By subsystem.
    pub costs: BTreeMap<String, CostPair>,
    /// Answers of the recorded run that had no effect.
    pub observed: Vec<Observed>,
}

impl Report {
    /// As JSON.
    #[must_use]
    pub fn json(&self) -> String {
        // Every key is a string and every number JSON's own or null: it cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Nothing at all differs: no decision, no trade, no bit of the curve.
    #[must_use]
    pub fn is_identical(&self) -> bool {
        let runs = self.runs.as_ref().is_none_or(|runs| runs.parts_from_ms.is_none() && runs.trades.are_same());
        let changes = &self.changes;
        changes.changed() + changes.reworded() + changes.alone() == 0 && runs
    }
}
