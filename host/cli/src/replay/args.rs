//! What a person can say to `bulkhead replay`.

use std::{num::NonZeroUsize, path::PathBuf};

use bulkhead_policy::{Mode, Stage, json::did_you_mean};
use clap::Args;

/// Make the decisions of a journal again: bit by bit as they were, or with something changed.
#[derive(Debug, Clone, Args)]
pub(crate) struct Replay {
    /// The journal's folder.
    pub(crate) journal: PathBuf,
    /// State folder of the host that wrote it: its store has the plugin versions.
    #[arg(long, default_value = "var/state")]
    pub(crate) state: PathBuf,
    /// Folder of components, for versions that the store does not have.
    #[arg(long, default_value = "target/components")]
    pub(crate) plugins: PathBuf,
    /// Threads that judge. Default: one per core.
    #[arg(long)]
    pub(crate) threads: Option<NonZeroUsize>,
    /// Begin from the start, whatever an interrupted replay has judged.
    #[arg(long)]
    pub(crate) restart: bool,
    /// Print the result as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Also write the result as one page to look at. It needs nothing but itself.
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Let consequences follow: the loop runs again on the recorded market, once as it was and once with the change.
    #[arg(long)]
    pub(crate) full: bool,
    /// Ask nothing: tell what the answers that were only observed or advised would have done.
    #[arg(long, conflicts_with_all = ["full", "swap", "config", "set", "stage", "mode"])]
    pub(crate) observed: bool,
    #[command(flatten)]
    pub(crate) market: MarketAgain,
    #[command(flatten)]
    pub(crate) change: Change,
}

/// Where the recorded market is now. By default it is looked for where it was, then below BULKHEAD_DATA.
#[derive(Debug, Clone, Args)]
pub(crate) struct MarketAgain {
    /// With --full: folder of the candles that the journal was recorded on.
    #[arg(long, requires = "full")]
    pub(crate) data: Option<PathBuf>,
    /// With --full: file of the trading rules, where the recording had one.
    #[arg(long, requires = "full")]
    pub(crate) exchange_info: Option<PathBuf>,
    /// With --full: folder of the funding rates, where the recording had one.
    #[arg(long, requires = "full")]
    pub(crate) funding: Option<PathBuf>,
}

/// What is to be otherwise. Without any of these a replay must come to the same bytes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Change {
    /// What would another component have decided? May be given more than once.
    #[arg(long, value_name = "SUBSYSTEM=FILE", value_parser = swap)]
    pub(crate) swap: Vec<(String, PathBuf)>,
    /// Configuration, limits and budgets of the subsystems as in this file, in place of the recorded ones. Its stage and
    /// modes are not read: see --stage and --mode. With --full all of it counts.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Profile laid over --config.
    #[arg(long, requires = "config")]
    pub(crate) profile: Option<String>,
    /// Sets one key over --config, or with --full over the recorded configuration. May be given more than once.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// What would have been decided in this stage?
    #[arg(long, value_parser = stage)]
    pub(crate) stage: Option<Stage>,
    /// What would have been decided had a subsystem had this mode? May be given more than once. Without --full, `all` is
    /// every subsystem that decided anything; one that is named has its own mode.
    #[arg(long, value_name = "SUBSYSTEM=MODE", value_parser = mode)]
    pub(crate) mode: Vec<(String, Mode)>,
    /// Decisions that come out otherwise and are printed one by one.
    #[arg(long, default_value_t = 10, value_name = "N")]
    pub(crate) show: usize,
}

impl Change {
    /// Whether nothing is to be otherwise.
    pub(crate) const fn is_nothing(&self) -> bool {
        self.swap.is_empty()
            && self.config.is_none()
            && self.stage.is_none()
            && self.mode.is_empty()
            && self.set.is_empty()
    }
}

fn swap(text: &str) -> Result<(String, PathBuf), String> {
    let (name, file) = text.split_once('=').ok_or("say which subsystem, as in ai-hfos=new.wasm")?;
    Ok((name.to_owned(), PathBuf::from(file)))
}

fn mode(text: &str) -> Result<(String, Mode), String> {
    let (name, mode) = text.split_once('=').ok_or("say which subsystem, as in ai-hfos=ENFORCED")?;
    let names: Vec<&str> = Mode::ALL.iter().map(|mode| mode.name()).collect();
    let unknown = || format!("there is no mode {mode:?}{}", did_you_mean(mode, &names));
    Ok((name.to_owned(), Mode::parse(mode).ok_or_else(unknown)?))
}

fn stage(text: &str) -> Result<Stage, String> {
    let names: Vec<&str> = Stage::ALL.iter().map(|stage| stage.name()).collect();
    Stage::parse(text).ok_or_else(|| format!("there is no stage {text:?}{}", did_you_mean(text, &names)))
}
