//! All that is held, added up by symbol and sector.

use bulkhead_sdk::prelude::*;
use std::collections::BTreeMap;

/// Most that the contract takes for a percentage of equity.
const BEYOND: f64 = 1e6;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Holding {
    /// Signed: negative is short.
    pub size_usd: f64,
    pub risk_usd: f64,
    /// Known only where whole positions are at hand.
    pub leverage_x: Option<f64>,
    /// Profit in multiples of the risk at entry, where known.
    pub r: Option<f64>,
}

#[derive(Clone, Debug, Default)]
pub struct Book<'a> {
    pub equity_usd: f64,
    /// Risk of holdings whose own is not known: lean rows carry sizes only.
    pub other_risk_usd: f64,
    pub holdings: BTreeMap<SymbolId, Holding>,
    /// Long and short added up. Symbols of no known sector are in none.
    pub sectors: BTreeMap<&'a str, f64>,
}

pub fn sector(symbols: &SymbolTable, symbol: SymbolId) -> Option<&str> {
    symbols.info(symbol).map(|info| info.sector.as_str()).filter(|sector| !sector.is_empty())
}

impl<'a> Book<'a> {
    /// From the lean rows of a pre-trade hook. They hold the trades allowed earlier in the cycle.
    pub fn of_exposures(exposures: &Exposures, account: &Account, symbols: &'a SymbolTable) -> Self {
        let (equity_usd, other_risk_usd) = (account.equity_usd, account.open_risk_usd);
        let mut book = Self { equity_usd, other_risk_usd, ..Self::default() };
        for row in exposures.rows() {
            book.add(row.symbol, Holding { size_usd: row.size_usd, ..Holding::default() }, symbols);
        }
        book
    }

    /// From whole positions.
    pub fn of_positions(positions: &Positions, account: &Account, symbols: &'a SymbolTable) -> Self {
        let mut book = Self { equity_usd: account.equity_usd, ..Self::default() };
        for row in positions.rows() {
            let holding = Holding {
                size_usd: row.quantity * row.mark_price,
                risk_usd: row.risk_usd,
                leverage_x: Some(row.leverage_x),
                r: Some(row.r),
            };
            book.add(row.symbol, holding, symbols);
        }
        book
    }

    fn add(&mut self, symbol: SymbolId, holding: Holding, symbols: &'a SymbolTable) {
        if holding.size_usd == 0.0 {
            return;
        }
        if let Some(sector) = sector(symbols, symbol) {
            *self.sectors.entry(sector).or_default() += holding.size_usd.abs();
        }
        let sum = self.holdings.entry(symbol).or_insert(Holding { size_usd: 0.0, risk_usd: 0.0, ..holding });
        sum.size_usd += holding.size_usd;
        sum.risk_usd += holding.risk_usd;
    }

    /// The book as it is after the symbol's position is closed.
    pub fn close(&mut self, symbol: SymbolId, symbols: &'a SymbolTable) {
        let Some(holding) = self.holdings.remove(&symbol) else { return };
        if let Some(sum) = sector(symbols, symbol).and_then(|sector| self.sectors.get_mut(sector)) {
            *sum -= holding.size_usd.abs();
        }
    }

    pub fn positions(&self) -> u32 {
        u32::try_from(self.holdings.len()).unwrap_or(u32::MAX)
    }

    pub fn gross_usd(&self) -> f64 {
        self.holdings.values().map(|holding| holding.size_usd.abs()).sum()
    }

    pub fn net_usd(&self) -> f64 {
        self.holdings.values().map(|holding| holding.size_usd).sum()
    }

    pub fn risk_usd(&self) -> f64 {
        self.other_risk_usd + self.holdings.values().map(|holding| holding.risk_usd).sum::<f64>()
    }

    /// Signed size held in the symbol.
    pub fn held(&self, symbol: SymbolId) -> f64 {
        self.holdings.get(&symbol).map_or(0.0, |holding| holding.size_usd)
    }

    /// Share of equity in percent. Without equity, anything held is beyond every limit.
    pub fn pct(&self, usd: f64) -> f64 {
        if usd == 0.0 {
            0.0
        } else if self.equity_usd > 0.0 {
            (usd / self.equity_usd * 100.0).clamp(-BEYOND, BEYOND)
        } else {
            BEYOND.copysign(usd)
        }
    }

    /// The USD that a percentage of equity is worth. Without equity: nothing.
    pub fn usd(&self, pct: f64) -> f64 {
        self.equity_usd.max(0.0) * pct / 100.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bulkhead_sdk::testing;

    #[test]
    fn rows_of_one_symbol_and_one_sector_add_up() {
        let in_sector = |id, name, sector: &str| SymbolInfo { sector: sector.into(), ..testing::symbol(id, name) };
        let symbols = SymbolTable::new(vec![in_sector(0, "A", "L1"), in_sector(1, "B", "L1"), in_sector(2, "C", "")]);
        let exposures = Exposures { symbols: vec![0, 1, 0, 2, 1], size_usd: vec![100.0, -40.0, 50.0, 7.0, 0.0] };
        let account = Account { open_risk_usd: 10.0, ..testing::account() };
        let book = Book::of_exposures(&exposures, &account, &symbols);
        assert_eq!(book.positions(), 3);
        assert_eq!((book.held(0), book.held(1), book.held(9)), (150.0, -40.0, 0.0));
        assert_eq!((book.gross_usd(), book.net_usd(), book.risk_usd()), (197.0, 117.0, 10.0));
        assert_eq!(book.sectors, BTreeMap::from([("L1", 190.0)]));
        let mut less = book.clone();
        less.close(0, &symbols);
        assert_eq!((less.positions(), less.gross_usd()), (2, 47.0));
        assert_eq!(less.sectors, BTreeMap::from([("L1", 40.0)]));
    }

    #[test]
    fn shares_of_no_equity_stay_numbers() {
        let book = |equity_usd| Book { equity_usd, ..Book::default() };
        assert_eq!(book(10_000.0).pct(150.0), 1.5);
        assert_eq!(book(1e-9).pct(1e9), BEYOND);
        for equity in [0.0, -5.0, f64::NAN] {
            assert_eq!((book(equity).pct(0.0), book(equity).pct(1.0), book(equity).pct(-1.0)), (0.0, BEYOND, -BEYOND));
            assert_eq!(book(equity).usd(30.0), 0.0);
        }
    }
}
