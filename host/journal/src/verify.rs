//! Whether the ledger still says what was written.

use crate::{
    EventKind, Head, Record, Seq,
    chain::{Chain, hex},
    disk::Disk,
    entry::Entry,
    log::{HEAD, Trimmed, learn, parse_head},
    schema,
    segment::{
        file_name,
        frame::{self, Frame, Here},
        header::{Bad, Header, Read, Tables},
        zone::Zone,
        zone_name,
    },
    walk,
};

/// The whole chain holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Number of the first entry that is still there: 1, unless old segments were let go.
    pub first: u64,
    /// Number of the last one.
    pub entries: u64,
    /// End of the chain.
    pub head: Head,
    /// Bytes of an unfinished write behind it: a writer is at work, or died there. No record that was acknowledged is
    /// in them unless the disk lost what it had acknowledged.
    pub unfinished_bytes: u64,
}

/// Where in the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: String,
    /// Offset in it, bytes.
    pub offset: u64,
}

/// The first place where the ledger is not what was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{}{}: {what}",
    if seq.is_kept() { format!("record {seq}") } else { "the ledger".to_owned() },
    place.as_ref().map_or_else(String::new, |p| format!(" ({} at byte {})", p.file, p.offset))
)]
pub struct Broken {
    /// The record; [`Seq::NONE`] when it is no single one.
    pub seq: Seq,
    /// Where its bytes are, or should be.
    pub place: Option<Place>,
    /// What is wrong.
    pub what: String,
}

fn broken(seq: u64, file: String, offset: usize, what: impl Into<String>) -> Broken {
    Broken { seq: Seq(seq), place: Some(Place { file, offset: offset as u64 }), what: what.into() }
}

/// Recomputes the chain from the segments. `kept` is a head from elsewhere.
pub(crate) fn verify<D: Disk>(disk: &D, kept: Option<&Head>) -> Result<Verified, Broken> {
    let unreadable = |error: std::io::Error| Broken { seq: Seq::NONE, place: None, what: error.to_string() };
    // Before the segments: a writer only ever moves it on.
    let names = disk.list().map_err(unreadable)?;
    let exported = if names.iter().any(|n| n == HEAD) { Some(disk.read(HEAD).map_err(unreadable)?) } else { None };
    let exported = exported.map(|bytes| {
        parse_head(&bytes).ok_or_else(|| broken(0, HEAD.to_owned(), 0, "the exported head cannot be read"))
    });
    let mut check = Check::new(exported.transpose()?, kept);
    let all = walk::segments(disk).map_err(unreadable)?;
    for (place, index) in all.iter().enumerate() {
        let last = place + 1 == all.len();
        let bytes = match disk.read(&file_name(*index)) {
            Ok(bytes) => bytes,
            // Let go since the list was made.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && check.chain.is_none() => continue,
            Err(error) => return Err(broken(check.next(), file_name(*index), 0, error.to_string())),
        };
        if last {
            check.last(disk, *index, &bytes)?;
            continue;
        }
        let found = check.segment(*index, &bytes, false)?;
        if let Ok(map) = disk.read(&zone_name(*index))
            && Zone::read(&map) != Some(found)
        {
            return Err(broken(0, zone_name(*index), 0, "it does not say what its segment holds: remove it"));
        }
    }
    check.end()
}

/// A walk through the chain.
#[derive(Clone)]
struct Check {
    chain: Option<Chain>,
    tables: Tables,
    first: u64,
    /// Heads that the chain must contain, and whose number has not come yet.
    heads: Vec<(&'static str, Head)>,
    segment: Option<u64>,
    trimmed: u64,
    unfinished: usize,
}

impl Check {
    fn new(exported: Option<Head>, kept: Option<&Head>) -> Self {
        let exported = exported.map(|head| ("the exported head", head));
        let kept = kept.map(|head| ("the head that was kept", head.clone()));
        let heads = exported.into_iter().chain(kept).filter(|(_, head)| head.seq > 0).collect();
        let tables = Tables::default();
        Self { chain: None, tables, first: 1, heads, segment: None, trimmed: 0, unfinished: 0 }
    }

    fn next(&self) -> u64 {
        self.chain.as_ref().map_or(1, |chain| chain.seq() + 1)
    }

    /// The last segment. It may be written while it is read, and then bytes from before stand beside bytes from after: what
    /// is wrong must be wrong twice.
    fn last<D: Disk>(&mut self, disk: &D, index: u64, bytes: &[u8]) -> Result<(), Broken> {
        let before = self.clone();
        if self.segment(index, bytes, true).is_err() {
            *self = before;
            let again = disk.read(&file_name(index));
            let again = again.map_err(|error| broken(self.next(), file_name(index), 0, error.to_string()))?;
            self.segment(index, &again, true)?;
        }
        Ok(())
    }

