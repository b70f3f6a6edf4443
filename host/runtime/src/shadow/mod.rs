//! A candidate beside the version that serves: asked the same, never applied.
//!
//! Invariants:
//! - **No effect.** A shadow's answer meets the serving version's and goes nowhere else. Its faults are no strikes.
//! - **Off the hot path.** A call leaves a copy of the question in a bounded queue and goes on; what does not fit is
//!   counted and dropped. One thread of low priority does the asking, under the same budget.
//! - **Evidence is about one pair.** When another version comes into service, it begins anew.

mod evidence;
mod job;
mod lane;
mod promote;
mod status;
mod worker;

pub use promote::PromotionRefused;
pub use status::{ShadowDifference, ShadowStatus};

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::{SyncSender, sync_channel},
    },
    thread::JoinHandle,
};

use parking_lot::Mutex;

use self::{evidence::Tally, worker::Worker};
pub(crate) use self::{
    job::{Job, Live},
    worker::Bench,
};
use crate::{version::Candidate, world::Version};

/// Questions that wait for the shadow. More are dropped.
const QUEUE: usize = 256;

/// A candidate that runs in the shadow.
#[derive(Debug)]
pub(crate) struct Shadow {
    /// What it was made from.
    pub(crate) candidate: Candidate,
    version: Arc<Version>,
    since_ms: u64,
    questions: SyncSender<Job>,
    offered: AtomicU64,
    dropped: AtomicU64,
    tally: Arc<Mutex<Tally>>,
    stop: Arc<AtomicBool>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Shadow {
    /// Starts its thread.
    pub(crate) fn start(
        candidate: Candidate,
        version: Arc<Version>,
        bench: Bench,
        since_ms: u64,
    ) -> io::Result<Arc<Self>> {
        let (questions, waiting) = sync_channel(QUEUE);
        let tally = Arc::new(Mutex::new(Tally::default()));
        let stop = Arc::new(AtomicBool::new(false));
        let worker = Worker::new(Arc::clone(&version), bench, Arc::clone(&tally), Arc::clone(&stop));
        let thread = std::thread::Builder::new()
            .name("shadow".to_owned())
            .stack_size(worker::STACK)
            .spawn(move || worker.run(&waiting))?;
        let thread = Mutex::new(Some(thread));
        let (offered, dropped) = (AtomicU64::new(0), AtomicU64::new(0));
        Ok(Arc::new(Self { candidate, version, since_ms, questions, offered, dropped, tally, stop, thread }))
    }

    /// Leaves a question for it, if it has room.
    pub(crate) fn offer(&self, question: Job) {
        self.offered.fetch_add(1, Ordering::Relaxed);
        if self.questions.try_send(question).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Forgets what it has shown: another version serves now.
    pub(crate) fn begin_anew(&self) {
        self.offered.store(0, Ordering::Relaxed);
        self.dropped.store(0, Ordering::Relaxed);
        self.tally.lock().begin_anew();
    }

    /// Ends its thread after the question at hand. Not for the thread of a call: it waits.
    pub(crate) fn end(&self) {
        self.stop.store(true, Ordering::Release);
        if let Some(thread) = self.thread.lock().take() {
            let _ = thread.join();
        }
    }
}
