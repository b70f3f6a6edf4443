//! Bars in the order in which the world saw them.

mod replay;

pub use replay::ReplayFeed;

/// The bars of one moment, as columns of equal length: row `i` belongs to symbol `symbol[i]`.
///
/// A symbol without a bar at this time has no row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BarSlice<'a> {
    /// When the bars opened, epoch ms UTC.
    pub open_ms: i64,
    /// When the bars were complete, epoch ms UTC: the event time of this step, the earliest time at which a decision
    /// may know them.
    pub close_ms: i64,
    /// Symbol ids (index in the feed's sorted symbol table), ascending.
    pub symbol: &'a [u32],
    /// First prices, quote currency.
    pub open: &'a [f64],
    /// Highest prices, quote currency.
    pub high: &'a [f64],
    /// Lowest prices, quote currency.
    pub low: &'a [f64],
    /// Last prices, quote currency.
    pub close: &'a [f64],
    /// Volumes, base currency.
    pub volume: &'a [f64],
}

/// A source of bars. Replay and simulation end; a live source blocks in [`next`](Feed::next) until a bar is complete.
pub trait Feed {
    /// The next moment that has at least one bar, or `None` at the end.
    fn next(&mut self) -> Option<BarSlice<'_>>;

    /// Symbol names in id order.
    fn symbols(&self) -> &[String];

    /// Length of one bar in milliseconds.
    fn step_ms(&self) -> i64;

    /// Bars from start to end over all symbols; 0 if the source has no end.
    fn bars_total(&self) -> u64;

    /// Bars given out so far.
    fn bars_done(&self) -> u64;
}

#[cfg(test)]
mod tests;
