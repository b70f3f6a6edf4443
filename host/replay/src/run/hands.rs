//! The lines to the threads that judge, and what they have found so far.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    time::{Duration, Instant},
};

use bulkhead_journal::Seq;
use crossbeam_channel::{Receiver, Sender};

use super::{
    job::Job,
    proof::{Proof, Untold},
    resume::Kept,
    worker::Ack,
};
use crate::{ReplayError, inputs::Survey};

/// Jobs of one batch.
const BATCH: usize = 128;
/// Time between two marks: at most so much is judged twice after an interruption.
const MARK: Duration = Duration::from_millis(500);

/// What is known of the records up to a mark.
struct Marked {
    after: Seq,
    untold: BTreeMap<Untold, u64>,
    acks: Vec<Ack>,
}

pub(super) struct Hands<'a> {
    lines: Vec<Sender<Vec<Job>>>,
    batches: Vec<Vec<Job>>,
    heard: Receiver<Ack>,
    /// Found by an earlier replay.
    before: Kept,
    file: Option<PathBuf>,
    survey: &'a Survey,
    marks: BTreeMap<u64, Marked>,
    /// The number of the last mark.
    last_mark: u64,
    marked: Instant,
    broken: bool,
    not_kept: Option<String>,
}

impl<'a> Hands<'a> {
    pub(super) fn new(
        lines: Vec<Sender<Vec<Job>>>,
        heard: Receiver<Ack>,
        before: Kept,
        file: Option<PathBuf>,
        survey: &'a Survey,
    ) -> Self {
        let batches = lines.iter().map(|_| Vec::with_capacity(BATCH)).collect();
        let (marks, marked) = (BTreeMap::new(), Instant::now());
        Self { lines, batches, heard, before, file, survey, marks, last_mark: 0, marked, broken: false, not_kept: None }
    }

    pub(super) fn threads(&self) -> usize {
        self.lines.len()
    }

    /// Number of the last record that was judged before.
    pub(super) const fn resumed_after(&self) -> Seq {
        self.before.after
    }

    /// Whether a thread has died.
    pub(super) const fn broken(&self) -> bool {
        self.broken
    }

    pub(super) fn give(&mut self, thread: usize, job: Job) {
        let Some(batch) = self.batches.get_mut(thread) else { return };
        batch.push(job);
        if batch.len() >= BATCH {
            self.send(thread);
        }
    }

    fn send(&mut self, thread: usize) {
        let (Some(batch), Some(line)) = (self.batches.get_mut(thread), self.lines.get(thread)) else { return };
        let full = std::mem::replace(batch, Vec::with_capacity(BATCH));
        self.broken |= line.send(full).is_err();
    }

    /// Now and then: asks how far everybody is, and keeps what all have judged.
    pub(super) fn look(&mut self, reached: Seq, untold: &BTreeMap<Untold, u64>) {
        if self.file.is_none() || self.marked.elapsed() < MARK {
            return;
        }
        self.marked = Instant::now();
        if reached > self.before.after {
            self.mark(reached, untold);
        }
        while let Ok(ack) = self.heard.try_recv() {
            self.hear(ack);
        }
    }

    fn mark(&mut self, reached: Seq, untold: &BTreeMap<Untold, u64>) {
        self.last_mark += 1;
        self.marks.insert(self.last_mark, Marked { after: reached, untold: untold.clone(), acks: Vec::new() });
        for thread in 0..self.threads() {
            self.give(thread, Job::Mark(self.last_mark));
            self.send(thread);
        }
    }

    fn hear(&mut self, ack: Ack) {
        let (mark, threads) = (ack.mark, self.threads());
        let Some(marked) = self.marks.get_mut(&mark) else { return };
        marked.acks.push(ack);
        if marked.acks.len() < threads {
            return;
        }
        let whole = self.marks.remove(&mark).filter(|marked| marked.acks.iter().all(|ack| ack.settled));
        if let (Some(marked), Some(file)) = (whole, &self.file) {
            let after = marked.after;
            let kept = Kept { head: self.survey.head.clone(), after, proof: self.total(marked) };
            self.not_kept = kept.write(file).err();
        }
    }

    fn total(&self, marked: Marked) -> Proof {
        let mut proof = self.before.proof.clone();
        for ack in marked.acks {
            proof.add(ack.proof);
        }
        for (why, how_many) in marked.untold {
            proof.untold(why, how_many);
        }
        proof
    }

    /// Hears everybody out. A replay that came to its end leaves nothing to go on from.
    pub(super) fn end(
        mut self,
        reached: Seq,
        whole: bool,
        untold: &BTreeMap<Untold, u64>,
    ) -> Result<(Proof, Option<String>), ReplayError> {
        if whole {
            (0..self.threads()).for_each(|thread| self.give(thread, Job::End));
        }
        let threads = self.threads();
        self.mark(reached, untold);
        self.lines.clear();
        let mut last = Marked { after: reached, untold: untold.clone(), acks: Vec::new() };
        while let Ok(ack) = self.heard.recv() {
            // Earlier marks are behind the last one.
            if ack.mark == self.last_mark {
                last.acks.push(ack);
            }
        }
        if last.acks.len() < threads {
            return Err(ReplayError::Thread("died".to_owned()));
        }
        let settled = last.acks.iter().all(|ack| ack.settled);
        let proof = self.total(last);
        match &self.file {
            Some(file) if whole => Kept::remove(file),
            Some(file) if settled && reached > self.before.after => {
                let kept = Kept { head: self.survey.head.clone(), after: reached, proof: proof.clone() };
                self.not_kept = kept.write(file).err();
            }
            _ => {}
        }
        Ok((proof, self.not_kept))
    }
}
