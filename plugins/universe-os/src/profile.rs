//! How wide the selection is.

use crate::config::{Config, Scheme};
use bulkhead_sdk::prelude::{Directives, UniverseMode};
use bulkhead_sdk::reports::DataConfidence;

/// From narrow to wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Profile {
    /// L1; or CORE and the best of EXPANSION.
    Safe,
    /// L1 and L2; or CORE, EXPANSION and the best of CONDITIONAL.
    Aggressive,
    /// All that pass; or all but BLACKLIST.
    Experimental,
}

/// How much the statistics of all symbols together rest on.
pub fn data_confidence(config: &Config) -> DataConfidence {
    let sum = |count: fn(&crate::statistics::Statistics) -> u32| {
        config.statistics.values().map(|statistics| u64::from(count(statistics))).sum::<u64>()
    };
    let trades = sum(|statistics| statistics.results().trades);
    let signals = sum(|statistics| statistics.signals().count);
    let at_least = |t, s| trades >= t && signals >= s;
    if at_least(1_000, 10_000) {
        DataConfidence::VeryHigh
    } else if at_least(500, 5_000) {
        DataConfidence::High
    } else if at_least(100, 1_000) {
        DataConfidence::Medium
    } else {
        DataConfidence::Low
    }
}

/// The profile before any directive.
pub fn base(config: &Config, confidence: DataConfidence) -> Profile {
    config.profile.profile().unwrap_or(match (config.scheme, confidence) {
        (Scheme::Liquidity, _) => Profile::Aggressive,
        (Scheme::Performance, DataConfidence::High | DataConfidence::VeryHigh) => Profile::Safe,
        (Scheme::Performance, DataConfidence::Medium) => Profile::Aggressive,
        // The original waits for more data. To wait is to shut out only what is known to be bad.
        (Scheme::Performance, DataConfidence::Low) => Profile::Experimental,
    })
}

/// The profile with the directives of the call: they narrow, and widen where the configuration lets them.
pub fn directed(base: Profile, directives: Option<&Directives>, dynamic: bool) -> Profile {
    let asked = match directives.map(|directives| directives.universe_mode) {
        None | Some(UniverseMode::Normal) => base,
        Some(UniverseMode::Safe) => Profile::Safe,
        Some(UniverseMode::Aggressive) => Profile::Aggressive,
        Some(UniverseMode::Experimental) => Profile::Experimental,
    };
    if dynamic { asked } else { asked.min(base) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Choice;
    use crate::statistics::{Results, Signals, Statistics};
    use bulkhead_sdk::testing;

    fn config(trades: u32, signals: u32) -> Config {
        let statistics = Statistics {
            trades: Vec::new(),
            summary: Some(Results { trades, ..crate::tier::testkit::good() }),
            signals: Some(Signals { count: signals, ..crate::tier::testkit::signals() }),
        };
        let two = [("A".to_string(), statistics.clone()), ("B".to_string(), statistics)];
        Config { scheme: Scheme::Performance, statistics: two.into(), ..Config::default() }
    }

    #[test]
    fn data_of_all_symbols_counts_and_both_kinds_are_needed() {
        for (trades, signals, want) in [
            (500, 5_000, DataConfidence::VeryHigh),
            (500, 4_999, DataConfidence::High),
            (250, 2_500, DataConfidence::High),
            (249, 2_500, DataConfidence::Medium),
            (50, 500, DataConfidence::Medium),
            (49, 9_000, DataConfidence::Low),
        ] {
            assert_eq!(data_confidence(&config(trades, signals)), want, "{trades} {signals}");
        }
        assert_eq!(data_confidence(&Config::default()), DataConfidence::Low);
    }

    #[test]
    fn auto_takes_what_the_data_bear_and_a_name_takes_that() {
        let auto = config(1, 1);
        for (confidence, want) in [
            (DataConfidence::VeryHigh, Profile::Safe),
            (DataConfidence::High, Profile::Safe),
            (DataConfidence::Medium, Profile::Aggressive),
            (DataConfidence::Low, Profile::Experimental),
        ] {
            assert_eq!(base(&auto, confidence), want);
            assert_eq!(base(&Config::default(), confidence), Profile::Aggressive);
            let named = Config { profile: Choice::Safe, ..config(1, 1) };
            assert_eq!(base(&named, confidence), Profile::Safe);
        }
    }

    #[test]
    fn directives_narrow_always_and_widen_where_they_may() {
        use Profile::{Aggressive, Experimental, Safe};
        for base in [Safe, Aggressive, Experimental] {
            assert_eq!(directed(base, None, false), base);
            for (mode, asked) in [
                (UniverseMode::Safe, Safe),
                (UniverseMode::Normal, base),
                (UniverseMode::Aggressive, Aggressive),
                (UniverseMode::Experimental, Experimental),
            ] {
                let directives = Directives { universe_mode: mode, ..testing::directives() };
                assert_eq!(directed(base, Some(&directives), true), asked);
                assert_eq!(directed(base, Some(&directives), false), asked.min(base));
            }
        }
    }
}
