//! Hook 3: does the book bear this trade. The size is judged as it is asked for; what sizing makes of it comes after.

use crate::book::{Book, sector};
use crate::config::Limits;
use crate::pairs::partner;
use crate::violations::{is_critical, violations, what};
use bulkhead_sdk::prelude::*;

pub fn check(
    book: &Book<'_>,
    limits: &Limits,
    candidate: &Candidate,
    account: &Account,
    returns: &Returns,
    symbols: &SymbolTable,
) -> Verdict {
    let name = symbols.name(candidate.symbol);
    if let Some(worst) = violations(book, limits).iter().find(|violation| is_critical(violation)) {
        let text =
            format!("the book breaks its limit on {}: {:.1} over {:.1}", what(worst.code), worst.value, worst.limit);
        return deny(ReasonCode::CriticalViolations, text);
    }
    let held = book.held(candidate.symbol);
    if held != 0.0 {
        return deny(ReasonCode::PositionAlreadyOpen, format!("{name}: {held:.0} USD are open"));
    }
    if book.positions() >= limits.slots {
        let text = format!("{} positions open, at most {}", book.positions(), limits.slots);
        return deny(ReasonCode::MaxPositionsReached, text);
    }
    let total_risk = book.pct(book.risk_usd() + candidate.risk_usd);
    if exceeds(total_risk, limits.total_risk_pct) {
        return over(ReasonCode::TotalRiskExceeded, "total risk with this trade", total_risk, limits.total_risk_pct);
    }
    let (needed, free) = (margin_usd(candidate), free_margin_usd(account));
    if exceeds(needed, free) {
        return deny(ReasonCode::InsufficientMargin, format!("{needed:.0} USD of margin needed, {free:.0} free"));
    }
    let trade_risk = book.pct(candidate.risk_usd);
    if exceeds(trade_risk, limits.trade_risk_pct) {
        return over(ReasonCode::MaxRiskPct, "risk of this trade", trade_risk, limits.trade_risk_pct);
    }
    if exceeds(candidate.leverage_x, limits.leverage_x) {
        let text = format!("leverage {:.1}x over {:.1}x", candidate.leverage_x, limits.leverage_x);
        return deny(ReasonCode::MaxLeverage, text);
    }
    concentration(book, limits, candidate, returns, symbols)
}

/// What the trade makes of the book's shape.
fn concentration(
    book: &Book<'_>,
    limits: &Limits,
    candidate: &Candidate,
    returns: &Returns,
    symbols: &SymbolTable,
) -> Verdict {
    let name = symbols.name(candidate.symbol);
    let share = book.pct(candidate.size_usd);
    if exceeds(share, limits.symbol_pct) {
        return over(ReasonCode::SymbolConcentration, name, share, limits.symbol_pct);
    }
    if let Some(sector) = sector(symbols, candidate.symbol) {
        let before = book.sectors.get(sector).copied().unwrap_or_default();
        let share = book.pct(before + candidate.size_usd);
        if exceeds(share, limits.sector_pct) {
            return over(ReasonCode::SectorConcentration, sector, share, limits.sector_pct);
        }
    }
    let before = book.net_usd();
    let after = before + signed(candidate.side, candidate.size_usd);
    // A trade that brings a lopsided book nearer to balance is welcome.
    if after.abs() > before.abs() && exceeds(book.pct(after).abs(), limits.net_exposure_pct) {
        let text = "net exposure with this trade";
        return over(ReasonCode::NetExposure, text, book.pct(after), limits.net_exposure_pct);
    }
    if let Some((other, rho)) = partner(book, limits, candidate, returns) {
        let (other, limit) = (symbols.name(other), limits.correlation);
        let text = format!("{name} would add up with {other}: correlation {rho:.3}, limit {limit:.3}");
        return deny(ReasonCode::Correlation, text);
    }
    ALLOW
}

fn over(code: ReasonCode, what: &str, value_pct: f64, limit_pct: f64) -> Verdict {
    deny(code, format!("{what}: {value_pct:.1} % of equity, limit {limit_pct:.1} %"))
}

/// What cannot be compared is over.
fn exceeds(value: f64, limit: f64) -> bool {
    !value.is_finite() || value > limit
}

pub fn signed(side: Side, usd: f64) -> f64 {
    match side {
        Side::Long => usd,
        Side::Short => -usd,
    }
}

fn margin_usd(candidate: &Candidate) -> f64 {
    if candidate.leverage_x > 0.0 { candidate.size_usd / candidate.leverage_x } else { f64::INFINITY }
}

/// Free margin; the host has taken that of working entries off already.
pub fn free_margin_usd(account: &Account) -> f64 {
    account.free_margin_usd.max(0.0)
}

#[cfg(test)]
mod tests;
