//! What the test asks of the guest, by version: a candidate and the version before it get the same configuration.

use std::collections::BTreeMap;

use bulkhead_sdk::prelude::*;

/// A misbehaviour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Misdeed {
    /// Says that it cannot.
    Declare,
    /// Aborts.
    Trap,
    /// Never comes back.
    Loop,
    /// Allocates until it is denied, then aborts.
    Grow,
    /// Recurses without end.
    Recurse,
    /// Answers out of the contract where it can, and as it should elsewhere.
    Breach,
}

/// How one version behaves.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Manners {
    /// In `configure`.
    pub configure: Option<Misdeed>,
    /// In `self-test`.
    pub self_test: Option<Misdeed>,
    /// In `snapshot`.
    pub snapshot: Option<Misdeed>,
    /// In `restore`.
    pub restore: Option<Misdeed>,
    /// In hook calls.
    pub call: Option<Misdeed>,
    /// Bytes of state besides the count.
    pub ballast: usize,
    /// Rounds of work in every call.
    pub work: u64,
    /// Rounds of work in `restore`.
    pub restore_work: u64,
    /// Risk checks are allowed, where they are denied otherwise.
    pub allow: bool,
    /// Answers this threshold, where it answers the base otherwise.
    pub threshold: Option<f64>,
    /// Adds this to the base for every call so far, by the hundred.
    pub drift: f64,
}

/// The configuration.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Versions that are not named here behave.
    pub versions: BTreeMap<String, Manners>,
}
