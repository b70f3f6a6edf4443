//! Benchmarks.

use std::process::ExitCode;

use anyhow::Result;

use crate::plugins::Scope;
use crate::repo::Repo;
use crate::{plugins, process, test};

/// Builds the plugins and runs the benchmarks of the tests package on them.
pub(crate) fn bench(repo: &Repo, allow_rustup: bool, args: &[String]) -> Result<ExitCode> {
    plugins::build(repo, allow_rustup, Scope::All)?;
    let mut command = process::cargo();
    command
        .current_dir(repo.root())
        .args(["bench", "--profile", "dist", "--package", "bulkhead-tests"])
        .env(test::COMPONENTS, repo.components());
    if !args.is_empty() {
        command.arg("--").args(args);
    }
    process::run(&mut command)?;
    Ok(ExitCode::SUCCESS)
}
