//! The final shape: strict structs, with the default of every key.

mod host;
mod journal;
mod log;
mod reload;
mod rollout;
mod sandbox;
mod stage;
mod subsystem;

pub use host::{HostConfig, SymbolConfig};
pub use journal::JournalConfig;
pub use log::LogConfig;
pub use reload::ReloadConfig;
pub use rollout::{Network, RolloutConfig};
pub use sandbox::SandboxConfig;
pub use stage::StageConfig;
pub use subsystem::{LoosenConfig, SubsystemConfig};
