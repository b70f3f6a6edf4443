//! What scales stop and target beside the confidence: volatility, risk mode, and the call for less risk.

use crate::config::Config;
use bulkhead_sdk::prelude::*;
use std::f64::consts::FRAC_PI_2;

/// Range of the original's factor, and what the usual volatility adds to its least.
const LEAST: f64 = 0.8;
const MOST: f64 = 1.5;
const SLOPE: f64 = 0.4;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Factors {
    pub stop: f64,
    pub target: f64,
}

impl Factors {
    pub fn of(ctx: &Context, market: &Market, config: &Config) -> Self {
        let volatility = volatility(market, config);
        let mode = config.risk_modes.of(ctx.risk_mode);
        let mut factors = Self { stop: volatility * mode.stop_loss, target: volatility * mode.take_profit };
        if less_risk(ctx) {
            factors.target *= config.less_risk_take_profit;
            // More room for a stop because risk is high is a loosening: only for those who were granted one.
            if config.stop_cap > 1.0 {
                factors.stop *= config.less_risk_stop_loss;
            }
        }
        factors
    }
}

/// The original's systemic risk, which nothing measured: here the coordinator says it. Not in CRITICAL, whose own
/// factors are the answer to the same state, and which comes with these directives always.
fn less_risk(ctx: &Context) -> bool {
    let says = |d: &Directives| d.enforce_defensive_exits || d.reduce_global_risk;
    ctx.risk_mode != RiskMode::Critical && ctx.directives.as_ref().is_some_and(says)
}

/// 1 when unknown. An hour in which nothing moved is one that nobody measured.
fn volatility(market: &Market, config: &Config) -> f64 {
    let mean_move = market.volatility_bps / 1e4;
    if !config.use_volatility || !mean_move.is_finite() || mean_move <= 0.0 {
        return 1.0;
    }
    // Of moves that are normally distributed the mean is sqrt(2/π) of the deviation, which grows with the root of time.
    let deviation = mean_move * (FRAC_PI_2 * f64::from(config.volatility_bars)).sqrt();
    (LEAST + deviation / config.volatility_reference * SLOPE).clamp(LEAST, MOST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bulkhead_sdk::testing;

    fn factors(context: &Context, volatility_bps: f64, config: &Config) -> (f64, f64) {
        let Factors { stop, target } = Factors::of(context, &Market { volatility_bps, ..testing::market() }, config);
        ((stop * 1e6).round() / 1e6, (target * 1e6).round() / 1e6)
    }

    #[test]
    fn a_mean_minute_becomes_the_volatility_of_a_day() {
        let context = testing::context();
        let config = Config::default();
        for (bps, want) in [
            // 6.3 bps a minute are 3 % a day, 3.15 are 1.5 %.
            (6.307_831, 1.2),
            (3.153_916, 1.0),
            (0.1, 0.806_341),
            (11.038_705, 1.5),
            (100.0, 1.5),
            (f64::MAX, 1.5),
            // Unknown.
            (0.0, 1.0),
            (-5.0, 1.0),
            (f64::NAN, 1.0),
            (f64::INFINITY, 1.0),
        ] {
            assert_eq!(factors(&context, bps, &config), (want, want), "{bps}");
        }
        let hourly = Config { volatility_bars: 60, ..config.clone() };
        assert_eq!(factors(&context, 6.307_831, &hourly), (0.881_65, 0.881_65));
        let twice = Config { volatility_reference: 0.06, ..config.clone() };
        assert_eq!(factors(&context, 6.307_831, &twice), (1.0, 1.0));
        assert_eq!(factors(&context, 100.0, &Config { use_volatility: false, ..config }), (1.0, 1.0));
    }

    #[test]
    fn a_call_for_less_risk_brings_the_target_nearer_and_the_stop_no_farther() {
        let calls: [fn(&mut Directives); 2] = [|d| d.enforce_defensive_exits = true, |d| d.reduce_global_risk = true];
        let granted = Config { replace: true, stop_cap: 1.5, ..Config::default() };
        for call in calls {
            let mut directives = testing::directives();
            call(&mut directives);
            let context = |risk_mode| Context { risk_mode, directives: Some(directives), ..testing::context() };
            for (risk_mode, want, with_grant) in [
                (RiskMode::Normal, (1.0, 0.75), (1.2, 0.75)),
                (RiskMode::Safe, (1.0, 0.75), (1.2, 0.75)),
                (RiskMode::Aggressive, (0.85, 0.975), (1.02, 0.975)),
                (RiskMode::Critical, (1.3, 0.7), (1.3, 0.7)),
            ] {
                assert_eq!(factors(&context(risk_mode), 0.0, &Config::default()), want);
                assert_eq!(factors(&context(risk_mode), 0.0, &granted), with_grant);
            }
        }
        let neutral = Context { directives: Some(testing::directives()), ..testing::context() };
        assert_eq!(factors(&neutral, 0.0, &granted), (1.0, 1.0));
    }
}
