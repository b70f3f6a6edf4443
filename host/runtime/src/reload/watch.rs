//! Noticing that a plugin's file has changed.
//!
//! Events of the file system are hints only: they come late, twice, under another name, or not at all. What counts is the
//! content. Whenever there is a hint, and otherwise every few seconds, all files are read and their digests compared; one
//! that stays the same for a quiet time is a candidate, and is tried once.

use std::{
    collections::BTreeMap,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use notify::{
    Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode},
};

use super::{Wish, storm::Storm};
use crate::{Registry, version::Candidate};

/// How files are watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WatchOptions {
    /// Look by itself. Otherwise only when somebody asks.
    pub automatic: bool,
    /// Time between two looks without a hint.
    pub poll: Duration,
    /// Time for which a content must stay the same before it is tried.
    pub quiet: Duration,
    /// Candidates per minute and subsystem; more wait.
    pub per_minute: u32,
}

impl Default for WatchOptions {
    fn default() -> Self {
        Self { automatic: true, poll: Duration::from_secs(2), quiet: Duration::from_millis(250), per_minute: 12 }
    }
}

#[derive(Clone, Copy, Debug)]
enum Hint {
    /// Something happened in the folder.
    Changed,
    /// A person asks: also a content that was refused is tried again.
    Asked,
    Stop,
}

/// A thread that watches. Dropping it stops the thread.
#[derive(Debug)]
pub struct Watch {
    hints: SyncSender<Hint>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    /// Starts watching the files of all subsystems.
    ///
    /// # Errors
    /// When no thread can be started. A file system that cannot be watched is polled.
    pub fn start(registry: Arc<Registry>, options: WatchOptions) -> std::io::Result<Self> {
        // One waiting hint is enough: it means "look".
        let (hints, received) = sync_channel(1);
        let sender = hints.clone();
        let thread = std::thread::Builder::new().name("plugin-watch".to_owned()).spawn(move || {
            Looker::new(registry, options, sender).watch(&received);
        })?;
        Ok(Self { hints, thread: Some(thread) })
    }

    /// Looks now, and tries also what was refused before.
    pub fn ask(&self) {
        let _ = self.hints.send(Hint::Asked);
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.hints.send(Hint::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A content that was seen, and since when.
#[derive(Debug)]
struct Pending {
    candidate: Candidate,
    since: Instant,
}

struct Looker {
    registry: Arc<Registry>,
    options: WatchOptions,
    folders: Folders,
    files: Vec<(String, PathBuf)>,
    /// The digest that was tried last, by subsystem.
    tried: BTreeMap<String, String>,
    pending: BTreeMap<String, Pending>,
    storm: Storm,
}

impl Looker {
    fn new(registry: Arc<Registry>, options: WatchOptions, hints: SyncSender<Hint>) -> Self {
        let files = registry.plugin_files();
        let tried = registry.status().into_iter().map(|s| (s.name, s.digest)).collect();
        let folders = if options.automatic { Folders::new(&files, hints) } else { Folders::none() };
        let storm = Storm::new(options.per_minute);
        Self { registry, options, folders, files, tried, pending: BTreeMap::new(), storm }
    }

    fn watch(mut self, hints: &Receiver<Hint>) {
        self.folders.arm();
        loop {
            let wait = match (self.pending.is_empty(), self.options.automatic) {
                (false, _) => self.options.quiet / 4,
                (true, true) => self.options.poll,
                (true, false) => Duration::MAX,
            };
            match hints.recv_timeout(wait) {
                Ok(Hint::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(Hint::Asked) => self.tried.clear(),
                Ok(Hint::Changed) => {}
                Err(RecvTimeoutError::Timeout) => self.folders.arm(),
            }
            self.look();
        }
    }

    fn look(&mut self) {
        self.registry.mend();
        let now = Instant::now();
        for (subsystem, file) in self.files.clone() {
            // A file that is away, half there or special is no candidate: what serves goes on.
            let Ok(found) = Candidate::read(&file) else {
                self.pending.remove(&subsystem);
                continue;
            };
            if self.tried.get(&subsystem) == Some(&found.digest) {
                self.pending.remove(&subsystem);
                continue;
            }
            let pending = match self.pending.remove(&subsystem) {
                Some(known) if known.candidate.digest == found.digest => known,
                _ => Pending { candidate: found, since: now },
            };
            if now.duration_since(pending.since) >= self.options.quiet && self.storm.lets(&subsystem, now) {
                self.attempt(&subsystem, &pending.candidate);
            } else {
                self.pending.insert(subsystem, pending);
            }
        }
    }

    fn attempt(&mut self, subsystem: &str, candidate: &Candidate) {
        self.tried.insert(subsystem.to_owned(), candidate.digest.clone());
        let wish = Wish { actor: "watch".to_owned(), reason: "its file has changed".to_owned(), downgrade: false };
        // Refused or not: the registry has told people.
        let _ = self.registry.reload(subsystem, candidate, &wish);
    }
}

/// The folders of the files: watched whole, because a watch on a file ends with a rename over it.
struct Folders {
    watcher: Option<RecommendedWatcher>,
    /// The inode that is watched, by folder.
    armed: BTreeMap<PathBuf, Option<u64>>,
}

impl Folders {
    const fn none() -> Self {
        Self { watcher: None, armed: BTreeMap::new() }
    }

    fn new(files: &[(String, PathBuf)], hints: SyncSender<Hint>) -> Self {
        let handler = move |event: notify::Result<Event>| {
            // An error or an overflow is a hint like any other: look at everything.
            if event.map_or(true, |e| means_change(e.kind)) {
                let _ = hints.try_send(Hint::Changed);
            }
        };
        let watcher = notify::recommended_watcher(handler)
            .inspect_err(|error| tracing::warn!("files are polled and not watched: {error}"))
            .ok();
        let folders = files.iter().filter_map(|(_, file)| file.parent());
        Self { watcher, armed: folders.map(|f| (f.to_owned(), None)).collect() }
    }

    /// Watches folders that are new, or that were taken away and made again.
    fn arm(&mut self) {
        let Some(watcher) = &mut self.watcher else { return };
        for (folder, armed) in &mut self.armed {
            let inode = std::fs::metadata(folder).ok().map(|m| m.ino());
            if inode == *armed {
                continue;
            }
            if armed.is_some() {
                let _ = watcher.unwatch(folder);
            }
            *armed = inode.filter(|_| listen(watcher, folder));
        }
    }
}

fn listen(watcher: &mut RecommendedWatcher, folder: &Path) -> bool {
    let watched = watcher.watch(folder, RecursiveMode::NonRecursive);
    if let Err(error) = &watched {
        tracing::warn!("{} is polled and not watched: {error}", folder.display());
    }
    watched.is_ok()
}

/// Reading a file raises events, too: ours would never end.
fn means_change(kind: EventKind) -> bool {
    !matches!(kind, EventKind::Access(access) if access != AccessKind::Close(AccessMode::Write))
}
