//! The server: made once, ends when it is dropped.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use axum::Router;
use bulkhead_runtime::Registry;

use crate::{
    api::{self, App},
    control::Control,
    error::ServerError,
    ledger::Ledger,
    net::{Listener, Socket, Worker, serve},
    options::Options,
};

/// Name of the socket of the control API in the state folder.
pub const CONTROL_SOCKET: &str = "control.sock";
/// Name of the brake's own socket in the state folder.
pub const BRAKE_SOCKET: &str = "brake.sock";
/// Most connections of the control API, for each way to it.
const CONTROL_CONNECTIONS: usize = 256;
/// Most connections of the brake, for each way to it.
const BRAKE_CONNECTIONS: usize = 128;
/// Requests that can be worked on at once beside the thread that reads them.
const LONG_REQUESTS: usize = 16;

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
        let app = App::new(Control::new(registry), ledger)
            .with_account(options.account.clone())
            .with_rules(options.activation);
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
