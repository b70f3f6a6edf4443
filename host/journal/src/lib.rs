//! The decision ledger: what was asked, what every plugin proposed, what took effect and why.
//!
//! A folder of segment files, one writer thread, group commit, one hash chain over every entry. Invariants:
//!
//! - **A caller never does I/O.** [`Journal::append`] moves the record into a bounded queue; encoding, hashing and
//!   writing belong to the writer thread.
//! - **Durable before the order.** [`Journal::before_order`] waits, for a bounded time, until the decisions behind an order
//!   are on the disk. Everything else is there within 5 ms.
//! - **Complete or confessed.** A record that could not be kept is counted in [`JournalStatus::dropped`], and the ledger
//!   itself says so with an [`EventKind::RecordsLost`] as soon as there is room again.
//! - **Whole or absent.** A crash loses at most what no [`Journal::sync`] covered, never half of a record. An unfinished
//!   write is told from damage, set aside and gone on from; damage is refused and left as it is.
//! - **A write error is final.** After it nothing more is written by this handle: to retry a failed `fsync` and believe
//!   its success is how ledgers lie. What follows for trading is a named policy, [`OnFailure`].
//! - **One writer.** A lock file in the folder keeps a second writer out; readers take no lock.
//!
//! # Why segments, and no database
//!
//! Until schema 1 the ledger was one SQLite file. It was fast enough (204,000 decisions/s on two cores, commits of 4,096),
//! and what it could not do decided:
//!
//! - A bit flipped in a database page may change nothing that a query reads, and then passes: 1 of 10 did. Here every byte
//!   is under a checksum or has to be zero.
//! - How it behaves when a disk drops, tears and reorders writes could only be tested through a file layer of its own in C.
//!   Here the same code runs on a disk in memory that does all of it.
//! - Old rows can only be let go by rewriting the file under the chain. Here a file is removed, and the chain says so.
//! - A disk fills up in the middle of a commit. Here the space of a segment is written before it is used, the next one is
//!   made ahead, and its failure is known megabytes before it hurts.
//!
//! There is no index but a map per finished segment of what may be in its blocks; it is rebuilt when missing. Queries
//! narrow by these maps and read the few blocks left: a correlation or an order in a millisecond, a question without any
//! such key at the speed of the disk. A reader that stays open keeps what it knows, and reads only what is new. For SQL
//! there is the export.
//!
//! # The chain
//!
//! Every entry (record, interned plugin, symbol, document, run metadata) has a sequence number from 1 without gaps, and
//! `hash = sha256(link ‖ postcard((sequence, entry)))`. The link is the hash of the entry before, or, for the first entry of
//! a segment, `sha256(hash of the entry before ‖ the segment's header)`, with 32 zero bytes before the first entry. Whoever
//! edits the files can recompute the chain as well: keep a [`Head`] elsewhere and compare with [`Reader::verify_against`].
//! The writer leaves one in the file `head`, at the end and every minute.

#![forbid(unsafe_code)]

mod blob;
mod chain;
mod code;
mod disk;
mod entry;
mod error;
mod event;
mod filter;
mod guest;
mod journal;
mod lock;
mod log;
mod options;
mod plugin;
mod query;
mod queue;
mod reader;
mod record;
mod schema;
mod segment;
mod seq;
mod state;
mod status;
mod stored;
mod trade;
mod verify;
mod walk;
mod writer;

pub use error::{JournalError, Unrecorded};
pub use event::{EventKind, EventRecord};
pub use filter::{Filter, OutcomeKind};
pub use guest::{DirectivesRecord, GuestRecord, GuestStep};
pub use journal::Journal;
pub use lock::is_journal;
pub use options::{Backpressure, JournalOptions, OnFailure, Retention, Synchronous};
pub use plugin::{PluginIdentity, PluginRef};
pub use query::DecisionRow;
pub use reader::{KnownNames, Reader};
pub use record::{CallRecord, DecisionRecord, MAX_DECISIONS, Record};
pub use schema::SCHEMA_VERSION;
pub use seq::{Head, NoHead, Seq};
pub use status::JournalStatus;
pub use stored::{Counts, Stored};
pub use trade::{FillRecord, OrderRecord};
pub use verify::{Broken, Place, Verified};
