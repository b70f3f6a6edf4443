//! What a person can say to a running host.

use std::path::PathBuf;

use bulkhead_policy::{Brake, Mode, Stage};
use bulkhead_server::auth::Role;
use clap::{Args, Subcommand};

/// Which host, and how it is shown.
#[derive(Clone, Debug, Args)]
pub(crate) struct Host {
    /// State folder of the running host.
    #[arg(long, default_value = "var/state")]
    pub(crate) state: PathBuf,
    /// Print the answer as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Status {
    #[command(flatten)]
    pub(crate) host: Host,
}

/// A change of one subsystem.
#[derive(Clone, Debug, Args)]
pub(crate) struct Change {
    /// The subsystem.
    pub(crate) name: String,
    /// Why. It stands in the journal.
    #[arg(long)]
    pub(crate) reason: String,
    /// On whose behalf. Default: the user who runs this; that name is journaled in any case.
    #[arg(long)]
    pub(crate) actor: Option<String>,
    #[command(flatten)]
    pub(crate) host: Host,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum PluginCommand {
    /// Try the subsystem's file now, and let it serve if it passes every step.
    Reload {
        #[command(flatten)]
        change: Change,
        /// A lower version number than the serving one is meant.
        #[arg(long)]
        downgrade: bool,
    },
    /// Put the version before the serving one back into service.
    Rollback {
        #[command(flatten)]
        change: Change,
    },
    /// Keep the serving version, whatever the file holds.
    Pin {
        #[command(flatten)]
        change: Change,
    },
    /// Let go of the pin.
    Unpin {
        #[command(flatten)]
        change: Change,
    },
    /// Let another component of the plugin folder, or a version from the store, serve a subsystem from now on.
    Bind {
        #[command(flatten)]
        change: Change,
        /// Name of a file in the plugin folder, or a digest (12 digits are enough), to which the subsystem is then pinned.
        plugin: String,
        /// A lower version number than the serving one is meant.
        #[arg(long)]
        downgrade: bool,
    },
    /// Let a subsystem serve again that was taken out after repeated faults.
    Release {
        #[command(flatten)]
        change: Change,
    },
    /// Run a candidate beside the serving version: asked the same, never applied.
    Shadow {
        #[command(flatten)]
        change: Change,
        /// The candidate's component. Default: the file that the subsystem is bound to.
        #[arg(long)]
        file: Option<PathBuf>,
    },
    /// Take the candidate out of the shadow.
    Unshadow {
        #[command(flatten)]
        change: Change,
    },
    /// Put the candidate in the shadow into service, if it has met every rule of promotion.
    Promote {
        #[command(flatten)]
        change: Change,
        /// A lower version number than the serving one is meant.
        #[arg(long)]
        downgrade: bool,
    },
}

/// The way back from everything, in one command.
#[derive(Clone, Debug, Args)]
pub(crate) struct EmergencyDisable {
    /// Why. It stands in the journal.
    #[arg(long)]
    pub(crate) reason: String,
    /// On whose behalf. Default: the user who runs this; that name is journaled in any case.
    #[arg(long)]
    pub(crate) actor: Option<String>,
    #[command(flatten)]
    pub(crate) host: Host,
}

/// A change of the stage.
#[derive(Clone, Debug, Args)]
pub(crate) struct StageChange {
    /// OBSERVATION, PARTIAL, COORDINATION or AUTONOMY.
    #[arg(value_parser = stage)]
    pub(crate) stage: Stage,
    /// Why. It stands in the journal.
    #[arg(long)]
    pub(crate) reason: String,
    /// On whose behalf. Default: the user who runs this; that name is journaled in any case.
    #[arg(long)]
    pub(crate) actor: Option<String>,
    #[command(flatten)]
    pub(crate) host: Host,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct ModeChange {
    #[command(flatten)]
    pub(crate) change: Change,
    /// OFF, OBSERVE, ADVISORY or ENFORCED.
    #[arg(value_parser = mode)]
    pub(crate) mode: Mode,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum BrakeCommand {
    /// Engage at least this. It never loosens what is engaged.
    Engage {
        /// bypass, halt or halt-cancel.
        #[arg(default_value = "halt", value_parser = brake)]
        kind: Brake,
        /// Why. It stands in the journal.
        #[arg(long)]
        reason: Option<String>,
        /// On whose behalf.
        #[arg(long)]
        actor: Option<String>,
        #[command(flatten)]
        host: Host,
    },
    /// Let plugins act again as stage and mode allow.
    Release {
        /// Why. It stands in the journal.
        #[arg(long)]
        reason: String,
        /// Only if the brake still is at this generation. Default: as it is now.
        #[arg(long)]
        generation: Option<u64>,
        /// Also measure drawdowns from the present equity on. Without it, a drawdown that still stands halts again at once.
        #[arg(long)]
        rebase: bool,
        /// On whose behalf.
        #[arg(long)]
        actor: Option<String>,
        #[command(flatten)]
        host: Host,
    },
    /// Show the brake.
    Status {
        #[command(flatten)]
        host: Host,
    },
}

/// A new token for the network.
#[derive(Clone, Debug, Args)]
pub(crate) struct NewToken {
    /// Whose it is. The name stands in the journal with every change.
    pub(crate) name: String,
    /// read, operate, brake (engage only) or admin.
    #[arg(value_parser = role)]
    pub(crate) role: Role,
    /// State folder of the host.
    #[arg(long, default_value = "var/state")]
    pub(crate) state: PathBuf,
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| format!("use {}", names(Role::ALL.iter().map(|role| role.name()))))
}

fn mode(text: &str) -> Result<Mode, String> {
    Mode::parse(text).ok_or_else(|| format!("use {}", names(Mode::ALL.iter().map(|m| m.name()))))
}

fn stage(text: &str) -> Result<Stage, String> {
    Stage::parse(text).ok_or_else(|| format!("use {}", names(Stage::ALL.iter().map(|s| s.name()))))
}

fn brake(text: &str) -> Result<Brake, String> {
    let engaged = || Brake::ALL.iter().copied().filter(|brake| *brake != Brake::Released);
    let found = engaged().find(|brake| brake.name().eq_ignore_ascii_case(text));
    found.ok_or_else(|| format!("use {}", names(engaged().map(Brake::name))))
}

fn names<'a>(all: impl Iterator<Item = &'a str>) -> String {
    all.collect::<Vec<_>>().join(", ")
}
