//! Recorded decisions, made again: proof, difference, interruption, and what would have been decided.

mod changed;
mod command;
mod decisions;
mod lives;
mod proof;
mod resume;
mod stand;
