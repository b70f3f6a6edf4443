//! `cargo xtask`: everything that is done to this repository besides editing it.

mod bench;
mod bindings;
mod browser;
mod component;
mod duckdb;
mod guests;
mod observability;
mod plugins;
mod process;
mod repo;
mod run;
mod soak;
mod test;
mod toolchain;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::plugins::Scope;
use crate::repo::Repo;
use crate::soak::Soak;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds plugins, runs, tests and benchmarks the project", version)]
struct Cli {
    #[command(subcommand)]
    task: Task,
    #[command(flatten)]
    toolchain: ToolchainArgs,
}

/// How the compiler for plugins may be found.
#[derive(Args, Clone, Copy)]
struct ToolchainArgs {
    /// Let `rustup target add wasm32-unknown-unknown` run when the target is missing.
    #[arg(long, global = true)]
    allow_rustup: bool,
}

#[derive(Subcommand)]
enum Task {
    /// Finds, or makes, a compiler for wasm32-unknown-unknown, and says which one it is.
    Toolchain,
    /// Writes the SDK's bindings from wit/v1.
    Bindings {
        /// Change nothing; fail when the bindings are not those of wit/v1.
        #[arg(long)]
        check: bool,
    },
    /// Builds every plugin, and the guests of the tests, into target/components.
    Plugins {
        /// Build this plugin or guest only.
        #[arg(long, value_name = "NAME")]
        only: Option<String>,
    },
    /// Builds plugins and host, then runs the host on config/host.toml.
    Run {
        /// Passed to `bulkhead run`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Runs every check that continuous integration runs.
    Test,
    /// Builds everything, then tests the dashboard in headless Chromium.
    Browser,
    /// Lets promtool judge alert rules, the Grafana dashboard, and the scrape that the tests of the host left.
    Observability,
    /// Builds the plugins, then runs the benchmarks.
    Bench {
        /// Passed to the benchmark program; `replay [DECISIONS]` measures the replay of a journal instead.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Runs for long, and fails with the claim that does not hold.
    Soak {
        #[command(subcommand)]
        what: Soak,
    },
}

fn main() -> ExitCode {
    match execute(&Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn execute(cli: &Cli) -> anyhow::Result<ExitCode> {
    let repo = Repo::find()?;
    let rustup = cli.toolchain.allow_rustup;
    match &cli.task {
        Task::Toolchain => println!("{}", toolchain::find(rustup)?),
        Task::Bindings { check: true } => bindings::check(&repo)?,
        Task::Bindings { check: false } => bindings::write(&repo)?,
        Task::Plugins { only } => {
            let scope = only.as_deref().map_or(Scope::All, Scope::Only);
            plugins::build(&repo, rustup, scope)?;
        }
        Task::Run { args } => return run::run(&repo, rustup, args),
        Task::Test => test::test(&repo, rustup)?,
        Task::Browser => browser::build_and_test(&repo, rustup)?,
        Task::Observability => test::observability(&repo)?,
        Task::Bench { args } => return bench::bench(&repo, rustup, args),
        Task::Soak { what } => return soak::soak(&repo, rustup, what),
    }
    Ok(ExitCode::SUCCESS)
}
