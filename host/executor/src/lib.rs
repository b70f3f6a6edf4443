//! The trading loop, its market feeds and its venue. The same code path serves replay, paper and live.

#![forbid(unsafe_code)]

pub mod account;
pub mod market;
pub mod trading;
pub mod venue;
