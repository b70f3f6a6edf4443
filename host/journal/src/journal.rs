//! The handle that the host appends to.

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use crate::{
    Head, JournalError, JournalOptions, JournalStatus, PluginIdentity, PluginRef, Record, Seq, entry::Entry, header,
    lock, open, queue::Queue, resume::Resumed, writer,
};

/// A ledger being written. Cheap to clone, and every clone is the same ledger.
///
/// The last clone that is dropped writes out what waits, as [`Journal::close`] does, but cannot say whether it could.
#[derive(Clone)]
pub struct Journal {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    queue: Arc<Queue>,
    thread: Mutex<Option<JoinHandle<()>>>,
    plugins: Mutex<HashMap<PluginIdentity, PluginRef>>,
    symbols: Mutex<BTreeMap<u32, String>>,
}

impl Journal {
    /// Opens the ledger at `path` and continues its chain, or makes a new one, with its folders.
    ///
    /// # Errors
    /// [`JournalError::Unwritable`], [`JournalError::NotAJournal`], [`JournalError::Version`], [`JournalError::Busy`] or
    /// [`JournalError::Unreadable`]; a file that is not a ledger of this version is not touched.
    pub fn open(path: &Path, options: JournalOptions) -> Result<Self, JournalError> {
        let unwritable =
            |error: std::io::Error| JournalError::Unwritable { path: path.to_owned(), why: error.to_string() };
        header::look(path)?;
        if let Some(parent) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
            std::fs::create_dir_all(parent).map_err(unwritable)?;
        }
        let lock = lock::take(path)?;
        let conn = open::open(path)?;
        let Resumed { chain, rows, plugins, symbols } =
            Resumed::load(&conn).map_err(|why| JournalError::Unreadable { path: path.to_owned(), why })?;
        let queue = Arc::new(Queue::new(&options, chain.clone()));
        let shared = Arc::clone(&queue);
        let (batch, synchronous) = (options.batch, options.synchronous);
        let thread = thread::Builder::new()
            .name("bulkhead-journal".to_owned())
            .spawn(move || {
                let _until_the_end = lock;
                writer::run(conn, &shared, chain, rows, batch, synchronous);
            })
            .map_err(unwritable)?;
        for (key, value) in options.meta {
            queue.push_always(Entry::Meta(key, value));
        }
        Ok(Self {
            inner: Arc::new(Inner {
                path: path.to_owned(),
                queue,
                thread: Mutex::new(Some(thread)),
                plugins: Mutex::new(plugins),
                symbols: Mutex::new(symbols),
            }),
        })
    }

    /// The number of a plugin identity: the same identity has the same number, and its entry precedes every record that
    /// was appended after this returned.
    #[must_use]
    pub fn intern(&self, identity: &PluginIdentity) -> PluginRef {
        let mut plugins = self.inner.plugins.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = plugins.get(identity) {
            return *known;
        }
        let next = plugins.values().map(|p| p.0).max().map_or(1, |last| last.saturating_add(1));
        let reference = PluginRef(next);
        // Still under the lock: nobody can use the number before it is in the queue.
        self.inner.queue.push_always(Entry::Plugin(reference, identity.clone()));
        plugins.insert(identity.clone(), reference);
        reference
    }

    /// Journals the symbol table (id = index). Only what changed is written.
    pub fn symbols(&self, names: &[String]) {
        let mut known = self.inner.symbols.lock().unwrap_or_else(PoisonError::into_inner);
        for (id, name) in (0u32..).zip(names) {
            if known.get(&id) != Some(name) {
                self.inner.queue.push_always(Entry::Symbol(id, name.clone()));
                known.insert(id, name.clone());
            }
        }
    }

    /// Appends a record and returns its number, or [`Seq::NONE`] when it was dropped. No I/O happens here; under
    /// [`crate::Backpressure::Wait`] it waits while the queue is full.
    pub fn append(&self, record: Record) -> Seq {
        self.inner.queue.push(record)
    }

    /// Returns once everything appended before is on the disk.
    ///
    /// # Errors
    /// [`JournalError::Failed`] when it never will be.
    pub fn sync(&self) -> Result<Head, JournalError> {
        self.inner.queue.sync().map_err(|why| self.failed(why))
    }

    /// Writes out what waits, ends the writer and frees the file. Records appended through other clones from now on are
    /// counted as dropped.
    ///
    /// # Errors
    /// [`JournalError::Failed`] when not everything was written.
    pub fn close(self) -> Result<Head, JournalError> {
        self.inner.finish();
        let progress = self.inner.queue.progress();
        match progress.error {
            Some(why) => Err(self.failed(Some(why))),
            None => Ok(progress.head),
        }
    }

    /// How the ledger does. Never waits for the disk.
    #[must_use]
    pub fn status(&self) -> JournalStatus {
        let progress = self.inner.queue.progress();
        JournalStatus {
            appended: progress.appended,
            written: progress.written,
            dropped: progress.dropped,
            lag: progress.lag,
            error: progress.error,
            path: self.inner.path.clone(),
            head: progress.head,
        }
    }

    /// The ledger file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    fn failed(&self, why: Option<String>) -> JournalError {
        JournalError::Failed { path: self.inner.path.clone(), why: why.unwrap_or_else(|| "it was closed".to_owned()) }
    }
}

impl core::fmt::Debug for Journal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Journal").field("path", &self.inner.path).finish_non_exhaustive()
    }
}

impl Inner {
    fn finish(&self) {
        self.queue.close();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        // A panic of the writer is already in the status.
        let _ = thread.map(JoinHandle::join);
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.finish();
    }
}
