//! The account of the trading loop, against its limits.

use super::Page;
use crate::view::AccountView;

pub(super) fn put(page: &mut Page, account: &AccountView) {
    page.value("bulkhead_equity_usd", "Balance plus open profit and loss. Absent: not known.", account.equity_usd);
    page.value("bulkhead_day_start_usd", "Equity at the start of the UTC day.", account.day_start_usd);
    page.value("bulkhead_peak_usd", "Highest equity.", account.peak_usd);
    let help = "Fall of equity from the start of the day, as a share of it.";
    page.value("bulkhead_daily_drawdown_ratio", help, account.daily_drawdown_pct.map(ratio));
    let help = "Fall of equity from its peak, as a share of it.";
    page.value("bulkhead_open_drawdown_ratio", help, account.open_drawdown_pct.map(ratio));
    let help = "At the daily limit the brake engages; at the open limit positions are closed as well.";
    page.gauge("bulkhead_drawdown_limit_ratio", help, |samples| {
        samples.put(&[("kind", "daily")], ratio(account.limits.daily_drawdown_halt_pct));
        samples.put(&[("kind", "open")], ratio(account.limits.open_drawdown_close_pct));
    });
    let help = "Sum of absolute notionals as a share of equity.";
    page.value("bulkhead_gross_exposure_ratio", help, account.gross_exposure_pct.map(ratio));
    let help = "Most that the gross exposure may be.";
    page.value("bulkhead_gross_exposure_limit_ratio", help, Some(ratio(account.limits.max_gross_exposure_pct)));
    page.value("bulkhead_open_positions", "Positions open.", account.open_positions.map(f64::from));
}

fn ratio(pct: f64) -> f64 {
    pct / 100.0
}
