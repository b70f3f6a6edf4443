//! The tier of a symbol: the first rule that matches, in the original's order.

use crate::score;
use crate::statistics::{Results, Signals};
use bulkhead_sdk::prelude::Tier;

/// A tier, and the score by which symbols of one tier are ranked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranked {
    pub tier: Tier,
    pub quality: f64,
}

impl Ranked {
    pub fn of(results: &Results, signals: &Signals) -> Self {
        let quality = score::quality(results, signals);
        Self { tier: tier(results, signals, quality), quality }
    }

    /// A symbol of which nothing is known.
    pub const UNKNOWN: Self = Self { tier: Tier::InsufficientData, quality: 0.0 };
}

fn tier(results: &Results, signals: &Signals, quality: f64) -> Tier {
    if results.trades < 3 || signals.count < 5 {
        return Tier::InsufficientData;
    }
    let (mean_r, total_r, wins) = (results.mean_r(), results.total_r, results.win_rate);
    let (stability, disallowed) = (results.stability(), signals.disallow_rate);
    let losing = total_r < -0.5 && wins < 0.35;
    let unstable = stability < 0.05 && results.trades >= 10;
    if losing || mean_r < 0.1 || disallowed > 0.50 || unstable {
        return Tier::Blacklist;
    }
    let reaches = |least_stability, least_quality, least_wins, most_disallowed, least_r| {
        stability >= least_stability
            && quality >= least_quality
            && wins >= least_wins
            && disallowed <= most_disallowed
            && mean_r >= least_r
    };
    let in_part = |mean: Option<f64>| mean.is_some_and(|mean| mean > 0.5);
    if reaches(0.20, 0.25, 0.45, 0.25, 0.5) {
        Tier::Core
    } else if reaches(0.10, 0.15, 0.35, 0.40, 0.3) {
        Tier::Expansion
    } else if in_part(results.trending_r) || in_part(results.normal_volatility_r) || (mean_r > 0.3 && total_r > 1.0) {
        Tier::Conditional
    } else {
        Tier::Blacklist
    }
}

#[cfg(test)]
pub mod testkit {
    use super::*;

    /// CORE, though only just: the mean R is at the edge.
    pub fn good() -> Results {
        Results {
            trades: 20,
            win_rate: 0.6,
            total_r: 10.0,
            std_r: 1.0,
            profit_factor: 2.5,
            spread_bps: 1.0,
            slippage_bps: 2.0,
            trending_r: None,
            normal_volatility_r: None,
        }
    }

    pub fn signals() -> Signals {
        Signals { count: 50, disallow_rate: 0.1, mean_confidence: 0.7 }
    }
}

#[cfg(test)]
mod tests {
    use super::testkit::{good, signals};
    use super::*;

    type Change = fn(&mut Results, &mut Signals);

    fn with(change: Change) -> Tier {
        let (mut results, mut signals) = (good(), signals());
        change(&mut results, &mut signals);
        Ranked::of(&results, &signals).tier
    }

    #[test]
    fn each_rule_at_its_edge() {
        let cases: [(&str, Change, Tier); 20] = [
            ("good", |_, _| {}, Tier::Core),
            ("two trades", |r, _| (r.trades, r.total_r) = (2, 1.0), Tier::InsufficientData),
            ("three trades", |r, _| (r.trades, r.total_r) = (3, 1.5), Tier::Core),
            ("four signals", |_, s| s.count = 4, Tier::InsufficientData),
            ("too little even to be bad", |r, s| (r.total_r, s.count) = (-9.0, 4), Tier::InsufficientData),
            ("losing", |r, _| (r.total_r, r.win_rate) = (-0.6, 0.34), Tier::Blacklist),
            ("mean under 0.1", |r, _| r.total_r = 1.98, Tier::Blacklist),
            ("half disallowed", |_, s| s.disallow_rate = 0.50, Tier::Conditional),
            ("over half disallowed", |_, s| s.disallow_rate = 0.51, Tier::Blacklist),
            ("unstable, many trades", |r, _| r.std_r = 9.0, Tier::Blacklist),
            ("unstable, few trades", |r, _| (r.trades, r.total_r, r.std_r) = (9, 4.5, 9.0), Tier::Conditional),
            ("mean under 0.5", |r, _| r.total_r = 9.9, Tier::Expansion),
            ("wins under 0.45", |r, _| r.win_rate = 0.44, Tier::Expansion),
            ("a quarter disallowed", |_, s| s.disallow_rate = 0.25, Tier::Core),
            ("more than a quarter", |_, s| s.disallow_rate = 0.26, Tier::Expansion),
            ("stability under 0.2", |r, _| r.std_r = 1.5, Tier::Expansion),
            ("wins under 0.35", |r, _| r.win_rate = 0.34, Tier::Conditional),
            ("mean under 0.3", |r, _| r.total_r = 5.8, Tier::Blacklist),
            ("… but good in trends", |r, _| (r.total_r, r.trending_r) = (5.8, Some(0.51)), Tier::Conditional),
            ("… not good enough", |r, _| (r.total_r, r.normal_volatility_r) = (5.8, Some(0.5)), Tier::Blacklist),
        ];
        for (name, change, want) in cases {
            assert_eq!(with(change), want, "{name}");
        }
    }

    #[test]
    fn more_refusals_never_lead_to_a_better_tier() {
        let order =
            |tier| [Tier::Core, Tier::Expansion, Tier::Conditional, Tier::Blacklist].iter().position(|t| *t == tier);
        let mut last = Some(0);
        for step in 0..=100 {
            let refused = Signals { disallow_rate: f64::from(step) / 100.0, ..signals() };
            let now = order(Ranked::of(&good(), &refused).tier);
            assert!(now.is_some() && now >= last, "{step}");
            last = now;
        }
        assert_eq!(last, Some(3));
    }
}
