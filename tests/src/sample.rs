//! An input for every hook, and what the guest `chaos` answers to it.

mod answers;
mod inputs;

pub use bulkhead_policy::hooks;
use bulkhead_sandbox::WireHook;

/// The symbol table: the id is the place.
pub const SYMBOLS: [&str; 3] = ["BTCUSDT", "ETHUSDT", "SOLUSDT"];

/// Event time of cycle 0.
pub const EVENT_TIME_MS: u64 = 1_760_000_000_000;

/// A hook with an input, and the answers of `chaos` to it.
pub trait Sample: WireHook {
    /// What is asked.
    fn input() -> Self::Input;

    /// What `chaos` answers when it behaves. The hook's safe default, except where that is "nobody said anything":
    /// a plugin that answers has said something.
    fn neutral() -> Self::Answer {
        Self::safe_default(&Self::input())
    }

    /// What it answers when it is told to answer otherwise: safer than the baseline, and combined with the default it is
    /// the effect.
    fn different() -> Self::Answer;
}
