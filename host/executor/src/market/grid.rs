//! Rounding to ticks and steps, exact in decimals.
//!
//! A tick of 0.1 has no exact `f64`, so `(p / 0.1).floor() * 0.1` gives prices like 0.30000000000000004. Here a step is
//! a whole number of units of 10⁻ᵈ: values are scaled up, rounded as integers and divided once, and one division of two
//! exact numbers gives the `f64` nearest to the decimal: the same one that parsing its text would give.

/// The finest decimals that a step may have, and that [`decimals_of`] looks for.
pub const MAX_DECIMALS: u32 = 10;

/// A value this close to a grid point, relative to its size, is that point: it came there through arithmetic.
const SLACK: f64 = 1e-12;

/// Multiples of a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    /// The step as a whole number of `1 / scale`.
    units: f64,
    /// A power of ten.
    scale: f64,
}

impl Grid {
    /// The grid of a step such as 0.1, 0.25 or 1000. `None` if the step is not a positive number of at most ten decimals.
    #[must_use]
    pub fn new(step: f64) -> Option<Self> {
        if !step.is_finite() || step <= 0.0 {
            return None;
        }
        let mut scale = 1.0;
        for _ in 0..=MAX_DECIMALS {
            let units = (step * scale).round();
            if units >= 1.0 && units / scale == step {
                return Some(Self { units, scale });
            }
            scale *= 10.0;
        }
        None
    }

    /// The step.
    #[must_use]
    pub fn step(self) -> f64 {
        self.units / self.scale
    }

    /// The largest multiple that is not above `value`.
    #[must_use]
    pub fn floor(self, value: f64) -> f64 {
        self.snap(value, f64::floor)
    }

    /// The smallest multiple that is not below `value`.
    #[must_use]
    pub fn ceil(self, value: f64) -> f64 {
        self.snap(value, f64::ceil)
    }

    /// The nearest multiple.
    #[must_use]
    pub fn nearest(self, value: f64) -> f64 {
        self.snap(value, f64::round)
    }

    /// True if `value` is a multiple, up to the noise of arithmetic.
    #[must_use]
    pub fn holds(self, value: f64) -> bool {
        let steps = value * self.scale / self.units;
        steps.is_finite() && near(steps, steps.round())
    }

    fn snap(self, value: f64, round: impl Fn(f64) -> f64) -> f64 {
        let steps = value * self.scale / self.units;
        let nearest = steps.round();
        let whole = if near(steps, nearest) { nearest } else { round(steps) };
        let scaled = whole * self.units;
        // From 2⁵³ on the grid is finer than f64 itself, so the value is as round as it can be. NaN ends here too.
        if scaled.abs() < 9_007_199_254_740_992.0 { scaled / self.scale } else { value }
    }
}

fn near(steps: f64, whole: f64) -> bool {
    (steps - whole).abs() <= SLACK * steps.abs().max(1.0)
}

/// How many decimals a number was written with, from `at_least` up to [`MAX_DECIMALS`].
#[must_use]
pub fn decimals_of(value: f64, at_least: u32) -> u32 {
    let mut decimals = at_least;
    let mut scale = 10f64.powi(at_least.min(MAX_DECIMALS).cast_signed());
    while decimals < MAX_DECIMALS && (value * scale).round() / scale != value {
        decimals += 1;
        scale *= 10.0;
    }
    decimals.min(MAX_DECIMALS)
}

/// The step of that many decimals: 10⁻ᵈ, as the `f64` nearest to it.
#[must_use]
pub fn step_of(decimals: u32) -> f64 {
    1.0 / 10f64.powi(decimals.min(MAX_DECIMALS).cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn grid(step: f64) -> Grid {
        Grid::new(step).unwrap()
    }

    #[test]
    fn rounding_gives_the_numbers_that_people_write() {
        assert_eq!(grid(0.1).floor(0.1 + 0.2), 0.3);
        assert_eq!(grid(0.1).floor(0.7999999999999999), 0.8, "noise of arithmetic is not a smaller price");
        assert_eq!(grid(0.01).floor(0.29), 0.29);
        assert_eq!(grid(0.01).ceil(0.29), 0.29);
        assert_eq!(grid(0.1).floor(61_800.29), 61_800.2);
        assert_eq!(grid(0.1).ceil(61_800.21), 61_800.3);
        assert_eq!(grid(0.05).floor(1.09), 1.05);
        assert_eq!(grid(0.25).nearest(1.13), 1.25);
        assert_eq!(grid(1000.0).floor(12_345.6), 12_000.0);
        assert_eq!(grid(0.001).floor(-0.0015), -0.002);
        assert_eq!(grid(0.1).floor(1e300), 1e300);
        assert!(grid(0.1).floor(f64::NAN).is_nan());
    }

    #[test]
    fn a_step_that_is_none_is_refused() {
        for step in [0.0, -0.1, f64::NAN, f64::INFINITY, 1.0 / 3.0, 1e-11] {
            assert_eq!(Grid::new(step), None, "{step}");
        }
        assert_eq!(grid(0.0001).step(), 0.0001);
    }

    #[test]
    fn decimals_are_those_of_the_text() {
        for (value, want) in [(95_505.4, 1), (0.2891, 4), (147_885.0, 0), (0.00001234, 8), (1.0 / 3.0, 10)] {
            assert_eq!(decimals_of(value, 0), want, "{value}");
        }
        assert_eq!(decimals_of(1.5, 3), 3);
        assert_eq!((step_of(0), step_of(1), step_of(8)), (1.0, 0.1, 1e-8));
    }

    proptest! {
        #[test]
        fn a_rounded_value_is_the_parsed_text_of_a_multiple(
            decimals in 0u32..=8, units in 1u32..=50, value in 0.0f64..1e6
        ) {
            let grid = grid(format!("{}e-{decimals}", units).parse().unwrap());
            for rounded in [grid.floor(value), grid.ceil(value), grid.nearest(value)] {
                // The text with the step's decimals is the same number: nothing hides behind them.
                let text = format!("{rounded:.*}", decimals as usize);
                prop_assert_eq!(text.parse::<f64>().unwrap(), rounded);
                prop_assert!(grid.holds(rounded));
                prop_assert_eq!(grid.floor(rounded), rounded);
                prop_assert_eq!(grid.ceil(rounded), rounded);
            }
        }

        #[test]
        fn floor_is_below_ceil_is_above_and_both_within_a_step(
            decimals in 0u32..=8, units in 1u32..=50, value in 0.0f64..1e6
        ) {
            let grid = grid(format!("{}e-{decimals}", units).parse().unwrap());
            let (floor, ceil, slack) = (grid.floor(value), grid.ceil(value), value * 2e-12 + grid.step() * 1e-11);
            prop_assert!(floor <= value + slack && ceil >= value - slack);
            prop_assert!(value - floor < grid.step() + slack && ceil - value < grid.step() + slack);
            prop_assert!((grid.nearest(value) - value).abs() <= grid.step() / 2.0 + slack);
        }

        #[test]
        fn decimals_find_what_was_written(decimals in 0u32..=8, digits in 0u32..4_000_000) {
            let text = format!("{digits}e-{decimals}");
            let value: f64 = text.parse().unwrap();
            let found = decimals_of(value, 0);
            prop_assert!(found <= decimals);
            prop_assert_eq!(format!("{value:.*}", found as usize).parse::<f64>().unwrap(), value);
        }
    }
}
