//! Every check there is, in the order that fails soonest.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::plugins::Scope;
use crate::repo::Repo;
use crate::{bindings, browser, duckdb, observability, plugins, process, soak};

/// Says to tests and benchmarks where the components are.
pub(crate) const COMPONENTS: &str = "BULKHEAD_COMPONENTS";

/// Says to tests which Python has DuckDB.
const PYTHON: &str = "BULKHEAD_PYTHON";

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
    build(repo)?;
    let mut tests = cargo(repo, "test", &repo.path("Cargo.toml"));
    tests.args(["--release", "--workspace"]).env(COMPONENTS, repo.components());
    match duckdb::find(repo) {
        Some(python) => {
            tests.env(PYTHON, python);
        }
        // What was exported is read back by the library that wrote it in any case.
        None => left_out("DuckDB"),
    }
    process::run(&mut tests)?;
    heading("metrics, alerts and dashboard");
    observability(repo)?;
    heading("the dashboard in a browser");
    match browser::find()? {
        Some(tools) => browser::test(repo, &tools)?,
        None => missing("a browser, node or npm", "the packages chromium, nodejs and npm have them")?,
    }
    heading("reloads under load, the short form");
    soak::reload(repo, SHORT_SOAK, None)?;
    heading("brake and HTTP API under load, the short form");
    soak::control(repo, true, None)?;
    heading("a long journal, the short form");
    soak::journal(repo, true, None)?;
    heading("all checks passed");
    Ok(())
}

/// Builds the host and its tests. The end-to-end tests start the program itself, which `cargo test` alone does not build; in one
/// go because what tests depend on turns features on in crates below wasmtime, and apart it would be compiled twice.
pub(crate) fn build(repo: &Repo) -> Result<()> {
    process::run(cargo(repo, "build", &repo.path("Cargo.toml")).args(["--release", "--workspace", "--bins", "--tests"]))
}

/// Lets promtool judge what ships for Prometheus and Grafana.
pub(crate) fn observability(repo: &Repo) -> Result<()> {
    match observability::find(repo)? {
        Some(promtool) => observability::check(repo, &promtool),
        None => missing("promtool", "it is in the package prometheus"),
    }
}

/// Reloads of the short form: under a minute.
const SHORT_SOAK: u32 = 100;

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

/// Whether the tool is installed.
fn has(tool: &str) -> Result<bool> {
    let here = process::succeeds(process::cargo().args([tool, "--version"]));
    if !here {
        missing(&format!("cargo {tool}"), "install it with the toolchain")?;
    }
    Ok(here)
}

/// Without its tool a step is left out, except where nobody would notice.
fn missing(tool: &str, remedy: &str) -> Result<()> {
    if std::env::var_os("CI").is_some_and(|value| value == "true") {
        bail!("{tool} is not installed, and CI does not do without it: {remedy}");
    }
    left_out(tool);
    Ok(())
}

fn left_out(tool: &str) {
    eprintln!("\nwarning: {tool} is not installed: THIS CHECK IS LEFT OUT");
}

fn heading(text: &str) {
    println!("\n== {text} ==");
}
