//! The queue's state and what may happen to it.

use crate::{EventKind, EventRecord, Record, Seq, chain::Chain, entry::Entry};

/// The queue and its counts. Whole at every unlock.
pub(crate) struct State {
    /// Entries that the writer has not taken.
    pub(crate) waiting: Vec<Entry>,
    /// Length at which the writer wants to be woken: it sleeps through the rest, so most appends wake nobody.
    pub(crate) wake_at: usize,
    /// Callers that wait for progress.
    pub(crate) watchers: usize,
    /// Number of the last entry accepted.
    pub(crate) seq: u64,
    /// Everything up to here is to be durable at once.
    pub(crate) sync_to: u64,
    /// Everything up to here is to be written at once.
    pub(crate) write_to: u64,
    /// Entries accepted.
    pub(crate) appended: u64,
    /// Entries committed.
    pub(crate) written: u64,
    /// Records that are not in the ledger.
    pub(crate) dropped: u64,
    /// Of these, the ones that had been accepted.
    lost: u64,
    /// Drops not yet confessed in the ledger, and the last one's event time.
    pub(crate) gap: u64,
    gap_ms: u64,
    /// End of the committed chain.
    pub(crate) committed: Chain,
    /// Last entry that is on the disk.
    pub(crate) durable: u64,
    /// Somebody asked for the end.
    pub(crate) closing: bool,
    /// The writer is gone; nothing is accepted any more.
    pub(crate) ended: bool,
    /// Why the writer ended early.
    pub(crate) error: Option<String>,
    /// What will end it.
    pub(crate) warning: Option<String>,
    /// Orders that went out unrecorded, and that did not for this reason.
    pub(crate) unrecorded: u64,
    pub(crate) withheld: u64,
}

impl State {
    /// Nothing waits, and the chain ends at `committed`.
    pub(crate) fn at(committed: Chain) -> Self {
        Self {
            waiting: Vec::new(),
            wake_at: usize::MAX,
            watchers: 0,
            seq: committed.seq(),
            sync_to: 0,
            write_to: 0,
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
            warning: None,
            unrecorded: 0,
            withheld: 0,
        }
    }

    /// Whether records are taken.
    pub(crate) const fn accepts(&self) -> bool {
        !self.closing && !self.ended
    }

    /// Whether the writer must not wait for more.
    pub(crate) const fn urgent(&self) -> bool {
        self.closing || self.sync_to > self.durable || self.write_to > self.committed.seq()
    }

    /// Takes an entry and gives it its number.
    pub(crate) fn accept(&mut self, entry: Entry) -> Seq {
        self.seq += 1;
        self.appended += 1;
        self.waiting.push(entry);
        Seq(self.seq)
    }

    /// Counts a record that finds no room.
    pub(crate) fn miss(&mut self, record: &Record) {
        self.dropped += 1;
        self.gap += 1;
        self.gap_ms = record.event_time_ms();
    }

    /// Writes into the ledger that records are missing here.
    pub(crate) fn confess(&mut self) {
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

    /// `count` entries are committed and the chain ends at `chain`.
    pub(crate) fn commit(&mut self, count: usize, chain: &Chain, durable: bool) {
        self.written += count as u64;
        self.committed = chain.clone();
        if durable {
            self.durable = chain.seq();
        }
    }

    /// The writer is gone: `unwritten` entries in its hands and all that wait are lost.
    pub(crate) fn end(&mut self, unwritten: usize, error: Option<String>) {
        let lost = unwritten as u64 + self.waiting.len() as u64;
        self.waiting = Vec::new();
        self.lost += lost;
        self.dropped += lost;
        self.ended = true;
        self.error = error;
    }

    /// Entries accepted and neither committed nor lost yet.
    pub(crate) const fn lag(&self) -> u64 {
        self.appended - self.written - self.lost
    }
}
