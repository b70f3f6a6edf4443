//! The course of equity over a whole run, in a bounded number of points.

use std::sync::Arc;

/// Most points. One place is left for the latest equity, which a reader puts behind them.
const POINTS: usize = 598;

/// Every n-th equity since the start; n doubles when there is no more room.
#[derive(Debug)]
pub(super) struct History {
    points: Vec<(i64, f64)>,
    every: u64,
    seen: u64,
    shared: Arc<[(i64, f64)]>,
}

impl Default for History {
    fn default() -> Self {
        Self { points: Vec::with_capacity(POINTS), every: 1, seen: 0, shared: Arc::from([]) }
    }
}

impl History {
    /// Takes in the equity at a time, epoch ms.
    pub(super) fn push(&mut self, time_ms: i64, equity_usd: f64) {
        let due = self.seen.is_multiple_of(self.every);
        self.seen = self.seen.wrapping_add(1);
        if !due {
            return;
        }
        if self.points.len() >= POINTS {
            self.halve();
            if !(self.seen - 1).is_multiple_of(self.every) {
                return;
            }
        }
        self.points.push((time_ms, equity_usd));
        self.shared = self.points.as_slice().into();
    }

    /// The points, oldest first.
    pub(super) fn shared(&self) -> Arc<[(i64, f64)]> {
        Arc::clone(&self.shared)
    }

    fn halve(&mut self) {
        let mut keep = false;
        self.points.retain(|_| {
            keep = !keep;
            keep
        });
        self.every = self.every.saturating_mul(2);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_whole_run_is_covered_evenly_and_never_with_more_points(count in 1i64..40_000) {
            let mut history = History::default();
            for at in 0..count {
                history.push(at, at as f64 * 2.0);
            }
            let points = history.shared();
            prop_assert!(points.len() <= POINTS);
            prop_assert_eq!(points[0], (0, 0.0));
            prop_assert!(points.iter().all(|(at, equity)| *equity == *at as f64 * 2.0));
            let step = points.get(1).map_or(1, |second| second.0);
            prop_assert!(points.windows(2).all(|w| w[1].0 - w[0].0 == step), "even");
            prop_assert!(count - 1 - points[points.len() - 1].0 < step, "up to the end");
            prop_assert!(count < 10 || points.len() as i64 > (count / 4).min(POINTS as i64 / 4), "not too few");
        }
    }
}
