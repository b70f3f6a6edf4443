//! Two ways to the brake that need no server: SIGUSR1, and a file in the state folder.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use anyhow::{Context, Result};
use bulkhead_policy::Brake;
use bulkhead_runtime::Registry;

use super::signals::Asked;

/// Name of the file whose presence engages the brake. As long as it is there, a release does not hold.
pub(crate) const FILE: &str = "BRAKE";
/// Time between two looks.
const TICK: Duration = Duration::from_millis(100);

/// A thread that looks. Dropping it stops the thread.
pub(super) struct Lever {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Lever {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Engages the brake when a signal asks for it, or when the file is in the state folder. Has looked once when it returns.
pub(super) fn watch(registry: &Arc<Registry>, asked: &Asked, state: Option<&Path>) -> Result<Lever> {
    let file = state.map(|folder| folder.join(FILE));
    let (registry, asked, stop) = (Arc::clone(registry), asked.clone(), Arc::new(AtomicBool::new(false)));
    look(&registry, &asked, file.as_ref());
    let stopped = Arc::clone(&stop);
    let thread = std::thread::Builder::new()
        .name("brake-lever".to_owned())
        .spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                look(&registry, &asked, file.as_ref());
                std::thread::sleep(TICK);
            }
        })
        .context("the thread that looks after the brake does not start")?;
    Ok(Lever { stop, thread: Some(thread) })
}

fn look(registry: &Registry, asked: &Asked, file: Option<&PathBuf>) {
    if asked.brake() {
        registry.engage(Brake::Halt, "signal", "SIGUSR1", registry.last_event_ms());
    }
    // What cannot be looked for counts as there.
    if let Some(file) = file.filter(|file| file.try_exists().unwrap_or(true)) {
        let kind = std::fs::read_to_string(file).ok().and_then(|text| Brake::parse(text.trim()));
        let kind = kind.filter(|kind| *kind != Brake::Released).unwrap_or(Brake::Halt);
        registry.engage(kind, "file", "the file BRAKE is in the state folder", registry.last_event_ms());
    }
}
