//! Which rows a reader wants.

use bulkhead_policy::{Cause, HookId, Outcome};
use rusqlite::types::Value;
use serde::{Deserialize, Serialize};

use crate::{Seq, code::Code};

/// An outcome without its cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeKind {
    /// The answer took effect.
    Applied,
    /// Shown to people as advice.
    Advised,
    /// Logged as "would".
    Observed,
    /// The safe default was used.
    Defaulted,
}

impl OutcomeKind {
    /// Every kind, in declaration order.
    pub const ALL: &'static [Self] = &[Self::Applied, Self::Advised, Self::Observed, Self::Defaulted];

    /// The kind of an outcome.
    #[must_use]
    pub const fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Applied => Self::Applied,
            Outcome::Advised => Self::Advised,
            Outcome::Observed => Self::Observed,
            Outcome::Defaulted(_) => Self::Defaulted,
        }
    }

    /// The name people and files use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Advised => "advised",
            Self::Observed => "observed",
            Self::Defaulted => "defaulted",
        }
    }

    /// The kind of that name, upper or lower case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.name().eq_ignore_ascii_case(text))
    }
}

/// Which rows a reader wants. A condition that a table has no column for is not applied to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Calls and decisions of this hook.
    pub hook: Option<HookId>,
    /// Decisions of this subsystem; calls in which it was asked.
    pub subsystem: Option<String>,
    /// This symbol id.
    pub symbol: Option<u32>,
    /// This outcome: of the decision, or of the whole call.
    pub outcome: Option<OutcomeKind>,
    /// Defaulted for this cause.
    pub cause: Option<Cause>,
    /// Event time from here on, epoch ms.
    pub from_ms: Option<u64>,
    /// Event time before this, epoch ms.
    pub until_ms: Option<u64>,
    /// This correlation id.
    pub correlation: Option<u64>,
    /// Only entries after this one: to follow a growing ledger.
    pub after: Option<Seq>,
    /// Latest first.
    pub newest_first: bool,
    /// At most so many rows. Absent is no limit.
    pub limit: Option<usize>,
}

/// Conditions of a query, with their values.
#[derive(Default)]
pub(crate) struct Where {
    pub(crate) sql: String,
    pub(crate) values: Vec<Value>,
}

impl Where {
    /// Adds `condition`, whose `?` stands for the value.
    pub(crate) fn add(&mut self, condition: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.all(condition, [value.into()]);
        }
    }

    /// Adds `condition` with one value per `?`.
    fn all(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        self.sql += if self.sql.is_empty() { " WHERE " } else { " AND " };
        self.sql += condition;
        self.values.extend(values);
    }
}

impl Filter {
    /// Conditions that every table has.
    pub(crate) fn of_events(&self) -> Where {
        let mut to = Where::default();
        to.add("seq > ?", self.after.map(|s| bits(s.0)));
        to.add("event_time_ms >= ?", self.from_ms.map(bits));
        to.add("event_time_ms < ?", self.until_ms.map(bits));
        to
    }

    /// Conditions on orders and fills.
    pub(crate) fn of_trades(&self) -> Where {
        let mut to = self.of_events();
        to.add("symbol = ?", self.symbol);
        to.add("correlation = ?", self.correlation.map(bits));
        to
    }

    /// Conditions on calls, here `c`, apart from outcome and subsystem.
    pub(crate) fn of_calls(&self) -> Where {
        let mut to = Where::default();
        to.add("c.seq > ?", self.after.map(|s| bits(s.0)));
        to.add("c.hook = ?", self.hook.map(Code::code));
        to.add("c.symbol = ?", self.symbol);
        to.add("c.correlation = ?", self.correlation.map(bits));
        if self.correlation.is_some_and(|c| c != 0) {
            // Says to the planner that the partial index will do.
            to.all("c.correlation <> 0", []);
        }
        if self.from_ms.is_some() || self.until_ms.is_some() {
            let window = [self.from_ms.map_or(0, bits), self.until_ms.map_or(i64::MAX, bits)].map(Value::Integer);
            to.all("+c.event_time_ms >= ? AND +c.event_time_ms < ?", window.clone());
            // The index of times narrows the range of numbers and no more: rows then come in the order of the chain,
            // and a limit does not sort all of them first.
            for (edge, end) in [(">=", "min"), ("<=", "max")] {
                let condition = format!(
                    "c.seq {edge} (SELECT {end}(w.seq) FROM calls w WHERE w.event_time_ms >= ? AND w.event_time_ms < ?)"
                );
                to.all(&condition, window.clone());
            }
        }
        to
    }

    /// Order and limit.
    pub(crate) fn tail(&self, keys: &[&str]) -> String {
        let order = if self.newest_first { " DESC" } else { "" };
        let keys: Vec<_> = keys.iter().map(|key| format!("{key}{order}")).collect();
        let limit = self.limit.map_or_else(String::new, |n| format!(" LIMIT {n}"));
        format!(" ORDER BY {}{limit}", keys.join(", "))
    }
}

const fn bits(value: u64) -> i64 {
    value.cast_signed()
}
