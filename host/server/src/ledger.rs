//! Reading the journal, on a thread of its own: a slow query holds up other queries and nothing else.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::JoinHandle,
};

use axum::http::StatusCode;
use bulkhead_journal::{JournalError, Reader};
use tokio::sync::oneshot;

use crate::error::{Problem, ServerError};

/// Queries that may wait.
const WAITING: usize = 16;

type Query = Box<dyn FnOnce(Result<&Reader, Problem>) + Send>;

/// The journal as the server sees it. Cheap to clone; the last clone ends the thread.
#[derive(Clone, Debug)]
pub(crate) struct Ledger(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    queries: Mutex<Option<SyncSender<Query>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Ledger {
    /// # Errors
    /// [`ServerError::Thread`].
    pub(crate) fn start(journal: PathBuf) -> Result<Self, ServerError> {
        const NAME: &str = "ledger";
        let (queries, received) = sync_channel(WAITING);
        let thread = std::thread::Builder::new()
            .name(NAME.to_owned())
            .spawn(move || read(&journal, &received))
            .map_err(|error| ServerError::Thread { name: NAME, error })?;
        Ok(Self(Arc::new(Inner { queries: Mutex::new(Some(queries)), thread: Mutex::new(Some(thread)) })))
    }

    /// What a query finds.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Reader) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, Problem> {
        let (answer, answered) = oneshot::channel();
        let work: Query = Box::new(move |reader| {
            let found = reader.and_then(|reader| query(reader).map_err(|error| unreadable(&error)));
            // Who went away needs no answer.
            let _ = answer.send(found);
        });
        let busy = || {
            let text = "too many questions to the journal at once; try again in a second";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", text)
        };
        let queries = self.0.queries.lock().unwrap_or_else(PoisonError::into_inner).clone();
        queries.ok_or_else(busy)?.try_send(work).map_err(|_| busy())?;
        answered.await.unwrap_or_else(|_| Err(busy()))
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        drop(self.queries.get_mut().unwrap_or_else(PoisonError::into_inner).take());
        if let Some(thread) = self.thread.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = thread.join();
        }
    }
}

fn read(journal: &std::path::Path, queries: &Receiver<Query>) {
    let mut reader = None;
    while let Ok(query) = queries.recv() {
        if reader.is_none() {
            reader = Reader::open(journal).map_err(|error| tracing::warn!("{error}")).ok();
        }
        query(reader.as_ref().ok_or_else(|| {
            let text = "the journal cannot be read now; trading goes on; the host's log says why";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "no-journal", text)
        }));
    }
}

fn unreadable(error: &JournalError) -> Problem {
    tracing::warn!("{error}");
    let text = "the journal could not answer this; trading goes on; the host's log says why";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "no-journal", text)
}
