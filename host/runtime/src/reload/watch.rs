//! Noticing that a plugin's file has changed.
//!
//! Events of the file system are hints only: they come late, twice, under another name, or not at all. What counts is the
//! content. Whenever there is a hint, and otherwise every few seconds, all files are read and their digests compared; one
//! that stays the same for a quiet time is a candidate, and is tried once.
//!
//! The quiet time is there for writers who are not done. Where the last that was heard is that a file was closed or
//! renamed into place, and the content is a whole component by its own framing, it is short; where it is cut off, and its
//! writer was heard and not yet done, it is long.

use std::{
    collections::BTreeMap,
    io,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use super::{
    Wish,
    folders::{Folders, Writer},
    storm::Storm,
};
use crate::{
    Registry, SubsystemStatus,
    version::{Candidate, FileError},
};

/// Least time between two looks, whatever the hints: a look reads and hashes all files.
const PAUSE: Duration = Duration::from_millis(20);
/// Quiet time of a whole component that nobody is known to be writing.
const SETTLED: Duration = Duration::from_millis(25);
/// Quiet times of a piece whose writer is at it: a copy may stall, and one that never ends is told in the end.
const STALLED: u32 = 20;

/// How files are watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WatchOptions {
    /// Look by itself. Otherwise only when somebody asks.
    pub automatic: bool,
    /// Time between two looks without a hint.
    pub poll: Duration,
    /// Time for which a content must stay the same before it is tried; less where it is known to be whole.
    pub quiet: Duration,
    /// Candidates per minute and subsystem; more wait.
    pub per_minute: u32,
}

impl Default for WatchOptions {
    fn default() -> Self {
        Self { automatic: true, poll: Duration::from_secs(2), quiet: Duration::from_millis(250), per_minute: 12 }
    }
}

/// A thread that watches. Dropping it stops the thread.
#[derive(Debug)]
pub struct Watch {
    told: Arc<Told>,
    hints: SyncSender<()>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread was told.
#[derive(Debug, Default)]
struct Told {
    /// A person asks: also what was refused is tried again.
    asked: AtomicBool,
    stop: AtomicBool,
}

impl Watch {
    /// Starts watching the files of all subsystems.
    ///
    /// # Errors
    /// When no thread can be started. A file system that cannot be watched is polled.
    pub fn start(registry: Arc<Registry>, options: WatchOptions) -> io::Result<Self> {
        // One waiting hint is enough: it means "look".
        let (hints, received) = sync_channel(1);
        let (sender, told) = (hints.clone(), Arc::new(Told::default()));
        let heard = Arc::clone(&told);
        let thread = std::thread::Builder::new().name("plugin-watch".to_owned()).spawn(move || {
            Looker::new(registry, options, sender).watch(&received, &heard);
        })?;
        Ok(Self { told, hints, thread: Some(thread) })
    }

