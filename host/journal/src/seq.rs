//! Places in the chain.

use serde::{Deserialize, Serialize};

/// Number of an entry of the ledger, from 1 without gaps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    /// The record was not kept: the queue was full, or the ledger has failed or is closed.
    pub const NONE: Self = Self(0);

    /// Whether the record was accepted.
    #[must_use]
    pub const fn is_kept(self) -> bool {
        self.0 != 0
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl core::fmt::Display for Seq {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.fmt(f)
    }
}

/// End of the chain. Kept elsewhere (a log line, another machine) it makes every later edit detectable.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Head {
    /// Number of the last entry; 0 in an empty ledger.
    pub seq: u64,
    /// Its SHA-256 as 64 lower-case hex digits; zeros in an empty ledger.
    pub hash: String,
}

/// The text is no head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a head is a record's number, a colon and 64 hex digits")]
pub struct NoHead;

impl core::str::FromStr for Head {
    type Err = NoHead;

    fn from_str(text: &str) -> Result<Self, NoHead> {
        let (seq, hash) = text.split_once(':').ok_or(NoHead)?;
        let hex = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let seq: u64 = seq.parse().map_err(|_| NoHead)?;
        let head = Self { seq, hash: hash.to_owned() };
        // Only the one way of writing it: a head is compared as text.
        if hex && head.to_string() == text { Ok(head) } else { Err(NoHead) }
    }
}

impl core::fmt::Display for Head {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}
