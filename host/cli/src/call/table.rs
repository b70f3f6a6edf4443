//! The symbol table of a call: given, or grown from the documents.
//!
//! Invariant: a row's id is its place. Rows are only appended, so an id that the plugin has seen never changes its meaning.

use bulkhead_policy::{
    SymbolId,
    json::{self, JsonError, Symbol, did_you_mean},
    trade::Tier,
};
use bulkhead_sandbox::SymbolInfo;
use serde::Deserialize;
use serde_json::Value;

/// Smallest step of price and quantity where nobody gave one: it keeps nothing from being traded.
const NEUTRAL_STEP: f64 = 1e-8;
/// Most rows that a document may make without a table.
const MAX_ROWS: usize = 10_000;

/// The table.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: Vec<SymbolInfo>,
    /// Whether the row's name comes from a person.
    named: Vec<bool>,
    given: bool,
}

/// A row of `--symbols`, as the WIT has it. The id may stand there, and is the place.
#[derive(Deserialize)]
struct Row {
    id: Option<SymbolId>,
    name: String,
    tick: f64,
    step: f64,
    min_notional_usd: f64,
    sector: String,
    tier: Option<Tier>,
}

impl Table {
    /// Reads the rows of `--symbols`.
    pub(super) fn given(list: &Value) -> Result<Self, String> {
        let rows: Vec<Row> = json::read("symbols", list).map_err(|error| error.to_string())?;
        let mut table = Self { given: true, ..Self::default() };
        for (place, row) in rows.into_iter().enumerate() {
            let id = SymbolId::try_from(place).map_err(|_| "symbols: there are too many".to_owned())?;
            if row.id.is_some_and(|said| said != id) {
                return Err(format!("symbols[{place}].id: it is the place in the list, so {place}"));
            }
            if table.place(&row.name).is_some() {
                return Err(format!("symbols[{place}].name: {:?} stands twice", row.name));
            }
            let Row { name, tick, step, min_notional_usd, sector, tier, .. } = row;
            table.push(SymbolInfo { id, name, tick, step, min_notional_usd, sector, tier }, true);
        }
        Ok(table)
    }

    /// Puts ids in the place of a document's symbols. What it adds stays only if the caller does not go back to the old
    /// length.
    pub(super) fn take_in(&mut self, document: &mut Value) -> Result<(), JsonError> {
        // Names first: an id is a place in the finished table.
        json::to_ids("input", document, &mut |symbol| match symbol {
            Symbol::Name(name) => self.id_of(name),
            Symbol::Id(id) => Ok(id),
        })?;
        json::to_ids("input", document, &mut |symbol| match symbol {
            Symbol::Id(id) => self.known(id),
            Symbol::Name(name) => Err(format!("{name:?} has no id")),
        })
    }

    /// Puts names in the place of an answer's ids, where there are names.
    pub(super) fn give_out(&self, answer: &mut Value) {
        json::to_names(answer, &|id| self.name(id));
    }

    pub(super) fn name(&self, id: SymbolId) -> Option<&str> {
        let place = usize::try_from(id).ok()?;
        self.named.get(place).filter(|named| **named)?;
        self.rows.get(place).map(|row| row.name.as_str())
    }

    pub(super) fn rows(&self) -> &[SymbolInfo] {
        &self.rows
    }

    pub(super) const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Takes back what was added since the table had this length.
    pub(super) fn truncate(&mut self, len: usize) {
        self.rows.truncate(len);
        self.named.truncate(len);
    }

    fn place(&self, name: &str) -> Option<SymbolId> {
        self.rows.iter().find(|row| row.name == name).map(|row| row.id)
    }

    fn id_of(&mut self, name: &str) -> Result<SymbolId, String> {
        if let Some(id) = self.place(name) {
            return Ok(id);
        }
        if self.given {
            let names: Vec<&str> = self.rows.iter().map(|row| row.name.as_str()).collect();
            return Err(format!("the symbol table has no {name:?}{}", did_you_mean(name, &names)));
        }
        self.append(name.to_owned(), true)
    }

