//! The hash chain.

use sha2::{Digest, Sha256};

use crate::{Head, entry::Entry, schema::SCHEMA_VERSION};

/// SHA-256.
pub(crate) type Hash = [u8; 32];

/// The end of a chain, as it grows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chain {
    seq: u64,
    hash: Hash,
    /// Encoded entry; kept for its capacity.
    buffer: Vec<u8>,
}

impl Chain {
    /// A chain that ends at `seq` with `hash`.
    pub(crate) const fn at(seq: u64, hash: Hash) -> Self {
        Self { seq, hash, buffer: Vec::new() }
    }

    /// The chain of an empty ledger.
    pub(crate) const fn empty() -> Self {
        Self::at(0, [0; 32])
    }

    /// Links the next entry and returns its number and hash.
    pub(crate) fn link(&mut self, entry: &Entry) -> Result<(u64, Hash), postcard::Error> {
        let seq = self.seq + 1;
        let mut buffer = core::mem::take(&mut self.buffer);
        buffer.clear();
        self.buffer = postcard::to_extend(&(seq, entry), buffer)?;
        let mut sha = Sha256::new();
        sha.update(self.hash);
        if self.seq == 0 {
            sha.update(SCHEMA_VERSION.to_le_bytes());
        }
        sha.update(&self.buffer);
        self.seq = seq;
        self.hash = sha.finalize().into();
        Ok((seq, self.hash))
    }

    pub(crate) const fn seq(&self) -> u64 {
        self.seq
    }

    pub(crate) const fn hash(&self) -> Hash {
        self.hash
    }

    pub(crate) fn head(&self) -> Head {
        Head { seq: self.seq, hash: hex(&self.hash) }
    }
}

/// Lower-case hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use core::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_hash_is_the_documented_one() {
        let mut chain = Chain::empty();
        let entry = Entry::Meta("seed".to_owned(), "42".to_owned());
        // postcard: sequence 1, variant 3, "seed", "42".
        let mut bytes = vec![0u8; 32];
        bytes.extend(SCHEMA_VERSION.to_le_bytes());
        bytes.extend([1, 3, 4, b's', b'e', b'e', b'd', 2, b'4', b'2']);
        let expected: Hash = Sha256::digest(&bytes).into();
        assert_eq!(chain.link(&entry).unwrap(), (1, expected));

        let mut bytes = expected.to_vec();
        bytes.extend([2, 3, 4, b's', b'e', b'e', b'd', 2, b'4', b'2']);
        let expected: Hash = Sha256::digest(&bytes).into();
        assert_eq!(chain.link(&entry).unwrap(), (2, expected));
        assert_eq!(chain.head().hash, hex(&expected));
    }
}
