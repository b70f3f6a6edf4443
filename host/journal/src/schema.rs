//! The version of what stands in a segment, and how older ones are read.
//!
//! A chain covers its bytes, so nothing is ever rewritten: a journal of an older schema is read as it is, and a writer
//! that continues it begins a new segment in its own schema. To change a record's layout: raise [`SCHEMA_VERSION`], keep
//! the old types in a module of their own, and give [`decode`] an arm that turns them into today's. A segment of a newer
//! schema is refused, and the refusal says which.

use crate::{Seq, entry::Entry};

/// Version of the encoding of entries. It stands in every segment's header, which the chain covers.
///
/// 1 was one SQLite file, before the first release; those files are refused.
pub const SCHEMA_VERSION: u32 = 2;

/// Whether segments of that schema can be read.
pub(crate) const fn is_known(schema: u32) -> bool {
    schema == SCHEMA_VERSION
}

/// The entry of a payload, in today's types.
pub(crate) fn decode(schema: u32, payload: &[u8]) -> Option<(Seq, Entry)> {
    match schema {
        SCHEMA_VERSION => {
            let ((seq, entry), rest) = postcard::take_from_bytes(payload).ok()?;
            rest.is_empty().then_some((seq, entry))
        }
        _ => None,
    }
}
