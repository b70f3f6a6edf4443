//! Random draws: normal, fat-tailed, and volatility that clusters.

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

/// A generator for one stream of a seed: streams of one seed have nothing in common.
pub(super) fn stream(seed: u64, stream: u64) -> SmallRng {
    SmallRng::seed_from_u64(seed ^ stream.wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// A standard normal draw (Marsaglia's polar method).
pub(super) fn normal(rng: &mut SmallRng) -> f64 {
    loop {
        let x = rng.random_range(-1.0..1.0f64);
        let y = rng.random_range(-1.0..1.0f64);
        let s = x * x + y * y;
        if s > 0.0 && s < 1.0 {
            return x * (-2.0 * s.ln() / s).sqrt();
        }
    }
}

/// Degrees of freedom of [`fat`].
const FREEDOM: u32 = 6;

/// A draw with fat tails: Student's t with 6 degrees of freedom, scaled to variance 1 and cut at 10. With clusters and
/// regimes on top, minute returns come out with a kurtosis around 7; four real symbols had 5 to 14 in May 2025.
pub(super) fn fat(rng: &mut SmallRng) -> f64 {
    let freedom = f64::from(FREEDOM);
    let chi2: f64 = (0..FREEDOM).map(|_| normal(rng).powi(2)).sum();
    let t = normal(rng) / (chi2 / freedom).max(1e-6).sqrt();
    (t * ((freedom - 2.0) / freedom).sqrt()).clamp(-10.0, 10.0)
}

/// A volatility multiplier around 1 that stays high or low for about an hour: an autoregressive logarithm.
#[derive(Debug)]
pub(super) struct Cluster {
    log: f64,
}

impl Cluster {
    const MEMORY: f64 = 0.985;
    const SHOCK: f64 = 0.07;

    pub(super) fn new() -> Self {
        Self { log: 0.0 }
    }

    /// The next minute's multiplier.
    pub(super) fn next(&mut self, rng: &mut SmallRng) -> f64 {
        self.log = Self::MEMORY * self.log + Self::SHOCK * normal(rng);
        self.log.exp()
    }
}
