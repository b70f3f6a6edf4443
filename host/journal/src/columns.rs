//! One row's columns, read strictly: a value that the writer would not have written is an error that names its column,
//! never a guess.

use bulkhead_policy::Outcome;
use rusqlite::{
    Row,
    types::{FromSql, ValueRef},
};

use crate::{
    chain::Hash,
    code::{Code, outcome_of},
};

/// A value, or what is wrong with it.
pub(crate) type Decoded<T> = Result<T, String>;

/// Reads a row's columns from left to right.
pub(crate) struct Columns<'r, 's> {
    row: &'r Row<'s>,
    next: usize,
}

impl<'r, 's> Columns<'r, 's> {
    pub(crate) const fn of(row: &'r Row<'s>) -> Self {
        Self { row, next: 0 }
    }

    fn bad(&self, index: usize, why: impl core::fmt::Display) -> String {
        format!("column {} {why}", self.row.as_ref().column_name(index).unwrap_or("?"))
    }

    pub(crate) fn take<T: FromSql>(&mut self) -> Decoded<T> {
        self.map(|value: T| Some(value))
    }

    /// Reads a value and refuses it where `to` has no meaning for it.
    fn map<T: FromSql, U>(&mut self, to: impl FnOnce(T) -> Option<U>) -> Decoded<U> {
        let index = self.next;
        self.next += 1;
        let value = self.row.get(index).map_err(|error| self.bad(index, format_args!("cannot be read: {error}")))?;
        to(value).ok_or_else(|| self.bad(index, "holds a value that the host never writes"))
    }

    pub(crate) fn u64(&mut self) -> Decoded<u64> {
        self.map(|v: i64| Some(v.cast_unsigned()))
    }

    pub(crate) fn u32(&mut self) -> Decoded<u32> {
        self.map(|v: i64| u32::try_from(v).ok())
    }

    pub(crate) fn optional_u32(&mut self) -> Decoded<Option<u32>> {
        self.map(|v: Option<i64>| v.map_or(Some(None), |v| u32::try_from(v).ok().map(Some)))
    }

    pub(crate) fn text(&mut self) -> Decoded<String> {
        self.take()
    }

    pub(crate) fn hash(&mut self) -> Decoded<Hash> {
        self.take()
    }

    pub(crate) fn code<T: Code>(&mut self) -> Decoded<T> {
        self.map(T::decode)
    }

    pub(crate) fn optional_code<T: Code>(&mut self) -> Decoded<Option<T>> {
        self.map(|v: Option<i64>| v.map_or(Some(None), |v| T::decode(v).map(Some)))
    }

    pub(crate) fn flag(&mut self) -> Decoded<bool> {
        self.map(|v: i64| match v {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        })
    }

    /// An optional number. NaN is kept as text, because SQLite has none.
    pub(crate) fn number(&mut self) -> Decoded<Option<f64>> {
        let index = self.next;
        self.next += 1;
        match self.row.get_ref(index) {
            Ok(ValueRef::Real(v)) => Ok(Some(v)),
            Ok(ValueRef::Text(b"NaN")) => Ok(Some(f64::NAN)),
            Ok(ValueRef::Null) => Ok(None),
            _ => Err(self.bad(index, "is not a number")),
        }
    }

    pub(crate) fn f64(&mut self) -> Decoded<f64> {
        let index = self.next;
        self.number()?.ok_or_else(|| self.bad(index, "is empty"))
    }

    /// The two columns of an outcome.
    pub(crate) fn outcome(&mut self) -> Decoded<Outcome> {
        let kind: i64 = self.take()?;
        self.map(|cause: Option<i64>| outcome_of(kind, cause))
    }

    /// The two columns of a directive, both full or both empty.
    pub(crate) fn directive(&mut self) -> Decoded<Option<(u64, u64)>> {
        let id: Option<i64> = self.take()?;
        self.map(|age: Option<i64>| match (id, age) {
            (Some(id), Some(age)) => Some(Some((id.cast_unsigned(), age.cast_unsigned()))),
            (None, None) => Some(None),
            _ => None,
        })
    }
}
