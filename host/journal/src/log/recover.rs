//! Opening a log for its writer: finding the end of the chain, and healing a write that was cut short.

use std::io;

use super::{Current, HEAD, Log, NEXT, begin, learn, parse_head, write_zone};
use crate::{
    chain::Chain,
    disk::{Disk, SegmentFile as _},
    schema::{self, SCHEMA_VERSION},
    segment::{
        file_name,
        frame::{self, Here},
        header::{Bad, Header, Read, Tables},
        indexes,
        zone::Zone,
    },
    walk,
};

/// Why a log was not opened. Nothing was changed.
#[derive(Debug)]
pub(crate) enum Refused {
    /// The folder could not be read or written.
    Io(io::Error),
    /// Another version wrote it.
    Version(String),
    /// Something that was durable is not as it was written.
    Damaged { segment: String, offset: usize, what: String },
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// An open log, and the bytes of an unfinished write that were set aside.
pub(crate) struct Opened<D: Disk> {
    pub(crate) log: Log<D>,
    pub(crate) torn_bytes: usize,
}

/// The last segment as it was found.
struct Last {
    read: Read,
    bytes: Vec<u8>,
    /// Behind its last whole frame.
    end: usize,
    chain: Chain,
    tables: Tables,
    zone: Zone,
}

impl<D: Disk> Log<D> {
    /// Opens the log of a folder, or begins one.
    pub(crate) fn open(disk: D, segment_bytes: usize) -> Result<Opened<D>, Refused> {
        let names = disk.list()?;
        let head = if names.iter().any(|n| n == HEAD) { Some(disk.read(HEAD)?) } else { None };
        let all = indexes(&names);
        if let Some(missing) = all.windows(2).find_map(|w| match w {
            [a, b] if *b > a + 1 => Some(a + 1),
            _ => None,
        }) {
            return Err(damaged(missing, 0, "the segment is missing"));
        }
        let last = all.last().map(|index| read_last(&disk, *index)).transpose()?;
        check_head(head.as_deref(), last.as_ref())?;
        if names.iter().any(|n| n == NEXT) {
            disk.remove(NEXT)?;
        }
        for index in all.iter().rev().skip(1) {
            if walk::zone(&disk, *index).is_none() {
                restore_zone(&disk, *index)?;
            }
        }
        let Some(last) = last else {
            return Ok(Opened { log: Self::first(disk, segment_bytes)?, torn_bytes: 0 });
        };
        Self::resume(disk, segment_bytes, last)
    }

    fn first(disk: D, segment_bytes: usize) -> io::Result<Self> {
        let (mut chain, tables) = (Chain::empty(), Tables::default());
        let current = begin(&disk, &mut chain, &tables, 0, super::FIRST_BYTES.min(segment_bytes), 0, None)?;
        Ok(Self::with(disk, segment_bytes, chain, tables, current))
    }

    fn with(disk: D, segment_bytes: usize, chain: Chain, tables: Tables, current: Current<D::File>) -> Self {
        let (buffer, payload) = (Vec::new(), Vec::new());
        Self { disk, segment_bytes, chain, tables, current, ahead: None, buffer, payload, warning: None }
    }

