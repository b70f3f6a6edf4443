//! Ctrl-C and SIGTERM end the loop after the bar at hand, with the summary so far. SIGHUP looks for new plugin versions.
//! SIGUSR1 engages the brake.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use anyhow::{Context, Result};
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM, SIGUSR1},
    iterator::Signals,
};

/// What the signals have asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked(Arc<Flags>);

#[derive(Debug, Default)]
struct Flags {
    stop: AtomicBool,
    reload: AtomicBool,
    brake: AtomicBool,
}

impl Asked {
    /// Whether somebody asked to stop.
    pub(crate) fn stop(&self) -> bool {
        self.0.stop.load(Ordering::Relaxed)
    }

    /// Whether somebody asked for new versions since the last time this was called.
    pub(crate) fn reload(&self) -> bool {
        self.0.reload.load(Ordering::Relaxed) && self.0.reload.swap(false, Ordering::Relaxed)
    }

    /// Whether somebody asked for the brake since the last time this was called.
    pub(crate) fn brake(&self) -> bool {
        self.0.brake.load(Ordering::Relaxed) && self.0.brake.swap(false, Ordering::Relaxed)
    }
}

/// Listens for the signals.
pub(crate) fn listen() -> Result<Asked> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP, SIGUSR1]).context("signals cannot be listened for")?;
    let asked = Asked::default();
    let flags = Arc::clone(&asked.0);
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            for signal in signals.forever() {
                let flag = match signal {
                    SIGHUP => &flags.reload,
                    SIGUSR1 => &flags.brake,
                    _ => &flags.stop,
                };
                flag.store(true, Ordering::Relaxed);
            }
        })
        .context("the signals' thread does not start")?;
    Ok(asked)
}
