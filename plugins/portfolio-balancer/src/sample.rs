//! Returns for tests, the same on every run.

use bulkhead_sdk::prelude::*;

/// Pseudo-random numbers (SplitMix64).
pub struct Noise(u64);

impl Noise {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// -1 to 1.
    pub fn next(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }

    /// Under `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.bits() % end as u64) as usize
    }

    pub fn series(&mut self, count: usize, scale: f64) -> Vec<f64> {
        (0..count).map(|_| self.next() * scale).collect()
    }

    pub fn shuffled<T>(&mut self, mut items: Vec<T>) -> Vec<T> {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
        items
    }
}

/// Windows of one length.
pub fn returns(rows: &[(SymbolId, Vec<f64>)]) -> Returns {
    Returns {
        step_ms: 900_000,
        count: rows.first().map_or(0, |row| row.1.len() as u32),
        symbols: rows.iter().map(|row| row.0).collect(),
        values: rows.iter().flat_map(|row| row.1.clone()).collect(),
    }
}

/// A window for each symbol, all with this correlation to the first one: to the digit, not by chance.
pub fn correlated(rhos: &[f64]) -> Returns {
    let mut noise = Noise::new(7);
    let unit = |mut values: Vec<f64>, less: &[f64]| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.iter_mut().for_each(|value| *value -= mean);
        let along: f64 = values.iter().zip(less).map(|(a, b)| a * b).sum();
        values.iter_mut().zip(less).for_each(|(value, less)| *value -= along * less);
        let length = values.iter().map(|value| value * value).sum::<f64>().sqrt();
        values.into_iter().map(|value| value / length).collect::<Vec<f64>>()
    };
    let base = unit(noise.series(96, 1.0), &[0.0; 96]);
    let mut rows = vec![(0, base.clone())];
    for (symbol, rho) in (1..).zip(rhos) {
        let own = unit(noise.series(96, 1.0), &base);
        let mixed = base.iter().zip(own).map(|(base, own)| 0.01 * (rho * base + (1.0 - rho * rho).sqrt() * own));
        rows.push((symbol, mixed.collect()));
    }
    returns(&rows)
}
