//! Long runs that prove what tests can only sample.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Result;
use clap::Subcommand;

use crate::plugins::Scope;
use crate::repo::Repo;
use crate::{plugins, process, test};

/// What is proved.
#[derive(Subcommand)]
pub(crate) enum Soak {
    /// Thousands of reloads, half of them of bad candidates, under thousands of calls a second: some 20 minutes.
    Reload {
        /// How many; times and memory are judged from 1,000 on.
        #[arg(long, default_value_t = 10_000)]
        reloads: u32,
        /// Also write what is printed to this file.
        #[arg(long, value_name = "FILE")]
        report: Option<std::path::PathBuf>,
    },
    /// The host, killed at random moments while its plugin files are replaced: some 10 minutes.
    Kill {
        /// How often.
        #[arg(long, default_value_t = 500)]
        kills: u32,
    },
    /// A journal of ten million records, written, asked and killed: some 5 minutes, and 5 GB for the time.
    Journal {
        /// The short form that the tests run: it judges what was done, not how fast.
        #[arg(long)]
        short: bool,
        /// Also write what is printed to this file.
        #[arg(long, value_name = "FILE")]
        report: Option<std::path::PathBuf>,
    },
    /// The brake, its memory and the HTTP API under load, with a full disk and hostile clients: some 10 minutes.
    Control {
        /// The short form that the tests run: it judges what was done, not how fast.
        #[arg(long)]
        short: bool,
        /// Also write what is printed to this file.
        #[arg(long, value_name = "FILE")]
        report: Option<std::path::PathBuf>,
    },
}

/// Builds plugins, host and tests, and runs one.
pub(crate) fn soak(repo: &Repo, allow_rustup: bool, what: &Soak) -> Result<ExitCode> {
    plugins::build(repo, allow_rustup, Scope::All)?;
    test::build(repo)?;
    match what {
        Soak::Reload { reloads, report } => reload(repo, *reloads, report.as_deref())?,
        Soak::Kill { kills } => process::run(
            cargo(repo)
                .args(["test", "--release", "--workspace", "--test", "reload", "--"])
                .args(["kill::", "--nocapture"])
                .env(test::COMPONENTS, repo.components())
                .env("BULKHEAD_KILLS", kills.to_string()),
        )?,
        Soak::Journal { short, report } => journal(repo, *short, report.as_deref())?,
        Soak::Control { short, report } => control(repo, *short, report.as_deref())?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Reloads under load. Everything is built.
pub(crate) fn reload(repo: &Repo, reloads: u32, report: Option<&Path>) -> Result<()> {
    let mut program = program(repo, "soak-reload", report);
    process::run(program.args(["--reloads", &reloads.to_string()]))
}

/// The journal at its numbers. Everything is built.
pub(crate) fn journal(repo: &Repo, short: bool, report: Option<&Path>) -> Result<()> {
    process::run(program(repo, "soak-journal", report).args(short.then_some("--short")))
}

/// Brake and HTTP API under load. Everything is built.
pub(crate) fn control(repo: &Repo, short: bool, report: Option<&Path>) -> Result<()> {
    process::run(program(repo, "soak-control", report).args(short.then_some("--short")))
}

fn program(repo: &Repo, name: &str, report: Option<&Path>) -> Command {
    let mut program = Command::new(repo.path("target/release").join(name));
    program.env(test::COMPONENTS, repo.components());
    if let Some(report) = report {
        program.arg("--report").arg(report);
    }
    program
}

fn cargo(repo: &Repo) -> Command {
    let mut command = process::cargo();
    command.current_dir(repo.root());
    command
}
