//! Reports, put together.

use std::{collections::BTreeMap, path::Path};

use bulkhead_executor::market::choice::Chosen;
use bulkhead_journal::JournalError;

use super::{
    Changes, CostPair, Figures, Funnel, Level, MarketLine, Report, Runs, SettingChange, StopPair, TradeChanges,
    VersionChange, observed,
    pairs::Pairs,
    spent::{Stops, Sums},
    thin::CurvePair,
};
use crate::{course::Outcome, diff::Tally};

mod decisions;
mod sentences;

pub use decisions::Gathering;

/// What is told beside the figures.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Other components.
    pub versions: Vec<VersionChange>,
    /// Other settings.
    pub settings: Vec<SettingChange>,
    /// What limits the comparison, a sentence each.
    pub notes: Vec<String>,
}

/// Where in the way of a trade somebody stops it.
const WAY: [&str; 13] = [
    "brake",
    "base",
    "directives",
    "model-evaluation",
    "pre-trade-universe-filter",
    "pre-trade-confidence-adjustment",
    "pre-trade-risk-check",
    "pre-trade-portfolio-check",
    "pre-trade-position-sizing",
    "execution-order-type-selection",
    "execution-slippage-check",
    "envelope",
    "venue",
];

/// Of two runs of one market; `journal` is the recorded one.
///
/// # Errors
/// [`JournalError`]: a journal cannot be read.
pub fn of_runs(
    journal: &Path,
    market: &Chosen,
    before: &Outcome,
    after: &Outcome,
    told: Told,
) -> Result<Report, JournalError> {
    let mut pairs = Pairs::walk(&before.journal, &after.journal)?;
    let trades = TradeChanges::of(before, after, &pairs);
    let runs = Runs {
        before: Figures::of(before),
        after: Figures::of(after),
        parts_from_ms: before.curve.parts_from(&after.curve),
        curve: CurvePair::of(&before.curve, &after.curve),
        trades,
    };
    let line = MarketLine::of(market);
    let span = (u64::try_from(line.from_ms).unwrap_or(0), u64::try_from(line.to_ms).unwrap_or(0));
    let changes = std::mem::take(&mut pairs.counting).end(span.0, span.1);
    let mut report = Report {
        level: Level::Full,
        journal: journal.display().to_string(),
        sentences: Vec::new(),
        notes: told.notes,
        market: Some(line),
        versions: told.versions,
        settings: told.settings,
        changes,
        runs: Some(runs),
        funnel: Some(funnel(&pairs.before, &pairs.after)),
        sizes: pairs.sizes.into_items(),
        costs: costs(pairs.before, pairs.after),
        observed: observed::observed(journal)?,
    };
    report.sentences = sentences::full(&report);
    Ok(report)
}

/// Of the recorded questions, asked again: what [`crate::decisions`] has found.
///
/// # Errors
/// [`JournalError`]: the journal cannot be read.
pub fn of_decisions(journal: &Path, found: Gathering, tally: &Tally, told: Told) -> Result<Report, JournalError> {
    let mut report = of_journal(journal)?;
    report.level = Level::Decisions;
    report.notes = told.notes;
    (report.versions, report.settings) = (told.versions, told.settings);
    (report.changes, report.sizes) = found.end(tally);
    report.costs = decisions::costs(tally);
    report.sentences = sentences::decisions(&report);
    Ok(report)
}

/// Of a journal as it is: what was said without effect.
///
/// # Errors
/// [`JournalError`]: the journal cannot be read.
pub fn of_journal(journal: &Path) -> Result<Report, JournalError> {
    let mut report = Report {
        level: Level::Observed,
        journal: journal.display().to_string(),
        sentences: Vec::new(),
        notes: Vec::new(),
        market: None,
        versions: Vec::new(),
        settings: Vec::new(),
        changes: Changes::default(),
        runs: None,
        funnel: None,
        sizes: Vec::new(),
        costs: BTreeMap::new(),
        observed: observed::observed(journal)?,
    };
    report.sentences = sentences::observed(&report);
    Ok(report)
}

fn funnel(before: &Sums, after: &Sums) -> Funnel {
    let place = |by: &str| WAY.iter().position(|step| *step == by).unwrap_or(WAY.len());
    let mut all: BTreeMap<(usize, &str, &str), [u64; 2]> = BTreeMap::new();
    for (stops, side) in [(&before.stops, 0), (&after.stops, 1)] {
        count(&mut all, stops, side, place);
    }
    let pair = |((_, by, reason), [before, after]): ((usize, &str, &str), [u64; 2])| StopPair {
        by: by.to_owned(),
        reason: reason.to_owned(),
        before,
        after,
    };
    let stops: Vec<StopPair> = all.into_iter().map(pair).collect();
    let orders = [before.entries.len() as u64, after.entries.len() as u64];
    let stopped = stops.iter().fold([0u64; 2], |[a, b], stop| [a + stop.before, b + stop.after]);
    let [stopped_before, stopped_after] = stopped;
    let [orders_before, orders_after] = orders;
    Funnel { proposals: [stopped_before + orders_before, stopped_after + orders_after], orders, stops }
}

fn count<'s>(
    all: &mut BTreeMap<(usize, &'s str, &'s str), [u64; 2]>,
    stops: &'s Stops,
    side: usize,
    place: impl Fn(&str) -> usize,
) {
    for ((by, reason), count) in stops {
        if let Some(sum) = all.entry((place(by), by.as_str(), reason.as_str())).or_default().get_mut(side) {
            *sum += count;
        }
    }
}

fn costs(before: Sums, after: Sums) -> BTreeMap<String, CostPair> {
    let mut all: BTreeMap<String, CostPair> = BTreeMap::new();
    for (name, spent) in before.spent {
        all.entry(name).or_default().before = spent;
    }
    for (name, spent) in after.spent {
        all.entry(name).or_default().after = spent;
    }
    all
}
