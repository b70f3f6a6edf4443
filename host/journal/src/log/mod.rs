//! The log: segments in a folder, one chain through them, one writer.
//!
//! Invariants, which [`recover`] and every test of a failing disk rely on:
//!
//! - A segment gets its name only when its header is durable, and frames only when its name is.
//! - A segment is durable to its last byte before the next one begins, so only the last one can be torn.
//! - Frames carry the offset up to which their segment was durable when they were written ([`crate::segment`]).
//! - After an error the log is not used any more: to retry a failed sync and believe its success is how ledgers lie.

mod recover;
mod retain;
#[cfg(test)]
mod tests;

use std::io;

pub(crate) use recover::{Opened, Refused, zone_of};
pub(crate) use retain::{Leaving, Trimmed};

use crate::{
    Head,
    chain::{self, Chain},
    code,
    disk::{Ahead, Disk, SegmentFile as _},
    entry::Entry,
    schema::SCHEMA_VERSION,
    segment::{
        file_name, frame,
        header::{Header, Tables},
        zone::Zone,
        zone_name,
    },
};

/// A segment that has no name yet.
const NEXT: &str = "next.tmp";
/// The exported head.
pub(crate) const HEAD: &str = "head";
const HEAD_NEXT: &str = "head.tmp";
const BLOCK: usize = 4_096;
/// The first segment; each later one is twice as long, up to the limit: a short journal is a small one.
const FIRST_BYTES: usize = 1 << 20;

/// The segment being written.
struct Current<F> {
    file: F,
    index: u64,
    length: usize,
    /// Where the next frame goes.
    written: usize,
    /// Durable up to here.
    durable: usize,
    zone: Zone,
}

/// The end of a log.
pub(crate) struct Log<D: Disk> {
    disk: D,
    /// Longest segment, bytes.
    segment_bytes: usize,
    chain: Chain,
    tables: Tables,
    current: Current<D::File>,
    /// The next segment's file.
    ahead: Option<Ahead<D::File>>,
    /// Frames that are not written.
    buffer: Vec<u8>,
    payload: Vec<u8>,
    /// Why the next segment could not be made yet.
    warning: Option<String>,
}

impl<D: Disk> Log<D> {
    /// Adds an entry to what [`Log::write`] writes.
    pub(crate) fn append(&mut self, entry: &Entry) -> io::Result<()> {
        self.payload.clear();
        self.payload = self.chain.encode(entry, core::mem::take(&mut self.payload)).map_err(io::Error::other)?;
        let needed = frame::len(self.payload.len());
        if self.current.written + self.buffer.len() + needed > self.current.length {
            self.rotate(needed)?;
        }
        let hash = self.chain.link(&self.payload);
        let base = u32::try_from(self.current.durable).map_err(io::Error::other)?;
        frame::put(&mut self.buffer, base, &frame::link(&hash), &self.payload)
            .ok_or_else(|| io::Error::other("a record is longer than 4 GiB"))?;
        let end = self.current.written + self.buffer.len();
        self.current.zone.add(self.chain.seq(), entry, end);
        learn(&mut self.tables, entry);
        Ok(())
    }

    /// Writes what was appended: it survives the death of the process.
    pub(crate) fn write(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        self.current.file.write_at(&self.buffer, self.current.written as u64)?;
        self.current.written += self.buffer.len();
        self.buffer.clear();
        self.look_ahead();
        Ok(())
    }

    /// Makes what was written survive loss of power.
    pub(crate) fn sync(&mut self) -> io::Result<()> {
        if self.current.durable < self.current.written {
            self.current.file.sync()?;
            self.current.durable = self.current.written;
        }
        Ok(())
    }

    /// Lets the next segment be made while this one still has room.
    fn look_ahead(&mut self) {
        match self.ahead.take() {
            Some(Ahead::Made(Err(error))) => self.warn(&error),
            Some(Ahead::Making(thread)) if thread.is_finished() => {
                self.ahead = Some(Ahead::Made(Ahead::Making(thread).finish()));
            }
            Some(ahead) => self.ahead = Some(ahead),
            None if self.warning.is_none() && self.current.written > self.current.length / 2 => {
                self.ahead = Some(self.disk.create_ahead(NEXT, self.planned(self.current.index + 1) as u64));
            }
            None => {}
        }
    }

    fn warn(&mut self, error: &io::Error) {
        let left = self.current.length - self.current.written;
        let text = format!("the next segment cannot be made: {error}; room for {} KiB is left", left >> 10);
        tracing::warn!("journal: {text}");
        self.warning = Some(text);
    }

    const fn planned(&self, index: u64) -> usize {
        let shift = if index < 10 { index } else { 10 };
        let length = FIRST_BYTES << shift;
        if length < self.segment_bytes { length } else { self.segment_bytes }
    }

