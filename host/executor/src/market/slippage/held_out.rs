//! The fitted model on moments that it has not seen.

use std::collections::BTreeMap;

use super::SlippageModel;
use super::fit::Sample;
use super::line::mean;

/// The model against snapshots it has not seen. Errors are model minus book, in basis points of the mid price.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldOut {
    /// Orders compared: all that the known book could fill.
    pub samples: usize,
    /// Mean cost in the book.
    pub mean_cost_bps: f64,
    /// Mean error.
    pub bias_bps: f64,
    /// Mean absolute error of single orders: what a book's momentary shape adds.
    pub mean_abs_error_bps: f64,
    /// 95 % of single orders are not further off than this.
    pub p95_abs_error_bps: f64,
    /// Mean absolute error of single orders up to 100,000 USD.
    pub small_abs_error_bps: f64,
    /// For each symbol and order value: mean cost by the model over mean cost in the book.
    pub ratios: Vec<(String, f64, f64)>,
}

/// Compares the model with the samples that were not fitted.
pub(super) fn judge(model: &SlippageModel, samples: &[Sample]) -> Option<HeldOut> {
    let unseen: Vec<&Sample> = samples.iter().filter(|s| !s.fitted && !s.censored).collect();
    let real = |s: &Sample| s.half_spread_bps + s.impact_bps;
    let guess = |s: &Sample| model.half_spread_bps(s.mid, s.tick) + model.impact_of(s.participation);
    let mut errors: Vec<f64> = unseen.iter().map(|s| (guess(s) - real(s)).abs()).collect();
    errors.sort_by(f64::total_cmp);
    let mut rungs: BTreeMap<(&str, u64), Vec<&Sample>> = BTreeMap::new();
    for sample in unseen.iter() {
        rungs.entry((sample.symbol, sample.notional as u64)).or_default().push(sample);
    }
    let small = unseen.iter().filter(|s| s.notional <= 1e5);
    let ratio = |((symbol, notional), rung): ((&str, u64), Vec<&Sample>)| {
        let ratio = mean(rung.iter().map(|s| guess(s)))? / mean(rung.iter().map(|s| real(s)))?;
        Some((symbol.to_owned(), notional as f64, ratio))
    };
    Some(HeldOut {
        samples: unseen.len(),
        mean_cost_bps: mean(unseen.iter().map(|s| real(s)))?,
        bias_bps: mean(unseen.iter().map(|s| guess(s) - real(s)))?,
        mean_abs_error_bps: mean(errors.iter().copied())?,
        p95_abs_error_bps: *errors.get(errors.len() * 95 / 100)?,
        small_abs_error_bps: mean(small.map(|s| (guess(s) - real(s)).abs()))?,
        ratios: rungs.into_iter().filter_map(ratio).collect(),
    })
}
