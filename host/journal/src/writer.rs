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

#[cfg(test)]
mod tests {
    use std::{sync::Arc, thread};

    use super::*;
    use crate::{Backpressure, JournalOptions, OnFailure, disk::faulty::Faulty, verify::verify};

    fn note(n: u64) -> Record {
        Record::Event(EventRecord {
            event_time_ms: n,
            kind: EventKind::Note,
            actor: "test".to_owned(),
            text: "x".repeat(500),
            data: String::new(),
        })
    }

    /// Appends, lets orders out and syncs on a disk whose step `step` fails; says whether the journal ended by it.
    fn with_failure_at(step: u64, kind: io::ErrorKind, on_failure: OnFailure) -> bool {
        let disk = Faulty::default();
        let log = Log::open(disk.clone(), 64 << 10).unwrap().log;
        disk.fail_at(step, kind);
        let options = JournalOptions {
            queue: 32,
            batch: 4,
            backpressure: Backpressure::Wait,
            on_failure,
            patience: Duration::from_secs(60),
            ..JournalOptions::default()
        };
        let queue = Arc::new(Queue::new(&options, log.chain().clone()));
        let shared = Arc::clone(&queue);
        let rhythm = Rhythm { batch: 4, synchronous: Synchronous::Full, retention: Retention::default() };
        let writer = thread::spawn(move || run(log, &shared, rhythm));
        let (mut acknowledged, mut recorded, mut held) = (None, 0, 0);
        for n in 0..250 {
            queue.push(note(n));
            if n % 7 == 0 {
                let left = queue.before_order();
                (recorded, held) = if left.is_ok() { (recorded + 1, held) } else { (recorded, held + 1) };
            }
            if n % 30 == 0 {
                acknowledged = queue.sync().ok().or(acknowledged);
            }
        }
        queue.close();
        writer.join().unwrap();
        let end = queue.progress();
        assert_eq!((end.lag, end.withheld), (0, held), "step {step}");
        match (&end.error, on_failure) {
            (None, _) => assert_eq!((end.dropped, end.unrecorded, held), (0, 0, 0), "step {step}"),
            (Some(_), OnFailure::Continue) => assert_eq!((recorded, held), (36, 0), "step {step}"),
            (Some(_), OnFailure::HaltNew) => assert_eq!((recorded + held, end.unrecorded), (36, 0), "step {step}"),
        }
        disk.mend();
        drop(Log::open(disk.clone(), 64 << 10).unwrap());
        let verified = verify(&disk, acknowledged.as_ref()).unwrap_or_else(|broken| panic!("step {step}: {broken}"));
        assert!(verified.entries >= acknowledged.map_or(0, |head| head.seq));
        end.error.is_some()
    }

    #[test]
    fn a_disk_that_fails_at_any_step_ends_the_writing_by_the_policy_and_holds_up_nobody() {
        for (kind, on_failure) in
            [(io::ErrorKind::StorageFull, OnFailure::Continue), (io::ErrorKind::Other, OnFailure::HaltNew)]
        {
            let ended = (1..120).filter(|step| with_failure_at(*step, kind, on_failure)).count();
            assert!(ended > 60, "{ended} of 119 failures ended a journal");
        }
    }
}
