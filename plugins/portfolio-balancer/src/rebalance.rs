//! Hook 11: the way back inside the limits. Every step closes something or asks for care; none opens anything.

use crate::book::{Book, Holding, sector};
use crate::config::{Config, Limits};
use crate::mode::is_losing;
use crate::pairs::Pair;
use crate::priority::{Merits, priority};
use crate::rank::by_score;
use crate::violations::{is_critical, violations};
use bulkhead_sdk::exposure::Violation;
use bulkhead_sdk::prelude::*;
use bulkhead_sdk::rebalance::Action;
use std::collections::BTreeMap;

mod repeats;

/// A position is cut to this share of what is allowed, so that the next tick does not ask for the next crumb.
const HEADROOM: f64 = 0.95;

/// What to close of a position.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cut {
    /// Over 0 to 1.
    fraction: f64,
    code: ReasonCode,
    /// The larger position that this one repeats, where that is why.
    repeats: Option<Pair>,
}

/// One for a position at most.
type Cuts = BTreeMap<SymbolId, Cut>;

pub fn recommend<'a>(
    mut book: Book<'a>,
    limits: &Limits,
    config: &Config,
    account: &Account,
    returns: &Returns,
    symbols: &'a SymbolTable,
) -> Vec<RebalanceAction> {
    let found = violations(&book, limits);
    let mut actions = alarms(&found, config, account);
    for symbol in surplus(&book, limits, symbols) {
        let text = format!("{}: least worth keeping of {} positions", symbols.name(symbol), book.positions());
        actions.push(on(symbol, Action::ClosePosition, ReasonCode::MaxPositionsReached, text));
        book.close(symbol, symbols);
    }
    let cuts = cuts(&book, limits, returns, symbols);
    for (symbol, holding) in &book.holdings {
        let name = symbols.name(*symbol);
        if let Some(cut) = cuts.get(symbol) {
            let action = on(*symbol, Action::ReducePosition, cut.code, why(name, cut, symbols));
            actions.push(RebalanceAction { fraction: Some(cut.fraction), ..action });
        }
        if let Some(leverage) = overleveraged(holding, limits) {
            let text = format!("{name}: leverage {leverage:.1}x, limit {:.1}x", limits.leverage_x);
            actions.push(on(*symbol, Action::ReduceLeverage, ReasonCode::MaxLeverage, text));
        }
    }
    actions
}

/// What concerns the whole book.
fn alarms(found: &[Violation], config: &Config, account: &Account) -> Vec<RebalanceAction> {
    let whole = |action, code, text| RebalanceAction { action, symbol: None, fraction: None, code, text };
    let mut actions = Vec::new();
    let critical = found.iter().filter(|violation| is_critical(violation)).count();
    if critical > 0 {
        let text = format!("{critical} limits are broken");
        actions.push(whole(Action::BlockNewTrades, ReasonCode::CriticalViolations, text));
    }
    if is_losing(config, account) {
        let (drawdown, streak) = (account.daily_drawdown_pct, account.losing_streak);
        let text = format!("daily drawdown {drawdown:.1} %, {streak} losing trades in a row");
        actions.push(whole(Action::DefensiveMode, ReasonCode::DrawdownLimit, text));
    }
    actions
}

fn on(symbol: SymbolId, action: Action, code: ReasonCode, text: String) -> RebalanceAction {
    RebalanceAction { action, symbol: Some(symbol), fraction: None, code, text }
}

fn why(name: &str, cut: &Cut, symbols: &SymbolTable) -> String {
    let percent = cut.fraction * 100.0;
    match cut.repeats {
        Some(Pair { larger, rho, .. }) => {
            format!("{name}: close {percent:.1} %, it adds up with {} ({rho:.3})", symbols.name(larger))
        }
        None => format!("{name}: close {percent:.1} % of the position"),
    }
}

/// Positions beyond the limit on their number: the least worth keeping, by the original's priority with what is known of
/// a position, its tier and how it does.
fn surplus(book: &Book<'_>, limits: &Limits, symbols: &SymbolTable) -> Vec<SymbolId> {
    let worth = |symbol: SymbolId, holding: &Holding| {
        let tier = symbols.info(symbol).and_then(|info| info.tier);
        priority(&Merits { tier, performance: holding.r.unwrap_or_default(), ..Merits::default() })
    };
    let open: Vec<(f64, SymbolId)> = book.holdings.iter().map(|(id, held)| (worth(*id, held), *id)).collect();
    let ranked = by_score(open, |position| -position.0);
    let keep = usize::try_from(limits.positions).unwrap_or(usize::MAX);
    let over = ranked.len().saturating_sub(keep);
    ranked.into_iter().take(over).map(|(_, symbol)| symbol).collect()
}

fn cuts(book: &Book<'_>, limits: &Limits, returns: &Returns, symbols: &SymbolTable) -> Cuts {
    let asked = |(id, held): (&SymbolId, &Holding)| Some((*id, cut(*id, held, book, limits, symbols)?));
    // `collect` would bring in a sort of its own.
    let mut cuts = Cuts::new();
    cuts.extend(book.holdings.iter().filter_map(asked));
    if let Some(share) = limits.correlated_share {
        repeats::cut(&mut cuts, book, limits, share, returns);
    }
    cuts
}

/// The largest share of the position that some broken limit asks to close, and which limit.
fn cut(symbol: SymbolId, holding: &Holding, book: &Book<'_>, limits: &Limits, symbols: &SymbolTable) -> Option<Cut> {
    let share = |usd: f64, limit: f64, code| {
        let value = book.pct(usd);
        let fraction = (1.0 - HEADROOM * limit / value).clamp(0.0, 1.0);
        (value > limit).then_some(Cut { fraction, code, repeats: None })
    };
    let own = share(holding.size_usd.abs(), limits.symbol_pct, ReasonCode::SymbolConcentration);
    let in_sector = sector(symbols, symbol).and_then(|sector| book.sectors.get(sector)).copied();
    let sector = share(in_sector.unwrap_or_default(), limits.sector_pct, ReasonCode::SectorConcentration);
    // Closing part of a position that risks nothing would not lower the risk.
    let risky = if holding.risk_usd > 0.0 { book.risk_usd() } else { 0.0 };
    let risk = share(risky, limits.total_risk_pct, ReasonCode::TotalRiskExceeded);
    [own, sector, risk].into_iter().flatten().max_by(|a, b| a.fraction.total_cmp(&b.fraction))
}

/// The leverage, where it is over the limit.
fn overleveraged(holding: &Holding, limits: &Limits) -> Option<f64> {
    holding.leverage_x.filter(|leverage| *leverage > limits.leverage_x)
}

#[cfg(test)]
mod tests;
