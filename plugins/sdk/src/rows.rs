//! Rows over columns: tables travel as one list per field, because that is many times cheaper, and are read here row by
//! row.

use crate::hooks::{Bars, Exposures, Outcomes, Positions, Regime, Returns, Side, SymbolId, SymbolMarks, Universe};

/// Walks columns side by side. A zip makes one comparison a row instead of one a column, and fuel is paid by the
/// comparison.
macro_rules! zipped {
    ($table:tt; $column:ident) => { $table.$column.iter() };
    ($table:tt; $column:ident, $($rest:ident),+) => { $table.$column.iter().zip(zipped!($table; $($rest),+)) };
}

/// The pattern of what [`zipped`] yields.
macro_rules! nested {
    ($field:ident) => { $field };
    ($field:ident, $($rest:ident),+) => { ($field, nested!($($rest),+)) };
}

macro_rules! table {
    ($(#[$doc:meta])* $table:ident => $row:ident { $($(#[$field_doc:meta])* $field:ident: $column:ident: $type:ty,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub struct $row {
            $($(#[$field_doc])* pub $field: $type,)+
        }

        impl $table {
            /// Number of rows: the host sends columns of one length.
            #[must_use]
            pub fn len(&self) -> usize {
                [$(self.$column.len()),+].into_iter().min().unwrap_or_default()
            }

            /// Whether there is no row.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.len() == 0
            }

            /// The row at this place.
            #[must_use]
            pub fn row(&self, index: usize) -> Option<$row> {
                Some($row { $($field: *self.$column.get(index)?,)+ })
            }

            /// All rows in the order of the table.
            pub fn rows(&self) -> impl Iterator<Item = $row> + '_ {
                zipped!(self; $($column),+).map(|nested!($($field),+)| $row { $($field: *$field,)+ })
            }
        }
    };
}

macro_rules! find_by_symbol {
    ($($table:ident => $row:ident),+) => {$(
        impl $table {
            /// The first row of this symbol.
            #[must_use]
            pub fn find(&self, symbol: SymbolId) -> Option<$row> {
                let index = self.symbols.iter().position(|id| *id == symbol)?;
                self.row(index)
            }
        }
    )+};
}

impl Returns {
    /// The returns of one symbol, oldest first; `None` when the host has no whole window of it.
    #[must_use]
    pub fn of(&self, symbol: SymbolId) -> Option<&[f64]> {
        let index = self.symbols.iter().position(|id| *id == symbol)?;
        let count = usize::try_from(self.count).ok()?;
        let start = index.checked_mul(count)?;
        self.values.get(start..start.checked_add(count)?)
    }
}

table! {
    /// An open position as a pre-trade decision sees it.
    Exposures => ExposureRow {
        /// The symbol.
        symbol: symbols: SymbolId,
        /// Signed notional at mark price in USD: negative is short.
        size_usd: size_usd: f64,
    }
}

table! {
    /// An open position with everything known about it.
    Positions => PositionRow {
        /// The symbol.
        symbol: symbols: SymbolId,
        /// Signed, in units of the base currency: negative is short.
        quantity: quantity: f64,
        /// Average price paid, in the quote currency.
        entry_price: entry_price: f64,
        /// Price now, in the quote currency.
        mark_price: mark_price: f64,
        /// Margin in USD.
        margin_usd: margin_usd: f64,
        /// Leverage, 1.0 is none.
        leverage_x: leverage_x: f64,
        /// Loss at the stop in USD, 0 or more.
        risk_usd: risk_usd: f64,
        /// When it was opened, epoch ms.
        opened_ms: opened_ms: u64,
        /// Profit now in multiples of the risk taken at entry.
        r: r: f64,
        /// The best profit so far in multiples of the risk taken at entry.
        peak_r: peak_r: f64,
    }
}

table! {
    /// One symbol's bar that just closed. Prices in the quote currency.
    Bars => BarRow {
        /// The symbol.
        symbol: symbols: SymbolId,
        /// First price.
        open: open: f64,
        /// Highest price.
        high: high: f64,
        /// Lowest price.
        low: low: f64,
        /// Last price.
        close: close: f64,
        /// Units of the base currency traded.
        volume: volume: f64,
    }
}

table! {
    /// A symbol that may be traded in this cycle.
    Universe => UniverseRow {
        /// The symbol.
        symbol: symbols: SymbolId,
        /// What the directives in force say about it.
        marks: marks: SymbolMarks,
        /// Traded in the last 24 h, in USD.
        volume_24h_usd: volume_24h_usd: f64,
        /// High-low range of the last hour in bps of price.
        range_bps: range_bps: f64,
        /// Estimated quoted spread in bps.
        spread_bps: spread_bps: f64,
    }
}

table! {
    /// A closed trade of a model.
    Outcomes => OutcomeRow {
        /// Index into the list of models.
        model: model: u32,
        /// What the model claimed, 0 to 1.
        confidence: confidence: f64,
        /// Profit in multiples of the risk taken.
        r: r: f64,
        /// When it was closed, epoch ms.
        closed_ms: closed_ms: u64,
        /// Long or short.
        side: side: Side,
        /// The market's regime at entry.
        regime: regime: Regime,
    }
}

find_by_symbol!(Exposures => ExposureRow, Positions => PositionRow, Bars => BarRow, Universe => UniverseRow);

#[cfg(test)]
mod tests {
    use super::{ExposureRow, Exposures};

    fn table() -> Exposures {
        Exposures { symbols: vec![3, 1], size_usd: vec![100.0, -50.0] }
    }

    #[test]
    fn reads_rows_in_order() {
        let table = table();
        let rows: Vec<ExposureRow> = table.rows().collect();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[1], ExposureRow { symbol: 1, size_usd: -50.0 });
        assert_eq!(table.find(1), Some(rows[1]));
        assert_eq!(table.find(2), None);
        assert_eq!(table.row(2), None);
        assert_eq!(table.len(), 2);
        assert!(!table.is_empty());
    }

    #[test]
    fn ends_at_the_shortest_column() {
        let mut table = table();
        table.size_usd.pop();
        assert_eq!(table.rows().count(), 1);
        assert_eq!(table.find(1), None);
    }
}
