//! What a person can say to `bulkhead sweep`.

use std::{num::NonZeroUsize, path::PathBuf};

use bulkhead_policy::json::did_you_mean;
use bulkhead_replay::sweep::By;
use clap::Args;

use crate::args::ConfigArgs;

/// Run a grid of configurations over one market, on all cores, and rank them.
#[derive(Debug, Clone, Args)]
pub(crate) struct Sweep {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// A key and the values that it takes, as in --vary loop.leverage_x=2,3,5. May be given more than once: every combination
    /// is run.
    #[arg(long, value_name = "KEY=VALUE,VALUE,...", required = true)]
    pub(crate) vary: Vec<String>,
    /// What ranks: pnl, drawdown, ratio (profit per point of drawdown), exposure, trade (profit of a trade), fees.
    #[arg(long, default_value = "pnl", value_parser = by)]
    pub(crate) by: By,
    /// Threads. Default: one per core.
    #[arg(long)]
    pub(crate) threads: Option<NonZeroUsize>,
    /// Folder that keeps what is done, so that a sweep which was stopped goes on where it was.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) keep: Option<PathBuf>,
    /// Configurations printed.
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub(crate) show: usize,
    /// Print the result as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Also write the result as one page to look at. It needs nothing but itself.
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Folder of the plugin components.
    #[arg(long, default_value = "target/components")]
    pub(crate) plugins: PathBuf,
    /// State folder whose compiled code is used and kept. Nothing else in it is read or changed.
    #[arg(long, default_value = "var/state")]
    pub(crate) state: PathBuf,
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
}

fn by(text: &str) -> Result<By, String> {
    let names = By::ALL.map(By::name);
    By::parse(text).ok_or_else(|| format!("nothing ranks by {text:?}{}", did_you_mean(text, &names)))
}
