//! What a segment says of itself: its place in the chain, and the tables that its entries refer to, so that it is whole
//! without the segments before it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{is_zero, u32_at};
use crate::{PluginIdentity, PluginRef, chain::Hash, code, schema};

const MAGIC: [u8; 8] = *b"BULKHEAD";
const HEAD: usize = 24;
const BLOCK: usize = 4_096;

/// Names by number: what plugins and symbols are called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tables {
    /// Every plugin that was interned.
    pub(crate) plugins: BTreeMap<PluginRef, PluginIdentity>,
    /// The symbol table.
    pub(crate) symbols: BTreeMap<u32, String>,
    /// Every document, by its SHA-256 in hex.
    pub(crate) documents: BTreeMap<String, Vec<u8>>,
}

/// The body of a header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Header {
    /// Number of the segment, from 0.
    pub(crate) index: u64,
    /// Length of the file, bytes.
    pub(crate) length: u64,
    /// Number of its first entry.
    pub(crate) first: u64,
    /// Hash of the entry before that; zeros at the very beginning.
    pub(crate) prev: Hash,
    /// What the numbers of closed sets mean: kind, and names in order.
    pub(crate) names: Vec<(String, Vec<String>)>,
    /// Plugins and symbols as they were before its first entry.
    pub(crate) tables: Tables,
}

/// A header as it stands in a file.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    pub(crate) header: Header,
    /// Schema of its entries.
    pub(crate) schema: u32,
    /// Offset of the first frame.
    pub(crate) end: usize,
}

/// Why a header was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Bad {
    /// It is not one, or not whole.
    Damaged,
    /// It is whole, and of another version; the text says what differs.
    Version(String),
}

impl Header {
    /// Its bytes, a whole number of blocks.
    pub(crate) fn to_bytes(&self, schema: u32) -> Result<Vec<u8>, postcard::Error> {
        let body = postcard::to_stdvec(self)?;
        let length = u32::try_from(body.len()).map_err(|_| postcard::Error::SerializeBufferFull)?;
        let mut bytes = MAGIC.to_vec();
        bytes.extend(schema.to_le_bytes());
        bytes.extend(length.to_le_bytes());
        bytes.extend(crc(schema, length, &body).to_le_bytes());
        bytes.extend([0; 4]);
        bytes.extend(body);
        bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
        Ok(bytes)
    }

    /// Reads the header at the beginning of a segment.
    pub(crate) fn read(bytes: &[u8]) -> Result<Read, Bad> {
        let (schema, body, end) = parts(bytes).ok_or(Bad::Damaged)?;
        if !schema::is_known(schema) {
            return Err(Bad::Version(format!("its schema is {schema}, this host's is {}", schema::SCHEMA_VERSION)));
        }
        let header: Self = postcard::from_bytes(body).map_err(|_| Bad::Damaged)?;
        match code::strange_name(&header.names) {
            Some(why) => Err(Bad::Version(why)),
            None => Ok(Read { header, schema, end }),
        }
    }
}

/// Schema, body and end of a header that is whole.
fn parts(bytes: &[u8]) -> Option<(u32, &[u8], usize)> {
    if bytes.get(..8)? != MAGIC.as_slice() {
        return None;
    }
    let (schema, length) = (u32_at(bytes, 8)?, u32_at(bytes, 12)?);
    let body_end = HEAD.checked_add(usize::try_from(length).ok()?)?;
    let body = bytes.get(HEAD..body_end)?;
    let end = body_end.checked_next_multiple_of(BLOCK)?;
    let whole = u32_at(bytes, 16)? == crc(schema, length, body)
        && u32_at(bytes, 20)? == 0
        && is_zero(bytes.get(body_end..end)?);
    whole.then_some((schema, body, end))
}

fn crc(schema: u32, length: u32, body: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&schema.to_le_bytes());
    crc.update(&length.to_le_bytes());
    crc.update(body);
    crc.finalize()
}
