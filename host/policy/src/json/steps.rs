//! One step down into a document: a field, a row, a case. Errors from below learn here where they are.

use serde::de::{
    DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor, value::StrDeserializer,
};
use serde_json::{Map, Value, map};

use super::{error::JsonError, reader};

pub(super) struct Fields<'a> {
    left: map::Iter<'a>,
    at: Option<(&'a str, &'a Value)>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(map: &'a Map<String, Value>) -> Self {
        Self { left: map.iter(), at: None }
    }
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = JsonError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, JsonError> {
        let Some((key, value)) = self.left.next() else { return Ok(None) };
        self.at = Some((key, value));
        let key: StrDeserializer<'_, JsonError> = key.as_str().into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, JsonError> {
        let (key, value) = self.at.take().ok_or_else(|| JsonError::new("a value without its field"))?;
        reader::value(seed, value).map_err(|error| error.within(key))
    }
}

pub(super) struct Rows<'a> {
    left: std::iter::Enumerate<std::slice::Iter<'a, Value>>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(rows: &'a [Value]) -> Self {
        Self { left: rows.iter().enumerate() }
    }
}

impl<'de> SeqAccess<'de> for Rows<'de> {
    type Error = JsonError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, JsonError> {
        let Some((row, value)) = self.left.next() else { return Ok(None) };
        reader::value(seed, value).map(Some).map_err(|error| error.in_row(row))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left.len())
    }
}

/// A case of an enum or variant, by its name.
pub(super) struct Case<'a> {
    pub(super) name: &'a str,
    pub(super) content: Option<&'a Value>,
}

impl<'de> EnumAccess<'de> for Case<'de> {
    type Error = JsonError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), JsonError> {
        let name: StrDeserializer<'_, JsonError> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Case<'de> {
    type Error = JsonError;

    fn unit_variant(self) -> Result<(), JsonError> {
        match self.content {
            None => Ok(()),
            Some(_) => Err(JsonError::new(format!("{0} has no content: write \"{0}\"", self.name))),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, JsonError> {
        let name = self.name;
        let content =
            self.content.ok_or_else(|| JsonError::new(format!("{name} has content: write {{\"{name}\": …}}")))?;
        reader::value(seed, content).map_err(|error| error.within(name))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, JsonError> {
        Err(JsonError::new("the contract has no such case"))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, JsonError> {
        Err(JsonError::new("the contract has no such case"))
    }
}
