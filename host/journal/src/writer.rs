//! The writer thread: drains the queue, links the chain, commits in groups, and lets old segments go.

use std::{
    io,
    time::{Duration, Instant},
};

use crate::{
    EventKind, EventRecord, Record, Retention, Synchronous,
    disk::Disk,
    entry::Entry,
    error::sentence,
    log::{Leaving, Log, Trimmed},
    queue::{Queue, Work},
};

/// How often the head is exported while records come in.
const EXPORT: Duration = Duration::from_secs(60);
/// How often the writer looks whether its files are still where they were.
const LOOK: Duration = Duration::from_secs(1);

/// How the writer works.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rhythm {
    /// Most records of one commit.
    pub(crate) batch: usize,
    pub(crate) synchronous: Synchronous,
    pub(crate) retention: Retention,
}

/// Runs until the ledger is closed or cannot be written.
pub(crate) fn run<D: Disk>(log: Log<D>, queue: &Queue, rhythm: Rhythm) {
    // However this thread ends, nobody waits for it for ever.
    let mut end = End { queue, unwritten: 0, error: Some("the writer thread panicked".to_owned()) };
    end.error = match drain(log, &mut end, rhythm) {
        Ok(()) => None,
        Err(error) => {
            tracing::error!(%error, unwritten = end.unwritten, "the journal stops: nothing more is recorded");
            Some(sentence(&error))
        }
    };
}

struct End<'q> {
    queue: &'q Queue,
    unwritten: usize,
    error: Option<String>,
}

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.queue.end(self.unwritten, self.error.take());
    }
}

fn drain<D: Disk>(mut log: Log<D>, end: &mut End<'_>, rhythm: Rhythm) -> io::Result<()> {
    let queue = end.queue;
    let batch = rhythm.batch.max(1);
    let mut keeper = Keeper::new();
    let mut entries = Vec::new();
    loop {
        let Work { durable, last } = queue.take(&mut entries);
        end.unwritten = entries.len();
        // An empty commit makes earlier ones durable.
        let commits = entries.len().div_ceil(batch).max(usize::from(durable));
        let mut left = entries.drain(..);
        for commit in 1..=commits {
            let mut size = 0;
            for mut entry in left.by_ref().take(batch) {
                entry.normalize();
                log.append(&entry)?;
                size += 1;
            }
            log.write()?;
            let full = rhythm.synchronous == Synchronous::Full || durable && commit == commits;
            if full {
                log.sync()?;
            }
            end.unwritten -= size;
            queue.committed(size, log.chain(), full, log.warning());
        }
        drop(left);
        if last {
            return log.close();
        }
        keeper.look(&mut log, queue, rhythm.retention)?;
    }
}

/// What is done now and then, between commits.
struct Keeper {
    exported: Instant,
    looked: Instant,
    /// The segment that was being written when retention was last thought about.
    segment: Option<u64>,
    /// Segments to remove when the chain is durable up to that entry, which says so.
    leaving: Option<(u64, Leaving)>,
}

impl Keeper {
    fn new() -> Self {
        let now = Instant::now();
        Self { exported: now, looked: now, segment: None, leaving: None }
    }

    fn look<D: Disk>(&mut self, log: &mut Log<D>, queue: &Queue, retention: Retention) -> io::Result<()> {
        if self.looked.elapsed() >= LOOK {
            self.looked = Instant::now();
            if !log.is_there() {
                return Err(io::Error::other("its files were removed or replaced while it was being written"));
            }
        }
        if self.exported.elapsed() >= EXPORT {
            self.exported = Instant::now();
            log.export_head()?;
            tracing::info!(target: "journal", "head {}", log.chain().head());
        }
        if self.segment != Some(log.segment()) {
            self.segment = Some(log.segment());
            self.let_go(log, queue, retention);
        }
        if let Some((_, leaving)) = self.leaving.take_if(|(seq, _)| *seq <= log.chain().seq()) {
            log.sync()?;
            if let Err(error) = log.remove(&leaving.segments) {
                tracing::warn!("journal: old segments cannot be removed: {error}");
            }
        }
        Ok(())
    }

    fn let_go<D: Disk>(&mut self, log: &Log<D>, queue: &Queue, retention: Retention) {
        match log.over(&retention) {
            Ok(Some(leaving)) if self.leaving.is_none() => {
                let Leaving { through, newest_ms, ref segments } = leaving;
                let data = Trimmed { through };
                let record = EventRecord {
                    event_time_ms: newest_ms,
                    kind: EventKind::JournalTrimmed,
                    actor: "journal".to_owned(),
                    text: format!("{} segments up to record {through} were let go: size or age", segments.len()),
                    data: data.to_json(),
                };
                let seq = queue.push_always(Entry::Record(Record::Event(record)));
                self.leaving = Some((seq.0, leaving)).filter(|(seq, _)| *seq > 0);
            }
            Ok(_) => {}
            Err(error) => tracing::warn!("journal: old segments cannot be looked at: {error}"),
        }
    }
}
