//! The score of a position, 0 to 100, and what blocks it: the original's.

use crate::config::Config;
use crate::snapshot::Snapshot;
use crate::trend::Trend;
use bulkhead_sdk::prelude::Volatility;

/// Points that a blocked position loses.
const BLOCKED: f64 = 30.0;
/// Symbols behind this rank are not amplified in a volatile market.
const STABLE_RANK: u32 = 50;
/// From this score on a candidate has high priority.
pub const HIGH_PRIORITY: f64 = 70.0;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    pub score: f64,
    pub blocked: Option<&'static str>,
}

impl Scored {
    /// `None`: too little profit to be a candidate.
    pub fn of(snapshot: &Snapshot, config: &Config) -> Option<Self> {
        if snapshot.r < config.min_r {
            return None;
        }
        let blocked = blocked(snapshot, config);
        let malus = if blocked.is_some() { BLOCKED } else { 0.0 };
        Some(Self { score: (points(snapshot) - malus).max(0.0), blocked })
    }
}

fn points(snapshot: &Snapshot) -> f64 {
    let volatility = match snapshot.volatility {
        Volatility::Low => 1.0,
        Volatility::Normal => 0.8,
        Volatility::High => 0.4,
        Volatility::Extreme => 0.0,
    };
    let points = 30.0 * (snapshot.r / 5.0).min(1.0)
        + 25.0 * snapshot.trend.worth()
        + 20.0 * (1.0 - snapshot.drawdown / 0.5).max(0.0)
        + 15.0 * (1.0 - f64::from(snapshot.rank) / 100.0).max(0.0)
        + 10.0 * volatility;
    points.clamp(0.0, 100.0)
}

fn blocked(snapshot: &Snapshot, config: &Config) -> Option<&'static str> {
    let unstable = match snapshot.volatility {
        Volatility::Low | Volatility::Normal => false,
        Volatility::High => snapshot.rank > STABLE_RANK,
        Volatility::Extreme => true,
    };
    if snapshot.gave_back_over(config.max_dd_for_amplify) {
        Some("high_drawdown")
    } else if snapshot.trend <= Trend::Weak {
        Some("weak_trend")
    } else if unstable {
        Some("unstable_symbol")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::testkit::base;

    fn scored(snapshot: Snapshot) -> Option<Scored> {
        Scored::of(&snapshot, &Config { max_dd_for_amplify: 20.0, ..Config::default() })
    }

    #[test]
    fn a_wild_market_blocks_whatever_the_rank() {
        let wild = scored(Snapshot { volatility: Volatility::Extreme, ..base() }).unwrap();
        assert_eq!(wild.blocked, Some("unstable_symbol"));
        let high = |rank| scored(Snapshot { volatility: Volatility::High, rank, ..base() }).unwrap().blocked;
        assert_eq!((high(50), high(51)), (None, Some("unstable_symbol")));
    }

    #[test]
    fn the_documented_drawdown_is_five_percent() {
        let at = |drawdown| Scored::of(&Snapshot { drawdown, ..base() }, &Config::default()).unwrap().blocked;
        assert_eq!((at(0.05), at(0.0501)), (None, Some("high_drawdown")));
    }

    #[test]
    fn scores_stay_between_0_and_100_and_move_the_right_way() {
        let mut last = 0.0;
        for step in 100..900 {
            let now = scored(Snapshot { r: f64::from(step) / 100.0, ..base() }).unwrap().score;
            assert!((0.0..=100.0).contains(&now) && now >= last);
            last = now;
        }
        let mut last = 100.0;
        for step in 0..400 {
            let now = scored(Snapshot { drawdown: f64::from(step) / 200.0, ..base() }).unwrap().score;
            assert!((0.0..=100.0).contains(&now) && now <= last);
            last = now;
        }
        let mut last = 100.0;
        for rank in 1..300 {
            let now = scored(Snapshot { rank, ..base() }).unwrap().score;
            assert!(now <= last);
            last = now;
        }
        for extreme in [1e300, f64::MAX] {
            let far = Snapshot { r: extreme, peak_r: extreme, drawdown: extreme, ..base() };
            assert!((0.0..=100.0).contains(&scored(far).unwrap().score));
        }
    }
}