    fn known(&mut self, id: SymbolId) -> Result<SymbolId, String> {
        let wanted = usize::try_from(id).unwrap_or(usize::MAX);
        if wanted >= self.len() && (self.given || wanted >= MAX_ROWS) {
            return Err(format!("the symbol table has no id {id} (it has {} rows)", self.len()));
        }
        while wanted >= self.len() {
            self.append(format!("#{}", self.len()), false)?;
        }
        Ok(id)
    }

    fn append(&mut self, name: String, named: bool) -> Result<SymbolId, String> {
        let id = SymbolId::try_from(self.len()).ok().filter(|_| self.len() < MAX_ROWS);
        let id = id.ok_or_else(|| format!("{name:?} is one symbol too many: at most {MAX_ROWS} without --symbols"))?;
        let (tick, step, sector) = (NEUTRAL_STEP, NEUTRAL_STEP, String::new());
        self.push(SymbolInfo { id, name, tick, step, min_notional_usd: 0.0, sector, tier: None }, named);
        Ok(id)
    }

    fn push(&mut self, row: SymbolInfo, named: bool) {
        self.rows.push(row);
        self.named.push(named);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names(table: &Table) -> Vec<&str> {
        table.rows().iter().map(|row| row.name.as_str()).collect()
    }

    #[test]
    fn names_get_ids_in_the_order_of_the_document_and_ids_get_rows_after_them() {
        let mut table = Table::default();
        let mut document = json!({"candidate": {"symbol": "SOL"}, "bars": {"symbols": ["BTC", 3, "SOL", 0]}});
        table.take_in(&mut document).unwrap();
        assert_eq!(document, json!({"candidate": {"symbol": 0}, "bars": {"symbols": [1, 3, 0, 0]}}));
        assert_eq!(names(&table), ["SOL", "BTC", "#2", "#3"]);
        assert!(table.rows().iter().zip(0..).all(|(row, place)| row.id == place));
        table.give_out(&mut document);
        assert_eq!(document["bars"]["symbols"], json!(["BTC", 3, "SOL", "SOL"]));
    }

    #[test]
    fn without_a_table_a_document_makes_no_endless_one() {
        let mut table = Table::default();
        let error = table.take_in(&mut json!({"symbol": 4_000_000_000_u32})).unwrap_err().to_string();
        assert_eq!(error, "input.symbol: the symbol table has no id 4000000000 (it has 0 rows)");
        let many: Vec<String> = (0..=MAX_ROWS).map(|n| format!("S{n}")).collect();
        let error = table.take_in(&mut json!({"symbols": many})).unwrap_err();
        assert_eq!(error.field(), format!("input.symbols[{MAX_ROWS}]"));
    }

    #[test]
    fn a_given_table_is_the_only_one() {
        let row = |name: &str| json!({"name": name, "tick": 0.1, "step": 0.001, "min_notional_usd": 5, "sector": "L1", "tier": "CORE"});
        let mut table = Table::given(&json!([row("BTCUSDT"), row("ETHUSDT")])).unwrap();
        assert_eq!(table.rows()[1].tier, Some(Tier::Core));
        let mut document = json!({"symbols": ["ETHUSDT", 0]});
        table.take_in(&mut document).unwrap();
        assert_eq!(document, json!({"symbols": [1, 0]}));
        for (symbol, problem) in [
            (json!("BTCUSD"), "the symbol table has no \"BTCUSD\"; did you mean \"BTCUSDT\"?"),
            (json!(2), "the symbol table has no id 2 (it has 2 rows)"),
        ] {
            let error = table.take_in(&mut json!({"symbol": symbol})).unwrap_err();
            assert_eq!((error.field().as_str(), error.problem()), ("input.symbol", problem));
        }

        let mut misplaced = row("ETHUSDT");
        misplaced["id"] = json!(7);
        for (list, sentence) in [
            (json!([row("A"), row("A")]), "symbols[1].name: \"A\" stands twice"),
            (json!([row("A"), misplaced]), "symbols[1].id: it is the place in the list, so 1"),
            (json!([{"name": "A"}]), "symbols[0].tick: it is missing"),
            (json!({}), "symbols: expected a list, got an object"),
        ] {
            assert_eq!(Table::given(&list).unwrap_err(), sentence);
        }
    }
}
