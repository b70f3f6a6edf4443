//! Where the server is to be found, and who is let in.

use std::{fmt, net::SocketAddr, path::PathBuf, sync::Arc};

use bulkhead_executor::account::AccountBoard;
use bulkhead_policy::activation::Activation;

use crate::{
    auth::{Door, Role, Tokens},
    config::{ServerConfig, not_loopback},
    error::ServerError,
};

/// Name of the tokens' file in the state folder, unless the configuration names another one.
pub const TOKENS: &str = "tokens";

/// Where the server is to be found.
#[derive(Clone, Debug)]
pub struct Options {
    /// The state folder, locked for this process.
    pub state: PathBuf,
    /// Where it is reached over the network, if it is.
    pub network: ServerConfig,
    /// Where the trading loop shows the account, if there is a loop in this host.
    pub account: Option<Arc<AccountBoard>>,
    /// What a step to a stage must have been shown.
    pub activation: Activation,
    /// A page for the time of this run.
    pub dashboard: Option<Dashboard>,
}

/// Everything at an address of its own, for whoever was given the token of this run.
#[derive(Clone)]
pub struct Dashboard {
    /// Where. If the port is taken: any other.
    pub address: SocketAddr,
    /// An administrator's token. Kept in memory, written nowhere.
    pub token: String,
}

impl fmt::Debug for Dashboard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dashboard").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Options {
    /// One sentence about what makes no sense.
    pub(crate) fn problem(&self) -> Option<String> {
        let dashboard = self.dashboard.as_ref().and_then(|d| not_loopback("the dashboard's address", d.address));
        self.network.problem().or(dashboard)
    }

    /// Who is let in over the network.
    pub(crate) fn door(&self) -> Result<Option<Door>, ServerError> {
        let file = self.network.tokens.clone().unwrap_or_else(|| self.state.join(TOKENS));
        let by_file = self.network.listen.or(self.network.brake_listen).is_some();
        if !by_file && self.dashboard.is_none() {
            return Ok(None);
        }
        // A dashboard has a token of its own: the file is no condition, and it counts where there is one.
        let tokens = if by_file { Tokens::open(&file) } else { Tokens::perhaps(&file) }?;
        let tokens = match &self.dashboard {
            Some(dashboard) => tokens.with("dashboard", Role::Admin, &dashboard.token),
            None => tokens,
        };
        Ok(Some(Door::new(Arc::new(tokens))))
    }
}
