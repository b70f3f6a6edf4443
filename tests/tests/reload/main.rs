//! New versions while trading goes on: what is refused changes nothing, what serves is whole, and no decision is mixed.

mod bad;
mod flight;
mod good;
mod kill;
mod rehearsal;
mod restart;
mod slot;
mod state;
mod store;
mod storm;
mod unfit;
mod watch;
mod way_back;