    /// Looks now, and tries also what was refused before. Returns at once, also while a candidate is on its way.
    pub fn ask(&self) {
        self.told.asked.store(true, Ordering::Release);
        // Where a hint waits already, the look that it leads to finds the flag.
        let _ = self.hints.try_send(());
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.told.stop.store(true, Ordering::Release);
        let _ = self.hints.try_send(());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What a look found under a file's name.
#[derive(Debug)]
enum Found {
    Content(Candidate),
    /// Nothing that can be read as one. What serves goes on.
    Unfit(FileError),
}

impl Found {
    /// `None`: nothing is there. It may be on its way, and what serves goes on.
    fn at(file: &Path) -> Option<Self> {
        match Candidate::read(file) {
            Ok(candidate) => Some(Self::Content(candidate)),
            Err(FileError::Unreadable(error)) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => Some(Self::Unfit(error)),
        }
    }

    /// Tells what is the same from what is not.
    fn mark(&self) -> String {
        match self {
            Self::Content(candidate) => candidate.digest.clone(),
            Self::Unfit(error) => error.to_string(),
        }
    }
}

/// What was found last, since when it is the same, and for how long it has to be.
#[derive(Debug)]
struct Pending {
    mark: Mark,
    since: Instant,
    quiet: Duration,
}

/// What is tried once: a content, under a pin or without one.
type Mark = (String, Option<String>);

struct Looker {
    registry: Arc<Registry>,
    options: WatchOptions,
    folders: Folders,
    /// What was tried last, by subsystem.
    tried: BTreeMap<String, Mark>,
    pending: BTreeMap<String, Pending>,
    storm: Storm,
}

impl Looker {
    fn new(registry: Arc<Registry>, options: WatchOptions, hints: SyncSender<()>) -> Self {
        let tried = |s: SubsystemStatus| {
            let pinned = registry.pinned(&s.name);
            (s.name, (s.digest, pinned))
        };
        let tried = registry.status().into_iter().map(tried).collect();
        let folders = if options.automatic { Folders::new(hints) } else { Folders::none() };
        let storm = Storm::new(options.per_minute);
        Self { registry, options, folders, tried, pending: BTreeMap::new(), storm }
    }

    fn watch(mut self, hints: &Receiver<()>, told: &Told) {
        self.folders.arm(&self.registry.plugin_files());
        if self.options.automatic {
            // What changed before the folders were watched gave no hint.
            self.look(told);
        }
        let mut looked = Instant::now();
        loop {
            match hints.recv_timeout(self.wait()) {
                Ok(()) => std::thread::sleep(PAUSE.saturating_sub(looked.elapsed())),
                Err(RecvTimeoutError::Timeout) => self.folders.arm(&self.registry.plugin_files()),
                Err(RecvTimeoutError::Disconnected) => return,
            }
            // What these hint at is there before the look.
            while hints.try_recv().is_ok() {}
            if told.asked.swap(false, Ordering::AcqRel) {
                self.tried.clear();
            }
            self.look(told);
            if told.stop.load(Ordering::Acquire) {
                return;
            }
            looked = Instant::now();
        }
    }

    /// Time until the next look without a hint: what is pending is looked at when it is due, and in between.
    fn wait(&self) -> Duration {
        let (now, often) = (Instant::now(), self.options.quiet / 4);
        let due = self.pending.values().map(|p| (p.since + p.quiet).saturating_duration_since(now)).min();
        match (due, self.options.automatic) {
            // Overdue: the limit on candidates holds it up.
            (Some(Duration::ZERO), _) => often,
            (Some(due), _) => due.min(often),
            (None, true) => self.options.poll,
            (None, false) => Duration::MAX,
        }
    }

    fn look(&mut self, told: &Told) {
        for (subsystem, file) in self.registry.plugin_files() {
            if told.stop.load(Ordering::Acquire) {
                return;
            }
            self.look_at(&subsystem, &file);
        }
    }

    fn look_at(&mut self, subsystem: &str, file: &Path) {
        let known = self.pending.remove(subsystem);
        let Some(found) = Found::at(file) else { return };
        let mark = (found.mark(), self.registry.pinned(subsystem));
        if self.tried.get(subsystem) == Some(&mark) {
            return;
        }
        let now = Instant::now();
        let since = known.filter(|known| known.mark == mark).map_or(now, |known| known.since);
        let quiet = self.quiet(&found);
        if now.duration_since(since) >= quiet && self.storm.lets(subsystem, now) {
            self.tried.insert(subsystem.to_owned(), mark);
            self.attempt(subsystem, &found);
        } else {
            self.pending.insert(subsystem.to_owned(), Pending { mark, since, quiet });
        }
    }

    /// Time for which this must stay the same. A component that was cut off anywhere is not whole, so that a writer who
    /// closes the file after each piece is waited for, too.
    fn quiet(&self, found: &Found) -> Duration {
        let (quiet, writer) = (self.options.quiet, self.folders.writer());
        let Found::Content(candidate) = found else { return quiet };
        match (writer, self.registry.is_whole(&candidate.bytes)) {
            (Writer::Done, true) => quiet.min(SETTLED),
            (Writer::Writing, false) => quiet.saturating_mul(STALLED),
            _ => quiet,
        }
    }

    fn attempt(&self, subsystem: &str, found: &Found) {
        let wish = Wish { actor: "watch".to_owned(), reason: "its file has changed".to_owned(), downgrade: false };
        // Refused or not: the registry has told people.
        match found {
            Found::Content(candidate) => drop(self.registry.take_in(subsystem, candidate, &wish)),
            Found::Unfit(error) => drop(self.registry.unfit(subsystem, error, &wish)),
        }
    }
}
