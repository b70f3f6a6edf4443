//! Execution quality as the coordinator sees it: means over the latest fills.

use std::collections::VecDeque;

use bulkhead_policy::reports::ExecutionReport;

/// Fills and orders remembered.
const REMEMBERED: usize = 100;

/// Running means.
#[derive(Clone, Debug, Default)]
pub(super) struct Measures {
    fills: VecDeque<(f64, f64)>,
    ended: VecDeque<bool>,
}

impl Measures {
    /// Notes an entry's fill.
    pub(super) fn filled(&mut self, slippage_bps: f64, spread_bps: f64) {
        self.fills.push_back((slippage_bps, spread_bps));
        if self.fills.len() > REMEMBERED {
            self.fills.pop_front();
        }
    }

    /// Notes the end of an entry order.
    pub(super) fn ended(&mut self, filled: bool) {
        self.ended.push_back(filled);
        if self.ended.len() > REMEMBERED {
            self.ended.pop_front();
        }
    }

    /// Absent until there was a fill: nobody has said anything.
    pub(super) fn report(&self) -> Option<ExecutionReport> {
        let n = self.fills.len() as f64;
        if self.fills.is_empty() || self.ended.is_empty() {
            return None;
        }
        let (slippage, spread) = self.fills.iter().fold((0.0, 0.0), |(a, b), (s, p)| (a + s, b + p));
        let filled = self.ended.iter().filter(|f| **f).count() as f64;
        Some(ExecutionReport {
            mean_slippage_bps: slippage / n,
            mean_spread_bps: spread / n,
            fill_rate: filled / self.ended.len() as f64,
        })
    }
}
