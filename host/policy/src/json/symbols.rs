//! Names and ids of symbols: one list of fields, one walk in each direction.

use serde_json::Value;

use super::error::JsonError;
use crate::SymbolId;

/// The fields whose WIT type is `symbol-id`, or a list or an option of it. No other field has one of these names.
pub const SYMBOL_FIELDS: [&str; 8] = [
    "symbol",
    "symbols",
    "kept",
    "pause_symbols",
    "force_exit_symbols",
    "blacklist_symbols",
    "whitelist_symbols",
    "erratic_symbols",
];

/// A symbol as a document has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symbol<'a> {
    /// By name.
    Name(&'a str),
    /// By id.
    Id(SymbolId),
}

/// Puts ids in the place of all symbols, in the order of the document. `id_of` says which, or why there is none.
///
/// # Errors
/// The first field whose symbol has no id, or that has no symbol.
pub fn to_ids(
    root: &str,
    document: &mut Value,
    id_of: &mut dyn FnMut(Symbol<'_>) -> Result<SymbolId, String>,
) -> Result<(), JsonError> {
    let mut change = |value: &mut Value| {
        let id = match &*value {
            Value::Null => return Ok(()),
            Value::String(name) => id_of(Symbol::Name(name)),
            Value::Number(number) => match number.as_u64().and_then(|n| SymbolId::try_from(n).ok()) {
                Some(id) => id_of(Symbol::Id(id)),
                None => Err(format!("{number} is no symbol's id")),
            },
            _ => Err("expected a symbol's name or id".to_owned()),
        };
        *value = Value::from(id.map_err(JsonError::new)?);
        Ok(())
    };
    each_symbol(document, &mut change).map_err(|error| error.within(root))
}

/// Puts names in the place of all ids. An id without a name stays.
pub fn to_names<'a>(document: &mut Value, name_of: &dyn Fn(SymbolId) -> Option<&'a str>) {
    let mut change = |value: &mut Value| {
        let id = value.as_u64().and_then(|n| SymbolId::try_from(n).ok());
        if let Some(name) = id.and_then(name_of) {
            *value = Value::from(name);
        }
        Ok(())
    };
    // The change above cannot fail.
    let _ = each_symbol(document, &mut change);
}

type Change<'c> = dyn FnMut(&mut Value) -> Result<(), JsonError> + 'c;

fn each_symbol(value: &mut Value, change: &mut Change<'_>) -> Result<(), JsonError> {
    match value {
        Value::Object(map) => {
            for (field, value) in map {
                let done = match value {
                    Value::Array(rows) if is_symbol(field) => each_row(rows, change, |row, change| change(row)),
                    value if is_symbol(field) => change(value),
                    value => each_symbol(value, change),
                };
                done.map_err(|error| error.within(field))?;
            }
            Ok(())
        }
        Value::Array(rows) => each_row(rows, change, each_symbol),
        _ => Ok(()),
    }
}

fn is_symbol(field: &str) -> bool {
    SYMBOL_FIELDS.contains(&field)
}

fn each_row(
    rows: &mut [Value],
    change: &mut Change<'_>,
    step: fn(&mut Value, &mut Change<'_>) -> Result<(), JsonError>,
) -> Result<(), JsonError> {
    let mut numbered = rows.iter_mut().enumerate();
    numbered.try_for_each(|(row, value)| step(value, change).map_err(|error| error.in_row(row)))
}
