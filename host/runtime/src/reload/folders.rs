//! Hints of the file system about the folders of the plugin files.

use std::{
    collections::BTreeMap,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::SyncSender,
    },
    time::SystemTime,
};

use notify::{
    Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode, ModifyKind},
};

/// The folders of the files: watched whole, because a watch on a file ends with a rename over it.
pub(super) struct Folders {
    watcher: Option<RecommendedWatcher>,
    /// What is watched, by folder.
    armed: BTreeMap<PathBuf, Option<Identity>>,
    /// Whoever changed something last has closed it, or renamed it into place.
    settled: Arc<AtomicBool>,
}

/// Tells a folder from another one that was made in its place: inode numbers are used again.
type Identity = (u64, Option<SystemTime>);

impl Folders {
    /// Hints at nothing.
    pub(super) fn none() -> Self {
        Self { watcher: None, armed: BTreeMap::new(), settled: Arc::default() }
    }

    /// Sends a hint whenever something may have changed beside one of the files.
    pub(super) fn new(files: &[(String, PathBuf)], hints: SyncSender<()>) -> Self {
        let settled = Arc::new(AtomicBool::new(false));
        let heard = Arc::clone(&settled);
        let handler = move |event: notify::Result<Event>| {
            // An error or an overflow is a hint like any other: look at everything.
            let kind = event.map_or(EventKind::Any, |event| event.kind);
            if let Some(settles) = settles(kind) {
                heard.store(settles, Ordering::Release);
            }
            if means_change(kind) {
                let _ = hints.try_send(());
            }
        };
        let watcher = notify::recommended_watcher(handler)
            .inspect_err(|error| tracing::warn!("files are polled and not watched: {error}"))
            .ok();
        Self { watcher, armed: files.iter().map(|(_, file)| (folder_of(file), None)).collect(), settled }
    }

    /// Whether nobody is known to be writing. Of a folder that gives no hints nothing is known.
    pub(super) fn settled(&self) -> bool {
        self.settled.load(Ordering::Acquire)
    }

    /// Watches folders that are new, or that were taken away and made again.
    pub(super) fn arm(&mut self) {
        let Some(watcher) = &mut self.watcher else { return };
        for (folder, armed) in &mut self.armed {
            let now = std::fs::metadata(folder).ok().map(|about| (about.ino(), about.created().ok()));
            if now == *armed {
                continue;
            }
            if armed.is_some() {
                let _ = watcher.unwatch(folder);
            }
            // Who wrote before there was a watch is not known to have ended.
            self.settled.store(false, Ordering::Release);
            *armed = now.filter(|_| listen(watcher, folder));
        }
    }
}

fn folder_of(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or_else(|| Path::new(".")).to_owned()
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

/// What an event says of the writer: at it, done, or (`None`) nothing.
const fn settles(kind: EventKind) -> Option<bool> {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) | EventKind::Modify(ModifyKind::Name(_)) => Some(true),
        EventKind::Any | EventKind::Create(_) | EventKind::Modify(ModifyKind::Data(_)) => Some(false),
        _ => None,
    }
}
