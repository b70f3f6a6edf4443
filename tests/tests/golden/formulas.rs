//! Plugins of which the original left no vectors: the tables and formulas of its facts, with values worked out by hand.
//! The arithmetic stands beside each row.

mod execution;
mod models;
mod retraining;
mod risk;
mod sizing;
mod universe;
