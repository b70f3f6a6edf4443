//! New versions while trading goes on: what is refused changes nothing, what serves is whole, and no decision is mixed.

mod bad;
mod good;
mod rehearsal;
mod restart;
mod slot;
mod unfit;
mod watch;
mod way_back;
