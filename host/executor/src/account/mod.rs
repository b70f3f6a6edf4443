//! What people see of the account, and what of it outlives the host.
//!
//! Invariants:
//! - **The loop waits for nobody.** It swaps one pointer after every bar; whoever looks takes what is there.
//! - **Unknown is unknown.** A figure that nobody knows is absent, never 0.
//! - **A restart forgets no loss.** Day start and peak go on with the account, and an account whose file cannot be read
//!   is halted until a person lets drawdowns begin anew.

mod board;
mod history;
mod keeper;
mod kept;

pub use board::{AccountBoard, AccountSnapshot, Drawdowns, Money, RunProgress};
pub use keeper::Keeper;
pub use kept::{AccountFile, AccountFileError, Opening};

pub(crate) use board::{Moment, Publisher};
