//! Limits that the book breaks, or nearly.

use crate::book::Book;
use crate::config::Limits;
use bulkhead_sdk::exposure::{Severity, Violation};
use bulkhead_sdk::prelude::*;

/// From this share of the limit on positions there is a warning.
const NEAR_POSITIONS: f64 = 0.9;
/// Over this share of the limit on risk there is a warning.
const NEAR_RISK: f64 = 0.85;

pub fn violations(book: &Book<'_>, limits: &Limits) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut add = |code, severity, symbol, value, limit| found.push(Violation { code, severity, symbol, value, limit });

    let (open, most) = (f64::from(book.positions()), f64::from(limits.positions));
    if open > most {
        add(ReasonCode::MaxPositionsReached, Severity::Critical, None, open, most);
    } else if open > 0.0 && open >= most * NEAR_POSITIONS {
        add(ReasonCode::MaxPositionsReached, Severity::Warning, None, open, most);
    }
    let (risk, most) = (book.pct(book.risk_usd()), limits.total_risk_pct);
    if risk > most {
        add(ReasonCode::TotalRiskExceeded, Severity::Critical, None, risk, most);
    } else if risk > most * NEAR_RISK {
        add(ReasonCode::TotalRiskExceeded, Severity::Warning, None, risk, most);
    }
    for (symbol, holding) in &book.holdings {
        let share = book.pct(holding.size_usd.abs());
        if share > limits.symbol_pct {
            add(ReasonCode::SymbolConcentration, Severity::Critical, Some(*symbol), share, limits.symbol_pct);
        }
        if let Some(leverage) = holding.leverage_x.filter(|leverage| *leverage > limits.leverage_x) {
            add(ReasonCode::MaxLeverage, Severity::Critical, Some(*symbol), leverage, limits.leverage_x);
        }
    }
    for usd in book.sectors.values() {
        let share = book.pct(*usd);
        if share > limits.sector_pct {
            add(ReasonCode::SectorConcentration, Severity::Critical, None, share, limits.sector_pct);
        }
    }
    let net = book.pct(book.net_usd());
    if net.abs() > limits.net_exposure_pct {
        add(ReasonCode::NetExposure, Severity::Warning, None, net, limits.net_exposure_pct);
    }
    found
}

pub fn is_critical(violation: &Violation) -> bool {
    violation.severity == Severity::Critical
}

/// The limit behind a violation's code, for people.
pub fn what(code: ReasonCode) -> &'static str {
    match code {
        ReasonCode::MaxPositionsReached => "positions",
        ReasonCode::TotalRiskExceeded => "total risk",
        ReasonCode::SymbolConcentration => "one symbol",
        ReasonCode::SectorConcentration => "one sector",
        ReasonCode::MaxLeverage => "leverage",
        _ => "net exposure",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::Holding;
    use crate::config::Config;

    fn book(rows: &[(f64, f64, f64)]) -> Book<'static> {
        let holding = |(size_usd, risk_usd, leverage): &(f64, f64, f64)| Holding {
            size_usd: *size_usd,
            risk_usd: *risk_usd,
            leverage_x: Some(*leverage),
            r: None,
        };
        Book { equity_usd: 10_000.0, holdings: (0..).zip(rows.iter().map(holding)).collect(), ..Book::default() }
    }

    fn codes(book: &Book<'_>) -> Vec<(ReasonCode, bool)> {
        violations(book, &Config::default().limits(None)).iter().map(|v| (v.code, is_critical(v))).collect()
    }

    #[test]
    fn a_quiet_book_has_none() {
        assert_eq!(codes(&book(&[])), []);
        assert_eq!(codes(&book(&[(3_000.0, 600.0, 30.0), (-3_000.0, 600.0, 1.0)])), []);
    }

    #[test]
    fn each_limit_has_its_code_and_severity() {
        let small = (100.0, 1.0, 1.0);
        for (book, want) in [
            (book(&[small; 8]), (ReasonCode::MaxPositionsReached, false)),
            (book(&[small; 9]), (ReasonCode::MaxPositionsReached, true)),
            (book(&[(100.0, 1_276.0, 1.0)]), (ReasonCode::TotalRiskExceeded, false)),
            (book(&[(100.0, 1_501.0, 1.0)]), (ReasonCode::TotalRiskExceeded, true)),
            (book(&[(-3_001.0, 1.0, 1.0)]), (ReasonCode::SymbolConcentration, true)),
            (book(&[(100.0, 1.0, 30.5)]), (ReasonCode::MaxLeverage, true)),
            (book(&[(2_700.0, 1.0, 1.0); 3]), (ReasonCode::NetExposure, false)),
            (book(&[(-2_700.0, 1.0, 1.0); 3]), (ReasonCode::NetExposure, false)),
        ] {
            assert_eq!(codes(&book), [want]);
        }
        let mut sector = book(&[(2_100.0, 1.0, 1.0), (-2_000.0, 1.0, 1.0)]);
        sector.sectors.insert("L1", 4_100.0);
        assert_eq!(codes(&sector), [(ReasonCode::SectorConcentration, true)]);
    }

    #[test]
    fn without_equity_everything_held_is_too_much() {
        let mut broke = book(&[(100.0, 1.0, 1.0)]);
        broke.equity_usd = 0.0;
        let critical = [ReasonCode::TotalRiskExceeded, ReasonCode::SymbolConcentration];
        assert!(critical.iter().all(|code| codes(&broke).contains(&(*code, true))));
        assert_eq!(codes(&Book::default()), []);
    }
}
