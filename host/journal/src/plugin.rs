//! Who decided.

use serde::{Deserialize, Serialize};

/// Everything that tells one plugin build in one slot from another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PluginIdentity {
    /// The named slot: risk-os, ai-hfos …
    pub subsystem: String,
    /// The plugin's own name.
    pub plugin: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of the component's bytes, hex.
    pub digest: String,
    /// Version of the WIT contract it was built for.
    pub wit_version: String,
    /// SHA-256 of the configuration it was given, hex.
    pub config_digest: String,
    /// Digest of the document that says what its instances are made from; empty when none was kept.
    pub setup: String,
}

/// A plugin identity, interned: four bytes in every decision instead of two digests.
///
/// It belongs to the ledger file whose [`crate::Journal::intern`] gave it and holds across restarts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PluginRef(pub(crate) u32);

impl PluginRef {
    /// The number in column `decisions.plugin`.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}
