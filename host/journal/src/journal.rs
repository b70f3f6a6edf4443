//! The handle that the host appends to.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use crate::{
    Head, JournalError, JournalOptions, JournalStatus, OnFailure, PluginIdentity, PluginRef, Record, Seq, Unrecorded,
    chain,
    disk::Folder,
    entry::Entry,
    error::sentence,
    lock,
    log::{Log, Opened, Refused},
    queue::Queue,
    writer::{self, Rhythm},
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
    on_failure: OnFailure,
    queue: Arc<Queue>,
    thread: Mutex<Option<JoinHandle<()>>>,
    plugins: Mutex<HashMap<PluginIdentity, PluginRef>>,
    symbols: Mutex<BTreeMap<u32, String>>,
    documents: Mutex<BTreeSet<String>>,
}

impl Journal {
    /// Opens the ledger in the folder `path` and continues its chain, or makes a new one. An unfinished write at its end
    /// is set aside in a file beside it.
    ///
    /// # Errors
    /// [`JournalError::Unwritable`], [`JournalError::NotAJournal`], [`JournalError::Version`], [`JournalError::Busy`] or
    /// [`JournalError::Damaged`]; what is not a whole ledger of this version is not touched.
    pub fn open(path: &Path, options: JournalOptions) -> Result<Self, JournalError> {
        let unwritable =
            |error: std::io::Error| JournalError::Unwritable { path: path.to_owned(), why: sentence(&error) };
        lock::look(path)?;
        std::fs::create_dir_all(path).map_err(unwritable)?;
        let lock = lock::take(path)?;
        let segment_bytes = options.segment_bytes.clamp(64 << 10, 1 << 30);
        let Opened { log, torn_bytes } =
            Log::open(Folder::at(path), segment_bytes).map_err(|refused| self::refused(path, refused))?;
        if torn_bytes > 0 {
            tracing::warn!(
                "the journal {} ended in the middle of a write: {torn_bytes} bytes were set aside in a \
                .torn file; no record that was acknowledged is in them",
                path.display()
            );
        }
        let plugins = log.tables().plugins.iter().map(|(number, identity)| (identity.clone(), *number)).collect();
        let symbols = log.tables().symbols.clone();
        let documents = log.tables().documents.keys().cloned().collect();
        let queue = Arc::new(Queue::new(&options, log.chain().clone()));
        let shared = Arc::clone(&queue);
        let rhythm = Rhythm { batch: options.batch, synchronous: options.synchronous, retention: options.retention };
        let on_failure = options.on_failure;
        let thread = thread::Builder::new()
            .name("bulkhead-journal".to_owned())
            .spawn(move || {
                let _until_the_end = lock;
                writer::run(log, &shared, rhythm);
            })
            .map_err(unwritable)?;
        for (key, value) in options.meta {
            queue.push_always(Entry::Meta(key, value));
        }
        Ok(Self {
            inner: Arc::new(Inner {
                path: path.to_owned(),
                on_failure,
                queue,
                thread: Mutex::new(Some(thread)),
                plugins: Mutex::new(plugins),
                symbols: Mutex::new(symbols),
                documents: Mutex::new(documents),
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

    /// Keeps a document for as long as the ledger, and returns its digest (SHA-256, hex). Equal documents are kept once;
    /// its entry precedes every record that was appended after this returned.
    #[must_use]
    pub fn document(&self, bytes: &[u8]) -> String {
        let digest = chain::digest(bytes);
        let mut known = self.inner.documents.lock().unwrap_or_else(PoisonError::into_inner);
        if known.insert(digest.clone()) {
            self.inner.queue.push_always(Entry::Document(bytes.to_vec()));
        }
        digest
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

    /// To be asked before an order leaves that opens or grows a position: waits, at most [`JournalOptions::patience`],
    /// until everything appended before is on the disk, so that no order is without the decisions behind it. Under
    /// [`crate::Synchronous::Normal`] it waits until the record would survive the process.
    ///
    /// # Errors
    /// Under [`OnFailure::HaltNew`], why the order must not leave. Under [`OnFailure::Continue`] never: the order is
    /// counted in [`JournalStatus::unrecorded_orders`].
    pub fn before_order(&self) -> Result<(), Unrecorded> {
        self.inner.queue.before_order()
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
            durable: progress.durable,
            error: progress.error,
            warning: progress.warning,
            on_failure: self.inner.on_failure,
            unrecorded_orders: progress.unrecorded,
            withheld_orders: progress.withheld,
            path: self.inner.path.clone(),
            head: progress.head,
        }
    }

    /// The ledger's folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    fn failed(&self, why: Option<String>) -> JournalError {
        JournalError::Failed { path: self.inner.path.clone(), why: why.unwrap_or_else(|| "it was closed".to_owned()) }
    }
}

fn refused(path: &Path, refused: Refused) -> JournalError {
    let path = path.to_owned();
    match refused {
        Refused::Io(error) => JournalError::Unwritable { path, why: sentence(&error) },
        Refused::Version(why) => JournalError::Version { path, why },
        Refused::Damaged { segment, offset, what } => JournalError::Damaged { path, segment, offset, what },
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
