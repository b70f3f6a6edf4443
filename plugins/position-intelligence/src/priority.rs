//! How soon somebody should look: the original's priorities, 2 to 10, as the contract's urgency.

use crate::judgement::Judgement;
use bulkhead_sdk::prelude::{Class, PositionAction, Urgency, Volatility};

const HOUR_MIN: f64 = 60.0;

pub fn priority(judgement: &Judgement, volatility: Volatility, age_min: f64) -> u8 {
    of_class(judgement).max(of_volatility(volatility)).max(of_age(age_min))
}

fn of_class(judgement: &Judgement) -> u8 {
    match (judgement.class, judgement.action) {
        (Class::Toxic, _) => 10,
        (Class::ReversalRisk, _) => 8,
        (Class::Stalling, _) => 6,
        (Class::StrongTrend, _) => 4,
        // The model in percent had no priorities: its steps get those of the same steps in the other model.
        (_, PositionAction::ExitImmediately) => 8,
        (Class::Loser, _) | (_, PositionAction::TightenSl) => 6,
        _ => 2,
    }
}

/// CALM up to 1.2 times the usual, STRESSED up to 2, CRITICAL over it: the host's words for the same.
fn of_volatility(volatility: Volatility) -> u8 {
    match volatility {
        Volatility::Low | Volatility::Normal => 0,
        Volatility::High => 5,
        Volatility::Extreme => 9,
    }
}

fn of_age(age_min: f64) -> u8 {
    if age_min > 24.0 * HOUR_MIN {
        7
    } else if age_min > 12.0 * HOUR_MIN {
        4
    } else {
        0
    }
}

/// The edges are those at which every class of the original has the urgency of its table.
pub fn urgency(priority: u8) -> Urgency {
    match priority {
        10.. => Urgency::Critical,
        8..10 => Urgency::Urgent,
        6..8 => Urgency::Elevated,
        _ => Urgency::Normal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::{r_multiple, view::testkit::view};

    fn judgement(class: Class, action: PositionAction) -> Judgement {
        Judgement::new(class, action, 0.5)
    }

    #[test]
    fn each_class_has_the_urgency_of_the_originals_table() {
        for (r, peak, minutes, momentum, want) in [
            (1.5, 1.5, 60.0, 0.9, Urgency::Normal),
            (0.5, 0.5, 60.0, 0.5, Urgency::Normal),
            (0.0, 0.0, 90.0, 0.2, Urgency::Elevated),
            (0.2, 0.8, 60.0, 0.2, Urgency::Urgent),
            (-0.6, 0.1, 31.0, 0.0, Urgency::Critical),
        ] {
            let view = view(r, peak, minutes, momentum);
            let judgement = r_multiple::judge(&view, &Config::default(), false);
            assert_eq!(urgency(priority(&judgement, Volatility::Normal, minutes)), want, "{judgement:?}");
        }
    }

    #[test]
    fn the_highest_of_three_counts() {
        let calm = judgement(Class::SlowGrinder, PositionAction::Hold);
        let day = 24.0 * HOUR_MIN;
        for (volatility, age, want) in [
            (Volatility::Low, 0.0, 2),
            (Volatility::High, 0.0, 5),
            (Volatility::Extreme, 0.0, 9),
            (Volatility::Normal, day / 2.0, 2),
            (Volatility::Normal, day / 2.0 + 1.0, 4),
            (Volatility::High, day, 5),
            (Volatility::High, day + 1.0, 7),
            (Volatility::Extreme, day + 1.0, 9),
        ] {
            assert_eq!(priority(&calm, volatility, age), want, "{volatility:?} {age}");
        }
        assert_eq!(priority(&Judgement::TOXIC, Volatility::Extreme, 9e9), 10);
    }

    #[test]
    fn steps_of_the_model_in_percent_are_as_urgent_as_in_the_other() {
        for (class, action, want) in [
            (Class::Loser, PositionAction::ExitImmediately, Urgency::Urgent),
            (Class::Loser, PositionAction::Reduce, Urgency::Elevated),
            (Class::Struggling, PositionAction::TightenSl, Urgency::Elevated),
            (Class::Struggling, PositionAction::Hold, Urgency::Normal),
            (Class::Winner, PositionAction::Reduce, Urgency::Normal),
        ] {
            assert_eq!(urgency(priority(&judgement(class, action), Volatility::Normal, 0.0)), want);
        }
    }
}
