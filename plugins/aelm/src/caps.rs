//! The caps in force: the configured ones, tightened by the directives. Directives never widen.

use crate::config::Config;
use bulkhead_sdk::prelude::Directives;

/// Prices are decimal: 100.15 is exactly 15 bps from 100, and in binary a little more.
const ROUNDING_BPS: f64 = 1e-6;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Caps {
    pub slippage_bps: f64,
    pub spread_bps: f64,
}

impl Caps {
    pub fn of(config: &Config, directives: Option<&Directives>) -> Self {
        let tighter = |own: f64, directed: fn(&Directives) -> f64| directives.map_or(own, |d| own.min(directed(d)));
        Self {
            slippage_bps: tighter(config.max_slippage_bps, |d| d.max_slippage_bps),
            spread_bps: tighter(config.max_spread_bps, |d| d.max_spread_bps),
        }
    }

    pub fn forbids_slippage(&self, bps: f64) -> bool {
        over(bps, self.slippage_bps)
    }

    pub fn forbids_spread(&self, bps: f64) -> bool {
        over(bps, self.spread_bps)
    }
}

/// Strictly over. What is no number is not known to be little.
fn over(bps: f64, cap: f64) -> bool {
    bps.is_nan() || bps > cap + ROUNDING_BPS
}

#[cfg(test)]
mod tests {
    use super::*;
    use bulkhead_sdk::testing;

    #[test]
    fn the_smaller_cap_wins_whoever_says_it() {
        let config = Config::default();
        assert_eq!(Caps::of(&config, None), Caps { slippage_bps: 15.0, spread_bps: 10.0 });
        for (slippage, spread, want) in [
            (5.0, 10.0, (5.0, 10.0)),
            (15.0, 25.0, (15.0, 10.0)),
            (400.0, 3.0, (15.0, 3.0)),
            (0.0, 0.0, (0.0, 0.0)),
            (f64::NAN, f64::NAN, (15.0, 10.0)),
        ] {
            let directives = Directives { max_slippage_bps: slippage, max_spread_bps: spread, ..testing::directives() };
            let caps = Caps::of(&config, Some(&directives));
            assert_eq!((caps.slippage_bps, caps.spread_bps), want);
        }
    }

    #[test]
    fn only_what_is_over_a_cap_is_forbidden_and_what_is_no_number() {
        let caps = Caps { slippage_bps: 15.0, spread_bps: 10.0 };
        for (bps, slippage, spread) in [
            (-1.0, false, false),
            (10.0, false, false),
            (10.001, false, true),
            (15.0, false, true),
            (15.001, true, true),
            (f64::INFINITY, true, true),
            (f64::NAN, true, true),
        ] {
            assert_eq!((caps.forbids_slippage(bps), caps.forbids_spread(bps)), (slippage, spread), "{bps}");
        }
    }
}
