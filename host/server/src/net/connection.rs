//! Accepting and serving connections, with a limit on everything a caller can hold on to.

use std::{io, net::TcpListener as StdTcp, os::unix::net::UnixListener as StdUnix, sync::Arc, time::Duration};

use axum::Router;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, UnixListener},
    sync::Semaphore,
    time::{sleep, timeout},
};
use tower::Service as _;

use super::Stop;
use crate::caller::Caller;

/// Time for the first byte, and for a whole head.
const HEAD: Duration = Duration::from_secs(5);
/// Time for what is being answered when the host ends.
const GRACE: Duration = Duration::from_secs(2);
/// Longest life of a connection.
const LIFE: Duration = Duration::from_secs(3_600);
/// Most bytes of a head.
const HEAD_BYTES: usize = 16 << 10;
/// Pause after the system refused a connection, for example because there are too many open files.
const PAUSE: Duration = Duration::from_millis(50);

/// Where connections come from.
#[derive(Debug)]
pub(crate) enum Listener {
    Unix(UnixListener),
    Tcp(TcpListener),
}

impl Listener {
    /// Must be called on a runtime's thread.
    pub(crate) fn unix(socket: StdUnix) -> io::Result<Self> {
        UnixListener::from_std(socket).map(Self::Unix)
    }

    /// Must be called on a runtime's thread.
    pub(crate) fn tcp(socket: StdTcp) -> io::Result<Self> {
        TcpListener::from_std(socket).map(Self::Tcp)
    }
}

/// Serves until told to stop. Connections over `most` are closed at once.
pub(crate) async fn serve(listener: Listener, router: Router, most: usize, mut stop: Stop) {
    let room = Arc::new(Semaphore::new(most));
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener) => accepted,
            () = stop.wait() => break,
        };
        let Ok((stream, caller)) = accepted else {
            sleep(PAUSE).await;
            continue;
        };
        let Ok(place) = Arc::clone(&room).try_acquire_owned() else { continue };
        let (router, stop) = (router.clone(), stop.clone());
        tokio::spawn(async move {
            match stream {
                Stream::Unix(stream) if first_byte(stream.readable()).await => talk(stream, caller, router, stop).await,
                Stream::Tcp(stream) if first_byte(stream.readable()).await => talk(stream, caller, router, stop).await,
                _ => {}
            }
            drop(place);
        });
    }
    drop(listener);
    // All places are free again once everybody was answered.
    let all = u32::try_from(most).unwrap_or(u32::MAX);
    let _ = timeout(GRACE, room.acquire_many(all)).await;
}

enum Stream {
    Unix(tokio::net::UnixStream),
    Tcp(tokio::net::TcpStream),
}

async fn accept(listener: &Listener) -> io::Result<(Stream, Option<Caller>)> {
    match listener {
        Listener::Unix(listener) => {
            let (stream, _) = listener.accept().await?;
            let uid = stream.peer_cred()?.uid();
            Ok((Stream::Unix(stream), Some(Caller::of_uid(uid))))
        }
        Listener::Tcp(listener) => {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            // Who this is, a token says.
            Ok((Stream::Tcp(stream), None))
        }
    }
}

/// hyper's clock starts with the first byte.
async fn first_byte(readable: impl Future<Output = io::Result<()>>) -> bool {
    matches!(timeout(HEAD, readable).await, Ok(Ok(())))
}

async fn talk(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    caller: Option<Caller>,
    router: Router,
    mut stop: Stop,
) {
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        if let Some(caller) = &caller {
            request.extensions_mut().insert(caller.clone());
        }
        router.clone().call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEAD_BYTES)
        .max_headers(32)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        // How a caller goes away is his own affair.
        _ = connection.as_mut() => return,
        () = sleep(LIFE) => {}
        () = stop.wait() => {}
    }
    // What was asked is still answered.
    connection.as_mut().graceful_shutdown();
    let _ = timeout(GRACE, connection).await;
}
