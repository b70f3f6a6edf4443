//! What people and their tools reach over a socket: state, changes, the brake.
//!
//! Invariants:
//! - **One registry.** Every answer is read from, and every change made on, the registry that trades.
//! - **The brake has a way of its own**: its own socket, thread and runtime, and no lock that another request can hold.
//! - **Nothing of a request runs on the trading thread**, and whatever can take long runs on a thread for it.
//! - **A change has a name and a reason**, and stands in the journal before it is confirmed. Only engaging the brake takes
//!   effect first.
//! - **Looking costs the loop nothing**: the account is behind one pointer, and all streams share one look at the journal.
//! - **Errors are one sentence** with a code for machines.

#![forbid(unsafe_code)]

mod activation;
mod api;
pub mod assets;
pub mod auth;
pub mod body;
mod caller;
pub mod config;
mod control;
mod dashboard;
mod decision_view;
mod dials;
mod error;
mod exposition;
mod health_view;
mod hooks;
mod ledger;
mod limits;
mod net;
mod openapi;
mod options;
mod server;
mod tail;
pub mod view;
pub mod why;

pub use config::ServerConfig;
pub use error::{Problem, ServerError};
pub use options::{Dashboard, Options, TOKENS};
pub use server::{BRAKE_SOCKET, CONTROL_SOCKET, Server};

/// The API as an OpenAPI document, in JSON.
#[must_use]
pub fn openapi() -> String {
    api::document().text().to_owned()
}
