//! The map of a segment: enough to know what a query need not read of it.
//!
//! It is an index and no part of the truth: rebuilt from the segment whenever it is missing or damaged. What it says may be
//! there may be missing; what it says is not there is not. Its size does not depend on what is recorded: a few dozen bytes
//! for each block of frames.

use core::ops::Range as Span;

use serde::{Deserialize, Serialize};

use super::{answers::Answers, keys::Keys, marks::Marks};
use crate::entry::Entry;

/// Layout of the file; another one is made anew.
const LAYOUT: u8 = 2;
/// Least bytes of a block.
const BLOCK: usize = 64 << 10;
/// Runs of a block's sets.
const BLOCK_RUNS: usize = 8;
/// Runs of the whole segment's sets.
const RUNS: usize = 256;

/// Least and greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Range(u64, u64);

impl Range {
    const EMPTY: Self = Self(u64::MAX, 0);

    fn add(&mut self, value: u64) {
        self.0 = self.0.min(value);
        self.1 = self.1.max(value);
    }

    /// The greatest, if there is any.
    pub(crate) fn last(self) -> Option<u64> {
        (self.0 <= self.1).then_some(self.1)
    }

    /// Whether anything of `from..until` may be in it.
    pub(crate) fn meets(self, from: Option<u64>, until: Option<u64>) -> bool {
        self.0 <= self.1 && from.is_none_or(|from| self.1 >= from) && until.is_none_or(|until| self.0 < until)
    }
}

/// What is in some frames that follow each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Block {
    /// Offset of the first of them.
    at: u64,
    /// Numbers of the entries.
    pub(crate) seqs: Range,
    /// Event times of the records.
    pub(crate) times: Range,
    pub(crate) marks: Marks,
}

impl Block {
    fn new(at: u64) -> Self {
        Self { at, seqs: Range::EMPTY, times: Range::EMPTY, marks: Marks::default() }
    }

    fn add(&mut self, keys: &Keys, runs: usize) {
        self.seqs.add(keys.seq.0);
        if !keys.is_table() {
            self.times.add(keys.time_ms);
        }
        self.marks.add(keys, runs);
    }
}

/// What is in a segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Zone {
    /// Schema of its entries.
    pub(crate) schema: u32,
    /// All of it.
    pub(crate) whole: Block,
    /// Its parts, in order.
    blocks: Vec<Block>,
    /// Offset behind its last frame.
    end: u64,
    /// Absent while nobody has read the entries themselves.
    pub(crate) answers: Option<Answers>,
}

impl Zone {
    /// The map of a segment without entries, whose frames begin at `at`.
    pub(crate) fn new(schema: u32, at: usize) -> Self {
        let at = at as u64;
        Self { schema, whole: Block::new(at), blocks: Vec::new(), end: at, answers: Some(Answers::default()) }
    }

    /// The same, for keys alone.
    pub(crate) fn of_keys(schema: u32, at: usize) -> Self {
        Self { answers: None, ..Self::new(schema, at) }
    }

    /// Takes in the keys of the next frame, which ends at `end`.
    pub(crate) fn add_keys(&mut self, keys: &Keys, end: usize) {
        let full = self.blocks.last().is_none_or(|last| self.end - last.at >= BLOCK as u64);
        if full {
            self.blocks.push(Block::new(self.end));
        }
        self.whole.add(keys, RUNS);
        if let Some(last) = self.blocks.last_mut() {
            last.add(keys, BLOCK_RUNS);
        }
        self.end = end as u64;
    }

    /// Takes in the next entry, whose frame ends at `end`.
    pub(crate) fn add(&mut self, seq: u64, entry: &Entry, end: usize) {
        self.add_keys(&Keys::of(seq, entry), end);
        if let Some(answers) = &mut self.answers {
            answers.add(entry);
        }
    }

    /// Number of its last entry.
    pub(crate) fn last_seq(&self) -> Option<u64> {
        self.whole.seqs.last()
    }

    /// Offset behind its last frame.
    pub(crate) fn end(&self) -> usize {
        usize::try_from(self.end).unwrap_or(usize::MAX)
    }

    /// Where the frames of the wanted blocks are, in order; neighbours are one piece, up to `most` bytes or one block.
    pub(crate) fn pieces(&self, wanted: impl Fn(&Block) -> bool, most: u64) -> Vec<Span<u64>> {
        let ends = self.blocks.iter().skip(1).map(|next| next.at).chain([self.end]);
        let mut pieces: Vec<Span<u64>> = Vec::new();
        for (block, end) in self.blocks.iter().zip(ends).filter(|(block, _)| wanted(block)) {
            match pieces.last_mut() {
                Some(last) if last.end == block.at && end - last.start <= most => last.end = end,
                _ => pieces.push(block.at..end),
            }
        }
        pieces
    }

    /// Its file: a checksum, the layout and postcard.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, postcard::Error> {
        let body = postcard::to_stdvec(&(LAYOUT, self))?;
        Ok([&crc32fast::hash(&body).to_le_bytes()[..], &body].concat())
    }

    /// `None` when it is damaged, or of another layout.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let (crc, body) = bytes.split_first_chunk::<4>()?;
        if u32::from_le_bytes(*crc) != crc32fast::hash(body) || body.first() != Some(&LAYOUT) {
            return None;
        }
        let (_, zone): (u8, Self) = postcard::from_bytes(body).ok()?;
        Some(zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Seq, segment::keys::Kind};

    fn keys(seq: u64) -> Keys {
        let kind = Kind::Order { id: seq };
        Keys { seq: Seq(seq), kind, time_ms: 10 * seq, correlation: seq / 3, symbol: Some(1) }
    }

    /// Frames of 8 KiB behind a header of 4 KiB.
    fn zone(frames: u64) -> Zone {
        let mut zone = Zone::of_keys(2, 4_096);
        (1..=frames).for_each(|n| zone.add_keys(&keys(n), 4_096 + 8_192 * n as usize));
        zone
    }

    #[test]
    fn blocks_cover_every_frame_once_and_neighbours_are_read_together() {
        let zone = zone(100);
        assert_eq!((zone.blocks.len(), zone.last_seq(), zone.end()), (13, Some(100), 4_096 + 819_200));
        let all = zone.pieces(|_| true, 200 << 10);
        assert_eq!((all.first().unwrap().start, all.last().unwrap().end), (4_096, zone.end));
        assert!(all.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert!(all.iter().all(|piece| piece.end - piece.start <= 200 << 10) && all.len() == 5, "{all:?}");
        let some = zone.pieces(|block| block.seqs.meets(Some(20), Some(22)), 1 << 20);
        let at = |frame: u64| 4_096 + frame * 8_192;
        assert_eq!((some.len(), some[0].start, some[0].end), (1, at(16), at(24)));
        assert!(zone.pieces(|_| false, 1).is_empty());
    }

    #[test]
    fn a_map_reads_back_and_a_damaged_or_older_one_is_none() {
        let zone = zone(40);
        let bytes = zone.to_bytes().unwrap();
        assert_eq!(Zone::read(&bytes), Some(zone));
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Zone::read(&damaged), None, "bit {bit}");
        }
        let mut older = bytes;
        older[4] = 1;
        let crc = crc32fast::hash(&older[4..]).to_le_bytes();
        older[..4].copy_from_slice(&crc);
        assert_eq!(Zone::read(&older), None);
    }
}
