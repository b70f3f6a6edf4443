//! Candidates that must not take the place of the guest `keeper`, one of each kind, and where they are stopped.

use bulkhead_runtime::Step;
use serde_json::{Value, json};

use crate::{components, keeper, surgery};

/// The version of `keeper` that serves when these arrive.
pub const BASE: u32 = 1_000;

/// A candidate.
#[derive(Clone, Debug)]
pub struct Bad {
    /// What is wrong with it.
    pub name: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Where it is stopped.
    pub step: Step,
    /// Stands in the reason.
    pub word: &'static str,
}

/// Every kind, in the order of the steps. `Recorded` needs a recorded call of each of keeper's hooks.
#[must_use]
pub fn kinds() -> Vec<Bad> {
    let mut kinds = other_files();
    kinds.extend(other_components());
    kinds.push(Bad {
        name: "lower version",
        bytes: keeper::component(BASE - 1),
        step: Step::Version,
        word: "is lower than",
    });
    let mannered = MANNERED.iter().zip(FIRST..);
    kinds.extend(mannered.map(|(row, n)| Bad {
        name: row.name,
        bytes: keeper::component(n),
        step: row.step,
        word: row.word,
    }));
    kinds
}

/// Manners of the versions of `keeper` among them, for [`keeper::spec`].
#[must_use]
pub fn manners() -> Vec<(u32, Value)> {
    MANNERED.iter().zip(FIRST..).map(|(row, n)| (n, json!({ row.key: manner(row) }))).collect()
}

/// Numbers over every good version.
const FIRST: u32 = 500_000;

struct Mannered {
    name: &'static str,
    key: &'static str,
    misdeed: &'static str,
    step: Step,
    word: &'static str,
}

/// Rounds that take more fuel than any entry is granted.
const TOO_MUCH: u64 = 1 << 40;

fn manner(row: &Mannered) -> Value {
    if row.key == "restore_work" { json!(TOO_MUCH) } else { json!(row.misdeed) }
}

const fn row(name: &'static str, key: &'static str, misdeed: &'static str, step: Step, word: &'static str) -> Mannered {
    Mannered { name, key, misdeed, step, word }
}

const MANNERED: &[Mannered] = &[
    row("refuses its configuration", "configure", "declare", Step::Configure, "declared during configure"),
    row("traps when configured", "configure", "trap", Step::Configure, "trap during configure"),
    row("loops when configured", "configure", "loop", Step::Configure, "during configure"),
    row("grows when configured", "configure", "grow", Step::Configure, "memory during configure"),
    row("recurses when configured", "configure", "recurse", Step::Configure, "stack during configure"),
    row("fails its self-test", "self_test", "declare", Step::SelfTest, "declared during self-test"),
    row("traps in its self-test", "self_test", "trap", Step::SelfTest, "trap during self-test"),
    row("loops in its self-test", "self_test", "loop", Step::SelfTest, "during self-test"),
    row("declares a fault", "call", "declare", Step::Recorded, "declared during call"),
    row("traps in calls", "call", "trap", Step::Recorded, "trap during call"),
    row("loops in calls", "call", "loop", Step::Recorded, "out-of-fuel during call"),
    row("grows in calls", "call", "grow", Step::Recorded, "memory during call"),
    row("recurses in calls", "call", "recurse", Step::Recorded, "stack during call"),
    row("breaks the contract", "call", "breach", Step::Recorded, "of pre-trade-confidence-adjustment"),
    row("refuses the state", "restore", "declare", Step::State, "declared during state"),
    row("traps with the state", "restore", "trap", Step::State, "trap during state"),
    row("loops with the state", "restore", "loop", Step::State, "during state"),
    row("grows with the state", "restore", "grow", Step::State, "memory during state"),
    row("works too long with the state", "restore_work", "", Step::State, "during state"),
];

/// What is no component.
fn other_files() -> Vec<Bad> {
    let whole = keeper::component(BASE);
    let load = |name, bytes, word| Bad { name, bytes, step: Step::Load, word };
    let core = std::fs::read(components::core_module("keeper")).unwrap();
    vec![
        load("empty", Vec::new(), "empty"),
        load("text", b"(component)".to_vec(), "not WebAssembly"),
        load("half", whole[..whole.len() / 2].to_vec(), "truncated or damaged"),
        load("all but a byte", whole[..whole.len() - 1].to_vec(), "truncated or damaged"),
        load("of another age", b"\0asm\x0e\0\x01\0 of another age".to_vec(), "truncated or damaged"),
        load("a core module", core, "core WebAssembly module"),
        load("too big", surgery::tagged(&whole, &"x".repeat(4 << 20)), "at most"),
    ]
}

/// What is another component.
fn other_components() -> Vec<Bad> {
    let guest = |name, guest: &str, step, word| {
        let bytes = std::fs::read(components::guest(guest)).unwrap();
        Bad { name, bytes, step, word }
    };
    vec![
        guest("of another world", "other-world", Step::Load, "another world"),
        guest("of another contract", "old-contract", Step::Load, "built for bulkhead:hooks 2.0.0"),
        guest("wants a clock", "wants-clock", Step::Load, "not granted"),
        guest("wants the network", "wants-import", Step::Load, "not granted"),
        guest("lacks a function", "missing-function", Step::Load, "set-symbols is missing"),
        guest("a hook of another type", "wrong-type", Step::Load, "is not that of bulkhead:hooks"),
        guest("answers no hook", "no-hook", Step::Load, "answers no hook"),
        guest("traps at the start", "chaos-start-trap", Step::Load, "trap during instantiate"),
        guest("loops at the start", "chaos-start-loop", Step::Load, "during instantiate"),
        guest("wants 17 MiB", "chaos-huge-memory", Step::Load, "memory during instantiate"),
        guest("another plugin's configuration", "chaos", Step::Configure, "versions"),
    ]
}
