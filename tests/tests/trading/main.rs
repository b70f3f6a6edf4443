//! The whole loop with real plugins on a small simulated market: what a plugin may change, and what it may not.

mod brake;
mod drawdown;
mod effects;
mod journal;
mod recorded;
