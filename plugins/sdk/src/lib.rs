//! Write a Bulkhead plugin in Rust.
//!
//! A plugin is one type. It implements [`Plugin`] (name, version, configuration) and one trait for each hook it answers;
//! [`export!`] turns the type into a component. What the SDK hides: symbol ids and columns become names and rows,
//! configuration becomes a struct, a panic becomes a line in the host's log.
//!
//! ```
//! use bulkhead_sdk::prelude::*;
//!
//! #[derive(Deserialize)]
//! #[serde(default, deny_unknown_fields)]
//! struct Config {
//!     max_notional_usd: f64,
//! }
//!
//! impl Default for Config {
//!     fn default() -> Self {
//!         Self { max_notional_usd: 10_000.0 }
//!     }
//! }
//!
//! struct SizeCap(Config);
//!
//! impl Plugin for SizeCap {
//!     const NAME: &str = "size-cap";
//!     const VERSION: &str = env!("CARGO_PKG_VERSION");
//!     const SUMMARY: &str = "Denies trades over a notional.";
//!     type Config = Config;
//!
//!     fn new(config: Config) -> Result<Self, String> {
//!         Ok(Self(config))
//!     }
//! }
//!
//! impl RiskCheck for SizeCap {
//!     fn check(&mut self, ctx: &Ctx, candidate: &Candidate, _: &Exposures, _: &Account) -> Answer<Verdict> {
//!         if candidate.size_usd <= self.0.max_notional_usd {
//!             return Ok(ALLOW);
//!         }
//!         let symbol = ctx.symbols().name(candidate.symbol);
//!         Ok(deny(ReasonCode::NotionalLimit, format!("{symbol}: {:.0} USD is too much", candidate.size_usd)))
//!     }
//! }
//!
//! bulkhead_sdk::export!(SizeCap: RiskCheck);
//! ```

#[cfg(any(test, all(target_arch = "wasm32", feature = "allocator")))]
mod allocator;
#[rustfmt::skip]
#[doc(hidden)]
pub mod bindings;
pub mod config;
mod context;
mod export;
#[doc(hidden)]
pub mod glue;
pub mod hooks;
pub mod log;
mod panic;
mod plugin;
pub mod prelude;
mod rows;
mod symbols;
pub mod testing;
mod verdict;

pub use context::Ctx;
pub use hooks::*;
pub use plugin::{Answer, Plugin};
pub use rows::{BarRow, ExposureRow, OutcomeRow, PositionRow, UniverseRow};
pub use serde;
pub use symbols::SymbolTable;
pub use verdict::{ALLOW, deny};
