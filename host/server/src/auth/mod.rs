//! Who may do what over the network. On the machine's own sockets the system answers this.

mod door;
mod rate;
mod role;
mod tokens;

pub(crate) use door::{Door, enter};
pub(crate) use rate::{Rate, paced};
pub(crate) use role::Right;
pub use role::Role;
pub(crate) use tokens::Known;
pub use tokens::{TokenError, Tokens, line};
