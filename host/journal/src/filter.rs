//! Which rows a reader wants.

use bulkhead_policy::{Cause, HookId, Outcome};
use serde::{Deserialize, Serialize};

use crate::{
    Seq,
    segment::{
        keys::{Keys, Kind},
        zone::{Zone, bit, cause_bit},
    },
};

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

/// Which rows a reader wants. A condition on something that a kind of record does not have is not applied to it.
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
    /// Orders and fills of this order.
    pub order: Option<u64>,
    /// Only entries after this one: to follow a growing ledger.
    pub after: Option<Seq>,
    /// Latest first.
    pub newest_first: bool,
    /// At most so many rows. Absent is no limit.
    pub limit: Option<usize>,
}

/// Which kind of record a query is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    Calls,
    Decisions,
    Orders,
    Fills,
    Events,
}

impl Filter {
    /// Whether a segment may hold a match. `plugins` are those of the subsystem asked for, sorted.
    pub(crate) fn may_be_in(&self, zone: &Zone, about: About, plugins: Option<&[u32]>) -> bool {
        let after = self.after.map(|seq| seq.0.saturating_add(1));
        zone.seqs.meets(after, None)
            && zone.times.meets(self.from_ms, self.until_ms)
            && match about {
                About::Calls | About::Decisions => {
                    self.hook.is_none_or(|hook| zone.hooks & bit(hook as u32) != 0)
                        && self.outcome.is_none_or(|outcome| zone.outcomes & (1 << outcome as u32) != 0)
                        && self.cause.is_none_or(|cause| zone.causes & cause_bit(cause) != 0)
                        && plugins.is_none_or(|wanted| wanted.iter().any(|p| zone.plugins.binary_search(p).is_ok()))
                        && holds(&zone.correlations, self.correlation)
                }
                About::Orders | About::Fills => {
                    holds(&zone.correlations, self.correlation) && holds(&zone.orders, self.order)
                }
                About::Events => zone.counts.events > 0,
            }
    }

    /// Whether an entry matches as far as its keys tell.
    pub(crate) fn takes(&self, keys: &Keys, about: About) -> bool {
        let of_kind = match (about, keys.kind) {
            (About::Calls | About::Decisions, Kind::Call { hook }) => self.hook.is_none_or(|wanted| wanted == hook),
            (About::Orders, Kind::Order { id }) | (About::Fills, Kind::Fill { order: id }) => {
                self.order.is_none_or(|wanted| wanted == id)
            }
            (About::Events, Kind::Event { .. }) => true,
            _ => false,
        };
        let of_trade = about == About::Events
            || self.symbol.is_none_or(|symbol| keys.symbol == Some(symbol))
                && self.correlation.is_none_or(|correlation| keys.correlation == correlation);
        of_kind
            && of_trade
            && self.after.is_none_or(|after| keys.seq > after)
            && self.from_ms.is_none_or(|from| keys.time_ms >= from)
            && self.until_ms.is_none_or(|until| keys.time_ms < until)
    }

    /// Whether an outcome is the one asked for.
    pub(crate) fn takes_outcome(&self, outcome: Outcome) -> bool {
        self.outcome.is_none_or(|wanted| wanted == OutcomeKind::of(outcome))
            && self.cause.is_none_or(|wanted| Some(wanted) == outcome.cause())
    }
}

fn holds(sorted: &[u64], wanted: Option<u64>) -> bool {
    wanted.is_none_or(|wanted| sorted.binary_search(&wanted).is_ok())
}
