//! What a writer must know of the ledger it continues.

use std::collections::{BTreeMap, HashMap};

use rusqlite::Connection;

use crate::{
    Head, PluginIdentity, PluginRef,
    chain::Chain,
    columns::{Columns, Decoded},
    decode::{PLUGINS, plugin},
    writer::Rows,
};

/// The state at the end of a ledger.
pub(crate) struct Resumed {
    pub(crate) chain: Chain,
    pub(crate) rows: Rows,
    pub(crate) plugins: HashMap<PluginIdentity, PluginRef>,
    pub(crate) symbols: BTreeMap<u32, String>,
}

impl Resumed {
    pub(crate) fn load(conn: &Connection) -> Decoded<Self> {
        let (chain, rows) = head(conn)?;
        Ok(Self {
            chain,
            rows,
            plugins: plugins(conn)?.into_iter().map(|(reference, identity)| (identity, reference)).collect(),
            symbols: symbols(conn)?,
        })
    }
}

/// Runs a query and decodes its rows.
pub(crate) fn rows_of<T>(
    conn: &Connection,
    sql: &str,
    values: &[rusqlite::types::Value],
    mut decode: impl FnMut(&mut Columns<'_, '_>) -> Decoded<T>,
) -> Decoded<Vec<T>> {
    let text = |error: rusqlite::Error| crate::open::sentence(&error);
    let mut statement = conn.prepare_cached(sql).map_err(text)?;
    let mut rows = statement.query(rusqlite::params_from_iter(values)).map_err(text)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next().map_err(text)? {
        all.push(decode(&mut Columns::of(row))?);
    }
    Ok(all)
}

/// A decision's id must fit beside its call's number.
const MAX_SEQ: u64 = 1 << 47;

/// Table `head`.
pub(crate) fn head(conn: &Connection) -> Decoded<(Chain, Rows)> {
    let sql =
        "SELECT seq, hash, calls, decisions, orders, fills, events, plugins, symbols, meta FROM head WHERE id = 1";
    let found = rows_of(conn, sql, &[], |from| {
        let seq = from.u64()?;
        if seq > MAX_SEQ {
            return Err("its head has a number that no record can have".to_owned());
        }
        let chain = Chain::at(seq, from.hash()?);
        let rows = Rows {
            calls: from.u64()?,
            decisions: from.u64()?,
            orders: from.u64()?,
            fills: from.u64()?,
            events: from.u64()?,
            plugins: from.u64()?,
            symbols: from.u64()?,
            meta: from.u64()?,
        };
        Ok((chain, rows))
    })?;
    found.into_iter().next().ok_or_else(|| "its head is missing".to_owned())
}

/// The head alone.
pub(crate) fn head_only(conn: &Connection) -> Decoded<Head> {
    head(conn).map(|(chain, _)| chain.head())
}

/// Every plugin, in the order they came.
pub(crate) fn plugins(conn: &Connection) -> Decoded<Vec<(PluginRef, PluginIdentity)>> {
    let sql = format!("SELECT {} FROM plugins ORDER BY seq", PLUGINS.columns);
    rows_of(conn, &sql, &[], plugin)
}

/// The symbol table as it is at the end.
pub(crate) fn symbols(conn: &Connection) -> Decoded<BTreeMap<u32, String>> {
    rows_of(conn, "SELECT id, name FROM symbols ORDER BY seq", &[], |from| Ok((from.u32()?, from.text()?)))
        .map(|rows| rows.into_iter().collect())
}
