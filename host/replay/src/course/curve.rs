//! The account over market time, a point per moment.

use bulkhead_executor::account::AccountSnapshot;

/// Columns of equal length. What was not known at a moment is not a number there.
#[derive(Clone, Debug, Default)]
pub struct Curve {
    /// Close of the bar, epoch ms UTC, ascending.
    pub time_ms: Vec<i64>,
    /// Balance plus open profit and loss.
    pub equity_usd: Vec<f64>,
    /// Under the highest equity before, percent.
    pub drawdown_pct: Vec<f64>,
    /// Sum of absolute notionals, percent of equity.
    pub exposure_pct: Vec<f64>,
}

impl Curve {
    /// Takes in how the account stands.
    pub(super) fn push(&mut self, now: &AccountSnapshot) {
        let Some(time_ms) = now.event_time_ms else { return };
        let money = now.money;
        let of = |value: Option<f64>| value.unwrap_or(f64::NAN);
        self.time_ms.push(time_ms);
        self.equity_usd.push(of(money.map(|m| m.equity_usd)));
        self.drawdown_pct.push(of(money.and_then(|m| m.drawdowns).map(|d| d.open_pct)));
        self.exposure_pct.push(of(money.and_then(|m| m.gross_exposure_pct)));
    }

    /// Where the two are apart for the first time, epoch ms UTC; bits are compared. Absent: they are one curve.
    #[must_use]
    pub fn parts_from(&self, other: &Self) -> Option<i64> {
        let row = |c: &Self, at: usize| {
            let bits = |column: &[f64]| column.get(at).map(|value| value.to_bits());
            let time = c.time_ms.get(at).copied();
            (time, bits(&c.equity_usd), bits(&c.drawdown_pct), bits(&c.exposure_pct))
        };
        let rows = self.time_ms.len().max(other.time_ms.len());
        (0..rows)
            .find(|at| row(self, *at) != row(other, *at))
            .and_then(|at| self.time_ms.get(at).or(other.time_ms.get(at)).copied())
    }

    /// Mean of the gross exposure over all moments, percent of equity.
    #[must_use]
    pub fn mean_exposure_pct(&self) -> f64 {
        let known = self.exposure_pct.iter().filter(|pct| pct.is_finite());
        let (sum, count) = known.fold((0.0, 0.0), |(sum, count), pct| (sum + pct, count + 1.0));
        if count > 0.0 { sum / count } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(equity: &[f64]) -> Curve {
        Curve {
            time_ms: (0..).zip(equity).map(|(at, _)| at * 60_000).collect(),
            equity_usd: equity.to_vec(),
            drawdown_pct: vec![0.0; equity.len()],
            exposure_pct: vec![f64::NAN; equity.len()],
        }
    }

    #[test]
    fn two_curves_part_at_the_first_bit_that_differs() {
        let one = curve(&[1.0, 2.0, 3.0]);
        assert_eq!(one.parts_from(&one.clone()), None, "what is unknown in both is the same");
        assert_eq!(one.parts_from(&curve(&[1.0, f64::from_bits(2.0f64.to_bits() + 1), 3.0])), Some(60_000));
        assert_eq!(one.parts_from(&curve(&[1.0, 2.0])), Some(120_000));
        assert_eq!(curve(&[1.0, 2.0]).parts_from(&one), Some(120_000));
    }

    #[test]
    fn a_moment_of_unknown_exposure_is_not_one_of_none() {
        let mut one = curve(&[1.0, 1.0, 1.0]);
        one.exposure_pct = vec![10.0, f64::NAN, 30.0];
        assert!((one.mean_exposure_pct() - 20.0).abs() < 1e-12);
    }
}
