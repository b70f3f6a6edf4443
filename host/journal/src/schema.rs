//! The version of what stands in a segment, and how older ones are read.
//!
//! A chain covers its bytes, so nothing is ever rewritten: a journal of an older schema is read as it is, and a writer
//! that continues it begins a new segment in its own schema. To change a record's layout: raise [`SCHEMA_VERSION`], keep
//! the old types in a module of their own, and give [`decode`] an arm that turns them into today's. A segment of a newer
//! schema is refused, and the refusal says which.

use crate::{
    Seq,
    entry::Entry,
    segment::keys::{self, Keys},
};

/// Version of the encoding of entries. It stands in every segment's header, which the chain covers.
///
/// 1 was one SQLite file, before the first release; those files are refused.
pub const SCHEMA_VERSION: u32 = 2;

/// Whether segments of that schema can be read.
pub(crate) const fn is_known(schema: u32) -> bool {
    #[cfg(test)]
    if schema == older::SCHEMA {
        return true;
    }
    schema == SCHEMA_VERSION
}

/// The keys of a payload's entry.
pub(crate) fn keys(schema: u32, payload: &[u8]) -> Option<Keys> {
    match schema {
        SCHEMA_VERSION => keys::keys(payload),
        older => decode(older, payload).map(|(seq, entry)| Keys::of(seq.0, &entry)),
    }
}

/// The entry of a payload, in today's types.
pub(crate) fn decode(schema: u32, payload: &[u8]) -> Option<(Seq, Entry)> {
    match schema {
        SCHEMA_VERSION => {
            let ((seq, entry), rest) = postcard::take_from_bytes(payload).ok()?;
            rest.is_empty().then_some((seq, entry))
        }
        #[cfg(test)]
        older::SCHEMA => older::decode(payload),
        _ => None,
    }
}

/// A schema that never was: how older ones are read is tested before there is one.
#[cfg(test)]
pub(crate) mod older {
    use serde::{Deserialize, Serialize};

    use super::*;
    use crate::{EventKind, EventRecord, Record};

    pub(crate) const SCHEMA: u32 = 0;

    /// A note without actor and data.
    #[derive(Serialize, Deserialize)]
    pub(crate) struct Note {
        pub(crate) text: String,
        pub(crate) event_time_ms: u64,
    }

    pub(super) fn decode(payload: &[u8]) -> Option<(Seq, Entry)> {
        let (seq, Note { text, event_time_ms }) = postcard::from_bytes(payload).ok()?;
        let (kind, actor, data) = (EventKind::Note, String::new(), String::new());
        Some((seq, Entry::Record(Record::Event(EventRecord { event_time_ms, kind, actor, text, data }))))
    }
}
