//! What a plugin may import. The default is `log` and nothing else.

use serde::{Deserialize, Serialize};

/// Capabilities granted to one plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grants {
    /// The `log` interface.
    pub log: bool,
}

impl Default for Grants {
    fn default() -> Self {
        Self { log: true }
    }
}

impl Grants {
    /// Whether an interface that carries functions is granted.
    #[must_use]
    pub fn allows(&self, interface: &str) -> bool {
        self.log && interface == crate::host_log::INTERFACE
    }

    /// What is granted, for messages.
    #[must_use]
    pub const fn names(&self) -> &'static str {
        if self.log { "log" } else { "nothing" }
    }
}
