//! What the venue keeps per symbol: its rules, its latest price, its position, and what a bar still has to give.

use super::bar::{Bar, MAX_PRICE, MAX_QUANTITY};
use super::config::VenueError;
use super::position::Position;
use crate::market::grid::Grid;
use crate::market::instruments::Instrument;

/// One symbol at the venue.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) tick: f64,
    pub(super) ticks: Grid,
    pub(super) step: f64,
    pub(super) steps: Grid,
    pub(super) min_qty: f64,
    pub(super) min_notional_usd: f64,
    pub(super) max_leverage_x: f64,
    pub(super) maintenance_ratio: f64,
    pub(super) price_band_pct: Option<f64>,
    /// Close of the latest bar; `None` before the first.
    pub(super) mark: Option<f64>,
    /// Of the latest bar.
    pub(super) minute_quote_usd: f64,
    pub(super) position: Option<Position>,
    /// No funding is due before this time.
    pub(super) funding_due_ms: i64,
    /// Orders at work.
    pub(super) working: u32,
    /// What of this bar's volume entries may still take, units of base.
    entry_budget: f64,
    /// The same for reductions: they have their own, so that no entry can starve an exit.
    exit_budget: f64,
    /// An entry filled inside this bar: nothing says that the bar's best price came after it.
    pub(super) entered_inside: bool,
}

impl Slot {
    pub(super) fn new(instrument: &Instrument) -> Result<Self, VenueError> {
        let bad = |rule, value| VenueError::Instrument { symbol: instrument.symbol.clone(), rule, value };
        let rules = [
            ("tick", instrument.tick, 0.0, MAX_PRICE),
            ("step", instrument.step, 0.0, MAX_QUANTITY),
            ("min_qty", instrument.min_qty, 0.0, MAX_QUANTITY),
            ("min_notional_usd", instrument.min_notional_usd, 0.0, 1e12),
            ("max_leverage", instrument.max_leverage, 1.0, 1000.0),
            ("maintenance_margin_ratio", instrument.maintenance_margin_ratio, 0.0, 0.5),
            ("price_band_pct", instrument.price_band_pct.unwrap_or(0.0), 0.0, 1e6),
        ];
        if let Some((rule, value, ..)) = rules.into_iter().find(|(_, value, min, max)| !(min..=max).contains(&value)) {
            return Err(bad(rule, value));
        }
        Ok(Self {
            tick: instrument.tick,
            ticks: Grid::new(instrument.tick).ok_or_else(|| bad("tick", instrument.tick))?,
            step: instrument.step,
            steps: Grid::new(instrument.step).ok_or_else(|| bad("step", instrument.step))?,
            min_qty: instrument.min_qty,
            min_notional_usd: instrument.min_notional_usd,
            max_leverage_x: instrument.max_leverage,
            maintenance_ratio: instrument.maintenance_margin_ratio,
            price_band_pct: instrument.price_band_pct,
            mark: None,
            minute_quote_usd: 0.0,
            position: None,
            funding_due_ms: i64::MIN,
            working: 0,
            entry_budget: 0.0,
            exit_budget: 0.0,
            entered_inside: false,
        })
    }

    /// A bar begins.
    pub(super) fn begin(&mut self, bar: &Bar, max_participation: f64) {
        self.minute_quote_usd = bar.minute_quote_usd;
        self.entry_budget = bar.volume * max_participation;
        self.exit_budget = self.entry_budget;
        self.entered_inside = false;
    }

    /// A bar ends.
    pub(super) fn end(&mut self, bar: &Bar) {
        self.mark = Some(bar.close);
        if let Some(position) = &mut self.position {
            position.mark_to(bar.close);
        }
    }

    /// What of `wanted` this bar can give, on the step; `None` if not even one step.
    pub(super) fn available(&self, reduce_only: bool, wanted: f64) -> Option<f64> {
        let (budget, held) = if reduce_only {
            (self.exit_budget, self.position.as_ref().map_or(0.0, |p| p.quantity))
        } else {
            (self.entry_budget, f64::INFINITY)
        };
        let quantity = self.steps.floor(wanted.min(budget).min(held));
        (quantity > 0.0).then_some(quantity)
    }

    /// A fill used up some of the bar.
    pub(super) fn use_up(&mut self, reduce_only: bool, quantity: f64) {
        let budget = if reduce_only { &mut self.exit_budget } else { &mut self.entry_budget };
        *budget -= quantity;
    }
}
