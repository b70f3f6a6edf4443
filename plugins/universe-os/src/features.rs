//! Features of a symbol's trades: the original's formulas.

use crate::statistics::{Regime, Results, Trade, Volatility};

const BPS: f64 = 1e-4;
/// Profit factor of trades among which none lost.
const NO_LOSS: f64 = 10.0;

impl Results {
    pub fn of(trades: &[Trade]) -> Self {
        let count = trades.len() as f64;
        let mean = |sum: f64| if trades.is_empty() { 0.0 } else { sum / count };
        let total_r: f64 = trades.iter().map(|trade| trade.r).sum();
        let mean_r = mean(total_r);
        let wins = trades.iter().filter(|trade| trade.r > 0.0);
        let gross_win: f64 = wins.clone().map(|trade| trade.r).sum();
        let gross_loss: f64 = trades.iter().map(|trade| (-trade.r).max(0.0)).sum();
        Self {
            trades: u32::try_from(trades.len()).unwrap_or(u32::MAX),
            win_rate: mean(wins.count() as f64),
            total_r,
            std_r: mean(trades.iter().map(|trade| (trade.r - mean_r).powi(2)).sum()).sqrt(),
            profit_factor: match (gross_win > 0.0, gross_loss > 0.0) {
                (_, true) => gross_win / gross_loss,
                (true, false) => NO_LOSS,
                (false, false) => 0.0,
            },
            spread_bps: mean(trades.iter().map(|trade| trade.spread_bps).sum()),
            slippage_bps: mean(trades.iter().map(|trade| trade.slippage_bps).sum()),
            trending_r: mean_where(trades, |trade| trade.regime == Some(Regime::Trending)),
            normal_volatility_r: mean_where(trades, |trade| trade.volatility == Some(Volatility::Normal)),
        }
    }

    pub fn mean_r(&self) -> f64 {
        if self.trades == 0 { 0.0 } else { self.total_r / f64::from(self.trades) }
    }

    /// Gain for what it costs and how much it wavers. Costs count as fractions of the price.
    pub fn stability(&self) -> f64 {
        let mean_r = self.mean_r();
        if mean_r <= 0.0 {
            return 0.0;
        }
        let cost = (self.spread_bps + self.slippage_bps) * BPS + 0.01;
        mean_r * self.win_rate / (cost + self.std_r + 0.01)
    }

    pub fn consistency(&self) -> f64 {
        if self.std_r > 0.0 { 1.0 / (self.std_r.powi(2) + 1e-8) } else { 0.0 }
    }
}

fn mean_where(trades: &[Trade], counts: impl Fn(&Trade) -> bool) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0.0);
    for trade in trades.iter().filter(|trade| counts(trade)) {
        sum += trade.r;
        count += 1.0;
    }
    (count > 0.0).then_some(sum / count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trade(r: f64) -> Trade {
        Trade { r, spread_bps: 2.0, slippage_bps: 3.0, regime: None, volatility: None }
    }

    fn near(left: f64, right: f64) {
        assert!((left - right).abs() < 1e-12, "{left} {right}");
    }

    #[test]
    fn counted_by_hand() {
        let results = Results::of(&[2.0, -1.0, 0.0, 3.0].map(trade));
        assert_eq!((results.trades, results.win_rate, results.total_r), (4, 0.5, 4.0));
        assert_eq!((results.mean_r(), results.profit_factor), (1.0, 5.0));
        // Deviations 1, -2, -1, 2.
        near(results.std_r, 2.5f64.sqrt());
        near(results.consistency(), 1.0 / (2.5 + 1e-8));
        near(results.stability(), 0.5 / (0.0005 + 0.01 + 2.5f64.sqrt() + 0.01));
        assert_eq!((results.spread_bps, results.slippage_bps), (2.0, 3.0));
    }

    #[test]
    fn the_profit_factor_without_losses_and_without_anything() {
        let factor = |r: &[f64]| Results::of(&r.iter().map(|r| trade(*r)).collect::<Vec<_>>()).profit_factor;
        assert_eq!(factor(&[0.1, 2.0]), 10.0);
        assert_eq!(factor(&[0.0]), 0.0);
        assert_eq!(factor(&[]), 0.0);
        assert_eq!(factor(&[-1.0, -0.5]), 0.0);
    }

    #[test]
    fn means_by_regime_and_volatility_are_absent_without_trades() {
        let mut trades = [1.0, 2.0, -4.0].map(trade);
        assert_eq!(Results::of(&trades).trending_r, None);
        trades[0].regime = Some(Regime::Trending);
        trades[2].regime = Some(Regime::Trending);
        trades[1].volatility = Some(Volatility::Normal);
        let results = Results::of(&trades);
        assert_eq!((results.trending_r, results.normal_volatility_r), (Some(-1.5), Some(2.0)));
    }

    #[test]
    fn losers_have_no_stability_and_equal_trades_no_consistency() {
        assert_eq!(Results::of(&[-1.0, 0.5].map(trade)).stability(), 0.0);
        assert_eq!(Results::of(&[0.5, 0.5].map(trade)).consistency(), 0.0);
        let none = Results::of(&[]);
        assert_eq!((none.stability(), none.consistency(), none.mean_r(), none.win_rate), (0.0, 0.0, 0.0, 0.0));
    }

    #[test]
    fn the_order_of_the_trades_does_not_matter() {
        let r: Vec<f64> = (0..40).map(|at| f64::from(at * 7 % 11) - 4.5).collect();
        let forth = Results::of(&r.iter().map(|r| trade(*r)).collect::<Vec<_>>());
        let back = Results::of(&r.iter().rev().map(|r| trade(*r)).collect::<Vec<_>>());
        assert_eq!(forth, back);
    }
}
