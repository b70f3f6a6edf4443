//! The server: made once, ends when it is dropped.

use std::{
    fmt, io,
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    sync::Arc,
};

use axum::Router;
use bulkhead_runtime::Registry;

use crate::{
    api::{self, App},
    auth::{Door, Role, Tokens},
    config::{ServerConfig, not_loopback},
    control::Control,
    error::ServerError,
    ledger::Ledger,
    net::{Listener, Socket, Worker, serve},
};

/// Name of the socket of the control API in the state folder.
pub const CONTROL_SOCKET: &str = "control.sock";
/// Name of the brake's own socket in the state folder.
pub const BRAKE_SOCKET: &str = "brake.sock";
/// Name of the tokens' file in the state folder, unless the configuration names another one.
pub const TOKENS: &str = "tokens";
/// Most connections of the control API, for each way to it.
const CONTROL_CONNECTIONS: usize = 64;
/// Most connections of the brake, for each way to it.
const BRAKE_CONNECTIONS: usize = 16;
/// Requests that can be worked on at once beside the thread that reads them.
const LONG_REQUESTS: usize = 16;

/// Where the server is to be found.
#[derive(Clone, Debug)]
pub struct Options {
    /// The state folder, locked for this process.
    pub state: PathBuf,
    /// Where it is reached over the network, if it is.
    pub network: ServerConfig,
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
    fn problem(&self) -> Option<String> {
        let dashboard = self.dashboard.as_ref().and_then(|d| not_loopback("the dashboard's address", d.address));
        self.network.problem().or(dashboard)
    }

    /// Who is let in over the network.
    fn door(&self) -> Result<Option<Door>, ServerError> {
        let file = self.network.tokens.clone().unwrap_or_else(|| self.state.join(TOKENS));
        let by_file = self.network.listen.or(self.network.brake_listen).is_some();
        if !by_file && self.dashboard.is_none() {
            return Ok(None);
        }
        // A dashboard has a token of its own: a file is no condition, and it counts where there is one.
        let tokens = if by_file || file.exists() { Tokens::open(&file)? } else { Tokens::none() };
        let tokens = match &self.dashboard {
            Some(dashboard) => tokens.with("dashboard", Role::Admin, &dashboard.token),
            None => tokens,
        };
        Ok(Some(Door::new(Arc::new(tokens))))
    }
}

/// A running server. Dropping it ends it: what was asked is still answered, within seconds.
#[derive(Debug)]
pub struct Server {
    // In this order: the sockets' files go after their listeners.
    _control: Worker,
    _brake: Worker,
    _sockets: [Socket; 2],
    address: Option<SocketAddr>,
    brake_address: Option<SocketAddr>,
    dashboard_address: Option<SocketAddr>,
}

impl Server {
    /// Starts serving.
    ///
    /// # Errors
    /// [`ServerError`]; then nothing is served.
    pub fn start(registry: Arc<Registry>, options: &Options) -> Result<Self, ServerError> {
        let network = &options.network;
        if let Some(problem) = options.problem() {
            return Err(ServerError::Address(problem));
        }
        let ledger = Ledger::start(registry.journal().path().to_owned())?;
        let app = App::new(Control::new(registry), ledger);
        let door = options.door()?;
        let (brake_socket, brake_local) = Socket::bind(&options.state.join(BRAKE_SOCKET))?;
        let (control_socket, control_local) = Socket::bind(&options.state.join(CONTROL_SOCKET))?;
        let (brake_net, brake_address) = listen(network.brake_listen)?;
        let (control_net, address) = listen(network.listen)?;
        let (page, dashboard_address) = listen_near(options.dashboard.as_ref().map(|d| d.address))?;

        let mut brake = vec![(Listening::Unix(brake_local), api::brake(app.clone()))];
        let mut control = vec![(Listening::Unix(control_local), api::control(app.clone()))];
        if let Some(door) = &door {
            brake.extend(brake_net.map(|net| (Listening::Tcp(net), api::guarded(api::brake(app.clone()), door))));
            let open = control_net.into_iter().chain(page);
            control.extend(open.map(|net| (Listening::Tcp(net), api::guarded(api::with_page(app.clone()), door))));
        }
        let brake = work("brake", BRAKE_CONNECTIONS, brake)?;
        let control = work("control", CONTROL_CONNECTIONS, control)?;
        let sockets = [brake_socket, control_socket];
        Ok(Self { _control: control, _brake: brake, _sockets: sockets, address, brake_address, dashboard_address })
    }

    /// Where everything is reached over the network.
    #[must_use]
    pub const fn address(&self) -> Option<SocketAddr> {
        self.address
    }

    /// Where the brake is reached over the network.
    #[must_use]
    pub const fn brake_address(&self) -> Option<SocketAddr> {
        self.brake_address
    }

    /// Where the page of this run is: as wished, or at another port if that one was taken.
    #[must_use]
    pub const fn dashboard_address(&self) -> Option<SocketAddr> {
        self.dashboard_address
    }
}

/// A bound socket on its way to the thread that serves it.
enum Listening {
    Unix(std::os::unix::net::UnixListener),
    Tcp(TcpListener),
}

fn listen(address: Option<SocketAddr>) -> Result<(Option<TcpListener>, Option<SocketAddr>), ServerError> {
    let Some(address) = address else { return Ok((None, None)) };
    let bound = TcpListener::bind(address).and_then(|listener| {
        listener.set_nonblocking(true)?;
        let bound = listener.local_addr()?;
        Ok((Some(listener), Some(bound)))
    });
    bound.map_err(|error| ServerError::Listen { address, error })
}

/// There, or at any free port if that one is taken.
fn listen_near(address: Option<SocketAddr>) -> Result<(Option<TcpListener>, Option<SocketAddr>), ServerError> {
    match listen(address) {
        Err(ServerError::Listen { address, error }) if error.kind() == io::ErrorKind::AddrInUse => {
            listen(Some(SocketAddr::new(address.ip(), 0)))
        }
        other => other,
    }
}

fn work(name: &'static str, most: usize, ways: Vec<(Listening, Router)>) -> Result<Worker, ServerError> {
    Worker::start(name, LONG_REQUESTS, move |mut stop| async move {
        let mut served = Vec::new();
        for (listening, router) in ways {
            let listener = match listening {
                Listening::Unix(socket) => Listener::unix(socket),
                Listening::Tcp(socket) => Listener::tcp(socket),
            };
            match listener {
                Ok(listener) => served.push(tokio::spawn(serve(listener, router, most, stop.clone()))),
                Err(error) => tracing::error!("{name}: a socket is not served: {error}"),
            }
        }
        stop.wait().await;
        for task in served {
            let _ = task.await;
        }
    })
}
