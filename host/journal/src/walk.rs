//! Segments as a reader sees them: each read whole, one at a time, so that memory does not grow with the ledger.

use std::io;

use crate::{
    Seq,
    disk::Disk,
    entry::Entry,
    schema,
    segment::{
        file_name,
        frame::{self, Frame, Here},
        header::{Bad, Header, Read},
        indexes,
        keys::{self, Keys},
        zone::Zone,
        zone_name,
    },
};

/// The segments of a folder, in order.
pub(crate) fn segments<D: Disk>(disk: &D) -> io::Result<Vec<u64>> {
    Ok(indexes(&disk.list()?))
}

/// The zone map of a segment, where there is a good one.
pub(crate) fn zone<D: Disk>(disk: &D, index: u64) -> Option<Zone> {
    Zone::read(&disk.read(&zone_name(index)).ok()?)
}

/// A segment in memory.
pub(crate) struct Segment {
    pub(crate) index: u64,
    pub(crate) read: Read,
    pub(crate) bytes: Vec<u8>,
    /// It may end in the middle of a write.
    last: bool,
}

impl Segment {
    /// Reads a segment. `None` when it was let go meanwhile.
    pub(crate) fn load<D: Disk>(disk: &D, index: u64, last: bool) -> Result<Option<Self>, String> {
        let bytes = match disk.read(&file_name(index)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(format!("{}: {error}", file_name(index))),
        };
        match Header::read(&bytes) {
            Ok(read) => Ok(Some(Self { index, read, bytes, last })),
            Err(Bad::Damaged) => Err(format!("the header of {} is damaged", file_name(index))),
            Err(Bad::Version(why)) => Err(why),
        }
    }

    /// Its frames, up to the end or to the first that cannot be read.
    pub(crate) fn frames(&self) -> Frames<'_> {
        Frames { segment: self, at: self.read.end, ended: false }
    }

    /// The entry of a frame.
    pub(crate) fn entry(&self, frame: &Frame<'_>) -> Result<(Seq, Entry), String> {
        schema::decode(self.read.schema, frame.payload).ok_or_else(|| self.unreadable(frame.at))
    }

    fn unreadable(&self, at: usize) -> String {
        format!("{} cannot be read at byte {at}", file_name(self.index))
    }
}

/// Frames of a segment, with their keys.
pub(crate) struct Frames<'s> {
    segment: &'s Segment,
    at: usize,
    ended: bool,
}

impl<'s> Iterator for Frames<'s> {
    type Item = Result<(Keys, Frame<'s>), String>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let Segment { bytes, last, .. } = self.segment;
        match frame::look(bytes, self.at) {
            Here::Frame(frame) => {
                self.at = frame.end;
                let keys = keys::keys(frame.payload).ok_or_else(|| self.segment.unreadable(frame.at));
                Some(keys.map(|keys| (keys, frame)))
            }
            here => {
                self.ended = true;
                let fine = matches!(here, Here::End) || *last && frame::is_torn(bytes, self.at);
                (!fine).then(|| Err(self.segment.unreadable(self.at)))
            }
        }
    }
}
