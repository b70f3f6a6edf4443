//! The server: made once, ends when it is dropped.

use std::{
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    sync::Arc,
};

use axum::Router;
use bulkhead_runtime::Registry;

use crate::{
    api::{self, App},
    auth::{Door, Tokens},
    config::ServerConfig,
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
}

impl Server {
    /// Starts serving.
    ///
    /// # Errors
    /// [`ServerError`]; then nothing is served.
    pub fn start(registry: Arc<Registry>, options: &Options) -> Result<Self, ServerError> {
        let network = &options.network;
        if let Some(problem) = network.problem() {
            return Err(ServerError::Address(problem));
        }
        let ledger = Ledger::start(registry.journal().path().to_owned())?;
        let app = App::new(Control::new(registry), ledger);
        let door = match (network.listen, network.brake_listen) {
            (None, None) => None,
            _ => {
                let file = network.tokens.clone().unwrap_or_else(|| options.state.join(TOKENS));
                Some(Door::new(Arc::new(Tokens::open(&file)?)))
            }
        };
        let (brake_socket, brake_local) = Socket::bind(&options.state.join(BRAKE_SOCKET))?;
        let (control_socket, control_local) = Socket::bind(&options.state.join(CONTROL_SOCKET))?;
        let (brake_net, brake_address) = listen(network.brake_listen)?;
        let (control_net, address) = listen(network.listen)?;

        let mut brake = vec![(Listening::Unix(brake_local), api::brake(app.clone()))];
        let mut control = vec![(Listening::Unix(control_local), api::control(app.clone()))];
        if let Some(door) = &door {
            brake.extend(brake_net.map(|net| (Listening::Tcp(net), api::guarded(api::brake(app.clone()), door))));
            control.extend(control_net.map(|net| (Listening::Tcp(net), api::guarded(api::control(app), door))));
        }
        let brake = work("brake", BRAKE_CONNECTIONS, brake)?;
        let control = work("control", CONTROL_CONNECTIONS, control)?;
        let sockets = [brake_socket, control_socket];
        Ok(Self { _control: control, _brake: brake, _sockets: sockets, address, brake_address })
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
