use super::*;
use bulkhead_sdk::testing;

fn ask(regime: Regime, volatility: Volatility, config: &Config, change: impl FnOnce(&mut Account)) -> Policy {
    let mut account = testing::account();
    change(&mut account);
    policy(config, &Market { regime, volatility, ..testing::market() }, &account)
}

fn expect(got: Policy, trades: bool, profile: RiskProfile, risk: f64, confidence: f64, entry: EntryMode) {
    assert_eq!((got.allow_new_trades, got.risk_profile, got.entry_mode), (trades, profile, entry));
    assert!((got.max_risk_pct - risk).abs() < 1e-9 && (got.min_confidence - confidence).abs() < 1e-9, "{got:?}");
}

use EntryMode::{Aggressive, Defensive, Normal as Usual};
use Regime::{Normal as Other, Ranging, Trending};
use RiskProfile::{NoNewTrades, Normal, Reduced};
use Volatility::{Extreme, High, Low, Normal as Calm};

/// Measured by running the original.
#[test]
fn golden_vectors_of_the_market() {
    let config = Config::default();
    let at = |regime, volatility| ask(regime, volatility, &config, |_| ());
    expect(at(Trending, Calm), true, Normal, 1.0, 0.32, Aggressive);
    assert_eq!(at(Trending, Calm).exit_mode, ExitMode::TrendFollow);
    expect(at(Trending, Low), true, Normal, 1.0, 0.30, Usual);
    expect(at(Ranging, Calm), true, Normal, 0.7, 0.40, Defensive);
    assert_eq!(at(Ranging, Calm).exit_mode, ExitMode::FastTp);
    expect(at(Ranging, High), true, Reduced, 0.35, 0.42, Defensive);
    expect(at(Other, Calm), true, Normal, 1.0, 0.38, Usual);
    expect(at(Trending, Extreme), false, NoNewTrades, 1.0, 0.39, Usual);
}

#[test]
fn golden_vectors_of_the_account() {
    let config = Config::default();
    let at = |change: fn(&mut Account)| ask(Trending, Calm, &config, change);
    expect(at(|a| a.daily_drawdown_pct = 3.0), false, NoNewTrades, 1.0, 0.32, Aggressive);
    expect(at(|a| a.daily_drawdown_pct = 2.99), true, Normal, 1.0, 0.32, Aggressive);
    expect(at(|a| a.losing_streak = 5), true, Normal, 0.3, 0.37, Defensive);
    expect(at(|a| a.losing_streak = 4), true, Normal, 1.0, 0.32, Aggressive);
    expect(at(|a| a.open_positions = 8), false, NoNewTrades, 1.0, 0.32, Aggressive);
    expect(at(|a| a.open_positions = 7), true, Normal, 1.0, 0.32, Aggressive);
    expect(at(|a| a.gross_exposure_usd = 1_500.0), false, NoNewTrades, 1.0, 0.32, Aggressive);
    expect(at(|a| a.gross_exposure_usd = 1_499.0), true, Normal, 1.0, 0.32, Aggressive);
    let all = ask(Ranging, High, &config, |a| {
        a.daily_drawdown_pct = 3.0;
        a.losing_streak = 5;
        a.open_positions = 8;
        a.gross_exposure_usd = 1_500.0;
    });
    expect(all, false, NoNewTrades, 0.105, 0.47, Defensive);
}

#[test]
fn golden_vectors_of_cost_and_ensemble() {
    let dear = Config { high_cost: true, ..Config::default() };
    expect(ask(Trending, Calm, &dear, |_| ()), true, Normal, 1.0, 0.35, Defensive);
    let with = |quality| Config { ensemble_quality: quality, ..Config::default() };
    expect(ask(Trending, Calm, &with(Some(0.39)), |_| ()), true, Normal, 1.0, 0.37, Aggressive);
    expect(ask(Trending, Calm, &with(Some(0.40)), |_| ()), true, Normal, 1.0, 0.32, Aggressive);
    expect(ask(Trending, Calm, &with(None), |_| ()), true, Normal, 1.0, 0.32, Aggressive);
}

#[test]
fn what_is_no_number_and_no_equity_stop_new_trades() {
    let config = Config::default();
    let stops: [fn(&mut Account); 4] = [
        |a| a.daily_drawdown_pct = f64::NAN,
        |a| a.gross_exposure_usd = f64::NAN,
        |a| a.equity_usd = 0.0,
        |a| a.equity_usd = f64::NAN,
    ];
    for stop in stops {
        assert!(!ask(Trending, Calm, &config, stop).allow_new_trades);
    }
}

#[test]
fn the_threshold_never_falls_under_the_base_unless_that_is_allowed() {
    for regime in [Trending, Ranging, Other] {
        for volatility in [Low, Calm, High, Extreme] {
            for streak in [0, 5] {
                let config = Config { high_cost: streak > 0, ..Config::default() };
                let policy = ask(regime, volatility, &config, |a| a.losing_streak = streak);
                for base in [0.0, 0.35, 0.65, 1.0] {
                    let tight = policy.threshold(base, false);
                    assert!(tight >= base && tight <= 1.0);
                    assert!(policy.allow_new_trades || tight == 1.0);
                    let free = policy.threshold(base, true);
                    assert!(free == 1.0 || free == policy.min_confidence);
                }
            }
        }
    }
}

mod properties;
