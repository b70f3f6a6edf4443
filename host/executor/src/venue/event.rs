//! What happens at the venue. Every event is plain numbers, so that a bar's events cost no allocation.

use bulkhead_policy::{Side, SymbolId};
use serde::{Deserialize, Serialize};

use super::reject::Reject;

/// Defines a closed set with its upper-snake-case name.
macro_rules! closed_set {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// Every value, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name people and files use.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
    };
}

closed_set! {
    /// Why a position was made smaller or closed.
    ExitReason {
        /// The stop-loss of its exit plan.
        StopLoss = "STOP_LOSS",
        /// The stop at the entry price, after the partial exit.
        BreakEven = "BREAK_EVEN",
        /// The trailing stop.
        TrailingStop = "TRAILING_STOP",
        /// The target of its exit plan.
        TakeProfit = "TAKE_PROFIT",
        /// The share that the exit plan closes at the target.
        PartialTarget = "PARTIAL_TARGET",
        /// It was held as long as its exit plan allows.
        MaxHold = "MAX_HOLD",
        /// Its strategy wants to be flat.
        Signal = "SIGNAL",
        /// A reduce-only order of the loop.
        Order = "ORDER",
        /// A directive of the coordinator.
        Directive = "DIRECTIVE",
        /// The self-healing directive.
        SelfHealing = "SELF_HEALING",
        /// A rebalance action.
        Rebalance = "REBALANCE",
        /// A recommendation of the amplification chain.
        Amplification = "AMPLIFICATION",
        /// The action of its class.
        Classification = "CLASSIFICATION",
        /// A limit of the envelope.
        Envelope = "ENVELOPE",
        /// A person.
        Operator = "OPERATOR",
        /// The run is over.
        EndOfRun = "END_OF_RUN",
        /// The venue, because the margin was used up.
        Liquidation = "LIQUIDATION",
    }
}
closed_set! {
    /// Why an order was cancelled.
    CancelReason {
        /// The loop asked.
        Asked = "ASKED",
        /// A reduce-only order whose position is gone or smaller.
        NothingToReduce = "NOTHING_TO_REDUCE",
        /// The rest of an entry whose position is being closed.
        PositionClosed = "POSITION_CLOSED",
    }
}

/// What a fill was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Purpose {
    /// It opened a position or made one larger.
    Entry,
    /// It made one smaller or closed it.
    Exit(ExitReason),
}

/// A fill.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fill {
    /// Which order.
    pub order: u64,
    /// From the order request; an exit carries that of the order that opened the position.
    pub correlation: u64,
    /// Whose position.
    pub owner: u32,
    /// Which symbol.
    pub symbol: SymbolId,
    /// Long buys, short sells.
    pub side: Side,
    /// Units of base.
    pub quantity: f64,
    /// Of the order, still working after this fill. Units of base.
    pub remaining: f64,
    /// Quote currency.
    pub price: f64,
    /// Decision price of an entry, level of a stop or target, mark when a close was asked for.
    pub expected_price: f64,
    /// Price against the expected one, bps, positive when it is worse.
    pub slippage_bps: f64,
    /// Fee, USD; negative is a rebate.
    pub fee_usd: f64,
    /// It rested and was hit.
    pub maker: bool,
    /// What it was for.
    pub purpose: Purpose,
    /// Profit that it realised, before fees. 0 for an entry.
    pub realized_usd: f64,
    /// The position is closed; a [`ClosedPosition`] follows.
    pub position_closed: bool,
    /// Open time of the bar for a fill at the open, its close time for one inside the bar. Epoch ms UTC.
    pub time_ms: i64,
}

/// What is left of an order that ends without being filled.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unfilled {
    /// Which order.
    pub order: u64,
    /// From the order request.
    pub correlation: u64,
    /// From the order request.
    pub owner: u32,
    /// Which symbol.
    pub symbol: SymbolId,
    /// Long buys, short sells.
    pub side: Side,
    /// Filled before. Units of base.
    pub filled: f64,
    /// Not filled. Units of base.
    pub remaining: f64,
    /// Epoch ms UTC.
    pub time_ms: i64,
}

/// A position that the venue took over.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Liquidation {
    /// Whose position.
    pub owner: u32,
    /// Which symbol.
    pub symbol: SymbolId,
    /// Side of the position.
    pub side: Side,
    /// Units of base.
    pub quantity: f64,
    /// Price at which the margin is used up: that of the fill.
    pub price: f64,
    /// Price at which maintenance was breached.
    pub trigger_price: f64,
    /// Liquidation fee, USD.
    pub fee_usd: f64,
    /// Profit that it realised, before fees: minus the margin.
    pub realized_usd: f64,
    /// Epoch ms UTC.
    pub time_ms: i64,
}

/// A funding payment of one position.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FundingPayment {
    /// Whose position.
    pub owner: u32,
    /// Which symbol.
    pub symbol: SymbolId,
    /// Share of the notional that longs pay shorts.
    pub rate: f64,
    /// Signed notional at the mark.
    pub notional_usd: f64,
    /// What the account paid, USD; negative is what it got.
    pub paid_usd: f64,
    /// When it was due, epoch ms UTC.
    pub time_ms: i64,
}

/// A position from its first fill to its last.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClosedPosition {
    /// Whose position.
    pub owner: u32,
    /// Of the order that opened it.
    pub correlation: u64,
    /// Which symbol.
    pub symbol: SymbolId,
    /// Its side.
    pub side: Side,
    /// Everything that was entered, units of base.
    pub quantity: f64,
    /// Mean price of all entries.
    pub entry_price: f64,
    /// Mean price of all exits.
    pub exit_price: f64,
    /// Profit after fees and funding, USD.
    pub pnl_usd: f64,
    /// Fees of all its fills, USD.
    pub fees_usd: f64,
    /// Funding that it paid, USD.
    pub funding_usd: f64,
    /// `pnl_usd` in multiples of the risk at entry.
    pub r: f64,
    /// When its first fill was, epoch ms UTC.
    pub opened_ms: i64,
    /// From the first fill to the last.
    pub held_ms: i64,
    /// What closed the last of it.
    pub reason: ExitReason,
    /// When its last fill was, epoch ms UTC.
    pub time_ms: i64,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VenueEvent {
    /// An order was filled, wholly or in part.
    Filled(Fill),
    /// An accepted order was refused later: post-only that would take, margin gone, an opposite position came first.
    Rejected {
        /// Why.
        reason: Reject,
        /// What is left of it.
        order: Unfilled,
    },
    /// An order worked its whole life.
    Expired(Unfilled),
    /// An order was taken back.
    Cancelled {
        /// Why.
        reason: CancelReason,
        /// What is left of it.
        order: Unfilled,
    },
    /// A position was liquidated.
    Liquidated(Liquidation),
    /// Funding was paid or got.
    Funding(FundingPayment),
    /// A position was closed.
    PositionClosed(ClosedPosition),
}
