//! What was recorded, by day and stage, so that a journal of any length is a few numbers a day.

use std::collections::{BTreeMap, BTreeSet};

use bulkhead_policy::{
    Stage,
    activation::{Criteria, Measured},
};

use super::minutes::{Minutes, OF_A_DAY, covered};

const DAY_MS: u64 = 86_400_000;
const MINUTE_MS: u64 = 60_000;
/// Most days kept, the stages' together; the oldest go first.
const MOST: usize = 4_000;

/// A day of a stage: its number since the epoch first, so that the oldest comes first.
pub(super) type Key = (u64, Stage);

/// The day and stage of a record.
pub(super) const fn key(stage: Stage, event_time_ms: u64) -> Key {
    (event_time_ms / DAY_MS, stage)
}

/// One day of one stage.
#[derive(Clone, Debug, Default)]
pub(super) struct Day {
    minutes: Minutes,
    /// Who answered: subsystem and digest.
    pub(super) answered: BTreeSet<(String, String)>,
    /// What adds up.
    pub(super) sum: Measured,
}

impl Day {
    /// Notes a hook call that reached a plugin.
    pub(super) fn mark(&mut self, event_time_ms: u64) {
        self.minutes.mark(event_time_ms % DAY_MS / MINUTE_MS);
        let earlier = |at: u64| at.min(event_time_ms);
        self.sum.first_ms = Some(self.sum.first_ms.map_or(event_time_ms, earlier));
        self.sum.last_ms = self.sum.last_ms.max(Some(event_time_ms));
    }
}

/// All days.
#[derive(Clone, Debug, Default)]
pub(super) struct Days(BTreeMap<Key, Day>);

impl Days {
    /// A day, new or known.
    pub(super) fn at(&mut self, key: Key) -> &mut Day {
        if !self.0.contains_key(&key) && self.0.len() >= MOST {
            self.0.pop_first();
        }
        self.0.entry(key).or_default()
    }

    /// What the latest days of a stage add up to: as many as the criteria ask for, and one more because days begin at
    /// midnight and rollouts do not.
    pub(super) fn measured(&self, stage: Stage, criteria: &Criteria) -> Measured {
        let of_stage = || self.0.iter().filter(move |((_, of), _)| *of == stage).map(|((day, _), found)| (*day, found));
        let mut recorded = of_stage().filter(|(_, day)| day.sum.last_ms.is_some());
        let Some((last, _)) = recorded.next_back() else { return Measured::default() };
        // Criteria are validated: a few hundred days at most.
        let first = last.saturating_sub(criteria.days.ceil() as u64);
        let window = || of_stage().filter(move |(day, _)| (first..=last).contains(day));
        let mut whole = Measured::default();
        for (_, day) in window() {
            add(&mut whole, &day.sum);
            for (subsystem, digest) in &day.answered {
                *whole.versions.entry(subsystem.clone()).or_default().entry(digest.clone()).or_default() += 1;
            }
        }
        let marked = window().flat_map(|(day, found)| found.minutes.marked().map(move |m| day * OF_A_DAY + m));
        let found = covered(marked, u64::from(criteria.longest_gap_min));
        whole.days = found.minutes as f64 / OF_A_DAY as f64;
        whole.longest_gap_min = found.longest_gap;
        whole
    }
}

fn add(to: &mut Measured, day: &Measured) {
    to.first_ms = to.first_ms.or(day.first_ms);
    to.last_ms = to.last_ms.max(day.last_ms);
    to.calls += day.calls;
    for (class, count) in &day.faults {
        *to.faults.entry(*class).or_default() += count;
    }
    to.quarantines += day.quarantines;
    to.lost += day.lost;
    to.unreadable += day.unreadable;
    to.brake_activations += day.brake_activations;
    to.applied += day.applied;
    let (trades, of_day) = (&mut to.trades, &day.trades);
    trades.asked += of_day.asked;
    trades.blocked += of_day.blocked;
    trades.held_back += of_day.held_back;
    trades.orders += of_day.orders;
    trades.fills += of_day.fills;
    trades.net_usd += of_day.net_usd;
    let (beat, of_day) = (&mut to.coordination, &day.coordination);
    beat.intervals += of_day.intervals;
    beat.late += of_day.late;
    beat.longest_ms = beat.longest_ms.max(of_day.longest_ms);
    beat.issued += of_day.issued;
    beat.forbidding += of_day.forbidding;
    to.opportunities += day.opportunities;
    to.open_conflicts += day.open_conflicts;
    to.daily_drawdown_pct = deeper(to.daily_drawdown_pct, day.daily_drawdown_pct);
}

/// The deeper of two drawdowns. What is not a number is as deep as can be: it hides nothing.
pub(super) fn deeper(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    let worst = |pct: f64| if pct.is_nan() { f64::INFINITY } else { pct };
    match (a.map(worst), b.map(worst)) {
        (Some(a), Some(b)) => Some(a.max(b)),
        (one, other) => one.or(other),
    }
}
