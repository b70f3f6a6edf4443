//! The original's measured vectors, each asked of the shipped component through the binary: `bulkhead call --jsonl`.
//!
//! A row stands with the value that is measured here. Where that is not the original's, the row says why, and
//! `plugins/DEVIATIONS.md` lists it.

mod coordinator;
mod formulas;
mod harness;
mod orchestrator;
mod pal;
mod pba;
mod pil;
mod self_healing;
mod tpsl;
