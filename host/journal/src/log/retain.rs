//! Letting old segments go.
//!
//! What goes is said in the chain first: an entry names the last record that was let go, so that a journal that begins
//! late is told from one whose beginning was taken away.

use std::io;

use super::Log;
use crate::{
    Retention,
    disk::Disk,
    segment::{file_name, indexes, zone::Zone, zone_name},
};

/// `data` of [`crate::EventKind::JournalTrimmed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Trimmed {
    /// Number of the last record that is gone.
    pub(crate) through: u64,
}

impl Trimmed {
    pub(crate) fn to_json(self) -> String {
        format!("{{\"through\":{}}}", self.through)
    }

    /// Reads what [`Trimmed::to_json`] wrote, and nothing else.
    pub(crate) fn read(data: &str) -> Option<Self> {
        let through = data.strip_prefix("{\"through\":")?.strip_suffix('}')?.parse().ok()?;
        Some(Self { through })
    }
}

/// Segments that are to go, once the chain says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Leaving {
    pub(crate) segments: Vec<u64>,
    pub(crate) through: u64,
    pub(crate) newest_ms: u64,
}

impl<D: Disk> Log<D> {
    /// What is over the limits. The segment being written stays, whatever they are.
    pub(crate) fn over(&self, keep: &Retention) -> io::Result<Option<Leaving>> {
        if keep.max_bytes.is_none() && keep.max_age_ms.is_none() {
            return Ok(None);
        }
        let names = self.disk.list()?;
        let sealed: Vec<u64> = indexes(&names).into_iter().filter(|i| *i < self.current.index).collect();
        let newest_ms = self.current.zone.whole.times.last().unwrap_or(0);
        let mut zones = Vec::new();
        let mut total = self.current.length as u64;
        for index in &sealed {
            let zone = self.disk.read(&zone_name(*index)).ok().and_then(|bytes| Zone::read(&bytes));
            let length = self.disk.len(&file_name(*index))?;
            total += length;
            zones.push((*index, length, zone));
        }
        let newest_ms = zones.iter().filter_map(|(_, _, z)| z.as_ref()?.whole.times.last()).fold(newest_ms, u64::max);
        let mut leaving = Leaving { segments: Vec::new(), through: 0, newest_ms };
        for (index, length, zone) in zones {
            // Without its map nobody knows what is in it: it stays until it has one again.
            let Some(through) = zone.as_ref().and_then(Zone::last_seq) else { break };
            let too_big = keep.max_bytes.is_some_and(|max| total > max);
            let last_ms = zone.as_ref().and_then(|z| z.whole.times.last()).unwrap_or(newest_ms);
            let too_old = keep.max_age_ms.is_some_and(|max| last_ms < newest_ms.saturating_sub(max));
            if !too_big && !too_old {
                break;
            }
            total -= length;
            leaving.segments.push(index);
            leaving.through = through;
        }
        Ok(Some(leaving).filter(|l| !l.segments.is_empty()))
    }

    /// Removes segments, oldest first, so that what stays is always one piece.
    pub(crate) fn remove(&self, segments: &[u64]) -> io::Result<()> {
        for index in segments {
            self.disk.remove(&file_name(*index))?;
            // It may be missing.
            let _ = self.disk.remove(&zone_name(*index));
        }
        self.disk.sync()
    }

    /// Number of the segment being written: it changes when there may be something to let go.
    pub(crate) const fn segment(&self) -> u64 {
        self.current.index
    }
}
