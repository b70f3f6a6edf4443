//! The original's priority of a trade, 0 and up.

use bulkhead_sdk::prelude::Tier;

/// What the formula looks at. What is not known stays zero.
#[derive(Clone, Copy, Debug, Default)]
pub struct Merits {
    pub confidence: f64,
    pub tier: Option<Tier>,
    pub stability: f64,
    pub cost: f64,
    pub performance: f64,
}

pub fn priority(merits: &Merits) -> f64 {
    let tier = match merits.tier {
        Some(Tier::Core) => 20.0,
        Some(Tier::Expansion) => 10.0,
        // The original's MONITORING: in view, but not among the good ones.
        Some(Tier::Conditional) => 5.0,
        Some(Tier::Blacklist | Tier::InsufficientData) | None => 0.0,
    };
    let sum =
        100.0 * merits.confidence + tier + 10.0 * merits.stability - 5.0 * merits.cost + 10.0 * merits.performance;
    sum.max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden_vector_of_the_original() {
        let merits = |confidence, tier, stability, cost, performance| Merits {
            confidence,
            tier: Some(tier),
            stability,
            cost,
            performance,
        };
        for (merits, want) in [
            (merits(0.75, Tier::Core, 0.8, 0.2, 0.05), 102.5),
            (merits(0.60, Tier::Expansion, 0.3, 0.5, -0.02), 70.3),
            (merits(0.9, Tier::Expansion, 0.0, 0.0, 0.0), 100.0),
        ] {
            assert!((priority(&merits) - want).abs() < 1e-9, "{merits:?}");
        }
    }

    #[test]
    fn it_has_a_floor() {
        assert_eq!(priority(&Merits { performance: -5.0, ..Merits::default() }), 0.0);
    }
}
