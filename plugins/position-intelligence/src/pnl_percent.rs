//! The model by profit as a share of the entry price, and age: the one that the original's registry loaded.

use crate::judgement::Judgement;
use crate::view::View;
use bulkhead_sdk::prelude::{Class, PositionAction};

pub fn class(pnl: f64) -> Class {
    if pnl >= 0.03 {
        Class::Winner
    } else if pnl >= 0.01 {
        Class::PotentialWinner
    } else if pnl >= -0.02 && pnl.abs() < 0.005 {
        Class::Breakeven
    } else if pnl >= -0.05 {
        Class::Struggling
    } else {
        Class::Loser
    }
}

/// What is suggested for a class at this profit and age.
pub fn judge(class: Class, view: &View) -> Judgement {
    let View { age_min, pnl, .. } = *view;
    let (action, confidence) = match class {
        Class::Winner if age_min < 30.0 => (PositionAction::Hold, 0.90),
        Class::Winner if pnl > 0.10 => (PositionAction::Reduce, 0.80),
        Class::Winner => (PositionAction::ExtendHold, 0.85),
        Class::PotentialWinner => (PositionAction::Hold, 0.75),
        Class::Breakeven if age_min > 120.0 => (PositionAction::TightenSl, 0.70),
        Class::Breakeven => (PositionAction::Hold, 0.60),
        Class::Struggling if age_min < 15.0 => (PositionAction::Hold, 0.65),
        Class::Struggling if pnl < -0.03 => (PositionAction::TightenSl, 0.80),
        Class::Struggling => (PositionAction::Hold, 0.60),
        Class::Loser if pnl < -0.08 => (PositionAction::ExitImmediately, 0.90),
        Class::Loser => (PositionAction::Reduce, 0.85),
        _ => return Judgement::UNKNOWN,
    };
    Judgement::new(class, action, confidence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::testkit::{row, view};
    use bulkhead_sdk::prelude::PositionRow;

    /// Section 11 of the original's facts.
    const GOLDEN: [(f64, Class); 7] = [
        (0.03, Class::Winner),
        (0.029, Class::PotentialWinner),
        (0.01, Class::PotentialWinner),
        (0.009, Class::Struggling),
        (0.004, Class::Breakeven),
        (-0.05, Class::Struggling),
        (-0.051, Class::Loser),
    ];

    #[test]
    fn golden_vectors() {
        for (pnl, want) in GOLDEN {
            assert_eq!(class(pnl), want, "{pnl}");
        }
    }

    #[test]
    fn golden_vectors_through_prices_long_and_short() {
        for (pnl, want) in GOLDEN {
            for quantity in [1.0, -1.0] {
                // A hair better, so that rounding does not fall over the edge.
                let mark_price = 100.0 + (100.0 * pnl + 1e-9) * quantity;
                let position = PositionRow { quantity, mark_price, ..row(0.0, 0.0) };
                assert_eq!(class(View::of(&position, 0).unwrap().pnl), want, "{pnl} {quantity}");
            }
        }
    }

    #[test]
    fn what_is_suggested_at_each_edge() {
        use PositionAction::{ExitImmediately, ExtendHold, Hold, Reduce, TightenSl};
        for (pnl, age_min, action, confidence) in [
            (0.11, 29.9, Hold, 0.90),
            (0.11, 30.0, Reduce, 0.80),
            (0.10, 30.0, ExtendHold, 0.85),
            (0.02, 999.0, Hold, 0.75),
            (0.0, 120.0, Hold, 0.60),
            (0.0, 120.1, TightenSl, 0.70),
            (-0.04, 14.9, Hold, 0.65),
            (-0.04, 15.0, TightenSl, 0.80),
            (-0.03, 15.0, Hold, 0.60),
            (-0.06, 15.0, Reduce, 0.85),
            (-0.08, 15.0, Reduce, 0.85),
            (-0.081, 15.0, ExitImmediately, 0.90),
        ] {
            let view = View { pnl, ..view(0.0, 0.0, age_min, 0.5) };
            let judgement = judge(class(pnl), &view);
            assert_eq!((judgement.action, judgement.confidence), (action, confidence), "{pnl} {age_min}");
        }
    }

    #[test]
    fn a_better_result_never_has_a_worse_class_but_for_the_known_gap() {
        let order = [Class::Loser, Class::Struggling, Class::Breakeven, Class::PotentialWinner, Class::Winner];
        let mut last = 0;
        for step in -1_000..1_000 {
            let pnl = f64::from(step) / 10_000.0;
            let now = order.iter().position(|class_| *class_ == class(pnl)).unwrap();
            // The original calls a small gain struggling.
            let gap = (0.005..0.01).contains(&pnl);
            assert!(now >= last || gap, "{pnl}");
            last = if gap { last } else { now };
        }
    }
}
