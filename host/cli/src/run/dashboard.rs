//! The dashboard of one run: an address on this machine, and a token that ends with the run.

use std::net::SocketAddr;

use anyhow::Result;
use bulkhead_server::{Dashboard, Server};

use crate::control;

/// An address on the command line. Without a host it is this machine's.
pub(crate) fn address(text: &str) -> Result<SocketAddr, String> {
    let whole = if text.starts_with(':') { format!("127.0.0.1{text}") } else { text.to_owned() };
    whole.parse().map_err(|_| format!("{text:?} is not an address: write 127.0.0.1:8787, or :0 for any free port"))
}

/// What is to be served, with a new token.
pub(super) fn wanted(address: Option<SocketAddr>) -> Result<Option<Dashboard>> {
    address.map(|address| Ok(Dashboard { address, token: control::random_token()? })).transpose()
}

/// Says where it is: the link is the key.
pub(super) fn announce(wanted: &Dashboard, server: &Server) {
    let Some(at) = server.dashboard_address() else { return };
    if wanted.address.port() != 0 && at != wanted.address {
        println!("port {} is taken: the dashboard is at port {} for this run", wanted.address.port(), at.port());
    }
    println!("dashboard  http://{at}/#token={}", wanted.token);
}

/// Says why there is none.
pub(super) fn missing(address: Option<SocketAddr>, state: &std::path::Path) {
    if address.is_some() {
        println!("no dashboard: another host uses {}; give this one a folder of its own with --state", state.display());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_leave_out_the_host() {
        assert_eq!(address(":0"), Ok(SocketAddr::from(([127, 0, 0, 1], 0))));
        assert_eq!(address("127.0.0.1:9"), Ok(SocketAddr::from(([127, 0, 0, 1], 9))));
        assert!(address("[::1]:8787").unwrap().is_ipv6());
        for text in ["", ":", "8787", "localhost:1", ":65536"] {
            assert!(address(text).unwrap_err().contains("is not an address"), "{text:?}");
        }
    }
}
