//! Trading results against their thresholds, which the original documents and never implemented.

use crate::config::Config;
use crate::finding::Finding;
use bulkhead_sdk::prelude::*;
use bulkhead_sdk::self_healing::{Directive, Part, Performance, Recovery, Severity};

/// What the results ask for. A bad day ends with the day. A losing streak or a bad week end only by trading, so that
/// they ask for smaller trades and never for none: nothing could lift that again.
pub fn findings(account: &Account, performance: &Performance, config: &Config) -> Vec<Finding> {
    [drawdown(account, config), win_rate(performance, config), streak(account, performance, config)]
        .into_iter()
        .flatten()
        .collect()
}

/// The day's drawdown only: that from the highest equity so far may last for weeks and is the envelope's business.
fn drawdown(account: &Account, config: &Config) -> Option<Finding> {
    let pct = account.daily_drawdown_pct.abs();
    let (severity, demand, from) = if !pct.is_finite() {
        // Not known to be small, which is no reason to leave positions.
        (Severity::High, Directive::NoNewTrades, config.dd_warning)
    } else if pct >= config.dd_critical {
        (Severity::Critical, Directive::DefensiveExit, config.dd_critical)
    } else if pct >= config.dd_warning {
        (Severity::High, Directive::SafeRiskProfile, config.dd_warning)
    } else {
        return None;
    };
    let text = format!("daily drawdown {} %, the threshold is {} %", shown(pct), shown(from));
    Some(finding(Part::RiskGuard, severity, demand, text))
}

/// Absent until there are enough trades, and nothing follows from that.
fn win_rate(performance: &Performance, config: &Config) -> Option<Finding> {
    let rate = performance.win_rate_7d?;
    // Not a number is not enough.
    if rate >= config.win_rate_min {
        return None;
    }
    let (rate, least, trades) = (shown(rate), shown(config.win_rate_min), performance.trades_7d);
    let text = format!("win rate {rate} of {trades} trades in 7 days, at least {least} is wanted");
    Some(finding(Part::AiModel, Severity::High, Directive::SafeRiskProfile, text))
}

fn streak(account: &Account, performance: &Performance, config: &Config) -> Option<Finding> {
    let losses = performance.losing_streak.max(account.losing_streak);
    if losses < config.loss_streak_max {
        return None;
    }
    let text = format!("{losses} losing trades in a row, {} are too many", config.loss_streak_max);
    Some(finding(Part::AiModel, Severity::High, Directive::SafeRiskProfile, text))
}

/// Short, whatever the number is.
fn shown(value: f64) -> String {
    format!("{:.2}", value.clamp(-1e6, 1e6))
}

fn finding(part: Part, severity: Severity, demand: Directive, text: String) -> Finding {
    let cure = if severity == Severity::Critical { Recovery::PauseTrading } else { Recovery::SwitchToSafeProfile };
    Finding { part, severity, impacts_trading: true, demand, cure, text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Directive::{AllowAll, DefensiveExit, NoNewTrades, SafeRiskProfile};
    use bulkhead_sdk::testing;

    const NOTHING: Performance = Performance { win_rate_7d: None, trades_7d: 0, losing_streak: 0 };

    fn demand(account: &Account, performance: &Performance) -> Directive {
        let found = findings(account, performance, &Config::default());
        found.iter().map(|finding| finding.demand).max().unwrap_or(AllowAll)
    }

    fn at(daily_drawdown_pct: f64) -> Account {
        Account { daily_drawdown_pct, ..testing::account() }
    }

    #[test]
    fn the_drawdown_of_the_day_has_two_thresholds() {
        for (pct, want) in [
            (0.0, AllowAll),
            (1.99, AllowAll),
            (2.0, SafeRiskProfile),
            (3.49, SafeRiskProfile),
            (3.5, DefensiveExit),
            (100.0, DefensiveExit),
            (-4.0, DefensiveExit),
            (f64::NAN, NoNewTrades),
            (f64::INFINITY, NoNewTrades),
        ] {
            assert_eq!(demand(&at(pct), &NOTHING), want, "{pct}");
        }
        let far = Account { open_drawdown_pct: 50.0, ..testing::account() };
        assert_eq!(demand(&far, &NOTHING), AllowAll);
    }

    #[test]
    fn a_win_rate_counts_when_there_is_one() {
        for (win_rate_7d, want) in [
            (None, AllowAll),
            (Some(0.45), AllowAll),
            (Some(0.4499), SafeRiskProfile),
            (Some(0.0), SafeRiskProfile),
            (Some(f64::NAN), SafeRiskProfile),
        ] {
            let performance = Performance { win_rate_7d, trades_7d: 12, ..NOTHING };
            assert_eq!(demand(&at(0.0), &performance), want, "{win_rate_7d:?}");
        }
    }

    #[test]
    fn a_losing_streak_counts_from_either_source_and_never_stops_trading() {
        for (of_account, of_performance, want) in
            [(4, 4, AllowAll), (5, 0, SafeRiskProfile), (0, 5, SafeRiskProfile), (900, 900, SafeRiskProfile)]
        {
            let account = Account { losing_streak: of_account, ..testing::account() };
            let performance = Performance { losing_streak: of_performance, ..NOTHING };
            assert_eq!(demand(&account, &performance), want);
        }
    }

    #[test]
    fn worse_results_never_ask_for_less() {
        let mut before = AllowAll;
        for step in 0..=1_000 {
            let now = demand(&at(f64::from(step) * 0.01), &NOTHING);
            assert!(now >= before, "{step}");
            before = now;
        }
        let mut before = AllowAll;
        for percent in (0..=100).rev() {
            let performance = Performance { win_rate_7d: Some(f64::from(percent) / 100.0), ..NOTHING };
            let now = demand(&at(0.0), &performance);
            assert!(now >= before, "{percent}");
            before = now;
        }
    }
}
