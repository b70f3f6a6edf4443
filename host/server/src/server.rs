//! The server: made once, ends when it is dropped.

use std::{path::PathBuf, sync::Arc};

use bulkhead_runtime::Registry;
use tokio::net::UnixListener;

use crate::{
    api,
    control::Control,
    error::ServerError,
    net::{Socket, Worker, serve},
};

/// Name of the socket of the control API in the state folder.
pub const CONTROL_SOCKET: &str = "control.sock";
/// Name of the brake's own socket in the state folder.
pub const BRAKE_SOCKET: &str = "brake.sock";
/// Most connections of the control API.
const CONTROL_CONNECTIONS: usize = 64;
/// Most connections of the brake.
const BRAKE_CONNECTIONS: usize = 16;
/// Changes that can be under way at once.
const LONG_REQUESTS: usize = 8;

/// Where the server is to be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The state folder, locked for this process.
    pub state: PathBuf,
}

/// A running server. Dropping it ends it: what was asked is still answered, within seconds.
#[derive(Debug)]
pub struct Server {
    // In this order: the sockets' files go after their listeners.
    _control: Worker,
    _brake: Worker,
    _sockets: [Socket; 2],
}

impl Server {
    /// Starts serving.
    ///
    /// # Errors
    /// [`ServerError`]; then nothing is served.
    pub fn start(registry: Arc<Registry>, options: &Options) -> Result<Self, ServerError> {
        let control = Control::new(registry);
        let (brake_socket, brake_listener) = Socket::bind(&options.state.join(BRAKE_SOCKET))?;
        let (control_socket, control_listener) = Socket::bind(&options.state.join(CONTROL_SOCKET))?;
        let brake_routes = api::brake(control.clone());
        let brake = Worker::start("brake", LONG_REQUESTS, move |stop| async move {
            match UnixListener::from_std(brake_listener) {
                Ok(listener) => serve(listener, brake_routes, BRAKE_CONNECTIONS, stop).await,
                Err(error) => tracing::error!("the brake's socket is not served: {error}"),
            }
        })?;
        let control_routes = api::control(control);
        let control = Worker::start("control", LONG_REQUESTS, move |stop| async move {
            match UnixListener::from_std(control_listener) {
                Ok(listener) => serve(listener, control_routes, CONTROL_CONNECTIONS, stop).await,
                Err(error) => tracing::error!("the control socket is not served: {error}"),
            }
        })?;
        Ok(Self { _control: control, _brake: brake, _sockets: [brake_socket, control_socket] })
    }
}
