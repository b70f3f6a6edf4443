//! The simple scheme of the documented variables: enough volume, enough liquidity, a narrow spread; the ten with the
//! most volume are L1, the next twenty L2.

use crate::config::Config;
use crate::history::DAY_MS;
use crate::pick::Verdict;
use crate::profile::Profile;
use bulkhead_sdk::prelude::{Directives, ReasonCode};

const HOURS: f64 = 24.0;
/// A price that hardly moved in an hour counts as having moved so far.
const LEAST_RANGE_BPS: f64 = 1.0;
const PERCENT_BPS: f64 = 100.0;

/// What the host measured of one symbol.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    pub volume_usd: f64,
    pub range_bps: f64,
    pub spread_bps: f64,
    /// Time that the volume covers, at most a day.
    pub covered_ms: f64,
}

impl Measured {
    /// The volume so far, as it would be in a whole day at this rate.
    pub fn day_volume_usd(&self) -> f64 {
        self.volume_usd * (DAY_MS / self.covered_ms)
    }

    /// USD traded in an hour for each percent that the price moved in it. The hook carries no depth of a book; this is
    /// what a depth is for: much traded, little moved.
    pub fn liquidity_usd(&self) -> f64 {
        self.day_volume_usd() / HOURS / self.range_bps.max(LEAST_RANGE_BPS) * PERCENT_BPS
    }
}

/// Thresholds of the call.
#[derive(Clone, Copy, Debug)]
pub struct Thresholds {
    min_volume_usd: f64,
    min_liquidity_usd: f64,
    max_spread_bps: f64,
    warm_up_ms: f64,
}

impl Thresholds {
    /// A directive can only narrow the spread.
    pub fn new(config: &Config, directives: Option<&Directives>) -> Self {
        let directed = directives.map_or(f64::INFINITY, |directives| directives.max_spread_bps);
        Self {
            min_volume_usd: config.min_volume_24h,
            min_liquidity_usd: config.min_liquidity,
            max_spread_bps: config.max_spread_bps.min(directed),
            warm_up_ms: config.warm_up_ms(),
        }
    }

    /// Competes by its volume, or is out. While the volume covers less than the warm-up it decides nothing but the rank:
    /// a run must not begin with an empty universe.
    pub fn verdict(&self, measured: &Measured) -> Verdict {
        let volume = measured.day_volume_usd();
        // What is no number is not enough, and not narrow.
        let at_least = |value: f64, least: f64| value.is_finite() && value >= least;
        let warm = measured.covered_ms >= self.warm_up_ms;
        if warm && !at_least(volume, self.min_volume_usd) {
            Verdict::Out(ReasonCode::LowVolume)
        } else if warm && !at_least(measured.liquidity_usd(), self.min_liquidity_usd) {
            Verdict::Out(ReasonCode::LowLiquidity)
        } else if !measured.spread_bps.is_finite() || measured.spread_bps > self.max_spread_bps {
            Verdict::Out(ReasonCode::WideSpread)
        } else {
            Verdict::Compete(if volume.is_finite() { volume } else { 0.0 })
        }
    }
}

