//! The symbol table.

use crate::hooks::{SymbolId, SymbolInfo};

/// Names and trading rules of every symbol that the host may ask about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SymbolTable {
    symbols: Vec<SymbolInfo>,
}

impl SymbolTable {
    /// An empty table: every name is `?`.
    #[must_use]
    pub const fn empty() -> Self {
        Self { symbols: Vec::new() }
    }

    /// A table of these symbols, which are best sorted by id.
    #[must_use]
    pub const fn new(symbols: Vec<SymbolInfo>) -> Self {
        Self { symbols }
    }

    /// Name of the symbol, `?` when the table does not have it.
    #[must_use]
    pub fn name(&self, id: SymbolId) -> &str {
        self.info(id).map_or("?", |symbol| &symbol.name)
    }

    /// Everything known about the symbol.
    #[must_use]
    pub fn info(&self, id: SymbolId) -> Option<&SymbolInfo> {
        // The host counts ids from 0 without gaps, so that the first look hits unless it ever stops doing so.
        let guess = self.symbols.get(usize::try_from(id).ok()?);
        guess.filter(|symbol| symbol.id == id).or_else(|| self.iter().find(|symbol| symbol.id == id))
    }

    /// The symbol of this name, written as in the table.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<&SymbolInfo> {
        self.iter().find(|symbol| symbol.name == name)
    }

    /// All symbols, in the order of the host.
    pub fn iter(&self) -> std::slice::Iter<'_, SymbolInfo> {
        self.symbols.iter()
    }

    /// Number of symbols.
    #[must_use]
    pub fn len(&self) -> usize {
        self.symbols.len()
    }

    /// Whether the host has not sent a table yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.symbols.is_empty()
    }
}

impl<'a> IntoIterator for &'a SymbolTable {
    type Item = &'a SymbolInfo;
    type IntoIter = std::slice::Iter<'a, SymbolInfo>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::SymbolTable;
    use crate::testing::symbol;

    #[test]
    fn finds_symbols_by_id_whatever_the_order_and_the_gaps() {
        let table = SymbolTable::new(vec![symbol(7, "SOL"), symbol(0, "BTC"), symbol(1, "ETH")]);
        assert_eq!(table.name(0), "BTC");
        assert_eq!(table.name(1), "ETH");
        assert_eq!(table.name(7), "SOL");
        assert_eq!(table.name(2), "?");
        assert_eq!(table.info(8), None);
        assert_eq!(table.by_name("SOL").map(|symbol| symbol.id), Some(7));
        assert_eq!(table.iter().map(|symbol| symbol.id).collect::<Vec<_>>(), [7, 0, 1]);
    }

    #[test]
    fn knows_nothing_before_the_host_sends_a_table() {
        let table = SymbolTable::empty();
        assert!(table.is_empty());
        assert_eq!(table.name(0), "?");
        assert_eq!(table.len(), 0);
    }
}
