//! `[server]` of the host's configuration. Without it nothing listens on the network.

use std::{net::SocketAddr, path::PathBuf};

use serde::{Deserialize, Serialize};

/// Where the host is reached over the network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerConfig {
    /// Address of everything. Absent: none.
    pub listen: Option<SocketAddr>,
    /// Address of the brake alone, served by a thread of its own. Absent: none.
    pub brake_listen: Option<SocketAddr>,
    /// The tokens' file. Absent: `tokens` in the state folder.
    pub tokens: Option<PathBuf>,
}

impl ServerConfig {
    /// One sentence about what makes no sense.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        let addresses = [("listen", self.listen), ("brake_listen", self.brake_listen)];
        addresses.into_iter().find_map(|(key, address)| not_loopback(&format!("server.{key}"), address?))
    }
}

/// One sentence about an address that others can reach.
pub(crate) fn not_loopback(what: &str, address: SocketAddr) -> Option<String> {
    (!address.ip().is_loopback()).then(|| {
        format!(
            "{what} is {address}: this host speaks no TLS, so it listens on 127.0.0.1 or [::1] only; \
             put a proxy with TLS in front of it"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_listened_to() {
        let of = |text: &str| ServerConfig { listen: Some(text.parse().unwrap()), ..ServerConfig::default() }.problem();
        for address in ["127.0.0.1:0", "127.8.9.10:80", "[::1]:8080"] {
            assert_eq!(of(address), None);
        }
        for address in ["0.0.0.0:80", "[::]:80", "10.0.0.1:80", "[::ffff:127.0.0.1]:80"] {
            assert!(of(address).unwrap().contains("TLS"), "{address}");
        }
    }
}
