//! Byte strings in one copy. The postcard is the same as element by element.

use core::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{SeqAccess, Visitor},
};

struct Ref<'a>(&'a [u8]);

impl Serialize for Ref<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(self.0)
    }
}

struct Owned(Vec<u8>);

impl<'de> Deserialize<'de> for Owned {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl<'de> Visitor<'de> for Bytes {
            type Value = Owned;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Owned, E> {
                Ok(Owned(bytes.to_vec()))
            }

            /// JSON has no bytes: there they are a list of numbers.
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Owned, A::Error> {
                let mut bytes = Vec::new();
                while let Some(byte) = list.next_element()? {
                    bytes.push(byte);
                }
                Ok(Owned(bytes))
            }
        }
        from.deserialize_bytes(Bytes)
    }
}

/// A byte string.
pub(crate) mod bytes {
    use super::*;

    #[allow(clippy::ptr_arg, reason = "serde passes the field's own type")]
    pub(crate) fn serialize<S: Serializer>(value: &Vec<u8>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(value)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        Owned::deserialize(from).map(|owned| owned.0)
    }
}

/// A byte string that may be absent.
pub(crate) mod optional_bytes {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(value: &Option<Vec<u8>>, to: S) -> Result<S::Ok, S::Error> {
        value.as_deref().map(Ref).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Vec<u8>>, D::Error> {
        Ok(Option::<Owned>::deserialize(from)?.map(|owned| owned.0))
    }
}
