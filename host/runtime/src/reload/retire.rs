//! Old versions until their last call has ended. They are freed here, never on the thread of a call.

use std::sync::Arc;

use parking_lot::Mutex;

use crate::subsystem::Version;

/// Versions that no longer serve.
#[derive(Debug, Default)]
pub(crate) struct Retired(Mutex<Vec<Arc<Version>>>);

impl Retired {
    /// Takes one in, and frees those that nobody uses any more.
    pub(crate) fn keep(&self, version: Arc<Version>) {
        let mut all = self.0.lock();
        all.push(version);
        all.retain(|v| Arc::strong_count(v) > 1);
    }
}
