//! What a reader knows of each segment.
//!
//! A finished segment never changes, so its map is read once. Only so many maps are kept that memory does not grow with
//! the ledger; the others are read again.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{
    Counts, Head,
    chain::Chain,
    disk::Folder,
    log::zone_of,
    segment::{file_name, header::Tables, zone::Zone},
    walk,
};

use super::{
    Readable,
    growing::{Growing, NoHeader},
};

/// Maps that are kept; one takes up to 80 KiB.
const KEPT: usize = 256;

/// The maps of a ledger.
pub(super) struct Maps {
    folder: Folder,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    finished: BTreeMap<u64, Arc<Zone>>,
    growing: Option<Growing>,
}

/// The ledger at one moment.
pub(super) struct Moment {
    /// Finished segments, in order.
    pub(super) finished: Vec<u64>,
    /// The last one and its map.
    pub(super) last: Option<(u64, Arc<Zone>)>,
    pub(super) tables: Arc<Tables>,
}

impl Maps {
    pub(super) fn of(folder: Folder) -> Self {
        Self { folder, state: Mutex::default() }
    }

    /// A panic elsewhere leaves what is known as it was: it is whole after every entry.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at the header of the last segment. `None` where there is no segment.
    pub(super) fn begin(&self) -> Result<Option<()>, NoHeader> {
        let all = walk::segments(&self.folder).map_err(|error| NoHeader::Unreadable(error.to_string()))?;
        let Some(last) = all.last() else { return Ok(None) };
        self.lock().growing = Some(Growing::begin(&self.folder, *last)?);
        Ok(Some(()))
    }

    /// The ledger as it is now.
    pub(super) fn now(&self) -> Readable<Moment> {
        let mut state = self.lock();
        let finished = self.up_to_date(&mut state)?;
        let (last, tables) = match &state.growing {
            Some(growing) => (Some((growing.index, Arc::clone(&growing.zone))), Arc::clone(&growing.tables)),
            None => (None, Arc::default()),
        };
        Ok(Moment { finished, last, tables })
    }

    /// Rows of each kind in the last segment, and the end of the chain; and the segments before it.
    pub(super) fn counted(&self) -> Readable<(Counts, Head, Vec<u64>)> {
        let mut state = self.lock();
        let finished = self.up_to_date(&mut state)?;
        let (counts, head) = match &mut state.growing {
            Some(growing) => growing.counted(&self.folder)?,
            None => (Counts::default(), Chain::empty().head()),
        };
        Ok((counts, head, finished))
    }

    fn up_to_date(&self, state: &mut State) -> Readable<Vec<u64>> {
        loop {
            let mut all = walk::segments(&self.folder).map_err(|error| error.to_string())?;
            let Some(last) = all.pop() else {
                state.growing = None;
                return Ok(all);
            };
            if state.growing.as_ref().is_none_or(|growing| growing.index != last) {
                state.growing = match Growing::begin(&self.folder, last) {
                    Ok(growing) => Some(growing),
                    // Let go since it was listed: there are others by now.
                    Err(NoHeader::Gone) => continue,
                    Err(NoHeader::Version(why) | NoHeader::Unreadable(why)) => return Err(why),
                };
            }
            if let Some(growing) = &mut state.growing {
                growing.catch_up(&self.folder)?;
            }
            return Ok(all);
        }
    }

    /// The map of a finished segment, made from the segment where it is missing. `None`: it was let go.
    pub(super) fn finished(&self, index: u64) -> Readable<Option<Arc<Zone>>> {
        if let Some(known) = self.lock().finished.get(&index) {
            return Ok(Some(Arc::clone(known)));
        }
        let zone = match walk::zone(&self.folder, index) {
            Some(zone) => zone,
            None => {
                let name = file_name(index);
                let read = walk::bytes(&self.folder, index).map_err(|error| format!("{name}: {error}"))?;
                let Some(segment) = read else { return Ok(None) };
                zone_of(&segment).ok_or_else(|| format!("{name} is damaged"))?
            }
        };
        let zone = Arc::new(zone);
        let finished = &mut self.lock().finished;
        if finished.len() >= KEPT {
            // The oldest: it is asked for least, and perhaps gone.
            finished.pop_first();
        }
        finished.insert(index, Arc::clone(&zone));
        Ok(Some(zone))
    }
}
