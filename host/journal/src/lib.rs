//! The decision ledger: what was asked, what every plugin proposed, what took effect and why.
//!
//! One SQLite file (WAL), one writer thread, group commit, one hash chain over every record. Invariants:
//!
//! - **A caller never does I/O.** [`Journal::append`] moves the record into a bounded queue; encoding, hashing and
//!   writing belong to the writer thread.
//! - **Complete or confessed.** A record that could not be kept is counted in [`JournalStatus::dropped`], and the ledger
//!   itself says so with an [`EventKind::RecordsLost`] as soon as there is room again.
//! - **Whole or absent.** Records are committed in transactions with the head of the chain; a crash loses at most the
//!   records that no [`Journal::sync`] covered, never half of one.
//! - **A write error is final.** After it nothing more is written by this handle: to retry a failed `fsync` and believe
//!   its success is how ledgers lie. Trading goes on, the status says why the ledger does not.
//! - **One writer.** A lock file beside the ledger keeps a second writer out; readers never block the writer.
//!
//! # The chain
//!
//! Every entry (record, interned plugin, symbol, run metadata) has a sequence number from 1 without gaps, and
//! `hash = sha256(previous hash ‖ postcard((sequence, entry)))`. The previous hash of entry 1 is 32 zero bytes followed
//! by the schema version as 4 bytes, little endian. [`Reader::verify`] recomputes it from the columns that people and
//! queries read, so there is no second copy that could differ from them. Whoever edits the file can recompute the
//! chain as well: keep a [`Head`] elsewhere and compare with [`Reader::verify_against`].

#![forbid(unsafe_code)]

mod chain;
mod code;
mod columns;
mod decode;
mod entry;
mod error;
mod event;
mod filter;
mod header;
mod insert;
mod journal;
mod lock;
mod open;
mod options;
mod plugin;
mod query;
mod queue;
mod reader;
mod record;
mod resume;
mod schema;
mod seq;
mod state;
mod status;
mod stored;
mod trade;
mod verify;
mod walk;
mod writer;

pub use error::JournalError;
pub use event::{EventKind, EventRecord};
pub use filter::{Filter, OutcomeKind};
pub use journal::Journal;
pub use options::{Backpressure, JournalOptions, Synchronous};
pub use plugin::{PluginIdentity, PluginRef};
pub use query::DecisionRow;
pub use reader::Reader;
pub use record::{CallRecord, DecisionRecord, MAX_DECISIONS, Record};
pub use schema::SCHEMA_VERSION;
pub use seq::{Head, Seq};
pub use status::JournalStatus;
pub use stored::{Counts, Stored};
pub use trade::{FillRecord, OrderRecord};
pub use verify::{Broken, Verified};
