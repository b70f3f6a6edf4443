//! Configuration: a file and a profile laid over it, strict in every key.

mod file;
mod journal;
mod load;
mod subsystem;

pub(crate) use file::{HostConfig, ReloadConfig, SymbolConfig};
pub(crate) use load::load;
pub(crate) use subsystem::LoosenConfig;
