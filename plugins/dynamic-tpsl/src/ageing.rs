//! What time does to an open position. Levels only come nearer; how much reward a risk has was settled at entry.

use crate::config::Config;
use crate::levels::Levels;
use bulkhead_sdk::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ageing {
    /// It has gained, and does not give more than a share of that back.
    Winner,
    /// It has neither gained nor lost, and gets less room.
    Undecided,
}

impl Ageing {
    /// A profit that is no number is neither.
    pub fn of(age: PositionAge, config: &Config) -> Option<Self> {
        if age.profit > config.winner_profit && age.age_ms > config.winner_age_ms() {
            Some(Self::Winner)
        } else if age.profit.abs() < config.undecided_profit && age.age_ms > config.undecided_age_ms() {
            Some(Self::Undecided)
        } else {
            None
        }
    }
}

/// Repeated with the plan in force this keeps the nearest stop there was, and none is nearer than for the least profit
/// of a winner.
pub fn guard(levels: Levels, profit: f64, config: &Config) -> Levels {
    Levels { stop: levels.stop.min(config.winner_stop_share * profit), ..levels }
}

/// To be done once. Nothing comes nearer than the move that counts as none: that would not be ageing, but closing.
pub fn draw_in(levels: Levels, config: &Config) -> Levels {
    let draw = |level: f64| (level * config.undecided_factor).max(config.undecided_profit).min(level);
    Levels { stop: draw(levels.stop), target: draw(levels.target) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE_MS: u64 = 60_000;

    #[test]
    fn both_edges_of_each_rule_are_outside() {
        for (age_ms, profit, want) in [
            (30 * MINUTE_MS, 0.05, None),
            (30 * MINUTE_MS + 1, 0.02, None),
            (30 * MINUTE_MS + 1, 0.021, Some(Ageing::Winner)),
            (u64::MAX, f64::INFINITY, Some(Ageing::Winner)),
            (60 * MINUTE_MS, 0.0, None),
            (60 * MINUTE_MS + 1, 0.0, Some(Ageing::Undecided)),
            (60 * MINUTE_MS + 1, 0.004_9, Some(Ageing::Undecided)),
            (60 * MINUTE_MS + 1, -0.004_9, Some(Ageing::Undecided)),
            (60 * MINUTE_MS + 1, 0.005, None),
            (60 * MINUTE_MS + 1, -0.005, None),
            (u64::MAX, 0.01, None),
            (u64::MAX, -0.3, None),
            (u64::MAX, f64::NAN, None),
            (0, 0.0, None),
        ] {
            assert_eq!(Ageing::of(PositionAge { age_ms, profit }, &Config::default()), want, "{age_ms} {profit}");
        }
    }

    #[test]
    fn nothing_is_drawn_in_to_less_than_the_move_that_counts_as_none() {
        for (stop, target, want) in
            [(0.025, 0.06, (0.02, 0.048)), (0.006, 0.0075, (0.005, 0.006)), (0.003, 0.004, (0.003, 0.004))]
        {
            let drawn_in = draw_in(Levels { stop, target }, &Config::default());
            let round = |level: f64| (level * 1e9).round() / 1e9;
            assert_eq!((round(drawn_in.stop), round(drawn_in.target)), want);
        }
    }
}
