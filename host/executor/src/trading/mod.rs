//! The trading loop: bars in, hooks asked, orders out.
//!
//! Invariants:
//! - A bar's fills and exits are taken in before anything is decided, and an order never fills on the bar it was decided on.
//! - Risk, portfolio and sizing are three calls: a fault of one does not skip another.
//! - Sizes are USD until the last step, which floors the quantity to the venue's step.
//! - Every increasing order passes the envelope after every plugin has spoken. Exits never wait for a hook.
//! - Only applied answers change anything.
//! - Drawdowns are judged after every bar and before every order, and the account is shown after every bar.

mod acts;
mod after;
mod config;
mod drawdown;
mod entries;
mod inputs;
mod ledger;
mod measures;
mod models;
mod observer;
mod parts;
mod periodic;
mod publish;
mod restraint;
mod sampled;
mod scorer;
mod step;
mod summary;
mod supervise;
mod tend;

pub use config::LoopConfig;
pub use observer::Observer;
pub use scorer::Score;
pub use step::{Progress, TradingLoop};
pub use summary::{RefusalCount, RunSummary};
