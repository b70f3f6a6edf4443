//! Keeps the folder small.

use std::{
    collections::VecDeque,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use super::folder::{Folder, PART};

/// What a process that died left half-written is removed after this.
const STALE: Duration = Duration::from_secs(3_600);

/// Removes the entries that were used longest ago, until at most `most_bytes` are left or only the latest of this run.
pub(super) fn prune(folder: &Folder, most_bytes: u64, used: &VecDeque<String>) {
    let (parts, mut entries): (Vec<_>, Vec<_>) = folder.list().into_iter().partition(|f| f.name.starts_with(PART));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    for part in parts.iter().filter(|part| part.used < now.saturating_sub(STALE)) {
        folder.remove(&part.name);
    }
    let mut bytes: u64 = entries.iter().map(|entry| entry.bytes).sum();
    entries.sort_by(|a, b| (a.used, &a.name).cmp(&(b.used, &b.name)));
    for entry in entries.iter().filter(|entry| !used.contains(&entry.name)) {
        if bytes <= most_bytes {
            break;
        }
        tracing::debug!(entry = entry.name, "compiled code that was not used for long is removed");
        folder.remove(&entry.name);
        bytes = bytes.saturating_sub(entry.bytes);
    }
}