    fn resume(disk: D, segment_bytes: usize, last: Last) -> Result<Opened<D>, Refused> {
        let index = last.read.header.index;
        let mut file = disk.open(&file_name(index))?;
        let torn_bytes = heal(&disk, &mut file, &last)?;
        // Whatever is there counts as durable from now on, so it must be: an earlier process may not have synced.
        file.sync()?;
        disk.sync()?;
        let Last { read, bytes, end, chain, tables, zone } = last;
        let current = Current { file, index, length: bytes.len(), written: end, durable: end, zone };
        let mut log = Self::with(disk, segment_bytes, chain, tables, current);
        if read.schema != SCHEMA_VERSION {
            log.rotate(0)?;
        }
        Ok(Opened { log, torn_bytes })
    }
}

fn damaged(index: u64, offset: usize, what: &str) -> Refused {
    Refused::Damaged { segment: file_name(index), offset, what: what.to_owned() }
}

/// Reads the last segment up to its last whole frame.
fn read_last<D: Disk>(disk: &D, index: u64) -> Result<Last, Refused> {
    let bytes = disk.read(&file_name(index))?;
    let read = Header::read(&bytes).map_err(|bad| match bad {
        Bad::Damaged => damaged(index, 0, "its header is damaged"),
        Bad::Version(why) => Refused::Version(why),
    })?;
    if bytes.len() as u64 != read.header.length || read.header.index != index {
        return Err(damaged(index, 0, "its length or number is not what its header says"));
    }
    let mut chain = Chain::at(read.header.first.saturating_sub(1), read.header.prev);
    chain.begin_segment(bytes.get(..read.end).unwrap_or_default());
    let (mut tables, mut zone, mut end) = (read.header.tables.clone(), Zone::new(read.schema, read.end), read.end);
    while let Here::Frame(f) = frame::look(&bytes, end) {
        let wrong = |what| damaged(index, f.at, what);
        let (seq, entry) = schema::decode(read.schema, f.payload).ok_or_else(|| wrong("it cannot be read"))?;
        let hash = chain.link(f.payload);
        if seq.0 != chain.seq() || f.link != frame::link(&hash) {
            return Err(wrong("the record is not the one that was written there"));
        }
        zone.add(seq.0, &entry, f.end);
        learn(&mut tables, &entry);
        end = f.end;
    }
    if !frame::is_torn(&bytes, end) {
        return Err(damaged(index, end, "a record that was durable is damaged"));
    }
    Ok(Last { read, bytes, end, chain, tables, zone })
}

/// The exported head is older than the end of the chain, or is it.
fn check_head(head: Option<&[u8]>, last: Option<&Last>) -> Result<(), Refused> {
    let refuse = |what: String| Refused::Damaged { segment: HEAD.to_owned(), offset: 0, what };
    let Some(bytes) = head else { return Ok(()) };
    let head = parse_head(bytes).ok_or_else(|| refuse("the exported head cannot be read".to_owned()))?;
    let end = last.map_or_else(|| Chain::empty().head(), |last| last.chain.head());
    if head.seq > end.seq || head.seq == end.seq && head != end {
        let what = format!("the exported head names record {}, and the chain ends at {}", head.seq, end.seq);
        return Err(refuse(what));
    }
    Ok(())
}

/// Sets the bytes of an unfinished write aside and makes room for the next frame. Interrupted, it is done again.
fn heal<D: Disk>(disk: &D, file: &mut D::File, last: &Last) -> io::Result<usize> {
    let tail = last.bytes.get(last.end..).unwrap_or_default();
    let Some(length) = tail.iter().rposition(|b| *b != 0).map(|p| p + 1) else { return Ok(0) };
    let name = format!("{:08}-{}.torn", last.read.header.index, last.end);
    let mut aside = disk.create(&name, length as u64)?;
    aside.write_at(tail.get(..length).unwrap_or_default(), 0)?;
    aside.sync()?;
    disk.sync()?;
    file.write_at(&vec![0; length], last.end as u64)?;
    file.sync()?;
    Ok(length)
}

/// Makes a zone map that is missing or damaged. A segment that cannot be read is left to `verify`.
fn restore_zone<D: Disk>(disk: &D, index: u64) -> Result<(), Refused> {
    let bytes = disk.read(&file_name(index))?;
    if let Some(zone) = zone_of(&bytes) {
        write_zone(disk, index, &zone)?;
    }
    Ok(())
}

/// The zone map of a whole segment.
pub(crate) fn zone_of(bytes: &[u8]) -> Option<Zone> {
    let read = Header::read(bytes).ok()?;
    let (mut zone, mut end) = (Zone::new(read.schema, read.end), read.end);
    while let Here::Frame(f) = frame::look(bytes, end) {
        let (seq, entry) = schema::decode(read.schema, f.payload)?;
        zone.add(seq.0, &entry, f.end);
        end = f.end;
    }
    matches!(frame::look(bytes, end), Here::End).then_some(zone)
}
