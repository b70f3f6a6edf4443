//! How far the levels of a new candidate may go, and the reward that a risk must have.

use crate::config::Config;
use crate::contract::{MAX_STOP, MAX_TARGET};
use crate::levels::Levels;
use bulkhead_sdk::prelude::*;

/// Farthest distances.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Room {
    stop: f64,
    target: f64,
}

impl Room {
    /// Without `override` nothing goes farther than the base's.
    pub fn of(base: &ExitPlan, config: &Config) -> Self {
        if config.replace {
            // Computed as the host computes it, so that both find the same widest stop.
            Self { stop: (base.stop_loss * config.stop_cap).min(MAX_STOP), target: MAX_TARGET }
        } else {
            Self { stop: base.stop_loss, target: base.take_profit }
        }
    }

    /// The original's order: a target that is too near for the stop goes farther, then a stop that is too near for the
    /// target does. What has no room to go farther makes the other one come nearer instead. The room counts first: a
    /// target must not be pushed out for the sake of a stop that nobody gets.
    pub fn fit(self, wanted: Levels, config: &Config) -> Levels {
        let (low, high) = (config.min_risk_reward, config.max_risk_reward);
        let Levels { mut stop, mut target } = wanted.nearer(Levels { stop: self.stop, target: self.target });
        if target < low * stop {
            target = (low * stop).min(self.target);
            stop = stop.min(target / low);
        } else if target > high * stop {
            stop = (target / high).min(self.stop);
            target = target.min(high * stop);
        }
        Levels { stop, target }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(room: (f64, f64), wanted: (f64, f64)) -> (f64, f64) {
        let room = Room { stop: room.0, target: room.1 };
        let levels = room.fit(Levels { stop: wanted.0, target: wanted.1 }, &Config::default());
        ((levels.stop * 1e9).round() / 1e9, (levels.target * 1e9).round() / 1e9)
    }

    #[test]
    fn with_room_the_level_that_is_too_near_goes_farther() {
        assert_eq!(fit((0.5, 5.0), (0.02, 0.06)), (0.02, 0.06));
        assert_eq!(fit((0.5, 5.0), (0.04, 0.05)), (0.04, 0.06));
        assert_eq!(fit((0.5, 5.0), (0.01, 0.06)), (0.015, 0.06));
    }

    #[test]
    fn without_room_the_other_one_comes_nearer() {
        for (room, wanted, want) in [
            ((0.02, 5.0), (0.04, 0.05), (0.02, 0.05)),
            ((0.02, 0.02), (0.04, 0.05), (0.013_333_333, 0.02)),
            ((0.5, 0.055), (0.04, 0.05), (0.036_666_667, 0.055)),
            ((0.01, 5.0), (0.02, 0.06), (0.01, 0.04)),
            ((0.012, 5.0), (0.01, 0.06), (0.012, 0.048)),
            ((0.01, 0.03), (0.02, 0.06), (0.01, 0.03)),
        ] {
            assert_eq!(fit(room, wanted), want);
        }
    }

    #[test]
    fn the_widest_stop_is_the_hosts() {
        let base = ExitPlan { stop_loss: 0.3, take_profit: 0.4, trail: None, partial: None, max_hold_ms: None };
        let own = |replace, stop_cap| Room::of(&base, &Config { replace, stop_cap, ..Config::default() });
        assert_eq!(own(false, 1.0), Room { stop: 0.3, target: 0.4 });
        assert_eq!(own(true, 1.0), Room { stop: 0.3, target: 5.0 });
        assert_eq!(own(true, 1.1), Room { stop: 0.3 * 1.1, target: 5.0 });
        assert_eq!(own(true, 3.0), Room { stop: 0.5, target: 5.0 });
    }
}
