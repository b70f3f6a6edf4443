//! What a person can say on the command line.

use std::path::PathBuf;

use bulkhead_executor::market::pace::Speed;
use clap::{Args as ClapArgs, Parser, Subcommand};

use crate::{call::Call, journal::Journal, why::Why};

/// The decision firewall of a trading system: sandboxed WebAssembly plugins behind typed hooks.
#[derive(Debug, Parser)]
#[command(version, about)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Replay a market through the trading loop, with every hook answered by its plugins.
    Run(Run),
    /// Ask one hook of one plugin: JSON in, JSON out.
    Call(Call),
    /// Look into a journal of decisions.
    Journal(Journal),
    /// Why an order went out, or why a symbol was not traded.
    Why(Why),
    /// Compile a component from the standard input under limits, for a host that wants to know whether it can.
    #[command(hide = true)]
    Rehearse,
}

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct Run {
    /// Configuration file; profiles lie in `profiles/` beside it.
    #[arg(long, default_value = "config/host.toml")]
    pub(crate) config: PathBuf,
    /// Profile laid over the configuration: the name of a file in `profiles/`.
    #[arg(long, default_value = "coordination")]
    pub(crate) profile: String,
    /// Folder of the plugin components.
    #[arg(long, default_value = "target/components")]
    pub(crate) plugins: PathBuf,
    /// Folder of recorded candles, one CSV or CSV.GZ file per symbol. Without it a market is simulated.
    #[arg(long)]
    pub(crate) data: Option<PathBuf>,
    /// First bar: 2025-05-05, 2025-05-05T12:00, or epoch ms (UTC).
    #[arg(long)]
    pub(crate) from: Option<String>,
    /// Bars before this time, in the same forms.
    #[arg(long)]
    pub(crate) to: Option<String>,
    /// Only these symbols, separated by commas.
    #[arg(long, value_delimiter = ',')]
    pub(crate) symbols: Vec<String>,
    /// `max`, or a multiple of real time such as 60x.
    #[arg(long, default_value = "max")]
    pub(crate) speed: Speed,
    /// Refuse gaps in the candles instead of counting them.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Folder of what outlives a run: plugin versions and their history. One host at a time uses it.
    #[arg(long, default_value = "var/state")]
    pub(crate) state: PathBuf,
    /// Journal folder. Default: a new one in `var/journal/`.
    #[arg(long)]
    pub(crate) journal: Option<PathBuf>,
    /// Trading rules in the shape of the exchange's exchangeInfo. Default: inferred from the candles.
    #[arg(long)]
    pub(crate) exchange_info: Option<PathBuf>,
    /// Folder of recorded funding rates. Default: `funding_8h` beside the data folder, where there is one.
    #[arg(long)]
    pub(crate) funding: Option<PathBuf>,
    /// Seed of the simulated market.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Days of the simulated market.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=365))]
    pub(crate) days: u32,
    /// Also write the summary's totals to this file, as JSON.
    #[arg(long)]
    pub(crate) summary_json: Option<PathBuf>,
}
