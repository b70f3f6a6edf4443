//! Authentication of entries, and the one place where compiled code is taken in.
//!
//! An entry is `magic | mac | component | engine | code`. The MAC is HMAC-SHA-256 over all the rest.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use wasmtime::{Engine, component::Component};

use super::{fingerprint::Identity, key::Key};

/// Kind and version of the format.
const MAGIC: &[u8; 8] = b"bhcode01";
/// Bytes of the MAC.
const MAC: usize = 32;

/// Code that was written by [`Key::seal`] with the same key, for the same identity, and not changed since. Made by
/// [`Key::open`] alone.
pub(super) struct Authentic<'a> {
    code: &'a [u8],
}

impl Key {
    /// What stands before the code.
    pub(super) fn seal(&self, identity: &Identity, code: &[u8]) -> Vec<u8> {
        let identity = identity.bytes();
        let mac = self.mac_of(&identity, code).finalize().into_bytes();
        [MAGIC.as_slice(), &mac, &identity].concat()
    }

    /// The code of an entry, if it is authentic.
    pub(super) fn open<'a>(&self, identity: &Identity, entry: &'a [u8]) -> Option<Authentic<'a>> {
        let identity = identity.bytes();
        let (magic, rest) = entry.split_at_checked(MAGIC.len())?;
        let (mac, rest) = rest.split_at_checked(MAC)?;
        let (of, code) = rest.split_at_checked(identity.len())?;
        if magic != MAGIC || of != identity {
            return None;
        }
        // In constant time.
        self.mac_of(&identity, code).verify_slice(mac).ok()?;
        Some(Authentic { code })
    }

    fn mac_of(&self, identity: &[u8], code: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.mac();
        for part in [MAGIC, identity, code] {
            mac.update(part);
        }
        mac
    }
}

impl Authentic<'_> {
    /// Takes the code in.
    #[allow(unsafe_code, reason = "the code is authenticated, see below")]
    pub(super) fn load(self, engine: &Engine) -> wasmtime::Result<Component> {
        // SAFETY: `deserialize` trusts that the bytes came unchanged from `Component::serialize`. An `Authentic` is made by
        // `Key::open` alone, after it verified the MAC over them; the key is known to the owner of the folder alone, and the
        // only code it seals is what `CodeCache::keep` got from `Component::serialize`, called here or by a child of this
        // host, of the same program, which wrote it with its length into a pipe that nobody else holds. The MAC covers the fingerprint of
        // the engine (version of wasmtime, target, CPU features, settings), so it is code for this engine, and the digest of
        // the component, so it is that plugin's. The bytes lie in memory of this process; no file stands behind them.
        unsafe { Component::deserialize(engine, self.code) }
    }
}
