//! Recorded decisions, made again: proof, difference, interruption, and what would have been decided.

mod changed;
mod command;
mod decisions;
mod full;
mod lives;
mod loops;
mod proof;
mod report;
mod resume;
mod stand;
mod sweep;
