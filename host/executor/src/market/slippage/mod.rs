//! What a market order costs: the paper venue's price for immediacy.

mod book;
mod fit;
mod held_out;
mod line;

pub use fit::{Fit, FitError, fit};
pub use held_out::HeldOut;

/// Cost of a market order against the mid price: half the spread, plus an impact that grows with the order's share of
/// what is traded in a minute.
///
/// `cost = half spread + min(impact_bps · (notional / minute quote volume) ^ exponent, max_impact_bps)`
///
/// # Where the default comes from
/// The constants are what [`fit`] finds in 345 s of full order book of BTCUSDT and ETHUSDT perpetuals on Binance
/// (2024-08-08, a lively evening: 8 to 62 and 3 to 8 million USD a minute). The book is rebuilt from the recorded
/// snapshot of 1000 levels a side and all later changes, looked at once a second from the 60th second on, and both
/// sides are walked for orders of 10 thousand to 5 million USD. Participation is the order over the value traded in
/// the 60 s before it. In blocks of 20 s, every other block is fitted and the rest is held out.
///
/// An order that the best level holds has no impact, and zero has no logarithm. So each symbol and order value gives
/// one point, the mean over all moments with the zeros in it, and the least squares line goes through the logarithms
/// of the points. An order value that moves the price in under a quarter of the moments is left out: its mean is a
/// few accidents. An order that the known book cannot fill is censored, and an order value with more than 5 % of them
/// would be left out; with 1000 levels there is not one. (The best ten levels would not do. They are too few for 24 %
/// of the orders of 50 thousand USD in ETH and 69 % of those of 500 thousand in BTC, and the moments they miss are the
/// thin ones that cost most. Where they are recorded, once a second, the rebuilt book equals them, 682 times of 682.)
///
/// Measured: half spread 0.515 ticks, impact 9.0 bps at participation 1, exponent 0.850; R² 0.97 over 14 points from
/// 4,896 orders. On the 5,040 held-out orders, which cost 1.43 bps on average, the mean error is +0.16 bps; a single
/// order is off by 0.16 bps on average up to 100 thousand USD and by 0.77 bps over all sizes, because a book's shape
/// changes from second to second. By symbol and order value the mean cost by the model is 0.73 to 1.49 times that of
/// the book where the values were fitted, and up to twice for smaller orders, which is 0.03 bps.
///
/// # What it does not know
/// Two liquid symbols on one day: a small symbol's book is thinner for the same share of volume, a quiet night differs
/// from this evening, and nothing here sees other traders react. The cap is an assumption, not a measurement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SlippageModel {
    /// Half of the spread, in ticks; never counted as less than 0.5.
    pub half_spread_ticks: f64,
    /// Impact of an order as large as everything that is traded in its minute, basis points.
    pub impact_bps: f64,
    /// How impact grows with participation; 1 would be proportional.
    pub exponent: f64,
    /// Most that impact can cost, basis points.
    pub max_impact_bps: f64,
}

impl Default for SlippageModel {
    fn default() -> Self {
        Self { half_spread_ticks: 0.515, impact_bps: 9.0, exponent: 0.85, max_impact_bps: 100.0 }
    }
}

impl SlippageModel {
    /// Cost of a market order of `notional_usd`, in basis points of the mid price, always against the trader.
    ///
    /// `minute_quote_volume_usd` is the value traded in the minute of the order, `price` the mid price and `tick` the
    /// smallest price difference (both quote currency). A minute without trades, or an input that is not a number,
    /// costs the maximum: what is unknown must not look cheap.
    #[must_use]
    pub fn cost_bps(&self, notional_usd: f64, minute_quote_volume_usd: f64, price: f64, tick: f64) -> f64 {
        self.half_spread_bps(price, tick) + self.impact_of(notional_usd.abs() / minute_quote_volume_usd)
    }

    /// Half of the spread in basis points of the price; the maximum impact if price or tick make no sense.
    #[must_use]
    pub fn half_spread_bps(&self, price: f64, tick: f64) -> f64 {
        let bps = self.half_spread_ticks.max(0.5) * tick / price * 1e4;
        if bps.is_finite() && bps >= 0.0 { bps } else { self.max_impact_bps }
    }

    /// Impact in basis points of an order with this share of the minute's traded value.
    #[must_use]
    pub fn impact_of(&self, participation: f64) -> f64 {
        if participation == 0.0 {
            return 0.0;
        }
        let bps = self.impact_bps * participation.powf(self.exponent);
        // Zero over zero volume is not a number, and lands on the maximum too.
        if bps >= 0.0 { bps.min(self.max_impact_bps) } else { self.max_impact_bps }
    }
}

#[cfg(test)]
mod tests;
