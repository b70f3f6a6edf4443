//! Strategies that are only observed: what their signals would have brought. Never traded.
//!
//! A paper of its own, simpler than the venue: entry at the next bar's open, exit at stop, target (the stop first when one
//! bar holds both), the strategy's own `flat`, or the longest hold; a fixed cost per side. One position per strategy and
//! symbol, all of one size, so that the figure is a mean return per trade and no profit and loss.

use std::collections::BTreeMap;

use bulkhead_policy::{
    Side, SymbolId,
    hooks::signal::{Action, Proposal},
};

use super::LoopConfig;
use crate::market::feed::BarSlice;

/// What the observed signals of one strategy would have brought.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    /// Trades that ended.
    pub trades: u64,
    /// Of these, with a gain after costs.
    pub winners: u64,
    /// Sum of returns after costs, bps of the entry price.
    pub sum_bps: f64,
}

#[derive(Clone, Copy, Debug)]
struct Trade {
    side: Side,
    stop_loss: f64,
    take_profit: f64,
    /// Entry price and time, once the next bar has come.
    entered: Option<(f64, i64)>,
    leaving: bool,
}

/// Scores observed proposals.
#[derive(Clone, Debug, Default)]
pub(super) struct Scorer {
    trades: BTreeMap<(usize, SymbolId), Trade>,
    scores: BTreeMap<usize, Score>,
}

impl Scorer {
    /// Notes a proposal that was not applied.
    pub(super) fn note(&mut self, owner: usize, proposal: &Proposal, config: &LoopConfig) {
        let key = (owner, proposal.symbol);
        let side = match proposal.action {
            Action::Flat => {
                if let Some(trade) = self.trades.get_mut(&key) {
                    trade.leaving = true;
                }
                return;
            }
            Action::Long => Side::Long,
            Action::Short => Side::Short,
        };
        self.trades.entry(key).or_insert(Trade {
            side,
            stop_loss: proposal.stop_loss.unwrap_or(config.stop_loss),
            take_profit: proposal.take_profit.unwrap_or(config.take_profit),
            entered: None,
            leaving: false,
        });
    }

    /// Lets the bars of one moment fill and end trades.
    pub(super) fn observe(&mut self, slice: &BarSlice<'_>, config: &LoopConfig) {
        if self.trades.is_empty() {
            return;
        }
        let scores = &mut self.scores;
        self.trades.retain(|(owner, symbol), trade| {
            let Ok(row) = slice.symbol.binary_search(symbol) else { return true };
            let at = |column: &[f64]| column.get(row).copied().unwrap_or(0.0);
            let bar = Bar { open: at(slice.open), high: at(slice.high), low: at(slice.low) };
            let Some(bps) = trade.step(&bar, slice.open_ms, config) else { return true };
            let score = scores.entry(*owner).or_default();
            score.trades += 1;
            score.winners += u64::from(bps > 0.0);
            score.sum_bps += bps;
            false
        });
    }

    /// Scores by subsystem index.
    pub(super) const fn scores(&self) -> &BTreeMap<usize, Score> {
        &self.scores
    }
}

#[derive(Clone, Copy, Debug)]
struct Bar {
    open: f64,
    high: f64,
    low: f64,
}

impl Trade {
    /// The return after costs in bps, once the trade has ended.
    fn step(&mut self, bar: &Bar, now_ms: i64, config: &LoopConfig) -> Option<f64> {
        let Some((entry, since)) = self.entered else {
            if bar.open > 0.0 {
                self.entered = Some((bar.open, now_ms));
            }
            return None;
        };
        let sign = self.side.sign();
        let held = u64::try_from(now_ms.saturating_sub(since)).unwrap_or(0);
        let stop = entry * (1.0 - sign * self.stop_loss);
        let target = entry * (1.0 + sign * self.take_profit);
        let (worst, best) = if sign > 0.0 { (bar.low, bar.high) } else { (bar.high, bar.low) };
        let too_long = config.max_hold_ms > 0 && held >= config.max_hold_ms;
        let exit = if self.leaving || too_long || (bar.open - stop) * sign <= 0.0 {
            bar.open
        } else if (worst - stop) * sign <= 0.0 {
            stop
        } else if (best - target) * sign >= 0.0 {
            target
        } else {
            return None;
        };
        Some((exit / entry - 1.0) * sign * 1e4 - 2.0 * config.score_cost_bps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(scorer: &mut Scorer, minute: i64, open: f64, high: f64, low: f64) {
        let (o, h, l, v) = ([open], [high], [low], [1.0]);
        let slice = BarSlice {
            open_ms: minute * 60_000,
            close_ms: (minute + 1) * 60_000,
            symbol: &[3],
            open: &o,
            high: &h,
            low: &l,
            close: &o,
            volume: &v,
        };
        scorer.observe(&slice, &LoopConfig::default());
    }

    fn noted(action: Action) -> Scorer {
        let mut scorer = Scorer::default();
        let p = Proposal { symbol: 3, action, confidence: 0.9, stop_loss: Some(0.01), take_profit: Some(0.02) };
        scorer.note(7, &p, &LoopConfig::default());
        scorer
    }

    fn only(scorer: &Scorer) -> Score {
        scorer.scores()[&7]
    }

    #[test]
    fn a_trade_enters_at_the_next_open_and_pays_its_costs() {
        let mut long = noted(Action::Long);
        bar(&mut long, 0, 100.0, 500.0, 1.0);
        assert!(long.scores().is_empty(), "the bar of the entry cannot end the trade");
        bar(&mut long, 1, 101.0, 102.5, 100.5);
        assert!((only(&long).sum_bps - (200.0 - 12.0)).abs() < 1e-6);
        assert_eq!((only(&long).trades, only(&long).winners), (1, 1));
    }

    #[test]
    fn the_stop_comes_first_and_a_gap_fills_at_the_open() {
        let mut both = noted(Action::Short);
        bar(&mut both, 0, 100.0, 100.0, 100.0);
        bar(&mut both, 1, 100.0, 101.5, 97.0);
        assert!((only(&both).sum_bps + 112.0).abs() < 1e-6);
        let mut gap = noted(Action::Long);
        bar(&mut gap, 0, 100.0, 100.0, 100.0);
        bar(&mut gap, 1, 95.0, 95.0, 95.0);
        assert!((only(&gap).sum_bps + 512.0).abs() < 1e-6);
    }

    #[test]
    fn flat_leaves_at_the_next_open() {
        let mut scorer = noted(Action::Long);
        bar(&mut scorer, 0, 100.0, 100.0, 100.0);
        let flat = Proposal { symbol: 3, action: Action::Flat, confidence: 1.0, stop_loss: None, take_profit: None };
        scorer.note(7, &flat, &LoopConfig::default());
        bar(&mut scorer, 1, 100.5, 100.6, 100.4);
        assert!((only(&scorer).sum_bps - 38.0).abs() < 1e-6);
    }
}
