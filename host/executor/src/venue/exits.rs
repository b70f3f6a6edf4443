//! Exits of one position: the levels, how they move, and when a bar reaches them.
//!
//! A bar does not say in which order its prices came, so the rules are pessimistic: what hurts comes first, a stop is
//! reached by touching it, a target only by trading through it, and what a close changes counts from the next bar.

use bulkhead_policy::Side;

use super::bar::Bar;
use super::event::ExitReason;
use super::order::ExitPlan;

/// True if the plan's numbers make levels.
pub(super) fn plan_is_sane(plan: &ExitPlan) -> bool {
    let distance = |d: f64| d > 0.0 && d < 1.0;
    distance(plan.stop_loss)
        && plan.take_profit > 0.0
        && plan.take_profit <= 1000.0
        && plan.trail.is_none_or(distance)
        && plan.partial.is_none_or(|share| (0.0..=1.0).contains(&share))
}

/// Exit levels at work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Exits {
    pub(super) plan: ExitPlan,
    /// The plan's stop.
    stop: f64,
    /// The plan's target; gone once its share is closed.
    pub(super) target: Option<f64>,
    /// Best close so far, the entry price at first.
    best_close: f64,
    /// The share at the target is closed: the stop is at the entry price or better.
    partial_done: bool,
}

impl Exits {
    pub(super) fn new(plan: ExitPlan, side: Side, entry_price: f64) -> Self {
        Self {
            plan,
            stop: level(side, entry_price, -plan.stop_loss),
            target: Some(level(side, entry_price, plan.take_profit)),
            best_close: entry_price,
            partial_done: false,
        }
    }

    /// New levels for the same position. They may be looser: whether they may is the exit hook's contract. What was
    /// won stays won: the best close, and the stop at the entry price once the share at the target is closed. The
    /// share is not closed twice; a plan without a share closes the rest at its target.
    pub(super) fn replace(&mut self, plan: ExitPlan, side: Side, entry_price: f64) {
        let target = level(side, entry_price, plan.take_profit);
        *self = Self {
            plan,
            stop: level(side, entry_price, -plan.stop_loss),
            target: (!self.partial_done || plan.partial.is_none()).then_some(target),
            best_close: self.best_close,
            partial_done: self.partial_done,
        };
    }

    /// The position became larger. Its mean entry moved, and the stop does not move away with it: an entry is no way
    /// to loosen a stop.
    pub(super) fn add(&mut self, plan: ExitPlan, side: Side, entry_price: f64) {
        let before = self.stop;
        self.replace(plan, side, entry_price);
        self.stop = nearer(side, before, self.stop);
    }

    /// The stop in force and its name: the nearest of the plan's, the trailing one and the entry price.
    pub(super) fn stop(&self, side: Side, entry_price: f64) -> (f64, ExitReason) {
        let mut stop = (self.stop, ExitReason::StopLoss);
        if self.partial_done && is_nearer(side, entry_price, stop.0) {
            stop = (entry_price, ExitReason::BreakEven);
        }
        // "Once in profit": a trail from the entry price would only be a second stop-loss.
        if let Some(trail) = self.plan.trail.filter(|_| is_nearer(side, self.best_close, entry_price)) {
            let price = level(side, self.best_close, -trail);
            if is_nearer(side, price, stop.0) {
                stop = (price, ExitReason::TrailingStop);
            }
        }
        stop
    }

    /// Takes in the close of a bar.
    pub(super) fn observe_close(&mut self, side: Side, close: f64) {
        self.best_close = nearer(side, self.best_close, close);
    }

    /// The share at the target is being closed.
    pub(super) fn partial_taken(&mut self) {
        self.partial_done = true;
        self.target = None;
    }
}

/// `price` moved by `fraction` in the position's favour.
fn level(side: Side, price: f64, fraction: f64) -> f64 {
    price * (1.0 + side.sign() * fraction)
}

/// Whether a stop at `a` is hit before one at `b`.
pub(super) fn is_nearer(side: Side, a: f64, b: f64) -> bool {
    (a - b) * side.sign() > 0.0
}

fn nearer(side: Side, a: f64, b: f64) -> f64 {
    if is_nearer(side, a, b) { a } else { b }
}

/// Where a bar fills a stop: at the open if it opened at or behind the stop, else at the stop.
pub(super) fn stop_hit(side: Side, bar: &Bar, stop: f64) -> Option<f64> {
    let (worst, sign) = match side {
        Side::Long => (bar.low, 1.0),
        Side::Short => (bar.high, -1.0),
    };
    if (bar.open - stop) * sign <= 0.0 { Some(bar.open) } else { ((worst - stop) * sign <= 0.0).then_some(stop) }
}

/// Whether a bar traded through a target. The fill is at the target even if the bar opened beyond it.
pub(super) fn target_hit(side: Side, bar: &Bar, target: f64) -> bool {
    match side {
        Side::Long => bar.high > target,
        Side::Short => bar.low < target,
    }
}