    fn segment(&mut self, index: u64, bytes: &[u8], last: bool) -> Result<Zone, Broken> {
        let file = || file_name(index);
        if let Some(before) = self.segment.replace(index).filter(|before| before + 1 != index) {
            return Err(broken(self.next(), file_name(before + 1), 0, "the segment is missing"));
        }
        let read = Header::read(bytes).map_err(|bad| match bad {
            Bad::Damaged => broken(self.next(), file(), 0, "the segment's header is damaged"),
            Bad::Version(why) => broken(self.next(), file(), 0, why),
        })?;
        self.header(index, &read, bytes)?;
        let mut zone = Zone::new(read.schema, read.end);
        let mut at = read.end;
        loop {
            match frame::look(bytes, at) {
                Here::Frame(frame) => {
                    let entry = self.frame(index, &read, bytes, &frame)?;
                    zone.add(self.next() - 1, &entry, frame.end);
                    at = frame.end;
                }
                Here::End => return Ok(zone),
                Here::Bad if last && frame::is_torn(bytes, at) && self.heads.is_empty() => {
                    self.unfinished = bytes.len() - at;
                    return Ok(zone);
                }
                Here::Bad => return Err(broken(self.next(), file(), at, self.damage(&read, bytes, at))),
            }
        }
    }

    fn header(&mut self, index: u64, read: &Read, bytes: &[u8]) -> Result<(), Broken> {
        let Header { index: said, length, first, prev, tables, .. } = &read.header;
        let next = self.next();
        let wrong = |what: &str| broken(next, file_name(index), 0, what);
        if *said != index {
            return Err(wrong("it is another segment under this name: segments were exchanged"));
        }
        if bytes.len() as u64 != *length {
            return Err(wrong("the segment was cut off or made longer"));
        }
        let chain = match &mut self.chain {
            Some(chain) => {
                if *first != chain.seq() + 1 || *prev != chain.hash() || *tables != self.tables {
                    return Err(wrong("its header does not continue the chain"));
                }
                chain
            }
            none => {
                (self.first, self.tables) = (*first, tables.clone());
                none.insert(Chain::at(first.saturating_sub(1), *prev))
            }
        };
        chain.begin_segment(bytes.get(..read.end).unwrap_or_default());
        Ok(())
    }

    fn frame(&mut self, index: u64, read: &Read, bytes: &[u8], frame: &Frame<'_>) -> Result<Entry, Broken> {
        let expected = self.next();
        let wrong = |what: String| broken(expected, file_name(index), frame.at, what);
        let (seq, entry) = schema::decode(read.schema, frame.payload)
            .ok_or_else(|| wrong("it was changed: its content is no record".to_owned()))?;
        if seq.0 != expected {
            return Err(wrong(misplaced(read.schema, bytes, frame.end, expected, seq.0)));
        }
        let hash = self.chain.get_or_insert_with(Chain::empty).link(frame.payload);
        if frame.link != frame::link(&hash) {
            return Err(wrong("it was changed, or is not the record that stood here".to_owned()));
        }
        let met = self.heads.extract_if(.., |(_, head)| head.seq == seq.0).find(|(_, head)| head.hash != hex(&hash));
        if let Some((which, _)) = met {
            return Err(wrong(format!("the chain up to here is not the one of {which}: records were rewritten")));
        }
        if let Entry::Record(Record::Event(event)) = &entry
            && event.kind == EventKind::JournalTrimmed
            && event.actor == "journal"
        {
            self.trimmed = self.trimmed.max(Trimmed::read(&event.data).map_or(0, |t| t.through));
        }
        learn(&mut self.tables, &entry);
        Ok(entry)
    }

    /// What is known about bytes that are no frame.
    fn damage(&self, read: &Read, bytes: &[u8], at: usize) -> String {
        let next = frame::behind(bytes, at).find_map(|f| Some(schema::keys(read.schema, f.payload)?.seq.0));
        match next {
            Some(next) if next > self.next() + 1 => {
                format!("it and the records up to {} are damaged or missing", next - 1)
            }
            Some(next) if next == self.next() => "there are bytes before it that are no record".to_owned(),
            _ => "it is damaged: its checksum does not hold".to_owned(),
        }
    }

    fn end(self) -> Result<Verified, Broken> {
        let chain = self.chain.unwrap_or_else(Chain::empty);
        // A head from before the first record that is still there proves nothing any more, and denies nothing.
        if let Some((which, head)) = self.heads.iter().find(|(_, head)| head.seq >= self.first) {
            let what =
                format!("it is missing: {which} names record {}, and the chain ends at {}", head.seq, chain.seq());
            return Err(Broken { seq: Seq(chain.seq() + 1), place: None, what });
        }
        if self.first > self.trimmed + 1 {
            let what = format!("the records up to {} are missing, and none was let go", self.first - 1);
            return Err(Broken { seq: Seq(1), place: None, what });
        }
        let unfinished_bytes = self.unfinished as u64;
        Ok(Verified { first: self.first, entries: chain.seq(), head: chain.head(), unfinished_bytes })
    }
}

/// What it means that another record stands here.
fn misplaced(schema: u32, bytes: &[u8], behind: usize, expected: u64, found: u64) -> String {
    let later =
        frame::behind(bytes, behind).any(|f| schema::keys(schema, f.payload).is_some_and(|k| k.seq.0 == expected));
    if found < expected {
        format!("record {found} stands in its place, a second time")
    } else if later {
        format!("record {found} stands in its place: records were reordered")
    } else {
        format!("it is missing: record {found} stands in its place")
    }
}
