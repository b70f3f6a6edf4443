//! A trade on its way through the pre-trade hooks.

use serde::{Deserialize, Serialize};

use crate::{flags::flag_set, stage::closed_set};

/// Index into the interned symbol table.
pub type SymbolId = u32;

closed_set! {
    /// Direction of a trade or position.
    Side {
        /// Profits when the price rises.
        Long = "LONG",
        /// Profits when the price falls.
        Short = "SHORT",
    }
}

impl Side {
    /// 1 for long, -1 for short.
    #[must_use]
    pub const fn sign(self) -> f64 {
        match self {
            Self::Long => 1.0,
            Self::Short => -1.0,
        }
    }

    /// The other side.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Long => Self::Short,
            Self::Short => Self::Long,
        }
    }
}

closed_set! {
    /// How an order goes out.
    OrderType {
        /// Takes liquidity now.
        Market = "MARKET",
        /// Rests at a price.
        Limit = "LIMIT",
        /// Rests, and is dropped rather than take.
        PostOnly = "POST_ONLY",
        /// Rests in slices.
        Iceberg = "ICEBERG",
        /// Market slices over a time.
        Twap = "TWAP",
    }
}

closed_set! {
    /// How good a symbol has been, as the universe sees it.
    Tier {
        /// The best.
        Core = "CORE",
        /// Good.
        Expansion = "EXPANSION",
        /// Sometimes good.
        Conditional = "CONDITIONAL",
        /// Shut out.
        Blacklist = "BLACKLIST",
        /// Too little data.
        InsufficientData = "INSUFFICIENT_DATA",
    }
}

flag_set! {
    /// What the directives in force say about one symbol.
    SymbolMarks {
        /// No new trades in it.
        paused = "PAUSED",
        /// Its position is to be closed.
        force_exit = "FORCE_EXIT",
        /// Out of the universe.
        blacklisted = "BLACKLISTED",
        /// In the universe whatever the scores say.
        whitelisted = "WHITELISTED",
    }
}

/// A trade that a strategy proposes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Which symbol.
    pub symbol: SymbolId,
    /// Which way.
    pub side: Side,
    /// 0 to 1.
    pub confidence: f64,
    /// Size wanted now, after every hook asked so far.
    pub size_usd: f64,
    /// Leverage wanted.
    pub leverage_x: f64,
    /// Loss at the stop.
    pub risk_usd: f64,
    /// Latest trade price.
    pub price: f64,
    /// Its age.
    pub price_age_ms: u64,
    /// What the directives say about the symbol.
    pub marks: SymbolMarks,
}
