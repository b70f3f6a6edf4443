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
    #[command(flatten)]
    pub(crate) change: Change,
}

/// What is to be otherwise. Without any of these a replay must come to the same bytes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Change {
    /// What would another component have decided? May be given more than once.
    #[arg(long, value_name = "SUBSYSTEM=FILE", value_parser = swap)]
    pub(crate) swap: Vec<(String, PathBuf)>,
    /// Configuration, limits and budgets of the subsystems as in this file, in place of the recorded ones. Its stage and
    /// modes are not read: see --stage and --mode.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Profile laid over --config.
    #[arg(long, requires = "config")]
    pub(crate) profile: Option<String>,
    /// Sets one key over --config. May be given more than once.
    #[arg(long, value_name = "KEY=VALUE", requires = "config")]
    pub(crate) set: Vec<String>,
    /// What would have been decided in this stage?
    #[arg(long, value_parser = stage)]
    pub(crate) stage: Option<Stage>,
    /// What would have been decided had a subsystem had this mode? May be given more than once.
    #[arg(long, value_name = "SUBSYSTEM=MODE", value_parser = mode)]
    pub(crate) mode: Vec<(String, Mode)>,
    /// Decisions that come out otherwise and are printed one by one.
    #[arg(long, default_value_t = 10, value_name = "N")]
    pub(crate) show: usize,
}

impl Change {
    /// Whether nothing is to be otherwise.
    pub(crate) const fn is_nothing(&self) -> bool {
        self.swap.is_empty() && self.config.is_none() && self.stage.is_none() && self.mode.is_empty()
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
