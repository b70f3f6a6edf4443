//! What the test asks of the guest.

use std::collections::BTreeMap;

use bulkhead_sdk::prelude::*;

/// A misbehaviour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// Panics.
    Panic,
    /// Aborts: `unreachable` without a message.
    Abort,
    /// Divides by zero.
    DivideByZero,
    /// Never comes back.
    EndlessLoop,
    /// Allocates until it is denied, then dies.
    MemoryGrowth,
    /// The same, and writes to every page.
    MemoryTouch,
    /// Recurses on the engine's stack.
    StackOverflow,
    /// Recurses with frames in linear memory.
    ShadowStackOverflow,
    /// Says that it cannot answer.
    Declared,
    /// Says so in 2 MiB.
    DeclaredGiant,
    /// Says so with control characters.
    DeclaredInjection,
    /// Every real number of the answer is NaN.
    Nan,
    /// … is infinite.
    Infinite,
    /// … is negative and infinite.
    NegativeInfinite,
    /// … is 1e308.
    Huge,
    /// … is -1e308.
    Negative,
    /// … is the smallest number over zero.
    Denormal,
    /// Names a symbol that was not asked about.
    ForeignSymbol,
    /// Names a symbol twice.
    DoubledSymbol,
    /// Leaves out a row or a field that the answer needs.
    Incomplete,
    /// Answers with more rows, or a larger count, than the contract allows.
    TooMany,
    /// Looser than the baseline.
    Loosened,
    /// Answers with more than 1 MiB.
    HugeResult,
    /// Logs until something stops it.
    LogFlood,
    /// Logs one line of 2 MiB.
    LogGiant,
}

/// Where it misbehaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// In hook calls.
    #[default]
    Call,
    /// In `configure`.
    Configure,
    /// In `set-symbols`.
    Symbols,
    /// In `self-test`.
    SelfTest,
    /// In `report`.
    Report,
    /// In `snapshot` and `restore`.
    State,
}

/// What it answers when it behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Manner {
    /// What the host would do anyway.
    #[default]
    Neutral,
    /// Something else that the contract allows: safer than the baseline.
    Different,
}

/// The configuration.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The misbehaviour, in every call from `after` on.
    pub fault: Option<Fault>,
    /// Where.
    pub fault_on: Place,
    /// Good calls before the first bad one.
    pub after: u64,
    /// Misbehaviour by cycle of the trading loop, as decimal digits: so that one plugin serves many cases.
    pub script: BTreeMap<String, Fault>,
    /// What it answers when it behaves.
    pub answer: Manner,
    /// Lines it logs in every call, before anything else.
    pub log: Vec<String>,
    /// The first of these lines is logged so many times more.
    pub log_again: u32,
    /// Rounds of work in every call.
    pub work: u64,
    /// Rounds of work in `configure`.
    pub start_work: u64,
    /// Takes all the memory there is in every call, gives it back and goes on.
    pub hungry: bool,
}
