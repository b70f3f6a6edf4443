//! Sockets, connections, and the thread they live on.

mod connection;
mod patience;
mod seats;
mod socket;
mod worker;

pub(crate) use connection::{Listener, serve};
pub(crate) use seats::Seat;
pub(crate) use socket::Socket;
pub(crate) use worker::{Stop, Worker};
