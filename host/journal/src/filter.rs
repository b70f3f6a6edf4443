//! Which rows a reader wants.

use bulkhead_policy::{Cause, HookId, Outcome};
use serde::{Deserialize, Serialize};

use crate::{
    EventKind, Seq,
    segment::{
        keys::{Keys, Kind},
        zone::{Block, Zone},
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
    /// Events of this kind.
    pub event: Option<EventKind>,
    /// Only entries after this one: to follow a growing ledger.
    pub after: Option<Seq>,
    /// Latest first.
    pub newest_first: bool,
    /// At most so many rows. Absent is no limit.
    pub limit: Option<usize>,
}

/// Which entries a query is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    Calls,
    Decisions,
    Orders,
    Fills,
    Events,
    /// Whatever a caller appended.
    Records,
    /// Plugins, symbols and metadata.
    Tables,
}

impl About {
    /// The kinds of entries, as [`Kind::bit`] numbers them.
    const fn kinds(self) -> u8 {
        match self {
            Self::Calls | Self::Decisions => 0b0_0001,
            Self::Orders => 0b0_0010,
            Self::Fills => 0b0_0100,
            Self::Events => 0b0_1000,
            Self::Records => Kind::RECORDS,
            Self::Tables => 0b1_0000,
        }
    }
}

impl Filter {
    /// Whether a segment may hold a match. `plugins` are those of the subsystem asked for, sorted.
    pub(crate) fn may_be_in(&self, zone: &Zone, about: About, plugins: Option<&[u32]>) -> bool {
        let calls = matches!(about, About::Calls | About::Decisions);
        self.may_be_in_block(&zone.whole, about)
            && (!calls || zone.answers.as_ref().is_none_or(|known| known.may_hold(self.outcome, self.cause, plugins)))
    }

    /// Whether some frames may hold a match.
    pub(crate) fn may_be_in_block(&self, block: &Block, about: About) -> bool {
        let Block { seqs, times, marks, .. } = block;
        let after = self.after.map(|seq| seq.0.saturating_add(1));
        seqs.meets(after, None)
            && (about == About::Tables || times.meets(self.from_ms, self.until_ms))
            && marks.any_of(about.kinds())
            && match about {
                About::Calls | About::Decisions => marks.hook(self.hook) && marks.asked(self.correlation),
                About::Orders | About::Fills => marks.order(self.order) && marks.traded(self.correlation),
                About::Events => marks.event(self.event),
                About::Records | About::Tables => true,
            }
    }

    /// Whether an entry matches as far as its keys tell.
    pub(crate) fn takes(&self, keys: &Keys, about: About) -> bool {
        let of_kind = match keys.kind {
            Kind::Call { hook } => self.hook.is_none_or(|wanted| wanted == hook),
            Kind::Order { id } | Kind::Fill { order: id } => self.order.is_none_or(|wanted| wanted == id),
            Kind::Event { kind } => self.event.is_none_or(|wanted| wanted == kind),
            Kind::Table | Kind::Replay => true,
        };
        let of_trade = matches!(keys.kind, Kind::Event { .. } | Kind::Table | Kind::Replay)
            || self.symbol.is_none_or(|symbol| keys.symbol == Some(symbol))
                && self.correlation.is_none_or(|correlation| keys.correlation == correlation);
        let of_time = keys.is_table()
            || self.from_ms.is_none_or(|from| keys.time_ms >= from)
                && self.until_ms.is_none_or(|until| keys.time_ms < until);
        about.kinds() & keys.kind.bit() != 0
            && of_kind
            && of_trade
            && of_time
            && self.after.is_none_or(|after| keys.seq > after)
    }

    /// Whether an outcome is the one asked for.
    pub(crate) fn takes_outcome(&self, outcome: Outcome) -> bool {
        self.outcome.is_none_or(|wanted| wanted == OutcomeKind::of(outcome))
            && self.cause.is_none_or(|wanted| Some(wanted) == outcome.cause())
    }
}
