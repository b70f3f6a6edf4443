//! Configuration: a file and a profile laid over it, strict in every key.

mod file;
mod load;
mod subsystem;

pub(crate) use file::HostConfig;
pub(crate) use load::load;
