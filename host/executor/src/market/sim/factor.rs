//! The common factor: regimes, clustered volatility, and the crash.

use rand::Rng;
use rand::rngs::SmallRng;
use rand::seq::SliceRandom;

use super::noise::{Cluster, fat, stream};

/// Standard deviation of the factor's minute return in quiet times: 1.7 % a day.
pub(super) const SIGMA: f64 = 4.5e-4;
/// What trends gain or lose per minute: about 2 % in a trend of five hours.
const DRIFT: f64 = 0.7e-4;
/// How strongly a range pulls back to where it began, per minute.
const PULL: f64 = 0.03;
/// How much louder a storm is.
const STORM: f64 = 2.2;
/// Shortest and longest regime, minutes.
const REGIME_MINUTES: (u32, u32) = (90, 360);
/// Logarithmic depth of the crash (11.3 %), and the part of it that is won back.
const CRASH: f64 = 0.12;
const RECOVERED: f64 = 0.65;
/// How much louder than quiet times the worst minute of the crash is, besides the fall itself.
const PANIC: f64 = 1.5;

/// The mood of the market.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Regime {
    Up,
    Down,
    Range,
    Storm,
}

/// One minute of the factor.
#[derive(Debug, Clone, Copy)]
pub(super) struct Minute {
    /// Logarithm of the factor at the end of the minute; 0 at the start.
    pub(super) log: f64,
    /// Volatility as a multiple of quiet times.
    pub(super) heat: f64,
    /// The regime it belongs to.
    #[cfg_attr(not(test), allow(dead_code, reason = "tests ask which regimes occur"))]
    pub(super) regime: Regime,
}

/// The factor over `minutes` minutes.
pub(super) fn path(seed: u64, minutes: usize) -> Vec<Minute> {
    let mut rng = stream(seed, 0);
    let mut cluster = Cluster::new();
    let mut moods = Moods::default();
    let crash = Crash::of(minutes);
    let mut walk = 0.0;
    let mut out = Vec::with_capacity(minutes);
    for minute in 0..minutes {
        let (regime, anchor) = moods.next(&mut rng, walk);
        let (drift, loud) = match regime {
            Regime::Up => (DRIFT, 1.0),
            Regime::Down => (-DRIFT, 1.0),
            Regime::Range => ((anchor - walk) * PULL, 0.8),
            Regime::Storm => (0.0, STORM),
        };
        let (fallen, panic) = crash.at(minute);
        // A crash is a mood of its own: a storm or a trend on top could hide it, and its recovery.
        let (drift, loud) = if panic > 1.0 { (0.0, 1.0) } else { (drift, loud) };
        let heat = cluster.next(&mut rng) * loud * panic;
        walk += drift + SIGMA * heat * fat(&mut rng);
        out.push(Minute { log: walk - fallen, heat, regime });
    }
    out
}

/// Draws regimes from a bag that holds each of the four once, so that every long enough market has all of them.
#[derive(Debug, Default)]
struct Moods {
    bag: Vec<Regime>,
    now: Option<(Regime, f64)>,
    left: u32,
}

impl Moods {
    fn next(&mut self, rng: &mut SmallRng, walk: f64) -> (Regime, f64) {
        let (regime, anchor) = match self.now {
            Some(now) if self.left > 0 => now,
            before => {
                if self.bag.is_empty() {
                    self.bag = vec![Regime::Up, Regime::Down, Regime::Range, Regime::Storm];
                    self.bag.shuffle(rng);
                    // The last one out of the old bag must not be the first one out of the new.
                    if self.bag.last() == before.map(|(regime, _)| regime).as_ref() {
                        self.bag.reverse();
                    }
                }
                self.left = rng.random_range(REGIME_MINUTES.0..=REGIME_MINUTES.1);
                (self.bag.pop().unwrap_or(Regime::Range), walk)
            }
        };
        self.left -= 1;
        self.now = Some((regime, anchor));
        (regime, anchor)
    }
}

/// The one crash, in the middle.
#[derive(Debug, Clone, Copy)]
struct Crash {
    begin: usize,
    fall: usize,
    recovery: usize,
}

impl Crash {
    /// Twenty minutes of fall and four hours of recovery, less in a market of under three days.
    fn of(minutes: usize) -> Self {
        Self { begin: minutes / 2, fall: (minutes / 200).clamp(1, 20), recovery: (minutes / 12).clamp(1, 240) }
    }

    /// How far the factor is down by the end of a minute, and how many times louder it is.
    fn at(self, minute: usize) -> (f64, f64) {
        let Some(since) = minute.checked_sub(self.begin) else { return (0.0, 1.0) };
        let since = since as f64 + 1.0;
        let (fall, recovery) = (self.fall as f64, self.recovery as f64);
        if since <= fall {
            // Slow, then fast: liquidations feed on each other.
            let part = since / fall;
            return (CRASH * part * part, 1.0 + PANIC * part);
        }
        // Three time constants within the recovery: 95 % of it.
        let calm = (-3.0 * (since - fall) / recovery).exp();
        if calm < 0.05 {
            return (CRASH * (1.0 - RECOVERED), 1.0);
        }
        (CRASH * (1.0 - RECOVERED * (1.0 - calm)), 1.0 + PANIC * calm)
    }
}