    fn rotate(&mut self, needed: usize) -> io::Result<()> {
        self.write()?;
        self.sync()?;
        self.keep_zone();
        let index = self.current.index + 1;
        // One that could not be made ahead is tried again: somebody may have made room.
        let made = self.ahead.take().and_then(|ahead| ahead.finish().ok());
        let planned = self.planned(index);
        self.current = begin(&self.disk, &mut self.chain, &self.tables, index, planned, needed, made)?;
        self.warning = None;
        Ok(())
    }

    /// An index and no part of the truth: without it queries read the segment.
    fn keep_zone(&self) {
        if let Err(error) = write_zone(&self.disk, self.current.index, &self.current.zone) {
            tracing::warn!("journal: the zone map of segment {} cannot be kept: {error}", self.current.index);
        }
    }

    /// Leaves the head beside the segments, for readers and for those who keep it elsewhere. What it names is durable.
    pub(crate) fn export_head(&mut self) -> io::Result<()> {
        self.write()?;
        self.sync()?;
        let text = format!("{}\n", self.chain.head());
        let mut file = self.disk.create(HEAD_NEXT, text.len() as u64)?;
        file.write_at(text.as_bytes(), 0)?;
        // Renamed before its content is durable it could come back as zeros, which reads as tampering.
        file.sync()?;
        self.disk.rename(HEAD_NEXT, HEAD)?;
        self.disk.sync()
    }

    /// Ends in order: everything durable, the head exported, nothing left over.
    pub(crate) fn close(mut self) -> io::Result<()> {
        self.export_head()?;
        if self.ahead.take().is_some_and(|ahead| ahead.finish().is_ok()) {
            // It is empty, and the next writer would make it anew.
            let _ = self.disk.remove(NEXT);
        }
        Ok(())
    }

    /// Whether the segment is still in its folder: a removed one would take records and lose them with the process.
    pub(crate) fn is_there(&self) -> bool {
        self.disk.holds(&file_name(self.current.index), &self.current.file)
    }

    pub(crate) const fn chain(&self) -> &Chain {
        &self.chain
    }

    pub(crate) const fn tables(&self) -> &Tables {
        &self.tables
    }

    /// What will end the log if nobody helps.
    pub(crate) fn warning(&self) -> Option<&str> {
        self.warning.as_deref()
    }
}

/// Keeps what later entries and segments refer to.
pub(crate) fn learn(tables: &mut Tables, entry: &Entry) {
    match entry {
        Entry::Plugin(reference, identity) => {
            tables.plugins.insert(*reference, identity.clone());
        }
        Entry::Symbol(id, name) => {
            tables.symbols.insert(*id, name.clone());
        }
        Entry::Document(bytes) => {
            tables.documents.insert(chain::digest(bytes), bytes.clone());
        }
        Entry::Record(_) | Entry::Meta(..) => {}
    }
}

/// Begins a segment after the end of the chain: durable header, then its name, then frames.
fn begin<D: Disk>(
    disk: &D,
    chain: &mut Chain,
    tables: &Tables,
    index: u64,
    planned: usize,
    needed: usize,
    made: Option<D::File>,
) -> io::Result<Current<D::File>> {
    let mut header = Header {
        index,
        length: planned as u64,
        first: chain.seq() + 1,
        prev: chain.hash(),
        names: code::names(),
        tables: tables.clone(),
    };
    let mut bytes = header.to_bytes(SCHEMA_VERSION).map_err(io::Error::other)?;
    // A record or table that is longer than a segment gets one of its own size. The length's own encoding may grow.
    let room = (bytes.len() + BLOCK + needed).next_multiple_of(BLOCK);
    let mut file = match made {
        Some(file) if room <= planned => file,
        _ => {
            header.length = planned.max(room) as u64;
            bytes = header.to_bytes(SCHEMA_VERSION).map_err(io::Error::other)?;
            disk.create(NEXT, header.length)?
        }
    };
    file.write_at(&bytes, 0)?;
    file.sync()?;
    disk.rename(NEXT, &file_name(index))?;
    disk.sync()?;
    chain.begin_segment(&bytes);
    let length = usize::try_from(header.length).map_err(io::Error::other)?;
    let zone = Zone::new(SCHEMA_VERSION, bytes.len());
    Ok(Current { file, index, length, written: bytes.len(), durable: bytes.len(), zone })
}

fn write_zone<D: Disk>(disk: &D, index: u64, zone: &Zone) -> io::Result<()> {
    let bytes = zone.to_bytes().map_err(io::Error::other)?;
    let mut file = disk.create(&zone_name(index), bytes.len() as u64)?;
    file.write_at(&bytes, 0)?;
    file.sync()
}

/// A head as it stands in its file.
pub(crate) fn parse_head(bytes: &[u8]) -> Option<Head> {
    core::str::from_utf8(bytes).ok()?.strip_suffix('\n')?.parse().ok()
}
