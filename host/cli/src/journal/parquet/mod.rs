//! The journal as Parquet: a file per kind of record, in a folder, for DuckDB, Polars and pandas.
//!
//! Columns are the fields of the JSON form ([`super::show`]); what is nested there (inputs, answers, data) is JSON text
//! here. Every column may be empty. Times are UTC timestamps in ms; NaN and infinities stay what they are.

mod columns;
mod table;

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Map, Value};

use columns::{CALL, CALLS, DECISION, DIRECTIVES, EVENTS, FILLS, INSTANCES, ORDERS};
use table::Table;

/// The files being written.
pub(super) struct Parquet {
    calls: Table,
    decisions: Table,
    orders: Table,
    fills: Table,
    events: Table,
    instances: Table,
    directives: Table,
}

impl Parquet {
    /// Begins the files, with their folder.
    pub(super) fn create(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let table = |name: &str, columns: &[&[columns::Column]]| {
            let path = folder.join(format!("{name}.parquet"));
            Table::create(&path, name, columns.concat()).with_context(|| format!("cannot write {}", path.display()))
        };
        Ok(Self {
            calls: table("calls", &[CALL, CALLS])?,
            decisions: table("decisions", &[CALL, DECISION])?,
            orders: table("orders", &[ORDERS])?,
            fills: table("fills", &[FILLS])?,
            events: table("events", &[EVENTS])?,
            instances: table("instances", &[INSTANCES])?,
            directives: table("directives", &[DIRECTIVES])?,
        })
    }

    /// Adds a record in its JSON form.
    pub(super) fn add(&mut self, record: &Value) -> Result<()> {
        let Some(fields) = record.as_object() else { return Ok(()) };
        match fields.get("type").and_then(Value::as_str) {
            Some("call") => self.call(fields),
            Some("order") => self.orders.push(&[fields]),
            Some("fill") => self.fills.push(&[fields]),
            Some("event") => self.events.push(&[fields]),
            Some("instance") => self.instances.push(&[fields]),
            Some("directives") => self.directives.push(&[fields]),
            _ => Ok(()),
        }
    }

    fn call(&mut self, call: &Map<String, Value>) -> Result<()> {
        self.calls.push(&[call])?;
        let decisions = call.get("decisions").and_then(Value::as_array).into_iter().flatten();
        for (position, decision) in decisions.filter_map(Value::as_object).enumerate() {
            let place = Map::from_iter([("position".to_owned(), Value::from(position))]);
            // What both have, such as the outcome, is the decision's.
            self.decisions.push(&[&place, decision, call])?;
        }
        Ok(())
    }

    /// Completes the files: before this they cannot be read.
    pub(super) fn finish(self) -> Result<()> {
        let Self { calls, decisions, orders, fills, events, instances, directives } = self;
        [calls, decisions, orders, fills, events, instances, directives].into_iter().try_for_each(Table::finish)
    }
}

#[cfg(test)]
mod tests;
