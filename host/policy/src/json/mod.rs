//! The JSON form of every hook, for people and their tools: the contract of `wit/v1`, written in JSON.
//!
//! - A document that asks a hook has one field per parameter of the hook's function, and `ctx`. An answer is the ok arm.
//! - Names are those of the WIT with underscores: `size-usd` is `size_usd`.
//! - A record is an object, a list is a list; columns are lists of one length. An option is its value, or null, or absent.
//! - An enum's value is `"UPPER_SNAKE"`; flags are the list of the values that are set.
//! - A variant's case is `"allow"`, or with content `{"deny": {...}}`.
//! - A symbol is its name, or its id: see [`SYMBOL_FIELDS`]. The types of this crate know ids only; [`to_ids`] and
//!   [`to_names`] translate a whole document.
//!
//! Nothing has a silent default but options and `ctx`: see [`NEUTRAL_CONTEXT`]. Nothing is ignored: an unknown field is an
//! error, as is a value of the wrong type, and every [`JsonError`] names the field.

mod document;
mod error;
mod example;
mod nearest;
mod reader;
mod steps;
mod symbols;

pub use document::{NEUTRAL_CONTEXT, read, read_input, read_report_input, write, write_input};
pub use error::JsonError;
pub use example::example;
pub use nearest::{did_you_mean, nearest};
pub use symbols::{SYMBOL_FIELDS, Symbol, to_ids, to_names};

#[cfg(test)]
mod tests;
