//! The trading loop, its market feeds and its venue. The same code path serves replay, paper and live.

pub mod market;
pub mod trading;
pub mod venue;
