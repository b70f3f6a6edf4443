//! Builds everything and becomes the host.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::plugins::Scope;
use crate::repo::Repo;
use crate::{plugins, process};

/// Builds plugins and host, then replaces this process by the host, so that signals and the exit status are its own.
pub(crate) fn run(repo: &Repo, allow_rustup: bool, args: &[String]) -> Result<ExitCode> {
    plugins::build(repo, allow_rustup, Scope::Plugins)?;
    process::run(process::cargo().current_dir(repo.root()).args(["build", "--release", "--package", "bulkhead-cli"]))?;
    let mut host = Command::new(repo.path("target/release/bulkhead"));
    host.current_dir(repo.root())
        .args(["run", "--config", "config/host.toml", "--plugins", "target/components"])
        .args(demonstration(args))
        .args(dashboard(args))
        .args(args.iter().map(OsStr::new));
    // Comes back only when the program could not be started.
    let error = host.exec();
    Err(anyhow::Error::new(error).context(format!("`{}` could not be started", process::shown(&host))))
}

/// What runs can be seen, unless somebody says where.
fn dashboard(args: &[String]) -> &'static [&'static str] {
    let chosen = args.iter().any(|arg| arg == "--dashboard" || arg.starts_with("--dashboard="));
    if chosen { &[] } else { &["--dashboard=127.0.0.1:8787"] }
}

/// The host's default is stage OBSERVATION with every subsystem off; a demonstration shows what they do.
fn demonstration(args: &[String]) -> &'static [&'static str] {
    let chosen = args.iter().any(|arg| arg == "--profile" || arg.starts_with("--profile="));
    if chosen { &[] } else { &["--profile", "coordination"] }
}
