//! Versions of the guest `keeper`, and what they say.
//!
//! Version `n` is the component with the number `100.100.100` plus `n` written into it: equal behaviour, unless the
//! configuration gives that number other manners.

use std::{path::PathBuf, sync::OnceLock};

use bulkhead_policy::{Verdict, hooks::RiskCheck};
use bulkhead_runtime::{Registry, SubsystemSpec, version::digest_of};
use serde_json::{Value, json};

use crate::{
    Sample as _, components,
    lab::{moment, subsystem},
    surgery,
};

/// The subsystem that it serves.
pub const NAME: &str = "keeper";

/// The number of a version. Greater is later, up to 810,000.
#[must_use]
pub fn number(n: u32) -> String {
    format!("100.{}.{}", 100 + n / 900, 100 + n % 900)
}

/// The component of a version.
///
/// # Panics
/// When the guest was not built.
#[must_use]
pub fn component(n: u32) -> Vec<u8> {
    static BUILT: OnceLock<Vec<u8>> = OnceLock::new();
    let built = BUILT.get_or_init(|| std::fs::read(components::guest("keeper")).unwrap());
    surgery::patched(built, &number(0), &number(n))
}

/// The digest of a version.
#[must_use]
pub fn digest(n: u32) -> String {
    digest_of(&component(n))
}

/// The subsystem, with manners by version.
///
/// # Panics
/// When two versions of the table have one number.
#[must_use]
pub fn spec(file: PathBuf, manners: &[(u32, Value)]) -> SubsystemSpec {
    let versions: serde_json::Map<String, Value> =
        manners.iter().map(|(n, manners)| (number(*n), manners.clone())).collect();
    assert_eq!(versions.len(), manners.len());
    subsystem(NAME, file, json!({ "versions": versions }))
}

/// What a version says to every risk check.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Said {
    /// Its number.
    pub version: String,
    /// Calls so far, as it knows.
    pub count: u64,
}

impl Said {
    /// Reads the text of its verdict.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (version, count) = text.split_once(" counts ")?;
        Some(Self { version: version.to_owned(), count: count.parse().ok()? })
    }
}

/// Asks for a risk check. `None`: it did not answer.
pub fn try_ask(registry: &Registry, cycle: u64) -> Option<Said> {
    let decided = registry.call::<RiskCheck>(&moment(cycle, 0), RiskCheck::input());
    match decided.parts.first()?.answer.as_ref()? {
        Verdict::Deny(denial) => Said::parse(&denial.text),
        Verdict::Allow => None,
    }
}

/// Asks for a risk check, which must be answered.
///
/// # Panics
/// When it is not.
pub fn ask(registry: &Registry, cycle: u64) -> Said {
    try_ask(registry, cycle).unwrap_or_else(|| panic!("{:?}", registry.status()[0].last_fault))
}
