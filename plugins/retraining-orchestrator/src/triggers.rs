//! Why a model is to be trained again.

use crate::config::Config;
use bulkhead_sdk::models::{ModelHealth, Priority, Trend, Trigger};
use bulkhead_sdk::prelude::*;

/// The strongest reason, and how soon. Of two of the same urgency the one asked first: what a model does comes before
/// what the market does, and that before the calendar.
pub fn strongest(
    model: &ModelHistory,
    now_ms: u64,
    current: Option<Regime>,
    manual: bool,
    config: &Config,
) -> Option<(Trigger, Priority)> {
    let reasons = [
        performance(model, config).map(|priority| (Trigger::Performance, priority)),
        // A person asked: not before a model that loses money, but before the rest.
        manual.then_some((Trigger::Manual, Priority::High)),
        (model.score.trend == Trend::Degrading).then_some((Trigger::Drift, Priority::Medium)),
        is_out_of_its_regime(model, current).then_some((Trigger::RegimeChange, Priority::Medium)),
        is_old(model, now_ms, config).then_some((Trigger::Time, Priority::Low)),
    ];
    // The contract lists the most urgent first, and the least of equals is the first one.
    reasons.into_iter().flatten().min_by_key(|(_, priority)| *priority)
}

/// A model with too few trades does neither well nor badly.
fn performance(model: &ModelHistory, config: &Config) -> Option<Priority> {
    match model.score.health {
        ModelHealth::Critical => Some(Priority::Urgent),
        ModelHealth::Degraded => Some(Priority::High),
        ModelHealth::Healthy => model.score.win_rate.filter(|rate| *rate < config.min_win_rate).map(|_| Priority::High),
        ModelHealth::InsufficientData => None,
    }
}

/// Only where both are known.
fn is_out_of_its_regime(model: &ModelHistory, current: Option<Regime>) -> bool {
    model.trained_in.zip(current).is_some_and(|(then, now)| then != now)
}

/// A model that was never deployed has no age: it is not one of the models that are trained by the calendar.
fn is_old(model: &ModelHistory, now_ms: u64, config: &Config) -> bool {
    model.deployed_ms.is_some_and(|deployed_ms| now_ms.saturating_sub(deployed_ms) >= config.old_ms())
}

/// Days of data that the reason calls for.
pub fn window_days(trigger: Trigger, config: &Config) -> u32 {
    match trigger {
        Trigger::Performance => config.performance_window_days,
        Trigger::RegimeChange => config.regime_window_days,
        Trigger::Drift | Trigger::Time | Trigger::Manual => config.window_days,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testkit::{NOW, days_ago, model};
    use Priority::{High, Low, Medium, Urgent};

    fn ask(
        change: impl FnOnce(&mut ModelHistory),
        current: Option<Regime>,
        manual: bool,
    ) -> Option<(Trigger, Priority)> {
        let mut model = model("xgboost");
        change(&mut model);
        strongest(&model, NOW, current, manual, &Config::default())
    }

    #[test]
    fn the_table_of_the_original() {
        let alone = |change: fn(&mut ModelHistory)| ask(change, None, false);
        assert_eq!(alone(|_| ()), None);
        assert_eq!(alone(|m| m.score.health = ModelHealth::Critical), Some((Trigger::Performance, Urgent)));
        assert_eq!(alone(|m| m.score.health = ModelHealth::Degraded), Some((Trigger::Performance, High)));
        assert_eq!(alone(|m| m.score.trend = Trend::Degrading), Some((Trigger::Drift, Medium)));
        assert_eq!(alone(|m| m.deployed_ms = Some(days_ago(7))), Some((Trigger::Time, Low)));
        assert_eq!(alone(|m| m.deployed_ms = Some(days_ago(7) + 1)), None);
        // The documented floor, under which nothing looked.
        assert_eq!(alone(|m| m.score.win_rate = Some(0.39)), Some((Trigger::Performance, High)));
        assert_eq!(alone(|m| m.score.win_rate = Some(0.40)), None);
        assert_eq!(ask(|_| (), Some(Regime::Ranging), false), Some((Trigger::RegimeChange, Medium)));
        assert_eq!(ask(|_| (), Some(Regime::Trending), false), None);
        assert_eq!(ask(|_| (), None, true), Some((Trigger::Manual, High)));
    }

    #[test]
    fn the_strongest_reason_wins() {
        let all = |m: &mut ModelHistory| {
            m.score.trend = Trend::Degrading;
            m.deployed_ms = Some(0);
        };
        let regime = Some(Regime::Ranging);
        assert_eq!(ask(all, regime, false), Some((Trigger::Drift, Medium)));
        assert_eq!(ask(all, regime, true), Some((Trigger::Manual, High)));
        for (health, want) in [(ModelHealth::Degraded, High), (ModelHealth::Critical, Urgent)] {
            let sick = |m: &mut ModelHistory| {
                all(m);
                m.score.health = health;
            };
            assert_eq!(ask(sick, regime, true), Some((Trigger::Performance, want)));
        }
        assert_eq!(ask(|m| m.deployed_ms = Some(0), regime, false), Some((Trigger::RegimeChange, Medium)));
    }

    #[test]
    fn what_is_not_known_is_no_reason() {
        let unknown = |m: &mut ModelHistory| {
            m.score.health = ModelHealth::InsufficientData;
            m.score.trend = Trend::Unknown;
            m.score.win_rate = Some(0.0);
            m.deployed_ms = None;
            m.trained_in = None;
        };
        assert_eq!(ask(unknown, Some(Regime::Ranging), false), None);
        assert_eq!(ask(|m| m.deployed_ms = Some(NOW + 1), None, false), None);
        assert_eq!(ask(|m| m.score.win_rate = None, None, false), None);
    }

    #[test]
    fn windows_of_data() {
        let days = |trigger| window_days(trigger, &Config::default());
        assert_eq!((days(Trigger::Performance), days(Trigger::RegimeChange)), (60, 30));
        assert!([Trigger::Drift, Trigger::Time, Trigger::Manual].into_iter().all(|trigger| days(trigger) == 90));
    }
}
