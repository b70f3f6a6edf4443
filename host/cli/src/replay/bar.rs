//! The progress bar: only on a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The bar of a replay, counted in calls.
pub(super) struct Bar(ProgressBar);

impl Bar {
    pub(super) fn new(calls: u64) -> Self {
        // Hidden where the standard error is no terminal.
        let bar = ProgressBar::with_draw_target(Some(calls), ProgressDrawTarget::stderr_with_hz(10));
        let style = ProgressStyle::with_template(
            "{bar:32} {percent:>3} %  {human_pos} of {human_len} calls  {per_sec}  {eta} left",
        );
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.enable_steady_tick(Duration::from_millis(250));
        Self(bar)
    }

    pub(super) fn at(&self, calls: u64) {
        self.0.set_position(calls);
    }

    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
