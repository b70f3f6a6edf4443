//! Hook 5: the trade shrinks to the room that is left. It never grows.

use crate::book::{Book, sector};
use crate::check::{free_margin_usd, signed};
use crate::config::Limits;
use bulkhead_sdk::prelude::*;

pub fn size(
    book: &Book<'_>,
    limits: &Limits,
    candidate: &Candidate,
    base_size_usd: f64,
    account: &Account,
    symbols: &SymbolTable,
) -> f64 {
    if !candidate.risk_usd.is_finite() {
        return 0.0;
    }
    // A long trade uses up the room above, a short one the room below.
    let towards = |usd: f64| signed(candidate.side, usd);
    let mut room = base_size_usd.min(candidate.size_usd);
    room = room.min(free_margin_usd(account) * candidate.leverage_x.max(0.0));
    room = room.min(book.usd(limits.symbol_pct) - towards(book.held(candidate.symbol)));
    room = room.min(book.usd(limits.net_exposure_pct) - towards(book.net_usd()));
    let risk_per_usd = candidate.risk_usd / candidate.size_usd;
    if risk_per_usd > 0.0 {
        let left = book.usd(limits.total_risk_pct) - book.risk_usd();
        room = room.min(left.min(book.usd(limits.trade_risk_pct)) / risk_per_usd);
    }
    let info = symbols.info(candidate.symbol);
    if let Some(sector) = sector(symbols, candidate.symbol) {
        let taken = book.sectors.get(sector).copied().unwrap_or_default();
        room = room.min(book.usd(limits.sector_pct) - taken);
    }
    // The venue refuses less than its minimum: then rather none.
    if room.is_finite() && room >= info.map_or(0.0, |info| info.min_notional_usd) { room.max(0.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use bulkhead_sdk::testing;

    fn symbols() -> SymbolTable {
        let in_sector = |id, name| SymbolInfo { sector: "majors".into(), ..testing::symbol(id, name) };
        SymbolTable::new(vec![in_sector(0, "BTC"), in_sector(1, "ETH"), testing::symbol(2, "SOL")])
    }

    fn shrunk(candidate: &Candidate, base: f64, open: &[(u32, f64, f64)], account: &Account) -> f64 {
        let symbols = symbols();
        let exposures = Exposures {
            symbols: open.iter().map(|row| row.0).collect(),
            size_usd: open.iter().map(|row| row.1).collect(),
        };
        let account = &Account { open_risk_usd: open.iter().map(|row| row.2).sum(), ..*account };
        let book = Book::of_exposures(&exposures, account, &symbols);
        size(&book, &Config::default().limits(None), candidate, base, account, &symbols)
    }

    fn trade(size_usd: f64, risk_usd: f64) -> Candidate {
        Candidate { size_usd, risk_usd, ..testing::candidate() }
    }

    #[test]
    fn each_kind_of_room_can_be_the_one_that_binds() {
        let account = testing::account();
        let close = |got: f64, want: f64| assert!((got - want).abs() < 1e-6, "{got} {want}");
        close(shrunk(&trade(1_000.0, 10.0), 1_000.0, &[], &account), 1_000.0);
        close(shrunk(&trade(9_000.0, 10.0), 9_000.0, &[], &account), 3_000.0);
        close(shrunk(&trade(2_000.0, 400.0), 2_000.0, &[], &account), 1_000.0);
        close(shrunk(&trade(2_000.0, 200.0), 2_000.0, &[(2, 10.0, 1_400.0)], &account), 1_000.0);
        close(shrunk(&trade(2_000.0, 1.0), 2_000.0, &[(0, 2_500.0, 1.0)], &account), 500.0);
        let back = Candidate { side: Side::Short, ..trade(2_000.0, 1.0) };
        close(shrunk(&back, 2_000.0, &[(0, 2_000.0, 1.0)], &account), 2_000.0);
        close(shrunk(&trade(2_000.0, 1.0), 2_000.0, &[(1, -2_500.0, 1.0)], &account), 1_500.0);
        close(shrunk(&trade(2_000.0, 1.0), 2_000.0, &[(3, 7_000.0, 1.0)], &account), 1_000.0);
        close(shrunk(&trade(2_000.0, 1.0), 2_000.0, &[(3, -7_900.0, 1.0)], &account), 2_000.0);
        let poor = Account { free_margin_usd: 50.0, ..account };
        close(shrunk(&Candidate { leverage_x: 4.0, ..trade(1_000.0, 1.0) }, 1_000.0, &[], &poor), 200.0);
    }

    #[test]
    fn it_never_grows_never_goes_below_zero_and_rather_skips_than_sends_crumbs() {
        let account = testing::account();
        let sizes = [0.0, 3.0, 700.0, 40_000.0, 1e11];
        let risks = [0.0, 5.0, 900.0, f64::NAN];
        let opens = [vec![], vec![(0, 2_998.0, 5.0)], vec![(1, 5_000.0, 2_000.0)], vec![(2, -9_000.0, 1.0)]];
        for base in sizes {
            for wanted in sizes {
                for risk in risks {
                    for open in &opens {
                        let got = shrunk(&trade(wanted, risk), base, open, &account);
                        assert!(got.is_finite() && got >= 0.0 && got <= base.min(wanted));
                        assert!(got == 0.0 || got >= 5.0, "{got} is under the venue's minimum");
                    }
                }
            }
        }
        for equity_usd in [0.0, -1.0, f64::NAN] {
            let broke = Account { equity_usd, ..account };
            assert_eq!(shrunk(&trade(1_000.0, 10.0), 1_000.0, &[], &broke), 0.0);
        }
    }
}
