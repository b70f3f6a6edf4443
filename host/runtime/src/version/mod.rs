//! Plugin versions on disk: what a file held when it was read, the store by content, and who served when.
//!
//! Invariants:
//! - **A file is read once.** What is hashed is what is checked, compiled and kept; no path is opened twice.
//! - **The identity of a version is the SHA-256 of its bytes.** Names and version numbers are for people.
//! - **The store never loses a version that serves, is the last good one, is pinned, or can be rolled back to.**

mod book;
mod file;
mod store;

pub use book::{BookError, Entry, Prepared, SlotHistory, VersionBook, Way};
pub use file::{Candidate, FileError, MAX_COMPONENT_BYTES};
pub use store::{ComponentStore, StoreError};

use sha2::{Digest, Sha256};

/// SHA-256 in lower-case hex.
#[must_use]
pub fn digest_of(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What people see of a digest: its first 12 digits.
#[must_use]
pub fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}
