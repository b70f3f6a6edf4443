//! How strong a position's trend is. The original was told; here it is read off the position's class, its profit, and
//! the direction of the market.

use bulkhead_sdk::prelude::Class;

/// From weak to strong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trend {
    None,
    Weak,
    Moderate,
    Strong,
    VeryStrong,
}

/// A market whose moves lead so far somewhere goes with or against a position.
const DIRECTED: f64 = 0.15;

impl Trend {
    /// `with_market`: efficiency of the market's move, over zero when it goes the position's way.
    pub fn of(class: Option<Class>, r: f64, peak_r: f64, with_market: f64) -> Self {
        let own = match class {
            Some(Class::StrongTrend | Class::Winner) => Self::Strong,
            Some(Class::PotentialWinner | Class::SlowGrinder) => Self::Moderate,
            Some(Class::Survivor | Class::Stalling | Class::Breakeven) => Self::Weak,
            Some(Class::ReversalRisk | Class::Struggling | Class::Loser) => Self::None,
            // Nobody classed it: what is left of its best profit says something too. And if that says that a toxic
            // position does well, the coordinator is to hear of the contradiction; amplified it is not.
            Some(Class::InsufficientData | Class::Unclassified | Class::Toxic) | None => Self::of_profit(r, peak_r),
        };
        if with_market >= DIRECTED {
            own.stronger()
        } else if with_market <= -DIRECTED {
            own.weaker()
        } else {
            own
        }
    }

    /// The thresholds by which position-intelligence tells a trend from a standstill.
    fn of_profit(r: f64, peak_r: f64) -> Self {
        let left = if peak_r > 0.0 { r / (peak_r + 0.1) } else { 0.0 };
        if left >= 0.8 {
            Self::Strong
        } else if left >= 0.6 {
            Self::Moderate
        } else if left >= 0.3 {
            Self::Weak
        } else {
            Self::None
        }
    }

    /// A position that turns is not carried by the market.
    fn stronger(self) -> Self {
        match self {
            Self::None => Self::None,
            Self::Weak => Self::Moderate,
            Self::Moderate => Self::Strong,
            Self::Strong | Self::VeryStrong => Self::VeryStrong,
        }
    }

    fn weaker(self) -> Self {
        match self {
            Self::None | Self::Weak => Self::None,
            Self::Moderate => Self::Weak,
            Self::Strong => Self::Moderate,
            Self::VeryStrong => Self::Strong,
        }
    }

    /// Share of the points that a trend is worth.
    pub fn worth(self) -> f64 {
        match self {
            Self::VeryStrong => 1.0,
            Self::Strong => 0.8,
            Self::Moderate => 0.5,
            Self::Weak => 0.2,
            Self::None => 0.0,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::VeryStrong => "VERY_STRONG",
            Self::Strong => "STRONG",
            Self::Moderate => "MODERATE",
            Self::Weak => "WEAK",
            Self::None => "NONE",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_class_tells_and_the_market_moves_it_one_step() {
        for (class, market, want) in [
            (Class::StrongTrend, 0.0, Trend::Strong),
            (Class::StrongTrend, 0.15, Trend::VeryStrong),
            (Class::Winner, -0.15, Trend::Moderate),
            (Class::SlowGrinder, 0.14, Trend::Moderate),
            (Class::SlowGrinder, 1.0, Trend::Strong),
            (Class::Stalling, -1.0, Trend::None),
            (Class::ReversalRisk, 1.0, Trend::None),
            (Class::Loser, 1.0, Trend::None),
        ] {
            assert_eq!(Trend::of(Some(class), 2.0, 2.0, market), want, "{class:?} {market}");
        }
    }

    #[test]
    fn without_a_class_that_says_it_the_profit_tells() {
        for (r, peak, want) in [
            (2.0, 2.0, Trend::Strong),
            (1.4, 2.0, Trend::Moderate),
            (1.0, 2.0, Trend::Weak),
            (0.5, 2.0, Trend::None),
            (0.0, 0.0, Trend::None),
            (f64::NAN, 2.0, Trend::None),
        ] {
            for class in [None, Some(Class::Unclassified), Some(Class::InsufficientData), Some(Class::Toxic)] {
                assert_eq!(Trend::of(class, r, peak, 0.0), want, "{r} {peak}");
            }
        }
    }

    #[test]
    fn a_better_market_never_weakens() {
        for class in [Class::StrongTrend, Class::SlowGrinder, Class::Stalling, Class::Loser] {
            let trends: Vec<Trend> =
                (-10..=10).map(|step| Trend::of(Some(class), 1.0, 1.0, f64::from(step) / 10.0)).collect();
            assert!(trends.is_sorted(), "{class:?}: {trends:?}");
        }
    }
}
