//! The hash chain.

use sha2::{Digest, Sha256};

use crate::{Head, Seq, entry::Entry};

/// SHA-256.
pub(crate) type Hash = [u8; 32];

/// The end of a chain, as it grows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chain {
    seq: u64,
    /// Of the last entry: what a [`Head`] shows.
    hash: Hash,
    /// What the next entry is linked to: the last entry, or the header that stands between.
    link: Hash,
}

impl Chain {
    /// A chain that ends at `seq` with `hash`.
    pub(crate) const fn at(seq: u64, hash: Hash) -> Self {
        Self { seq, hash, link: hash }
    }

    /// The chain of an empty ledger.
    pub(crate) const fn empty() -> Self {
        Self::at(0, [0; 32])
    }

    /// Links a segment's header, which is no entry.
    pub(crate) fn begin_segment(&mut self, header: &[u8]) {
        self.link = join(&self.hash, header);
    }

    /// Links the next entry by its payload and returns its hash.
    pub(crate) fn link(&mut self, payload: &[u8]) -> Hash {
        self.seq += 1;
        self.hash = join(&self.link, payload);
        self.link = self.hash;
        self.hash
    }

    /// Appends the payload of the next entry to `to`.
    pub(crate) fn encode(&self, entry: &Entry, to: Vec<u8>) -> Result<Vec<u8>, postcard::Error> {
        postcard::to_extend(&(Seq(self.seq + 1), entry), to)
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

fn join(before: &Hash, bytes: &[u8]) -> Hash {
    let mut sha = Sha256::new();
    sha.update(before);
    sha.update(bytes);
    sha.finalize().into()
}

/// What a document is known by.
pub(crate) fn digest(bytes: &[u8]) -> String {
    let hash: Hash = Sha256::digest(bytes).into();
    hex(&hash)
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
    fn hashes_are_the_documented_ones() {
        let mut chain = Chain::empty();
        chain.begin_segment(b"header");
        let payload = chain.encode(&Entry::Meta("seed".to_owned(), "42".to_owned()), Vec::new()).unwrap();
        // postcard: sequence 1, variant 3, "seed", "42".
        assert_eq!(payload, [1, 3, 4, b's', b'e', b'e', b'd', 2, b'4', b'2']);
        let header: Hash = Sha256::digest([&[0; 32][..], b"header"].concat()).into();
        let expected: Hash = Sha256::digest([&header[..], &payload].concat()).into();
        assert_eq!(chain.link(&payload), expected);
        assert_eq!(chain.head(), Head { seq: 1, hash: hex(&expected) });

        // A header between two entries changes the link and not the head.
        chain.begin_segment(b"next");
        assert_eq!(chain.head(), Head { seq: 1, hash: hex(&expected) });
        let header: Hash = Sha256::digest([&expected[..], b"next"].concat()).into();
        let expected: Hash = Sha256::digest([&header[..], b"x"].concat()).into();
        assert_eq!(chain.link(b"x"), expected);
        assert_eq!(chain.seq(), 2);
    }
}
