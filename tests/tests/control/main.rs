//! A running host, steered from the command line: versions, modes, the brake, and what outlives the process.

mod activation;
mod brake;
mod dashboard;
mod dials;
mod emergency;
mod hold;
mod host;
mod metrics;
mod network;
mod openapi;
mod rollout;
mod streams;
mod versions;
