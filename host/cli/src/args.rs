//! What a person can say on the command line.

use std::{net::SocketAddr, path::PathBuf};

use bulkhead_config::Sources;
use bulkhead_executor::market::pace::Speed;
use clap::{Args as ClapArgs, Parser, Subcommand};

use crate::{
    call::Call,
    control::{
        Activate, BrakeCommand, EmergencyDisable, LimitsCommand, ModeChange, NewToken, PluginCommand, StageChange,
        Status,
    },
    journal::Journal,
    replay::Replay,
    sweep::Sweep,
    why::Why,
};

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
    /// Make the decisions of a journal again: bit by bit as they were, or with something changed.
    Replay(Replay),
    /// Run a grid of configurations over one market, on all cores, and rank them.
    Sweep(Sweep),
    /// Check the configuration, or show what is in force and why.
    #[command(subcommand)]
    Config(Config),
    /// Ask one hook of one plugin: JSON in, JSON out.
    Call(Call),
    /// Look into a journal of decisions.
    Journal(Journal),
    /// Why an order went out, or why a symbol was not traded.
    Why(Why),
    /// Show a running host: stage, brake, journal, subsystems.
    Status(Status),
    /// Change which version of a plugin serves in a running host.
    #[command(subcommand)]
    Plugin(PluginCommand),
    /// Set the stage of a running host.
    Stage(StageChange),
    /// Set what a subsystem of a running host may do.
    Mode(ModeChange),
    /// Say whether a stage may be activated, with every check, and activate it if so.
    Activate(Activate),
    /// Brake, stage OBSERVATION, and every subsystem off but the base strategies.
    EmergencyDisable(EmergencyDisable),
    /// Show or change the hard limits of a running host.
    #[command(subcommand)]
    Limits(LimitsCommand),
    /// Engage, release or show the brake of a running host.
    #[command(subcommand)]
    Brake(BrakeCommand),
    /// Make a token for the network. It is printed once and kept nowhere; the host keeps its digest.
    Token(NewToken),
    /// Print the API of a running host as an OpenAPI document.
    Openapi,
    /// Compile a component from the standard input under limits, for a host that wants to know whether it can.
    #[command(hide = true)]
    Rehearse,
}

/// Where the configuration comes from. Order: default, file, profile, environment, `--set`.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct ConfigArgs {
    /// Configuration file; profiles lie in `profiles/` beside it.
    #[arg(long, default_value = "config/host.toml")]
    pub(crate) config: PathBuf,
    /// Profile laid over the configuration: the name of a file in `profiles/`. Without it: stage OBSERVATION, every
    /// subsystem off.
    #[arg(long)]
    pub(crate) profile: Option<String>,
    /// Sets one key over everything else, as in --set loop.leverage_x=3. May be given more than once.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
}

impl ConfigArgs {
    /// With the environment of this process.
    pub(crate) fn sources(&self) -> Sources {
        Sources {
            file: self.config.clone(),
            profile: self.profile.clone(),
            environment: std::env::vars_os().collect(),
            set: self.set.clone(),
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    /// Say whether the configuration is sound, or name everything that is wrong with it.
    Check(ConfigArgs),
    /// Print the effective configuration as TOML.
    Show {
        #[command(flatten)]
        from: ConfigArgs,
        /// Also where each value comes from.
        #[arg(long)]
        origin: bool,
    },
    /// Print the documented example of all variables of the environment.
    Environment,
}

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
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
    /// `max`, or a multiple of real time: at 60x (or 60) a minute of the market takes a second.
    #[arg(long, default_value = "max")]
    pub(crate) speed: Speed,
    /// Keep serving after the end of the market, until Ctrl-C or SIGTERM.
    #[arg(long)]
    pub(crate) hold: bool,
    /// Serve the dashboard while this runs, and print a link to it with a token of its own. Without an address:
    /// 127.0.0.1:8787; :0 takes any free port.
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "127.0.0.1:8787", value_parser = crate::run::address)]
    pub(crate) dashboard: Option<SocketAddr>,
    /// Refuse gaps in the candles instead of counting them.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Folder of what outlives a run: plugin versions and their history, brake, account. One host at a time uses it.
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
