//! Everything the loop knows about the market: candles, instruments, funding, the feed and what a fill costs.
//!
//! Symbols are interned here: a symbol's id is its `u32` index in [`Market::symbols`](series::Market::symbols), which is
//! sorted by name, and every table of this module (instruments, funding, bars of a step) is in that order.
//! All times are epoch milliseconds in UTC, all prices are in quote currency, all volumes in base currency.

pub mod candles;
pub mod choice;
pub mod feed;
pub mod funding;
pub mod grid;
pub mod identity;
pub mod instruments;
pub mod pace;
pub mod series;
pub mod sim;
pub mod slippage;
pub mod time;

#[cfg(test)]
mod data_tests;
