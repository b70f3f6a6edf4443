//! One symbol's candles from the common factor and its own noise.

use rand::rngs::SmallRng;

use super::coin::Coin;
use super::factor::{self, Minute};
use super::noise::{Cluster, fat, normal, stream};
use super::{STEP_MS, SimOptions};
use crate::market::grid::Grid;
use crate::market::series::{Candle, Series};

/// Steps of the path inside a minute.
const PATH: u32 = 8;
/// No price falls under this many ticks: below, a tick would be a move of percents.
const MIN_TICKS: f64 = 100.0;

/// The candles of a coin; `number` (from 1) picks its own stream of the seed.
pub(super) fn series(coin: &Coin, path: &[Minute], options: &SimOptions, number: u64) -> Series {
    let mut rng = stream(options.seed, number);
    let mut cluster = Cluster::new();
    let mut out = Series::with_capacity(&coin.name, path.len());
    let (Some(ticks), Some(steps)) = (Grid::new(coin.tick), Grid::new(coin.step)) else { return out };
    let least = coin.tick * MIN_TICKS;
    let first = coin.price.ln();
    let mut own = 0.0;
    let mut last = ticks.nearest(coin.price);
    let mut ts_ms = options.start_ms;
    for minute in path {
        let heat = cluster.next(&mut rng);
        let sigma = coin.sigma * heat;
        let drawn = fat(&mut rng);
        own += sigma * drawn;
        let open = last;
        let close = ticks.nearest((first + coin.beta * minute.log + own).exp()).max(least);
        // Within the minute it moves about as much as from minute to minute.
        let total = coin.beta * factor::SIGMA * minute.heat + sigma;
        let (top, bottom) = extremes(&mut rng, open, close, total);
        let high = ticks.nearest(top).max(open).max(close);
        let low = ticks.nearest(bottom).min(open).min(close).max(coin.tick);
        let volume = volume(&mut rng, coin, (minute.heat + heat) / 2.0, (close / open).ln().abs() / total, close);
        out.push(Candle { ts_ms, open, high, low, close, volume: steps.floor(volume).max(coin.step) });
        last = close;
        ts_ms += STEP_MS;
    }
    out
}

/// Highest and lowest point of a random path from open to close (a Brownian bridge).
fn extremes(rng: &mut SmallRng, open: f64, close: f64, sigma: f64) -> (f64, f64) {
    let parts = f64::from(PATH);
    let mut walk = 0.0;
    let mut points = [0.0; PATH as usize];
    for point in &mut points {
        walk += normal(rng) * sigma / parts.sqrt();
        *point = walk;
    }
    let (mut top, mut bottom) = (open.max(close), open.min(close));
    for (n, point) in (1..).zip(points) {
        let part = f64::from(n) / parts;
        let at = (open + (close - open) * part) * (point - walk * part).exp();
        top = top.max(at);
        bottom = bottom.min(at);
    }
    (top, bottom)
}

/// Traded volume: more when it is loud, more on a large move, and never twice the same.
fn volume(rng: &mut SmallRng, coin: &Coin, heat: f64, move_in_sigmas: f64, price: f64) -> f64 {
    let usd = coin.minute_usd * heat * (0.5 + 0.6 * move_in_sigmas.min(8.0)) * (0.5 * normal(rng)).exp();
    usd / price
}
