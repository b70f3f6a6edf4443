//! A thread with a runtime of its own.

use std::{future::Future, thread::JoinHandle, time::Duration};

use tokio::{runtime::Builder, sync::watch};

use crate::error::ServerError;

/// How long a change that is under way may go on after the end.
const PATIENCE: Duration = Duration::from_secs(5);
/// Stack of threads that may call a guest.
const STACK: usize = 8 << 20;

/// Says when to stop.
#[derive(Clone, Debug)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Returns once it is time.
    pub(crate) async fn wait(&mut self) {
        // A sender that is gone means the same.
        let _ = self.0.wait_for(|stop| *stop).await;
    }
}

/// A thread that serves. Dropping it stops the thread.
#[derive(Debug)]
pub(crate) struct Worker {
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts a thread that runs `work` and at most so many long requests beside it.
    ///
    /// # Errors
    /// [`ServerError::Thread`].
    pub(crate) fn start<F, W>(name: &'static str, long_requests: usize, work: W) -> Result<Self, ServerError>
    where
        W: FnOnce(Stop) -> F + Send + 'static,
        F: Future<Output = ()>,
    {
        let failed = |error| ServerError::Thread { name, error };
        let runtime = Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(long_requests)
            .thread_name(name)
            .thread_stack_size(STACK)
            .build()
            .map_err(failed)?;
        let (stop, stopped) = watch::channel(false);
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                runtime.block_on(work(Stop(stopped)));
                runtime.shutdown_timeout(PATIENCE);
            })
            .map_err(failed)?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
