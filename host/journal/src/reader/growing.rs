//! The last segment, which may be written meanwhile: what is known of it is kept, and only what is new is read.

use std::sync::Arc;

use crate::{
    Counts, Head,
    chain::Chain,
    disk::Folder,
    log::learn,
    schema,
    segment::{
        file_name,
        frame::{self, Frame},
        header::{Bad, Header, Tables},
        is_zero,
        zone::Zone,
    },
};

use super::{
    Readable,
    piece::{PIECE, Piece, unreadable},
};

/// Bytes read at once behind what is known.
const CHUNK: u64 = 256 << 10;
/// Bytes in which most headers have room.
const HEADER: u64 = 64 << 10;

/// Why the header of the last segment was not accepted.
pub(super) enum NoHeader {
    /// It was let go, or nothing is there.
    Gone,
    /// Another version wrote it.
    Version(String),
    /// It cannot be read.
    Unreadable(String),
}

/// The last segment.
pub(super) struct Growing {
    pub(super) index: u64,
    /// By keys alone: to read every entry would take longer than most questions.
    pub(super) zone: Arc<Zone>,
    pub(super) tables: Arc<Tables>,
    /// What only the entries tell, up to the end of `chain`.
    counts: Counts,
    chain: Chain,
}

impl Growing {
    /// Reads the header of a segment.
    pub(super) fn begin(folder: &Folder, index: u64) -> Result<Self, NoHeader> {
        let name = file_name(index);
        let failed = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::NotFound => NoHeader::Gone,
            _ => NoHeader::Unreadable(format!("{name}: {error}")),
        };
        let mut bytes = folder.read_at(&name, 0, HEADER).map_err(failed)?;
        let mut read = Header::read(&bytes);
        if matches!(read, Err(Bad::Damaged)) {
            bytes = folder.read_at(&name, 0, u64::from(u32::MAX)).map_err(failed)?;
            read = Header::read(&bytes);
        }
        let read = read.map_err(|bad| match bad {
            Bad::Damaged => NoHeader::Unreadable(format!("the header of {name} is damaged")),
            Bad::Version(why) => NoHeader::Version(why),
        })?;
        let mut chain = Chain::at(read.header.first.saturating_sub(1), read.header.prev);
        chain.begin_segment(bytes.get(..read.end).unwrap_or_default());
        Ok(Self {
            index,
            zone: Arc::new(Zone::of_keys(read.schema, read.end)),
            tables: Arc::new(read.header.tables),
            counts: Counts::default(),
            chain,
        })
    }

    /// Reads the keys of what was written since, up to the end or to an unfinished write.
    pub(super) fn catch_up(&mut self, folder: &Folder) -> Readable<()> {
        let name = file_name(self.index);
        let read = |at: u64, len: u64| folder.read_at(&name, at, len).map_err(|error| format!("{name}: {error}"));
        let mut doubted = None;
        loop {
            let from = self.zone.end() as u64;
            let mut bytes = read(from, CHUNK)?;
            // A frame that is longer than the chunk.
            if let Some(length) = frame::said_len(&bytes).filter(|length| *length > bytes.len()) {
                bytes = read(from, length as u64)?;
            }
            let mut at = 0;
            while let Some(frame) = frame::at(&bytes, at) {
                at = frame.end;
                self.take(&frame, from)?;
            }
            let rest = bytes.get(at..).unwrap_or_default();
            let ends = is_zero(rest) && (bytes.is_empty() || !rest.is_empty());
            if ends || at == 0 && frame::is_torn_at(self.zone.end(), &read(from, u64::from(u32::MAX))?) {
                return Ok(());
            }
            // While it was read it may have been written: bytes from before stand beside bytes from after.
            if at == 0 && doubted.replace(from) == Some(from) {
                return Err(unreadable(self.index, from));
            }
        }
    }

    fn take(&mut self, frame: &Frame<'_>, from: u64) -> Readable<()> {
        let place = from + frame.at as u64;
        let keys = schema::keys(self.zone.schema, frame.payload).ok_or_else(|| unreadable(self.index, place))?;
        let zone = Arc::make_mut(&mut self.zone);
        if keys.is_table() {
            let decoded = schema::decode(zone.schema, frame.payload);
            let (_, entry) = decoded.ok_or_else(|| unreadable(self.index, place))?;
            learn(Arc::make_mut(&mut self.tables), &entry);
        }
        let end = usize::try_from(from).ok().and_then(|from| from.checked_add(frame.end));
        zone.add_keys(&keys, end.ok_or_else(|| unreadable(self.index, place))?);
        Ok(())
    }

    /// Rows of each kind, and the end of the chain.
    pub(super) fn counted(&mut self, folder: &Folder) -> Readable<(Counts, Head)> {
        let known = self.chain.seq();
        for place in self.zone.pieces(|block| block.seqs.last().is_some_and(|last| last > known), PIECE) {
            // Let go meanwhile: what was counted is what there was.
            let Some(piece) = Piece::read(folder, self.index, &self.zone, &place)? else { break };
            for frame in piece.frames() {
                let (keys, frame) = frame?;
                if keys.seq.0 > self.chain.seq() {
                    self.counts.count(&piece.entry(&frame)?.1);
                    self.chain.link(frame.payload);
                }
            }
        }
        Ok((self.counts, self.chain.head()))
    }
}
