//! Every check there is, in the order that fails soonest.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::plugins::Scope;
use crate::repo::Repo;
use crate::{bindings, observability, plugins, process};

/// Says to tests and benchmarks where the components are.
pub(crate) const COMPONENTS: &str = "BULKHEAD_COMPONENTS";

/// Native builds of plugin code are for tests: quick to make, and strict. What ships is the wasm32 build.
const NATIVE: [(&str, &str); 5] = [
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    ("CARGO_PROFILE_RELEASE_STRIP", "none"),
    ("CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS", "true"),
];

/// Runs all checks and stops at the first that fails.
pub(crate) fn test(repo: &Repo, allow_rustup: bool) -> Result<()> {
    heading("bindings are those of wit/v1");
    bindings::check(repo)?;
    heading("plugins and guests");
    plugins::build(repo, allow_rustup, Scope::All)?;

    let guests = repo.guest_workspaces();
    if has("fmt")? {
        heading("format");
        for manifest in std::iter::once(&repo.path("Cargo.toml")).chain(&guests) {
            process::run(cargo(repo, "fmt", manifest).args(["--all", "--check"]))?;
        }
    }
    if has("clippy")? {
        heading("lints of the host");
        process::run(cargo(repo, "clippy", &repo.path("Cargo.toml")).args(LINT))?;
        heading("lints of plugins and guests");
        for manifest in &guests {
            process::run(native(repo, "clippy", manifest).args(LINT))?;
        }
    }

    heading("unit tests of plugins");
    process::run(native(repo, "test", &repo.path("plugins/Cargo.toml")).args(["--release", "--workspace", "--quiet"]))?;
    heading("tests of the host");
    // The end-to-end tests start the program itself, which `cargo test` alone does not build.
    process::run(cargo(repo, "build", &repo.path("Cargo.toml")).args(["--release", "--workspace"]))?;
    process::run(
        cargo(repo, "test", &repo.path("Cargo.toml"))
            .args(["--release", "--workspace"])
            .env(COMPONENTS, repo.components()),
    )?;
    heading("all checks passed");
    Ok(())
}

const LINT: [&str; 6] = ["--release", "--workspace", "--all-targets", "--", "-D", "warnings"];

fn cargo(repo: &Repo, task: &str, manifest: &Path) -> Command {
    let mut command = process::cargo();
    command.current_dir(repo.root()).arg(task).arg("--manifest-path").arg(manifest);
    command
}

/// Cargo for plugin code compiled for this machine.
fn native(repo: &Repo, task: &str, manifest: &Path) -> Command {
    let mut command = cargo(repo, task, manifest);
    command.arg("--target-dir").arg(repo.path("target/plugins-native")).envs(NATIVE);
    command
}

/// Whether the tool is installed. Without it the step is left out, except where nobody would notice.
fn has(tool: &str) -> Result<bool> {
    if process::succeeds(process::cargo().args([tool, "--version"])) {
        return Ok(true);
    }
    if std::env::var_os("CI").is_some_and(|value| value == "true") {
        bail!("cargo {tool} is not installed, and CI does not do without it: install it with the toolchain");
    }
    eprintln!("\nwarning: cargo {tool} is not installed: THIS CHECK IS LEFT OUT");
    Ok(false)
}

fn heading(text: &str) {
    println!("\n== {text} ==");
}
