//! Running mean and spread of one symbol's close: a few numbers instead of a window of bars.

use crate::config::Config;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bands {
    seen: u32,
    mean: f64,
    variance: f64,
    slow: f64,
}

/// A close, seen against the bands as they stood before it: a jump must not widen the bands that judge it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Distance of the close from the mean, in SD.
    pub z: f64,
    /// One SD as a fraction of the close.
    pub sd: f64,
    /// Distance of the mean from the slow mean, in SD. Positive when the mean has risen.
    pub trend: f64,
}

impl Bands {
    /// None while the bands are not yet worth reading.
    pub fn add(&mut self, close: f64, config: &Config) -> Option<Reading> {
        if self.seen == 0 {
            *self = Self { seen: 1, mean: close, variance: 0.0, slow: close };
            return None;
        }
        let sd = self.variance.sqrt();
        let ready = self.seen >= config.mean_minutes && sd > 0.0;
        let reading =
            ready.then(|| Reading { z: (close - self.mean) / sd, sd: sd / close, trend: (self.mean - self.slow) / sd });
        self.seen = self.seen.saturating_add(1);
        let weight = |minutes: u32| 1.0 / f64::from(minutes.min(self.seen));
        let (fast, slow) = (weight(config.mean_minutes), weight(config.trend_minutes));
        let distance = close - self.mean;
        self.mean += fast * distance;
        self.variance = (1.0 - fast) * (self.variance + fast * distance * distance);
        self.slow += slow * (close - self.slow);
        reading
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(at: u32) -> f64 {
        if at % 2 == 0 { 101.0 } else { 99.0 }
    }

    #[test]
    fn silent_until_warm_then_measures_the_wave() {
        let config = Config::default();
        let mut bands = Bands::default();
        for at in 0..config.mean_minutes {
            assert_eq!(bands.add(wave(at), &config), None);
        }
        let reading = bands.add(105.0, &config).unwrap();
        assert!((reading.z - 5.0).abs() < 0.1, "{reading:?}");
        assert!((reading.sd - 1.0 / 105.0).abs() < 1e-3, "{reading:?}");
        assert!(reading.trend.abs() < 0.1, "{reading:?}");
    }

    #[test]
    fn a_price_that_never_moved_gives_no_reading() {
        let config = Config::default();
        let mut bands = Bands::default();
        assert!((0..1_000).all(|_| bands.add(100.0, &config).is_none()));
    }

    #[test]
    fn a_drift_shows_as_trend_with_its_sign() {
        let config = Config::default();
        for sign in [1.0, -1.0] {
            let mut bands = Bands::default();
            let readings = (0..3_000).filter_map(|at| bands.add(1_000.0 + sign * 0.1 * f64::from(at), &config));
            let last = readings.last().unwrap();
            assert!(last.trend * sign > 1.0, "{last:?}");
        }
    }
}
