//! What is done beside the calls: versions that fell are replaced, shadows that have shown enough are promoted, versions
//! whose last call has ended are freed, dials that could not be recorded are.

use std::{
    io,
    sync::{
        Arc,
        mpsc::{RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::JoinHandle,
    time::Duration,
};

use crate::Registry;

/// Time between two looks: a version that fell is replaced within it.
const PERIOD: Duration = Duration::from_millis(20);

/// A thread that keeps the registry in order. Dropping it stops the thread.
#[derive(Debug)]
pub struct Upkeep {
    stop: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Upkeep {
    /// Starts it.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn start(registry: Arc<Registry>) -> io::Result<Self> {
        let (stop, stopped) = sync_channel(0);
        let thread = std::thread::Builder::new().name("upkeep".to_owned()).spawn(move || {
            while stopped.recv_timeout(PERIOD) == Err(RecvTimeoutError::Timeout) {
                registry.mend();
                registry.promote_ready();
                registry.free_retired();
                registry.record_again();
            }
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Upkeep {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
