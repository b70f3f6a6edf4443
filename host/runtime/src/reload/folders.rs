//! Hints of the file system about the folders of the plugin files.

use std::{
    collections::BTreeMap,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::mpsc::SyncSender,
    time::SystemTime,
};

use notify::{
    Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode},
};

/// The folders of the files: watched whole, because a watch on a file ends with a rename over it.
pub(super) struct Folders {
    watcher: Option<RecommendedWatcher>,
    /// What is watched, by folder.
    armed: BTreeMap<PathBuf, Option<Identity>>,
}

/// Tells a folder from another one that was made in its place: inode numbers are used again.
type Identity = (u64, Option<SystemTime>);

impl Folders {
    /// Hints at nothing.
    pub(super) const fn none() -> Self {
        Self { watcher: None, armed: BTreeMap::new() }
    }

    /// Sends a hint whenever something may have changed beside one of the files.
    pub(super) fn new(files: &[(String, PathBuf)], hints: SyncSender<()>) -> Self {
        let handler = move |event: notify::Result<Event>| {
            // An error or an overflow is a hint like any other: look at everything.
            if event.map_or(true, |e| means_change(e.kind)) {
                let _ = hints.try_send(());
            }
        };
        let watcher = notify::recommended_watcher(handler)
            .inspect_err(|error| tracing::warn!("files are polled and not watched: {error}"))
            .ok();
        Self { watcher, armed: files.iter().map(|(_, file)| (folder_of(file), None)).collect() }
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
