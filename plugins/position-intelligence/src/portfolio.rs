//! All positions together: what the coordinator is told, and the original's grade.

use crate::judgement::{is_loser, is_winner};
use bulkhead_sdk::prelude::{Class, Classification};
use bulkhead_sdk::reports::PositionReport;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    Excellent,
    Good,
    Fair,
    Poor,
    Empty,
}

impl Grade {
    pub fn name(self) -> &'static str {
        match self {
            Self::Excellent => "EXCELLENT",
            Self::Good => "GOOD",
            Self::Fair => "FAIR",
            Self::Poor => "POOR",
            Self::Empty => "EMPTY",
        }
    }

    pub fn of(rows: &[Classification]) -> Self {
        let count = |wanted: fn(Class) -> bool| rows.iter().filter(|row| wanted(row.class)).count() as f64;
        match health(count(is_winner), count(is_loser), rows.len() as f64) {
            None => Self::Empty,
            Some(health) if health >= 0.7 => Self::Excellent,
            Some(health) if health >= 0.5 => Self::Good,
            Some(health) if health >= 0.3 => Self::Fair,
            Some(_) => Self::Poor,
        }
    }
}

/// 0 when all lose, 1 when all win; `None` without positions.
fn health(winners: f64, losers: f64, all: f64) -> Option<f64> {
    (all > 0.0).then(|| (((winners - losers) / all + 1.0) / 2.0).clamp(0.0, 1.0))
}

pub fn report(rows: &[Classification]) -> PositionReport {
    let count = |wanted: fn(Class) -> bool| {
        u32::try_from(rows.iter().filter(|row| wanted(row.class)).count()).unwrap_or(u32::MAX)
    };
    PositionReport { open: count(|_| true), toxic: count(|class| class == Class::Toxic), winners: count(is_winner) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bulkhead_sdk::prelude::{PositionAction, Urgency};

    fn rows(classes: &[Class]) -> Vec<Classification> {
        let row = |class: &Class| Classification {
            symbol: 0,
            class: *class,
            action: PositionAction::Hold,
            confidence: 0.5,
            urgency: Urgency::Normal,
        };
        classes.iter().map(row).collect()
    }

    #[test]
    fn winners_less_losers_make_the_grade() {
        use Class::{Breakeven as B, Loser as L, StrongTrend as S, Toxic as T, Winner as W};
        for (classes, want) in [
            (&[][..], Grade::Empty),
            (&[W, S], Grade::Excellent),
            (&[W, W, B, B, B], Grade::Excellent),
            (&[W, B, B], Grade::Good),
            (&[B], Grade::Good),
            (&[W, L, T], Grade::Fair),
            (&[L, B], Grade::Poor),
            (&[L, T], Grade::Poor),
        ] {
            assert_eq!(Grade::of(&rows(classes)), want, "{classes:?}");
        }
    }

    #[test]
    fn the_report_counts() {
        let report = report(&rows(&[Class::Winner, Class::StrongTrend, Class::Toxic, Class::Stalling]));
        assert_eq!((report.open, report.toxic, report.winners), (4, 1, 2));
    }
}
