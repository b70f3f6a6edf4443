//! What is handed to the threads that judge.

use std::sync::Arc;

use bulkhead_journal::{CallRecord, GuestRecord, Seq};
use bulkhead_policy::Directives;

/// Most decisions of one call that are judged: no chain is nearly as long.
pub(super) const MOST_POSITIONS: usize = 64;

/// A recorded call with all that it takes to make it again.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) seq: Seq,
    pub(super) call: CallRecord,
    pub(super) directives: Option<Arc<Directives>>,
    /// Postcard of what stood in for a fault, by place in the chain. Mostly empty.
    pub(super) last_good: Vec<(usize, Vec<u8>)>,
}

impl Asked {
    pub(super) fn last_good(&self, position: usize) -> Option<&[u8]> {
        self.last_good.iter().find(|(place, _)| *place == position).map(|(_, raw)| raw.as_slice())
    }
}

/// A recorded step of an instance.
#[derive(Debug)]
pub(super) struct Stepped {
    pub(super) seq: Seq,
    pub(super) record: GuestRecord,
    pub(super) directives: Option<Arc<Directives>>,
}

/// Work for one thread, in the order of the journal.
#[derive(Debug)]
pub(super) enum Job {
    /// An instance is born.
    Born(Seq, GuestRecord),
    /// It is given something beside a hook call.
    Step(Arc<Stepped>),
    /// A hook is called.
    Call {
        asked: Arc<Asked>,
        /// Places in the chain that this thread's instances answer, a bit each.
        mine: u64,
        /// This thread works the chain out.
        leads: bool,
    },
    /// Everything so far is to be reported, under this number.
    Mark(u64),
    /// Nothing comes any more.
    End,
}

/// Whether a set of places goes on behind one.
pub(super) const fn any_after(places: u64, position: usize) -> bool {
    position + 1 < MOST_POSITIONS && places >> (position + 1) != 0
}

/// Whether a place is in a set of places.
pub(super) const fn holds(places: u64, position: usize) -> bool {
    position < MOST_POSITIONS && places & (1 << position) != 0
}
