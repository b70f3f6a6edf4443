//! What is kept of the dials: only what somebody set, and who, when and why.

use std::{
    collections::BTreeMap,
    time::{SystemTime, UNIX_EPOCH},
};

use bulkhead_policy::{
    Mode, Stage,
    envelope::{EnvelopeLimits, LimitKey},
};
use serde::{Deserialize, Serialize};

use crate::{reload::Wish, version::digest_of};

/// The form that this host writes.
const FORMAT: u32 = 1;

/// A value that somebody set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Set<T> {
    pub(crate) value: T,
    pub(crate) actor: String,
    pub(crate) reason: String,
    /// Epoch ms of event time.
    pub(crate) event_ms: u64,
    /// Epoch ms by this machine's clock.
    pub(crate) wall_ms: u64,
}

/// A plugin file in place of the configured one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bound {
    /// Its name in the plugin folder.
    pub(crate) file: String,
    /// What was configured then. Another configuration since then is the younger word.
    pub(crate) instead_of: String,
}

/// All of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    format: u32,
    /// Changes so far.
    pub(crate) generation: u64,
    /// Changes of the limits so far, starts included: a wider one names what was seen.
    pub(crate) limits_generation: u64,
    pub(crate) stage: Option<Set<Stage>>,
    pub(crate) modes: BTreeMap<String, Set<Mode>>,
    pub(crate) limits: BTreeMap<LimitKey, Set<f64>>,
    /// By the name of the history: the subsystem, or subsystem@STAGE.
    pub(crate) bindings: BTreeMap<String, Set<Bound>>,
}

/// The document with its checksum: a bit that changed on the disk must not become another limit.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed {
    sha256: String,
    dials: Document,
}

impl<T> Set<T> {
    pub(crate) fn by(wish: &Wish, value: T, event_ms: u64) -> Self {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let wall_ms = u64::try_from(wall.as_millis()).unwrap_or(u64::MAX);
        Self { value, actor: wish.actor.clone(), reason: wish.reason.clone(), event_ms, wall_ms }
    }

    /// Who, when and why, as people are told.
    pub(crate) fn whence(&self) -> String {
        let seconds = i64::try_from(self.wall_ms / 1_000).unwrap_or(i64::MAX);
        let when = time::OffsetDateTime::from_unix_timestamp(seconds).ok();
        let when = when.and_then(|when| when.format(&time::format_description::well_known::Rfc3339).ok());
        format!("{} on {}: {}", self.actor, when.unwrap_or_default(), self.reason)
    }
}

impl Default for Document {
    fn default() -> Self {
        Self {
            format: FORMAT,
            generation: 0,
            limits_generation: 0,
            stage: None,
            modes: BTreeMap::new(),
            limits: BTreeMap::new(),
            bindings: BTreeMap::new(),
        }
    }
}

impl Document {
    pub(crate) fn to_bytes(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec_pretty(&Sealed { sha256: self.sum()?, dials: self.clone() })
    }

    /// Reads one; anything out of order is one sentence.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Result<Self, String> {
        let Sealed { sha256, dials } =
            serde_json::from_slice(bytes).map_err(|e| format!("cannot be understood ({e})"))?;
        if dials.format != FORMAT {
            return Err(format!("has the form {}, and this host knows {FORMAT}", dials.format));
        }
        if dials.sum().ok() != Some(sha256) {
            return Err("was changed on the disk: its checksum is another".to_owned());
        }
        let set = |all: EnvelopeLimits, (key, set): (&LimitKey, &Set<f64>)| all.with(*key, set.value)?.positive();
        match dials.limits.iter().try_fold(EnvelopeLimits::default(), set) {
            Ok(_) => Ok(dials),
            Err(error) => Err(format!("has a limit that is none ({error})")),
        }
    }

    fn sum(&self) -> serde_json::Result<String> {
        Ok(digest_of(&serde_json::to_vec(self)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish() -> Wish {
        Wish { actor: "ann".to_owned(), reason: "a \"reason\"".to_owned(), downgrade: false }
    }

    fn full() -> Document {
        let mut all = Document { generation: 7, ..Document::default() };
        all.stage = Some(Set::by(&wish(), Stage::Partial, 5));
        all.modes.insert("risk-os".to_owned(), Set::by(&wish(), Mode::Observe, 5));
        all.limits.insert(LimitKey::MaxLeverageX, Set::by(&wish(), 100.0 / 3.0, 5));
        let bound = Bound { file: "b.wasm".to_owned(), instead_of: "a.wasm".to_owned() };
        all.bindings.insert("risk-os@AUTONOMY".to_owned(), Set::by(&wish(), bound, 5));
        all
    }

    #[test]
    fn it_comes_back_bit_by_bit() {
        for document in [Document::default(), full()] {
            assert_eq!(Document::of_bytes(&document.to_bytes().unwrap()), Ok(document));
        }
        assert!(full().stage.unwrap().whence().starts_with("ann on 20"));
    }

    #[test]
    fn no_piece_of_it_and_no_bit_turned_is_another_one() {
        let (document, bytes) = (full(), full().to_bytes().unwrap());
        for cut in 0..bytes.len() {
            assert!(Document::of_bytes(&bytes[..cut]).is_err(), "the first {cut} bytes");
        }
        for bit in 0..bytes.len() * 8 {
            let mut turned = bytes.clone();
            turned[bit / 8] ^= 1 << (bit % 8);
            let read = Document::of_bytes(&turned);
            assert!(read.is_err() || read.as_ref() == Ok(&document), "bit {bit}: {read:?}");
        }
    }

    #[test]
    fn a_limit_that_is_none_is_not_read_although_the_sum_is_right() {
        for bad in [0.0, -1.0] {
            let mut document = full();
            document.limits.insert(LimitKey::MaxLeverageX, Set::by(&wish(), bad, 0));
            assert!(Document::of_bytes(&document.to_bytes().unwrap()).unwrap_err().contains("max_leverage_x"));
        }
    }
}
