//! Accepting and serving connections, with a limit on everything a caller can hold on to.

use std::{io, net::TcpListener as StdTcp, os::unix::net::UnixListener as StdUnix, sync::Arc, time::Duration};

use axum::Router;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, UnixListener},
    time::{sleep, timeout},
};
use tower::Service as _;

use super::{
    Stop,
    patience::Patient,
    seats::{Seat, Seats},
};
use crate::caller::Caller;

/// Time for the first byte, and for a whole head.
const HEAD: Duration = Duration::from_secs(5);
/// Time in which the other end must take something of what it is sent.
const TAKE: Duration = Duration::from_secs(10);
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

/// Serves until told to stop, at most so many connections at once.
pub(crate) async fn serve(listener: Listener, router: Router, most: usize, mut stop: Stop) {
    let mut seats = Seats::new(most);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener) => accepted,
            () = stop.wait() => break,
        };
        let Ok((stream, caller)) = accepted else {
            sleep(PAUSE).await;
            continue;
        };
        let Some(seat) = seats.take().await else { continue };
        let (router, stop) = (router.clone(), stop.clone());
        tokio::spawn(async move {
            let told_to_leave = Arc::clone(&seat);
            tokio::select! {
                () = welcome(stream, caller, router, seat, stop) => {}
                () = told_to_leave.told_to_leave() => {}
            }
        });
    }
    drop(listener);
    let _ = timeout(GRACE, seats.all_free()).await;
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

async fn welcome(stream: Stream, caller: Option<Caller>, router: Router, seat: Arc<Seat>, stop: Stop) {
    match stream {
        Stream::Unix(stream) if first_byte(stream.readable()).await => talk(stream, caller, router, seat, stop).await,
        Stream::Tcp(stream) if first_byte(stream.readable()).await => talk(stream, caller, router, seat, stop).await,
        _ => {}
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
    seat: Arc<Seat>,
    mut stop: Stop,
) {
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Arc::clone(&seat));
        if let Some(caller) = &caller {
            seat.asks();
            request.extensions_mut().insert(caller.clone());
        }
        router.clone().call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEAD_BYTES)
        .max_headers(32)
        .serve_connection(TokioIo::new(Patient::new(stream, TAKE)), service);
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
