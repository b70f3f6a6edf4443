//! A running host, steered from the command line: versions, modes, the brake, and what outlives the process.

mod brake;
mod emergency;
mod host;
mod network;
mod rollout;
mod versions;