/// Places for those that pass.
pub fn places(config: &Config, profile: Profile, directives: Option<&Directives>) -> usize {
    let only_the_best = directives.is_some_and(|directives| directives.avoid_expansion_symbols);
    let (l1, l2) = (config.l1_size as usize, config.l2_size as usize);
    match profile {
        _ if only_the_best => l1,
        Profile::Safe => l1,
        Profile::Aggressive => l1.saturating_add(l2),
        Profile::Experimental => usize::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bulkhead_sdk::testing;

    fn measured() -> Measured {
        Measured { volume_usd: 50e6, range_bps: 100.0, spread_bps: 1.0, covered_ms: DAY_MS }
    }

    fn verdict(measured: Measured) -> Verdict {
        Thresholds::new(&Config::default(), None).verdict(&measured)
    }

    #[test]
    fn each_threshold_at_its_edge() {
        let out = Verdict::Out;
        let m = measured();
        for (measured, want) in [
            (m, Verdict::Compete(50e6)),
            (Measured { volume_usd: 5e6, range_bps: 20.0, ..m }, Verdict::Compete(5e6)),
            (Measured { volume_usd: 4.999e6, range_bps: 20.0, ..m }, out(ReasonCode::LowVolume)),
            // 24 million a day are a million an hour, for one percent.
            (Measured { volume_usd: 24e6, ..m }, Verdict::Compete(24e6)),
            (Measured { volume_usd: 24e6, range_bps: 101.0, ..m }, out(ReasonCode::LowLiquidity)),
            (Measured { spread_bps: 10.0, ..m }, Verdict::Compete(50e6)),
            (Measured { spread_bps: 10.1, ..m }, out(ReasonCode::WideSpread)),
            (Measured { range_bps: 0.0, ..m }, Verdict::Compete(50e6)),
        ] {
            assert_eq!(verdict(measured), want, "{measured:?}");
        }
    }

    #[test]
    fn what_is_no_number_never_gets_in() {
        for bad in [f64::NAN, f64::INFINITY] {
            assert_eq!(verdict(Measured { volume_usd: bad, ..measured() }), Verdict::Out(ReasonCode::LowVolume));
            assert_eq!(verdict(Measured { spread_bps: bad, ..measured() }), Verdict::Out(ReasonCode::WideSpread));
            let young = Measured { volume_usd: bad, covered_ms: 60_000.0, ..measured() };
            assert_eq!(verdict(young), Verdict::Compete(0.0));
        }
        assert_eq!(
            verdict(Measured { range_bps: f64::INFINITY, ..measured() }),
            Verdict::Out(ReasonCode::LowLiquidity)
        );
    }

    #[test]
    fn a_volume_that_covers_less_than_a_day_is_scaled_and_before_the_warm_up_only_ranks() {
        let young = |minutes: f64, volume_usd| Measured { volume_usd, covered_ms: minutes * 60_000.0, ..measured() };
        assert_eq!(verdict(young(720.0, 25e6)), Verdict::Compete(50e6));
        assert_eq!(verdict(young(60.0, 1.0)), Verdict::Out(ReasonCode::LowVolume));
        assert_eq!(verdict(young(60.0, 2e6)), Verdict::Compete(48e6));
        assert_eq!(verdict(young(59.0, 0.0)), Verdict::Compete(0.0));
        let wide = Measured { spread_bps: 11.0, ..young(1.0, 0.0) };
        assert_eq!(verdict(wide), Verdict::Out(ReasonCode::WideSpread));
    }

    #[test]
    fn more_volume_less_range_and_less_spread_never_shut_a_symbol_out() {
        let passes = |measured| matches!(verdict(measured), Verdict::Compete(_));
        let changes: [fn(&mut Measured); 3] =
            [|m| m.volume_usd *= 1.3, |m| m.range_bps /= 1.3, |m| m.spread_bps /= 1.3];
        for change in changes {
            let mut now = Measured { volume_usd: 1e5, range_bps: 3_000.0, spread_bps: 500.0, covered_ms: DAY_MS };
            for other in changes {
                (0..30).for_each(|_| other(&mut now));
                let mut last = false;
                let mut step = now;
                for _ in 0..60 {
                    assert!(passes(step) || !last, "{step:?}");
                    last = passes(step);
                    change(&mut step);
                }
            }
        }
    }

    #[test]
    fn directives_narrow_the_spread_and_the_places() {
        let directives = |max_spread_bps| Directives { max_spread_bps, ..testing::directives() };
        let spread = |directives: &Directives| Thresholds::new(&Config::default(), Some(directives)).max_spread_bps;
        assert_eq!((spread(&directives(5.0)), spread(&directives(25.0))), (5.0, 10.0));
        let best = Directives { avoid_expansion_symbols: true, ..testing::directives() };
        let places = |profile, directives| places(&Config::default(), profile, directives);
        for (profile, want) in [(Profile::Safe, 10), (Profile::Aggressive, 30), (Profile::Experimental, usize::MAX)] {
            assert_eq!(places(profile, None), want);
            assert_eq!(places(profile, Some(&best)), 10);
        }
    }
}
