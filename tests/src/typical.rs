//! What a hook is asked on an ordinary day, in any amount: the input that costs are measured on.
//!
//! Everything follows from the amount and the cycle by arithmetic that is the same on every machine, so that fuel is too.

mod book;
mod inputs;
mod scene;

use bulkhead_sandbox::WireHook;

pub use scene::Scene;

/// A hook with an ordinary question.
pub trait Typical: WireHook {
    /// What is asked in this cycle of the loop.
    fn typical(scene: &Scene, cycle: u64) -> Self::Input;
}
