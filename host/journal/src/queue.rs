//! What callers and the writer thread share: the bounded queue and what became of it.

use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::{
    Backpressure, Head, JournalOptions, OnFailure, Record, Seq, Synchronous, Unrecorded, chain::Chain, entry::Entry,
    state::State,
};

/// The queue. Its lock is held for moves of memory only, never across I/O.
pub(crate) struct Queue {
    state: Mutex<State>,
    /// The writer waits here for work.
    work: Condvar,
    /// Callers wait here for room, for a sync or for the end.
    progress: Condvar,
    capacity: usize,
    batch: usize,
    max_delay: Duration,
    backpressure: Backpressure,
    synchronous: Synchronous,
    on_failure: OnFailure,
    patience: Duration,
}

/// Work for the writer.
pub(crate) struct Work {
    /// Somebody waits for it to be on the disk.
    pub(crate) durable: bool,
    /// Nothing comes after it.
    pub(crate) last: bool,
}

/// The counts of a status.
pub(crate) struct Progress {
    pub(crate) appended: u64,
    pub(crate) written: u64,
    pub(crate) dropped: u64,
    pub(crate) lag: u64,
    pub(crate) durable: u64,
    pub(crate) error: Option<String>,
    pub(crate) warning: Option<String>,
    pub(crate) unrecorded: u64,
    pub(crate) withheld: u64,
    pub(crate) head: Head,
}

impl Queue {
    pub(crate) fn new(options: &JournalOptions, committed: Chain) -> Self {
        // A gap's confession and the record after it need two places.
        let capacity = options.queue.max(2);
        Self {
            state: Mutex::new(State::at(committed)),
            work: Condvar::new(),
            progress: Condvar::new(),
            capacity,
            batch: options.batch.clamp(1, capacity),
            // An hour is for ever here, and no sum of times overflows.
            max_delay: options.max_delay.min(Duration::from_secs(3_600)),
            backpressure: options.backpressure,
            synchronous: options.synchronous,
            on_failure: options.on_failure,
            patience: options.patience.min(Duration::from_secs(3_600)),
        }
    }

