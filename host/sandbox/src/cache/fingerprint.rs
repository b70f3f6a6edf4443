//! What an entry is the code of.

use std::hash::{Hash, Hasher};

use sha2::{Digest as _, Sha256};
use wasmtime::Engine;

/// SHA-256.
pub(crate) type Digest = [u8; 32];

/// A component as one engine compiles it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    /// Of the component's bytes.
    component: Digest,
    /// Of all that decides how they are compiled.
    engine: Digest,
}

impl Identity {
    pub(super) fn new(engine: &Engine, component: &Digest) -> Self {
        Self { component: *component, engine: fingerprint(engine) }
    }

    /// Both digests.
    pub(super) fn bytes(&self) -> [u8; 64] {
        let mut bytes = [0; 64];
        let (component, engine) = bytes.split_at_mut(32);
        component.copy_from_slice(&self.component);
        engine.copy_from_slice(&self.engine);
        bytes
    }

    /// For people, and for the folder. What counts is inside.
    pub(super) fn file_name(&self) -> String {
        let hex = |digest: &Digest| digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect::<String>();
        format!("{}-{}{SUFFIX}", hex(&self.component), hex(&self.engine))
    }
}

/// How the names of entries end.
pub(super) const SUFFIX: &str = ".code";

/// The version of wasmtime, the target, its flags and those of this CPU, and all settings that the compiler reads.
fn fingerprint(engine: &Engine) -> Digest {
    let mut hasher = Sha(Sha256::new());
    engine.precompile_compatibility_hash().hash(&mut hasher);
    hasher.0.finalize().into()
}

/// The standard hasher has 64 bits and may change with the standard library.
struct Sha(Sha256);

impl Hasher for Sha {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let digest: Digest = self.0.clone().finalize().into();
        digest.first_chunk().copied().map_or(0, u64::from_le_bytes)
    }
}
