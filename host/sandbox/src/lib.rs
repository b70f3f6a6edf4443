//! The only crate that knows wasmtime: engine, budgets, stores, fault classes, instances.
//!
//! Invariants:
//! - **One engine per process, one constructor for its configuration** ([`engine`]). Type indices of two engines never mix.
//! - **Nothing is trusted after an error.** An [`Instance`] that returned an `Err` is dead; the pool drops its store.
//!   With `concurrency_support(false)` a lift error does not poison the store by itself, so this rule is ours.
//! - **No host function calls a guest.** Host functions see only the store's [`state`], never a `Func`.
//! - **Every entry is budgeted**: instantiation, lowering (guest realloc), the call, lifting, post-return.
//! - **The compiler sees only files of bounded structure** ([`preflight`]), and **native code is loaded only if this host
//!   wrote it** ([`cache`]).
//! - **After an error fuel is not read.** wasmtime loses the count when a guest traps; the whole grant is charged.

pub mod budget;
pub mod cache;
pub mod engine;
pub mod fault;
pub mod grants;
mod host_log;
pub mod instance;
pub mod life;
mod limiter;
pub mod load;
pub mod plugin;
pub mod pool;
pub mod preflight;
pub mod rehearsal;
mod state;
mod ticker;
mod wire;

pub use budget::{Budget, Ceilings};
pub use cache::{CacheCounts, CacheError, CodeCache};
pub use engine::Sandbox;
pub use fault::{Fault, Phase};
pub use grants::Grants;
pub use host_log::{LogLevel, LogLine};
pub use instance::{Instance, StateBlob, Usage};
pub use life::{Life, Step};
pub use load::LoadError;
pub use plugin::{Description, Plugin, SymbolInfo};
pub use pool::{Instancing, Lease, Pool, Setup};
pub use rehearsal::{Compiled, Rehearsal, RehearsalError, rehearse};

pub use wire::WireHook;

/// Contract spoken by this host, as it stands in the interface names.
pub const WIT_VERSION: &str = "1.0.0";