    /// A panic elsewhere leaves the counts as they were: they are whole at every unlock.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        state.watchers += 1;
        state = self.progress.wait(state).unwrap_or_else(PoisonError::into_inner);
        state.watchers -= 1;
        state
    }

    /// Accepts a caller's record, or counts a drop.
    pub(crate) fn push(&self, record: Record) -> Seq {
        let mut state = self.lock();
        while state.waiting.len() >= self.capacity && state.accepts() && self.backpressure == Backpressure::Wait {
            state = self.wait(state);
        }
        if !state.accepts() {
            state.dropped += 1;
            return Seq::NONE;
        }
        // A gap is confessed before the next record, so both need room.
        if state.waiting.len() + usize::from(state.gap > 0) >= self.capacity {
            state.miss(&record);
            return Seq::NONE;
        }
        state.confess();
        let seq = state.accept(Entry::Record(record));
        self.wake(state);
        seq
    }

    /// Accepts what records refer to (plugins, symbols, metadata): few and small, so they never wait and never drop.
    pub(crate) fn push_always(&self, entry: Entry) -> Seq {
        let mut state = self.lock();
        if !state.accepts() {
            state.dropped += 1;
            return Seq::NONE;
        }
        let seq = state.accept(entry);
        self.wake(state);
        seq
    }

    fn wake(&self, mut state: MutexGuard<'_, State>) {
        if state.waiting.len() >= state.wake_at {
            state.wake_at = usize::MAX;
            drop(state);
            self.work.notify_one();
        }
    }

    /// Waits until everything accepted so far is durable.
    pub(crate) fn sync(&self) -> Result<Head, Option<String>> {
        let mut state = self.lock();
        if state.accepts() {
            state.confess();
        }
        let target = state.seq;
        state.sync_to = state.sync_to.max(target);
        self.work.notify_one();
        loop {
            // Also when all of it was on the disk once: it may be the disk that went.
            if state.error.is_some() {
                return Err(state.error.clone());
            }
            if state.durable >= target {
                return Ok(state.committed.head());
            }
            if state.ended {
                return Err(None);
            }
            state = self.wait(state);
        }
    }

    /// Waits, not for ever, until an order's decisions are recorded, and says whether the order may leave.
    pub(crate) fn before_order(&self) -> Result<(), Unrecorded> {
        let (recorded, mut state) = self.recorded();
        match (recorded, self.on_failure) {
            (Ok(()), _) => Ok(()),
            (Err(_), OnFailure::Continue) => {
                state.unrecorded += 1;
                Ok(())
            }
            (Err(why), OnFailure::HaltNew) => {
                state.withheld += 1;
                Err(why)
            }
        }
    }

    fn recorded(&self) -> (Result<(), Unrecorded>, MutexGuard<'_, State>) {
        let mut state = self.lock();
        if !state.accepts() {
            return (Err(Unrecorded::failed(state.error.as_deref())), state);
        }
        let dropped = state.gap > 0;
        state.confess();
        let target = state.seq;
        let full = self.synchronous == Synchronous::Full;
        if full {
            state.sync_to = state.sync_to.max(target);
        } else {
            state.write_to = state.write_to.max(target);
        }
        self.work.notify_one();
        let due = Instant::now() + self.patience;
        loop {
            if target <= if full { state.durable } else { state.committed.seq() } {
                // What was dropped a moment ago may be what this order rests on.
                return (if dropped { Err(Unrecorded::Dropped) } else { Ok(()) }, state);
            }
            if state.ended {
                return (Err(Unrecorded::failed(state.error.as_deref())), state);
            }
            let left = due.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return (Err(Unrecorded::Late(self.patience)), state);
            }
            state.watchers += 1;
            state = self.progress.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
            state.watchers -= 1;
        }
    }

    /// Asks the writer to finish.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        if state.accepts() {
            state.confess();
        }
        state.closing = true;
        drop(state);
        self.work.notify_one();
        self.progress.notify_all();
    }

    pub(crate) fn progress(&self) -> Progress {
        let state = self.lock();
        Progress {
            appended: state.appended,
            written: state.written,
            dropped: state.dropped,
            lag: state.lag(),
            durable: state.durable,
            error: state.error.clone(),
            warning: state.warning.clone(),
            unrecorded: state.unrecorded,
            withheld: state.withheld,
            head: state.committed.head(),
        }
    }

    /// The writer's side: waits for work and swaps it into `batch`, which is empty.
    pub(crate) fn take(&self, batch: &mut Vec<Entry>) -> Work {
        let mut state = self.lock();
        while state.waiting.is_empty() && !state.urgent() {
            state.wake_at = 1;
            state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        // Others may share the transaction: sleep until it is full, due, or somebody waits for it.
        let due = Instant::now() + self.max_delay;
        while state.waiting.len() < self.batch && !state.urgent() {
            let left = due.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            state.wake_at = self.batch;
            state = self.work.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.wake_at = usize::MAX;
        core::mem::swap(&mut state.waiting, batch);
        let work = Work { durable: state.closing || state.sync_to > state.durable, last: state.closing };
        self.announce(&state);
        work
    }

    /// The writer's side: `count` entries are committed and the chain ends at `chain`.
    pub(crate) fn committed(&self, count: usize, chain: &Chain, durable: bool, warning: Option<&str>) {
        let mut state = self.lock();
        if state.warning.as_deref() != warning {
            state.warning = warning.map(str::to_owned);
        }
        state.commit(count, chain, durable);
        self.announce(&state);
    }

    /// The writer's side: it ends; `unwritten` entries of its batch and all that wait are lost.
    pub(crate) fn end(&self, unwritten: usize, error: Option<String>) {
        let mut state = self.lock();
        state.end(unwritten, error);
        self.announce(&state);
    }

    fn announce(&self, state: &State) {
        if state.watchers > 0 {
            self.progress.notify_all();
        }
    }
}
