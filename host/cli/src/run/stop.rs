//! Ctrl-C and SIGTERM: the loop ends after the bar at hand, with the summary so far.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use anyhow::{Context, Result};

/// Whether somebody asked to stop.
#[derive(Clone, Debug)]
pub(crate) struct Stop(Arc<AtomicBool>);

impl Stop {
    pub(crate) fn asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Listens for the signals.
pub(crate) fn on_ctrl_c() -> Result<Stop> {
    let stop = Stop(Arc::new(AtomicBool::new(false)));
    let asked = Arc::clone(&stop.0);
    ctrlc::set_handler(move || asked.store(true, Ordering::Relaxed)).context("Ctrl-C cannot be listened for")?;
    Ok(stop)
}
