//! The risk mode that the book itself asks for.

use crate::book::Book;
use crate::config::{Config, Limits};
use crate::violations::is_critical;
use bulkhead_sdk::exposure::Violation;
use bulkhead_sdk::prelude::*;

/// Over this share of the limit on risk the book is run in SAFE.
const MUCH_RISK: f64 = 0.8;

/// The account alone asks for care: it loses.
pub fn is_losing(config: &Config, account: &Account) -> bool {
    account.daily_drawdown_pct > config.safe_daily_drawdown_pct || account.losing_streak >= config.safe_losing_streak
}

/// Never bolder than the system's mode.
pub fn risk_mode(
    system: RiskMode,
    found: &[Violation],
    book: &Book<'_>,
    limits: &Limits,
    config: &Config,
    account: &Account,
) -> RiskMode {
    let full = book.positions() >= limits.positions;
    let risky = book.pct(book.risk_usd()) > limits.total_risk_pct * MUCH_RISK;
    if is_losing(config, account) || full || risky || found.iter().any(is_critical) {
        system.min(RiskMode::Safe)
    } else if found.is_empty() {
        system
    } else {
        system.min(RiskMode::Normal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::Holding;
    use crate::violations::violations;
    use bulkhead_sdk::testing;

    fn mode(system: RiskMode, rows: &[(f64, f64)], account: &Account) -> RiskMode {
        let holding = |(size_usd, risk_usd): &(f64, f64)| Holding {
            size_usd: *size_usd,
            risk_usd: *risk_usd,
            ..Holding::default()
        };
        let book = Book {
            equity_usd: account.equity_usd,
            holdings: (0..).zip(rows.iter().map(holding)).collect(),
            ..Book::default()
        };
        let config = Config::default();
        let limits = config.limits(None);
        risk_mode(system, &violations(&book, &limits), &book, &limits, &config, account)
    }

    #[test]
    fn the_book_lowers_the_mode_and_never_raises_it() {
        let account = testing::account();
        let losing = Account { daily_drawdown_pct: 3.1, ..account };
        let streak = Account { losing_streak: 5, ..account };
        let near = Account { daily_drawdown_pct: 3.0, losing_streak: 4, ..account };
        let lopsided = [(2_900.0, 1.0), (2_900.0, 1.0), (2_900.0, 1.0)];
        use RiskMode::{Aggressive, Critical, Normal, Safe};
        for (system, rows, account, want) in [
            (Aggressive, &[][..], &account, Aggressive),
            (Aggressive, &[], &near, Aggressive),
            (Normal, &[], &account, Normal),
            (Safe, &[], &account, Safe),
            (Aggressive, &[], &losing, Safe),
            (Aggressive, &[], &streak, Safe),
            (Critical, &[], &streak, Critical),
            (Aggressive, &lopsided, &account, Normal),
            (Safe, &lopsided, &account, Safe),
            (Aggressive, &[(100.0, 1_201.0)], &account, Safe),
            (Aggressive, &[(100.0, 1_199.0)], &account, Aggressive),
            (Aggressive, &[(3_100.0, 1.0)], &account, Safe),
            (Critical, &[(3_100.0, 1.0)], &account, Critical),
            (Aggressive, &[(1.0, 1.0); 7], &account, Aggressive),
            (Aggressive, &[(1.0, 1.0); 8], &account, Safe),
        ] {
            assert_eq!(mode(system, rows, account), want, "{system:?} {rows:?}");
        }
    }
}
