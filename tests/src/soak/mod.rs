//! What the long runs share.

mod http;
pub mod memory;
mod report;

pub use http::{Answer, Connection};
pub use report::Report;
