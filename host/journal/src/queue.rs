//! What callers and the writer thread share: the bounded queue and what became of it.

use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::{Backpressure, EventKind, EventRecord, Head, JournalOptions, Record, Seq, chain::Chain, entry::Entry};

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
}

struct State {
    waiting: Vec<Entry>,
    /// Length at which the writer wants to be woken: it sleeps through the rest, so most appends wake nobody.
    wake_at: usize,
    /// Callers that wait for progress.
    watchers: usize,
    /// Number of the last entry accepted.
    seq: u64,
    /// Everything up to here is to be durable at once.
    sync_to: u64,
    appended: u64,
    written: u64,
    dropped: u64,
    lost: u64,
    /// Drops not yet confessed in the ledger, and the last one's event time.
    gap: u64,
    gap_ms: u64,
    committed: Chain,
    durable: u64,
    closing: bool,
    /// The writer is gone; nothing is accepted any more.
    ended: bool,
    error: Option<String>,
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
    pub(crate) error: Option<String>,
    pub(crate) head: Head,
}

impl Queue {
    pub(crate) fn new(options: &JournalOptions, committed: Chain) -> Self {
        // A gap's confession and the record after it need two places.
        let capacity = options.queue.max(2);
        Self {
            state: Mutex::new(State {
                waiting: Vec::new(),
                wake_at: usize::MAX,
                watchers: 0,
                seq: committed.seq(),
                sync_to: 0,
                appended: 0,
                written: 0,
                dropped: 0,
                lost: 0,
                gap: 0,
                gap_ms: 0,
                durable: committed.seq(),
                committed,
                closing: false,
                ended: false,
                error: None,
            }),
            work: Condvar::new(),
            progress: Condvar::new(),
            capacity,
            batch: options.batch.clamp(1, capacity),
            max_delay: options.max_delay,
            backpressure: options.backpressure,
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
            state.dropped += 1;
            state.gap += 1;
            state.gap_ms = record.event_time_ms();
            return Seq::NONE;
        }
        state.confess();
        let seq = state.accept(Entry::Record(record));
        self.wake(state);
        seq
    }

    /// Accepts what records refer to (plugins, symbols, metadata): few and small, so they never wait and never drop.
    pub(crate) fn push_always(&self, entry: Entry) {
        let mut state = self.lock();
        if state.accepts() {
            state.accept(entry);
            self.wake(state);
        } else {
            state.dropped += 1;
        }
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
            if state.durable >= target {
                return Ok(state.committed.head());
            }
            if state.ended {
                return Err(state.error.clone());
            }
            state = self.wait(state);
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
            lag: state.appended - state.written - state.lost,
            error: state.error.clone(),
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
    pub(crate) fn committed(&self, count: usize, chain: &Chain, durable: bool) {
        let mut state = self.lock();
        state.written += count as u64;
        state.committed = Chain::at(chain.seq(), chain.hash());
        if durable {
            state.durable = chain.seq();
        }
        self.announce(&state);
    }

    /// The writer's side: it ends; `unwritten` entries of its batch and all that wait are lost.
    pub(crate) fn end(&self, unwritten: usize, error: Option<String>) {
        let mut state = self.lock();
        let lost = unwritten as u64 + state.waiting.len() as u64;
        state.waiting = Vec::new();
        state.lost += lost;
        state.dropped += lost;
        state.ended = true;
        state.error = error.or(state.error.take());
        self.announce(&state);
    }

    fn announce(&self, state: &State) {
        if state.watchers > 0 {
            self.progress.notify_all();
        }
    }
}

impl State {
    const fn accepts(&self) -> bool {
        !self.closing && !self.ended
    }

    const fn urgent(&self) -> bool {
        self.closing || self.sync_to > self.durable
    }

    fn accept(&mut self, entry: Entry) -> Seq {
        self.seq += 1;
        self.appended += 1;
        self.waiting.push(entry);
        Seq(self.seq)
    }

    /// Writes into the ledger that records are missing here.
    fn confess(&mut self) {
        if self.gap > 0 {
            let record = EventRecord {
                event_time_ms: self.gap_ms,
                kind: EventKind::RecordsLost,
                actor: "journal".to_owned(),
                text: format!("{} records were not kept here: the queue was full", self.gap),
                data: format!("{{\"records\":{}}}", self.gap),
            };
            self.gap = 0;
            self.accept(Entry::Record(Record::Event(record)));
        }
    }
}
