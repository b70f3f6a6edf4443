//! From JSON to policy's types: strict, and every error names its field.
//!
//! serde's own reader of JSON values ignores unknown fields and does not say where an error is.

use serde::de::{DeserializeSeed, Deserializer, Visitor};
use serde_json::{Map, Value};

use super::{
    error::JsonError,
    nearest::did_you_mean,
    steps::{Case, Fields, Rows},
};

/// Structs whose fields are columns: lists of one length.
const COLUMNS: [&str; 5] = ["Exposures", "Positions", "Bars", "Universe", "Outcomes"];

/// A value that is being read.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    value: &'a Value,
    /// Fields of this object that somebody else reads.
    others: &'static [&'static str],
}

impl<'a> Reader<'a> {
    pub(super) const fn new(value: &'a Value) -> Self {
        Self { value, others: &[] }
    }

    pub(super) const fn without(value: &'a Value, others: &'static [&'static str]) -> Self {
        Self { value, others }
    }

    pub(super) fn wrong(self, expected: &str) -> JsonError {
        let got = match self.value {
            Value::Null => "null".to_owned(),
            Value::Bool(_) => "a boolean".to_owned(),
            Value::Number(number) => format!("the number {number}"),
            Value::String(_) => "a string".to_owned(),
            Value::Array(_) => "a list".to_owned(),
            Value::Object(_) => "an object".to_owned(),
        };
        JsonError::new(format!("expected {expected}, got {got}"))
    }

    /// The object's fields, all of which are known.
    pub(super) fn object(self, known: &[&str]) -> Result<&'a Map<String, Value>, JsonError> {
        let Value::Object(map) = self.value else { return Err(self.wrong("an object")) };
        let known: Vec<&str> = self.others.iter().chain(known).copied().collect();
        match map.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => {
                Err(JsonError::new(format!("there is no such field{}", did_you_mean(key, &known))).within(key))
            }
            None => Ok(map),
        }
    }

    fn whole(self, most: u64) -> Result<u64, JsonError> {
        let expected = || match u32::try_from(most) {
            Ok(most) => format!("a whole number from 0 to {most}"),
            Err(_) => "a whole number, 0 or more".to_owned(),
        };
        self.value.as_u64().filter(|n| *n <= most).ok_or_else(|| self.wrong(&expected()))
    }
}

/// Columns belong together row by row.
fn rows_agree(map: &Map<String, Value>) -> Result<(), JsonError> {
    let mut columns = map.iter().filter_map(|(name, value)| Some((name, value.as_array()?.len())));
    let Some((first, rows)) = columns.next() else { return Ok(()) };
    match columns.find(|(_, len)| *len != rows) {
        Some((name, len)) => {
            Err(JsonError::new(format!("it has {len} rows and {first} has {rows}: columns have one length"))
                .within(name))
        }
        None => Ok(()),
    }
}

/// Every symbol has `count` values.
fn whole_windows(map: &Map<String, Value>) -> Result<(), JsonError> {
    let rows = |name: &str| map.get(name).and_then(Value::as_array).map(|rows| rows.len() as u64);
    let count = map.get("count").and_then(Value::as_u64);
    match (rows("symbols"), count, rows("values")) {
        (Some(symbols), Some(count), Some(values)) if symbols.checked_mul(count) != Some(values) => {
            let problem = format!("it has {values} rows: {symbols} symbols with {count} values each need as many");
            Err(JsonError::new(problem).within("values"))
        }
        _ => Ok(()),
    }
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = JsonError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(b) => visitor.visit_bool(*b),
            Value::Number(n) => match (n.as_u64(), n.as_i64()) {
                (Some(n), _) => visitor.visit_u64(n),
                (None, Some(n)) => visitor.visit_i64(n),
                (None, None) => self.deserialize_f64(visitor),
            },
            Value::String(s) => visitor.visit_borrowed_str(s),
            Value::Array(rows) => visitor.visit_seq(Rows::new(rows)),
            Value::Object(map) => visitor.visit_map(Fields::new(map)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        visitor.visit_bool(self.value.as_bool().ok_or_else(|| self.wrong("a boolean"))?)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        visitor.visit_u64(self.whole(u32::MAX.into())?)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        visitor.visit_u64(self.whole(u64::MAX)?)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        visitor.visit_f64(self.value.as_f64().ok_or_else(|| self.wrong("a number"))?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        visitor.visit_borrowed_str(self.value.as_str().ok_or_else(|| self.wrong("a string"))?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, JsonError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        let rows = self.value.as_array().ok_or_else(|| self.wrong("a list"))?;
        visitor.visit_seq(Rows::new(rows))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        let map = self.object(fields)?;
        let read = visitor.visit_map(Fields::new(map))?;
        match name {
            "Returns" => whole_windows(map)?,
            name if COLUMNS.contains(&name) => rows_agree(map)?,
            _ => {}
        }
        Ok(read)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        let one = |map: &'de Map<String, Value>| map.iter().next().filter(|_| map.len() == 1);
        let (name, content) = match self.value {
            Value::String(name) => (name, None),
            Value::Object(map) => {
                one(map).map(|(name, value)| (name, Some(value))).ok_or_else(|| self.wrong("one case"))?
            }
            _ => return Err(self.wrong(&format!("one of {}", names.join(", ")))),
        };
        if !names.contains(&name.as_str()) {
            return Err(JsonError::new(format!("{name:?} is no value of it{}", did_you_mean(name, names))));
        }
        visitor.visit_enum(Case { name, content })
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i64 u8 u16 f32 char bytes byte_buf unit unit_struct tuple tuple_struct map identifier ignored_any
    }
}

/// Reads a field's value.
pub(super) fn value<'de, S: DeserializeSeed<'de>>(seed: S, value: &'de Value) -> Result<S::Value, JsonError> {
    seed.deserialize(Reader::new(value))
}
