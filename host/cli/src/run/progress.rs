//! The progress bar: bars/s, open positions, equity, faults.

use std::time::{Duration, Instant};

use bulkhead_executor::{market::time::format_ms, trading::Progress};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Time between two looks at the loop.
const REDRAW: Duration = Duration::from_millis(100);
/// Time between two lines where there is no terminal.
const LINE: Duration = Duration::from_secs(10);
/// Moments between two looks at the clock.
const EVERY: u32 = 64;

pub(crate) struct Bar {
    bar: ProgressBar,
    label: &'static str,
    started: Instant,
    drawn: Instant,
    skipped: u32,
}

impl Bar {
    pub(crate) fn new(total: u64, label: &'static str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(10));
        let style = ProgressStyle::with_template("{bar:32} {percent:>3} %  {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        let now = Instant::now();
        Self { bar, label, started: now, drawn: now, skipped: 0 }
    }

    /// Redraws when it is time. `look` is asked only then.
    pub(crate) fn update(&mut self, look: impl FnOnce() -> Progress) {
        self.skipped += 1;
        // At full speed a look at the clock for every bar would cost more than the bar.
        if self.skipped < EVERY && self.drawn.elapsed() < REDRAW {
            return;
        }
        self.skipped = 0;
        let every = if self.bar.is_hidden() { LINE } else { REDRAW };
        if self.drawn.elapsed() < every {
            return;
        }
        self.drawn = Instant::now();
        let p = look();
        let rate = p.bars as f64 / self.started.elapsed().as_secs_f64().max(1e-9);
        let text = format!(
            "{} {}  {:.0} bars/s  open {}  equity {:.2} USD  faults {}",
            self.label,
            format_ms(p.now_ms),
            rate,
            p.open_positions,
            p.equity_usd,
            p.faults
        );
        if self.bar.is_hidden() {
            eprintln!("{} bars  {text}", p.bars);
        } else {
            self.bar.set_position(p.bars);
            self.bar.set_message(text);
        }
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// The progress bar of runs that nobody sees but as bars: only on a terminal.
pub(crate) struct Bars(ProgressBar);

impl Bars {
    pub(crate) fn new(bars: u64) -> Self {
        let bar = ProgressBar::with_draw_target(Some(bars), ProgressDrawTarget::stderr_with_hz(10));
        let style = ProgressStyle::with_template(
            "{bar:32} {percent:>3} %  {human_pos} of {human_len} bars  {per_sec}  {eta} left",
        );
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self(bar)
    }

    pub(crate) fn at(&self, bars: u64) {
        self.0.set_position(bars);
    }

    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
