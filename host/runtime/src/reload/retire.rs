//! Old versions until their last call has ended. They are freed here, never on the thread of a call.

use std::sync::Arc;

use parking_lot::Mutex;

use crate::world::Version;

/// Versions that no longer serve.
#[derive(Debug, Default)]
pub(crate) struct Retired(Mutex<Vec<Arc<Version>>>);

impl Retired {
    /// Takes one in, and frees those that nobody uses any more.
    pub(crate) fn keep(&self, version: Arc<Version>) {
        self.0.lock().push(version);
        self.free();
    }

    /// Frees those that nobody uses any more.
    pub(crate) fn free(&self) {
        let mut all = self.0.lock();
        let (used, unused): (Vec<_>, Vec<_>) = all.drain(..).partition(|version| Arc::strong_count(version) > 1);
        *all = used;
        drop(all);
        // Taking an instance apart takes its time: not under the lock.
        drop(unused);
    }
}
