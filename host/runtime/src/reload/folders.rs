//! Hints of the file system about the folders of the plugin files.

use std::{
    collections::BTreeMap,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{Arc, mpsc::SyncSender},
    time::SystemTime,
};

use notify::{
    Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode, ModifyKind},
};
use parking_lot::Mutex;

/// The folders of the files: watched whole, because a watch on a file ends with a rename over it.
pub(super) struct Folders {
    watcher: Option<RecommendedWatcher>,
    /// What is watched, by folder.
    armed: BTreeMap<PathBuf, Option<Identity>>,
    writer: Arc<Mutex<Writer>>,
}

/// Whoever changed something last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Writer {
    /// Nothing is known: there were no hints.
    #[default]
    Unknown,
    /// Was at it still.
    Writing,
    /// Has closed it, or renamed it into place.
    Done,
}

/// Tells a folder from another one that was made in its place: inode numbers are used again.
type Identity = (u64, Option<SystemTime>);

impl Folders {
    /// Hints at nothing.
    pub(super) fn none() -> Self {
        Self { watcher: None, armed: BTreeMap::new(), writer: Arc::default() }
    }

    /// Sends a hint whenever something may have changed beside one of the files.
    pub(super) fn new(hints: SyncSender<()>) -> Self {
        let writer = Arc::new(Mutex::new(Writer::Unknown));
        let heard = Arc::clone(&writer);
        let handler = move |event: notify::Result<Event>| {
            // An error or an overflow is a hint like any other: look at everything.
            let kind = event.map_or(EventKind::Any, |event| event.kind);
            if let Some(writer) = tells(kind) {
                *heard.lock() = writer;
            }
            if means_change(kind) {
                let _ = hints.try_send(());
            }
        };
        let watcher = notify::recommended_watcher(handler)
            .inspect_err(|error| tracing::warn!("files are polled and not watched: {error}"))
            .ok();
        Self { watcher, armed: BTreeMap::new(), writer }
    }

    /// What is known of whoever writes.
    pub(super) fn writer(&self) -> Writer {
        *self.writer.lock()
    }

    /// Watches the folders of these files that are new, or that were taken away and made again.
    pub(super) fn arm(&mut self, files: &[(String, PathBuf)]) {
        let Some(watcher) = &mut self.watcher else { return };
        for (_, file) in files {
            self.armed.entry(folder_of(file)).or_default();
        }
        for (folder, armed) in &mut self.armed {
            let now = std::fs::metadata(folder).ok().map(|about| (about.ino(), about.created().ok()));
            if now == *armed {
                continue;
            }
            if armed.is_some() {
                let _ = watcher.unwatch(folder);
            }
            // Of who wrote before there was a watch nothing was heard.
            *self.writer.lock() = Writer::Unknown;
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

/// What an event tells of the writer, if anything.
const fn tells(kind: EventKind) -> Option<Writer> {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) | EventKind::Modify(ModifyKind::Name(_)) => {
            Some(Writer::Done)
        }
        EventKind::Create(_) | EventKind::Modify(ModifyKind::Data(_)) => Some(Writer::Writing),
        // An overflow, and what is not told apart here.
        EventKind::Any | EventKind::Other => Some(Writer::Unknown),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_missed_is_a_hint_and_leaves_the_writer_unknown() {
        // notify says so when the queue of the system was full.
        assert!(means_change(EventKind::Other) && means_change(EventKind::Any));
        assert_eq!((tells(EventKind::Other), tells(EventKind::Any)), (Some(Writer::Unknown), Some(Writer::Unknown)));
        let read = EventKind::Access(AccessKind::Open(AccessMode::Any));
        assert_eq!((means_change(read), tells(read)), (false, None));
    }
}
