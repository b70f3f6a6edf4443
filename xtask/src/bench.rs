//! Benchmarks.

use std::process::ExitCode;

use anyhow::Result;

use crate::plugins::Scope;
use crate::repo::Repo;
use crate::{plugins, process, test};

/// Builds the plugins and runs the benchmarks of the tests package on them.
pub(crate) fn bench(repo: &Repo, allow_rustup: bool, args: &[String]) -> Result<ExitCode> {
    plugins::build(repo, allow_rustup, Scope::All)?;
    if let Some(("replay", args)) = args.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        return replay(repo, args);
    }
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

/// Records a million decisions of light plugins, replays them and asks another version.
fn replay(repo: &Repo, args: &[String]) -> Result<ExitCode> {
    let mut command = process::cargo();
    command
        .current_dir(repo.root())
        .args(["run", "--release", "--package", "bulkhead-tests", "--bin", "measure-replay"])
        .env(test::COMPONENTS, repo.components());
    if !args.is_empty() {
        command.arg("--").args(args);
    }
    process::run(&mut command)?;
    Ok(ExitCode::SUCCESS)
}
