//! The pure rules of the decision firewall.
//!
//! Everything that decides whether a plugin's answer may touch an order lives here: the hook contracts, the gate, the
//! combine rules, the envelope and the brake. Invariants of this crate:
//!
//! - **Pure.** No I/O, no clock, no randomness, no wasmtime, no async. Time comes in as a number.
//! - **Total.** No function panics on any input; a bad value is an `Err` that names itself.
//! - **Never clamped.** A value outside its contract is refused whole: clamping would hide a fault or an attack.
//! - **Exits pass.** Nothing here blocks an order that only reduces a position, save that its numbers must be sane.

#![forbid(unsafe_code)]

pub mod account;
pub mod activation;
pub mod alarm;
pub mod brake;
pub mod context;
pub mod contract;
pub mod directives;
pub mod envelope;
pub mod fault;
mod flags;
pub mod gate;
pub mod hook;
pub mod hooks;
pub mod json;
pub mod likeness;
pub mod policy_set;
pub mod promotion;
pub mod quarantine;
pub mod reason;
pub mod reports;
pub mod stage;
pub mod trade;
pub mod value;

pub use account::{Account, Exposures, Market, Positions, Regime, Returns, Volatility};
pub use brake::Brake;
pub use context::Context;
pub use contract::{Breach, Hook, Limits};
pub use directives::Directives;
pub use fault::{Cause, FaultClass, Outcome};
pub use gate::{Authority, Disposition, authority, disposition};
pub use hook::{HookId, Kind};
pub use likeness::Likeness;
pub use policy_set::{OnFault, PolicySet};
pub use reason::{Denial, ReasonCode, Verdict};
pub use stage::{Mode, RiskMode, Stage};
pub use trade::{Candidate, Side, SymbolId, SymbolMarks};
