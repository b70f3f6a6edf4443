//! What every hook has: an input, what a plugin says, what it may say, and how a chain's answers become one.

use core::fmt::Debug;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{FaultClass, HookId, Likeness, ReasonCode, SymbolId};

/// A typed decision point. Implemented by the marker types of [`crate::hooks`].
pub trait Hook: Send + Sync + 'static {
    /// Which hook.
    const ID: HookId;
    /// What is asked, in canonical form: the journal keeps it and a replay starts from it.
    type Input: Clone + Debug + Serialize + DeserializeOwned + Send;
    /// What a plugin said, unchecked.
    type Raw: Clone + Debug + Serialize + DeserializeOwned + Send;
    /// What passed the contract.
    type Answer: Clone + Debug + PartialEq + Serialize + DeserializeOwned + Send;

    /// What holds when nobody decides. Always passes the contract.
    fn safe_default(input: &Self::Input) -> Self::Answer;

    /// The hook's output contract.
    ///
    /// # Errors
    /// A [`Breach`] that names the field. The answer is then dropped whole.
    fn check(input: &Self::Input, raw: Self::Raw, limits: &Limits) -> Result<Self::Answer, Breach>;

    /// Joins the next applied answer with what the chain said so far.
    fn combine(so_far: Self::Answer, next: Self::Answer) -> Self::Answer;

    /// Shows an applied answer to the next subsystem of the chain. Veto hooks change nothing: all are asked the same.
    fn advance(_input: &mut Self::Input, _so_far: &Self::Answer) {}

    /// What is left of the chain's answer when a subsystem that could have cut it down failed.
    fn unchecked(so_far: Self::Answer) -> Self::Answer {
        so_far
    }

    /// What a veto hook answers when it fails closed. `None` for hooks that cannot deny.
    fn closed_answer(_class: FaultClass) -> Option<Self::Answer> {
        None
    }

    /// The refusals in an answer, for counting.
    fn reasons(_answer: &Self::Answer) -> Vec<ReasonCode> {
        Vec::new()
    }

    /// How another answer to the same input stands to the one that holds.
    fn compare(holds: &Self::Answer, other: &Self::Answer) -> Likeness {
        if holds == other { Likeness::Same } else { Likeness::Other }
    }

    /// Whether an answer stops everything it was asked about.
    fn stops_all(_answer: &Self::Answer) -> bool {
        false
    }

    /// The symbol asked about, for hooks that ask about one.
    fn symbol(_input: &Self::Input) -> Option<SymbolId> {
        None
    }
}

/// What the operator grants one subsystem on one hook. The default tightens only.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// Largest size as a factor of the base size. 1.0 unless granted.
    pub size_cap: f64,
    /// The threshold may fall under the base, down to the host floor.
    pub loosen_threshold: bool,
    /// Lowest threshold the host accepts, 0 to 1.
    pub threshold_floor: f64,
    /// Widest stop as a factor of the base stop. 1.0 unless granted.
    pub stop_cap: f64,
    /// Largest addition to a position as a share of it. 0 unless granted.
    pub add_size_cap: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { size_cap: 1.0, loosen_threshold: false, threshold_floor: 0.0, stop_cap: 1.0, add_size_cap: 0.0 }
    }
}

/// How an answer broke its contract.
#[derive(Clone, Debug, PartialEq, thiserror::Error, Serialize, Deserialize)]
pub enum Breach {
    /// NaN or infinity.
    #[error("{field} is not a finite number")]
    NotFinite {
        /// Which field.
        field: String,
    },
    /// Outside its range.
    #[error("{field} is {value}, allowed is {min} to {max}")]
    OutOfRange {
        /// Which field.
        field: String,
        /// What was said.
        value: f64,
        /// Least allowed.
        min: f64,
        /// Most allowed.
        max: f64,
    },
    /// Looser than the baseline without a grant.
    #[error("{field} is {value}, looser than {baseline}: tighten-only, no grant for more")]
    Loosened {
        /// Which field.
        field: String,
        /// What was said.
        value: f64,
        /// What the baseline and the grant allow.
        baseline: f64,
    },
    /// A symbol that was not asked about, or one named twice.
    #[error("{field} names symbol {symbol}, which was not asked about or stands twice")]
    ForeignSymbol {
        /// Which field.
        field: String,
        /// Its id.
        symbol: SymbolId,
    },
    /// Rows missing, too many, or a field the action needs is absent.
    #[error("{field}: {problem}")]
    Malformed {
        /// Which field.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl Breach {
    /// NaN and infinity are no values of any hook; the rest are values that the contract forbids.
    #[must_use]
    pub const fn class(&self) -> FaultClass {
        match self {
            Self::NotFinite { .. } => FaultClass::InvalidOutput,
            _ => FaultClass::ContractBreach,
        }
    }

    pub(crate) fn malformed(field: &str, problem: impl Into<String>) -> Self {
        Self::Malformed { field: field.to_owned(), problem: problem.into() }
    }
}
