//! Frames of a segment, a piece at a time: what a query holds in memory.

use core::ops::{ControlFlow, Range};
use std::io;

use crate::{
    Filter, Seq,
    disk::Folder,
    entry::Entry,
    filter::About,
    schema,
    segment::{
        file_name,
        frame::{self, Frame},
        keys::Keys,
        zone::Zone,
    },
};

use super::Readable;

/// Bytes of a piece, unless one block is longer.
pub(super) const PIECE: u64 = 1 << 20;

/// What a query does with an entry.
pub(super) type Visit<'v> = dyn FnMut(Seq, Entry) -> ControlFlow<()> + 'v;

/// Whole frames that follow each other.
pub(super) struct Piece {
    bytes: Vec<u8>,
    index: u64,
    schema: u32,
    /// Offset in the segment.
    at: u64,
}

impl Piece {
    /// Reads a piece. `None` when its segment was let go meanwhile.
    pub(super) fn read(folder: &Folder, index: u64, zone: &Zone, place: &Range<u64>) -> Readable<Option<Self>> {
        let name = file_name(index);
        match folder.read_at(&name, place.start, place.end - place.start) {
            Ok(bytes) => Ok(Some(Self { bytes, index, schema: zone.schema, at: place.start })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(format!("{name}: {error}")),
        }
    }

    /// Shows the entries that match as far as their keys tell, in the filter's order, until `visit` breaks.
    pub(super) fn scan(&self, filter: &Filter, about: About, visit: &mut Visit<'_>) -> Readable<ControlFlow<()>> {
        let mut later = Vec::new();
        for frame in self.frames() {
            let (keys, frame) = frame?;
            if !filter.takes(&keys, about) {
                continue;
            }
            if filter.newest_first {
                later.push(frame);
            } else if self.show(&frame, visit)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        for frame in later.iter().rev() {
            if self.show(frame, visit)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn show(&self, frame: &Frame<'_>, visit: &mut Visit<'_>) -> Readable<ControlFlow<()>> {
        let (seq, entry) = self.entry(frame)?;
        Ok(visit(seq, entry))
    }

    /// Its frames with their keys, up to its end or to the first that cannot be read.
    pub(super) fn frames(&self) -> impl Iterator<Item = Readable<(Keys, Frame<'_>)>> {
        let mut at = Some(0);
        core::iter::from_fn(move || {
            let here = at.filter(|here| *here < self.bytes.len())?;
            let read =
                frame::at(&self.bytes, here).and_then(|frame| Some((schema::keys(self.schema, frame.payload)?, frame)));
            at = read.as_ref().map(|(_, frame)| frame.end);
            Some(read.ok_or_else(|| self.unreadable(here)))
        })
    }

    /// The entry of a frame.
    pub(super) fn entry(&self, frame: &Frame<'_>) -> Readable<(Seq, Entry)> {
        schema::decode(self.schema, frame.payload).ok_or_else(|| self.unreadable(frame.at))
    }

    fn unreadable(&self, at: usize) -> String {
        unreadable(self.index, self.at + at as u64)
    }
}

/// What cannot be read, and where.
pub(super) fn unreadable(index: u64, at: u64) -> String {
    format!("{} cannot be read at byte {at}", file_name(index))
}
