//! How alike two symbols move: Pearson's correlation of their returns.
//!
//! What is not known is no number. A symbol without a window, with one that is too short, stands still or holds what is
//! no number, is compared with nothing.

use bulkhead_sdk::prelude::*;

/// What is under this share of the mean is rounding, not movement.
const ROUNDING: f64 = 1e-9;

/// A symbol's returns less their mean.
#[derive(Clone, Debug)]
pub struct Moves {
    moves: Vec<f64>,
    /// As of a vector: root of the sum of squares.
    length: f64,
}

impl Moves {
    /// `None` when no correlation with it can be believed. `least` is the number of returns that takes.
    pub fn of(returns: &Returns, symbol: SymbolId, least: u32) -> Option<Self> {
        let window = returns.of(symbol).filter(|_| returns.count >= least.max(1))?;
        let count = f64::from(returns.count);
        let mean = window.iter().sum::<f64>() / count;
        let moves: Vec<f64> = window.iter().map(|value| value - mean).collect();
        let squares = product(&moves, &moves);
        // One value that is no number makes the sums none, and so do values too large or too small to be squared.
        let moved = squares.is_normal() && squares > count * (mean * ROUNDING) * (mean * ROUNDING);
        moved.then_some(Self { moves, length: squares.sqrt() })
    }

    /// -1 to 1, but for rounding. The same to the bit whichever way it is asked.
    pub fn correlation(&self, other: &Self) -> f64 {
        product(&self.moves, &other.moves) / (self.length * other.length)
    }
}

fn product(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{Noise, returns};

    const LEAST: u32 = 24;

    fn correlation(left: &[f64], right: &[f64]) -> Option<f64> {
        let both = returns(&[(5, left.to_vec()), (2, right.to_vec())]);
        Some(Moves::of(&both, 5, LEAST)?.correlation(&Moves::of(&both, 2, LEAST)?))
    }

    /// By the definition: covariance over both deviations.
    fn by_the_book(left: &[f64], right: &[f64]) -> f64 {
        let count = left.len() as f64;
        let mean = |values: &[f64]| values.iter().sum::<f64>() / count;
        let covariance = |a: &[f64], b: &[f64]| {
            let (mean_a, mean_b) = (mean(a), mean(b));
            a.iter().zip(b).map(|(a, b)| (a - mean_a) * (b - mean_b)).sum::<f64>() / count
        };
        covariance(left, right) / (covariance(left, left).sqrt() * covariance(right, right).sqrt())
    }

    #[test]
    fn it_is_pearsons_whatever_the_symbols_do() {
        let mut noise = Noise::new(1);
        for case in 0..2_000 {
            let count = 24 + case % 100;
            let (base, share) = (noise.series(count, 0.01), noise.next());
            let other: Vec<f64> = base.iter().map(|value| value * share + 0.003 * noise.next() + 0.001).collect();
            let rho = correlation(&base, &other).unwrap();
            assert!((rho - by_the_book(&base, &other)).abs() < 1e-9, "{rho}");
            assert!(rho.abs() <= 1.0 + 1e-12, "{rho}");
            assert_eq!(Some(rho.to_bits()), correlation(&other, &base).map(f64::to_bits), "it depends on who is asked");
        }
    }

    #[test]
    fn size_and_drift_of_the_returns_change_nothing_and_a_mirror_changes_the_sign() {
        let mut noise = Noise::new(2);
        for _ in 0..300 {
            let (left, right) = (noise.series(96, 0.01), noise.series(96, 0.02));
            let rho = correlation(&left, &right).unwrap();
            for factor in [1e-100, 1e-9, 0.37, 1e6, 1e100] {
                let scaled: Vec<f64> = left.iter().map(|value| value * factor).collect();
                let mirrored: Vec<f64> = right.iter().map(|value| value * -factor).collect();
                assert!((correlation(&scaled, &right).unwrap() - rho).abs() < 1e-9, "times {factor}");
                assert!((correlation(&left, &mirrored).unwrap() + rho).abs() < 1e-9, "times -{factor}");
            }
            let drifting: Vec<f64> = left.iter().map(|value| value + 0.05).collect();
            assert!((correlation(&drifting, &right).unwrap() - rho).abs() < 1e-9);
        }
    }

    #[test]
    fn a_symbol_moves_with_itself_and_against_its_mirror() {
        let values = Noise::new(3).series(96, 0.01);
        let mirror: Vec<f64> = values.iter().map(|value| -value).collect();
        assert!((correlation(&values, &values).unwrap() - 1.0).abs() < 1e-12);
        assert!((correlation(&values, &mirror).unwrap() + 1.0).abs() < 1e-12);
    }

    #[test]
    fn what_cannot_be_believed_is_no_number() {
        let fine = Noise::new(4).series(96, 0.01);
        let with = |at: usize, value: f64| {
            let mut broken = fine.clone();
            broken[at] = value;
            broken
        };
        let useless = [
            vec![0.0; 96],
            vec![0.1; 96],
            vec![1.0 / 3.0; 96],
            vec![-1e-300; 96],
            Noise::new(5).series(96, 1e-200),
            Noise::new(5).series(96, 1e-161),
            Noise::new(5).series(96, 1e200),
            [f64::MAX, f64::MIN].repeat(48),
            with(0, f64::NAN),
            with(95, f64::NAN),
            with(7, f64::INFINITY),
            with(7, f64::NEG_INFINITY),
            vec![f64::MAX; 96],
            [vec![f64::MAX; 48], vec![f64::MIN; 48]].concat(),
        ];
        for broken in useless {
            assert_eq!(correlation(&fine, &broken), None, "{broken:?}");
            assert_eq!(correlation(&broken, &broken), None, "{broken:?}");
        }
        assert!(correlation(&fine, &with(0, 0.5)).is_some());
        assert_eq!(correlation(&fine[..23], &fine[..23]), None);
        assert!(correlation(&fine[..24], &fine[..24]).is_some());
        assert!(Moves::of(&returns(&[(5, fine)]), 6, LEAST).is_none(), "it is absent");
        assert!(Moves::of(&bulkhead_sdk::testing::returns(), 0, 0).is_none());
    }
}
